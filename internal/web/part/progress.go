package part

// Progress shows where one is in something of several steps. Template "progress".
type Progress struct {
	Label string // of what, for a screen reader
	Steps []ProgressStep
}

// ProgressStep is one step.
type ProgressStep struct {
	Title string
	Path  string // where a step that is done can be looked at again; may be empty
	State string // done, now or next
}

// NewProgress makes the steps with those titles, of which number now (from 0) is being done; as many as there are
// titles means that all are done.
func NewProgress(label string, now int, titles ...string) Progress {
	p := Progress{Label: label}
	for i, title := range titles {
		state := "next"
		switch {
		case i < now:
			state = "done"
		case i == now:
			state = "now"
		}
		p.Steps = append(p.Steps, ProgressStep{Title: title, State: state})
	}
	return p
}
