package casework

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/office"
)

// IssuedToken is the token under which the matters are found that a unit has issued and that are no part of another;
// what may be seen of them is decided by the scope, not by it.
func IssuedToken(unit string) string { return "issued0x" + hex.EncodeToString([]byte(unit)) }

// maxIssuedListed bounds the matters of one list.
const maxIssuedListed = 2000

// Issued are the numbers of the matters of a procedure that a unit has issued and that are no part of another, newest
// first; open ones alone, or all.
func (s *Service) Issued(ctx context.Context, a office.Actor, procedure, unit string, all bool) ([]string, error) {
	q := Query{Procedure: procedure, Tokens: []string{IssuedToken(unit)}}
	return s.numbers(ctx, a, q, all)
}

// Given are the numbers of the matters of a procedure that a unit has, newest first.
func (s *Service) Given(ctx context.Context, a office.Actor, procedure, unit string, all bool) ([]string, error) {
	return s.numbers(ctx, a, Query{Procedure: procedure, Unit: unit}, all)
}

// GivenSome are the numbers of the matters of a procedure that a unit has: all open ones, and of those that have ended
// the newest up to a number. Each kind is newest first.
func (s *Service) GivenSome(ctx context.Context, a office.Actor, procedure, unit string, ended int) ([]string, error) {
	open, err := s.Given(ctx, a, procedure, unit, false)
	if err != nil {
		return nil, err
	}
	no := false
	q := Query{Procedure: procedure, Unit: unit, Open: &no, Scope: a.ReadScope(s.Tree()).Content(), Order: Newest, Limit: ended}
	rows, _, err := s.Store.List(ctx, q)
	for _, row := range rows {
		open = append(open, row.Number)
	}
	return open, storeError(err)
}

// Branches reads matters without what is below them, in the given order. Those that the actor may not read with their
// content are left out.
func (s *Service) Branches(ctx context.Context, a office.Actor, numbers []string) ([]*Branch, error) {
	scope := a.ReadScope(s.Tree()).Content()
	all, err := s.branches(ctx, numbers)
	now := s.Now()
	all = slices.DeleteFunc(all, func(b *Branch) bool { return !scope.Covers(b.Matter.Unit, b.Matter.Number) })
	for _, b := range all {
		b.Own = b.light(now)
	}
	return all, err
}

func (s *Service) numbers(ctx context.Context, a office.Actor, q Query, all bool) ([]string, error) {
	q.Scope, q.Order, q.Limit = a.ReadScope(s.Tree()).Content(), Newest, 200
	if open := true; !all {
		q.Open = &open
	}
	return s.pages(ctx, q, maxIssuedListed)
}

// pages are the numbers on the pages of a list, up to so many of them or a page more.
func (s *Service) pages(ctx context.Context, q Query, most int) ([]string, error) {
	var out []string
	for len(out) < most {
		rows, next, err := s.Store.List(ctx, q)
		if err != nil {
			return nil, storeError(err)
		}
		for _, row := range rows {
			out = append(out, row.Number)
		}
		if next == "" {
			return out, nil
		}
		q.Cursor = next
	}
	return out, nil
}

// mattersOf are the matters on those pages, by number.
func (s *Service) mattersOf(ctx context.Context, q Query, most int) (map[string]*Matter, error) {
	numbers, err := s.pages(ctx, q, most)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Matters(ctx, numbers)
	return all, storeError(err)
}

// LastDayOf computes a day that somebody sets now as the end of a clock: the given one, or, when that is zero, the end of
// a period that begins now. The lines say how, in lang.
func (r *Rules) LastDayOf(now time.Time, period calendar.Period, day calendar.Date, lang string) (calendar.Date, []calendar.Line, error) {
	req := calendar.Request{From: now, Period: period, Until: day, Calendar: r.Calendar, Location: r.Location}
	d, lines, err := calendar.Explain(req, lang)
	return d.Due.Date(), lines, err
}

// Reported is one report of progress: what a step that asks for the field recorded.
type Reported struct {
	Seq   int
	Time  string
	Login string
	Text  string
}

// ReportsOf are the texts that were recorded in a field of a matter, oldest first.
func (f *File) ReportsOf(field string) []Reported {
	var out []Reported
	for _, e := range f.Entries {
		if text, ok := e.Content.Fields[field].(string); ok && e.Act.Kind == Stepped {
			out = append(out, Reported{e.Act.Seq, e.Act.Time, e.Act.Actor.Login, text})
		}
	}
	return out
}

// The procedures by which the pages issue what a meeting decided, and by which offices call meetings.
const (
	Directives = "directive"
	Meetings   = "meeting"
)

// Sees reports whether the actor is staff of an office and the procedure, Directives or Meetings, is in force.
func (s *Service) Sees(a office.Actor, procedure string) bool {
	return a.Account != nil && s.Rules(procedure) != nil && !a.ReadScope(s.Tree()).Content().Empty()
}

// Board are the matters of a procedure that a unit has issued, or that it was given, with everything below them and how
// far they have come; open ones alone, or all. The actor must be staff who may read with content for the unit.
func (s *Service) Board(ctx context.Context, a office.Actor, procedure, unit string, given, all bool) ([]*Branch, error) {
	if !a.ReadScope(s.Tree()).Content().Covers(unit, "") {
		return nil, fail(NotFound, "no-such-office", "没有这个单位，或者您不能看它的事项。", "There is no such office, or you may not see its matters.")
	}
	list := s.Issued
	if given {
		list = s.Given
	}
	numbers, err := list(ctx, a, procedure, unit, all)
	if err != nil {
		return nil, err
	}
	return s.Trees(ctx, a, numbers)
}

// Waits reports whether the unit that issued the matter has to decide something: one of its own clocks runs.
func (b *Branch) Waits() bool {
	for i := range b.Matter.Clocks {
		if c := &b.Matter.Clocks[i]; c.Issuer && c.Open() {
			return true
		}
	}
	return false
}

// Each calls f with the branch and all below it, each whole before its parts.
func (b *Branch) Each(f func(level int, b *Branch)) { b.each(0, f) }

func (b *Branch) each(level int, f func(int, *Branch)) {
	f(level, b)
	for _, part := range b.Parts {
		part.each(level+1, f)
	}
}
