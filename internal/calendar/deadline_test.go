package calendar

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func shanghai(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Skipf("time zones absent: %v", err)
	}
	return loc
}

// at reads "2026-02-05" or "2026-02-05T15:04" in loc.
func at(t testing.TB, s string, loc *time.Location) time.Time {
	t.Helper()
	layout := "2006-01-02T15:04"[:len(s)]
	v, err := time.ParseInLocation(layout, s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func period(t testing.TB, s string) Period {
	t.Helper()
	p, err := ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// request reads "FROM PERIOD [+EXTENSION | A/B | yes | no]…".
func request(t testing.TB, s string, loc *time.Location) Request {
	t.Helper()
	words := strings.Fields(s)
	r := Request{From: at(t, words[0], loc), Period: period(t, words[1]), Calendar: China(), Location: loc}
	for _, w := range words[2:] {
		a, b, isSpan := strings.Cut(w, "/")
		switch {
		case w == "yes":
			r.Roll = RollYes
		case w == "no":
			r.Roll = RollNo
		case isSpan && b == "":
			r.Suspensions = append(r.Suspensions, Span{From: at(t, a, loc)})
		case isSpan:
			r.Suspensions = append(r.Suspensions, Span{at(t, a, loc), at(t, b, loc)})
		default:
			r.Extensions = append(r.Extensions, period(t, strings.TrimPrefix(w, "+")))
		}
	}
	return r
}

func TestComputeCountsAsTheLawSays(t *testing.T) {
	const provisional = " provisional"
	for _, c := range []struct{ name, request, target, due string }{
		{"rolls over the Spring Festival", "2026-02-05 15d", "2026-02-20", "2026-02-24"},
		{"rolls over the whole festival", "2026-02-03 15d", "2026-02-18", "2026-02-24"},
		{"rolls over the National Day holiday", "2025-09-22 15d", "2025-10-07", "2025-10-09"},
		{"rolls over the last day of a holiday", "2026-04-20 15d", "2026-05-05", "2026-05-06"},
		{"stays on a make-up Saturday", "2025-12-16 60d", "2026-02-14", "2026-02-14"},
		{"rolls over a Sunday", "2026-08-28 30d", "2026-09-27", "2026-09-28"},
		{"counts a make-up Saturday as working", "2026-02-13 5wd", "2026-02-27", "2026-02-27"},
		{"counts a make-up Sunday as working", "2025-09-26 5wd", "2025-10-10", "2025-10-10"},
		{"ends on a make-up Saturday", "2025-09-30 3wd", "2025-10-11", "2025-10-11"},
		{"passes two holidays", "2026-09-24 7wd", "2026-10-12", "2026-10-12"},
		{"passes Labour Day", "2026-04-30 3wd", "2026-05-08", "2026-05-08"},
		{"is provisional in an unknown year", "2026-12-29 10wd", "2027-01-12", "2027-01-12" + provisional},
		{"takes the last day of a short month", "2025-12-31 2mo", "2026-02-28", "2026-02-28"},

		{"takes 29 February in a leap year", "2023-12-31 2mo", "2024-02-29", "2024-02-29"},
		{"ends a year from a leap day on 28 February", "2024-02-29 1y", "2025-02-28", "2025-02-28"},
		{"is provisional when only the last day is looked at", "2026-12-21 11d", "2027-01-01", "2027-01-01" + provisional},
		{"is not provisional when nothing is looked up", "2026-12-21 11d no", "2027-01-01", "2027-01-01"},
		{"is provisional before the first known year", "2006-06-01 5d", "2006-06-06", "2006-06-06" + provisional},
		{"stays on the target when told not to roll", "2026-02-05 15d no", "2026-02-20", "2026-02-20"},
		{"starts the same day at 23:59", "2026-02-05T23:59 15d", "2026-02-20", "2026-02-24"},
		{"is due the same day at once", "2026-02-20T10:00 at-once", "2026-02-20", "2026-02-20"},
		{"rolls at-once when told to", "2026-02-20T10:00 at-once yes", "2026-02-20", "2026-02-24"},

		{"counts hours through a holiday", "2026-02-15T15:04 48h", "2026-02-17T15:04:00+08:00", "2026-02-17T15:04:00+08:00"},
		{"counts hours from midnight when no time is given", "2026-02-05 24h", "2026-02-06T00:00:00+08:00", "2026-02-06T00:00:00+08:00"},
		{"rolls hours to the same time of day when told to", "2026-02-14T15:04 24h yes", "2026-02-15T15:04:00+08:00", "2026-02-24T15:04:00+08:00"},

		{"leaves suspended days out", "2026-01-05 30d 2026-01-10/2026-01-20", "2026-02-14", "2026-02-14"},
		{"takes whole days whatever the time", "2026-01-05 30d 2026-01-10T23:59/2026-01-20T00:01", "2026-02-14", "2026-02-14"},
		{"ignores a suspension within one day", "2026-03-02 10d 2026-03-05T09:00/2026-03-05T17:00", "2026-03-12", "2026-03-12"},
		{"joins overlapping and unordered suspensions", "2026-03-02 10d 2026-03-08/2026-03-11 2026-03-04/2026-03-09", "2026-03-19", "2026-03-19"},
		{"ignores a suspension over before the start", "2026-03-02 10d 2026-02-01/2026-03-02", "2026-03-12", "2026-03-12"},
		{"starts counting after a suspension that spans the start", "2026-03-02 10d 2026-02-01/2026-03-05", "2026-03-14", "2026-03-16"},
		{"ignores a suspension after the target", "2026-03-02 10d 2026-03-13/2026-03-20", "2026-03-12", "2026-03-12"},
		{"suspends on the last day itself", "2026-03-02 10d 2026-03-12/2026-03-17", "2026-03-17", "2026-03-17"},
		{"ignores an open suspension after the target", "2026-03-02 10d 2026-03-13/", "2026-03-12", "2026-03-12"},
		{"leaves suspended time out of hours exactly", "2026-03-02T10:00 24h 2026-03-02T12:00/2026-03-02T13:30", "2026-03-03T11:30:00+08:00", "2026-03-03T11:30:00+08:00"},
		{"leaves suspended working days out", "2026-03-02 5wd 2026-03-04/2026-03-06", "2026-03-11", "2026-03-11"},
		{"pushes a month by the suspended days", "2026-03-02 1mo 2026-03-10/2026-03-15", "2026-04-07", "2026-04-07"},

		{"extends days by days before rolling", "2026-02-05 15d +10d", "2026-03-02", "2026-03-02"},
		{"extends a month by days from the corresponding day", "2026-01-31 1mo +10d", "2026-03-10", "2026-03-10"},
		{"adds months to months from the start", "2026-01-31 1mo +1mo", "2026-03-31", "2026-03-31"},
		{"adds a year to months from the start", "2023-12-31 2mo +1y", "2025-02-28", "2025-02-28"},
		{"extends days by working days and does not roll", "2026-02-05 15d +2wd", "2026-02-25", "2026-02-25"},
		{"rolls working days extended by days", "2026-03-02 4wd +2d", "2026-03-08", "2026-03-09"},
		{"ends hours extended by days with the day", "2026-03-02T10:00 24h +2d", "2026-03-05", "2026-03-05"},
		{"runs hours after days from midnight", "2026-03-02 1d +5h", "2026-03-04T05:00:00+08:00", "2026-03-04T05:00:00+08:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Compute(request(t, c.request, shanghai(t)))
			if err != nil {
				t.Fatal(err)
			}
			due := d.Due.String()
			if d.Provisional {
				due += provisional
			}
			if d.Target.String() != c.target || due != c.due || d.Suspended {
				t.Errorf("%s: target %v, due %v, suspended %t; want %s, %s", c.request, d.Target, due, d.Suspended, c.target, c.due)
			}
		})
	}
}

func TestOpenSuspensionLeavesTheRemainder(t *testing.T) {
	loc := shanghai(t)
	for _, c := range []struct{ name, request, left, zh string }{
		{"in days", "2026-03-02 10d 2026-03-05/", "8d", "8日"},
		{"in days before the start", "2026-03-02 10d 2026-03-01/", "10d", "10日"},
		{"in working days", "2026-03-02 10wd 2026-03-09/", "6wd", "6个工作日"},
		{"in days of a month", "2026-03-02 1mo 2026-03-12/", "22d", "22日"},
		{"in hours and minutes", "2026-03-02T10:00 24h 2026-03-02T12:30/", "21h30m0s", "21小时30分钟"},
		{"with extensions to come", "2026-03-02 10d 2026-03-05/ +2wd +1mo +3h", "1mo 8d 2wd 3h0m0s", "1个月、8日、2个工作日、3小时"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, lines, err := Explain(request(t, c.request, loc), "zh")
			if err != nil || !d.Suspended || !d.Target.IsZero() || !d.Due.IsZero() || d.Remaining.String() != c.left {
				t.Fatalf("got %+v, %v; want suspended with %s left", d, err, c.left)
			}
			if text := texts(lines); !strings.Contains(text, "剩余"+c.zh) || strings.Contains(text, "届满") {
				t.Errorf("explanation does not say that %s remain:\n%s", c.zh, text)
			}
			var back Remaining
			if err := back.UnmarshalText([]byte(c.left)); err != nil || back != d.Remaining {
				t.Errorf("%q reads back as %+v, %v", c.left, back, err)
			}
		})
	}
}

func texts(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Rule + ": " + l.Text + "\n")
	}
	return b.String()
}

