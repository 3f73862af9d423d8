package casework

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Draft is the report of a meeting of which an office is making directives. It belongs to the office that will issue
// them; nothing of it is part of the log until then.
type Draft struct {
	Unit    string // which office issues them
	ID      string
	Title   string
	Doc     []byte // the text, and what was understood and set; whoever writes it says in what form
	Version int    // grows with every change
	Login   string // who changed it last
	Changed string // as an act writes a time
	Issued  string // when; empty while it is a draft
}

// Bounds of drafts.
const (
	MaxDrafts = 200     // of one unit
	maxDraft  = 4 << 20 // bytes of Doc
)

// IssuingUnits are the units for which the actor may issue matters of a procedure: those of their grants.
func (s *Service) IssuingUnits(a office.Actor, id string) []string {
	rules := s.Rules(id)
	if rules == nil || a.Account == nil || a.Account.Disabled {
		return nil
	}
	p := rules.Procedure
	var units []string
	for _, g := range a.Account.Grants {
		issues := slices.Contains(p.Open.By, procedure.Who{Role: g.Role, Relation: procedure.RelationIssuer})
		if issues && s.mayIssue(p, g.Unit) && !slices.Contains(units, g.Unit) {
			units = append(units, g.Unit)
		}
	}
	slices.Sort(units)
	return units
}

// Drafts are those of the units for which the actor may issue matters of the procedure, without their Doc.
func (s *Service) Drafts(ctx context.Context, a office.Actor, procedure string) ([]Draft, error) {
	var all []Draft
	for _, unit := range s.IssuingUnits(a, procedure) {
		drafts, err := s.Store.Drafts(ctx, unit)
		if err != nil {
			return nil, storeError(err)
		}
		all = append(all, drafts...)
	}
	return all, nil
}

// Draft finds one of them by its ID. One of an office for which the actor does not issue looks like none.
func (s *Service) Draft(ctx context.Context, a office.Actor, procedure, id string) (Draft, error) {
	for _, unit := range s.IssuingUnits(a, procedure) {
		d, err := s.Store.Draft(ctx, unit, id)
		if err == nil {
			return d, nil
		}
		if !errors.Is(err, ErrNotFound) {
			return Draft{}, storeError(err)
		}
	}
	return Draft{}, fail(NotFound, "no-such-draft", "没有这份草稿，或者它不是您单位的。", "There is no such draft, or it is not your office's.")
}

// KeepDraft keeps a draft and answers with it as it is then. One without an ID is new. Version is the one that was
// seen: when somebody else has changed it since, the answer is a Conflict and nothing is lost of theirs.
func (s *Service) KeepDraft(ctx context.Context, a office.Actor, procedure string, d Draft) (Draft, error) {
	if !slices.Contains(s.IssuingUnits(a, procedure), d.Unit) {
		return d, fail(NotAllowed, "may-not-open", "您不能替这个单位交办。", "You may not issue for this office.")
	}
	if len(d.Doc) > maxDraft {
		return d, invalid("text", "too-long", "文字太长。", "The text is too long.")
	}
	if d.ID == "" {
		have, err := s.Store.Drafts(ctx, d.Unit)
		if err != nil {
			return d, storeError(err)
		}
		if len(have) >= MaxDrafts {
			return d, invalid("text", "too-many", "草稿已经有 200 份，请先删去不用的。", "There are 200 drafts; delete those you do not need.")
		}
		d.ID = rand.Text()
	}
	d.Version++
	d.Login, d.Changed = a.Account.Login, FormatTime(s.Now())
	err := s.Store.PutDraft(ctx, d)
	if errors.Is(err, ErrConflict) {
		return d, fail(Conflict, "draft-changed", "别人刚刚改过这份草稿。您写的还在下面；请先看对方改了什么。",
			"Somebody else has just changed this draft. What you wrote is still below; look at theirs first.")
	}
	return d, storeError(err)
}

// DropDraft drops a draft that was not issued.
func (s *Service) DropDraft(ctx context.Context, a office.Actor, procedure, id string) error {
	d, err := s.Draft(ctx, a, procedure, id)
	if err != nil {
		return err
	}
	if d.Issued != "" {
		return fail(NotAllowed, "draft-issued", "已经交办的不能删去。", "What was issued cannot be deleted.")
	}
	return storeError(s.Store.DropDraft(ctx, d.Unit, d.ID))
}
