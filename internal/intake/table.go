package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Columns that a file of rejects has before the original ones.
const (
	columnRow    = "row"
	columnReason = "reason"
)

// Table reads the rows of a CSV file as a stream.
type Table struct {
	Columns []string // of the header

	split *splitter
	row   int
	again bool // the file is itself a file of rejects
}

// Row is one record of the file. Cells is as long as Table.Columns, unless Fault says what is wrong with it.
type Row struct {
	Number int   // 1 for the first after the header
	Offset int64 // bytes of the file up to the end of the row
	Cells  []string
	Fault  string
}

// Match reads a mapping and the header of a table and binds one to the other; name is the file of the mapping. The error
// is that of Load, Open or Bind.
func Match(name string, mapping []byte, r io.Reader) (*Table, *Bound, error) {
	m, err := Load(name, mapping)
	if err != nil {
		return nil, nil, err
	}
	t, err := Open(r)
	if err != nil {
		return nil, nil, err
	}
	b, err := m.Bind(t.Columns)
	return t, b, err
}

// Open reads the header: the names of the columns, each once. A file of rejects is recognised by its first
// two columns: its rows keep the numbers they had in the file they come from.
func Open(r io.Reader) (*Table, error) {
	t := &Table{split: newSplitter(r)}
	record, fault, err := t.split.next()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the CSV file is empty; its first row must name the columns")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the CSV file: %w", err)
	}
	record = bytes.TrimPrefix(record, []byte("\ufeff"))
	cells, fault := parse(record, fault)
	if fault != "" {
		return nil, fmt.Errorf("the first row of the CSV file must name the columns: %s", fault)
	}
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
		if slices.Contains(cells[:i], cells[i]) {
			return nil, fmt.Errorf("the CSV file has two columns named %q; rename one", cells[i])
		}
	}
	if len(cells) > 2 && cells[0] == columnRow && cells[1] == columnReason {
		t.again, cells = true, cells[2:]
	}
	t.Columns = cells
	return t, nil
}

// Next gives the next row, or io.EOF. Empty lines are no rows.
func (t *Table) Next() (Row, error) {
	for {
		record, fault, err := t.split.next()
		if err != nil {
			return Row{}, err
		}
		if len(record) == 0 && fault == "" {
			continue
		}
		t.row++
		r := Row{Number: t.row, Offset: t.split.given}
		r.Cells, r.Fault = parse(record, fault)
		if t.again {
			t.unwrap(&r)
		}
		if r.Fault == "" && len(r.Cells) != len(t.Columns) {
			r.Fault = fmt.Sprintf("the row has %d cells, the header names %d columns", len(r.Cells), len(t.Columns))
		}
		return r, nil
	}
}

// Count reads on and counts the rows, at most limit of them where it is not 0. What was counted is not given any more.
func (t *Table) Count(limit int) (int, error) {
	for n := 0; ; n++ {
		if limit > 0 && n == limit {
			return n, nil
		}
		if _, err := t.Next(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, fmt.Errorf("reading the CSV file: %w", err)
		}
	}
}

// unwrap takes the two columns of a file of rejects off.
func (t *Table) unwrap(r *Row) {
	n, err := strconv.Atoi(r.Cells[0])
	switch {
	case r.Fault != "" || len(r.Cells) < 2:
	case err != nil || n < 1:
		r.Fault = "the column row must hold the number of the row in the file it comes from"
	default:
		r.Number = n
	}
	if len(r.Cells) > 2 {
		r.Cells = r.Cells[2:]
	}
}

// parse cuts a record into cells. A record that cannot be cut is one cell.
func parse(record []byte, fault string) ([]string, string) {
	text := string(record)
	whole := []string{text}
	switch {
	case fault != "":
		return whole, fault
	case !utf8.Valid(record):
		return whole, fmt.Sprintf("byte %d of the row is not UTF-8; save the file as UTF-8", invalidAt(record)+1)
	case !strings.Contains(text, `"`):
		return strings.Split(text, ","), ""
	}
	cells, err := csv.NewReader(bytes.NewReader(record)).Read()
	var at *csv.ParseError
	if errors.As(err, &at) {
		return whole, fmt.Sprintf("byte %d of the row: a quotation mark stands where none may stand", at.Column)
	}
	return cells, ""
}

func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}
