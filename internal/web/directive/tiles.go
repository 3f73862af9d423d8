package directive

import (
	"cmp"
	"net/url"
	"slices"

	"luoshi/internal/casework"
)

// tileGroup are offices side by side, as on a map, by the area they lie in.
type tileGroup struct {
	Name  string
	Tiles []tile
}

type tile struct{ Name, Path, Light, LightSaid, Percent, Numbers string }

// standing is how an office stands with all it has.
type standing struct {
	unit                    string
	open, late, soon, ended int
	percent                 int // all together
}

func (o *standing) add(b *casework.Branch) {
	if b.Progress.Gone {
		return
	}
	o.percent += b.Progress.Percent
	switch {
	case b.Matter.Ended != "":
		o.ended++
		return
	case b.Progress.Late > 0:
		o.late++
	case b.Progress.Soon > 0:
		o.soon++
	}
	o.open++
}

// standings add up, for each office right below the top of the trees, what it and those below it have.
func standings(roots []*casework.Branch) []*standing {
	byUnit := map[string]*standing{}
	var all []*standing
	for _, root := range roots {
		heads := []*casework.Branch{root}
		if root.Matter.Unit == root.Matter.Issuer && len(root.Parts) > 0 {
			heads = root.Parts
		}
		for _, b := range heads {
			o := byUnit[b.Matter.Unit]
			if o == nil {
				o = &standing{unit: b.Matter.Unit}
				byUnit[o.unit], all = o, append(all, o)
			}
			o.add(b)
		}
	}
	return all
}

// officeTiles show the offices side by side, by the area they lie in, as on a map: areas and offices in the order of the
// tree of offices, so that each is found again where it was.
func (v words) officeTiles(roots []*casework.Branch) []tileGroup {
	place := map[string]int{}
	for i, u := range v.Staff.Tree.All() {
		place[u.Code] = i
	}
	all := standings(roots)
	slices.SortStableFunc(all, func(a, b *standing) int { return cmp.Compare(place[a.unit], place[b.unit]) })
	var groups []tileGroup
	at := map[string]int{}
	for _, o := range all {
		u, _ := v.Staff.Tree.Unit(o.unit)
		i, ok := at[u.Parent]
		if !ok {
			i = len(groups)
			at[u.Parent], groups = i, append(groups, tileGroup{Name: v.above(u.Parent)})
		}
		groups[i].Tiles = append(groups[i].Tiles, v.officeTile(o))
	}
	return groups
}

// above names the area that offices lie in; those at the top lie in none.
func (v words) above(code string) string {
	if code == "" {
		return v.T("directives.top")
	}
	return v.Unit(code)
}

func (v words) officeTile(o *standing) tile {
	t := tile{Name: v.Unit(o.unit), Path: "/desk/directives?" + url.Values{"unit": {o.unit}, "show": {"given"}}.Encode(),
		Light: "good", LightSaid: v.T("directives.light-good"), Numbers: v.T("directives.tile-numbers", o.open, o.ended)}
	if n := o.open + o.ended; n > 0 {
		t.Percent = v.T("directives.percent", o.percent/n)
	}
	switch {
	case o.late > 0:
		t.Light, t.LightSaid = "late", v.T("directives.tile-late", o.late)
	case o.soon > 0:
		t.Light, t.LightSaid = "soon", v.T("directives.tile-soon", o.soon)
	case o.open == 0 && o.ended == 0:
		t.Light, t.LightSaid = "plain", v.T("directives.light-gone")
	case o.open == 0:
		t.LightSaid = v.T("directives.light-done")
	}
	return t
}

// manyTiles is from how many parts on they are shown side by side too.
const manyTiles = 8

// tiles show the offices that have no parts of their own, by the office above them.
func (v words) tiles(all []leveled) []tileGroup {
	if len(all) < manyTiles {
		return nil
	}
	var out []tileGroup
	at := map[string]int{}
	for _, p := range all {
		b := p.branch
		if len(b.Parts) > 0 {
			continue
		}
		u, _ := v.Staff.Tree.Unit(b.Matter.Unit)
		i, ok := at[u.Parent]
		if !ok {
			i = len(out)
			at[u.Parent] = i
			out = append(out, tileGroup{Name: v.above(u.Parent)})
		}
		t := tile{Name: v.Unit(b.Matter.Unit), Path: "/desk/directives/" + b.Matter.Number, Percent: v.T("directives.percent", b.Progress.Percent)}
		t.Light, t.LightSaid = v.lightOf(b)
		out[i].Tiles = append(out[i].Tiles, t)
	}
	return out
}
