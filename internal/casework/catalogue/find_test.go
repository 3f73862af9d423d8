package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"luoshi/internal/casework/catalogue"
	"luoshi/internal/procedure"
	"luoshi/procedures"
)

func index(t *testing.T) (*catalogue.Index, []*procedure.Procedure) {
	t.Helper()
	all, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	published := map[string]*procedure.Procedure{}
	for _, p := range all {
		published[p.ID] = p
	}
	open := catalogue.Open(published)
	var offers []catalogue.Offer
	for _, p := range open {
		offers = append(offers, catalogue.Describe(p))
	}
	return catalogue.NewIndex(offers), open
}

func TestEverydayWordsFindTheService(t *testing.T) {
	x, _ := index(t)
	for _, s := range everyday() {
		found := x.Find(s.words, 3)
		if !slices.ContainsFunc(found, func(id string) bool { return slices.Contains(strings.Fields(s.want), id) }) {
			t.Errorf("%q finds %v, want one of %s", s.words, found, s.want)
		}
	}
}

func TestUnpaidWagesFindAllThatHelps(t *testing.T) {
	x, _ := index(t)
	for _, words := range []string{"老板不发工资", "My boss does not pay my wages"} {
		found := x.Find(words, 5)
		for _, want := range []string{"labour-mediation", "labour-arbitration", "legal-aid"} {
			if !slices.Contains(found, want) {
				t.Errorf("%q finds %v, and not %s", words, found, want)
			}
		}
	}
}

func TestWordsThatSayNothingFindNothing(t *testing.T) {
	x, _ := index(t)
	for _, words := range []string{"", "!!! ???", "xyzzy", "how do I do this", "天王盖地虎"} {
		if found := x.Find(words, 3); len(found) > 0 {
			t.Errorf("%q finds %v", words, found)
		}
	}
}
