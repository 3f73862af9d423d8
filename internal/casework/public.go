package casework

import (
	"context"
	"errors"
	"time"

	"luoshi/internal/number"
	"luoshi/internal/procedure"
)

// PublicView is what anybody who knows a matter's number may see of it, by the declaration of its procedure.
type PublicView struct {
	Number    string
	Procedure *procedure.Procedure
	Rules     *Rules
	State     *procedure.State
	Unit      string         // empty when the procedure does not show it
	Clocks    []PublicClock  // the open clocks of the office
	Fields    map[string]any // those declared for it that have a value
	LastDay   time.Time      // when it has to be done; zero where no clock of the office runs
	Light     Light          // how it stands against the clocks of the office
	Listed    time.Time      // since when it is shown by the procedure's condition; zero where there is none
	Ended     time.Time      // zero while it is open
}

// PublicClock is by when the office has to act.
type PublicClock struct {
	Declared    *procedure.Clock
	Due         string // empty while the clock stands still
	Provisional bool
}

// Public gives what is public of a matter. A number that does not exist and a matter of which nothing is public
// get the same answer. Nothing is disclosed that is recorded as read: there is nothing personal in it.
func (s *Service) Public(ctx context.Context, num string) (*PublicView, error) {
	canonical, err := number.Parse(num)
	if err != nil {
		return nil, errNotPublic()
	}
	m, err := s.Store.Matter(ctx, canonical)
	if errors.Is(err, ErrNotFound) {
		return nil, errNotPublic()
	}
	if err != nil {
		return nil, storeError(err)
	}
	rules := s.Rules(m.Procedure)
	if rules == nil || !rules.Procedure.Public.Shown(s.facts(m)) {
		return nil, errNotPublic()
	}
	return publicView(m, rules, s.Now()), nil
}

func publicView(m *Matter, rules *Rules, now time.Time) *PublicView {
	p, b := rules.Procedure, &Branch{Matter: m, Rules: rules}
	v := &PublicView{Number: m.Number, Procedure: p, Rules: rules, State: p.State(m.State), Fields: map[string]any{},
		LastDay: b.LastDay(), Light: b.light(now)}
	if m.Listed != "" {
		v.Listed = time.UnixMilli(millis(m.Listed))
	}
	if m.Ended != "" {
		v.Ended = time.UnixMilli(m.EndedAt())
	}
	if p.Public.Unit {
		v.Unit = m.Unit
	}
	for _, name := range p.Public.Fields {
		if value, ok := m.Fields[name]; ok && p.Field(name).Class == procedure.ClassPlain {
			v.Fields[name] = value
		}
	}
	for _, c := range m.Clocks {
		if c.Open() && c.duty() {
			v.Clocks = append(v.Clocks, PublicClock{Declared: p.Clock(c.Name), Due: c.Due, Provisional: c.Provisional})
		}
	}
	return v
}

func errNotPublic() *Error {
	return fail(NotFound, "not-public", "没有可以公开查看的这个编号。请核对编号；要看自己的事项，请同时输入查询码。",
		"Nothing public is found under this number. Please check it; to see a matter of your own, give the query code too.")
}
