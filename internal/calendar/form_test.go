package calendar

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"
)

func TestDatesKeepTheirFormAndArithmetic(t *testing.T) {
	for d := MinDate; d <= MaxDate; d += 97 {
		back, err := ParseDate(d.String())
		u := time.Date(1970, 1, 1+int(d), 0, 0, 0, 0, time.UTC)
		if err != nil || back != d || d.Weekday() != u.Weekday() || d.Year() != u.Year() || d.Start(time.UTC) != u {
			t.Fatalf("%d: %v reads back as %v, %v; weekday %v", d, d, back, err, d.Weekday())
		}
	}
	if MinDate.String() != "1900-01-01" || MaxDate.String() != "9999-12-31" {
		t.Errorf("bounds are %v and %v", MinDate, MaxDate)
	}
	for _, s := range []string{"", "2026-02-30", "2026-2-3", "1899-12-31", "10000-01-01", "2026-02-05T00:00", "20260205"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q is read as %v", s, d)
		}
	}
}

func TestADayStartsWithItsFirstInstant(t *testing.T) {
	for _, c := range []struct{ day, zone, want string }{
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"}, // midnight is skipped
		{"2025-11-02", "America/Havana", "2025-11-02T00:00:00-04:00"},    // midnight comes twice
		{"2011-12-30", "Pacific/Apia", "2011-12-31T00:00:00+14:00"},      // the day is skipped
		{"2026-03-08", "America/New_York", "2026-03-08T00:00:00-05:00"},
		{"2026-03-09", "America/New_York", "2026-03-09T00:00:00-04:00"},
		{"2026-02-20", "Asia/Shanghai", "2026-02-20T00:00:00+08:00"},
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Skipf("time zones absent: %v", err)
		}
		d, err := ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Start(loc).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s starts at %s; want %s", c.day, c.zone, got, c.want)
		}
	}
}

func TestPeriodsKeepTheirForm(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		p := Period{1 + rnd.IntN(MaxCount), Hour + Unit(rnd.IntN(5))}
		if back, err := ParsePeriod(p.String()); err != nil || back != p {
			t.Fatalf("%v reads back as %v, %v", p, back, err)
		}
	}
	for _, s := range []string{"", "d", "0d", "-1d", "015d", "100001d", "99999999999999999999d", "5 d", "5w", "1at-once", "AT-ONCE", "5wd ", "٥d"} {
		if p, err := ParsePeriod(s); err == nil {
			t.Errorf("%q is read as %v", s, p)
		}
	}
	if _, err := (Period{0, Day}).MarshalText(); err == nil {
		t.Error("a period of no days is written")
	}
}

func TestPeriodsReadWellInBothLanguages(t *testing.T) {
	for s, want := range map[string][2]string{
		"24h": {"24小时", "24 hours"}, "15d": {"15日", "15 days"}, "1d": {"1日", "1 day"}, "5wd": {"5个工作日", "5 working days"},
		"2mo": {"2个月", "2 months"}, "1y": {"1年", "1 year"}, "at-once": {"立即", "at once"},
	} {
		p := period(t, s)
		if got := [2]string{p.In("zh"), p.In("en")}; got != want {
			t.Errorf("%s: %q; want %q", s, got, want)
		}
	}
}

func TestDeadlinesKeepTheirJSON(t *testing.T) {
	loc := shanghai(t)
	for s, want := range map[string]string{
		"2026-02-05 15d":             `{"target":"2026-02-20","due":"2026-02-24","provisional":false}`,
		"2026-02-05T15:04 24h":       `{"target":"2026-02-06T15:04:00+08:00","due":"2026-02-06T15:04:00+08:00","provisional":false}`,
		"2026-03-02 10d 2026-03-05/": `{"target":"","due":"","provisional":false,"suspended":true,"remaining":"8d"}`,
	} {
		d, err := Compute(request(t, s, loc))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(d)
		if err != nil || string(text) != want {
			t.Errorf("%s: %s, %v; want %s", s, text, err, want)
		}
		var back Deadline
		if err := json.Unmarshal(text, &back); err != nil || !back.Target.Equal(d.Target) || !back.Due.Equal(d.Due) || back.Remaining != d.Remaining {
			t.Errorf("%s reads back as %+v, %v", text, back, err)
		}
		if !d.Suspended && !back.Due.In(loc).End().Equal(d.Due.End()) {
			t.Errorf("%s ends at %v after reading back, not %v", s, back.Due.In(loc).End(), d.Due.End())
		}
	}
}

func TestADayIsOverAtMidnight(t *testing.T) {
	loc := shanghai(t)
	m, err := ParseMoment("2026-02-20", loc)
	if err != nil || m.IsInstant() || !m.End().Equal(at(t, "2026-02-21", loc)) {
		t.Errorf("%v ends at %v, %v", m, m.End(), err)
	}
	m, err = ParseMoment("2026-02-20T15:04:05Z", loc)
	if err != nil || !m.IsInstant() || m.String() != "2026-02-20T23:04:05+08:00" || !m.End().Equal(time.Date(2026, 2, 20, 15, 4, 5, 0, time.UTC)) {
		t.Errorf("the instant reads as %v, %v", m, err)
	}
	for _, s := range []string{"", "2026-02-20T", "2026-02-20T15:04", "0001-01-01T00:00:00Z", "tomorrow"} {
		if m, err := ParseMoment(s, loc); err == nil {
			t.Errorf("%q is read as %v", s, m)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-02-05", "9999-12-31", "1900-01-01", "2024-02-29", "2026-13-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err == nil && (d.String() != s || d < MinDate || d > MaxDate) {
			t.Errorf("%q is read as %v", s, d)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"24h", "15d", "5wd", "2mo", "1y", "at-once", "0d", "007d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err == nil && (p.String() != s || p.check() != nil) {
			t.Errorf("%q is read as %v", s, p)
		}
	})
}
