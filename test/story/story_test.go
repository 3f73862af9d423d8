package story_test

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
	"luoshi/procedures"
	"luoshi/test/story"
)

var update = flag.Bool("update", false, "write the golden texts")

// play plays a story in a world of its own.
func play(t *testing.T, grounds *story.Grounds, s *story.Story) *story.Result {
	t.Helper()
	w, err := grounds.Open(t.Context(), s, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Core.Close() }()
	r, err := story.Play(t.Context(), w, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func stories(t *testing.T) []*story.Story {
	t.Helper()
	all, err := story.LoadAll("testdata")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestStories plays every story, and asks whether together they try every procedure that comes with the product.
func TestStories(t *testing.T) {
	all := stories(t)
	grounds := story.NewGrounds(t.Context(), t.TempDir(), "", all)
	results := make([]*story.Result, len(all))
	t.Run("told", func(t *testing.T) {
		for i, s := range all {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				results[i] = play(t, grounds, s)
				for _, fault := range results[i].Faults {
					t.Error(fault)
				}
				golden(t, "testdata/"+s.Name+".golden", results[i].Golden)
			})
		}
	})
	if t.Failed() || slices.Contains(results, nil) { // a part of them was asked for with -run
		return
	}
	for _, p := range packs(t) {
		t.Run("covers "+p.ID, func(t *testing.T) { covers(t, p, all, results) })
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; look at what -update writes", err)
	}
	if diff := firstDifference(string(want), got); diff != "" {
		t.Errorf("the story is another now; look whether it should be, then use -update.%s", diff)
	}
}

// firstDifference shows where two texts part, with some lines around. The rest is for git diff after -update.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	i := 0
	for i < len(w) && i < len(g) && w[i] == g[i] {
		i++
	}
	if i == len(w) && i == len(g) {
		return ""
	}
	const around = 6
	return fmt.Sprintf(" Line %d:\n-want +got\n%s", i+1, cmp.Diff(w[min(max(0, i-around), len(w)):min(i+around, len(w))], g[min(max(0, i-around), len(g)):min(i+around, len(g))]))
}

// packs are the procedures that come with the product.
func packs(t *testing.T) []*procedure.Procedure {
	t.Helper()
	var all []*procedure.Procedure
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := procedure.Load(name, src)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// covers asks whether the stories go through all of a procedure, and prints how far they do.
func covers(t *testing.T, p *procedure.Procedure, all []*story.Story, results []*story.Result) {
	steps, states, due, ended := map[string]bool{}, map[string]bool{}, map[string]bool{}, false
	leftSteps, leftClocks := map[string]string{}, map[string]string{}
	for i, s := range all {
		if tried := results[i].Tried[p.ID]; tried != nil {
			maps.Copy(steps, tried.Steps)
			maps.Copy(states, tried.States)
			maps.Copy(due, tried.Due)
			ended = ended || tried.Ended
		}
		if s.Procedure == p.ID {
			maps.Copy(leftSteps, s.LeavesOut.Steps)
			maps.Copy(leftClocks, s.LeavesOut.Clocks)
		}
	}
	if !ended {
		t.Errorf("no story of %s goes to an end", p.ID)
	}
	if !slices.ContainsFunc(all, func(s *story.Story) bool { return s.Procedure == p.ID && s.Main }) {
		t.Errorf("no story of %s says main: true, so it is not tried through the pages", p.ID)
	}
	stepsOf := names(p.Steps, func(s procedure.Step) string { return s.Name })
	clocksOf := names(p.Clocks, func(c procedure.Clock) string { return c.Name })
	statesOf := names(p.States, func(s procedure.State) string { return s.Name })
	untried(t, "step", stepsOf, steps, leftSteps)
	untried(t, "clock whose day somebody worked out", clocksOf, due, leftClocks)
	t.Logf("%s: %s; %s; %s", p.ID, share("steps", stepsOf, steps), share("states", statesOf, states), share("clocks", clocksOf, due))
}

func names[T any](list []T, name func(T) string) []string {
	var out []string
	for _, x := range list {
		out = append(out, name(x))
	}
	return out
}

// untried names what no story tries and none leaves out, and what is left out without need.
func untried(t *testing.T, what string, all []string, tried map[string]bool, left map[string]string) {
	t.Helper()
	for _, name := range all {
		if !tried[name] && strings.TrimSpace(left[name]) == "" {
			t.Errorf("%s is no %s of any story; tell one with it, or say under leaves_out why not", name, what)
		}
	}
	for name := range left {
		if tried[name] || !slices.Contains(all, name) {
			t.Errorf("leaves_out names %s without need", name)
		}
	}
}

func share(what string, all []string, tried map[string]bool) string {
	n := 0
	var not []string
	for _, name := range all {
		if tried[name] {
			n++
		} else {
			not = append(not, name)
		}
	}
	said := fmt.Sprintf("%d of %d %s", n, len(all), what)
	if len(not) > 0 {
		said += " (not " + strings.Join(not, ", ") + ")"
	}
	return said
}
