package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// printFindings prints one line for each, with the way that leads there.
func printFindings(w io.Writer, found []procedure.Finding, lang string) error {
	var b strings.Builder
	for _, f := range found {
		message := f.In(lang)
		if !isError(f) {
			message = "warning: " + message
		}
		fmt.Fprintf(&b, "%s:%d:%d: %s: %s%s\n", f.File, f.Line, f.Col, f.Rule, message, wayOf(f.Path))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// printFindingsJSON prints one object.
func printFindingsJSON(w io.Writer, found []procedure.Finding, lang string) error {
	answer := struct {
		OK       bool                `json:"ok"`
		Findings []procedure.Finding `json:"findings"`
	}{!slices.ContainsFunc(found, isError), []procedure.Finding{}}
	for _, f := range found {
		answer.Findings = append(answer.Findings, forJSON(f, lang))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(answer)
}

func isError(f procedure.Finding) bool { return f.Severity == procedure.SeverityError }

// wayOf is the way to a finding as it is printed: " [open → lodged, accept → handling]".
func wayOf(path []procedure.Move) string {
	if len(path) == 0 {
		return ""
	}
	moves := make([]string, len(path))
	for i, m := range path {
		moves[i] = m.Event + " → " + m.State
	}
	return " [" + strings.Join(moves, ", ") + "]"
}

// forJSON is a finding with its message in lang and a path that is a list.
func forJSON(f procedure.Finding, lang string) procedure.Finding {
	f.Message = f.In(lang)
	if f.Path == nil {
		f.Path = []procedure.Move{}
	}
	return f
}
