package site

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

// Words says things in one language: what a view needs beside the data it shows.
type Words struct {
	Lang  string
	Texts Catalogue
	Staff *casework.Staff
	// MaxFile is how many bytes a file may have.
	MaxFile int64
	// invented: people are those of a trial, whose names say everything.
	Invented bool
}

// Words are those of a language.
func (s *Site) Words(lang string) Words {
	return Words{Lang: lang, Texts: s.texts, Staff: s.Service.Staff(), MaxFile: s.Service.FileLimit()}
}

// T is the text of a key in the language, with args put in.
func (v Words) T(key string, args ...any) string { return v.Texts.get(v.Lang, key, args...) }

// Day writes a civil day with its weekday.
func (v Words) Day(t time.Time) string {
	if v.Lang == "zh" {
		return fmt.Sprintf("%d年%d月%d日 %s", t.Year(), t.Month(), t.Day(), [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[t.Weekday()])
	}
	return t.Format("Mon 2 Jan 2006")
}

// Clock writes an instant to the minute, in loc.
func (v Words) Clock(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	if v.Lang == "zh" {
		return fmt.Sprintf("%d年%d月%d日 %s", t.Year(), t.Month(), t.Day(), t.Format("15:04"))
	}
	return t.Format("2 Jan 2006, 15:04")
}

// Recorded writes the time of an act, or what stands there if it is none.
func (v Words) Recorded(s string, loc *time.Location) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return v.Clock(t, loc)
}

// IsoDay writes an ISO date.
func (v Words) IsoDay(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return v.Day(t)
}

// Moment writes the end of a period as a clock keeps it: a day, or an instant.
func (v Words) Moment(s string, loc *time.Location) string {
	m, err := calendar.ParseMoment(s, loc)
	if err != nil || m.IsZero() {
		return s
	}
	if m.IsInstant() {
		return v.Clock(m.End(), loc)
	}
	return v.IsoDay(m.Date().String())
}

// Left says how many days there are from now to the day on which a period ends, whose end is exclusive.
func (v Words) Left(now, end time.Time, loc *time.Location) (text string, late bool, days int) {
	last := calendar.DateOf(end.Add(-time.Nanosecond).In(loc))
	days = int(last - calendar.DateOf(now.In(loc)))
	late = !now.Before(end)
	switch {
	case late && days == 0:
		return v.T("left.late-today"), late, days
	case late && days == -1:
		return v.T("left.late-one"), late, days
	case late && -days >= manyDays:
		return v.T("left.late-years", -days/365), late, days
	case late:
		return v.T("left.late", -days), late, days
	case days == 0:
		return v.T("left.today"), late, days
	case days == 1:
		return v.T("left.one"), late, days
	}
	return v.T("left.days", days), late, days
}

// manyDays is from how many days a delay is said in years: nobody reads 4,344 days. The dates stand beside it.
const manyDays = 2 * 365

// Thousands writes a count with a comma between groups of three digits, as both languages do.
func Thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Unit is the name of an office.
func (v Words) Unit(code string) string {
	if code == office.Everywhere {
		return v.T("unit.everywhere")
	}
	if u, ok := v.Staff.Tree.Unit(code); ok {
		return v.Marked(u.Label(v.Lang), u.Lang(v.Lang))
	}
	return code
}

// Account is the name of a member of staff, with the login, which is what the record holds.
func (v Words) Account(login string) string {
	if a := v.Staff.Accounts[login]; a != nil && a.Name != "" && a.Name != login {
		if v.Invented {
			return a.Name
		}
		return v.T("account", a.Name, login)
	}
	return login
}

// Decimal writes a number with at most one place behind the point.
func Decimal(f float64) string { return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0") }

// Value writes a field's value for people.
func (v Words) Value(f *procedure.Field, value any) string {
	if s, ok := value.(string); ok && f.Type == procedure.TypeDate {
		return v.IsoDay(s)
	}
	if s, ok := value.(string); ok && f.Type == procedure.TypeChoice {
		for _, c := range f.Choices {
			if c.Value == s {
				return v.Say(c.Title)
			}
		}
	}
	return f.Say(value, v.Lang)
}

// role is the name of a role of staff.
func (v Words) role(role string) string {
	for _, r := range office.Roles() {
		if r == role || role == office.RoleAuthor { // who is no role in a procedure
			return v.T("role." + role)
		}
	}
	return role
}

// Law names a rule of law with its article, written in the language lang: the first one of the file that
// names it.
func (v Words) Law(lang string, b procedure.Basis) string {
	law := v.Marked(b.Law, lang)
	if b.Article == "" {
		return law
	}
	return v.T("basis.article", law, b.Article)
}

// Basis names the rule of law a period rests on, and says so when it is not confirmed.
func (v Words) Basis(lang string, b procedure.Basis) string {
	if b.Law == "" {
		return ""
	}
	s := v.Law(lang, b)
	if b.Status == "weak" || b.Status == "memory" {
		s += v.T("basis.unconfirmed")
	}
	return s
}

// SourceTime writes the time that another system states as its clocks showed it: a day, or a day and a time with the
// offset from UTC, which is not that of the offices here.
func (v Words) SourceTime(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return v.IsoDay(s)
	}
	return v.T("source.time", v.Clock(t, t.Location()), t.Format("-07:00"))
}

// SourceID writes the identity of a row: the number of a row in the file, or what the system calls it.
func (v Words) SourceID(id string) string {
	if n, ok := strings.CutPrefix(id, "row "); ok {
		return v.T("source.row", n)
	}
	return id
}
