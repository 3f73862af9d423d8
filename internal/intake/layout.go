package intake

import (
	"fmt"
	"strings"
	"time"
)

// layout is one way in which a source writes its times.
type layout struct {
	written string
	forGo   string
	dated   bool // a day without a time of day
}

// layoutTokens are the signs of a layout, longer ones before those they begin with.
var layoutTokens = [...]struct{ sign, forGo string }{
	{"YYYY", "2006"}, {"YY", "06"}, {"MM", "01"}, {"M", "1"}, {"DD", "02"}, {"D", "2"}, {"HH", "15"}, {"hh", "03"}, {"h", "3"},
	{"mm", "04"}, {"m", "4"}, {"ss", "05"}, {"s", "5"}, {"A", "PM"}, {"Z", "Z07:00"}, {"T", "T"},
}

// newLayout reads a layout such as YYYY-MM-DDTHH:mm.
func newLayout(written string) (layout, error) {
	l := layout{written: written}
	var b strings.Builder
next:
	for rest := written; rest != ""; {
		for _, t := range layoutTokens {
			if strings.HasPrefix(rest, t.sign) {
				b.WriteString(t.forGo)
				rest = rest[len(t.sign):]
				continue next
			}
		}
		if strings.IndexByte("-/.:, 年月日时分秒", rest[0]) < 0 {
			return l, fmt.Errorf("%q in a time format: use YYYY MM DD HH mm ss, hh and A for a 12-hour clock, Z for an offset, with - / . : , T or a space between", rest)
		}
		b.WriteByte(rest[0])
		rest = rest[1:]
	}
	l.forGo = b.String()
	l.dated = !strings.ContainsAny(written, "Hh")
	// A format that loses the day would give wrong times without a word.
	probe := time.Date(2024, 11, 23, 0, 0, 0, 0, time.UTC)
	if back, err := time.Parse(l.forGo, probe.Format(l.forGo)); err != nil || !back.Equal(probe) {
		return l, fmt.Errorf("the time format %q does not say year, month and day", written)
	}
	return l, nil
}

// instant is when a source says something happened.
type instant struct {
	at   time.Time
	text string // RFC 3339, or the date alone where the source gives no time of day
}

// readTime reads a cell by the first layout that fits, in the source's time zone.
func readTime(cell string, layouts []layout, zone *time.Location) (instant, error) {
	cell = strings.TrimSpace(cell)
	for _, l := range layouts {
		t, err := time.ParseInLocation(l.forGo, cell, zone)
		if err != nil {
			continue
		}
		if l.dated {
			return instant{t, t.Format(time.DateOnly)}, nil
		}
		return instant{t, t.Format(time.RFC3339)}, nil
	}
	written := make([]string, len(layouts))
	for i, l := range layouts {
		written[i] = l.written
	}
	return instant{}, fmt.Errorf("the time %.40q is not written as %s", cell, strings.Join(written, " or "))
}
