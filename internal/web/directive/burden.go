package directive

import (
	"slices"
	"strconv"
	"strings"

	"luoshi/internal/office"
	"luoshi/internal/report/orders"
)

// burden is what a list asks of the townships, before it is issued.
type burden struct {
	Reports   int // of progress, by all townships together in a month
	Final     int // that it is done
	Townships int // that are asked at all
}

// inMonth is how many reports of progress are asked of each office in a month.
func inMonth(every string) int {
	switch every {
	case "week":
		return 4
	case "month":
		return 1
	}
	return 0
}

// load counts it. A directive that goes down to the townships asks each township below the office that leads, whoever
// passes it on.
func (s *Pages) load(issuer string, l *orders.List) burden {
	units := s.receivers(issuer)
	tree := s.Service.Tree()
	var b burden
	asked := map[string]bool{}
	for _, it := range l.Open() {
		for _, u := range ofKind(units, "township") {
			if !reachesTownship(it, u, func(lead string) bool { return tree.Within(u.Code, lead) }) {
				continue
			}
			asked[u.Code] = true
			b.Reports += inMonth(it.Report)
			b.Final++
		}
	}
	b.Townships = len(asked)
	return b
}

// reachesTownship tells whether an item asks that township for anything; within tells whether it lies below a unit.
func reachesTownship(it *orders.Item, u office.Unit, within func(string) bool) bool {
	kind, each := strings.CutPrefix(it.Unit, orders.Each)
	switch {
	case each && kind == "township", it.Unit == u.Code:
		return true
	case it.Reaches != "township":
		return slices.Contains(it.Helpers, u.Code)
	case each:
		return true
	}
	return it.Unit != "" && within(it.Unit)
}

// load says it before anything is issued.
func (v words) load(b burden) (said, hint string) {
	if b.Townships == 0 {
		return v.T("todo.load-none"), ""
	}
	each := float64(b.Reports) / float64(b.Townships)
	return v.T("todo.load", b.Reports, b.Townships), v.T("todo.load-each", trimmed(each), b.Final)
}

// trimmed writes a number with at most one place behind the point.
func trimmed(f float64) string { return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0") }
