package part_test

import (
	"testing"

	"luoshi/internal/web/part"

	"github.com/google/go-cmp/cmp"
)

func TestProgressKnowsWhatIsDone(t *testing.T) {
	for now, want := range [][]string{{"now", "next"}, {"done", "now"}, {"done", "done"}} {
		var got []string
		for _, s := range part.NewProgress("", now, "a", "b").Steps {
			got = append(got, s.State)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d: %s", now, d)
		}
	}
}

func TestCellsKnowTheirColumns(t *testing.T) {
	table := part.Table{Columns: []part.Column{{Title: "Name"}, {Title: "Open", Number: true}}}
	table.Add(part.Cell{Text: "A"}, part.Cell{Text: "3"}, part.Cell{Text: "one too many"})
	table.Add(part.Cell{Text: "B"})
	want := [][]part.Cell{{{Text: "A", Label: "Name"}, {Text: "3", Label: "Open", Number: true}}, {{Text: "B", Label: "Name"}}}
	if d := cmp.Diff(want, table.Rows); d != "" {
		t.Error(d)
	}
}
