package casework

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/office"
)

// Overview is how things stand in an office and below it, as far as the actor may see it.
type Overview struct {
	At      time.Time
	Zone    *time.Location // whose days these are
	Unit    string         // that is looked at; "" is all that the actor may see
	Path    []string       // from the topmost unit the actor may see down to Unit
	Total   Load
	Areas   []Area     // the unit itself, then those one level below
	Kinds   []KindLoad // by procedure
	Offices []Office   // the actor's own, with their people
	Periods []Period
}

// Area is a unit with all below it, or a unit alone.
type Area struct {
	Unit  string
	Alone bool
	Load
}

// KindLoad is all versions of one procedure.
type KindLoad struct {
	Procedure string // id
	Load
}

// Office is a unit alone with those who have matters there, by login.
type Office struct {
	Unit   string
	People []Person
	Load
}

// Person is what somebody has to do in an office. Nothing else of them is counted, and nobody is ranked.
type Person struct {
	Login string
	Load
}

// Period is a month, or a week that begins on Monday, up to but not including To.
type Period struct {
	From, To time.Time
	Flow
}

// Lengths of the periods of an overview: the last 12 months or the last 52 weeks, the one that has begun included.
const (
	ByMonth = "month"
	ByWeek  = "week"
)

// What a list of what is due can ask for; see Service.Due.
const (
	DueLate  = "late"  // it has run out
	DueToday = "today" // it runs out before the day is over
	DueWeek  = "week"  // it runs out before the week is over, today included
)

// Location is the time zone of what concerns several procedures at once: that of the first of them by name. Every
// matter by itself has that of its procedure.
func (s *Service) Location() *time.Location {
	published := s.Published()
	for _, id := range slices.Sorted(maps.Keys(published)) {
		if r := s.Rules(id); r != nil {
			return r.Location
		}
	}
	return time.UTC
}

// Due is the stretch of time that one of the words DueLate, DueToday and DueWeek means now; false for any other.
func (s *Service) Due(word string) (Between, bool) {
	b, ok := dueOf(s.Now(), s.Location())[word]
	return b, ok
}

// dueOf are the stretches by word. The end of a period is exclusive: what ends at midnight runs out on the day before.
func dueOf(now time.Time, loc *time.Location) map[string]Between {
	today := calendar.DateOf(now.In(loc))
	sunday := today + calendar.Date((7-int(now.In(loc).Weekday()))%7)
	at := now.UnixMilli()
	return map[string]Between{
		DueLate:  {After: math.MinInt64, Until: at},
		DueToday: {After: at, Until: (today + 1).Start(loc).UnixMilli()},
		DueWeek:  {After: at, Until: (sunday + 1).Start(loc).UnixMilli()},
	}
}

// Name tells a period from all others of its kind: 2026-05 for a month, the day on which it begins for a week.
func (p Period) Name(by string) string {
	if by == ByWeek {
		return p.From.Format("2006-01-02")
	}
	return p.From.Format("2006-01")
}

// Period is the month or the week of that name; false when it is none of those that an overview counts now.
func (s *Service) Period(name string) (p Period, by string, ok bool) {
	for _, by := range []string{ByMonth, ByWeek} {
		for _, p := range periods(s.Now().In(s.Location()), by) {
			if p.Name(by) == name {
				return p, by, true
			}
		}
	}
	return Period{}, "", false
}

// HappenedIn reads what a list asks for of the past, such as ended.2026-05 or late.2026-03-02: one of the things that
// Flow counts, and one of the periods that an overview counts now, which it answers too.
func (s *Service) HappenedIn(text string) (h Happened, p Period, by string, err error) {
	what, name, _ := strings.Cut(text, ".")
	p, by, ok := s.Period(name)
	switch what {
	case Opened, Ended, BecameLate:
	default:
		ok = false
	}
	if !ok {
		return h, p, by, fail(NotFound, "no-such-period", "没有这个时段的清单。可以从“概览”打开最近 12 个月或 52 周的清单。",
			"There is no list for this time. The overview opens those of the last 12 months or 52 weeks.")
	}
	return Happened{What: what, From: p.From.UnixMilli(), To: p.To.UnixMilli()}, p, by, nil
}

// Overview looks at a unit with all below it; "" is the topmost that the actor may see, or all of them.
func (s *Service) Overview(ctx context.Context, a office.Actor, unit, by string) (*Overview, error) {
	tree := s.Tree()
	scope := a.ReadScope(tree)
	if a.Account == nil || scope.Empty() {
		return nil, fail(NotAllowed, "no-overview", "这个账号不能查看事项，所以没有概览。", "This account may not see matters, so it has no overview.")
	}
	tops := scope.Tops()
	if scope.All() {
		tops = tree.Roots()
	}
	if unit == "" && len(tops) == 1 {
		unit = tops[0]
	}
	if unit != "" && (!scope.Covers(unit, "") || len(tree.Path(unit)) == 0) {
		return nil, fail(NotFound, "no-such-unit", "没有这个单位，或者它不在您的查看范围内。", "There is no such office, or it is not among those you may see.")
	}
	o := &Overview{At: s.Now(), Zone: s.Location(), Unit: unit, Periods: periods(s.Now().In(s.Location()), by)}
	for _, u := range tree.Path(unit) {
		if scope.Covers(u, "") {
			o.Path = append(o.Path, u)
		}
	}
	own := ownOffices(a, tree, unit)
	due := dueOf(o.At, o.Zone)
	found, err := s.Store.Survey(ctx, Survey{Scope: scope, Area: areaOf(tree, unit, tops, scope.All()),
		People: func(u string) bool { return slices.Contains(own, u) },
		Late:   due[DueLate], Today: due[DueToday], Week: due[DueWeek], Periods: starts(o.Periods)})
	if err != nil {
		return nil, storeError(err)
	}
	o.take(found, tree, tops, own)
	return o, nil
}