func TestComputeRefusesWhatHasNoAnswer(t *testing.T) {
	loc := shanghai(t)
	good := func() Request { return request(t, "2026-03-02 10d", loc) }
	for name, c := range map[string]struct {
		change func(*Request)
		want   string
	}{
		"no start":                   {func(r *Request) { r.From = time.Time{} }, "say when"},
		"no calendar":                {func(r *Request) { r.Calendar = nil }, "which calendar"},
		"a start out of the years":   {func(r *Request) { r.From = time.Date(1800, 1, 1, 0, 0, 0, 0, loc) }, "1900 to 9999"},
		"zero days":                  {func(r *Request) { r.Period = Period{0, Day} }, "from 1 to 100000"},
		"negative days":              {func(r *Request) { r.Period = Period{-3, Day} }, "from 1 to 100000"},
		"too many days":              {func(r *Request) { r.Period = Period{100001, Day} }, "from 1 to 100000"},
		"an unknown unit":            {func(r *Request) { r.Period = Period{1, 9} }, "unknown unit"},
		"an unknown roll":            {func(r *Request) { r.Roll = 9 }, "unknown roll"},
		"a number for at-once":       {func(r *Request) { r.Period = Period{1, AtOnce} }, "no number"},
		"an extension at once":       {func(r *Request) { r.Extensions = []Period{{}} }, "by how long"},
		"an extension of zero":       {func(r *Request) { r.Extensions = []Period{{0, Day}} }, "extension"},
		"too many years":             {func(r *Request) { r.Period = Period{8000, Year} }, "after the year 9999"},
		"an immense number of years": {func(r *Request) { r.Period = Period{100000, Year} }, "after the year 9999"},
		"days past 9999":             {func(r *Request) { r.From = time.Date(9999, 12, 30, 0, 0, 0, 0, loc) }, "after the year 9999"},
		"hours past 9999": {func(r *Request) {
			r.From, r.Period = time.Date(9999, 12, 30, 0, 0, 0, 0, loc), Period{99, Hour}
		}, "after the year 9999"},
		"working days past 9999": {func(r *Request) {
			r.From, r.Period = time.Date(9999, 12, 30, 0, 0, 0, 0, loc), Period{99, WorkingDay}
		}, "after the year 9999"},
		"a suspension without beginning": {func(r *Request) { r.Suspensions = []Span{{}} }, "when it begins"},
		"a suspension turned round":      {func(r *Request) { r.Suspensions = []Span{{r.From, r.From.Add(-1)}} }, "ends before"},
		"a suspension out of the years":  {func(r *Request) { r.Suspensions = []Span{{r.From, r.From.AddDate(9000, 0, 0)}} }, "1900 to 9999"},
		"too many suspensions":           {func(r *Request) { r.Suspensions = make([]Span, 1001) }, "at most 1000"},
		"too many extensions":            {func(r *Request) { r.Extensions = make([]Period, 1001) }, "at most 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			r := good()
			c.change(&r)
			_, _, explainErr := Explain(r, "en")
			if _, err := Compute(r); err == nil || !strings.Contains(err.Error(), c.want) || explainErr == nil {
				t.Errorf("got %v, %v; want an error with %q", err, explainErr, c.want)
			}
		})
	}
	if _, _, err := Explain(good(), "fr"); err == nil {
		t.Error("an unknown language is accepted")
	}
}

