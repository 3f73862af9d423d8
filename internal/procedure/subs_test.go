package procedure_test

import (
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

// withSubs is the small declaration with a sub-matter that must end first, and one that need not.
const withSubs = `subs:
  - {name: inspection, title: {zh: 查看, en: Inspection}, procedure: lamp-inspection, max: 2, done: resume}
  - {name: survey, title: {zh: 回访, en: Survey}, procedure: lamp-survey, detached: true}
steps:
  - {name: ask, title: {zh: 请人查看, en: Ask}, from: [lodged], by: ["role:clerk"], note: none, opens: {sub: inspection, unit: choose, fields: {where: place}}}
  - {name: follow, title: {zh: 安排回访, en: Follow up}, from: [lodged], by: ["role:clerk"], note: none, opens: {sub: survey, unit: owner}}
  - {name: resume, title: {zh: 继续, en: Go on}, from: [lodged], by: [system], note: none}
  - {name: call, title: {zh: 打电话, en: Call}, from: [lodged], by: ["role:clerk"], note: none, waits: [survey]}
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: optional}
`

func TestSubMattersHinderSteps(t *testing.T) {
	p, err := procedure.Load("lamp.yaml", []byte(overlay(sound(t), withSubs)))
	if err != nil {
		t.Fatal(err)
	}
	if o := p.Step("ask").Opens; o.Fields["where"] != "place" || o.Unit != procedure.OpensAtChosen {
		t.Errorf("read as %+v", o)
	}
	type out = map[string]int
	for _, c := range []struct {
		step        string
		outstanding out
		reason      string
		names       string // in the words
	}{
		{"ask", nil, "", ""},
		{"ask", out{"inspection": 1, "survey": 9}, "", ""},
		{"ask", out{"inspection": 2}, procedure.TooManySubs, "Inspection"},
		{"follow", out{"survey": 99, "inspection": 2}, "", ""},
		{"call", out{"inspection": 1}, "", ""},
		{"call", out{"survey": 3}, procedure.Waits, "Survey (3)"},
		{"repair", out{"survey": 3}, "", ""},
		{"repair", out{"survey": 3, "inspection": 1}, procedure.Waits, "Inspection (1)"},
	} {
		got := p.Hindered(p.Step(c.step), c.outstanding)
		switch {
		case got == nil && c.reason != "":
			t.Errorf("%s with %v outstanding is lawful", c.step, c.outstanding)
		case got != nil && got.Reason != c.reason:
			t.Errorf("%s with %v outstanding: %q %v", c.step, c.outstanding, got.Reason, got)
		case got != nil && (!strings.Contains(got.In("en"), c.names) || strings.Contains(got.In("zh"), "%") || got.In("zh") == got.In("en")):
			t.Errorf("%s with %v outstanding: %s; %s", c.step, c.outstanding, got.In("en"), got.In("zh"))
		}
	}
}
