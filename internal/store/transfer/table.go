package transfer

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// Kind is the type of a column.
type Kind int

// The kinds of column, with the Go type of a value.
const (
	Int   Kind = iota // int64
	Bool              // bool
	Text              // string, without the character NUL, which PostgreSQL cannot keep in a text
	Free              // string with any character; PostgreSQL keeps it as bytes
	Bytes             // []byte; nil is NULL
)

// Column is one column of a table.
type Column struct {
	Name string
	Kind Kind
}

// Table is one table that is copied.
type Table struct {
	Name    string
	Columns []Column // the key's first; without the column log, which a database adds by itself
	Key     int      // how many columns are the primary key
	// Loose tables change without a new entry in the log. A copy that is taken up again copies them anew,
	// since they may differ although the log does not.
	Loose bool
	// Named: only rows of files that an entry names are copied. What was sent and not handed in stays behind.
	Named bool
	// Own are values of the first column whose rows belong to one database alone and are not copied.
	Own []string
}

// Row is the values of a row in the order of the table's columns.
type Row []any

// Tables are all tables that are copied, in the order they are copied in.
func Tables() []Table {
	integer := func(names ...string) []Column { return columns(Int, names) }
	text := func(names ...string) []Column { return columns(Text, names) }
	blob := func(names ...string) []Column { return columns(Bytes, names) }
	flag := func(names ...string) []Column { return columns(Bool, names) }
	return []Table{
		table("meta", 1, text("name", "value")).loose("log-origin", "search-watermark", "request-mark", "schema-oldest", Into, Moved),
		table("unit", 1, text("code", "parent", "kind", "name", "valid_from", "valid_to", "successors")).loose(),
		table("account", 1, text("login", "name", "password", "token"), flag("disabled")).loose(),
		table("account_grant", 3, text("login", "role", "unit")).loose(),
		table("procedure", 1, text("key"), blob("source"), text("publisher", "published")).loose(),
		table("calendar", 2, text("name"), integer("seq"), text("version"), blob("source"), text("added")).loose(),
		table("entry", 1, integer("idx", "matter", "seq"), blob("act", "salt", "content", "content_salt", "commitment", "request_key")),
		table("tile", 2, integer("level", "idx"), blob("data")),
		table("checkpoint", 1, integer("size"), blob("signed")),
		table("matter", 1, integer("id"), text("procedure", "state"), flag("open"), text("unit", "assignee"),
			integer("version", "opened", "due", "wake"), columns(Free, []string{"title"}), blob("doc"), text("provisional"), integer("ended", "late")),
		table("tally", 3, text("unit", "procedure", "state"), flag("open"), integer("n")),
		table("file", 1, text("id", "name", "media_type", "kind"), integer("size"), text("sha256"), flag("whole"), integer("expires")).named(),
		table("file_part", 2, text("id"), integer("part"), blob("data")).named(),
		table("file_use", 2, text("id"), integer("matter")),
		table("disclosure", 3, integer("matter"), text("day", "login", "unit", "first")).loose(),
		table("worklist", 2, text("login", "name", "query", "added")).loose(),
		table("reply", 2, text("unit", "id", "procedure", "step", "name", "body", "login", "changed")).loose(),
		table("draft", 2, text("unit", "id", "title"), blob("doc"), integer("version"), text("login", "changed", "issued")).loose(),
		table("feed", 1, text("login", "hash", "lang", "made")).loose(),
	}
}

func table(name string, key int, parts ...[]Column) Table {
	t := Table{Name: name, Key: key}
	for _, p := range parts {
		t.Columns = append(t.Columns, p...)
	}
	return t
}

func (t Table) loose(own ...string) Table {
	t.Loose, t.Own = true, own
	return t
}

func (t Table) named() Table {
	t.Named = true
	return t
}

func columns(kind Kind, names []string) []Column {
	out := make([]Column, len(names))
	for i, n := range names {
		out[i] = Column{n, kind}
	}
	return out
}

// Names are the names of the table's columns.
func (t Table) Names() []string {
	out := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = c.Name
	}
	return out
}

// Place is the place of a column in a row of the table; -1 when it has none of that name.
func (t Table) Place(column string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == column })
}

// Check says what is wrong with a row: the number of its values, or the type of one.
func (t Table) Check(row Row) error {
	if len(row) != len(t.Columns) {
		return fmt.Errorf("a row of table %s has %d values instead of %d", t.Name, len(row), len(t.Columns))
	}
	for i, c := range t.Columns {
		if !c.Kind.fits(row[i]) {
			return fmt.Errorf("table %s, row %v: column %s is of type %T", t.Name, row[:t.Key], c.Name, row[i])
		}
	}
	return nil
}

func (k Kind) fits(v any) (ok bool) {
	switch k {
	case Int:
		_, ok = v.(int64)
	case Bool:
		_, ok = v.(bool)
	case Text, Free:
		_, ok = v.(string)
	case Bytes:
		_, ok = v.([]byte)
	}
	return ok
}

// Compare orders two rows by their keys, as both databases do: numbers by size, texts by their bytes.
func (t Table) Compare(a, b Row) int {
	for i := range t.Key {
		if c := compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func compare(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case string:
		return cmp.Compare(a, b.(string))
	case []byte:
		return bytes.Compare(a, b.([]byte))
	}
	return 0
}

// weight is about how many bytes a row holds.
func weight(row Row) (n int64) {
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += int64(len(v))
		case []byte:
			n += int64(len(v))
		default:
			n += 8
		}
	}
	return n
}