func TestTheDayIsTheOneInTheLocation(t *testing.T) {
	instant := time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC) // 01:00 of 3 March in China
	for loc, want := range map[*time.Location]string{time.UTC: "2026-03-12", shanghai(t): "2026-03-13", nil: "2026-03-12"} {
		d, err := Compute(Request{From: instant, Period: Period{10, Day}, Calendar: China(), Location: loc})
		if err != nil || d.Target.String() != want {
			t.Errorf("in %v: %v, %v; want %s", loc, d.Target, err, want)
		}
	}
}

func TestHoursAreExactAcrossAClockChange(t *testing.T) {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skipf("time zones absent: %v", err)
	}
	d, err := Compute(Request{From: at(t, "2026-03-07T12:00", loc), Period: Period{24, Hour}, Calendar: Weekend(), Location: loc})
	if want := "2026-03-08T13:00:00-04:00"; err != nil || d.Target.String() != want {
		t.Errorf("24 hours over the lost hour end at %v, %v; want %s", d.Target, err, want)
	}
}

func TestExplainTellsTheStepsInOrder(t *testing.T) {
	r := request(t, "2026-02-05T15:04 15d", shanghai(t))
	r.Basis = Basis{"信访工作条例", "22", "memory"}
	_, lines, err := Explain(r, "en")
	if err != nil {
		t.Fatal(err)
	}
	want := []Line{
		{"basis", "Basis: 信访工作条例, art. 22 (to be confirmed)."},
		{"start", "The starting day 2026-02-05 (Thursday) is not counted; counting begins on 2026-02-06 (Friday) (Civil Code of China, art. 201)."},
		{"period", "Period: 15 days; days off count (Civil Code of China, art. 200)."},
		{"target", "The last day of the period is 2026-02-20 (Friday); it ends at 24:00 (Civil Code of China, art. 203)."},
		{"roll", "2026-02-20 to 2026-02-23 are days off (Spring Festival)."},
		{"due", "The period ends on the next working day instead, 2026-02-24 (Tuesday) (Civil Code of China, art. 203)."},
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("explanation (-want +got):\n%s", diff)
	}
}

