package calendar

import (
	"strings"
	"testing"
	"time"
)

// A day that was set is the end, on a day off as well, and nothing is counted.
func TestDayThatWasSet(t *testing.T) {
	loc := shanghai(t)
	from := at(t, "2026-09-24T16:00", loc)
	for _, c := range []struct {
		until, due string
		roll       Roll
	}{
		{"2026-10-01", "2026-10-01", RollByUnit}, // National Day
		{"2026-10-01", "2026-10-08", RollYes},
		{"2026-10-01", "2026-10-01", RollNo},
		{"2026-09-24", "2026-09-24", RollByUnit}, // the day itself
	} {
		day, err := ParseDate(c.until)
		if err != nil {
			t.Fatal(err)
		}
		r := Request{From: from, Until: day, Roll: c.roll, Calendar: China(), Location: loc}
		d, lines, err := Explain(r, "zh")
		if err != nil {
			t.Fatal(err)
		}
		if d.Target.String() != c.until || d.Due.String() != c.due || d.Provisional {
			t.Errorf("%+v: target %v due %v", c, d.Target, d.Due)
		}
		if same, err := Compute(r); err != nil || !same.Due.Equal(d.Due) {
			t.Errorf("%+v: computed %v, %v", c, same.Due, err)
		}
		told := ""
		for _, l := range lines {
			told += l.Rule + " " + l.Text + "\n"
		}
		if !strings.Contains(told, "until 最后一日由交办的人定为"+c.until) || strings.Contains(told, "period") {
			t.Errorf("%+v: %s", c, told)
		}
	}
}

func TestDayThatWasSetIsRefused(t *testing.T) {
	loc := shanghai(t)
	from := at(t, "2026-09-24T16:00", loc)
	day, later := DateOf(from)-1, DateOf(from)+9
	for want, r := range map[string]Request{
		"before the start": {Until: day},
		"not both":         {Until: later, Period: Period{5, Day}},
		"not suspended":    {Until: later, Suspensions: []Span{{From: from}}},
		"set another day":  {Until: later, Extensions: []Period{{5, Day}}},
		"1900 to 9999":     {Until: MaxDate + 1},
	} {
		r.From, r.Calendar, r.Location = from, China(), loc
		if _, err := Compute(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	// What is the day before in one place is the day itself in another.
	if _, err := Compute(Request{From: time.Date(2026, 9, 24, 23, 0, 0, 0, time.UTC), Until: DateOf(time.Date(2026, 9, 25, 0, 0, 0, 0, time.UTC)), Calendar: China(), Location: loc}); err != nil {
		t.Error(err)
	}
}
