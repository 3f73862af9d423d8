package calendar

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shared returns the path of a file of facts beside the project, and skips the test where there is none.
func shared(t *testing.T, elem ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(append([]string{dir, "..", "shared"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("../shared absent")
	}
	return path
}

func TestChinaKnowsItsDays(t *testing.T) {
	c := China()
	for day, want := range map[string]struct {
		name string
		off  bool
	}{
		"2026-02-14": {"春节", false}, // a Saturday worked
		"2026-02-16": {"春节", true},
		"2026-02-28": {"春节", false},
		"2026-03-07": {"", true}, // a Saturday like any other
		"2026-03-09": {"", false},
		"2011-12-31": {"元旦", false}, // set by the notice for 2012
		"2022-12-31": {"元旦", true},
		"2020-10-01": {"国庆节、中秋节", true},
		"2015-09-03": {"抗战胜利纪念日", true},
		"2027-01-01": {"", false}, // not yet known
	} {
		d, err := ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		name, off := c.DayOff(d)
		if name != want.name || off != want.off || c.WorkingDay(d) == off {
			t.Errorf("%s: %q, off %t; want %q, %t", day, name, off, want.name, want.off)
		}
	}
	for year, want := range map[int]bool{2006: false, 2007: true, 2026: true, 2027: false, 1900: false, 9999: false} {
		if c.Known(year) != want {
			t.Errorf("year %d known: %t", year, !want)
		}
	}
	for i := 1; i < len(c.names); i++ {
		if c.names[i].english == "" {
			t.Errorf("%s has no English name", c.names[i].own)
		}
	}
}

func TestChinaAgreesWithTheFacts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "calendar"), "20??.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	listed := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var year struct {
			Year int
			Days []struct {
				Date     string
				IsOffDay bool
			}
		}
		if err := json.Unmarshal(text, &year); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if China().Known(year.Year) != (len(year.Days) > 0) {
			t.Errorf("%d: known is %t with %d days", year.Year, China().Known(year.Year), len(year.Days))
		}
		for _, d := range year.Days {
			listed[d.Date] = d.IsOffDay
		}
	}
	for d := MinDate; d < dateOf(2100, time.January, 1); d++ {
		off, ok := listed[d.String()]
		if !ok {
			off = d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		}
		if China().WorkingDay(d) == off {
			t.Errorf("%v: working %t against the facts", d, !off)
		}
	}
}

func TestEveryLimitOfTheTableCanBeComputed(t *testing.T) {
	file, err := os.Open(shared(t, "law", "deadlines.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]int{}
	for i, name := range rows[0] {
		columns[name] = i
	}
	units := map[string]Unit{"hour": Hour, "day": Day, "workday": WorkingDay, "month": Month, "year": Year}
	from, computed := at(t, "2026-01-20T10:00", shanghai(t)), 0
	for _, row := range rows[1:] {
		cell := func(name string) string { return row[columns[name]] }
		amount, err := strconv.Atoi(cell("amount"))
		unit, ok := units[cell("unit")]
		if err != nil || !ok {
			continue // "in good time": no number, no deadline
		}
		r := Request{From: from, Period: Period{amount, unit}, Calendar: China(), Basis: Basis{cell("basis"), cell("article"), cell("status")}}
		if amount == 0 {
			r.Period = Period{}
		}
		byUnit, err := Compute(r)
		if err != nil || byUnit.Due.IsZero() || byUnit.Due.Date() < DateOf(from) {
			t.Errorf("%s: %+v, %v", cell("id"), byUnit, err)
			continue
		}
		computed++
		if roll := cell("roll_last_day"); roll != "" {
			r.Roll = map[string]Roll{"y": RollYes, "n": RollNo}[roll]
			if d, err := Compute(r); err != nil || !d.Due.Equal(byUnit.Due) {
				t.Errorf("%s: the table's roll %s gives %v, the unit's %v, %v", cell("id"), roll, d.Due, byUnit.Due, err)
			}
		}
	}
	if computed < 80 {
		t.Errorf("only %d rows computed", computed)
	}
}

func TestLimitsInEveryUnitCanBeComputed(t *testing.T) {
	for _, s := range []string{"2d", "30d", "7wd", "24h", "2mo", "24mo", "1y", "at-once", "100000d", "100000wd", "100000h"} {
		r := request(t, "2026-01-20T10:00 "+s, shanghai(t))
		if d, lines, err := Explain(r, "zh"); err != nil || d.Due.IsZero() || len(texts(lines)) > 8000 {
			t.Errorf("%s: %+v, %v, %d bytes of explanation", s, d, err, len(texts(lines)))
		}
	}
}

func TestVersionFollowsContent(t *testing.T) {
	parse := func(text string) string {
		c, err := parseFacts(text, "x")
		if err != nil {
			t.Fatal(err)
		}
		return c.Version()
	}
	base := parse("known 2026 2026\noff 2026-01-01 A\n")
	if same := parse("# note\noff 2026-01-01..2026-01-01 A\n\nknown 2026 2026\n"); same != base || len(base) != 16 {
		t.Errorf("versions %q and %q of the same days", base, same)
	}
	for _, text := range []string{"known 2025 2026\noff 2026-01-01 A\n", "known 2026 2026\noff 2026-01-02 A\n", "known 2026 2026\nwork 2026-01-01 A\n", "known 2026 2026\n"} {
		if parse(text) == base {
			t.Errorf("%q has the version of other content", text)
		}
	}
	if China().Version() == Weekend().Version() {
		t.Error("cn and weekend have one version")
	}
}

func TestFactsWithAFaultNameTheLine(t *testing.T) {
	for _, line := range []string{"on 2026-01-01 A", "off 2026-02-30 A", "off 2026-01-01..x A", "known 2026", "known 2027 2026", "known x 2026"} {
		if _, err := parseFacts("\n"+line, "x"); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := parseFacts("off 2026-01-01 A\nwork 2026-01-01 A", "x"); err == nil {
		t.Error("a day both off and worked is accepted")
	}
}

func TestByNameKnowsTheBuiltIn(t *testing.T) {
	for _, name := range []string{"cn", "weekend"} {
		if c, err := ByName(name); err != nil || c.Name() != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ByName("mars"); err == nil || !strings.Contains(err.Error(), "cn or weekend") {
		t.Errorf("mars: %v", err)
	}
}
