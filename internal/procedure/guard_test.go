package procedure_test

import (
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

// guarded loads the small procedure with a guard on its step.
func guarded(t *testing.T, guard string) (*procedure.Procedure, error) {
	t.Helper()
	src := overlay(sound(t), `fields:
  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: lamps, title: {zh: 盏数, en: Lamps}, type: integer, class: plain, seen_by: [staff, parties]}
  - {name: story, title: {zh: 经过, en: Story}, type: text, class: plain, seen_by: [staff, parties]}
  - {name: dark-road, title: {zh: 全黑, en: All dark}, type: boolean, class: plain, seen_by: [staff, parties]}
steps:
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: optional, guard: '`+guard+`'}
`)
	return procedure.Load("a.yaml", []byte(src))
}

func TestGuardHolds(t *testing.T) {
	facts := &procedure.Facts{Fields: map[string]any{"lamps": float64(3)}, Channel: "web", Taken: map[string]int{"repair": 2},
		Parties: map[string]int{"applicant": 1}, Late: map[string]bool{"repair": true}, Extensions: map[string]int{"repair": 1}, Assigned: true}
	for guard, want := range map[string]bool{
		`fields.lamps > 2`:                                         true,
		`has(fields.place)`:                                        false,
		`fields.place == ""`:                                       true,
		"fields.`dark-road`":                                       false,
		`matter.channel() == "web"`:                                true,
		`matter.taken("repair") == 2`:                              true,
		`matter.parties("applicant") in [1,2]`:                     true,
		`matter.late("repair") && matter.extensions("repair") < 2`: true,
		`matter.assigned() && !matter.referred()`:                  true,
	} {
		p, err := guarded(t, guard)
		if err != nil {
			t.Errorf("%s: %v", guard, err)
			continue
		}
		got, err := p.Step("repair").Guard.Holds(facts)
		if got != want || err != nil {
			t.Errorf("%s = %v, %v; want %v", guard, got, err, want)
		}
	}
}

func TestGuardWithoutValueIsAnError(t *testing.T) {
	p, err := guarded(t, `10 / fields.lamps > 1`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Step("repair").Guard.Holds(&procedure.Facts{}); err == nil {
		t.Error("division by zero gave an answer")
	}
}

func TestGuardsThatAreRefused(t *testing.T) {
	for guard, want := range map[string]string{
		`fields.lamps == "three"`:                "no matching overload",
		`fields.colour == "red"`:                 "undefined field",
		`matter.taken("mend") > 0`:               "nothing of that name",
		`matter.taken(fields.place) > 0`:         "in quotes",
		`fields.lamps`:                           "true or false",
		`[1,2,3].all(x, [1,2,3].all(y, x == y))`: "undeclared reference",
		`fields.lamps >`:                         "Syntax error",
		`has(fields.story)` + strings.Repeat(` && fields.story.matches("(a+)+b")`, 90): "units of work",
		strings.Repeat("(", 200) + "true" + strings.Repeat(")", 200):                   "",
		strings.Repeat("!", 5000) + "true":                                             "",
	} {
		_, err := guarded(t, guard)
		if err == nil || !strings.Contains(err.Error(), ": guard: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %v", guard, err)
		}
	}
}
