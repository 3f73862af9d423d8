package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a period is counted in.
type Unit uint8

// The units, with the letters of their written form.
const (
	AtOnce     Unit = iota // "at-once": on the day itself, nothing is counted
	Hour                   // "h": exact hours from the moment
	Day                    // "d": calendar days
	WorkingDay             // "wd": days that the calendar does not give off
	Month                  // "mo": to the corresponding day
	Year                   // "y": twelve months
)

// MaxCount is the largest number a period may have.
const MaxCount = 100_000

// letters and words are indexed by Unit.
var (
	letters = [...]string{AtOnce: "at-once", Hour: "h", Day: "d", WorkingDay: "wd", Month: "mo", Year: "y"}
	chinese = [...]string{AtOnce: "立即", Hour: "小时", Day: "日", WorkingDay: "个工作日", Month: "个月", Year: "年"}
	english = [...]string{AtOnce: "at once", Hour: "hour", Day: "day", WorkingDay: "working day", Month: "month", Year: "year"}
)

// Period is a length of time as law writes it. The zero value is at once; every other has N from 1 to
// MaxCount.
type Period struct {
	N    int
	Unit Unit
}

// ParsePeriod reads "24h", "15d", "5wd", "2mo", "1y" or "at-once", exactly as String writes them.
func ParsePeriod(s string) (Period, error) {
	if s == letters[AtOnce] {
		return Period{}, nil
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	for unit := Hour; unit <= Year; unit++ {
		if digits == 0 || s[digits:] != letters[unit] {
			continue
		}
		if s[0] == '0' && digits > 1 {
			return Period{}, fmt.Errorf("period %.40q: write the number without leading zeros", s)
		}
		n, err := strconv.Atoi(s[:digits])
		if err != nil {
			n = MaxCount + 1 // only too many digits can fail
		}
		p := Period{n, unit}
		return p, p.check()
	}
	return Period{}, fmt.Errorf("period %.40q: write a number and h, d, wd, mo or y (24h, 15d, 5wd, 2mo, 1y), or at-once", s)
}

// check says what is wrong with p.
func (p Period) check() error {
	switch {
	case p.Unit > Year:
		return fmt.Errorf("period: unknown unit %d; use AtOnce, Hour, Day, WorkingDay, Month or Year", p.Unit)
	case p.Unit == AtOnce && p.N != 0:
		return fmt.Errorf("period: at-once has no number, found %d", p.N)
	case p.Unit != AtOnce && (p.N < 1 || p.N > MaxCount):
		return fmt.Errorf("period: the number must be from 1 to %d; for no time at all write at-once", MaxCount)
	}
	return nil
}

// String returns the written form, which ParsePeriod reads back: "15d", "at-once".
func (p Period) String() string {
	switch {
	case p.Unit > Year:
		return fmt.Sprintf("%d(unit %d)", p.N, p.Unit)
	case p.Unit == AtOnce:
		return letters[AtOnce]
	}
	return strconv.Itoa(p.N) + letters[p.Unit]
}

// In returns p in words for people: "15日" or "5个工作日" when lang is "zh", else "15 days".
func (p Period) In(lang string) string {
	zh := lang == "zh"
	switch {
	case p.Unit > Year:
		return p.String()
	case p.Unit == AtOnce && zh:
		return chinese[AtOnce]
	case p.Unit == AtOnce:
		return english[AtOnce]
	case zh:
		return strconv.Itoa(p.N) + chinese[p.Unit]
	case p.N == 1:
		return "1 " + english[p.Unit]
	}
	return strconv.Itoa(p.N) + " " + english[p.Unit] + "s"
}

// MarshalText returns the written form; a period that ParsePeriod would refuse is an error.
func (p Period) MarshalText() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what ParsePeriod reads.
func (p *Period) UnmarshalText(text []byte) error {
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
