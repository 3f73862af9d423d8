package calendar

import (
	"fmt"
	"strings"
	"time"
)

// teller writes an explanation in one language. civil says whether to cite the Civil Code of China, which
// the counting follows.
type teller struct {
	lang  string
	civil bool
	out   []Line
}

// say adds a line in the language asked for.
func (w *teller) say(rule, zh, en string) {
	w.out = append(w.out, Line{rule, w.pick(zh, en)})
}

func (w *teller) pick(zh, en string) string {
	if w.lang == "zh" {
		return zh
	}
	return en
}

// art cites articles of the Civil Code, or nothing.
func (w *teller) art(n string) string {
	switch {
	case !w.civil:
		return ""
	case w.lang == "zh":
		return "（民法典第" + n + "条）"
	}
	return " (Civil Code of China, art. " + n + ")"
}

// day returns d with its day of the week.
func (w *teller) day(d Date) string {
	if w.lang != "zh" {
		return d.String() + " (" + d.Weekday().String() + ")"
	}
	weekdays := [...]string{"日", "一", "二", "三", "四", "五", "六"}
	return d.String() + "（星期" + weekdays[d.Weekday()] + "）"
}

// moment returns m as a person says it.
func (w *teller) moment(m Moment) string {
	if m.IsInstant() {
		return m.String()
	}
	return w.day(m.day)
}

// hours says a duration in hours, and minutes or less where there are any.
func hours(d time.Duration, lang string) string {
	h, rest := int(d/time.Hour), d%time.Hour
	var parts []string
	if h > 0 || rest == 0 {
		parts = append(parts, Period{h, Hour}.In(lang))
	}
	switch {
	case rest == 0:
	case rest%time.Minute == 0 && lang == "zh":
		parts = append(parts, fmt.Sprintf("%d分钟", int(rest/time.Minute)))
	case rest%time.Minute == 0:
		parts = append(parts, fmt.Sprintf("%d %s", int(rest/time.Minute), plural(int(rest/time.Minute), "minute")))
	default:
		parts = append(parts, rest.String())
	}
	if lang == "zh" {
		return strings.Join(parts, "")
	}
	return strings.Join(parts, " ")
}

// plural returns the word for n things.
func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
