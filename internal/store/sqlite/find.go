package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"luoshi/internal/casework"
)

// A search has three ways. Hits of the words come newest first, and each is looked at until the page is full;
// that is soon when many of the matters are such as asked for. When they are few (a state that hardly any
// matter stands in), their rows are collected first and only hits among them are looked at: coming past a hit
// in the index costs a small part of looking at its matter. When they are very few, the words are looked for
// in the matters themselves.
const (
	maxRead      = 300  // reading more matters costs more than coming past the hits
	maxCollected = 5000 // collecting more costs more than it saves
	fewShare     = 20   // few means fewer than one in so many
)

// find runs a search over places, which hold matching matters of all.
func (s *Store) find(ctx context.Context, l *listing, places map[place]int64, matching, all int64) ([]found, error) {
	_, within, _ := s.tally.match(func(p place) bool { return l.inside(p.unit) }, l.meets)
	expr := l.expression(places, within, all)
	if matching > maxCollected || matching*fewShare > within {
		return s.rows(ctx, "list-search", append(l.args(), expr)...)
	}
	if matching <= maxRead {
		return s.readThrough(ctx, l, places, int(matching))
	}
	among, err := json.Marshal(named(places))
	if err != nil {
		return nil, err
	}
	return s.rows(ctx, "list-search-few", expr, string(among), l.after.id, l.Assignee, l.limit+1)
}

// readThrough looks for the words in the matters of the places, newest first.
func (s *Store) readThrough(ctx context.Context, l *listing, places map[place]int64, matching int) ([]found, error) {
	every := *l
	every.limit = matching
	rows, err := s.merge(ctx, &every, places)
	if err != nil {
		return nil, err
	}
	var hits []found
	for _, row := range rows {
		m, err := s.Matter(ctx, row.row.Number)
		if err != nil {
			return nil, err
		}
		have := casework.SearchTokens(m)
		if slices.ContainsFunc(l.Tokens, func(t string) bool { return !slices.Contains(have, t) }) {
			continue
		}
		if hits = append(hits, row); len(hits) > l.limit {
			break
		}
	}
	return hits, nil
}

// named lists places as the query reads them.
func named(places map[place]int64) [][3]string {
	out := make([][3]string, 0, len(places))
	for p := range places {
		out = append(out, [3]string{p.unit, p.procedure, p.state})
	}
	return out
}

// expression is the full-text expression: every token, and where few units with a small part of everything
// are looked at, also one of these units, so that a common word need not be read through. Tokens hold only
// [a-z0-9] and non-ASCII letters, so that quoting is enough.
func (l *listing) expression(places map[place]int64, within, all int64) string {
	expr := allOf(l.Tokens)
	units := map[string]bool{}
	for p := range places {
		units[p.unit] = true
	}
	if len(units) > 200 || within*fewShare > all {
		return expr
	}
	var tokens []string
	for u := range units {
		tokens = append(tokens, casework.UnitToken(u))
	}
	slices.Sort(tokens)
	return "(" + expr + ") AND (" + strings.Join(quoted(tokens), " OR ") + ")"
}

func allOf(tokens []string) string { return strings.Join(quoted(tokens), " AND ") }

func quoted(tokens []string) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = `"` + strings.ReplaceAll(t, `"`, `""`) + `"`
	}
	return out
}
