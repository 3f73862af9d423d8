package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// all reads a whole table.
func all(t testing.TB, r io.Reader) (columns []string, rows []Row) {
	t.Helper()
	table, err := Open(r)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return table.Columns, rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

func TestTableGoesOnAfterEveryBadRow(t *testing.T) {
	long := strings.Repeat("x", 3*maxRecord)
	in := "\ufeffa,b\r\n" +
		"1,\"two\nlines, \"\"quoted\"\"\"\r\n" + // 1
		"\n" + // no row
		"only one\n" + // 2
		"1,2,3\n" + // 3
		"x\xff,2\n" + // 4
		"x\"y,2\n" + // 5: a bare quotation mark
		long + ",2\n" + // 6
		"\"never closed,2\n" + // 7
		"8,last" // 8, without a line break
	for name, r := range map[string]io.Reader{"at once": strings.NewReader(in), "byte by byte": iotest.OneByteReader(strings.NewReader(in))} {
		t.Run(name, func(t *testing.T) {
			columns, rows := all(t, r)
			if diff := cmp.Diff([]string{"a", "b"}, columns); diff != "" {
				t.Error(diff)
			}
			want := []struct{ cells, fault string }{
				{"1|two\nlines, \"quoted\"", ""},
				{"only one", "the row has 1 cells, the header names 2 columns"},
				{"1|2|3", "the row has 3 cells, the header names 2 columns"},
				{"x\xff,2", "byte 2 of the row is not UTF-8"},
				{"x\"y,2", "byte 2 of the row: a quotation mark"},
				{"", faultLong},
				{"\"never closed,2", faultQuote},
				{"8|last", ""},
			}
			if len(rows) != len(want) {
				t.Fatalf("%d rows, want %d", len(rows), len(want))
			}
			for i, w := range want {
				got := rows[i]
				if got.Number != i+1 || !strings.HasPrefix(got.Fault, w.fault) || (w.fault == "") != (got.Fault == "") {
					t.Errorf("row %d: number %d, fault %q, want %q", i+1, got.Number, got.Fault, w.fault)
				}
				if cells := strings.Join(got.Cells, "|"); w.fault != faultLong && cells != w.cells {
					t.Errorf("row %d: %q, want %q", i+1, cells, w.cells)
				}
			}
			if last := rows[len(rows)-1].Offset; last != int64(len(in)) {
				t.Errorf("offset %d at the end, want %d", last, len(in))
			}
		})
	}
}

func TestTableReadsWhatACSVWriterWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-z",\n 路]{0,6}`)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 0, 20).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write([]string{"one", "two"})
		w.WriteAll(rows)
		table, err := Open(iotest.HalfReader(&b))
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range rows {
			got, err := table.Next()
			if err != nil || got.Fault != "" {
				t.Fatalf("row %d: %v %s", i+1, err, got.Fault)
			}
			if diff := cmp.Diff(want, got.Cells); diff != "" {
				t.Fatal(diff)
			}
		}
		if _, err := table.Next(); !errors.Is(err, io.EOF) {
			t.Fatalf("%v after the last row", err)
		}
	})
}

func TestARejectsFileKeepsTheNumbersOfItsRows(t *testing.T) {
	columns, rows := all(t, strings.NewReader("row,reason,a,b\n17,why,1,2\nx,why,1,2\n18,why,\"1,2\"\n"))
	if diff := cmp.Diff([]string{"a", "b"}, columns); diff != "" {
		t.Error(diff)
	}
	if rows[0].Number != 17 || rows[0].Fault != "" || rows[1].Fault == "" || rows[2].Number != 18 || rows[2].Fault == "" {
		t.Errorf("%+v", rows)
	}
}

func TestAHeaderThatCannotBeUsedIsRefused(t *testing.T) {
	for in, want := range map[string]string{"": "empty", "a,b,a\n": `two columns named "a"`, "a,\xff\n": "UTF-8", "\"a,b\n": faultQuote} {
		if _, err := Open(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n\"x\ny\",3\n\"open,\n"))
	f.Add([]byte("row,reason,a\n1,x,y\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		table, err := Open(bytes.NewReader(in))
		if err != nil {
			return
		}
		for before := int64(0); ; {
			row, err := table.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil || row.Offset <= before || row.Offset > int64(len(in)) {
				t.Fatalf("offset %d after %d of %d: %v", row.Offset, before, len(in), err)
			}
			before = row.Offset
			if row.Fault == "" && len(row.Cells) != len(table.Columns) {
				t.Fatalf("%d cells without a fault", len(row.Cells))
			}
		}
	})
}
