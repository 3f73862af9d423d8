package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is one line of "go test -json"; see "go doc test2json" and, for builds,
// "go help buildjson".
type event struct {
	Action, Package, Test, ImportPath, Output string
	FailedBuild                               string
	Elapsed                                   float64
}

// key names what an output belongs to: a test, a package or a build.
type key struct{ pkg, test string }

type summary struct {
	out                     io.Writer
	output                  map[key]*strings.Builder // of what still runs
	passed, failed, skipped int
	failedIn                map[string]bool // packages with a failed test
	reasons                 []string        // of skipped tests
	failures                []string
}

// summarize copies what matters from the events to out.
func summarize(in io.Reader, out io.Writer) error {
	s := &summary{out: out, output: map[key]*strings.Builder{}, failedIn: map[string]bool{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			s.line(line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	s.finish()
	return nil
}

// line takes one event; what is not an event is shown as it is.
func (s *summary) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
		fmt.Fprint(s.out, line)
		return
	}
	k := key{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		s.append(key{pkg: e.ImportPath}, e.Output)
	case "output":
		s.append(k, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e)
		} else {
			s.endTest(e)
		}
		delete(s.output, k)
	}
}

func (s *summary) append(k key, text string) {
	if s.output[k] == nil {
		s.output[k] = &strings.Builder{}
	}
	s.output[k].WriteString(text)
}

func (s *summary) text(k key) string {
	if b := s.output[k]; b != nil {
		return b.String()
	}
	return ""
}

func (s *summary) endTest(e event) {
	text := s.text(key{e.Package, e.Test})
	name := e.Package + " " + e.Test
	switch e.Action {
	case "pass":
		s.passed++
		s.showMeasured(text)
	case "skip":
		s.skipped++
		s.reasons = append(s.reasons, name+": "+reason(text))
	case "fail":
		s.failed++
		s.failedIn[e.Package] = true
		s.failures = append(s.failures, name)
		fmt.Fprint(s.out, text)
	}
}

// showMeasured prints what a test measured: its lines that begin with "measure:". A table is worth reading also when
// it is good enough.
func (s *summary) showMeasured(text string) {
	for line := range strings.Lines(text) {
		if _, measured, ok := strings.Cut(line, "measure: "); ok {
			fmt.Fprintf(s.out, "      %s\n", strings.TrimRight(measured, "\n"))
		}
	}
}

// endPackage prints the package's line, and all it said if it failed without
// a failed test.
func (s *summary) endPackage(e event) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(s.out, "ok    %s (%.1f s)\n", e.Package, e.Elapsed)
	case "fail":
		if !s.failedIn[e.Package] {
			s.failed++
			s.failures = append(s.failures, e.Package)
		}
		if e.FailedBuild != "" {
			fmt.Fprint(s.out, s.text(key{pkg: e.FailedBuild}))
		}
		fmt.Fprint(s.out, s.text(key{pkg: e.Package}))
		fmt.Fprintf(s.out, "FAIL  %s (%.1f s)\n", e.Package, e.Elapsed)
	}
}

// finish lists what was skipped and what failed, then counts.
func (s *summary) finish() {
	list := func(title string, items []string) {
		if len(items) == 0 {
			return
		}
		fmt.Fprintf(s.out, "\n%s:\n", title)
		for _, i := range items {
			fmt.Fprintf(s.out, "  %s\n", i)
		}
	}
	list("skipped", s.reasons)
	list("failed", s.failures)
	fmt.Fprintf(s.out, "\n%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
}

// reason is what a skipped test said: its output without the frame of go test
// and without the place in the source.
func reason(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		if place, text, ok := strings.Cut(line, ": "); ok && strings.Contains(place, ".go:") {
			line = text
		}
		said = append(said, line)
	}
	if len(said) == 0 {
		return "no reason given"
	}
	return strings.Join(said, "; ")
}
