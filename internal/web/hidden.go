package web

import (
	"maps"
	"net/url"
	"slices"
)

// hidden is a member of a form that is sent again as it is.
type hidden struct{ Name, Value string }

// hiddenOf are the members of a form that are kept, with their first values, in the order of their names.
func hiddenOf(form url.Values, keep func(name, value string) bool) []hidden {
	var all []hidden
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if values := form[name]; len(values) > 0 && keep(name, values[0]) {
			all = append(all, hidden{name, values[0]})
		}
	}
	return all
}