// Prepare reads what overviews are made of, so that the first who looks at one need not wait for it.
func (s *Service) Prepare(ctx context.Context) error {
	_, err := s.Store.Survey(ctx, Survey{Scope: office.Actor{System: true}.ReadScope(s.Tree()), Area: func(string) (string, bool) { return "", false },
		People: func(string) bool { return false }, Periods: starts(periods(s.Now().In(s.Location()), ByMonth))})
	return err
}

// areaOf tells for what a unit counts: for the unit just below the one that is looked at, or for that one itself. Where
// all are looked at, everything counts, also what stands with a unit that is not in the tree.
func areaOf(tree *office.Tree, unit string, tops []string, all bool) func(string) (string, bool) {
	return func(u string) (string, bool) {
		path := tree.Path(u)
		if unit == "" {
			if i := slices.IndexFunc(path, func(c string) bool { return slices.Contains(tops, c) }); i >= 0 {
				return path[i], true
			}
			return "", all
		}
		i := slices.Index(path, unit)
		if i < 0 {
			return "", false
		}
		return path[min(i+1, len(path)-1)], true
	}
}

// ownOffices are the units whose people the actor sees by name: of which they are the head by a grant on the unit
// itself, and those directly below it that have none below them. People further below have heads of their own.
func ownOffices(a office.Actor, tree *office.Tree, unit string) []string {
	var own []string
	for _, g := range a.Account.Grants {
		if g.Role != office.RoleHead || g.Unit == office.Everywhere || a.Account.Disabled {
			continue
		}
		for _, u := range append([]string{g.Unit}, tree.Children(g.Unit)...) {
			leaf := len(tree.Children(u)) == 0
			if (u == unit || unit == g.Unit && leaf) && (u == g.Unit || leaf) && !slices.Contains(own, u) {
				own = append(own, u)
			}
		}
	}
	return own
}

// take arranges what the survey found.
func (o *Overview) take(found *Standing, tree *office.Tree, tops, own []string) {
	for _, l := range found.Areas {
		o.Total = o.Total.Plus(l)
	}
	below := tops
	if o.Unit != "" {
		below = tree.Children(o.Unit)
		o.Areas = append(o.Areas, Area{o.Unit, true, found.Areas[o.Unit]})
	}
	today := calendar.DateOf(o.At.In(o.Zone)).String()
	for _, code := range below {
		l := found.Areas[code]
		if u, _ := tree.Unit(code); l.Open > 0 || u.ValidOn(today) {
			o.Areas = append(o.Areas, Area{code, false, l})
		}
	}
	kinds := map[string]Load{}
	for key, l := range found.Procedures {
		id, _, _ := strings.Cut(key, "@")
		kinds[id] = kinds[id].Plus(l)
	}
	for _, id := range slices.Sorted(maps.Keys(kinds)) {
		o.Kinds = append(o.Kinds, KindLoad{id, kinds[id]})
	}
	for _, code := range own {
		of := Office{Unit: code, Load: found.Areas[code]}
		for seat, l := range found.People {
			if seat.Unit == code {
				of.People = append(of.People, Person{seat.Login, l})
			}
		}
		slices.SortFunc(of.People, func(a, b Person) int { return cmp.Compare(a.Login, b.Login) })
		if of.Open > 0 {
			o.Offices = append(o.Offices, of)
		}
	}
	for i := range o.Periods {
		o.Periods[i].Flow = found.Flow[i]
	}
}

// periods are the last ones up to the one that has begun by now.
func periods(now time.Time, by string) []Period {
	today := calendar.DateOf(now)
	first := today - calendar.Date(now.Day()-1)
	start, n := func(back int) calendar.Date { return first.AddMonths(-back) }, 12
	if by == ByWeek {
		monday := today - calendar.Date((int(now.Weekday())+6)%7)
		start, n = func(back int) calendar.Date { return monday.AddDays(-7 * back) }, 52
	}
	out := make([]Period, n)
	for i := range out {
		out[i].From, out[i].To = start(n-1-i).Start(now.Location()), start(n-2-i).Start(now.Location())
	}
	return out
}

// starts are the moments at which periods begin, and the end of the last.
func starts(periods []Period) []int64 {
	var out []int64
	for _, p := range periods {
		out = append(out, p.From.UnixMilli())
	}
	return append(out, periods[len(periods)-1].To.UnixMilli())
}
