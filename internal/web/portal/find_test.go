package portal

import (
	"slices"
	"testing"

	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
	"luoshi/procedures"
	"luoshi/ui"
)

func wordsIn(lang string, texts site.Catalogue) words {
	return words{matter.Words{Words: site.Words{Lang: lang, Texts: texts}}}
}

// What people say they have, and what it is called here. "" is nothing found.
func TestPeopleFindWhatTheyNeedByTheirOwnWords(t *testing.T) {
	open, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := site.LoadTexts(ui.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, words, first string }{
		{"zh", "楼上漏水怎么办", "/lodge/people-mediation"},
		{"zh", "老板拖欠工资", "/lodge/labour-mediation"},
		{"zh", "邻居天天吵", "/lodge/people-mediation"},
		{"zh", "借钱不还", "/lodge/people-mediation"},
		{"zh", "路灯坏了", "/lodge/hotline-order"},
		{"zh", "门口的垃圾没人收", "/lodge/hotline-order"},
		{"zh", "征地补偿不公平", "/lodge/petition"},
		{"zh", "村干部不管", "/lodge/petition"},
		{"zh", "我的事办到哪了", "/follow"},
		{"zh", "查询码忘了", "/follow/lost"},
		{"zh", "回执是真的吗", "/verify"},
		{"en", "My boss does not pay me my wages!", "/lodge/labour-mediation"},
		{"en", "water is leaking through the ceiling", "/lodge/people-mediation"},
		{"en", "noisy neighbours", "/lodge/people-mediation"},
		{"en", "a street lamp is broken", "/lodge/hotline-order"},
		{"en", "potholes", "/lodge/hotline-order"},
		{"en", "the government took our land", "/lodge/petition"},
		{"en", "the official was rude", "/lodge/petition"},
		{"en", "where is my matter", "/follow"},
		{"en", "I forgot the query code", "/follow/lost"},
		{"en", "is this receipt genuine", "/verify"},
		{"en", "欠钱", "/lodge/people-mediation"}, // a page in English, words in Chinese
		{"zh", "12345", "/lodge/hotline-order"},
		{"zh", "天王盖地虎", ""},
		{"en", "xyzzy", ""},
		{"en", "how do I do this", ""},
		{"en", "!!! ???", ""},
	} {
		found := wordsIn(c.lang, texts).find(open, c.words)
		if c.first == "" && len(found) == 0 {
			continue
		}
		if !slices.ContainsFunc(found[:min(len(found), 3)], func(l procedureLink) bool { return l.Path == c.first }) {
			t.Errorf("%s: %q is not among the first three of %v", c.words, c.first, found)
		}
	}
}

func TestProceduresOfOneNeedAreOneChoice(t *testing.T) {
	need := procedure.Text{"zh": "和人有了纠纷", "en": "I have a dispute"}
	title := func(s string) procedure.Text { return procedure.Text{"zh": s, "en": s} }
	v := wordsIn("en", nil)
	needs := v.needs([]*procedure.Procedure{{ID: "a", Need: need, Title: title("A")}, {ID: "b", Title: title("B"), Summary: title("what B is")}, {ID: "c", Need: need, Title: title("C")}})
	if len(needs) != 2 {
		t.Fatalf("%d choices, want 2: %+v", len(needs), needs)
	}
	if got := needs[0]; got.Title != "I have a dispute" || got.Path != "" || len(got.Procedures) != 2 || got.Procedures[1].Path != "/lodge/c" {
		t.Errorf("the shared need is %+v", got)
	}
	if got := needs[1]; got.Title != "B" || got.Path != "/lodge/b" || got.Summary != "what B is" || got.Procedures != nil {
		t.Errorf("a procedure without a need of its own is %+v", got)
	}
}
