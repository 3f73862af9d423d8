package casework

import (
	"fmt"
	"math"
	"testing"
	"time"

	"luoshi/internal/procedure"
	"luoshi/procedures"

	"pgregory.net/rapid"
)

func directiveRules(t testing.TB) *Rules {
	t.Helper()
	source, err := procedures.FS.ReadFile("directive.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load("directive.yaml", source)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := NewRules(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// drawTree makes a tree of matters, up to four levels deep, that all count by one rule.
func drawTree(t *rapid.T, rules *Rules, counting, sub string, depth int, now time.Time) *Branch {
	m := &Matter{Procedure: rules.Procedure.Key(), Fields: map[string]any{"counting": counting}}
	for name, top := range map[string]int{"percent": 100, "achieved": 50, "target": 80, "weight": 5} {
		if n := rapid.IntRange(-top/2, top).Draw(t, name); n >= 0 { // often there is none
			m.Fields[name] = float64(n)
		}
	}
	m.State = rapid.SampledFrom([]string{"issued", "underway", "reported", "struck-off", "closed-unfinished", "withdrawn"}).Draw(t, "state")
	if rules.Procedure.State(m.State).End {
		m.Ended = "2026-03-01T00:00:00.000Z"
	}
	due := now.AddDate(0, 0, rapid.IntRange(-3, 9).Draw(t, "due")).Format(time.DateOnly)
	m.Clocks = []Clock{{Name: "due", Status: Running, Due: due, Until: due}}
	b := &Branch{Matter: m, Rules: rules, Sub: sub}
	for range rapid.IntRange(0, depth).Draw(t, "parts") {
		b.Parts = append(b.Parts, drawTree(t, rules, counting, rapid.SampledFrom([]string{"part", "part", "assist"}).Draw(t, "sub"), depth-1, now))
	}
	return b
}

// flat is the same counted in one go over all matters, each with the share it has in the whole.
type flat struct {
	parts, done, late, soon int
	number                  float64
	percent                 float64 // by weight, not rounded
}

func (f *flat) add(b *Branch, top, counts bool, share float64, now time.Time) {
	over, near := false, false
	if c := b.Matter.Clocks[0]; b.Matter.Ended == "" {
		end := c.DueAt(b.Rules.Location)
		over, near = !end.After(now), end.Before(now.Add(72*time.Hour))
	}
	switch {
	case over:
		f.late++
	case near:
		f.soon++
	}
	gone := b.Matter.State == "withdrawn"
	done := b.Matter.State == "struck-off" || b.Matter.State == "closed-unfinished"
	counts = counts && (top || !gone)
	if counts {
		f.number += amount(b.Matter.Fields["achieved"])
	}
	if counts && !top {
		f.parts++
		if done {
			f.done++
		}
	}
	var weights float64
	for _, p := range b.Parts {
		if p.Sub == "part" && p.Matter.State != "withdrawn" {
			weights += max(amount(p.Matter.Fields["weight"]), 1)
		}
	}
	switch {
	case done:
		f.percent += share * 100
		share = 0
	case weights == 0:
		f.percent += share * amount(b.Matter.Fields["percent"])
	}
	for _, p := range b.Parts {
		part := p.Sub == "part"
		theirs := 0.0
		if part && p.Matter.State != "withdrawn" {
			theirs = share * max(amount(p.Matter.Fields["weight"]), 1) / weights
		}
		f.add(p, false, counts && part, theirs, now)
	}
}

func TestCountingByLevelsIsCountingAllAtOnce(t *testing.T) {
	rules := directiveRules(t)
	now := time.Date(2026, 3, 9, 4, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		counting := rapid.SampledFrom([]string{"weighted", "all", "sum", ""}).Draw(t, "counting")
		b := drawTree(t, rules, counting, "", 3, now)
		var want flat
		want.add(b, true, true, 1, now)
		b.count(now)
		p := b.Progress
		if got := (flat{p.Parts, p.Ended, p.Late, p.Soon, p.Number, 0}); got != (flat{want.parts, want.done, want.late, want.soon, want.number, 0}) {
			t.Fatalf("by levels %+v, at once %+v", got, want)
		}
		if err := percentAgrees(b, counting, want); err != nil {
			t.Fatal(err)
		}
	})
}

// percentAgrees compares the percentage of a tree with that of its flat count. By weight each of three levels rounds
// down, so up to three are lost.
func percentAgrees(b *Branch, counting string, want flat) error {
	got, own, target := b.Progress.Percent, amount(b.Matter.Fields["percent"]), amount(b.Matter.Fields["target"])
	done, parts := 0, 0
	for _, p := range b.Parts {
		if p.Sub != "part" || p.Progress.Gone {
			continue
		}
		parts++
		if p.Progress.Done {
			done++
		}
	}
	exact := own
	switch {
	case b.Progress.Done:
		exact = 100
	case counting == "sum" && target > 0:
		exact = min(100, math.Floor(100*want.number/target))
	case counting == "sum":
	case counting == "all" && parts > 0:
		exact = math.Floor(100 * float64(done) / float64(parts))
	case counting != "all":
		const levels = 4
		if d := want.percent - float64(got); d < -1e-6 || d > levels {
			return fmt.Errorf("by levels %d, at once %.3f", got, want.percent)
		}
		return nil
	}
	if float64(got) != exact {
		return fmt.Errorf("%s: by levels %d, at once %v", counting, got, exact)
	}
	return nil
}
