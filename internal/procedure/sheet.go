package procedure

// Sheet is a file of another form that goes with procedures, read into its own types: it remembers where each member
// stands.
type Sheet struct {
	file   string
	places map[string]place
}

// ReadSheet reads a file of a form into the struct that into points to, whose members have yaml tags; name stands in
// findings. The error is *Errors with everything that cannot be read; whether it makes sense is for its package.
func ReadSheet(name string, src []byte, format string, into any) (*Sheet, error) {
	r := &reader{file: name, places: map[string]place{}, bad: map[string]bool{}}
	r.source(src, format, into)
	if len(r.found) > 0 {
		found := r.found.sorted()
		return nil, &found
	}
	return &Sheet{file: name, places: r.places}, nil
}

// At is a finding about the member of that path ("questions[3].to"), or about the nearest member around it that was
// written; words are by language and must have English.
func (s *Sheet) At(path, rule, severity string, words Text) Finding {
	return findingAt(s.file, s.places, path, Finding{Rule: rule, Severity: severity, Message: words["en"], Words: words})
}
