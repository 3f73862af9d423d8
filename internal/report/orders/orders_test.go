package orders_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/report"
	"luoshi/internal/report/orders"
)

const meeting = `全省安全生产电视电话会议召开
2026年9月1日，全省安全生产电视电话会议在省城召开。省长王明出席并讲话。
王明强调，一要排查隐患。省应急厅牵头，省教育厅配合，9月30日前完成学校周边排查；各县10月15日前报送清单。二要压实责任，层层签订责任书。三要严格执法，15日内办结举报。`

func list(t testing.TB) *orders.List {
	t.Helper()
	return orders.From(report.Read(meeting, time.Date(2026, 9, 2, 0, 0, 0, 0, time.UTC)))
}

func tasks(l *orders.List) (out []string) {
	for _, it := range l.Open() {
		out = append(out, it.Task)
	}
	return out
}

func TestFrom(t *testing.T) {
	l := list(t)
	if l.Title != "全省安全生产电视电话会议召开" || l.Date != "2026-09-01" || len(l.Items) != 3 {
		t.Fatalf("%q of %q with %d items: %q", l.Title, l.Date, len(l.Items), tasks(l))
	}
	one, three := l.Items[0], l.Items[2]
	if one.Due != "2026-09-30" || cmp.Diff([]string{"省应急厅"}, one.Said.Lead) != "" && one.Said.Lead[0] != "省应急厅" || one.Speaker != "王明" {
		t.Errorf("the first: %+v", one)
	}
	if three.Period != "15d" || three.Title != "要严格执法" {
		t.Errorf("the third: %+v", three)
	}
	for _, it := range l.Items {
		if words := l.Words(it.Places[0]); !strings.HasSuffix(words, it.Task) {
			t.Errorf("the task %q is not what stands at its place: %q", it.Task, words)
		}
	}
}

func TestATaskIsWithoutWhatCountsIt(t *testing.T) {
	for text, want := range map[string][]string{
		"会议强调，一是各县要排查隐患；二是各镇要报送清单。":   {"各县要排查隐患", "各镇要报送清单"},
		"会议强调，第一，各县要排查隐患。第二，各镇要报送清单。": {"各县要排查隐患", "各镇要报送清单"},
	} {
		l := orders.From(report.Read("全省会议召开\n2026年9月1日，会议在省城召开。\n"+text, time.Date(2026, 9, 2, 0, 0, 0, 0, time.UTC)))
		var got []string
		for _, task := range tasks(l) {
			got = append(got, strings.TrimRight(task, "；。"))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", text, d)
		}
	}
}

func TestSplitMergeDrop(t *testing.T) {
	l := list(t)
	first := l.Items[0].ID
	l.Items[0].Unit, l.Items[0].Measure = "dept", "清单"
	if n := l.Split(first); n < 2 {
		t.Fatalf("split into %d: %q", n, tasks(l))
	}
	parts := len(l.Items) - 2
	if l.Items[1].Unit != "dept" || l.Items[1].Measure != "清单" || l.Find(first) != nil {
		t.Errorf("after the split: %+v", l.Items[1])
	}
	for range parts - 1 {
		if !l.Merge(l.Items[1].ID) {
			t.Fatal("cannot merge")
		}
	}
	if len(l.Items) != 3 || len(l.Items[0].Places) != parts || l.Items[0].Due != "2026-09-30" {
		t.Errorf("merged again: %+v", l.Items[0])
	}
	l.Drop(l.Items[1].ID, true)
	if got := len(l.Open()); got != 2 {
		t.Errorf("%d are open", got)
	}
	if !l.Merge(l.Items[2].ID) || len(l.Open()) != 1 {
		t.Error("an item is not merged past one that was dropped")
	}
	if l.Merge(l.Items[0].ID) || l.Split(99) != 0 || l.Merge(99) {
		t.Error("what cannot be is done")
	}
	added := l.Add()
	if it := l.Find(added); it == nil || len(it.Places) != 0 {
		t.Errorf("added: %+v", it)
	}
}

// TestTextIsWhole: the pieces are the text, and every item's words are linked, whatever is done to the list.
func TestTextIsWhole(t *testing.T) {
	files, err := filepath.Glob("../testdata/made/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		src, err := os.ReadFile(rapid.SampledFrom(files).Draw(rt, "file"))
		if err != nil {
			rt.Fatal(err)
		}
		l := orders.From(report.Read(string(src), time.Time{}))
		for range rapid.IntRange(0, 8).Draw(rt, "edits") {
			if len(l.Items) == 0 {
				l.Add()
			}
			id := rapid.SampledFrom(l.Items).Draw(rt, "item").ID
			switch rapid.IntRange(0, 3).Draw(rt, "edit") {
			case 0:
				l.Merge(id)
			case 1:
				l.Split(id)
			case 2:
				l.Drop(id, !l.Find(id).Dropped)
			case 3:
				l.Add()
			}
		}
		text, first, seen := "", map[int]bool{}, map[int]bool{}
		for _, p := range l.Pieces() {
			text += p.Text
			for i, id := range p.Items {
				seen[id] = true
				if i == 0 && p.First {
					if first[id] {
						rt.Fatalf("item %d begins twice", id)
					}
					first[id] = true
				}
			}
		}
		if text != l.Text {
			rt.Fatal("the pieces are not the text")
		}
		for _, it := range l.Open() {
			if len(it.Places) > 0 && !seen[it.ID] {
				rt.Fatalf("the words of item %d are not linked", it.ID)
			}
		}
		b, err := json.Marshal(l)
		if err != nil {
			rt.Fatal(err)
		}
		var again orders.List
		if err := json.Unmarshal(b, &again); err != nil || cmp.Diff(l.Text, again.Text) != "" || len(again.Items) != len(l.Items) {
			rt.Fatalf("written and read again it is another: %v", err)
		}
	})
}
