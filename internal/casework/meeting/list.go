package meeting

import (
	"cmp"
	"context"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Entry is a meeting in the list of an office: one that it has called, or one to which it is invited.
type Entry struct {
	Number      string // of the meeting where the office calls it, else of the invitation: what the office may read
	Invited     bool
	Unit        string // the office of the reader by which it is listed
	Caller      string // the office that calls the meeting
	Title       string
	Day         string // 2006-01-02
	Begins      string // "HH:MM"; "" when it is not known
	Ends        string
	Form, Place string
	State       string
	Answer      Answer // of an invitation
	ReplyBy     string // the last day for it, or for the answers to a meeting that the office calls
	Off         bool   // it was called off
	Over        bool   // it was held
	// Known are the fields of the meeting: all that its reader sees, or of an invitation those that are plain among what it
	// shows of the meeting.
	Known  map[string]any
	Matter *casework.Matter
	Rules  *casework.Rules
}

// maxEnded is how many meetings that have ended are looked through for one office.
const maxEnded = 200

// List are the meetings that the offices of the actor's grants have called or are invited to, by day and time; those
// from one day up to and including another, 2006-01-02, where "" sets no bound. What ended long ago may be left out.
func List(ctx context.Context, s *casework.Service, a office.Actor, from, until string) ([]Entry, error) {
	return ListOf(ctx, s, a, Offices(s, a), from, until)
}

// ListOf is the same of some offices; what the actor may not read of theirs is left out.
func ListOf(ctx context.Context, s *casework.Service, a office.Actor, units []string, from, until string) ([]Entry, error) {
	var all []Entry
	for _, unit := range units {
		for _, procedure := range []string{Procedure, Invited} {
			numbers, err := s.GivenSome(ctx, a, procedure, unit, maxEnded)
			if err != nil {
				return nil, err
			}
			branches, err := s.Branches(ctx, a, numbers)
			if err != nil {
				return nil, err
			}
			shown, err := s.ShownIn(ctx, a, branches)
			if err != nil {
				return nil, err
			}
			for _, b := range branches {
				if e := entry(b, unit, shown[b.Matter.Number]); (from == "" || e.Day >= from) && (until == "" || e.Day <= until) {
					all = append(all, e)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Begins, b.Begins), cmp.Compare(a.Number, b.Number))
	})
	return all, nil
}

// Offices are those of the actor's grants whose meetings are theirs to read. Whoever has a grant for everything sits in
// no office.
func Offices(s *casework.Service, a office.Actor) []string {
	if a.Account == nil {
		return nil
	}
	var units []string
	scope := a.ReadScope(s.Tree()).Content()
	for _, g := range a.Account.Grants {
		if _, known := s.Tree().Unit(g.Unit); known && scope.Covers(g.Unit, "") && !slices.Contains(units, g.Unit) {
			units = append(units, g.Unit)
		}
	}
	return units
}

// entry reads a meeting, or an invitation with what the meeting shows in it.
func entry(b *casework.Branch, unit string, shown map[string]any) Entry {
	m := b.Matter
	of := func(field string) string {
		if text, ok := shown[field].(string); ok {
			return text
		}
		return said(m, field)
	}
	e := Entry{Number: m.Number, Unit: unit, Caller: cmp.Or(m.Issuer, m.Unit), Title: m.Title, Day: of("held_on"),
		Begins: of("begins"), Ends: of("ends"), Form: of("form"), Place: of("place"), State: m.State,
		ReplyBy: of("reply_by"), Invited: b.Rules.Procedure.ID == Invited, Known: shown, Matter: m, Rules: b.Rules}
	if !e.Invited {
		e.Known = m.Fields
	}
	switch m.State {
	case "coming":
		e.Answer = Coming
	case "declined":
		e.Answer = Declined
	case "cancelled", "called-off":
		e.Off = true
	case "held", "minuted", "closed", "past", "over":
		e.Over = true
	}
	return e
}
