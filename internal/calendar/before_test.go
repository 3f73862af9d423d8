package calendar

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestBeforeLeavesThePeriod(t *testing.T) {
	loc := shanghai(t)
	for _, c := range []struct{ end, period, want string }{
		{"2026-03-12", "1wd", "2026-03-11"},                                   // Thursday; Thursday is left
		{"2026-03-12", "4wd", "2026-03-08"},                                   // Monday to Thursday are left
		{"2026-03-14", "1wd", "2026-03-12"},                                   // a Saturday off: Friday is left
		{"2026-10-08", "1wd", "2026-10-07"},                                   // the first day after the holiday
		{"2026-10-08", "2wd", "2026-09-29"},                                   // 30 September and 8 October are left
		{"2026-10-10", "3wd", "2026-10-07"},                                   // a make-up Saturday counts
		{"2026-03-12", "3d", "2026-03-09"},                                    //
		{"2026-03-31", "1mo", "2026-02-28"},                                   // February has no 31st
		{"2024-02-29", "1y", "2023-02-28"},                                    //
		{"2026-03-12", "24h", "2026-03-12T00:00:00+08:00"},                    // the day is over at its end
		{"2026-03-12", "at-once", "2026-03-12"},                               //
		{"2026-03-12T15:30:00+08:00", "4h", "2026-03-12T11:30:00+08:00"},      //
		{"2026-10-08T15:30:00+08:00", "1wd", "2026-10-07T15:30:00+08:00"},     // the time of day stays
		{"2026-10-07T15:30:00+08:00", "1wd", "2026-09-29T15:30:00+08:00"},     // the last day is off itself
		{"2026-03-12T15:30:00+08:00", "1mo", "2026-02-12T15:30:00+08:00"},     //
		{"2026-03-12T07:30:00Z", "2d", "2026-03-10T15:30:00+08:00"},           // days are those of the place
		{"2026-03-12T17:30:00Z", "24h", "2026-03-12T01:30:00+08:00"},          //
		{"2026-03-12T15:30:00+08:00", "48h", "2026-03-10T15:30:00+08:00"},     //
		{"2026-03-12T15:30:00+08:00", "1y", "2025-03-12T15:30:00+08:00"},      //
		{"2026-03-12T15:30:00+08:00", "at-once", "2026-03-12T15:30:00+08:00"}, //
	} {
		end, err := ParseMoment(c.end, loc)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Before(end, period(t, c.period), China(), loc); err != nil || got.String() != c.want {
			t.Errorf("%s before %s is %v (%v), want %s", c.period, c.end, got, err, c.want)
		}
	}
}

func TestBeforeRefusesWhatHasNoAnswer(t *testing.T) {
	end := DayMoment(MinDate.AddDays(10), time.UTC)
	for _, p := range []Period{{11, Day}, {20, WorkingDay}, {1, Month}, {MaxCount, Year}, {MaxCount, Hour}, {0, Day}, {1, Year + 1}} {
		if m, err := Before(end, p, Weekend(), time.UTC); err == nil {
			t.Errorf("%v before %v is %v", p, end, m)
		}
	}
	if _, err := Before(Moment{}, Period{1, Day}, Weekend(), time.UTC); err == nil {
		t.Error("there is a moment before no moment")
	}
}

// oracleBefore walks back day by day, or hour by hour, with time.Time and plain facts.
func oracleBefore(end Moment, p Period, loc *time.Location, days oracleDays) string {
	if p.Unit == Hour {
		at := end.End()
		for range p.N {
			at = at.Add(-time.Hour)
		}
		return at.In(loc).Format(oracleTime)
	}
	day := noon(end.In(loc).End().In(loc))
	if !end.IsInstant() {
		day, _ = time.Parse("2006-01-02", end.String())
		day = noon(day)
	}
	from := day
	switch p.Unit {
	case Day:
		for range p.N {
			day = day.AddDate(0, 0, -1)
		}
	case WorkingDay:
		for left := p.N; left > 0; day = day.AddDate(0, 0, -1) {
			if days.working(day) {
				left--
			}
		}
	case Month, Year:
		n := p.N
		if p.Unit == Year {
			n *= 12
		}
		first := time.Date(day.Year(), day.Month(), 1, 12, 0, 0, 0, time.UTC)
		for range n {
			first = first.AddDate(0, -1, 0)
		}
		for day = first; day.Day() < from.Day() && day.AddDate(0, 0, 1).Month() == first.Month(); {
			day = day.AddDate(0, 0, 1)
		}
	}
	if !end.IsInstant() {
		return day.Format("2006-01-02")
	}
	at := end.End().In(loc)
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), at.Second(), 0, loc).Format(oracleTime)
}

func TestBeforeAgreesWithTheOracle(t *testing.T) {
	locations, china := zones(t), factsOfChina()
	week := oracleDays{known: func(int) bool { return true }}
	rnd := rand.New(rand.NewPCG(11, 28))
	instants, moved := 0, 0
	for i := range *oracleCases / 2 {
		cal, facts := China(), china
		if i%4 == 0 {
			cal, facts = Weekend(), week
		}
		loc := locations[rnd.IntN(len(locations))]
		at := time.Date(2005, 6, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rnd.IntN(23*365*24*60)) * time.Minute).In(loc)
		end := DayMoment(DateOf(at), loc)
		if i%3 == 0 {
			end = InstantMoment(at)
			instants++
		}
		p := randomPeriod(rnd, AtOnce)
		want := end.String()
		if p.Unit != AtOnce {
			want = oracleBefore(end, p, loc, facts)
		}
		got, err := Before(end, p, cal, loc)
		if err != nil || got.String() != want {
			t.Fatalf("case %d: %v before %v in %v is %v (%v), the oracle says %s", i, p, end, loc, got, err, want)
		}
		if p.Unit == WorkingDay && !end.IsInstant() {
			moved++
			comesBack(t, got, end, p, cal, loc)
		}
	}
	if min(instants, moved) < *oracleCases/50 {
		t.Errorf("only %d instants and %d working-day periods", instants, moved)
	}
}

// comesBack: the period, counted on from the moment before, ends on the last working day up to the end.
func comesBack(t *testing.T, before, end Moment, p Period, cal *Calendar, loc *time.Location) {
	t.Helper()
	d, err := Compute(Request{From: before.Date().Start(loc), Period: p, Calendar: cal, Location: loc})
	last := end.Date()
	for !cal.WorkingDay(last) {
		last--
	}
	if err != nil || d.Target.Date() != last {
		t.Fatalf("%v from %v on ends at %v (%v), want %v", p, before, d.Target, err, last)
	}
}
