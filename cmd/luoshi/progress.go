package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far something is: a bar on a terminal, otherwise a line for every tenth.
type progress struct {
	w     io.Writer
	what  string
	unit  string
	bar   *progressbar.ProgressBar // nil when w is not a terminal
	tenth int                      // the last one shown
}

// newProgress begins at once, over so many matters.
func newProgress(w io.Writer, what string, all int) *progress {
	p := newCountedProgress(w, what, "matters")
	p.begin(all)
	return p
}

// newCountedProgress counts in a unit of its own and waits for begin.
func newCountedProgress(w io.Writer, what, unit string) *progress {
	return &progress{w: w, what: what, unit: unit}
}

// begin shows that nothing of all is done yet.
func (p *progress) begin(all int) {
	if isTerminal(p.w) {
		p.bar = progressbar.NewOptions(all, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(p.what),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish())
	} else {
		fmt.Fprintf(p.w, "%s: %d %s\n", p.what, all, p.unit)
	}
}

// show says that done of all are done.
func (p *progress) show(done, all int) {
	if p.bar != nil {
		p.bar.Set(done)
		return
	}
	if tenth := 10 * done / max(all, 1); tenth > p.tenth {
		p.tenth = tenth
		fmt.Fprintf(p.w, "%s: %d %% (%d of %d)\n", p.what, 10*tenth, done, all)
	}
}

// end takes the bar off the screen.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Finish()
	}
}
