package procedure

import (
	"regexp"
	"strings"
)

// Placeholders of notices and documents, written in braces. PlaceDue is followed by the name of a clock,
// PlaceField by that of a field.
const (
	PlaceNumber    = "number"    // of the matter
	PlaceProcedure = "procedure" // its title
	PlaceState     = "state"     // title of the state after the step
	PlaceUnit      = "unit"      // name of the office that is responsible after the step
	PlaceNote      = "note"      // what was remarked with the step
	PlaceDue       = "due."      // the day by which the office or the party has to act
	PlaceField     = "fields."   // a value
)

// placeholder is one in a text; a brace that belongs to none is matched alone.
var placeholder = regexp.MustCompile(`\{([^{}]*)\}|[{}]`)

// Fill puts values into a text: value is asked for each placeholder, by its name without braces. What it gives is
// put in as it is; braces in it are not looked at again.
func Fill(text string, value func(name string) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		if len(s) < 2 {
			return s
		}
		return value(s[1 : len(s)-1])
	})
}

// placeholders are the names in a text, each once in order, and whether some brace belongs to none.
func placeholders(text string) (names []string, stray bool) {
	seen := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		switch name := m[1]; {
		case len(m[0]) == 1:
			stray = true
		case !seen[name]:
			seen[name] = true
			names = append(names, name)
		}
	}
	return names, stray
}

// fieldOf is the name of the field that a placeholder stands for.
func fieldOf(name string) (string, bool) { return strings.CutPrefix(name, PlaceField) }

// clockOf is the name of the clock that a placeholder stands for.
func clockOf(name string) (string, bool) { return strings.CutPrefix(name, PlaceDue) }
