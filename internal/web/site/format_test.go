package site

import (
	"testing"
	"time"
)

func TestCountsAreWrittenInGroupsOfThree(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 121145: "121,145", 1_000_000: "1,000,000", -1234: "-1,234", -123: "-123"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}

func TestALongDelayIsSaidInYears(t *testing.T) {
	s := testSite(t)
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		end    time.Time
		zh, en string
	}{
		{now.AddDate(0, 0, -40), "逾期 41 天", "41 days late"},
		{now.AddDate(-1, 0, 0), "逾期 366 天", "366 days late"},
		{now.AddDate(-11, -10, 0), "逾期 11 年多", "more than 11 years late"},
	} {
		end := c.end.Truncate(24 * time.Hour) // a period ends at midnight
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			if got, late, _ := (Words{Lang: lang, Texts: s.texts}).Left(now, end, time.UTC); got != want || !late {
				t.Errorf("%s, in %s: %q, want %q", end, lang, got, want)
			}
		}
	}
}

func TestTheTimeOfASourceKeepsItsOwnClock(t *testing.T) {
	s := testSite(t)
	for in, want := range map[string][2]string{
		"2015-01-01T00:20:00-05:00": {"2015年1月1日 00:20（UTC-05:00）", "1 Jan 2015, 00:20 (UTC-05:00)"},
		"2010-12-20":                {"2010年12月20日 周一", "Mon 20 Dec 2010"},
		"some time ago":             {"some time ago", "some time ago"},
	} {
		for i, lang := range []string{"zh", "en"} {
			if got := (Words{Lang: lang, Texts: s.texts}).SourceTime(in); got != want[i] {
				t.Errorf("%s in %s: %q, want %q", in, lang, got, want[i])
			}
		}
	}
	v := Words{Lang: "en", Texts: s.texts}
	if got := v.SourceID("row 65") + " " + v.SourceID("A-7"); got != "row 65 A-7" {
		t.Errorf("identities %q", got)
	}
}
