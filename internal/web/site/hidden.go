package site

import (
	"maps"
	"net/url"
	"slices"
)

// Hidden is a member of a form that is sent again as it is.
type Hidden struct{ Name, Value string }

// HiddenOf are the members of a form that are kept, with their first values, in the order of their names.
func HiddenOf(form url.Values, keep func(name, value string) bool) []Hidden {
	var all []Hidden
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if values := form[name]; len(values) > 0 && keep(name, values[0]) {
			all = append(all, Hidden{name, values[0]})
		}
	}
	return all
}
