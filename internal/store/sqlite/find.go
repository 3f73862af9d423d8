package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/store/listing"
)

// A search has three ways. Hits of the words come newest first, and each is looked at until the page is full;
// that is soon when many of the matters are such as asked for. When they are few (a state that hardly any
// matter stands in), their rows are collected first and only hits among them are looked at: coming past a hit
// in the index costs a small part of looking at its matter. When they are very few, the words are looked for
// in the matters themselves.
const (
	maxRead      = 300  // reading more matters costs more than coming past the hits
	maxCollected = 5000 // collecting more costs more than it saves
)

// Search implements listing.Reader.
func (r reader) Search(ctx context.Context, l *listing.Listing, among listing.Among) ([]listing.Found, error) {
	expr := expression(l.Tokens, among.UnitTokens())
	switch {
	case among.Matching > maxCollected || !among.Few():
		return r.comePast(ctx, l, expr)
	case among.Matching <= maxRead:
		return r.readThrough(ctx, l, among)
	}
	return r.collect(ctx, l, expr, among)
}

// comePast looks at every hit of the expression.
func (r reader) comePast(ctx context.Context, l *listing.Listing, expr string) ([]listing.Found, error) {
	args, err := wide(l)
	if err != nil {
		return nil, err
	}
	return r.s.rows(ctx, "list-search", append(append(args, expr), within(l)...)...)
}

// collect looks at those hits of the expression that are in the places.
func (r reader) collect(ctx context.Context, l *listing.Listing, expr string, among listing.Among) ([]listing.Found, error) {
	places := make([][3]string, 0, len(among.Places))
	for p := range among.Places {
		places = append(places, [3]string{p.Unit, p.Procedure, p.State})
	}
	b, err := json.Marshal(places)
	if err != nil {
		return nil, err
	}
	return r.s.rows(ctx, "list-search-few", append([]any{expr, string(b), l.After.ID, l.Assignee, l.Limit + 1}, within(l)...)...)
}

// readThrough looks for the words in the matters of the places, newest first.
func (r reader) readThrough(ctx context.Context, l *listing.Listing, among listing.Among) ([]listing.Found, error) {
	every := *l
	every.Limit = int(among.Matching)
	rows, err := every.Merge(ctx, among.Places, r)
	if err != nil {
		return nil, err
	}
	var hits []listing.Found
	for _, row := range rows {
		if !l.Shows(row.Row) {
			continue
		}
		m, err := r.s.Matter(ctx, row.Row.Number)
		if err != nil {
			return nil, err
		}
		have := casework.SearchTokens(m)
		if slices.ContainsFunc(l.Tokens, func(t string) bool { return !slices.Contains(have, t) }) {
			continue
		}
		if hits = append(hits, row); len(hits) > l.Limit {
			break
		}
	}
	return hits, nil
}

// expression is the full-text expression: every token, and one of the units' if there are any. Tokens hold
// only [a-z0-9] and non-ASCII letters, so that quoting is enough.
func expression(tokens, units []string) string {
	if units == nil {
		return allOf(tokens)
	}
	return "(" + allOf(tokens) + ") AND (" + strings.Join(quoted(units), " OR ") + ")"
}

func allOf(tokens []string) string { return strings.Join(quoted(tokens), " AND ") }

func quoted(tokens []string) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = `"` + strings.ReplaceAll(t, `"`, `""`) + `"`
	}
	return out
}
