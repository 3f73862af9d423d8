package listing

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"luoshi/internal/casework"
)

// Cursor is a row's position in a list: the next page begins after it. Due is in milliseconds since 1970 or
// casework.NoDue, ID is the row of the matter.
type Cursor struct{ Due, ID int64 }

var errCursor = &casework.Error{Kind: casework.Invalid, Code: "bad-cursor",
	Text: map[string]string{"zh": "翻页标记无效，请从第一页重新开始。", "en": "This page marker is not valid; start again from the first page."}}

// beginning is before the first row of the order.
func beginning(order string) Cursor {
	c := Cursor{Due: -1 << 62}
	if order == casework.Newest {
		c.ID = math.MaxInt64
	}
	return c
}

// start reads a page marker; "" is the first page.
func start(order, text string) (Cursor, error) {
	if text == "" {
		return beginning(order), nil
	}
	due, id, ok := strings.Cut(text, ".")
	var c Cursor
	var err1, err2 error
	c.Due, err1 = strconv.ParseInt(due, 36, 64)
	c.ID, err2 = strconv.ParseInt(id, 36, 64)
	if !ok || err1 != nil || err2 != nil {
		return c, errCursor
	}
	return c, nil
}

// String is the page marker, as List gives it out and takes it back.
func (c Cursor) String() string {
	return strconv.FormatInt(c.Due, 36) + "." + strconv.FormatInt(c.ID, 36)
}

// Compare says which position comes first in the list's order, as cmp.Compare does.
func (l *Listing) Compare(a, b Cursor) int {
	if l.Order == casework.Newest {
		return cmp.Compare(b.ID, a.ID)
	}
	return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.ID, b.ID))
}
