package casework

import (
	"context"
	"errors"
	"slices"
	"strings"
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
	Withheld    []*procedure.NotLawful // steps whose guards do not hold now
	Viewer      procedure.Viewer
	Papers      map[int]Papers // what was told and issued with an entry, by its seq, for this reader
	Whole       *Related       // what the matter is part of; nil if of nothing
	Parts       []*Related     // its sub-matters, oldest first
	KeptUntil   time.Time      // see Rules.KeptUntil

	asks   func(*procedure.Step) []procedure.FieldUse
	ahead  func(*procedure.Step) (Prospect, error)
	wanted func(*procedure.Step) *Wanted
	former map[string]*Rules // by id@version, of those the matter ran by before
}

// Asks are the fields that one of the steps asks for now.
func (f *File) Asks(st *procedure.Step) []procedure.FieldUse { return f.asks(st) }

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
	f := &File{Matter: m.clone(), Procedure: rules.Procedure, Rules: rules, Steps: s.LawfulSteps(a, m), Viewer: s.viewer(a, m),
		Withheld: rules.Procedure.Withheld(s.situation(a, m, m.Unit)), KeptUntil: rules.KeptUntil(m), former: s.formerRules(m),
		asks:   func(st *procedure.Step) []procedure.FieldUse { return rules.Procedure.Asks(st, m.State, m.Knows) },
		ahead:  func(st *procedure.Step) (Prospect, error) { return s.prospect(m, rules, st) },
		wanted: func(st *procedure.Step) *Wanted { return s.wanted(m, rules, st) }}
	if f.Entries, err = s.Store.Entries(ctx, m.Number); err != nil {
		return nil, storeError(err)
	}
	if f.Disclosures, err = s.Store.Disclosures(ctx, m.Number); err != nil {
		return nil, storeError(err)
	}
	content := s.mayReadContent(a, m)
	f.Papers = s.papers(f, content)
	f.limit(content)
	return f, s.relate(ctx, a, f)
}

// mayReadContent reports whether the actor may read what is personal in the matter, not only check it.
func (s *Service) mayReadContent(a office.Actor, m *Matter) bool {
	return a.ReadScope(s.Tree()).Content().Covers(m.Unit, m.Number)
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
	f := &File{Matter: m, Procedure: rules.Procedure, Rules: rules, Viewer: s.viewer(a, m), former: s.formerRules(m)}
	if !s.mayReadContent(a, m) || !f.shows(e) || f.hidesField(e) || hidesContact(a, e) {
		r = r.WithoutContent()
	}
	if err := s.disclose(ctx, a, m); err != nil {
		return nil, storeError(err)
	}
	return r, nil
}

// List gives a page of the matters the actor may see.
func (s *Service) List(ctx context.Context, a office.Actor, q Query, words string) ([]Row, string, error) {
	q.Scope = a.ReadScope(s.Tree())
	if q.Scope.Empty() {
		return nil, "", nil
	}
	if words != "" {
		// Who could search what they may not read would learn it word by word. A party has one matter to look at.
		if a.Party != nil {
			return nil, "", nil
		}
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

// Numbers says of each list how many matters it has within what the actor may see; -1 where that is not known.
func (s *Service) Numbers(ctx context.Context, a office.Actor, lists []Query) ([]int64, error) {
	scope := a.ReadScope(s.Tree())
	if scope.Empty() || len(lists) == 0 {
		return make([]int64, len(lists)), nil
	}
	lists = slices.Clone(lists)
	for i := range lists {
		lists[i].Scope = scope
	}
	n, err := s.Store.Numbers(ctx, lists)
	return n, storeError(err)
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
		follows, err := s.follows(ctx, m, p.Role)
		if err != nil || follows {
			return office.Actor{Party: &office.PartyRef{Matter: canonical, Role: p.Role, Code: p.Code}}, err
		}
	}
	return office.Actor{}, wrong
}

// follows reports whether the parties of that role may follow the matter by the procedure in which it is now. A code
// outlives a way through a procedure that does not let its holder look on.
func (s *Service) follows(ctx context.Context, m *Matter, role string) (bool, error) {
	rules, err := s.rulesOf(ctx, m)
	if err != nil {
		return false, err
	}
	r := rules.Procedure.PartyRole(role)
	return r != nil && r.Sees, nil
}
