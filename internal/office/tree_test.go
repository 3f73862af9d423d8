package office

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// province is a small tree: two cities, one with two counties and a court.
func province(t testing.TB) *Tree {
	t.Helper()
	tree, err := NewTree([]Unit{
		{Code: "1402", Parent: "14"}, {Code: "14", Kind: "province", Name: map[string]string{"zh": "某省", "en": "A province"}},
		{Code: "1401", Parent: "14"}, {Code: "140105", Parent: "1401"}, {Code: "140106", Parent: "1401"},
		{Code: "140106001", Parent: "140106"}, {Code: "140107", Parent: "1401", ValidTo: "2025-12-31", Successors: []string{"140105", "140108"}},
		{Code: "140108", Parent: "1401", ValidFrom: "2026-01-01", ValidTo: "2026-06-30", Successors: []string{"140106"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTreeAnswers(t *testing.T) {
	tree := province(t)
	for _, c := range []struct {
		name string
		got  []string
		want string
	}{
		{"roots", tree.Roots(), "14"},
		{"children are sorted", tree.Children("14"), "1401 1402"},
		{"below starts with the unit", tree.Below("140106"), "140106 140106001"},
		{"below of the root is all", tree.Below("14"), "14 1401 140105 140106 140106001 140107 140108 1402"},
		{"below of everywhere is all", tree.Below(Everywhere), "14 1401 140105 140106 140106001 140107 140108 1402"},
		{"below of an unknown unit is none", tree.Below("99"), ""},
		{"children of an unknown unit are none", tree.Children("99"), ""},
		{"path goes from the root", tree.Path("140106001"), "14 1401 140106 140106001"},
		{"path of an unknown unit is none", tree.Path("99"), ""},
		{"a valid unit stands for itself", tree.Successor("140107", "2025-12-31"), "140107"},
		{"an ended unit by its successors", tree.Successor("140107", "2026-01-01"), "140105 140108"},
		{"and by theirs", tree.Successor("140107", "2026-07-01"), "140105 140106"},
		{"nobody stands for a unit before it began", tree.Successor("140108", "2025-01-01"), ""},
		{"nobody stands for an unknown unit", tree.Successor("99", "2026-01-01"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(strings.Fields(c.want), c.got, cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
	if u, ok := tree.Unit("14"); !ok || u.Label("en") != "A province" || u.Label("fr") != "某省" {
		t.Errorf("unit 14: %+v", u)
	}
	if u, ok := tree.Unit("99"); ok {
		t.Errorf("unit 99 exists: %+v", u)
	}
	if tree.Len() != 8 || len(tree.All()) != 8 {
		t.Errorf("%d units", tree.Len())
	}
}

func TestWithin(t *testing.T) {
	tree := province(t)
	for _, c := range []struct {
		code, ancestor string
		want           bool
	}{
		{"14", "14", true}, {"140106001", "14", true}, {"140106001", "140106", true}, {"140106", "140106001", false},
		{"140105", "140106", false}, {"1402", "1401", false}, {"14", Everywhere, true},
		{"99", "14", false}, {"99", "99", false}, {"99", Everywhere, false}, {"14", "99", false}, {"", "", false},
	} {
		if got := tree.Within(c.code, c.ancestor); got != c.want {
			t.Errorf("Within(%q, %q) = %v", c.code, c.ancestor, got)
		}
	}
}

func TestNewTreeSaysWhichUnitIsWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		units []Unit
		want  string
	}{
		{"duplicate", []Unit{{Code: "1"}, {Code: "1"}}, "unit code 1 is used twice"},
		{"unknown parent", []Unit{{Code: "1", Parent: "9"}}, "unit 1 names the unknown parent 9"},
		{"unknown successor", []Unit{{Code: "1", Successors: []string{"8"}}}, "unit 1 names the unknown successor 8"},
		{"circle of parents", []Unit{{Code: "0"}, {Code: "1", Parent: "3"}, {Code: "2", Parent: "1"}, {Code: "3", Parent: "2"}}, "above themselves: 1 → 3 → 2 → 1"},
		{"its own parent", []Unit{{Code: "1", Parent: "1"}}, "above themselves: 1 → 1"},
		{"circle of successors", []Unit{{Code: "1", Successors: []string{"2"}}, {Code: "2", Successors: []string{"1"}}}, "succeed themselves: 1 → 2 → 1"},
		{"no code", []Unit{{}}, `cannot have the code ""`},
		{"the code of everywhere", []Unit{{Code: "*"}}, `cannot have the code "*"`},
		{"not a date", []Unit{{Code: "1", ValidFrom: "2026-13-01"}}, `unit 1: "2026-13-01" is not a date`},
		{"ends before it begins", []Unit{{Code: "1", ValidFrom: "2026-02-01", ValidTo: "2026-01-01"}}, "unit 1 ends on 2026-01-01, before it begins on 2026-02-01"},
		{"all faults at once", []Unit{{Code: "1", Parent: "7"}, {Code: "2", Parent: "8"}}, "unknown parent 8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewTree(c.units)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestAVeryDeepChainIsNoTrouble(t *testing.T) {
	const n = 200_000
	units := make([]Unit, n)
	for i := range units {
		units[i].Code = fmt.Sprint(i)
		if i > 0 {
			units[i].Parent = fmt.Sprint(i - 1)
		}
	}
	tree, err := NewTree(units)
	if err != nil || !tree.Within(fmt.Sprint(n-1), "0") || len(tree.Below("5")) != n-5 {
		t.Errorf("chain of %d: %v", n, err)
	}
}

// drawTree makes any forest of up to 30 units, given in any order.
func drawTree(rt *rapid.T) ([]Unit, *Tree) {
	n := rapid.IntRange(1, 30).Draw(rt, "n")
	units := make([]Unit, n)
	for i := range units {
		units[i].Code = fmt.Sprintf("u%02d", i)
		if p := rapid.IntRange(-1, i-1).Draw(rt, "parent"); p >= 0 {
			units[i].Parent = units[p].Code
		}
	}
	tree, err := NewTree(rapid.Permutation(units).Draw(rt, "order"))
	if err != nil {
		rt.Fatal(err)
	}
	return units, tree
}

// above walks parents one by one: the slow definition of Within.
func above(units []Unit, code, ancestor string) bool {
	for code != "" {
		if code == ancestor {
			return true
		}
		i := slices.IndexFunc(units, func(u Unit) bool { return u.Code == code })
		code = units[i].Parent
	}
	return false
}

func TestWithinBelowAndPathAgreeWithWalkingUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		units, tree := drawTree(rt)
		for _, a := range units {
			for _, b := range units {
				want := above(units, b.Code, a.Code)
				if tree.Within(b.Code, a.Code) != want || slices.Contains(tree.Below(a.Code), b.Code) != want ||
					slices.Contains(tree.Path(b.Code), a.Code) != want {
					rt.Fatalf("%s within %s: want %v of all three", b.Code, a.Code, want)
				}
			}
		}
	})
}
