package matter

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// fewUnits is how many offices a list to open holds where somebody knows the way: with more, those nearest are listed and
// the others are found by words.
const fewUnits = 40

// unitGroups lists the offices of some kinds that exist on a day, under the area they lie in, in the order
// of the tree. skip is left out: a matter is not referred to where it is. Where there are several trees, the one of skip
// comes first: seldom does a matter go to another city's offices.
func (v Words) unitGroups(kinds []string, today time.Time, chosen, skip string) []site.Group {
	return v.ordered(v.receiving(kinds, today, skip), chosen, skip)
}

// receiving are the offices of some kinds that exist on a day, in the order of the tree, without skip.
func (v Words) receiving(kinds []string, today time.Time, skip ...string) []office.Unit {
	day := today.Format(time.DateOnly)
	return slices.DeleteFunc(slices.Clone(v.Staff.Tree.All()), func(u office.Unit) bool {
		return !slices.Contains(kinds, u.Kind) || !u.ValidOn(day) || slices.Contains(skip, u.Code)
	})
}

// ordered lists offices by area, those of the tree that near lies in before the others.
func (v Words) ordered(units []office.Unit, chosen, near string) []site.Group {
	tree, listed := v.Staff.Tree, map[string]bool{}
	for _, u := range units {
		listed[u.Code] = true
	}
	want := func(same bool) []site.Group {
		return v.Grouped(chosen, func(u office.Unit) bool {
			return listed[u.Code] && same == (root(tree, u.Code) == root(tree, near))
		})
	}
	return append(want(true), want(false)...)
}

// chooseUnit lets an input choose one of the offices. Of many it lists those nearest to near, or those that have the
// words in their name or area, and lets others be looked for. What was chosen before stays in the list.
func (v Words) chooseUnit(in *site.Input, units []office.Unit, near string, form url.Values) {
	in.Value = form.Get(in.Name)
	if len(units) <= fewUnits {
		in.Groups = v.ordered(units, in.Value, near)
		return
	}
	in.Find = &site.Find{Name: "find." + in.Name, Words: strings.TrimSpace(form.Get("find." + in.Name))}
	fit := units
	if in.Find.Words != "" {
		fit = v.fitting(units, in.Find.Words)
	}
	shown := closest(v.Staff.Tree, fit, near, fewUnits)
	switch {
	case in.Find.Words == "":
		in.Find.Says = v.T("unit.near", len(shown), len(units))
	case len(fit) == 0:
		in.Find.Says = v.T("unit.none", in.Find.Words)
		shown = closest(v.Staff.Tree, units, near, fewUnits)
	case len(shown) < len(fit):
		in.Find.Says = v.T("unit.found-some", len(fit), len(shown))
	default:
		in.Find.Says = v.T("unit.found", len(fit))
	}
	if len(fit) == 1 && in.Find.Words != "" {
		in.Value = fit[0].Code
	}
	for _, u := range units {
		if u.Code == in.Value && !slices.ContainsFunc(shown, func(x office.Unit) bool { return x.Code == u.Code }) {
			shown = append(shown, u)
		}
	}
	in.Groups = v.ordered(shown, in.Value, near)
}

// fitting are the offices that have every word in their name or area.
func (v Words) fitting(units []office.Unit, typed string) (fit []office.Unit) {
	sought := strings.Fields(strings.ToLower(typed))
	for _, u := range units {
		name := strings.ToLower(v.area(v.Staff.Tree, u.Code) + " " + u.Label(v.Lang))
		if !slices.ContainsFunc(sought, func(w string) bool { return !strings.Contains(name, w) }) {
			fit = append(fit, u)
		}
	}
	return fit
}

// closest are at most n of the offices, those with the fewest steps in the tree between them and near. No office is
// listed when another as near is not, unless that would leave few.
func closest(tree *office.Tree, units []office.Unit, near string, n int) []office.Unit {
	if len(units) <= n {
		return units
	}
	from := tree.Path(near)
	far := func(u office.Unit) int {
		path, common := tree.Path(u.Code), 0
		for common < min(len(path), len(from)) && path[common] == from[common] {
			common++
		}
		return len(path) + len(from) - 2*common
	}
	units = slices.Clone(units)
	slices.SortStableFunc(units, func(a, b office.Unit) int { return far(a) - far(b) })
	end := n
	for end > n/2 && far(units[end-1]) == far(units[n]) {
		end--
	}
	if far(units[end-1]) == far(units[n]) {
		end = n // as many are as near
	}
	return units[:end]
}

// LookedFor is the name of the input for which other offices are looked for, "" when the form is sent for what it is: a
// button asks for it, or the Enter key behind new words while none is chosen.
func LookedFor(form url.Values) string {
	if name := form.Get("look"); name != "" {
		return name
	}
	for _, name := range []string{"issuer", "unit", "sub-unit", "sub-units", "onward-unit"} {
		if form.Get(name) == "" && (name != "sub-units" || form.Get("sub-each") == "") && strings.TrimSpace(form.Get("find."+name)) != form.Get("found."+name) {
			return name
		}
	}
	return ""
}

// root is the office at the top of the tree that an office lies in, "" for one that is not known.
func root(tree *office.Tree, code string) string {
	if path := tree.Path(code); len(path) > 0 {
		return path[0]
	}
	return ""
}

// Grouped lists the offices that are wanted by area, in the order of the tree.
func (v Words) Grouped(chosen string, want func(office.Unit) bool) []site.Group {
	var groups []site.Group
	at := map[string]int{}
	for _, u := range v.Staff.Tree.All() {
		if !want(u) {
			continue
		}
		label := v.area(v.Staff.Tree, u.Code)
		i, ok := at[label]
		if !ok {
			i = len(groups)
			at[label] = i
			groups = append(groups, site.Group{Label: label})
		}
		groups[i].Options = append(groups[i].Options, site.Option{Value: u.Code, Label: u.Label(v.Lang), Chosen: u.Code == chosen})
	}
	return groups
}

// area names what an office lies in, up to two levels below the root, such as city and county. An office
// with others below it is an area of its own. The root is named where there are several.
func (v Words) area(tree *office.Tree, code string) string {
	path := tree.Path(code)
	if len(tree.Children(code)) == 0 && len(path) > 1 {
		path = path[:len(path)-1]
	}
	levels := 3
	if len(path) > 1 && len(tree.Roots()) == 1 {
		path, levels = path[1:], 2 // all lie in the root
	}
	var names []string
	for _, c := range path[:min(levels, len(path))] {
		names = append(names, v.Unit(c))
	}
	return strings.Join(names, " · ")
}
