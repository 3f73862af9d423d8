package calendar

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

var oracleCases = flag.Int("oracle-cases", 100_000, "random deadlines compared with the oracle")

// factsOfChina reads china.txt for the oracle by cutting strings, without the package's parser.
func factsOfChina() oracleDays {
	o := oracleDays{off: map[string]bool{}, work: map[string]bool{}, known: func(y int) bool { return y >= 2007 && y <= 2026 }}
	for line := range strings.SplitSeq(chinaText, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "off" && words[0] != "work" {
			continue
		}
		days := strings.Split(words[1], "..")
		last, _ := time.Parse("2006-01-02", days[len(days)-1])
		for d, _ := time.Parse("2006-01-02", days[0]); !d.After(last); d = d.AddDate(0, 0, 1) {
			if words[0] == "off" {
				o.off[d.Format("2006-01-02")] = true
			} else {
				o.work[d.Format("2006-01-02")] = true
			}
		}
	}
	return o
}

func zones(t testing.TB) []*time.Location {
	t.Helper()
	all := []*time.Location{time.UTC, time.FixedZone("+14", 14*3600)}
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "America/Havana"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Skipf("time zones absent: %v", err)
		}
		all = append(all, loc)
	}
	return all
}

func randomPeriod(rnd *rand.Rand, least Unit) Period {
	unit := least + Unit(rnd.IntN(int(Year-least)+1))
	most := [...]int{Hour: 200, Day: 120, WorkingDay: 60, Month: 30, Year: 3}
	if unit == AtOnce {
		return Period{}
	}
	return Period{1 + rnd.IntN(most[unit]), unit}
}

func randomRequest(rnd *rand.Rand, locations []*time.Location) Request {
	minute := func(from time.Time, days int) time.Time {
		return from.Add(time.Duration(rnd.IntN(days*24*60)) * time.Minute)
	}
	r := Request{
		From:     minute(time.Date(2005, 6, 1, 0, 0, 0, 0, time.UTC), 23*365),
		Period:   randomPeriod(rnd, AtOnce),
		Roll:     Roll(rnd.IntN(3)),
		Location: locations[rnd.IntN(len(locations))],
	}
	switch rnd.IntN(5) { // the edges of days
	case 0:
		r.From = DateOf(r.From).Start(r.Location)
	case 1:
		r.From = DateOf(r.From).Start(r.Location).Add(-time.Minute)
	}
	for range rnd.IntN(7) {
		s := Span{From: minute(r.From.AddDate(0, 0, -20), 150)}
		s.To = minute(s.From, 1+rnd.IntN(40))
		if rnd.IntN(12) == 0 {
			s.To = time.Time{}
		}
		r.Suspensions = append(r.Suspensions, s)
	}
	for range rnd.IntN(3) {
		r.Extensions = append(r.Extensions, randomPeriod(rnd, Hour))
	}
	return r
}

func TestComputeAgreesWithTheOracle(t *testing.T) {
	locations, china := zones(t), factsOfChina()
	week := oracleDays{known: func(int) bool { return true }}
	rnd := rand.New(rand.NewPCG(2026, 8))
	suspended, provisional, rolled := 0, 0, 0
	cases := *oracleCases
	if testing.Short() {
		cases /= 20
	}
	for i := range cases {
		r, facts := randomRequest(rnd, locations), china
		if r.Calendar = China(); i%4 == 0 {
			r.Calendar, facts = Weekend(), week
		}
		want := oracle(r, facts)
		d, err := Compute(r)
		if err != nil {
			t.Fatalf("case %d: %v\n%+v", i, err, r)
		}
		got := oracleAnswer{d.Target.String(), d.Due.String(), d.Provisional, d.Suspended}
		if got != want {
			t.Fatalf("case %d in %v: got %+v, oracle %+v\n%+v", i, r.Location, got, want, r)
		}
		if i%50 == 0 {
			explainedEqually(t, r, d)
		}
		if d.Suspended {
			suspended++
		} else if !d.Target.Equal(d.Due) {
			rolled++
		}
		if d.Provisional {
			provisional++
		}
	}
	// The comparison is worth something only if the rare ways were taken often.
	if min(suspended, provisional, rolled) < cases/100 {
		t.Errorf("of %d cases only %d suspended, %d provisional, %d rolled", cases, suspended, provisional, rolled)
	}
}

// explainedEqually asks for the words and compares the deadline that comes with them.
func explainedEqually(t *testing.T, r Request, want Deadline) {
	t.Helper()
	for _, lang := range []string{"zh", "en"} {
		d, lines, err := Explain(r, lang)
		if err != nil || !d.Target.Equal(want.Target) || !d.Due.Equal(want.Due) ||
			d.Provisional != want.Provisional || d.Suspended != want.Suspended || d.Remaining != want.Remaining {
			t.Fatalf("Explain(%s) gives %+v, %v; Compute gives %+v\n%+v", lang, d, err, want, r)
		}
		for _, l := range lines {
			if l.Rule == "" || l.Text == "" || strings.Contains(l.Text, "%!") {
				t.Fatalf("Explain(%s): bad line %+v", lang, l)
			}
		}
	}
}

func TestResumingASuspendedPeriodLeavesWhatRemained(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		from := DateOf(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)).AddDays(rnd.IntN(1500))
		n, before, pause := 2+rnd.IntN(60), 0, 1+rnd.IntN(50)
		before = rnd.IntN(n)
		hold := from.AddDays(before + 1).Start(time.UTC)
		r := Request{From: from.Start(time.UTC), Period: Period{n, Day}, Calendar: Weekend(), Suspensions: []Span{{From: hold}}}
		held, err := Compute(r)
		if err != nil || !held.Suspended || held.Remaining != (Remaining{Days: n - before}) || !held.Target.IsZero() {
			t.Fatalf("held %+v, %v; want %d days left", held, err, n-before)
		}
		r.Suspensions[0].To = hold.AddDate(0, 0, pause)
		d, err := Compute(r)
		if want := from.AddDays(n + pause); err != nil || d.Target.Date() != want || d.Suspended {
			t.Fatalf("resumed: target %v, %v; want %v", d.Target, err, want)
		}
	}
}
