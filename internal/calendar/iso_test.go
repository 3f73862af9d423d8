package calendar_test

import (
	"testing"

	"luoshi/internal/calendar"
)

func TestPeriodsInISO8601(t *testing.T) {
	for written, want := range map[string]string{"at-once": "PT0S", "24h": "PT24H", "15d": "P15D", "2mo": "P2M", "1y": "P1Y", "5wd": ""} {
		p, err := calendar.ParsePeriod(written)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := p.ISO(); got != want || ok != (want != "") {
			t.Errorf("%s is %q, %v; want %q", written, got, ok, want)
		}
	}
}
