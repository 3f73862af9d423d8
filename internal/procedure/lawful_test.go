package procedure_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

// load loads the small procedure with other members.
func load(t testing.TB, snippet string) *procedure.Procedure {
	t.Helper()
	p, err := procedure.Load("a.yaml", []byte(overlay(sound(t), snippet)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRelationsToOffices(t *testing.T) {
	p := load(t, `steps:
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: [{role: clerk, relation: owner}], note: none}
  - {name: urge, title: {zh: 督促, en: Urge}, from: [lodged], by: [{role: head, relation: superior}], note: none}
  - {name: ask-back, title: {zh: 询问, en: Ask}, from: [lodged], by: [{role: clerk, relation: referrer}], note: none}
  - {name: withdraw, title: {zh: 撤销, en: Withdraw}, from: [lodged], to: done, by: [{role: clerk, relation: issuer}], note: none}
open: {by: [resident], channels: [web], units: [township], issuers: [county], to: lodged, fields: [{name: place, required: true}]}
`)
	is := func(want string) func(string) bool { return func(role string) bool { return role == want } }
	for name, c := range map[string]struct {
		situation procedure.Situation
		steps     string
	}{
		"clerk of the office":            {procedure.Situation{Roles: is("clerk")}, "repair"},
		"head of the office":             {procedure.Situation{Roles: is("head")}, ""},
		"head above it":                  {procedure.Situation{Superior: is("head")}, "urge"},
		"clerk above it":                 {procedure.Situation{Superior: is("clerk")}, ""},
		"clerk of the referring office":  {procedure.Situation{Referrer: is("clerk")}, "ask-back"},
		"clerk of the issuing office":    {procedure.Situation{Issuer: is("clerk")}, "withdraw"},
		"a relation that somebody names": {procedure.Situation{Relations: func(string) bool { return true }}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.situation.State = "lodged"
			var got []string
			for _, s := range p.LawfulSteps(c.situation) {
				got = append(got, s.Name)
			}
			if strings.Join(got, " ") != c.steps {
				t.Errorf("got %v, want %q", got, c.steps)
			}
		})
	}
}

func TestAGuardDecidesLast(t *testing.T) {
	p := load(t, `steps:
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: none, guard: {when: 'matter.taken("look") > 0', else: {zh: 先查看。, en: Look first.}}}
  - {name: look, title: {zh: 查看, en: Look}, from: [lodged], by: ["role:clerk"], note: none, guard: '10 / matter.taken("repair") > 0'}
`)
	clerk := situationOf("lodged", procedure.Who{Role: "clerk"})
	reason := func(step string, s procedure.Situation) (reason, zh, en string) {
		var refused *procedure.NotLawful
		if !errors.As(p.Lawful(step, s), &refused) {
			return "", "", ""
		}
		return refused.Reason, refused.In("zh"), refused.In("en")
	}
	if r, _, _ := reason("repair", clerk); r != "" {
		t.Errorf("without facts the guard was asked: %s", r)
	}
	clerk.Facts = &procedure.Facts{}
	if r, zh, en := reason("repair", clerk); r != procedure.Guarded || zh != "先查看。" || en != "Look first." {
		t.Errorf("%s %s %s", r, zh, en)
	}
	if r, zh, en := reason("look", clerk); r != procedure.Guarded || !strings.Contains(zh, "查看") || !strings.Contains(en, "Look") {
		t.Errorf("a guard without a value: %q %q %q", r, zh, en)
	}
	if steps := p.LawfulSteps(clerk); len(steps) != 0 {
		t.Errorf("%s is offered", steps[0].Name)
	}
	nobody := procedure.Situation{State: "lodged", Facts: clerk.Facts}
	if r, _, _ := reason("repair", nobody); r != procedure.NotAllowed {
		t.Errorf("who may not act at all is told of the condition: %s", r)
	}
	clerk.Facts = &procedure.Facts{Taken: map[string]int{"look": 1, "repair": 2}}
	if steps := p.LawfulSteps(clerk); len(steps) != 2 {
		t.Errorf("%d steps are offered", len(steps))
	}
}

func TestAsks(t *testing.T) {
	p := load(t, `states:
  - {name: lodged, title: {zh: 已登记, en: Received}, public: {zh: 等待。, en: It waits.}, requires: [place]}
  - {name: done, end: true, title: {zh: 已修好, en: Repaired}, public: {zh: 已经修好。, en: It is repaired.}, requires: [place, day, lamps]}
fields:
  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: day, title: {zh: 日期, en: Day}, type: date, class: plain, seen_by: [staff, parties]}
  - {name: lamps, title: {zh: 盏数, en: Lamps}, type: integer, class: plain, seen_by: [staff, parties]}
open: {by: [resident], channels: [web], units: [township], to: lodged}
steps:
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: none, fields: [{name: lamps, required: false}]}
  - {name: look, title: {zh: 查看, en: Look}, from: [lodged], by: ["role:clerk"], note: none, fields: [{name: lamps, required: false}]}
`)
	known := func(names ...string) func(string) bool {
		return func(n string) bool { return slices.Contains(names, n) }
	}
	write := func(uses []procedure.FieldUse) string {
		var out []string
		for _, u := range uses {
			out = append(out, u.Name+map[bool]string{true: "!"}[u.Required])
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		step  string
		known []string
		want  string
	}{
		{"repair", nil, "lamps! place! day!"},
		{"repair", []string{"place"}, "lamps! day!"},
		{"repair", []string{"place", "day", "lamps"}, "lamps"},
		{"look", []string{"place"}, "lamps"},
		{"look", nil, "lamps place!"}, // as after a migration: where it stands asks for it too
	} {
		if got := write(p.Asks(p.Step(c.step), "lodged", known(c.known...))); got != c.want {
			t.Errorf("%s, knowing %v, asks for %q, want %q", c.step, c.known, got, c.want)
		}
	}
	if got := write(p.AsksWhenOpening()); got != "place!" {
		t.Errorf("lodging asks for %q", got)
	}
	if got := write(p.Step("repair").Fields); got != "lamps" {
		t.Errorf("the declaration was changed: %q", got)
	}
}

func TestFill(t *testing.T) {
	got := procedure.Fill("{number}：{fields.place}，{unknown} }{", func(name string) string {
		return map[string]string{"number": "2026-1", "fields.place": "{number}"}[name]
	})
	if got != "2026-1：{number}， }{" {
		t.Errorf("%q", got)
	}
}
