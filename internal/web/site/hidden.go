package site

import (
	"maps"
	"net/url"
	"slices"
)

// Hidden is a member of a form that is sent again as it is.
type Hidden struct{ Name, Value string }

// HiddenOf are the members of a form that are kept, with their values, in the order of their names.
func HiddenOf(form url.Values, keep func(name, value string) bool) []Hidden {
	var all []Hidden
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			if keep(name, value) {
				all = append(all, Hidden{name, value})
			}
		}
	}
	return all
}
