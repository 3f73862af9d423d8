package listing

import (
	"context"
	"fmt"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/number"
)

// Found is a row with its position in the order.
type Found struct {
	Row casework.Row
	At  Cursor
}

// Complete fills in what a row's columns mean: At must be read already, opened is in milliseconds since 1970.
func (f *Found) Complete(number string, opened int64) {
	f.Row.Number, f.Row.Opened = number, time.UnixMilli(opened).UTC()
	if f.At.Due != casework.NoDue {
		f.Row.Due = time.UnixMilli(f.At.Due).UTC()
	}
}

// Portion names rows of one place: those after a position in the list's order.
type Portion struct {
	Place
	After Cursor
}

// Reader is the database side of a list. Every method but One gives rows in the list's order, beginning after
// the position it is given or l.After; only rows that the list accepts.
type Reader interface {
	// Walk runs the query of that name (list-due, list-newest, list-assignee-due, list-assignee-newest): it
	// comes past everything in the order and drops what does not match, until it has l.Limit+1 rows; list-newest
	// stops before l.Floor.
	Walk(ctx context.Context, query string, l *Listing) ([]Found, error)
	// Portions reads the first n rows of each of the portions.
	Portions(ctx context.Context, l *Listing, portions []Portion, n int) ([][]Found, error)
	// Board knows every open matter, and all that ended from a moment on, in milliseconds since 1970.
	Board(ctx context.Context, since int64) (*Board, error)
	// These reads the rows of the matters with these IDs, in any order; those that are not there are left out.
	These(ctx context.Context, ids []int64) ([]Found, error)
	// Search finds the first l.Limit+1 rows with all of l.Tokens.
	Search(ctx context.Context, l *Listing, among Among) ([]Found, error)
	// Top is the row of the newest matter below the given one, whatever its kind; 0 if there is none.
	Top(ctx context.Context, below int64) (int64, error)
	// One reads the row of one matter; none if there is none, or if it lacks one of the tokens.
	One(ctx context.Context, number string, tokens []string) ([]Found, error)
}

// List answers a query, as casework.MatterStore promises. It reads in the way that the counts say is cheapest:
// along the order over everything, dropping what does not match; or place by place, merging.
func List(ctx context.Context, q casework.Query, counts *Tally, r Reader) ([]casework.Row, string, error) {
	num := q.Scope.Matter()
	if num != "" && q.Cursor != "" {
		return nil, "", nil // the list of somebody who may see a single matter never has a second page
	}
	l, err := New(q)
	if err != nil {
		return nil, "", err
	}
	var rows []Found
	if num != "" {
		rows, err = l.one(ctx, num, r)
	} else {
		rows, err = l.rows(ctx, counts, r)
	}
	if err != nil {
		return nil, "", fmt.Errorf("list: %w", err)
	}
	out, next := l.page(rows)
	return out, next, nil
}

func (l *Listing) rows(ctx context.Context, counts *Tally, r Reader) ([]Found, error) {
	places, matching, all := counts.Match(l.Accepts, l.Meets)
	switch {
	case matching == 0:
		return nil, nil
	case l.byBoard():
		return l.chosen(ctx, r)
	case l.Tokens != nil:
		return r.Search(ctx, l, l.among(counts, places, matching, all))
	case l.Assignee == "" && l.narrow(len(places), matching, all):
		return l.Merge(ctx, places, r)
	case l.Assignee != "":
		return r.Walk(ctx, "list-assignee-"+l.Order, l)
	case l.Order == casework.Newest && matching < all:
		return l.walkNewest(ctx, places, l.span(matching, all), r)
	}
	return r.Walk(ctx, "list-"+l.Order, l)
}

// walkNewest comes past so many numbers; then it goes on from the newest of what is asked for, wherever that stands, for
// matters that came together, as by an import, stand together; and then it reads place by place.
func (l *Listing) walkNewest(ctx context.Context, places map[Place]int64, span int64, r Reader) ([]Found, error) {
	top, err := r.Top(ctx, l.After.ID)
	if err != nil || top == 0 {
		return nil, err
	}
	rest := *l
	var all []Found
	for range 2 {
		near := rest
		near.Floor = max(top-span, top-top%number.FirstID(1)) // numbers begin anew each year
		rows, err := r.Walk(ctx, "list-newest", &near)
		if all = append(all, rows...); err != nil || len(all) > l.Limit {
			return all, err
		}
		rest.After.ID, rest.Limit = near.Floor, l.Limit-len(all)
		if top, err = rest.newest(ctx, places, r); err != nil || top == 0 {
			return all, err
		}
		rest.After.ID = top + 1
	}
	rows, err := rest.Merge(ctx, places, r)
	return append(all, rows...), err
}

// newest is the row of the newest matter of the places after l.After; 0 if there is none.
func (l *Listing) newest(ctx context.Context, places map[Place]int64, r Reader) (id int64, err error) {
	portions := make([]Portion, 0, len(places))
	for p := range places {
		portions = append(portions, Portion{p, l.After})
	}
	got, err := r.Portions(ctx, l, portions, 1)
	for _, rows := range got {
		for _, f := range rows {
			id = max(id, f.At.ID)
		}
	}
	return id, err
}

func (l *Listing) one(ctx context.Context, number string, r Reader) ([]Found, error) {
	rows, err := r.One(ctx, number, l.Tokens)
	if err != nil || len(rows) == 0 || !l.Shows(rows[0].Row) {
		return nil, err
	}
	return rows, nil
}

// page cuts the rows to the page, and gives the marker of the next one or "".
func (l *Listing) page(rows []Found) (out []casework.Row, next string) {
	if len(rows) > l.Limit {
		rows = rows[:l.Limit]
		next = rows[l.Limit-1].At.String()
	}
	for _, f := range rows {
		out = append(out, f.Row)
	}
	return out, next
}
