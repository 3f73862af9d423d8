package listing

import (
	"slices"

	"luoshi/internal/casework"
)

// few means fewer than one in so many.
const few = 20

// maxUnits bounds the units that a search names; naming more costs more than it saves.
const maxUnits = 200

// Among is what the counts say about a search: how many matters are such as asked for, and among how many.
type Among struct {
	Places   map[Place]int64 // that hold such matters
	Matching int64           // in Places
	Within   int64           // in the units that are looked at, whatever their state
	All      int64           // in the database
}

func (l *Listing) among(counts *Tally, places map[Place]int64, matching, all int64) Among {
	_, within, _ := counts.Match(func(p Place) bool { return l.inside(p.Unit) }, l.Meets)
	return Among{Places: places, Matching: matching, Within: within, All: all}
}

// Few reports whether hardly any of the matters in the units are such as asked for, so that a search had
// better begin with them than with the words.
func (a Among) Few() bool { return a.Matching*few <= a.Within }

// UnitTokens are the tokens of the units that are looked at, sorted, one of which a hit must have; nil where
// asking for them does not pay: the units are many, or hold much of everything anyway.
func (a Among) UnitTokens() []string {
	if a.Within*few > a.All {
		return nil
	}
	return a.Units()
}

// Units are those tokens also where the units hold much of everything; nil where they are many or hold all of it.
func (a Among) Units() []string {
	units := map[string]bool{}
	for p := range a.Places {
		units[p.Unit] = true
	}
	if len(units) > maxUnits || a.Within == a.All {
		return nil
	}
	tokens := make([]string, 0, len(units))
	for u := range units {
		tokens = append(tokens, casework.UnitToken(u))
	}
	slices.Sort(tokens)
	return tokens
}
