package office

import (
	"errors"
	"slices"
)

// PartyRef is a party who showed the number and the query code of one matter.
type PartyRef struct {
	Matter string // the matter's number, canonical
	Role   string // the party's role in it, as the procedure names it
	Code   string // hash of the query code they hold, which tells parties of one role apart
}

// Actor is who asks or acts: exactly one of a member of staff, a party of one
// matter, the system itself, or a resident who is not known yet. An actor with
// no identity or with two may do nothing.
type Actor struct {
	Account  *Account
	Party    *PartyRef
	System   bool // the installation's own jobs; never a request from outside
	Resident bool // may lodge, and read what is public
}

// Check reports an actor that does not have exactly one identity.
func (a Actor) Check() error {
	n := 0
	for _, is := range []bool{a.Account != nil, a.Party != nil, a.System, a.Resident} {
		if is {
			n++
		}
	}
	if n != 1 {
		return errors.New("office: an actor must be exactly one of account, party, system, resident")
	}
	return nil
}

// HasRole reports whether the actor holds the role for the unit, by a grant on
// it, on a unit above it or Everywhere. Asked for the unit Everywhere, only a
// grant Everywhere counts.
func (a Actor) HasRole(t *Tree, role, unit string) bool {
	for _, g := range a.grants() {
		if g.Role == role && g.covers(t, unit) {
			return true
		}
	}
	return false
}

// UnitsWithRole are the codes of all units the actor holds the role for,
// sorted, each once.
func (a Actor) UnitsWithRole(t *Tree, role string) []string {
	var tops []string
	for _, g := range a.grants() {
		if g.Role == role {
			tops = append(tops, g.Unit)
		}
	}
	return expand(t, topmost(t, tops))
}

// grants are those in force: none unless the actor is one enabled account.
func (a Actor) grants() []Grant {
	if a.Check() != nil || a.Account == nil || a.Account.Disabled {
		return nil
	}
	return a.Account.Grants
}

// topmost drops units that lie below another one in the list or are unknown.
func topmost(t *Tree, codes []string) []string {
	if slices.Contains(codes, Everywhere) {
		return []string{Everywhere}
	}
	var tops []string
	for i, c := range codes {
		covered := func(j int) bool {
			return t.Within(c, codes[j]) && (codes[j] != c || j < i)
		}
		keep := t.Within(c, c) // false for an unknown unit
		for j := range codes {
			if j != i && covered(j) {
				keep = false
			}
		}
		if keep {
			tops = append(tops, c)
		}
	}
	return tops
}

// expand lists the units and all below, sorted. One unit whose walk is sorted
// already, the rule with GB/T 2260 codes, is not copied.
func expand(t *Tree, tops []string) []string {
	if len(tops) == 1 {
		if below := t.Below(tops[0]); slices.IsSorted(below) {
			return below
		}
	}
	var all []string
	for _, c := range tops {
		all = append(all, t.Below(c)...)
	}
	slices.Sort(all)
	return all
}