func TestExplainNamesEveryKindOfStep(t *testing.T) {
	loc := shanghai(t)
	for _, c := range []struct{ request, lang, want string }{
		{"2026-01-05 30d 2026-01-10/2026-01-20 +5d", "zh", "suspension: 2026-01-10中止、2026-01-20恢复：10日不计入期限。"},
		{"2026-01-05 30d 2026-01-10/2026-01-20 +5d", "zh", "extension: 延长5日：自2026-02-14（星期六）起至2026-02-19（星期四）。"},
		{"2026-01-05 30d 2025-01-10/2025-01-20", "en", "this takes nothing out of the count"},
		{"2026-01-05 30d 2026-01-10/2026-01-20 2026-01-15/2026-01-21", "en", "(2 suspensions together): 11 calendar days not counted"},
		{"2026-02-13 5wd", "en", "Left out: 2026-02-15 to 2026-02-23 (Spring Festival). Counted as make-up working days: 2026-02-14 (Saturday)."},
		{"2025-12-31 2mo", "en", "2026-02-28 (that month has no day 31, so its last day)"},
		{"2025-12-16 60d", "en", "roll: 2026-02-14 (Saturday) is a make-up working day: nothing moves."},
		{"2026-02-05 15d no", "zh", "roll: 本期限最后一日遇休息日不顺延。"},
		{"2026-08-28 30d", "zh", "roll: 2026-09-27（星期日）为休息日（中秋节）。"},
		{"2026-12-29 10wd", "en", `provisional: Provisional: the calendar "cn" does not know the days off of 2027`},
		{"2026-01-31 1mo +1mo", "zh", "与前面的年、月合并，自2026-01-31起计算，至2026-03-31（星期二）"},
		{"2026-03-02 10d 2026-03-05/ +2wd", "en", "Extended by 2 working days: counted after the period resumes."},
		{"2026-03-02T10:00 24h", "zh", "start: 自2026-03-02T10:00:00+08:00起按小时计算"},
		{"2026-03-02T10:00 at-once", "zh", "period: 期限：立即"},
	} {
		_, lines, err := Explain(request(t, c.request, loc), c.lang)
		if text := texts(lines); err != nil || !strings.Contains(text, c.want) {
			t.Errorf("%s (%s): %v; want %q in\n%s", c.request, c.lang, err, c.want, text)
		}
	}
	r := request(t, "2026-03-02 10d", loc)
	r.Calendar = Weekend()
	if _, lines, _ := Explain(r, "zh"); strings.Contains(texts(lines), "民法典") {
		t.Error("the Civil Code is cited for a calendar that is not China's")
	}
}

func TestComputeAllocatesNothingInPlainCases(t *testing.T) {
	loc := shanghai(t)
	for _, s := range []string{"2026-02-05 15d", "2026-02-13 20wd", "2025-12-31 2mo", "2026-02-05T15:04 24h", "2026-01-05 30d 2026-01-10/2026-01-20 +5d"} {
		r := request(t, s, loc)
		if n := testing.AllocsPerRun(100, func() { _, _ = Compute(r) }); n != 0 {
			t.Errorf("%s: %v allocations", s, n)
		}
	}
}

func BenchmarkCompute(b *testing.B) {
	loc := shanghai(b)
	for _, s := range []string{"2026-02-05 15d", "2026-01-05 60d", "2026-02-13 5wd", "2026-02-13 20wd", "2025-12-31 2mo", "2026-02-05T15:04 24h", "2026-01-05 30d 2026-01-10/2026-01-20 +5d"} {
		b.Run(strings.ReplaceAll(strings.ReplaceAll(s, " ", "_"), "/", ".."), func(b *testing.B) {
			r := request(b, s, loc)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compute(r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deadlines/s")
		})
	}
}
