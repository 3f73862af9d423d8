package procedure_test

import (
	"os"
	"testing"

	"luoshi/internal/procedure"
)

func TestKindsHaveTheirTitlesFromTheFile(t *testing.T) {
	kinds := &procedure.Kinds{List: []procedure.Kind{{Name: "harbour", Title: procedure.Text{"zh": "港务局", "en": "Harbour office"}}}}
	if zh, en := kinds.In("harbour", "zh"), kinds.In("harbour", "en"); zh != "港务局" || en != "Harbour office" {
		t.Errorf("a declared kind is %q and %q", zh, en)
	}
	var none *procedure.Kinds
	if a, b := kinds.In("moon", "en"), none.In("harbour", "en"); a != "moon" || b != "harbour" {
		t.Errorf("others are %q and %q", a, b)
	}
}

func TestWhoInWords(t *testing.T) {
	src, err := os.ReadFile("prose/testdata/stall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load("stall.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who    procedure.Who
		zh, en string
	}{
		{procedure.Who{Role: "clerk"}, "窗口受理员", "clerk"},
		{procedure.Who{Role: "officer", Relation: "assigned"}, "经办本件的承办人", "assigned case officer"},
		{procedure.Who{Role: "head", Relation: "superior"}, "上级单位的负责人", "head of office of the office above"},
		{procedure.Who{Role: "clerk", Relation: "referrer"}, "转来单位的窗口受理员", "clerk of the office that referred it"},
		{procedure.Who{Relation: "assigned"}, "经办本件的人", "whoever is assigned"},
		{procedure.Who{Relation: "party"}, "当事人", "any party"},
		{procedure.Who{Relation: "party:neighbour"}, "邻居", "Neighbour"},
		{procedure.Who{Relation: "resident"}, "任何人", "anyone"},
		{procedure.Who{Relation: "system"}, "系统", "the system"},
		{procedure.Who{Role: "author"}, "规程起草人", "author of procedures"},
		{procedure.Who{Role: "notary"}, "notary", "notary"},
	} {
		if zh, en := c.who.In(p, "zh"), c.who.In(p, "en"); zh != c.zh || en != c.en {
			t.Errorf("%+v is %q and %q, want %q and %q", c.who, zh, en, c.zh, c.en)
		}
	}
	by := []procedure.Who{{Role: "clerk"}, {Relation: "party"}}
	if zh, en := p.WhoIn(by, "zh"), p.WhoIn(by, "en"); zh != "窗口受理员、当事人" || en != "clerk, any party" {
		t.Errorf("a list is %q and %q", zh, en)
	}
}
