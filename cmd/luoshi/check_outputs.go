package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"
	"luoshi/internal/procedure/prose"
)

// output is a form in which `luoshi check` prints a procedure instead of its findings.
type output struct {
	flag  string
	write func(p *procedure.Procedure, lang string, kinds *procedure.Kinds) ([]byte, error)
}

// outputs is the table of them.
func outputs() []output {
	return []output{
		{"explain", func(p *procedure.Procedure, lang string, kinds *procedure.Kinds) ([]byte, error) {
			var b bytes.Buffer
			err := prose.Write(&b, p, prose.Options{Lang: lang, Kinds: kinds})
			return b.Bytes(), err
		}},
		{"bpmn", func(p *procedure.Procedure, lang string, _ *procedure.Kinds) ([]byte, error) {
			return diagram.BPMN(p, lang)
		}},
		{"svg", func(p *procedure.Procedure, lang string, _ *procedure.Kinds) ([]byte, error) {
			return diagram.SVG(p, diagram.Options{Lang: lang}), nil
		}},
	}
}

// printOutput prints the one procedure that was named. What cannot be loaded has no other form than its findings.
func printOutput(w, stderr io.Writer, sources []source, o *checkOptions) int {
	if len(sources) != 1 {
		fmt.Fprintf(stderr, "luoshi check: --%s prints one procedure; name one file\n", o.output.flag)
		return exitMisuse
	}
	p, err := procedure.Load(sources[0].name, sources[0].text)
	var faults *procedure.Errors
	if errors.As(err, &faults) {
		_ = printFindings(stderr, *faults, o.lang)
		return exitFault
	}
	text, err := o.write(p)
	if err == nil {
		_, err = w.Write(text)
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi check: %v\n", err)
		return exitFault
	}
	return exitDone
}

func (o *checkOptions) write(p *procedure.Procedure) ([]byte, error) {
	kinds, err := o.kindsSource()
	if err != nil {
		return nil, err
	}
	k, err := procedure.LoadKinds(kinds.name, kinds.text)
	if err != nil {
		return nil, err
	}
	return o.output.write(p, o.lang, k)
}
