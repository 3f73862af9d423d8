package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"luoshi/internal/casework"
)

// MaxPage bounds the rows of one page.
const MaxPage = 200

// cursor is where the next page begins: after this row in the list's order.
type cursor struct{ due, id int64 }

func (q listing) start(text string) (cursor, error) {
	c := cursor{due: -1 << 62}
	if q.order == casework.Newest {
		c.id = math.MaxInt64
	}
	if text == "" {
		return c, nil
	}
	due, id, ok := strings.Cut(text, ".")
	var err1, err2 error
	c.due, err1 = strconv.ParseInt(due, 36, 64)
	c.id, err2 = strconv.ParseInt(id, 36, 64)
	if !ok || err1 != nil || err2 != nil {
		return c, errCursor
	}
	return c, nil
}

var errCursor = &casework.Error{Kind: casework.Invalid, Code: "bad-cursor",
	Text: map[string]string{"zh": "翻页标记无效，请从第一页重新开始。", "en": "This page marker is not valid; start again from the first page."}}

func (c cursor) String() string {
	return strconv.FormatInt(c.due, 36) + "." + strconv.FormatInt(c.id, 36)
}

// listing is a Query made ready: where it may look and from which row on.
type listing struct {
	casework.Query
	order  string
	limit  int
	after  cursor
	inside func(unit string) bool
	units  string // JSON for the query, "" when every unit is inside
	open   int
}

func newListing(q casework.Query) (listing, error) {
	l := listing{Query: q, order: q.Order, limit: q.Limit, open: -1}
	if l.limit <= 0 || l.limit > MaxPage {
		l.limit = 50
	}
	if l.order == "" {
		l.order = casework.ByDue
	}
	if q.Open != nil {
		l.open = 0
		if *q.Open {
			l.open = 1
		}
	}
	if l.order == casework.ByDue && (l.open != 1 || q.Tokens != nil) {
		l.order = casework.Newest // only open matters are due; hits of a search come newest first
	}
	if err := l.place(); err != nil {
		return l, err
	}
	var err error
	l.after, err = l.start(q.Cursor)
	return l, err
}

// place works out the units the list may show: the scope, cut down to the unit or the units asked for.
func (l *listing) place() error {
	inside := insideScope(l.Scope)
	var units []string
	switch {
	case l.Unit != "":
		units = []string{l.Unit}
	case len(l.Below) > 0:
		units = l.Below
	case l.Scope.All():
		l.inside = inside
		return nil
	default:
		units = l.Scope.Units()
	}
	units = slices.DeleteFunc(slices.Clone(units), func(u string) bool {
		return !inside(u) || l.Unit != "" && len(l.Below) > 0 && !slices.Contains(l.Below, u)
	})
	set := make(map[string]bool, len(units))
	for _, u := range units {
		set[u] = true
	}
	l.inside = func(u string) bool { return set[u] }
	b, err := json.Marshal(units)
	l.units = string(b)
	return err
}

// accepts reports whether a counted place can hold rows of the list.
func (l *listing) accepts(p place) bool {
	return l.inside(p.unit) && (l.State == "" || p.state == l.State) &&
		(l.Procedure == "" || p.procedure == l.Procedure || strings.HasPrefix(p.procedure, l.Procedure+"@")) &&
		(l.open == -1 || p.open == (l.open == 1))
}

// meets reports whether the wide query comes past the rows of the place.
func (l *listing) meets(p place) bool { return l.order != casework.ByDue || p.open }

// args are the parameters of the wide queries.
func (l *listing) args() []any {
	return []any{l.State, l.Procedure, l.Assignee, l.open, l.units, l.after.due, l.after.id, l.limit + 1}
}

