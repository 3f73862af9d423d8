package trial

import (
	"os"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"

	"github.com/google/go-cmp/cmp"
)

// joint are procedures of which one opens matters of the others.
func joint(t *testing.T, whole, without string) Setting {
	t.Helper()
	all := map[string]*procedure.Procedure{}
	for _, name := range []string{"joint", "joint-opinion", "joint-review", "joint-expert", "gathering", "gathering-call"} {
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
	s := setting(t, all[whole])
	s.Find = func(id string) *procedure.Procedure {
		if id == without {
			return nil
		}
		return all[id]
	}
	return s
}

func TestSubMattersArePlayedWithTheWhole(t *testing.T) {
	s := joint(t, "joint", "")
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
	s := joint(t, "joint", "joint-opinion")
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
	s := joint(t, "joint", "")
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

func TestSubMattersAreToldWithAStepOfTheWhole(t *testing.T) {
	s := joint(t, "gathering", "")
	lodging := brought(t, s.Procedure, "county-1")
	lodging.By = "clerk@county-1"
	lodging.Fields["reply_by"] = "2099-01-10"
	trial, err := Play(t.Context(), s, []Move{lodging,
		{By: "clerk@county-1", Step: "call", Sub: &casework.SubOpening{Units: []string{"township-1", "township-2"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Move{{By: "clerk@township-2", Matter: trial.Matters()[2], Step: "accept"},
		{By: "clerk@county-1", Step: "put-off", Fields: map[string]any{"reply_by": "2099-01-20"}}, {By: "clerk@county-1", Step: "cancel"}} {
		if err := trial.Take(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range trial.Log {
		if h.Refused != nil {
			t.Errorf("%s: %v", h.Move.Step, h.Refused)
		}
	}
	numbers := trial.Matters()
	for _, number := range numbers[1:] {
		f, err := trial.File(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if f.Matter.State != "off" || f.Matter.Fields["answer_by"] != "2099-01-20" || f.Whole.Shown == nil || f.Whole.Shown.State.Name != "cancelled" {
			t.Errorf("the call stands at %s: %+v, %+v", f.Matter.State, f.Matter.Fields, f.Whole)
		}
	}
	f, err := trial.File(t.Context(), numbers[0])
	if err != nil || len(f.Entries[len(f.Entries)-1].Act.EndedEach) != 2 {
		t.Errorf("the whole: %+v (%v)", f.Entries[len(f.Entries)-1].Act, err)
	}
}
