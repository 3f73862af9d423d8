package matter

import (
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// severalUnits ask which of the offices below get a sub-matter each: all of a kind, or single ones. Of many it lists those
// right below, or those that have the words that were looked for.
func (s *Pages) severalUnits(v Words, f *casework.File, st *procedure.Step, prefix string, form url.Values) *site.Input {
	in := &site.Input{ID: prefix + "sub-units", Name: "sub-units", Label: v.T("sub.units"), Kind: "several", Required: true}
	rules := s.Service.Rules(f.Procedure.Sub(st.Opens.Sub).Procedure)
	if rules == nil {
		return in
	}
	units := s.Service.PartOffices(f.Matter.Unit, rules)
	in.Hint = v.T("sub.units-hint", len(units))
	in.EachName, in.Each = "sub-each", v.kinds(units, form["sub-each"])
	shown := units
	if len(units) > fewUnits {
		shown = v.partly(in, units, f.Matter.Unit, form)
	}
	chosen := form["sub-units"]
	for _, u := range units {
		if slices.Contains(chosen, u.Code) || slices.ContainsFunc(shown, func(x office.Unit) bool { return x.Code == u.Code }) {
			in.Options = append(in.Options, site.Option{Value: u.Code, Label: v.inArea(u, f.Matter.Unit), Chosen: slices.Contains(chosen, u.Code)})
		}
	}
	if n := picked(units, chosen, form["sub-each"]); n > 0 {
		in.Hint += " " + v.T("sub.units-chosen", n)
	}
	return in
}

// partly are those of many offices that a form lists: those right below, or what was looked for.
func (v Words) partly(in *site.Input, units []office.Unit, above string, form url.Values) []office.Unit {
	in.Find = &site.Find{Name: "find." + in.Name, Words: strings.TrimSpace(form.Get("find." + in.Name))}
	fit := units
	if in.Find.Words != "" {
		fit = v.fitting(units, in.Find.Words)
	}
	shown := closest(v.Staff.Tree, fit, above, fewUnits)
	switch {
	case in.Find.Words == "":
		in.Find.Says = v.T("unit.near", len(shown), len(units))
	case len(fit) == 0:
		in.Find.Says = v.T("unit.none", in.Find.Words)
	case len(shown) < len(fit):
		in.Find.Says = v.T("unit.found-some", len(fit), len(shown))
	default:
		in.Find.Says = v.T("unit.found", len(fit))
	}
	return shown
}

// kinds offers all offices of a kind at once, where there are several.
func (v Words) kinds(units []office.Unit, chosen []string) []site.Option {
	var options []site.Option
	for _, kind := range []string{"city", "county", "township"} {
		n := 0
		for _, u := range units {
			if u.Kind == kind {
				n++
			}
		}
		if n > 1 {
			options = append(options, site.Option{Value: kind, Label: v.T("todo.each-"+kind, n), Chosen: slices.Contains(chosen, kind)})
		}
	}
	return options
}

// inArea names an office, with the area between it and the unit that passes a part on.
func (v Words) inArea(u office.Unit, above string) string {
	if u.Parent == above {
		return u.Label(v.Lang)
	}
	return u.Label(v.Lang) + " · " + v.Unit(u.Parent)
}

// picked is how many offices are chosen, by name or by kind.
func picked(units []office.Unit, codes, kinds []string) (n int) {
	for _, u := range units {
		if slices.Contains(codes, u.Code) || slices.Contains(kinds, u.Kind) {
			n++
		}
	}
	return n
}
