package casework

import (
	"context"
	"errors"
	"slices"

	"luoshi/internal/number"
	"luoshi/internal/office"
)

// AskForCode records in a matter that somebody who knows its number has lost the query code, so that the office
// makes sure who they are and gives a new one (IssueCode). It gives no code, and it gives nothing away: a number that does
// not exist, and a matter that no party may follow, get the same answer, which is none. While one request waits
// a further one is not recorded, so that knowing a number is not enough to fill a matter with entries.
func (s *Service) AskForCode(ctx context.Context, num string) error {
	canonical, err := number.Parse(num)
	if err != nil {
		return invalid("number", "not-a-number", "编号不对。请照回执抄写，例如 2026-00000123-X。",
			"This is not a number of a matter. Copy it from the receipt, like 2026-00000123-X.")
	}
	_, err = s.rerun(func() (*Outcome, error) { return s.askForCode(ctx, canonical) })
	return err
}

func (s *Service) askForCode(ctx context.Context, num string) (*Outcome, error) {
	m, err := s.Store.Matter(ctx, num)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rules := s.Rules(m.Procedure)
	if rules == nil || !slices.ContainsFunc(m.Roles, func(p PartyRef) bool {
		r := rules.Procedure.PartyRole(p.Role)
		return r != nil && r.Sees
	}) {
		return nil, nil
	}
	entries, err := s.Store.Entries(ctx, num)
	if err != nil || AsksForCode(entries) != nil {
		return nil, err
	}
	e, err := NewEntry(s.upkeepAct(office.Actor{Resident: true}, m, CodeAsked, s.Now()), Content{})
	if err != nil {
		return nil, err
	}
	return s.commit(ctx, s.change(m, e, rules, nil))
}

// AsksForCode is the request for a new query code that waits: the last one, unless a code was given after it.
func AsksForCode(entries []*Entry) *Entry {
	for _, e := range slices.Backward(entries) {
		switch e.Act.Kind {
		case CodeIssued:
			return nil
		case CodeAsked:
			return e
		}
	}
	return nil
}
