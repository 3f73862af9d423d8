package office

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func staff(grants ...Grant) Actor { return Actor{Account: &Account{Login: "x", Grants: grants}} }

func TestReadScope(t *testing.T) {
	tree := province(t)
	type answer struct {
		All, Empty, Content bool
		Units, Matter       string
	}
	for _, c := range []struct {
		name  string
		actor Actor
		want  answer
	}{
		{"a clerk reads the unit and below", staff(Grant{RoleClerk, "140106"}), answer{Content: true, Units: "140106 140106001"}},
		{"grants add up, each unit once", staff(Grant{RoleHead, "140106"}, Grant{RoleClerk, "140106001"}, Grant{RoleOfficer, "1402"}, Grant{RoleClerk, "1402"}), answer{Content: true, Units: "140106 140106001 1402"}},
		{"a grant everywhere reads all", staff(Grant{RoleSupervisor, "*"}), answer{All: true, Content: true}},
		{"an auditor reads without content", staff(Grant{RoleAuditor, "*"}), answer{All: true}},
		{"a clerk who audits more gets content for less", staff(Grant{RoleAuditor, "1401"}, Grant{RoleClerk, "140105"}), answer{Units: "1401 140105 140106 140106001 140107 140108"}},
		{"an auditor below the own office keeps content", staff(Grant{RoleAuditor, "140105"}, Grant{RoleClerk, "1401"}), answer{Content: true, Units: "1401 140105 140106 140106001 140107 140108"}},
		{"an author reads nothing", staff(Grant{RoleAuthor, "*"}), answer{Empty: true}},
		{"an operator reads nothing", staff(Grant{RoleOperator, "*"}), answer{Empty: true}},
		{"an unknown role reads nothing", staff(Grant{"king", "*"}), answer{Empty: true}},
		{"an unknown unit reads nothing", staff(Grant{RoleClerk, "99"}), answer{Empty: true}},
		{"a disabled account reads nothing", Actor{Account: &Account{Disabled: true, Grants: []Grant{{RoleHead, "*"}}}}, answer{Empty: true}},
		{"a party reads the one matter", Actor{Party: &PartyRef{Matter: "2026-00000124-8"}}, answer{Content: true, Matter: "2026-00000124-8"}},
		{"a party of no matter reads nothing", Actor{Party: &PartyRef{}}, answer{Empty: true}},
		{"the system reads all", Actor{System: true}, answer{All: true, Content: true}},
		{"a resident reads nothing", Actor{Resident: true}, answer{Empty: true}},
		{"nobody reads nothing", Actor{}, answer{Empty: true}},
		{"two identities read nothing", Actor{System: true, Resident: true}, answer{Empty: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.actor.ReadScope(tree)
			got := answer{s.All(), s.Empty(), s.ContentAllowed(), strings.Join(s.Units(), " "), s.Matter()}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if s.Covers("", "") != c.want.All {
				t.Error("a matter without unit and number is covered by more than all")
			}
		})
	}
}

func TestContentIsTheSmallerScope(t *testing.T) {
	tree := province(t)
	s := staff(Grant{RoleAuditor, "*"}, Grant{RoleClerk, "140105"}).ReadScope(tree)
	if !s.All() || s.ContentAllowed() || !s.Covers("1402", "n") {
		t.Errorf("scope %+v", s)
	}
	if c := s.Content(); c.All() || !c.ContentAllowed() || !c.Covers("140105", "n") || c.Covers("1402", "n") {
		t.Errorf("content %+v", c)
	}
	if c := staff(Grant{RoleAuditor, "*"}).ReadScope(tree).Content(); !c.Empty() || c.Covers("14", "n") || c.ContentAllowed() {
		t.Errorf("an auditor's content: %+v", c)
	}
}

func TestHasRole(t *testing.T) {
	tree := province(t)
	a := staff(Grant{RoleMediator, "1401"}, Grant{RoleClerk, "*"})
	for _, c := range []struct {
		role, unit string
		want       bool
	}{
		{RoleMediator, "1401", true}, {RoleMediator, "140106001", true}, {RoleMediator, "14", false}, {RoleMediator, "1402", false},
		{RoleClerk, "14", true}, {RoleClerk, "*", true}, {RoleMediator, "*", false}, {RoleHead, "1401", false}, {RoleMediator, "99", false},
	} {
		if got := a.HasRole(tree, c.role, c.unit); got != c.want {
			t.Errorf("HasRole(%s, %s) = %v", c.role, c.unit, got)
		}
	}
	both := a
	both.Resident = true
	if both.HasRole(tree, RoleClerk, "14") || (Actor{System: true}).HasRole(tree, RoleClerk, "14") {
		t.Error("an actor that is not one account has a role")
	}
	want := []string{"1401", "140105", "140106", "140106001", "140107", "140108"}
	if d := cmp.Diff(want, a.UnitsWithRole(tree, RoleMediator)); d != "" {
		t.Error(d)
	}
	if got := a.UnitsWithRole(tree, RoleClerk); len(got) != tree.Len() {
		t.Errorf("a clerk everywhere is clerk in %v", got)
	}
}

func TestGrantCheckNamesTheFault(t *testing.T) {
	tree := province(t)
	for _, g := range []Grant{{RoleClerk, "14"}, {RoleAuditor, "*"}} {
		if err := g.Check(tree); err != nil {
			t.Error(err)
		}
	}
	for want, g := range map[string]Grant{`unknown role "king"`: {"king", "14"}, `unknown unit "99"`: {RoleClerk, "99"}} {
		if err := g.Check(tree); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// A list filters by Units, a single read asks Covers; nobody may see by one
// what the other hides. Both are compared with the grants read one by one.
func TestListsAndSingleReadsAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		units, tree := drawTree(rt)
		codes := append([]string{Everywhere, "unknown"}, tree.Below(Everywhere)...)
		grants := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Grant {
			return Grant{rapid.SampledFrom(append(Roles(), "king")).Draw(rt, "role"), rapid.SampledFrom(codes).Draw(rt, "unit")}
		}), 0, 5).Draw(rt, "grants")
		scope := staff(grants...).ReadScope(tree)
		listed, content := scope.Units(), scope.Content()
		for _, u := range units {
			var mayRead, mayContent bool
			for _, g := range grants {
				m, c := g.reads()
				reach := g.Unit == Everywhere || above(units, u.Code, g.Unit)
				mayRead, mayContent = mayRead || m && reach, mayContent || c && reach
			}
			if scope.Covers(u.Code, "n") != mayRead || (scope.All() || slices.Contains(listed, u.Code)) != mayRead {
				rt.Fatalf("%s: may read %v, scope and list disagree", u.Code, mayRead)
			}
			if content.Covers(u.Code, "n") != mayContent || scope.ContentAllowed() && mayRead && !mayContent {
				rt.Fatalf("%s: may read content %v", u.Code, mayContent)
			}
		}
		if !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) != len(listed) {
			rt.Fatalf("units %v are not sorted and single", listed)
		}
		var fromTops []string
		for _, top := range scope.Tops() {
			fromTops = append(fromTops, tree.Below(top)...)
		}
		slices.Sort(fromTops)
		if d := cmp.Diff(listed, fromTops, cmpopts.EquateEmpty()); d != "" {
			rt.Fatal(d)
		}
	})
}

func BenchmarkUnitsOfAScope(b *testing.B) {
	tree := province(b)
	a := staff(Grant{RoleHead, "1401"})
	b.ReportAllocs()
	for b.Loop() {
		a.ReadScope(tree).Units()
	}
}
