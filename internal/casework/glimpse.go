package casework

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/search"
)

// Glimpse is where a matter has the words of a search, for a row of a list.
type Glimpse struct {
	Title []search.Piece
	// Of says what Text is: the field of that name, or the party of that role. Both empty: the title says it all.
	Field, Party string
	Text         []search.Piece
}

// How much of a text is shown about the first hit, in characters.
const (
	glimpseBefore = 24
	glimpseWidth  = 110
)

// Glimpses are those of the rows of one page of a search, in their order. Only where the title does not have all words
// the matter is looked into, and only into what this search looks at: see SearchTokens. What is shown of it was read,
// and is recorded as such.
func (s *Service) Glimpses(ctx context.Context, a office.Actor, rows []Row, words string) ([]Glimpse, error) {
	tokens := queryTokens(words)
	out := make([]Glimpse, len(rows))
	var err error
	var first sync.Once
	s.several(len(rows), func(i int) {
		var e error
		if out[i], e = s.glimpse(ctx, a, rows[i], tokens); e != nil {
			first.Do(func() { err = e })
		}
	})
	return out, storeError(err)
}

// atOnce is how many matters of a page are looked at or written at the same time.
const atOnce = 32

// several calls f for the numbers below n, a few at a time: what they write shares a transaction.
func (s *Service) several(n int, f func(i int)) {
	var running sync.WaitGroup
	turns := make(chan struct{}, atOnce)
	for i := range n {
		turns <- struct{}{}
		running.Go(func() {
			defer func() { <-turns }()
			f(i)
		})
	}
	running.Wait()
}

func (s *Service) glimpse(ctx context.Context, a office.Actor, row Row, tokens []string) (Glimpse, error) {
	g := Glimpse{Title: search.Pieces(row.Title, search.Marks(row.Title, tokens))}
	left := missing(row.Number+"\n"+row.Title, tokens)
	if len(left) == 0 {
		return g, nil
	}
	m, err := s.Store.Matter(ctx, row.Number)
	if err != nil {
		return g, err
	}
	rules := s.Rules(m.Procedure)
	if rules == nil || !s.mayReadContent(a, m) {
		return g, nil // its rules are read with the matter itself
	}
	s.lookInto(&g, m, rules.Procedure, s.viewer(a, m), left)
	if len(g.Text) == 0 {
		return g, nil
	}
	return g, s.discloseOnce(ctx, a, m)
}

// discloseOnce leaves out the writing where the reading of this day is recorded already, as it is for whoever looks
// through the same list again.
func (s *Service) discloseOnce(ctx context.Context, a office.Actor, m *Matter) error {
	if read, err := s.readToday(ctx, a, m); read || err != nil {
		return err
	}
	return s.disclose(ctx, a, m)
}

// readToday reports whether a reading of the matter by the account is recorded on this day.
func (s *Service) readToday(ctx context.Context, a office.Actor, m *Matter) (bool, error) {
	read, err := s.Store.Disclosures(ctx, m.Number)
	today := s.Now().UTC().Format(time.DateOnly)
	return a.Account != nil && slices.ContainsFunc(read, func(d Disclosure) bool { return d.Login == a.Account.Login && d.Day == today }), err
}

// missing are the tokens that a heading does not have.
func missing(heading string, tokens []string) []string {
	have := search.Of(heading, "")
	return slices.DeleteFunc(slices.Clone(tokens), func(t string) bool { return slices.Contains(have, t) })
}

// lookInto finds the text of the matter with most of the tokens.
func (s *Service) lookInto(g *Glimpse, m *Matter, p *procedure.Procedure, viewer procedure.Viewer, tokens []string) {
	best := 0
	look := func(text string, field, party string) {
		n := len(tokens) - len(missing(text, tokens))
		if n <= best {
			return
		}
		best = n
		g.Field, g.Party, g.Text = field, party, search.Around(text, search.Marks(text, tokens), glimpseBefore, glimpseWidth)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Fields)) {
		fd := p.Field(name)
		text, ok := m.Fields[name].(string)
		if ok && fd != nil && (fd.Type == procedure.TypeText || fd.Type == procedure.TypeString) && fd.ShownToAll() && viewer.Sees(fd) {
			look(text, name, "")
		}
	}
	for _, party := range m.Parties {
		for _, text := range []string{party.Name, party.Phone, party.Address} {
			look(text, "", party.Role)
		}
	}
}
