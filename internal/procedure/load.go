package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"luoshi/internal/calendar"
)

// MaxSource is the size of the largest declaration read, in bytes: several times what a person can review.
const MaxSource = 256 << 10

// Load reads one declaration; name is the file it came from, used in findings. The error is *Errors with
// everything found wrong, not the first fault only: what can be seen in the text alone. Whether the procedure is
// sound on every way through it is for package soundness.
func Load(name string, src []byte) (*Procedure, error) {
	r := &reader{file: name, places: map[string]place{}, bad: map[string]bool{}}
	p := new(Procedure)
	if r.source(src, Format, p) {
		p.complete()
		p.buildIndex()
		p.file, p.places = name, r.places
		c := &checker{reader: r, p: p}
		c.check()
	}
	if len(r.found) > 0 {
		found := r.found.sorted()
		return nil, &found
	}
	p.Hash = HashOf(src)
	return p, nil
}

// HashOf is the SHA-256 of a text in hexadecimal digits: the Hash of what is loaded from it.
func HashOf(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:])
}

// complete fills in what a declaration may leave out.
func (p *Procedure) complete() {
	for i := range p.Steps {
		if p.Steps[i].Visible == "" {
			p.Steps[i].Visible = VisibleParties
		}
	}
	for i := range p.Clocks {
		c := &p.Clocks[i]
		if len(c.Rules) == 0 {
			c.Rules = []Rule{c.Rule}
		}
	}
}

// compilePattern anchors the pattern at both ends: a value matches as a whole or not at all.
func compilePattern(pattern string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, err // before wrapping, so that the message shows what was written
	}
	return regexp.Compile(`\A(?:` + pattern + `)\z`)
}

// LoadFS loads every *.yaml file at the root of fsys, in order of name. The error is *Errors over all files,
// or the error of reading.
func LoadFS(fsys fs.FS) ([]*Procedure, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("cannot list the procedures: %w", err)
	}
	var procedures []*Procedure
	var all Errors
	where := map[string]string{}
	for _, name := range names {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("cannot read the procedure %s: %w", name, err)
		}
		p, err := Load(name, src)
		var found *Errors
		if errors.As(err, &found) {
			all = append(all, *found...)
			continue
		}
		if first, ok := where[p.Key()]; ok {
			all = append(all, p.Duplicate(first))
			continue
		}
		where[p.Key()] = name
		procedures = append(procedures, p)
	}
	if len(all) > 0 {
		all = all.sorted()
		return nil, &all
	}
	return procedures, nil
}

// Duplicate is the finding that the procedure at its version is already declared in another file.
func (p *Procedure) Duplicate(in string) Finding {
	return p.At("id", ruleDuplicateProc, SeverityError, Text{
		"zh": fmt.Sprintf("%s 已经在 %s 里；请换一个名称，或者提高版本", p.Key(), in),
		"en": fmt.Sprintf("%s is already declared in %s; give this one another id or a higher version", p.Key(), in),
	})
}

// parsePeriods reads the written periods of the clocks.
func (c *checker) parsePeriods() {
	parse := func(path, text string, into *calendar.Period) {
		if text == "" || c.bad[path] {
			return
		}
		period, err := calendar.ParsePeriod(text)
		if err != nil {
			c.at(path, rulePeriod, "%s", err)
			return
		}
		*into = period
	}
	for i := range c.p.Clocks {
		clock := &c.p.Clocks[i]
		path := fmt.Sprintf("clocks[%d]", i)
		_, listed := c.places[path+".rules"]
		for j := range clock.Rules {
			rule, at := &clock.Rules[j], path
			if listed {
				at = fmt.Sprintf("%s.rules[%d]", path, j)
			}
			parse(at+".period", rule.PeriodText, &rule.Period)
			parse(at+".warn", rule.Warn, &rule.Warning)
			if rule.Extension != nil {
				parse(at+".extension.period", rule.Extension.PeriodText, &rule.Extension.Period)
			}
		}
		if n := len(clock.Rules); n > 0 {
			clock.Rule = clock.Rules[n-1]
		}
	}
	if r := c.p.Retention; r != nil {
		parse("retention.period", r.PeriodText, &r.Period)
	}
}
