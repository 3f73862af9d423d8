package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Walk draws a whole life of a matter: lodged, then lawful steps by whoever may take them, there and in the
// sub-matters that it opens, while time passes and clocks run out, sometimes corrected, at the end sometimes erased.
// It returns the numbers.
func (d *Desk) Walk(t testing.TB, rt *rapid.T) []string {
	return d.WalkIn(t, rt, walked())
}

// walked are the procedures in which Walk lodges.
func walked() []string {
	return []string{"people-mediation", "petition", "hotline-order", "probe", "lamp", "joint", "joint", "channel-talk", "channel-ruling"}
}

// OneProcedure are those of them in which a matter stays to its end.
func (d *Desk) OneProcedure() []string {
	return slices.DeleteFunc(walked(), func(id string) bool {
		return slices.ContainsFunc(d.Published()[id].Steps, func(st procedure.Step) bool { return st.Continues != nil })
	})
}

// WalkIn is Walk in one of these procedures.
func (d *Desk) WalkIn(t testing.TB, rt *rapid.T, ids []string) []string {
	id := rapid.SampledFrom(ids).Draw(rt, "procedure")
	nums := []string{d.Lodged(t, id, rapid.SampledFrom([]string{"t1", "t2", "c"}).Draw(rt, "unit")).Matter.Number}
	for range rapid.IntRange(0, 12).Draw(rt, "steps") {
		d.Wait(time.Duration(rapid.IntRange(1, 30*24).Draw(rt, "hours")) * time.Hour)
		num := rapid.SampledFrom(nums).Draw(rt, "number")
		if rapid.Bool().Draw(rt, "lapse") {
			_, err := d.Wake(background(), num)
			must(t, err)
		}
		if m := d.stored(t, num); m.Ended == "" {
			d.drawStep(t, rt, m)
		}
		if last := d.stored(t, num).Subs; len(last) > 0 && !slices.Contains(nums, last[len(last)-1].Number) {
			nums = append(nums, last[len(last)-1].Number)
		}
	}
	for _, num := range nums {
		if d.stored(t, num).Ended != "" && rapid.Bool().Draw(rt, "erase") {
			d.eraseAll(t, num)
		}
	}
	return nums
}

// eraseAll erases the matter if it holds anything personal; a sub-matter may hold nothing.
func (d *Desk) eraseAll(t testing.TB, num string) {
	_, err := d.Erase(background(), d.staff(t, "head@p"), num, "a rule")
	if err != nil && casework.AsError(err).Code != "nothing-to-erase" {
		t.Fatal(err)
	}
}

// drawStep takes one of all the steps that anybody may take now.
func (d *Desk) drawStep(t testing.TB, rt *rapid.T, m *casework.Matter) {
	type choice struct {
		a    office.Actor
		step string
	}
	var choices []choice
	actors := []office.Actor{system()}
	for _, r := range m.Roles {
		actors = append(actors, partyActor(m.Number, r.Role))
	}
	for _, role := range office.Roles() {
		actors = append(actors, d.staff(t, role+"@"+m.Unit))
	}
	for _, a := range actors {
		for _, st := range d.LawfulSteps(a, m) {
			choices = append(choices, choice{a, st.Name})
		}
	}
	if len(choices) == 0 || rapid.IntRange(0, 9).Draw(rt, "correct") == 0 {
		_, err := d.Correct(background(), d.staff(t, "clerk@p"), m.Number, 1, "corrected title", nil, "a slip")
		must(t, err)
		return
	}
	c := choices[rapid.IntRange(0, len(choices)-1).Draw(rt, "choice")]
	_, err := d.TakeStep(background(), c.a, m.Number, d.command(m, c.step), "")
	if now, _ := d.Store.Matter(background(), m.Number); err != nil && now.State == m.State { // else the system was first
		rt.Fatalf("%s from %s was offered and then refused: %v", c.step, m.State, err)
	}
}

func walks(t *testing.T, d *Desk) {
	n, parts, onward := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		nums := d.Walk(t, rt)
		n, parts = n+len(nums), parts+len(nums)-1
		for _, num := range nums {
			stored := d.stored(t, num)
			if len(stored.Former) > 0 {
				onward++
			}
			history, err := d.Store.Entries(background(), num)
			must(t, err)
			folded, err := casework.Fold(history, d.endState)
			must(t, err)
			folded.Kept, folded.Marks, folded.Listed = stored.Kept, stored.Marks, stored.Listed // they follow from the procedure too; audit computes them
			if diff := cmp.Diff(folded, stored, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatal(diff)
			}
		}
	})
	if parts == 0 || onward == 0 {
		t.Errorf("%d sub-matters were opened, %d matters went on in another procedure", parts, onward)
	}
	if report := d.green(t); report.Matters < int64(n) || report.Entries < 3*int64(n) {
		t.Errorf("walks of %d matters gave %d entries", report.Matters, report.Entries)
	}
}

func (d *Desk) endState(procedure, state string) bool {
	return d.Rules(procedure).Procedure.State(state).End
}
