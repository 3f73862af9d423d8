package casework

import (
	"slices"
	"time"
)

// Matter is one thing brought or ordered, as it stands now. It is a fold of its entries (see Fold): every
// member can be computed again from them, and audit does.
type Matter struct {
	Number    string     `json:"number"`
	Procedure string     `json:"procedure"` // id@version, pinned at lodging
	State     string     `json:"state"`
	Ended     string     `json:"ended,omitempty"` // when it reached an end state
	Unit      string     `json:"unit"`
	Assignee  string     `json:"assignee,omitempty"`
	Version   int        `json:"version"` // seq of the newest entry
	Opened    string     `json:"opened"`
	Changed   string     `json:"changed"`
	Channel   string     `json:"channel,omitempty"`
	Source    *Source    `json:"source,omitempty"`
	Roles     []PartyRef `json:"roles,omitempty"`
	Clocks    []Clock    `json:"clocks,omitempty"`
	Referred  []string   `json:"referred,omitempty"` // units that referred it, oldest first

	// Personal, from content; gone after erasure.
	Title   string         `json:"title,omitempty"`
	Fields  map[string]any `json:"fields,omitempty"`
	Parties []Party        `json:"parties,omitempty"`
}

// NoDue sorts after every due time: the matter has no running clock.
const NoDue = int64(1)<<62 - 1

// clock returns the newest clock of that name, or nil.
func (m *Matter) clock(name string) *Clock {
	for i := range m.Clocks {
		if m.Clocks[i].Name == name {
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

// NextDue is the earliest instant at which a duty of the office runs out, in milliseconds since 1970, or
// NoDue. A party's own time does not make a matter late.
func (m *Matter) NextDue(loc *time.Location) int64 {
	return m.earliest(loc, func(c *Clock) bool { return !c.Party })
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
	c.Parties = slices.Clone(m.Parties)
	c.Fields = make(map[string]any, len(m.Fields)+4)
	for k, v := range m.Fields {
		c.Fields[k] = v
	}
	return &c
}
