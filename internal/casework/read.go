package casework

import (
	"context"
	"errors"
	"time"

	"luoshi/internal/ledger"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/search"
)

// File is a matter with its history, as far as the reader may see it.
type File struct {
	Matter      *Matter
	Procedure   *procedure.Procedure
	Rules       *Rules
	Entries     []*Entry
	Disclosures []Disclosure
	Steps       []*procedure.Step
	Viewer      string // "staff" or "parties"
}

// Read opens a matter. A reading by staff is recorded, durably, before anything personal is given out, and
// is shown to the parties.
func (s *Service) Read(ctx context.Context, a office.Actor, num string) (*File, error) {
	m, rules, err := s.load(ctx, a, num)
	if err != nil {
		return nil, err
	}
	if err := s.disclose(ctx, a, m); err != nil {
		return nil, storeError(err)
	}
	f := &File{Matter: m.clone(), Procedure: rules.Procedure, Rules: rules, Steps: s.LawfulSteps(a, m), Viewer: viewer(a)}
	if f.Entries, err = s.Store.Entries(ctx, m.Number); err != nil {
		return nil, storeError(err)
	}
	if f.Disclosures, err = s.Store.Disclosures(ctx, m.Number); err != nil {
		return nil, storeError(err)
	}
	f.limit(a.ReadScope(s.Tree()).ContentAllowed())
	return f, nil
}

func viewer(a office.Actor) string {
	if a.Party != nil {
		return "parties"
	}
	return "staff"
}

func (s *Service) disclose(ctx context.Context, a office.Actor, m *Matter) error {
	if a.Account == nil || !a.ReadScope(s.Tree()).ContentAllowed() || m.Title == "" {
		return nil
	}
	now := s.Now()
	unit := ""
	if len(a.Account.Grants) > 0 {
		unit = a.Account.Grants[0].Unit
	}
	return s.Store.Disclose(ctx, Disclosure{Matter: m.Number, Login: a.Account.Login, Unit: unit,
		Day: now.UTC().Format(time.DateOnly), First: FormatTime(now)})
}

// limit removes what the reader may not see: everything personal for those who check without reading, and
// for parties the fields and entries the procedure keeps to the office, and other parties' contact details.
func (f *File) limit(content bool) {
	m := f.Matter
	if !content {
		m.Title, m.Fields, m.Parties = "", nil, nil
	}
	for name := range m.Fields {
		if fd := f.Procedure.Field(name); fd != nil && !f.Procedure.Visible(fd, f.Viewer) {
			delete(m.Fields, name)
		}
	}
	if f.Viewer == "parties" {
		for i := range m.Parties {
			m.Parties[i].Phone, m.Parties[i].Address = "", ""
		}
	}
	for _, e := range f.Entries {
		if !content || !f.shows(e) {
			e.Content, e.ContentBytes, e.ContentSalt = Content{}, nil, nil
			continue
		}
		f.limitFields(e)
	}
}

// shows reports whether the reader may see an entry's content at all.
func (f *File) shows(e *Entry) bool {
	if f.Viewer == "staff" || e.Act.Kind == Lodged {
		return true
	}
	st := f.Procedure.Step(e.Act.Step)
	return st != nil && st.Visible != "office"
}

func (f *File) limitFields(e *Entry) {
	for name := range e.Content.Fields {
		if fd := f.Procedure.Field(name); fd != nil && !f.Procedure.Visible(fd, f.Viewer) {
			delete(e.Content.Fields, name)
		}
	}
}

// Receipt gives the receipt of one entry of a matter the actor may see. Content the actor may not see is
// left out; its commitment stays, so the receipt verifies all the same.
func (s *Service) Receipt(ctx context.Context, a office.Actor, num string, seq int) (*ledger.Receipt, error) {
	m, rules, err := s.load(ctx, a, num)
	if err != nil {
		return nil, err
	}
	if seq < 1 || seq > m.Version {
		return nil, fail(NotFound, "no-such-entry", "没有这条记录。", "There is no such entry.")
	}
	e, err := s.Store.Entry(ctx, m.Number, seq)
	if err != nil {
		return nil, storeError(err)
	}
	r, err := s.receiptOf(ctx, e)
	if err != nil {
		return nil, err
	}
	f := &File{Matter: m, Procedure: rules.Procedure, Viewer: viewer(a)}
	if !a.ReadScope(s.Tree()).ContentAllowed() || !f.shows(e) || f.hidesField(e) {
		r = r.WithoutContent()
	}
	if err := s.disclose(ctx, a, m); err != nil {
		return nil, storeError(err)
	}
	return r, nil
}

// hidesField reports whether the content holds a field the viewer may not see: then it is not given at all,
// because a part of it could not be verified.
func (f *File) hidesField(e *Entry) bool {
	for name := range e.Content.Fields {
		if fd := f.Procedure.Field(name); fd != nil && !f.Procedure.Visible(fd, f.Viewer) {
			return true
		}
	}
	return false
}

// List gives a page of the matters the actor may see.
func (s *Service) List(ctx context.Context, a office.Actor, q Query, words string) ([]Row, string, error) {
	q.Scope = a.ReadScope(s.Tree())
	if q.Scope.Empty() {
		return nil, "", nil
	}
	if words != "" {
		if q.Tokens = search.Query(words); len(q.Tokens) == 0 {
			return nil, "", nil
		}
	}
	rows, next, err := s.Store.List(ctx, q)
	if !q.Scope.ContentAllowed() {
		for i := range rows {
			rows[i].Title = ""
		}
	}
	return rows, next, storeError(err)
}

// Counts gives how many matters stand where, within what the actor may see.
func (s *Service) Counts(ctx context.Context, a office.Actor) ([]Count, error) {
	scope := a.ReadScope(s.Tree())
	if scope.Empty() {
		return nil, nil
	}
	return s.Store.Counts(ctx, scope)
}

// PartyByCode finds the party a number and query code belong to. The comparison takes constant time; an
// unknown number and a wrong code give the same answer.
func (s *Service) PartyByCode(ctx context.Context, num, code string) (office.Actor, error) {
	wrong := fail(NotFound, "wrong-number-or-code", "编号或查询码不正确。请对照回执核对。",
		"The number or the query code is not right. Please check them against the receipt.")
	canonical, err := number.Parse(num)
	if err != nil {
		return office.Actor{}, wrong
	}
	parsed, err := number.ParseCode(code)
	if err != nil {
		return office.Actor{}, wrong
	}
	m, err := s.Store.Matter(ctx, canonical)
	if errors.Is(err, ErrNotFound) {
		m = &Matter{Number: canonical, Roles: []PartyRef{{Code: number.CodeHash(canonical, "")}}}
	} else if err != nil {
		return office.Actor{}, err
	}
	if p := partyOf(m, parsed); p != nil {
		return office.Actor{Party: &office.PartyRef{Matter: canonical, Role: p.Role}}, nil
	}
	return office.Actor{}, wrong
}
