package guide_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/guide"
	"luoshi/procedures"
)

const small = `format: luoshi-guide/1
id: lamp
title: {zh: 灯坏了, en: A lamp is broken}
summary: {zh: 找谁修。, en: Who repairs it.}
languages: [zh, en]
first: where
questions:
  - name: where
    ask: {zh: 在哪里？, en: Where is it?}
    answers:
      - {text: {zh: 街上, en: In the street}, to: street}
      - {text: {zh: 家里, en: At home}, to: whose}
  - name: whose
    ask: {zh: 谁的房子？, en: Whose house is it?}
    answers:
      - {text: {zh: 自己的, en: My own}, to: home}
      - {text: {zh: 租的, en: I rent it}, to: landlord}
outcomes:
  - {name: street, title: {zh: 报修, en: Report it}, text: {zh: 写清地点。, en: Say where.}, way: hotline, fields: {order_kind: help}}
  - {name: home, title: {zh: 自己修, en: Repair it}, text: {zh: 先断电。, en: Switch off first.}, way: electrician}
  - {name: landlord, title: {zh: 找房东, en: Ask the landlord}, text: {zh: 先商量。, en: Talk first.}, way: mediation, others: [electrician]}
ways:
  - {name: hotline, title: {zh: 热线, en: Hotline}, procedure: hotline-order, where: {zh: "12345", en: "12345"}, cost: {zh: 不收费, en: Free}, time: {zh: 各地不同, en: By place}, binding: {zh: 不裁决, en: No decision}, fails: {zh: 信访, en: A petition}, basis: [{note: {zh: 没有规定, en: No rule}}]}
  - {name: mediation, title: {zh: 调解, en: Mediation}, procedure: people-mediation, where: {zh: 司法所, en: The justice office}, cost: {zh: 不收费, en: Free}, time: {zh: 一个月, en: A month}, binding: {zh: 像合同, en: Like a contract}, fails: {zh: 起诉, en: The court}, basis: [{law: 人民调解法, article: 31, status: verified}]}
  - {name: electrician, title: {zh: 电工, en: An electrician}, where: {zh: 附近, en: Nearby}, cost: {zh: 收费, en: For money}, time: {zh: 当天, en: The same day}, binding: {zh: 没有, en: No}, fails: {zh: 换一个, en: Ask another}, basis: [{note: {zh: 没有规定, en: No rule}}]}
`

func packs(t *testing.T) func(id string) *procedure.Procedure {
	t.Helper()
	all, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	return func(id string) *procedure.Procedure {
		if i := slices.IndexFunc(all, func(p *procedure.Procedure) bool { return p.ID == id }); i >= 0 {
			return all[i]
		}
		return nil
	}
}

func findings(t *testing.T, src string) []string {
	t.Helper()
	g, err := guide.Load("g.yaml", []byte(src))
	var found []procedure.Finding
	var list *procedure.Errors
	switch {
	case errors.As(err, &list):
		found = *list
	case err != nil:
		t.Fatal(err)
	default:
		found = g.Check(packs(t))
	}
	var out []string
	for _, f := range found {
		if f.Line < 1 || f.In("zh") == f.In("en") {
			t.Errorf("no place or no words: %+v", f)
		}
		out = append(out, f.Rule)
	}
	return out
}

func TestWhatIsWrongWithAGuideIsFound(t *testing.T) {
	if got := findings(t, small); got != nil {
		t.Fatalf("the small guide: %v", got)
	}
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"an answer that leads nowhere", "to: whose}", "to: whom}", []string{"guide-unknown", "guide-unreachable", "guide-unreachable", "guide-unreachable", "guide-unreachable", "guide-unreachable"}},
		{"questions that need not end", "to: home}", "to: where}", []string{"guide-endless", "guide-unreachable"}},
		{"a way that nobody is led to", "others: [electrician]", "others: [hotline]", nil},
		{"a way that is not there", "others: [electrician]", "others: [plumber]", []string{"guide-unknown"}},
		{"the same way twice", "others: [electrician]", "others: [mediation]", []string{"duplicate-name"}},
		{"a procedure that is not there", "procedure: hotline-order", "procedure: coldline", []string{"guide-procedure"}},
		{"a choice that the form does not have", "{order_kind: help}", "{order_kind: dance}", []string{"guide-procedure"}},
		{"a field that is no choice", "{order_kind: help}", "{description: help}", []string{"guide-procedure"}},
		{"one language", "{zh: 报修, en: Report it}", "{zh: 报修}", []string{"text-missing"}},
		{"a language too many", "{zh: 报修, en: Report it}", "{zh: 报修, en: Report it, fr: Oui}", []string{"text-language"}},
		{"no basis", "basis: [{law: 人民调解法, article: 31, status: verified}]", "basis: []", []string{"missing-member"}},
		{"a law without how sure it is", ", status: verified", "", []string{"basis"}},
		{"two things of one name", "name: home,", "name: street,", []string{"guide-unknown", "duplicate-name", "guide-unreachable"}},
		{"one answer", "      - {text: {zh: 街上, en: In the street}, to: street}\n", "", []string{"missing-member", "guide-unreachable", "guide-unreachable"}},
		{"another format", "luoshi-guide/1", "luoshi-guide/2", []string{"format"}},
	} {
		if !strings.Contains(small, c.old) {
			t.Fatalf("%s: %q does not occur", c.name, c.old)
		}
		if diff := cmp.Diff(c.want, findings(t, strings.Replace(small, c.old, c.new, 1))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestGuidesOfTheProductAreRight(t *testing.T) {
	names, err := fs.Glob(procedures.Guides, "guides/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	for _, name := range names {
		src, err := procedures.Guides.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		g, err := guide.Load(name, src)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range g.Check(packs(t)) {
			t.Errorf("%v", f)
		}
	}
}

func TestAWayIsFollowed(t *testing.T) {
	g, err := guide.Load("g.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	given, q, o, ok := g.Follow([]string{"whose", "landlord"})
	if !ok || q != nil || o == nil || o.Name != "landlord" || len(given) != 2 || given[1].Answer.Text["en"] != "I rent it" {
		t.Errorf("%+v %+v %+v %v", given, q, o, ok)
	}
	if _, q, _, ok := g.Follow(nil); !ok || q.Name != "where" {
		t.Errorf("it begins with %+v", q)
	}
	for _, to := range [][]string{{"landlord"}, {"street", "home"}, {"nowhere"}} {
		if _, _, _, ok := g.Follow(to); ok {
			t.Errorf("%v is a way", to)
		}
	}
}