// List implements casework.MatterStore. It reads in one of two ways, whichever the counts say is cheaper:
// wide, along the order over everything, dropping what does not match; or place by place, merging.
func (s *Store) List(ctx context.Context, q casework.Query) ([]casework.Row, string, error) {
	if q.Tokens != nil && s.committer != nil {
		if err := s.flushIndex(ctx); err != nil {
			return nil, "", err
		}
	}
	if num := q.Scope.Matter(); num != "" {
		return s.listOne(ctx, num, q)
	}
	l, err := newListing(q)
	if err != nil {
		return nil, "", err
	}
	places, matching, all := s.tally.match(l.accepts, l.meets)
	var rows []found
	switch {
	case matching == 0:
		return nil, "", nil
	case q.Tokens != nil:
		rows, err = s.find(ctx, &l, places, matching, all)
	case l.Assignee != "" && l.order == casework.ByDue:
		rows, err = s.rows(ctx, "list-assignee-due", l.args()...)
	case l.Assignee != "":
		rows, err = s.rows(ctx, "list-assignee-newest", l.args()...)
	case l.narrow(len(places), matching, all):
		rows, err = s.merge(ctx, &l, places)
	case l.order == casework.ByDue:
		rows, err = s.rows(ctx, "list-due", l.args()...)
	default:
		rows, err = s.rows(ctx, "list-newest", l.args()...)
	}
	if err != nil {
		return nil, "", fmt.Errorf("list: %w", mapError(err))
	}
	return l.page(rows)
}

// found is a row with its place in the order.
type found struct {
	row casework.Row
	at  cursor
}

func (s *Store) rows(ctx context.Context, name string, args ...any) ([]found, error) {
	rows, err := s.reads[name].QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return scanRows(rows)
}

func scanRows(rows *sql.Rows) ([]found, error) {
	defer rows.Close()
	var out []found
	for rows.Next() {
		var f found
		var opened int64
		r := &f.row
		if err := rows.Scan(&f.at.id, &r.Procedure, &r.State, &r.Open, &r.Unit, &r.Assignee, &r.Version, &opened, &f.at.due, &r.Title); err != nil {
			return nil, err
		}
		r.Number, r.Opened = matterNumber(f.at.id), time.UnixMilli(opened).UTC()
		if f.at.due != casework.NoDue {
			r.Due = time.UnixMilli(f.at.due).UTC()
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

func (l *listing) page(rows []found) ([]casework.Row, string, error) {
	next := ""
	if len(rows) > l.limit {
		rows = rows[:l.limit]
		next = rows[l.limit-1].at.String()
	}
	out := make([]casework.Row, len(rows))
	for i, f := range rows {
		out[i] = f.row
	}
	return out, next, nil
}

// listOne is the list of somebody who may see a single matter. The wide queries read it from its own row.
func (s *Store) listOne(ctx context.Context, num string, q casework.Query) ([]casework.Row, string, error) {
	id, err := matterID(num)
	if err != nil {
		return nil, "", err
	}
	if q.Cursor != "" {
		return nil, "", nil // there is never a second page
	}
	// Without filters the first row at or below the matter's is its own, or it has none: nothing is scanned.
	name, args := "list-newest", []any{"", "", "", -1, "", 0, id + 1, 1}
	if q.Tokens != nil {
		name, args = "list-search", append(args, allOf(q.Tokens))
	}
	rows, err := s.rows(ctx, name, args...)
	if err != nil {
		return nil, "", fmt.Errorf("list: %w", mapError(err))
	}
	if len(rows) == 0 || rows[0].at.id != id {
		return nil, "", nil
	}
	r := rows[0].row
	if q.State != "" && q.State != r.State || q.Assignee != "" && q.Assignee != r.Assignee || q.Open != nil && *q.Open != r.Open ||
		q.Procedure != "" && q.Procedure != r.Procedure && !strings.HasPrefix(r.Procedure, q.Procedure+"@") ||
		q.Unit != "" && q.Unit != r.Unit || len(q.Below) > 0 && !slices.Contains(q.Below, r.Unit) {
		return nil, "", nil
	}
	return []casework.Row{r}, "", nil
}
