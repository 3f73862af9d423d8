package casework

import (
	"maps"
	"slices"
	"time"

	"luoshi/internal/procedure"
)

// Matter is one thing brought or ordered, as it stands now. It is a fold of its entries (see Fold): every
// member can be computed again from them, and audit does.
type Matter struct {
	Number    string     `json:"number"`
	Procedure string     `json:"procedure"` // id@version, pinned at lodging, then by a migration or a step that continues in another
	State     string     `json:"state"`
	Ended     string     `json:"ended,omitempty"` // when it reached an end state
	Unit      string     `json:"unit"`
	Issuer    string     `json:"issuer,omitempty"` // the unit that issued it; empty for a matter that was brought
	Assignee  string     `json:"assignee,omitempty"`
	Version   int        `json:"version"` // seq of the newest entry
	Opened    string     `json:"opened"`
	Changed   string     `json:"changed"`
	Channel   string     `json:"channel,omitempty"`
	Source    *Source    `json:"source,omitempty"`
	Roles     []PartyRef `json:"roles,omitempty"`
	Clocks    []Clock    `json:"clocks,omitempty"`
	Referred  []string   `json:"referred,omitempty"` // units that referred it, oldest first
	Parent    *Link      `json:"parent,omitempty"`   // the matter of which this is a sub-matter
	Subs      []Part     `json:"subs,omitempty"`     // its own sub-matters, oldest first
	Former    []Pin      `json:"former,omitempty"`   // versions of procedures that it ran by before, oldest first

	// Personal, from content; gone after erasure.
	Title   string         `json:"title,omitempty"`
	Fields  map[string]any `json:"fields,omitempty"`
	Parties []Party        `json:"parties,omitempty"`

	// Kept names the fields with a value that not all readers among staff may see, sorted. They are not searched.
	Kept []string `json:"kept,omitempty"`

	// Taken is how often each step was taken. It holds nothing personal. It stands last, where the migration that
	// brought it could add it.
	Taken map[string]int `json:"taken,omitempty"`

	// Marks are the last steps that asked for fields of which the procedure's roll-up wants to know when they were given,
	// and Listed is since when its condition shows the matter to everybody; empty while it does not. Both follow from the
	// procedure too; audit computes them.
	Marks  map[string]Mark `json:"marks,omitempty"`
	Listed string          `json:"listed,omitempty"`
}

// Part is a sub-matter as the matter knows it that opened it.
type Part struct {
	Name   string `json:"name"` // of the sub in the procedure
	Number string `json:"number,omitempty"`
	Ended  string `json:"ended,omitempty"` // when it reached an end
	// Procedure is the version by which it was opened, when the matter has gone on in another procedure since; empty:
	// one of the procedure the matter is in.
	Procedure string `json:"procedure,omitempty"`
}

// Outstanding counts the sub-matters that have not ended, by sub. Those that were left to themselves when the matter
// went on in another procedure are none of that procedure's.
func (m *Matter) Outstanding() map[string]int {
	var n map[string]int
	for i := range m.Subs {
		if s := &m.Subs[i]; s.Ended == "" && s.Procedure == "" {
			if n == nil {
				n = map[string]int{}
			}
			n[s.Name]++
		}
	}
	return n
}

// Responsible is the unit that answers for a clock: the one that has the matter, or the one that issued it.
func (m *Matter) Responsible(c *Clock) string {
	if c.Issuer {
		return m.Issuer
	}
	return m.Unit
}

// outstanding is the sub-matter of a link that has not ended, or nil.
func (m *Matter) outstanding(l *Link) *Part {
	for i := range m.Subs {
		if p := &m.Subs[i]; p.Name == l.Sub && p.Number == l.Matter && p.Ended == "" {
			return p
		}
	}
	return nil
}

// endSub notes that a sub-matter has ended.
func (m *Matter) endSub(number, at string) {
	for i := range m.Subs {
		if s := &m.Subs[i]; s.Number == number && s.Ended == "" {
			s.Ended = at
		}
	}
}

// endSubs notes that several have ended, of which there may be more than a thousand.
func (m *Matter) endSubs(ended []Link, at string) {
	if len(ended) == 0 {
		return
	}
	numbers := make(map[string]bool, len(ended))
	for _, l := range ended {
		numbers[l.Matter] = true
	}
	for i := range m.Subs {
		if s := &m.Subs[i]; s.Ended == "" && numbers[s.Number] {
			s.Ended = at
		}
	}
}

