package report

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Date is a day as named. Value is 2006-01-02 when the year is known, and otherwise, as in XML Schema, --01-02 without
// a year and ---02 without a month: what is not said is left open.
type Date struct {
	Value string `json:"value"`
	Until string `json:"until,omitempty"` // the last day, of a meeting of several
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// day is a date of which parts may be missing (0).
type day struct{ year, month, day int }

func (d day) String() string {
	switch {
	case d.month == 0:
		return fmt.Sprintf("---%02d", d.day)
	case d.year == 0:
		return fmt.Sprintf("--%02d-%02d", d.month, d.day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// valid tells whether there is such a day; 29 February counts when the year is open.
func (d day) valid() bool {
	year, month := d.year, d.month
	if year == 0 {
		year = 2024
	}
	if month == 0 {
		month = 1
	}
	t := time.Date(year, time.Month(month), d.day, 0, 0, 0, 0, time.UTC)
	return t.Day() == d.day && int(t.Month()) == month && t.Year() == year
}

// before compares month and day.
func (d day) before(e day) bool { return d.month < e.month || d.month == e.month && d.day < e.day }

const digit = `[0-9〇零一二三四五六七八九十]`

var (
	longDate = regexp.MustCompile(`(?:(` + digit + `{4})年)?(` + digit + `{1,3})月(` + digit + `{1,3})日`)
	spanDate = regexp.MustCompile(`(?:(` + digit + `{4})年)?(` + digit + `{1,3})月(` + digit + `{1,3})(?:至|到|—|-|－|~|、)(` + digit + `{1,3})日`)
	tillDate = regexp.MustCompile(`^(?:至|到|—|-|－|~)(?:(` + digit + `{1,3})月)?(` + digit + `{1,3})日`)
	soleDay  = regexp.MustCompile(`([0-9]{1,2})日`)
	isoDate  = regexp.MustCompile(`((?:19|20)[0-9]{2})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?`)
)

// count reads the number of a date; 0 when there is none.
func (s *source) count(e extent) int {
	if e.length() <= 0 {
		return 0
	}
	if n, err := strconv.Atoi(s.text(e)); err == nil {
		return n
	}
	n, _ := chineseNumber(s.text(e))
	return n
}

// yearFrom knows the year of a date without one from the day of publication: nothing that is told of in the past was
// held after it. The zero day knows none.
type yearFrom struct{ published day }

func (y yearFrom) past(d day) day {
	if d.year != 0 || y.published.year == 0 {
		return d
	}
	if d.month == 0 {
		if d.day > y.published.day {
			return d // it was in a month before, and which is not said
		}
		d.month = y.published.month
	}
	d.year = y.published.year
	if y.published.before(d) {
		d.year--
	}
	return d
}

// coming is the year of a date that lies ahead. Of one that would lie before the publication the year is left open.
func (y yearFrom) coming(d day) day {
	if d.year == 0 && d.month != 0 && y.published.year != 0 && !d.before(y.published) {
		d.year = y.published.year
	}
	return d
}

// meetingDate finds the first day in a paragraph, and the last if there are several.
func (s *source) meetingDate(e extent, years yearFrom) *Date {
	var first day
	var at extent
	if g := s.find(spanDate, e); g != nil && (day{0, s.count(g[2]), s.count(g[4])}).valid() { // 3月27至28日
		d := &Date{Value: years.past(day{s.count(g[1]), s.count(g[2]), s.count(g[3])}).String(), Start: g[0].start, End: g[0].end}
		d.Until = years.past(day{s.count(g[1]), s.count(g[2]), s.count(g[4])}).String()
		if near := s.find(longDate, e); near == nil || near[0].start > g[0].start {
			return d
		}
	}
	if g := s.find(longDate, e); g != nil {
		first, at = day{s.count(g[1]), s.count(g[2]), s.count(g[3])}, g[0]
	} else if g := s.find(soleDay, e); g != nil && s.isDayOfMonth(g[0]) {
		first, at = day{0, 0, s.count(g[1])}, g[0]
	}
	if at.length() == 0 || !first.valid() {
		return nil
	}
	d := &Date{Value: years.past(first).String(), Start: at.start, End: at.end}
	if g := s.find(tillDate, extent{at.end, min(e.end, at.end+10)}); g != nil {
		last := day{first.year, first.month, s.count(g[2])}
		if month := s.count(g[1]); month != 0 {
			last.month = month
		}
		if last.valid() {
			d.Until, d.End = years.past(last).String(), g[0].end
		}
	}
	return d
}

// isDayOfMonth keeps out periods: 5日内, 60日前, 工作日.
func (s *source) isDayOfMonth(e extent) bool {
	next, previous := s.at(e.end), s.at(e.start-1)
	return next != '内' && next != '前' && next != '起' && previous != '月' && !isDigit(previous) && previous != '.'
}
