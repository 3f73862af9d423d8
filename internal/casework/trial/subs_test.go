package trial

import (
	"os"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"

	"github.com/google/go-cmp/cmp"
)

// joint are procedures of which one opens matters of the others.
func joint(t *testing.T, without string) Setting {
	t.Helper()
	all := map[string]*procedure.Procedure{}
	for _, name := range []string{"joint", "joint-opinion", "joint-review", "joint-expert"} {
		src, err := os.ReadFile("../../store/storetest/testdata/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		p, err := procedure.Load(name+".yaml", src)
		if err != nil {
			t.Fatal(err)
		}
		all[p.ID] = p
	}
	s := setting(t, all["joint"])
	s.Find = func(id string) *procedure.Procedure {
		if id == without {
			return nil
		}
		return all[id]
	}
	return s
}

func TestSubMattersArePlayedWithTheWhole(t *testing.T) {
	s := joint(t, "")
	trial, err := Play(t.Context(), s, []Move{brought(t, s.Procedure, "township-1"),
		{By: "clerk@township-1", Step: "ask", Fields: map[string]any{"question": "Who built it?"}, Sub: &casework.SubOpening{Unit: "township-2"}}})
	if err != nil {
		t.Fatal(err)
	}
	numbers := trial.Matters()
	if len(numbers) != 2 || trial.Log[1].State != "awaiting" {
		t.Fatalf("%v, %+v", numbers, trial.Log[1])
	}
	choices, err := trial.Choices(t.Context(), numbers[1])
	if err != nil {
		t.Fatal(err)
	}
	if steps, _ := offers(choices, "clerk@township-2"); len(steps) != 2 || steps[0] != "give" {
		t.Errorf("who was asked is offered %v", steps)
	}
	if err := trial.Take(t.Context(), Move{By: "clerk@township-2", Matter: numbers[1], Step: "give", Fields: map[string]any{"opinion": "We did."}}); err != nil {
		t.Fatal(err)
	}
	f, err := trial.File(t.Context(), numbers[0])
	if err != nil {
		t.Fatal(err)
	}
	last := f.Entries[len(f.Entries)-1].Act
	if f.Matter.State != "handling" || last.Step != "resume" || len(f.Parts) != 1 || f.Parts[0].Ended == "" {
		t.Errorf("the whole stands at %s after %s: %+v", f.Matter.State, last.Step, f.Parts)
	}
}

func TestASubMatterOfAProcedureThatIsNotPublishedIsWithheld(t *testing.T) {
	s := joint(t, "joint-opinion")
	trial, err := Play(t.Context(), s, []Move{brought(t, s.Procedure, "township-1")})
	if err != nil {
		t.Fatal(err)
	}
	choices, err := trial.Choices(t.Context(), trial.Matters()[0])
	if err != nil {
		t.Fatal(err)
	}
	why := map[string]string{}
	for _, c := range choices {
		for _, w := range c.Withheld {
			why[c.By+" "+w.Step.Name] = w.Why.Code
		}
	}
	want := map[string]string{"clerk@township-1 ask": "sub-not-published", "clerk@township-1 report": "no-unit-for-sub"}
	if d := cmp.Diff(want, why); d != "" {
		t.Error(d)
	}
}

func TestAMatterIsReferredAndTheReferrerIsKnown(t *testing.T) {
	s := joint(t, "")
	trial, err := Play(t.Context(), s, []Move{brought(t, s.Procedure, "township-1"),
		{By: "clerk@township-1", Step: "refer", Unit: "township-2"}, {By: "clerk@township-2", Step: "report"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range trial.Log {
		if h.Refused != nil {
			t.Fatalf("%s: %v", h.Move.Step, h.Refused)
		}
	}
	f, err := trial.File(t.Context(), trial.Matters()[1])
	if err != nil || f.Matter.Unit != "township-1" {
		t.Errorf("the review is at %s (%v)", f.Matter.Unit, err)
	}
}
