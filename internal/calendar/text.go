package calendar

import (
	"fmt"
	"strings"
	"time"
)

// MaxFile is the size of the largest file of days that is read, in bytes.
const MaxFile = maxICS

// Text writes the calendar in the project's own form, the one of china.txt: which years are known, how holidays
// are called in English, and every listed day. ParseText reads it back into a calendar of the same version.
func (c *Calendar) Text() string {
	var b strings.Builder
	if c.every {
		b.WriteString("known all\n")
	}
	c.eachYear(func(first, last int) { fmt.Fprintf(&b, "known %d %d\n", first, last) })
	for _, n := range c.names {
		if n.english != "" {
			fmt.Fprintf(&b, "name %s = %s\n", n.own, n.english)
		}
	}
	for i := 0; i < len(c.marks); {
		m, n := c.marks[i], 1
		for i+n < len(c.marks) && c.marks[i+n]|markKnown == m|markKnown {
			n++
		}
		if m&(markOff|markWork) != 0 {
			c.writeRange(&b, i, n)
		}
		i += n
	}
	return b.String()
}

// writeRange writes one line for the n days from the i-th on, which are marked alike.
func (c *Calendar) writeRange(b *strings.Builder, i, n int) {
	word, first := "work", c.first.AddDays(i)
	if c.marks[i]&markOff != 0 {
		word = "off"
	}
	fmt.Fprintf(b, "%s %v", word, first)
	if n > 1 {
		fmt.Fprintf(b, "..%v", first.AddDays(n-1))
	}
	fmt.Fprintf(b, " %s\n", c.names[c.marks[i]>>nameShift].own)
}

// eachYear calls f with every run of known years, in order. A calendar that knows every year lists none.
func (c *Calendar) eachYear(f func(first, last int)) {
	known := func(y int) bool { return c.at(dateOf(y, time.January, 1))&markKnown != 0 }
	if len(c.marks) == 0 {
		return
	}
	end := c.first.AddDays(len(c.marks) - 1).Year()
	for y := c.first.Year(); y <= end; y++ {
		if !known(y) {
			continue
		}
		first := y
		for y < end && known(y+1) {
			y++
		}
		f(first, y)
	}
}

// Years lists the runs of known years, as "2007-2026" or "2030"; "all" when every year is known.
func (c *Calendar) Years() []string {
	if c.every {
		return []string{"all"}
	}
	years := []string{}
	c.eachYear(func(first, last int) {
		if first == last {
			years = append(years, fmt.Sprint(first))
			return
		}
		years = append(years, fmt.Sprintf("%d-%d", first, last))
	})
	return years
}

// ParseText reads the form that Text writes and the head of china.txt describes. The calendar "cn" is the one under
// whose explanations the Civil Code of China is cited.
func ParseText(text, name string) (*Calendar, error) {
	c, err := parseFacts(text, name)
	if err != nil {
		return nil, fmt.Errorf("calendar %.80s: %w", name, err)
	}
	return c, nil
}
