package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Walk draws a whole life of a matter: lodged, then lawful steps by whoever may take them, while time
// passes and clocks run out, sometimes corrected, at the end sometimes erased. It returns the number.
func (d *Desk) Walk(t testing.TB, rt *rapid.T) string {
	id := rapid.SampledFrom([]string{"people-mediation", "petition", "hotline-order", "probe", "lamp"}).Draw(rt, "procedure")
	num := d.Lodged(t, id, rapid.SampledFrom([]string{"t1", "t2", "c"}).Draw(rt, "unit")).Matter.Number
	for range rapid.IntRange(0, 12).Draw(rt, "steps") {
		d.Wait(time.Duration(rapid.IntRange(1, 30*24).Draw(rt, "hours")) * time.Hour)
		if rapid.Bool().Draw(rt, "lapse") {
			_, err := d.Lapse(background(), num)
			must(t, err)
		}
		m, err := d.Store.Matter(background(), num)
		must(t, err)
		if m.Ended != "" {
			break
		}
		d.drawStep(t, rt, m)
	}
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	if m.Ended != "" && rapid.Bool().Draw(rt, "erase") {
		_, err := d.Erase(background(), d.staff(t, "head@p"), num, "a rule")
		must(t, err)
	}
	return num
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
	if _, err := d.TakeStep(background(), c.a, m.Number, d.command(m, c.step), ""); err != nil {
		rt.Fatalf("%s from %s was offered and then refused: %v", c.step, m.State, err)
	}
}

func walks(t *testing.T, d *Desk) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		num := d.Walk(t, rt)
		stored, err := d.Store.Matter(background(), num)
		must(t, err)
		history, err := d.Store.Entries(background(), num)
		must(t, err)
		folded, err := casework.Fold(history, d.endState)
		must(t, err)
		folded.Kept = stored.Kept // it follows from the procedure too; audit computes it
		if diff := cmp.Diff(fmt.Sprintf("%+v", *folded), fmt.Sprintf("%+v", *stored)); diff != "" {
			rt.Fatal(diff)
		}
	})
	if report := d.green(t); report.Matters < int64(n) || report.Entries < 3*int64(n) {
		t.Errorf("walks of %d matters gave %d entries", report.Matters, report.Entries)
	}
}

func (d *Desk) endState(procedure, state string) bool {
	return d.Rules(procedure).Procedure.State(state).End
}
