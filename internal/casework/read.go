package casework

import (
	"context"
	"errors"
	"slices"
	"strings"

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
// is shown to the parties. While the disk is full reading goes on, and the record is made up for later.
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
	f.limit(s.mayReadContent(a, m))
	return f, nil
}

// mayReadContent reports whether the actor may read what is personal in the matter, not only check it.
func (s *Service) mayReadContent(a office.Actor, m *Matter) bool {
	return a.ReadScope(s.Tree()).Content().Covers(m.Unit, m.Number)
}

func viewer(a office.Actor) string {
	if a.Party != nil {
		return "parties"
	}
	return "staff"
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
			e.narrow(Content{})
			continue
		}
		f.limitFields(e)
	}
}

// narrow leaves only c of an entry's content, also in its bytes. What was erased stays marked as erased, and
// what is merely not shown does not look erased.
func (e *Entry) narrow(c Content) {
	e.Content, e.ContentSalt = c, nil
	if e.ContentBytes != nil {
		e.ContentBytes, _ = c.canonical() // it is a part of what was canonical before
	}
}

// shows reports whether the reader may see an entry's content at all.
func (f *File) shows(e *Entry) bool {
	switch {
	case f.Viewer == "staff", e.Act.Kind == Lodged:
		return true
	case e.Act.Kind == Corrected: // what put right something that is shown
		return len(f.Entries) > 0 && !slices.ContainsFunc(e.Act.Names, func(seq int) bool { return !f.shows(f.Entries[seq-1]) })
	}
	st := f.Procedure.Step(e.Act.Step)
	return st != nil && st.Visible != "office"
}

func (f *File) limitFields(e *Entry) {
	if !f.hidesField(e) && (f.Viewer == "staff" || len(e.Content.Parties) == 0) {
		return
	}
	c := e.Content
	if f.Viewer == "parties" {
		for i := range c.Parties {
			c.Parties[i].Phone, c.Parties[i].Address = "", ""
		}
	}
	for name := range c.Fields {
		if fd := f.Procedure.Field(name); fd != nil && !f.Procedure.Visible(fd, f.Viewer) {
			delete(c.Fields, name)
		}
	}
	e.narrow(c)
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
	if !s.mayReadContent(a, m) || !f.shows(e) || f.hidesField(e) || hidesContact(a, e) {
		r = r.WithoutContent()
	}
	if err := s.disclose(ctx, a, m); err != nil {
		return nil, storeError(err)
	}
	return r, nil
}

// hidesContact reports whether the content holds contact details that another party gave: only a resident
// who lodged the matter gets them back, not whoever an office lodged it for.
func hidesContact(a office.Actor, e *Entry) bool {
	if a.Party == nil || !slices.ContainsFunc(e.Content.Parties, func(p Party) bool { return p.Phone+p.Address != "" }) {
		return false
	}
	return e.Act.Actor.As != "resident" ||
		!slices.ContainsFunc(e.Act.Parties, func(p PartyRef) bool { return p.Code != "" && p.Code == a.Party.Code })
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
		// Who could search what they may not read would learn it word by word.
		if q.Scope = q.Scope.Content(); q.Scope.Empty() {
			return nil, "", nil
		}
		if q.Tokens = queryTokens(words); len(q.Tokens) == 0 {
			return nil, "", nil
		}
	}
	rows, next, err := s.Store.List(ctx, q)
	content := q.Scope.Content()
	for i := range rows {
		if !content.Covers(rows[i].Unit, rows[i].Number) {
			rows[i].Title = ""
		}
	}
	return rows, next, storeError(err)
}

// queryTokens are the tokens that words are found by. A whole number is one token; in three it would be found
// as well, but by way of all matters of that year.
func queryTokens(words string) []string {
	if num, err := number.Parse(words); err == nil {
		return search.Query(strings.ReplaceAll(num, "-", ""))
	}
	return search.Query(words)
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
		return office.Actor{Party: &office.PartyRef{Matter: canonical, Role: p.Role, Code: p.Code}}, nil
	}
	return office.Actor{}, wrong
}
