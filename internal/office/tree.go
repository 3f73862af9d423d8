package office

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Tree is all units of the installation. It never changes after NewTree and is
// safe for use by many goroutines; a reorganisation makes a new one. Slices it
// returns are shared: callers must not write to them.
type Tree struct {
	units    []Unit         // in the order of a walk from the roots, each before those below it
	codes    []string       // codes[i] == units[i].Code
	place    map[string]int // code → index in units
	end      []int          // units[i:end[i]] are units[i] and everything below
	children [][]string     // sorted by code
	roots    []string
}

// NewTree checks the units and arranges them. It reports every duplicate code,
// unknown parent, unknown successor and cycle it finds, by code.
func NewTree(units []Unit) (*Tree, error) {
	byCode, err := index(units)
	if err != nil {
		return nil, err
	}
	if err := checkLinks(units, byCode); err != nil {
		return nil, err
	}
	below := map[string][]string{}
	for _, u := range units {
		below[u.Parent] = append(below[u.Parent], u.Code)
	}
	t := &Tree{place: make(map[string]int, len(units))}
	t.roots = sorted(below[""])
	for _, r := range t.roots {
		t.walk(r, byCode, below)
	}
	return t, nil
}

// walk appends a unit and all below it, without recursion so that the depth of
// the tree is no limit.
func (t *Tree) walk(root string, byCode map[string]Unit, below map[string][]string) {
	type frame struct{ at, next int }
	enter := func(code string) frame {
		at := len(t.units)
		t.place[code] = at
		t.units = append(t.units, byCode[code])
		t.codes = append(t.codes, code)
		t.end = append(t.end, 0)
		t.children = append(t.children, sorted(below[code]))
		return frame{at: at}
	}
	stack := []frame{enter(root)}
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		if f.next == len(t.children[f.at]) {
			t.end[f.at] = len(t.units)
			stack = stack[:len(stack)-1]
			continue
		}
		f.next++
		stack = append(stack, enter(t.children[f.at][f.next-1]))
	}
}

// Unit finds a unit by code.
func (t *Tree) Unit(code string) (Unit, bool) {
	i, ok := t.place[code]
	if !ok {
		return Unit{}, false
	}
	return t.units[i], true
}

// Roots are the codes of the units without a parent, sorted.
func (t *Tree) Roots() []string { return t.roots }

// Len is the number of units.
func (t *Tree) Len() int { return len(t.units) }

// All is every unit, each before those below it, neighbours by code.
func (t *Tree) All() []Unit { return t.units }

// Children are the codes of the units directly below, sorted; none for an
// unknown code.
func (t *Tree) Children(code string) []string {
	i, ok := t.place[code]
	if !ok {
		return nil
	}
	return t.children[i]
}

// Below are the codes of the unit itself and of all below it, the unit first.
// It costs nothing: a window on a slice made once. Everywhere gives all codes.
func (t *Tree) Below(code string) []string {
	if code == Everywhere {
		return slices.Clip(t.codes)
	}
	i, ok := t.place[code]
	if !ok {
		return nil
	}
	return t.codes[i:t.end[i]:t.end[i]]
}

// Within reports whether the unit is the ancestor or below it, in constant
// time. Every known unit is within Everywhere; an unknown unit is within none.
func (t *Tree) Within(code, ancestor string) bool {
	i, ok := t.place[code]
	if !ok {
		return false
	}
	if ancestor == Everywhere {
		return true
	}
	a, ok := t.place[ancestor]
	return ok && a <= i && i < t.end[a]
}

// Path are the codes from the root down to the unit; none for an unknown code.
func (t *Tree) Path(code string) []string {
	var path []string
	for i, ok := t.place[code]; ok; i, ok = t.place[t.units[i].Parent] {
		path = append(path, t.codes[i])
	}
	slices.Reverse(path)
	return path
}

// Successor are the units that do the work of a unit on an ISO date: itself
// while it is valid, otherwise its successors, or theirs when they have ended
// too. None means that nobody took over: the caller must say so rather than
// leave a matter without an owner. Work does not move backwards: before it
// began, a unit has no successor.
func (t *Tree) Successor(code, date string) []string {
	var found []string
	seen := map[string]bool{}
	queue := []string{code}
	for len(queue) > 0 {
		c := queue[0]
		queue = queue[1:]
		u, ok := t.Unit(c)
		if !ok || seen[c] {
			continue
		}
		seen[c] = true
		if u.ValidOn(date) {
			found = append(found, c)
		} else if u.ValidTo != "" && date > u.ValidTo {
			queue = append(queue, u.Successors...)
		}
	}
	return found
}

// index collects the units by code and finds what is wrong with each alone.
func index(units []Unit) (map[string]Unit, error) {
	var errs []error
	byCode := make(map[string]Unit, len(units))
	for _, u := range units {
		if err := u.check(); err != nil {
			errs = append(errs, err)
			continue
		}
		if _, twice := byCode[u.Code]; twice {
			errs = append(errs, fmt.Errorf("office: unit code %s is used twice", u.Code))
		}
		byCode[u.Code] = u
	}
	return byCode, errors.Join(errs...)
}

// checkLinks finds parents and successors that do not exist or run in circles.
func checkLinks(units []Unit, byCode map[string]Unit) error {
	var errs []error
	for _, u := range units {
		if _, ok := byCode[u.Parent]; u.Parent != "" && !ok {
			errs = append(errs, fmt.Errorf("office: unit %s names the unknown parent %s", u.Code, u.Parent))
		}
		for _, s := range u.Successors {
			if _, ok := byCode[s]; !ok {
				errs = append(errs, fmt.Errorf("office: unit %s names the unknown successor %s", u.Code, s))
			}
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	parent := func(c string) []string {
		if p := byCode[c].Parent; p != "" {
			return []string{p}
		}
		return nil
	}
	successors := func(c string) []string { return byCode[c].Successors }
	if c := cycle(units, parent); c != nil {
		return fmt.Errorf("office: units are above themselves: %s", strings.Join(c, " → "))
	}
	if c := cycle(units, successors); c != nil {
		return fmt.Errorf("office: units succeed themselves: %s", strings.Join(c, " → "))
	}
	return nil
}

func sorted(codes []string) []string {
	slices.Sort(codes)
	return slices.Clip(codes)
}
