package procedure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity of a finding. What has an error cannot be published; a warning says what could not be proved.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// Finding is one thing wrong with a declaration and where. Line and Col count from 1; both are 0 when the
// fault has no place in the file. Rule is a stable kebab-case name, documented in doc/procedures.md.
type Finding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Col      int    `json:"col"`
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Message  string `json:"message"` // in English
	Path     []Move `json:"path"`    // the shortest way that leads there; empty when the fault lies in the text alone

	Words Text `json:"-"` // the message by language; nil: English only
}

// Move is one event on a way through a procedure, and the state the matter stands in then.
type Move struct {
	Event string `json:"event"` // "open", the name of a step, or "lapse <clock>", "ended <sub>"
	State string `json:"state"`
}

// In is the message in lang, or in English.
func (f Finding) In(lang string) string {
	if words, ok := f.Words[lang]; ok {
		return words
	}
	return f.Message
}

// String is the finding as one line: file:line:col: rule: message.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", f.File, f.Line, f.Col, f.Rule, f.Message)
}

// Errors is everything found wrong with one or more declarations, in the order of the text. It is never
// empty when returned as an error.
type Errors []Finding

// Error lists the findings, one line each.
func (e *Errors) Error() string {
	lines := make([]string, len(*e))
	for i, f := range *e {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// sorted puts the findings in the order of the text and leaves out repetitions.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(e, func(a, b Finding) bool { return a.String() == b.String() })
}
