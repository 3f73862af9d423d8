package procedure_test

import (
	"os"
	"testing"

	"luoshi/internal/procedure"
)

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
