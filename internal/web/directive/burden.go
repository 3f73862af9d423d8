package directive

import (
	"context"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/report/orders"
	"luoshi/internal/web/site"
)

// burden is what a list asks of the townships, before it is issued.
type burden struct {
	Reports   int // of progress, by all townships together in a month
	Final     int // that it is done
	Townships int // that are asked at all
	Running   int // reports of progress that running directives ask of these townships in a month
	Most      int // that one township then writes in a month
}

// load counts it. A directive that goes down to the townships asks each township below the office that leads, whoever
// passes it on. What runs already is asked of them too.
func (s *Pages) load(ctx context.Context, issuer string, l *orders.List) (burden, error) {
	units := s.receivers(issuer)
	tree := s.Service.Tree()
	var b burden
	asked := map[string]int{} // reports of progress by this list, by township
	for _, it := range l.Open() {
		for _, u := range ofKind(units, "township") {
			if !reachesTownship(it, u, func(lead string) bool { return tree.Within(u.Code, lead) }) {
				continue
			}
			n := casework.ReportsInMonth(it.Report)
			asked[u.Code] += n
			b.Reports += n
			b.Final++
		}
	}
	b.Townships = len(asked)
	if b.Townships == 0 {
		return b, nil
	}
	running, err := s.Service.Demand(ctx, issuer, "township")
	for code, n := range asked {
		b.Running += running[code]
		b.Most = max(b.Most, n+running[code])
	}
	return b, err
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
	then := float64(b.Reports+b.Running) / float64(b.Townships)
	return v.T("todo.load", b.Reports, b.Townships), v.T("todo.load-each", site.Decimal(each), b.Final) + " " + v.T("todo.load-then", b.Running, site.Decimal(then), b.Most)
}
