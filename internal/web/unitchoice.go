package web

import (
	"slices"
	"strings"
	"time"

	"luoshi/internal/office"
)

// unitGroups lists the offices of some kinds that exist on a day, under the area they lie in, in the order
// of the tree. skip is left out: a matter is not referred to where it is. Where there are several trees, the one of skip
// comes first: seldom does a matter go to another city's offices.
func (v words) unitGroups(kinds []string, today time.Time, chosen, skip string) []group {
	day, tree := today.Format(time.DateOnly), v.staff.Tree
	want := func(near bool) []group {
		return v.grouped(chosen, func(u office.Unit) bool {
			return slices.Contains(kinds, u.Kind) && u.ValidOn(day) && u.Code != skip && near == (root(tree, u.Code) == root(tree, skip))
		})
	}
	return append(want(true), want(false)...)
}

// root is the office at the top of the tree that an office lies in, "" for one that is not known.
func root(tree *office.Tree, code string) string {
	if path := tree.Path(code); len(path) > 0 {
		return path[0]
	}
	return ""
}

// grouped lists the offices that are wanted by area, in the order of the tree.
func (v words) grouped(chosen string, want func(office.Unit) bool) []group {
	var groups []group
	at := map[string]int{}
	for _, u := range v.staff.Tree.All() {
		if !want(u) {
			continue
		}
		label := v.area(v.staff.Tree, u.Code)
		i, ok := at[label]
		if !ok {
			i = len(groups)
			at[label] = i
			groups = append(groups, group{Label: label})
		}
		groups[i].Options = append(groups[i].Options, option{Value: u.Code, Label: u.Label(v.lang), Chosen: u.Code == chosen})
	}
	return groups
}

// area names what an office lies in, up to two levels below the root, such as city and county. An office
// with others below it is an area of its own. The root is named where there are several.
func (v words) area(tree *office.Tree, code string) string {
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
		names = append(names, v.unit(c))
	}
	return strings.Join(names, " · ")
}
