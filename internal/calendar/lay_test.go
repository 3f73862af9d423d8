package calendar

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

func read(t testing.TB, file, name string) *Calendar {
	t.Helper()
	c, err := Read(strings.NewReader(file), name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const year2027 = `{"$schema":"x","year":2027,"papers":[],"days":[
 {"name":"元旦","date":"2026-12-26","isOffDay":false},
 {"name":"元旦","date":"2027-01-01","isOffDay":true},
 {"name":"元旦","date":"2027-01-02","isOffDay":true}]}`

func TestAYearIsLaidOnACalendar(t *testing.T) {
	base := China()
	c, err := Lay(base, read(t, year2027, "cn"))
	if err != nil {
		t.Fatal(err)
	}
	if !c.Known(2027) || !c.Known(2026) || c.Known(2028) || c.Name() != "cn" || c.Version() == base.Version() {
		t.Errorf("known years %v, name %s", c.Years(), c.Name())
	}
	for day, off := range map[string]bool{"2026-12-26": false, "2027-01-01": true, "2027-01-02": true, "2027-01-04": false,
		"2026-10-05": true, "2026-10-10": false, "2027-01-09": true} {
		if c.WorkingDay(date(t, day)) == off {
			t.Errorf("%s: off %t", day, !off)
		}
	}
	if c.holiday(date(t, "2027-01-01"), "en") != "New Year's Day" {
		t.Errorf("English name %q", c.holiday(date(t, "2027-01-01"), "en"))
	}
	if again, err := Lay(c, read(t, year2027, "cn")); err != nil || again.Version() != c.Version() {
		t.Error("the same year laid again gives another calendar")
	}
	corrected, err := Lay(c, read(t, `{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`, "cn"))
	if err != nil || corrected.WorkingDay(date(t, "2027-01-02")) || corrected.Version() == c.Version() {
		t.Errorf("a year laid anew keeps what it had: %v", err) // a Saturday
	}
	if name, _ := corrected.DayOff(date(t, "2027-01-02")); name != "" {
		t.Errorf("2027-01-02 is still %s", name)
	}
}

func TestTextReadsBackTheSame(t *testing.T) {
	ics := file("DTSTART;VALUE=DATE:20260704\nSUMMARY:Independence  Day = 4 July", "DTSTART;VALUE=DATE:20261224\nDURATION:P9D\nSUMMARY:")
	calendars := []*Calendar{China(), Weekend(), read(t, ics, "us-tx"), read(t, year2027, "cn")}
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		b := newBuilder("x")
		for range rnd.IntN(4) {
			b.years[2000+rnd.IntN(30)] = true
		}
		for range rnd.IntN(60) {
			_ = b.list(dateOf(2000+rnd.IntN(30), time.January, 1).AddDays(rnd.IntN(400)), rnd.IntN(2) == 0, fmt.Sprint("day ", rnd.IntN(3)))
		}
		calendars = append(calendars, b.calendar())
	}
	for _, c := range calendars {
		got, err := ParseText(c.Text(), c.Name())
		if err != nil || got.Version() != c.Version() || got.Text() != c.Text() {
			t.Errorf("%s: version %s read back as %s (%v)\n%s", c.Name(), c.Version(), got.Version(), err, c.Text())
		}
	}
	if got, _ := ParseText(China().Text(), "cn"); !got.civil || got.holiday(date(t, "2026-10-01"), "en") != "National Day" {
		t.Error("what explanations need is lost in the text")
	}
}

func TestTheYearsOfTheFactsAreTheBuiltInCalendar(t *testing.T) {
	b := newBuilder("cn")
	c := b.calendar()
	for y := 2007; y <= 2027; y++ {
		text, err := os.ReadFile(shared(t, "calendar", fmt.Sprint(y, ".json")))
		if err != nil {
			t.Fatal(err)
		}
		year, err := Read(strings.NewReader(string(text)), "cn")
		if y == 2027 && err != nil && strings.Contains(err.Error(), "not been published") {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, err = Lay(c, year); err != nil {
			t.Fatal(err)
		}
	}
	for d := dateOf(2007, time.January, 1); d <= dateOf(2026, time.December, 31); d++ {
		if c.WorkingDay(d) != China().WorkingDay(d) || !c.Known(d.Year()) {
			t.Errorf("%v: working %t against the built-in calendar", d, c.WorkingDay(d))
		}
	}
}

func TestMissingYearsAreNoticed(t *testing.T) {
	later, err := Lay(China(), read(t, year2027, "cn"))
	if err != nil {
		t.Fatal(err)
	}
	if !China().Missing(later) || later.Missing(China()) || Weekend().Missing(China()) || !China().Missing(Weekend()) {
		t.Error("which calendar lacks a year of the other is not told")
	}
}

func TestReadNamesTheFault(t *testing.T) {
	for file, want := range map[string]string{
		`{"year":2027,"days":[]}`: "not been published",
		`{"year":2027`:            "not a year in JSON",
		`{"year":1,"days":[{"date":"2027-01-01","isOffDay":true}]}`:                                           "member year",
		`{"year":2027,"days":[{"date":"2027-01-01"}]}`:                                                        "isOffDay",
		`{"year":2027,"days":[{"date":"1.1.2027","isOffDay":true}]}`:                                          "days[0]",
		`{"year":2027,"days":[{"date":"2029-01-01","isOffDay":true}]}`:                                        "does not belong",
		`{"year":2027,"days":[{"date":"2027-01-01","isOffDay":true},{"date":"2027-01-01","isOffDay":false}]}`: "days[1]",
		"BEGIN:VCALENDAR\nEND:VCALENDAR\n":                                                                    "known",
		"off 2027-01-01 x":                                                                                    "no known year",
		"on 2027-01-01":                                                                                       "line 1",
		"":                                                                                                    "no known year",
	} {
		if c, err := Read(strings.NewReader(file), "x"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", file, c, err, want)
		}
	}
	if _, err := Read(strings.NewReader(strings.Repeat("#", MaxFile+1)), "x"); err == nil {
		t.Error("a file without end is read")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(year2027)
	f.Add("known 2027 2027\nname A = B\noff 2027-01-01..2027-01-03 A\nwork 2027-01-09 A\n")
	f.Add(file("DTSTART;VALUE=DATE:20260704\nSUMMARY:x"))
	f.Add("known all\n")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Read(strings.NewReader(s), "x")
		if err != nil {
			return
		}
		again, err := ParseText(c.Text(), "x")
		if err != nil || again.Version() != c.Version() {
			b, _ := json.Marshal(s)
			t.Fatalf("%s: read back as %v (%v)\n%s", b, again, err, c.Text())
		}
	})
}
