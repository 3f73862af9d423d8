package calendar

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed china.txt
var chinaText string

// chinaName is the name of the calendar of China, whose counting the Civil Code governs.
const chinaName = "cn"

// China returns the calendar "cn": the days off and make-up working days of the People's Republic of China.
// Known are 2007 to 2026; the notice for 2027 has not been published.
func China() *Calendar { return china() }

var china = sync.OnceValue(func() *Calendar {
	c, err := parseFacts(chinaText, chinaName)
	if err != nil {
		panic("calendar: china.txt: " + err.Error()) // built in: a test reads it whole
	}
	return c
})

// parseFacts reads the form that the head of china.txt describes.
func parseFacts(text, calendar string) (*Calendar, error) {
	b := newBuilder(calendar)
	b.civil = calendar == chinaName
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := b.fact(strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return b.calendar(), nil
}

// fact takes one line.
func (b *builder) fact(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	kind, rest, _ := strings.Cut(line, " ")
	first, second, _ := strings.Cut(rest, " ")
	switch kind {
	case "known":
		return b.know(first, second)
	case "name":
		n, err := b.call(first)
		b.names[n].english = strings.TrimPrefix(second, "= ")
		return err
	case "off", "work":
		return b.listRange(first, kind == "off", second)
	}
	return fmt.Errorf("unknown word %q: use known, name, off or work", kind)
}

// know marks the years from first to last as known, or with "all" every year.
func (b *builder) know(first, last string) error {
	if first == "all" && last == "" {
		b.every = true
		return nil
	}
	from, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(last)
	if err != nil {
		return err
	}
	if from < MinDate.Year() || to > MaxDate.Year() || from > to {
		return fmt.Errorf("known years %d to %d: write the first and the last, from 1900 to 9999", from, to)
	}
	for y := from; y <= to; y++ {
		b.years[y] = true
	}
	return nil
}

// listRange lists "2026-02-15" or "2026-02-15..2026-02-23", both ends included.
func (b *builder) listRange(days string, off bool, own string) error {
	first, last, isRange := strings.Cut(days, "..")
	if !isRange {
		last = first
	}
	from, err := ParseDate(first)
	if err != nil {
		return err
	}
	to, err := ParseDate(last)
	if err != nil {
		return err
	}
	for d := from; d <= to; d++ {
		if err := b.list(d, off, own); err != nil {
			return err
		}
	}
	return nil
}
