package calendar

import (
	"strings"
	"testing"
)

// file wraps events in a calendar; each event is its lines after UID and DTSTAMP.
func file(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\nX-WR-CALNAME:Days off\n")
	for _, e := range events {
		if strings.HasPrefix(e, "X-") {
			b.WriteString(e + "\n")
			continue
		}
		b.WriteString("BEGIN:VEVENT\nUID:" + strings.ReplaceAll(e, "\n", "") + "\nDTSTAMP:20250101T000000Z\n" + e + "\nEND:VEVENT\n")
	}
	return strings.ReplaceAll(b.String()+"END:VCALENDAR\n", "\n", "\r\n")
}

func TestICSDaysAreOffOrWorked(t *testing.T) {
	for _, c := range []struct {
		name, text   string
		off, working string
		known        []int
		unknown      []int
	}{
		{"one day", file("DTSTART;VALUE=DATE:20260101\nSUMMARY:New Year"), "2026-01-01", "2026-01-02", []int{2026}, []int{2025, 2027}},
		{"several days with an exclusive end", file("DTSTART;VALUE=DATE:20251231\nDTEND;VALUE=DATE:20260103\nSUMMARY:New Year"),
			"2025-12-31 2026-01-01 2026-01-02", "2025-12-30 2026-01-05", []int{2025, 2026}, []int{2024}},
		{"a duration", file("DTSTART;VALUE=DATE:20260105\nDURATION:P1W"), "2026-01-05 2026-01-11", "2026-01-12", []int{2026}, nil},
		{"working by category", file("DTSTART;VALUE=DATE:20260104\nCATEGORIES:Office,workday"), "2026-01-03", "2026-01-04", []int{2026}, nil},
		{"working by summary", file("DTSTART;VALUE=DATE:20260104\nSUMMARY:元旦（班）"), "2026-01-03", "2026-01-04", []int{2026}, nil},
		{"yearly with an end", file("DTSTART;VALUE=DATE:20240704\nRRULE:FREQ=YEARLY;UNTIL=20260704"),
			"2024-07-04 2025-07-04 2026-07-04 2027-07-04x", "2027-07-05", []int{2024, 2025, 2026}, []int{2027}},
		{"yearly by count over leap days", file("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY;COUNT=2"),
			"2024-02-29 2028-02-29", "2027-03-01", []int{2024, 2028}, []int{2025, 2032}},
		{"yearly without end", file("X-LUOSHI-KNOWN:2024-2025", "DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"),
			"2024-12-25 2030-12-25", "2030-12-24", []int{2024, 2025}, []int{2026}},
		{"cancelled", file("DTSTART;VALUE=DATE:20260101\nSUMMARY:a", "DTSTART;VALUE=DATE:20260105\nSTATUS:CANCELLED"), "2026-01-01", "2026-01-05", []int{2026}, nil},
		{"the same day twice", file("DTSTART;VALUE=DATE:20260101\nSUMMARY:a", "DTSTART;VALUE=DATE:20260101\nSUMMARY:b"), "2026-01-01", "2026-01-02", []int{2026}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			cal, err := ParseICS(strings.NewReader(c.text), "office")
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range strings.Fields(c.off) {
				if day, beyond := strings.CutSuffix(s, "x"); cal.WorkingDay(date(t, day)) != beyond && date(t, day).Weekday()%6 != 0 {
					t.Errorf("%s: working %t", s, !beyond)
				}
			}
			for _, s := range strings.Fields(c.working) {
				if !cal.WorkingDay(date(t, s)) {
					t.Errorf("%s is off", s)
				}
			}
			for _, y := range c.known {
				if !cal.Known(y) {
					t.Errorf("%d is not known", y)
				}
			}
			for _, y := range c.unknown {
				if cal.Known(y) {
					t.Errorf("%d is known", y)
				}
			}
		})
	}
}

func date(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestICSNamesAreKept(t *testing.T) {
	c, err := ParseICS(strings.NewReader(file("DTSTART;VALUE=DATE:20260101\nSUMMARY:New Year\\, first day")), "office")
	if err != nil {
		t.Fatal(err)
	}
	if name, off := c.DayOff(date(t, "2026-01-01")); name != "New Year, first day" || !off || c.Name() != "office" {
		t.Errorf("%q, %t in %q", name, off, c.Name())
	}
}

func TestICSRefusesWhatItCannotTakeExactly(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no calendar":         {"hello", "not an iCalendar file"},
		"nothing":             {"", "no all-day event"},
		"no event":            {file(), "no all-day event"},
		"a time of day":       {file("DTSTART:20260101T090000Z"), "all-day"},
		"no start":            {file("SUMMARY:x"), "DTSTART"},
		"a day that is none":  {file("DTSTART;VALUE=DATE:20260230"), "existing day"},
		"an end before":       {file("DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260101"), "lasts -1 days"},
		"an end on the day":   {file("DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260102"), "lasts 0 days"},
		"end and duration":    {file("DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260103\nDURATION:P1D"), "both"},
		"a duration in hours": {file("DTSTART;VALUE=DATE:20260102\nDURATION:PT5H"), "DURATION"},
		"a weekly rule":       {file("DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY"), "only FREQ=YEARLY"},
		"a rule by weekday":   {file("DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYDAY=1MO"), "BYDAY"},
		"another month":       {file("DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYMONTH=5"), "BYMONTH"},
		"an excepted date":    {file("DTSTART;VALUE=DATE:20260102\nEXDATE;VALUE=DATE:20270102"), "EXDATE"},
		"a contradiction":     {file("DTSTART;VALUE=DATE:20260102", "DTSTART;VALUE=DATE:20260102\nCATEGORIES:WORKDAY"), "both"},
		"only endless rules":  {file("DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY"), "X-LUOSHI-KNOWN"},
		"bad known years":     {file("X-LUOSHI-KNOWN:soon", "DTSTART;VALUE=DATE:20260102"), "X-LUOSHI-KNOWN"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseICS(strings.NewReader(c.text), "office"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}

func FuzzParseICS(f *testing.F) {
	f.Add(file("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260103\nSUMMARY:a"))
	f.Add(file("X-LUOSHI-KNOWN:2024-2025", "DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY;INTERVAL=2"))
	f.Add(file("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY;COUNT=2\nCATEGORIES:WORKDAY"))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseICS(strings.NewReader(text), "fuzz")
		if err != nil {
			return
		}
		for i := range c.marks {
			d := c.first.AddDays(i)
			if _, off := c.DayOff(d); off == c.WorkingDay(d) || !c.Known(d.Year()) && c.marks[i]&markKnown != 0 {
				t.Fatalf("%v is both off and worked", d)
			}
		}
	})
}
