package office

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Everywhere stands in a Grant for the whole installation. No unit has it as code.
const Everywhere = "*"

// Unit is an office. It is valid from ValidFrom to ValidTo, both included, as
// ISO dates (2006-01-02); an empty date is open on that side. A unit that ended
// names the units that took over its work, nearest first.
type Unit struct {
	Code       string            // unique; GB/T 2260 or an installation's own
	Parent     string            // code of the unit above; "" for a root
	Kind       string            // the installation's own word: province, court, mediation-committee …
	Name       map[string]string // by language tag, such as "zh" and "en"; one at least
	ValidFrom  string
	ValidTo    string
	Successors []string
}

// Label is the name in the language, or in the one that Lang gives, otherwise the code.
func (u Unit) Label(lang string) string {
	if n := u.Name[u.Lang(lang)]; n != "" {
		return n
	}
	return u.Code
}

// Lang is the language of the name that is shown to readers of lang: that one, or else the first of zh, en and all
// others by their tags in which the unit has a name; "" when it has none.
func (u Unit) Lang(lang string) string {
	for _, l := range append([]string{lang, "zh", "en"}, slices.Sorted(maps.Keys(u.Name))...) {
		if u.Name[l] != "" {
			return l
		}
	}
	return ""
}

// ValidOn reports whether the unit exists on the ISO date. An empty date asks
// for any day and is always true.
func (u Unit) ValidOn(date string) bool {
	// ISO dates compare as text.
	return date == "" || (u.ValidFrom <= date && (u.ValidTo == "" || date <= u.ValidTo))
}

// check finds faults that need no other unit.
func (u Unit) check() error {
	if u.Code == "" || u.Code == Everywhere {
		return fmt.Errorf("office: a unit cannot have the code %q", u.Code)
	}
	for _, d := range []string{u.ValidFrom, u.ValidTo} {
		if d == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return fmt.Errorf("office: unit %s: %q is not a date; write it as 2006-01-02", u.Code, d)
		}
	}
	if u.ValidTo != "" && u.ValidTo < u.ValidFrom {
		return fmt.Errorf("office: unit %s ends on %s, before it begins on %s", u.Code, u.ValidTo, u.ValidFrom)
	}
	return nil
}
