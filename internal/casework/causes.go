package casework

import (
	"slices"

	"luoshi/internal/calendar"
	"luoshi/internal/procedure"
)

// Cause is why a clock stood still or was extended, as it was recorded.
type Cause struct {
	Op     string         // suspend or extend
	Seq    int            // of the entry
	Reason procedure.Text // what the procedure says about the state; empty for an extension
	Field  *procedure.Field
	Value  any // of Field: the proof of a suspension, the reason for an extension; nil when there is none to be seen
}

// Causes are the reasons recorded for the present run of a clock, oldest first, as far as the reader may see them.
func (f *File) Causes(clock string) []Cause {
	var causes []Cause
	state, open := "", false
	names := f.namesOf(clock)
	for i, e := range f.Entries {
		declared := f.RulesAt(e.Act.Seq).Procedure.Clock(names[i])
		if declared == nil { // it was declared by another version only
			continue
		}
		extended := false
		for _, op := range e.Act.Clocks {
			if op.Clock != names[i] {
				continue
			}
			switch op.Op {
			case "start":
				causes, state, open = nil, "", true
			case "stop":
				open = false
			case "extend":
				extended = true
			}
		}
		if extended {
			causes = f.extension(causes, declared, e)
		}
		if open && e.Act.State != state {
			causes = f.suspension(causes, declared, e)
		}
		state = e.Act.State
	}
	return causes
}

// namesOf are the names that a clock had when the entries were recorded: migrations may have given it another.
func (f *File) namesOf(clock string) []string {
	names := make([]string, len(f.Entries))
	for i, e := range slices.Backward(f.Entries) {
		names[i] = clock
		for _, op := range e.Act.Clocks {
			if op.Op == "carry" && op.To == clock {
				clock = op.Clock
				break
			}
		}
	}
	return names
}

// suspension adds why a clock stands still in the state to which an entry led, if it does.
func (f *File) suspension(causes []Cause, declared *procedure.Clock, e *Entry) []Cause {
	for _, x := range declared.SuspendedIn {
		if x.State == e.Act.State && (len(x.Reason) > 0 || x.Proof != "") {
			return append(causes, f.cause("suspend", e, x.Reason, x.Proof))
		}
	}
	return causes
}

// extension adds why a clock was extended, if the procedure says which field holds the reason.
func (f *File) extension(causes []Cause, declared *procedure.Clock, e *Entry) []Cause {
	for i := range f.Matter.Clocks {
		if c := &f.Matter.Clocks[i]; f.namesOf(c.Name)[e.Act.Seq-1] == declared.Name {
			if x := f.RulesAt(e.Act.Seq).InForce(declared, c).Extension; x != nil && x.Reason != "" {
				return append(causes, f.cause("extend", e, nil, x.Reason))
			}
		}
	}
	return causes
}

func (f *File) cause(op string, e *Entry, reason procedure.Text, field string) Cause {
	c := Cause{Op: op, Seq: e.Act.Seq, Reason: reason}
	if fd := f.RulesAt(e.Act.Seq).Procedure.Field(field); fd != nil {
		if value, ok := e.Content.Fields[field]; ok && f.viewerAt(e.Act.Seq).Sees(fd) {
			c.Field, c.Value = fd, value
		}
	}
	return c
}

// Line is the cause as a line of the clock's explanation.
func (c Cause) Line(lang string) calendar.Line {
	return calendar.Line{Rule: c.Op + "-reason", Text: c.Say(lang)}
}

// Say writes the cause in one line.
func (c Cause) Say(lang string) string {
	line := c.Reason.In(lang)
	if c.Field != nil {
		line = join(line, text(c.Field.Title.In("zh")+"：", c.Field.Title.In("en")+": ").In(lang)+c.Field.Say(c.Value, lang))
	}
	what := text("暂停计算。", "The time stands still. ")
	if c.Op == "extend" {
		what = text("延长。", "Extended. ")
	}
	return what.In(lang) + line
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}
