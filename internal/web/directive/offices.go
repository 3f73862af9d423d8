package directive

import (
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/report/orders"
	"luoshi/internal/web/site"
)

// place is where days begin and end for directives.
func (s *Pages) place() *time.Location {
	if rules := s.Service.Rules(casework.Directives); rules != nil {
		return rules.Location
	}
	return time.UTC
}

// receivers are the offices to which a unit can issue directives today: itself and those below it.
func (s *Pages) receivers(issuer string) []office.Unit {
	rules := s.Service.Rules(casework.Directives)
	if rules == nil {
		return nil
	}
	return s.Service.Receivers(issuer, rules)
}

// levels are the kinds of office of which each one can be given a directive at once, with the words by which reports
// name them.
func levels() []level {
	return []level{{"city", []string{"各市"}}, {"county", []string{"各县", "各区"}}, {"township", []string{"各乡", "各镇", "各街道"}}}
}

// level is a kind of office, and how the names begin that reports have for each of it.
type level struct {
	kind  string
	words []string
}

// ofKind are the offices of a kind below the one that issues.
func ofKind(units []office.Unit, kind string) []office.Unit {
	return slices.DeleteFunc(slices.Clone(units), func(u office.Unit) bool { return u.Kind != kind })
}

// officeLabel names an office so that it is found again: its name, what it lies in, and its code.
func (v words) officeLabel(u office.Unit) string {
	if u.Parent == "" {
		return u.Label(v.Lang) + " (" + u.Code + ")"
	}
	return u.Label(v.Lang) + " · " + v.Unit(u.Parent) + " (" + u.Code + ")"
}

// officeOf finds the office that somebody typed or chose: by the code at the end, or by a name that only one has; "" for
// none.
func officeOf(units []office.Unit, typed string) string {
	typed = strings.TrimSpace(typed)
	if open := strings.LastIndex(typed, "("); open >= 0 && strings.HasSuffix(typed, ")") {
		code := typed[open+1 : len(typed)-1]
		if slices.ContainsFunc(units, func(u office.Unit) bool { return u.Code == code }) {
			return code
		}
	}
	found := ""
	for _, u := range units {
		if u.Code != typed && u.Label("zh") != typed && u.Label("en") != typed {
			continue
		}
		if found != "" {
			return "" // two have the name
		}
		found = u.Code
	}
	return found
}

// matchOffices sets the offices that the report names, where the name is that of exactly one. The clerk sees all of it
// and puts right what is not.
func (s *Pages) matchOffices(l *orders.List, issuer string) {
	units := s.receivers(issuer)
	for i := range l.Items {
		it := &l.Items[i]
		for _, said := range it.Said.Lead {
			if it.Unit == "" {
				it.Unit = matched(units, said)
				continue
			}
			help(it, matched(units, said)) // of several that are named together one has to lead
		}
		for _, said := range it.Said.Support {
			help(it, matched(units, said))
		}
	}
}

// help adds an office that helps. Each of a kind does not.
func help(it *orders.Item, code string) {
	if code != "" && !strings.HasPrefix(code, orders.Each) && code != it.Unit && !slices.Contains(it.Helpers, code) {
		it.Helpers = append(it.Helpers, code)
	}
}

// matched is the office that a report means by a name: that of one, or the end of that of one (省应急管理厅, 应急管理厅), or each of
// a kind.
func matched(units []office.Unit, said string) string {
	for _, l := range levels() {
		if slices.ContainsFunc(l.words, func(w string) bool { return strings.HasPrefix(said, w) }) && len(ofKind(units, l.kind)) > 0 {
			return orders.Each + l.kind
		}
	}
	if code := officeOf(units, said); code != "" {
		return code
	}
	short := strings.TrimLeft(said, "省市县区")
	if len([]rune(short)) < 3 {
		return ""
	}
	found := ""
	for _, u := range units {
		if strings.HasSuffix(u.Label("zh"), short) {
			if found != "" {
				return ""
			}
			found = u.Code
		}
	}
	return found
}

// officeOptions are all offices to choose from, for the list that the browser offers while somebody types.
func (v words) officeOptions(units []office.Unit) []site.Option {
	var out []site.Option
	for _, u := range units {
		out = append(out, site.Option{Value: v.officeLabel(u)})
	}
	return out
}