// keep notes which of the fields not all readers among staff may see. That follows from the procedure, not from
// the entries alone, so it is done beside the fold.
func (m *Matter) keep(p *procedure.Procedure) {
	m.Kept = nil
	for name := range m.Fields {
		if f := p.Field(name); f != nil && !f.ShownToAll() {
			m.Kept = append(m.Kept, name)
		}
	}
	slices.Sort(m.Kept)
}

// BarredFrom is the unit to which a step may not refer the matter, or "".
func (m *Matter) BarredFrom(st *procedure.Step) string {
	if n := len(m.Referred); n > 0 && st.ReferNot == procedure.RelationReferrer {
		return m.Referred[n-1]
	}
	return ""
}

// Knows tells whether a field has a value.
func (m *Matter) Knows(field string) bool {
	_, ok := m.Fields[field]
	return ok
}

// NoDue sorts after every due time: the matter has no running clock.
const NoDue = int64(1)<<62 - 1

// clock returns the newest clock of that name, or nil. A clock of another procedure, which the matter was in before, is
// another clock.
func (m *Matter) clock(name string) *Clock {
	for i := range m.Clocks {
		if m.Clocks[i].Name == name && !m.Foreign(&m.Clocks[i]) {
			return &m.Clocks[i]
		}
	}
	return nil
}

func (m *Matter) applyClock(op ClockOp, at string) {
	c := m.clock(op.Clock)
	if c == nil {
		m.Clocks = append(m.Clocks, Clock{Name: op.Clock})
		c = &m.Clocks[len(m.Clocks)-1]
	}
	apply(c, op, at)
}

// NextDue is the earliest instant at which a duty of the office that has the matter runs out, in milliseconds since
// 1970, or NoDue. A party's own time, or that of the unit that issued the matter, does not make it late.
func (m *Matter) NextDue(loc *time.Location) int64 {
	return m.earliest(loc, func(c *Clock) bool { return c.duty() })
}

// NextDueAt is that instant, or the zero time.
func (m *Matter) NextDueAt(loc *time.Location) time.Time {
	if due := m.NextDue(loc); due != NoDue {
		return time.UnixMilli(due)
	}
	return time.Time{}
}

// OpenedAt is when the matter was opened, in milliseconds since 1970.
func (m *Matter) OpenedAt() int64 { return millis(m.Opened) }

// EndedAt is when the matter reached its end, in milliseconds since 1970, or 0 while it is open.
func (m *Matter) EndedAt() int64 { return millis(m.Ended) }

// LateAt is when it was first recorded that a duty of the office that has the matter had run out, in milliseconds since 1970, or 0. A
// clock that was begun anew counts from then on.
func (m *Matter) LateAt() int64 {
	first := int64(0)
	for i := range m.Clocks {
		if c := &m.Clocks[i]; c.duty() && c.Lapsed != "" {
			if at := millis(c.Lapsed); first == 0 || at < first {
				first = at
			}
		}
	}
	return first
}

// millis reads a time as acts write it; 0 for none.
func millis(at string) int64 {
	if at == "" {
		return 0
	}
	t, err := time.Parse(TimeFormat, at)
	if err != nil { // only in a damaged database; audit tells
		return 0
	}
	return t.UnixMilli()
}

// NextLapse is the earliest instant at which any running clock runs out whose lapse is not recorded yet.
func (m *Matter) NextLapse(loc *time.Location) int64 {
	return m.earliest(loc, func(c *Clock) bool { return c.Lapsed == "" })
}

func (m *Matter) earliest(loc *time.Location, want func(*Clock) bool) int64 {
	due := NoDue
	for i := range m.Clocks {
		if c := &m.Clocks[i]; want(c) {
			if t := c.DueAt(loc); !t.IsZero() {
				due = min(due, t.UnixMilli())
			}
		}
	}
	return due
}

// clone is a copy on which a verb can work; slices and maps that the fold changes are not shared.
func (m *Matter) clone() *Matter {
	c := *m
	c.Roles = slices.Clone(m.Roles)
	c.Clocks = slices.Clone(m.Clocks)
	c.Referred = slices.Clone(m.Referred)
	c.Subs = slices.Clone(m.Subs)
	c.Former = slices.Clone(m.Former)
	c.Parties = slices.Clone(m.Parties)
	c.Taken = maps.Clone(m.Taken)
	c.Marks = maps.Clone(m.Marks)
	c.Fields = make(map[string]any, len(m.Fields)+4)
	for k, v := range m.Fields {
		c.Fields[k] = v
	}
	return &c
}
