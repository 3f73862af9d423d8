package listing

import (
	"math"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// MaxPage bounds the rows of one page; usual is how many there are when the query does not say.
const (
	MaxPage = 200
	usual   = 50
)

// Listing is a Query made ready: its order and limit are settled, and it says where the page begins and which
// units it may show.
type Listing struct {
	casework.Query
	After  Cursor
	Floor  int64    // the walk over the newest stops before rows below it
	Units  []string // the only ones to look at; not when Everywhere
	inside func(unit string) bool
	none   bool // what is asked for contradicts itself
}

// New makes a query ready. Its error is that of a page marker that is none.
func New(q casework.Query) (*Listing, error) {
	l := &Listing{Query: q}
	if l.Unassigned || l.Due != (casework.Between{}) { // both are asked of open matters alone
		l.none = q.Open != nil && !*q.Open
		open := true
		l.Open = &open
	}
	if l.Tokens != nil || l.Scope.Matter() != "" {
		l.Happened = casework.Happened{}
	}
	if l.Limit <= 0 || l.Limit > MaxPage {
		l.Limit = usual
	}
	l.Order = casework.Newest // also for what is not open, for only open matters are due, and for the hits of a search
	if q.Order != casework.Newest && l.Open != nil && *l.Open && q.Tokens == nil && l.Happened == (casework.Happened{}) {
		l.Order = casework.ByDue
	}
	l.place()
	var err error
	l.After, err = start(l.Order, q.Cursor)
	return l, err
}

// Everywhere reports whether the units do not restrict the list.
func (l *Listing) Everywhere() bool { return l.Scope.All() && l.Unit == "" && len(l.Below) == 0 }

// place works out the units the list may show: the scope, cut down to the unit or the units asked for.
func (l *Listing) place() {
	l.inside = Inside(l.Scope)
	switch {
	case l.Everywhere():
		return
	case l.Unit != "":
		l.Units = []string{l.Unit}
	case len(l.Below) > 0:
		l.Units = slices.Clone(l.Below)
	default:
		l.Units = slices.Clone(l.Scope.Units())
	}
	scope := l.inside
	l.Units = slices.DeleteFunc(l.Units, func(u string) bool {
		return !scope(u) || l.Unit != "" && len(l.Below) > 0 && !slices.Contains(l.Below, u)
	})
	l.inside = oneOf(l.Units)
}

// Inside is a fast test whether a unit is in the scope.
func Inside(scope office.Scope) func(unit string) bool {
	if scope.All() {
		return func(string) bool { return true }
	}
	return oneOf(scope.Units())
}

func oneOf(units []string) func(unit string) bool {
	set := make(map[string]bool, len(units))
	for _, u := range units {
		set[u] = true
	}
	return func(u string) bool { return set[u] }
}

// Accepts reports whether a counted place can hold rows of the list.
func (l *Listing) Accepts(p Place) bool {
	return !l.none && l.inside(p.Unit) && (l.State == "" || p.State == l.State) && l.governed(p.Procedure) && (l.Open == nil || p.Open == *l.Open)
}

// governed reports whether the list asks for matters under the procedure, given as id@version.
func (l *Listing) governed(procedure string) bool {
	return l.Procedure == "" || procedure == l.Procedure || strings.HasPrefix(procedure, l.Procedure+"@")
}

// Meets reports whether reading along the order comes past the rows of the place.
func (l *Listing) Meets(p Place) bool { return l.Order != casework.ByDue || p.Open }

// Shows reports whether one row, inside the scope, is such as the list asks for; words aside.
func (l *Listing) Shows(r casework.Row) bool {
	return !l.none && (l.State == "" || l.State == r.State) && l.governed(r.Procedure) && (l.Open == nil || *l.Open == r.Open) &&
		!(l.Happened.What == casework.Ended && r.Open) && (l.Assignee == "" || l.Assignee == r.Assignee) && (!l.Unassigned || r.Assignee == "") && l.dueIn(r) && (l.Unit == "" || l.Unit == r.Unit) &&
		(len(l.Below) == 0 || slices.Contains(l.Below, r.Unit))
}

// dueIn reports whether the row runs out within the time asked for.
func (l *Listing) dueIn(r casework.Row) bool {
	return l.Due == casework.Between{} || !r.Due.IsZero() && l.Due.Holds(r.Due.UnixMilli())
}

// Within is the time asked for; all time where none is.
func (l *Listing) Within() casework.Between {
	if l.Due == (casework.Between{}) {
		return casework.Between{After: math.MinInt64, Until: math.MaxInt64}
	}
	return l.Due
}
