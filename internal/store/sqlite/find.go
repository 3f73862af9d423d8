package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/store/listing"
)

// A search has three ways. Hits of the words come newest first, and each is looked at until the page is full; that is
// soon when many of the matters are such as asked for. When few are (a state that hardly any matter stands in), it is
// asked after a number of hits whether it would not cost less to collect the rows in question and to look at hits among
// them alone: coming past a hit in the index costs a small part of looking at its matter. When very few are, the words
// are looked for in the matters themselves.
const (
	maxRead     = 50  // matters; reading more costs more than coming past the hits
	firstLooks  = 400 // hits that are looked at before it is asked how many were such as asked for
	lookCost    = 3   // at a hit's matter, in tenths of what coming past ten hits costs
	collectCost = 2   // of one row, in the same
)

// Search implements listing.Reader.
func (r reader) Search(ctx context.Context, l *listing.Listing, among listing.Among) ([]listing.Found, error) {
	switch {
	case !among.Few():
		return r.hopefully(ctx, l, among)
	case among.Matching <= maxRead:
		return r.readThrough(ctx, l, among)
	}
	return r.byWords(ctx, l, among, firstLooks)
}

// hopefully looks at hits of the words as if most of them were such as asked for. When the first ones are not, for the
// words are those of other offices, it looks at hits that have one of the units too.
func (r reader) hopefully(ctx context.Context, l *listing.Listing, among listing.Among) ([]listing.Found, error) {
	expr, units := expression(l.Tokens, among.UnitTokens()), among.Units()
	if among.UnitTokens() != nil || units == nil {
		return r.comePast(ctx, l, expr, 0)
	}
	low, err := r.bound(ctx, l, expr, firstLooks)
	if err != nil {
		return nil, err
	}
	found, err := r.comePast(ctx, l, expr, low)
	if err != nil || low == 0 || len(found) > l.Limit {
		return found, err
	}
	rest := *l
	rest.After.ID, rest.Limit = low, l.Limit-len(found)
	rows, err := r.comePast(ctx, &rest, expression(l.Tokens, units), 0)
	return append(found, rows...), err
}

// byWords looks at hits until the page is full or collecting turns out to cost less; at so many in the beginning.
func (r reader) byWords(ctx context.Context, l *listing.Listing, among listing.Among, looks int) ([]listing.Found, error) {
	expr, rest := expression(l.Tokens, among.UnitTokens()), *l
	var found []listing.Found
	for looked := 0; ; looks *= 4 {
		low, err := r.bound(ctx, &rest, expr, looks)
		if err != nil {
			return nil, err
		}
		rows, err := r.comePast(ctx, &rest, expr, low)
		if found = append(found, rows...); err != nil || low == 0 || len(found) > l.Limit {
			return found, err
		}
		looked += looks
		rest.After.ID, rest.Limit = low, l.Limit-len(found)
		if more := int64((rest.Limit + 1) * looked / (len(found) + 1)); lookCost*more > collectCost*among.Matching {
			rows, err := r.collect(ctx, &rest, expr, among)
			return append(found, rows...), err
		}
	}
}

// bound is the row of the hit that is so many hits further on; 0 when there are not so many.
func (r reader) bound(ctx context.Context, l *listing.Listing, expr string, looks int) (id int64, err error) {
	err = r.s.reads["search-bound"].QueryRowContext(ctx, expr, l.After.ID, looks-1).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, mapError(err)
}

// comePast looks at every hit of the expression from the row low on.
func (r reader) comePast(ctx context.Context, l *listing.Listing, expr string, low int64) ([]listing.Found, error) {
	args, err := wide(l)
	if err != nil {
		return nil, err
	}
	return r.s.rows(ctx, "list-search", append(append(args, expr, low), within(l)...)...)
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
