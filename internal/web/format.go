package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// words says things in one language: what a view needs beside the data it shows.
type words struct {
	lang  string
	texts catalogue
	staff *casework.Staff
	// invented: people are those of a trial, whose names say everything.
	invented bool
}

func (s *site) words(lang string) words {
	return words{lang: lang, texts: s.texts, staff: s.service.Staff()}
}

func (v words) t(key string, args ...any) string { return v.texts.get(v.lang, key, args...) }

// day writes a civil day with its weekday.
func (v words) day(t time.Time) string {
	if v.lang == "zh" {
		return fmt.Sprintf("%d年%d月%d日 %s", t.Year(), t.Month(), t.Day(), [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[t.Weekday()])
	}
	return t.Format("Mon 2 Jan 2006")
}

// clock writes an instant to the minute, in loc.
func (v words) clock(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	if v.lang == "zh" {
		return fmt.Sprintf("%d年%d月%d日 %s", t.Year(), t.Month(), t.Day(), t.Format("15:04"))
	}
	return t.Format("2 Jan 2006, 15:04")
}

// recorded writes the time of an act, or what stands there if it is none.
func (v words) recorded(s string, loc *time.Location) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return v.clock(t, loc)
}

// isoDay writes an ISO date.
func (v words) isoDay(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return v.day(t)
}

// moment writes the end of a period as a clock keeps it: a day, or an instant.
func (v words) moment(s string, loc *time.Location) string {
	m, err := calendar.ParseMoment(s, loc)
	if err != nil || m.IsZero() {
		return s
	}
	if m.IsInstant() {
		return v.clock(m.End(), loc)
	}
	return v.isoDay(m.Date().String())
}

// left says how many days there are from now to the day on which a period ends, whose end is exclusive.
func (v words) left(now, end time.Time, loc *time.Location) (text string, late bool, days int) {
	last := calendar.DateOf(end.Add(-time.Nanosecond).In(loc))
	days = int(last - calendar.DateOf(now.In(loc)))
	late = !now.Before(end)
	switch {
	case late && days == 0:
		return v.t("left.late-today"), late, days
	case late && days == -1:
		return v.t("left.late-one"), late, days
	case late && -days >= manyDays:
		return v.t("left.late-years", -days/365), late, days
	case late:
		return v.t("left.late", -days), late, days
	case days == 0:
		return v.t("left.today"), late, days
	case days == 1:
		return v.t("left.one"), late, days
	}
	return v.t("left.days", days), late, days
}

// manyDays is from how many days a delay is said in years: nobody reads 4,344 days. The dates stand beside it.
const manyDays = 2 * 365

// thousands writes a count with a comma between groups of three digits, as both languages do.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// unit is the name of an office.
func (v words) unit(code string) string {
	if code == office.Everywhere {
		return v.t("unit.everywhere")
	}
	if u, ok := v.staff.Tree.Unit(code); ok {
		return u.Label(v.lang)
	}
	return code
}

// account is the name of a member of staff, with the login, which is what the record holds.
func (v words) account(login string) string {
	if a := v.staff.Accounts[login]; a != nil && a.Name != "" && a.Name != login {
		if v.invented {
			return a.Name
		}
		return v.t("account", a.Name, login)
	}
	return login
}

// value writes a field's value for people.
func (v words) value(f *procedure.Field, value any) string {
	if s, ok := value.(string); ok && f.Type == procedure.TypeDate {
		return v.isoDay(s)
	}
	return f.Say(value, v.lang)
}

// role is the name of a role of staff.
func (v words) role(role string) string {
	for _, r := range office.Roles() {
		if r == role || role == office.RoleAuthor { // who is no role in a procedure
			return v.t("role." + role)
		}
	}
	return role
}

// basis names the rule of law a period rests on, and says so when it is not confirmed.
func (v words) basis(b procedure.Basis) string {
	if b.Law == "" {
		return ""
	}
	s := b.Law
	if b.Article != "" {
		s = v.t("basis.article", b.Law, b.Article)
	}
	if b.Status == "weak" || b.Status == "memory" {
		s += v.t("basis.unconfirmed")
	}
	return s
}

// sourceTime writes the time that another system states as its clocks showed it: a day, or a day and a time with the
// offset from UTC, which is not that of the offices here.
func (v words) sourceTime(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return v.isoDay(s)
	}
	return v.t("source.time", v.clock(t, t.Location()), t.Format("-07:00"))
}

// sourceID writes the identity of a row: the number of a row in the file, or what the system calls it.
func (v words) sourceID(id string) string {
	if n, ok := strings.CutPrefix(id, "row "); ok {
		return v.t("source.row", n)
	}
	return id
}
