package procedure_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"luoshi/internal/procedure"
)

func TestSees(t *testing.T) {
	head := func(role string) bool { return role == "head" }
	for name, c := range map[string]struct {
		viewer procedure.Viewer
		sees   string // the lists of SeenBy that let the viewer see
	}{
		"nobody":                 {procedure.Viewer{}, ""},
		"staff":                  {procedure.Viewer{Staff: true}, "staff"},
		"head":                   {procedure.Viewer{Staff: true, Role: head}, "staff role:head"},
		"assigned":               {procedure.Viewer{Staff: true, Assigned: true}, "staff assigned"},
		"applicant":              {procedure.Viewer{Party: "applicant"}, "parties party:applicant"},
		"respondent":             {procedure.Viewer{Party: "respondent"}, "parties party:respondent"},
		"role without an office": {procedure.Viewer{Role: head, Assigned: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, by := range []string{"staff", "parties", "party:applicant", "party:respondent", "role:head", "role:clerk", "assigned", "party:", "role:", "everybody"} {
				got := c.viewer.Sees(&procedure.Field{SeenBy: []string{by}})
				if want := slices.Contains(strings.Fields(c.sees), by); got != want {
					t.Errorf("seen by %s: %v", by, got)
				}
			}
		})
	}
}

// TestNobodySeesAFieldWithoutBeingListed draws any viewer and any list, also with words that no declaration may
// have, and holds the answer against the plain meaning of each word.
func TestNobodySeesAFieldWithoutBeingListed(t *testing.T) {
	roles := []string{"clerk", "head", "applicant", "respondent"}
	words := []string{"staff", "parties", "assigned", "party:applicant", "party:respondent", "role:head", "role:clerk", "party:", "role:", "party", "role", ""}
	rapid.Check(t, func(t *rapid.T) {
		held := rapid.SliceOf(rapid.SampledFrom(roles)).Draw(t, "held")
		v := procedure.Viewer{Staff: rapid.Bool().Draw(t, "staff"), Assigned: rapid.Bool().Draw(t, "assigned"),
			Role: func(r string) bool { return slices.Contains(held, r) }}
		if !v.Staff {
			v.Party = rapid.SampledFrom([]string{"", "applicant", "respondent"}).Draw(t, "party")
		}
		listed := map[string]bool{"staff": v.Staff, "assigned": v.Staff && v.Assigned, "parties": v.Party != ""}
		for _, r := range roles {
			listed["party:"+r] = v.Party == r
			listed["role:"+r] = v.Staff && slices.Contains(held, r)
		}
		f := &procedure.Field{SeenBy: rapid.SliceOf(rapid.SampledFrom(words)).Draw(t, "seen by")}
		want := slices.ContainsFunc(f.SeenBy, func(w string) bool { return listed[w] })
		if got := v.Sees(f); got != want {
			t.Fatalf("%+v sees %v: %v", v, f.SeenBy, got)
		}
	})
}
