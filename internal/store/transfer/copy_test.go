package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"luoshi/internal/store/transfer"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestACopyHoldsWhatItsSourceHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, dst := filled(t), empty()
		var last transfer.Progress
		r, err := transfer.Copy(context.Background(), src, dst, func(p transfer.Progress) {
			if p.Rows < last.Rows || p.Rows > p.All {
				t.Fatalf("progress goes from %d to %d of %d", last.Rows, p.Rows, p.All)
			}
			last = p
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, src, dst)
		if last.Rows != r.Rows || last.All != r.Rows || dst.state.Origin != src.head.Origin || dst.state.Mark == nil {
			t.Fatalf("%+v, last report %+v, target %+v", r, last, dst.state)
		}
	})
}

// same compares all rows, an empty table like none.
func same(t *rapid.T, src, dst *memory) {
	for _, table := range transfer.Tables() {
		if d := cmp.Diff(append([]transfer.Row{}, src.rows[table.Name]...), append([]transfer.Row{}, dst.rows[table.Name]...)); d != "" {
			t.Fatalf("table %s: %s", table.Name, d)
		}
	}
}

func TestACopyCutOffAnywhereGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, dst := filled(t), empty()
		for {
			dst.fail = rapid.IntRange(0, 4).Draw(t, "fails after")
			_, err := transfer.Copy(context.Background(), src, dst, nil)
			if err == nil {
				break
			}
			if !errors.Is(err, errCut) {
				t.Fatal(err)
			}
			// What is not in the log may change between two runs.
			units := src.rows["unit"]
			if len(units) > 0 {
				src.rows["unit"] = units[1:]
			}
		}
		same(t, src, dst)
	})
}

func TestALargeTableIsCopiedInManyTransactions(t *testing.T) {
	src, dst := empty(), empty()
	src.head = transfer.Head{Origin: "o", Schema: 1}
	for i := range 5001 {
		src.rows["checkpoint"] = append(src.rows["checkpoint"], transfer.Row{int64(i), []byte("x")})
	}
	dst.fail = 3
	_, err := transfer.Copy(context.Background(), src, dst, nil)
	if n := len(dst.rows["checkpoint"]); !errors.Is(err, errCut) || n == 0 || n == 5001 {
		t.Fatalf("%d rows, %v", n, err)
	}
	r, err := transfer.Copy(context.Background(), src, dst, nil)
	must(t, err)
	if len(dst.rows["checkpoint"]) != 5001 || !r.Resumed {
		t.Errorf("%d rows, %+v", len(dst.rows["checkpoint"]), r)
	}
}

func TestACopyIsRefused(t *testing.T) {
	source := func(head transfer.Head) *memory {
		m := empty()
		m.head = head
		m.rows["checkpoint"] = []transfer.Row{{int64(1), []byte("1")}}
		return m
	}
	now := transfer.Head{Origin: "o", Size: 1, Checkpoint: []byte("1"), Schema: 1}
	for _, c := range []struct {
		name   string
		source transfer.Head
		target func(*memory)
		want   string
	}{
		{"into another log", now, func(m *memory) { m.state.Origin = "p" }, "another log, p"},
		{"into the same log that has gone on", now, func(m *memory) { m.state.Origin, m.state.Checkpoint = "o", []byte("2") }, "gone on"},
		{"into the same log that was just begun", now, func(m *memory) { m.state.Origin = "o" }, "gone on"},
		{"into a database with something in it", now, func(m *memory) { m.rows["unit"] = []transfer.Row{{"x"}} }, "not empty"},
		{"to go on with another log", now, func(m *memory) { m.state.Mark = &transfer.Mark{Origin: "p"} }, "begun with another log, p"},
		{"to go on after the source has", now, func(m *memory) { m.state.Mark = &transfer.Mark{Origin: "o", Checkpoint: "0"} }, "remove the target"},
		{"from another schema", transfer.Head{Origin: "o", Schema: 2}, func(*memory) {}, "schema 2, the target 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dst := empty()
			c.target(dst)
			_, err := transfer.Copy(context.Background(), source(c.source), dst, nil)
			if !errors.Is(err, transfer.ErrHeld) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if len(dst.rows["checkpoint"]) > 0 {
				t.Error("rows were copied")
			}
		})
	}
}

// The newest checkpoint alone says nothing of what changes without an entry.
func TestTheSameLogIsNotTakenForTheSameContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, dst := filled(t), empty()
		if _, err := transfer.Copy(context.Background(), src, dst, nil); err != nil {
			t.Fatal(err)
		}
		dst.state.Mark = nil
		_, err := transfer.Copy(context.Background(), src, dst, nil)
		if !errors.Is(err, transfer.ErrThere) || !errors.Is(err, transfer.ErrHeld) {
			t.Fatalf("copying it again: %v", err)
		}
		differing := func(want ...string) {
			if have, err := transfer.Differing(context.Background(), src, dst); err != nil || !cmp.Equal(have, want) {
				t.Fatalf("%v differ (%v), want %v", have, err, want)
			}
		}
		differing()
		table := rapid.SampledFrom(transfer.Tables()).Draw(t, "table")
		dst.rows[table.Name] = append([]transfer.Row{row(table).Draw(t, "first")}, dst.rows[table.Name]...)
		if table.Loose {
			differing(table.Name)
		} else {
			differing()
		}
	})
}

func TestEveryRunHasItsOwnMark(t *testing.T) {
	src, dst := empty(), empty()
	src.head = transfer.Head{Origin: "o", Checkpoint: []byte("1"), Schema: 1}
	src.rows["tile"] = []transfer.Row{{int64(0), int64(0), []byte("a")}}
	dst.fail = 1
	if _, err := transfer.Copy(context.Background(), src, dst, nil); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	first := *dst.state.Mark
	if _, err := transfer.Copy(context.Background(), src, dst, nil); err != nil {
		t.Fatal(err)
	}
	second := *dst.state.Mark
	if first.Run == "" || second.Run == first.Run || second.Begun != first.Begun || second.Origin != "o" || second.Checkpoint != "1" {
		t.Errorf("first %+v, then %+v", first, second)
	}
}

// forgetful loses a row.
type forgetful struct{ *memory }

func (f forgetful) Append(ctx context.Context, t transfer.Table, rows []transfer.Row) error {
	return f.memory.Append(ctx, t, rows[1:])
}

func TestARowThatIsLostIsNoticed(t *testing.T) {
	src := empty()
	src.head = transfer.Head{Origin: "o", Schema: 1}
	src.rows["tile"] = []transfer.Row{{int64(0), int64(0), []byte("a")}, {int64(0), int64(1), []byte("b")}}
	_, err := transfer.Copy(context.Background(), src, forgetful{empty()}, nil)
	if err == nil || !strings.Contains(err.Error(), "table tile: the target has 1 rows, the source 2") {
		t.Error(err)
	}
}

func TestAValueOfAnotherTypeIsRefused(t *testing.T) {
	for i, row := range []transfer.Row{{"1", []byte{}}, {int64(1), "x"}, {int64(1), nil}, {int64(1)}} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			src := empty()
			src.head = transfer.Head{Origin: "o", Schema: 1}
			src.rows["checkpoint"] = []transfer.Row{row}
			if _, err := transfer.Copy(context.Background(), src, empty(), nil); err == nil || !strings.Contains(err.Error(), "checkpoint") {
				t.Error(err)
			}
		})
	}
}
