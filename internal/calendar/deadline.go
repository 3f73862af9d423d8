package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Basis is the rule of law a period rests on, as an explanation names it. Status is "verified", or "weak" or
// "memory", which are shown as to be confirmed. An empty Law means that none is named.
type Basis struct{ Law, Article, Status string }

// Span is a suspension, from its beginning up to but not including its end. A zero To means that it is
// still going on.
type Span struct{ From, To time.Time }

// Roll says whether a period that ends on a day off ends on the next working day instead.
type Roll uint8

// The choices of Roll.
const (
	RollByUnit Roll = iota // days, months and years roll; hours, working days, at-once and a day that was set do not
	RollYes                // rolls; an hour keeps its time of day
	RollNo                 // does not roll
)

// MaxParts is the largest number of suspensions, and of extensions, in one request.
const MaxParts = 1000

// Request is everything a deadline depends on.
type Request struct {
	From        time.Time      // when it starts; required, in the years 1900 to 9999
	Period      Period         // how long it runs
	Until       Date           // the day on which it ends, where somebody set that and no period; zero (1970-01-01): none is set
	Roll        Roll           // what happens when the last day is off
	Suspensions []Span         // when it did not run; in any order, may overlap
	Extensions  []Period       // what was added, in the order granted; never at-once
	Calendar    *Calendar      // required
	Location    *time.Location // where days begin and end; nil: From's own
	Basis       Basis          // named in explanations
}

// Deadline is when a period ends. While a suspension without an end holds it, Suspended is set, Target and
// Due are zero and Remaining says what is left to count from the day it resumes.
type Deadline struct {
	Target      Moment    `json:"target"`      // after suspension and extension, before rolling
	Due         Moment    `json:"due"`         // after rolling
	Provisional bool      `json:"provisional"` // rests on a year that the calendar does not know
	Suspended   bool      `json:"suspended,omitzero"`
	Remaining   Remaining `json:"remaining,omitzero"`
}

// Remaining is what is left of a suspended period, by kind.
type Remaining struct {
	Months, Days, WorkingDays int
	Time                      time.Duration
}

// add counts p as still to run.
func (r *Remaining) add(p Period) {
	switch p.Unit {
	case Hour:
		r.Time += time.Duration(p.N) * time.Hour
	case Day:
		r.Days += p.N
	case WorkingDay:
		r.WorkingDays += p.N
	case Month, Year:
		r.Months += p.months()
	}
}

// In returns r in words for people; lang is "zh" or "en".
func (r Remaining) In(lang string) string {
	var parts []string
	for _, p := range []Period{{r.Months, Month}, {r.Days, Day}, {r.WorkingDays, WorkingDay}} {
		if p.N > 0 {
			parts = append(parts, p.In(lang))
		}
	}
	if r.Time > 0 {
		parts = append(parts, hours(r.Time, lang))
	}
	if lang == "zh" {
		return strings.Join(parts, "、")
	}
	return strings.Join(parts, ", ")
}

// String returns the parts in their written form, for example "1mo 5d" or "30h15m0s".
func (r Remaining) String() string {
	var parts []string
	for _, p := range []Period{{r.Months, Month}, {r.Days, Day}, {r.WorkingDays, WorkingDay}} {
		if p.N > 0 {
			parts = append(parts, p.String())
		}
	}
	if r.Time > 0 {
		parts = append(parts, r.Time.String())
	}
	return strings.Join(parts, " ")
}

// MarshalText returns String.
func (r Remaining) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Remaining) UnmarshalText(text []byte) error {
	var read Remaining
	for part := range strings.FieldsSeq(string(text)) {
		if p, err := ParsePeriod(part); err == nil && p.Unit != Hour && p.Unit != AtOnce {
			read.add(p)
			continue
		}
		d, err := time.ParseDuration(part)
		if err != nil || d < 0 {
			return fmt.Errorf("remaining %.40q: write periods and a duration, for example 1mo 5d 30h15m", part)
		}
		read.Time += d
	}
	*r = read
	return nil
}

// Compute returns the deadline of r. It is the same computation as Explain, without the words.
func Compute(r Request) (Deadline, error) { return r.run(nil) }

// Line is one step of an explanation. Rule names the kind of step: basis, start, period, suspension,
// extension, target, roll, due or provisional. Text is a sentence for people.
type Line struct {
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// Explain returns the deadline of r and, in order, the steps that led to it, in Chinese ("zh") or English
// ("en").
func Explain(r Request, lang string) (Deadline, []Line, error) {
	if lang != "zh" && lang != "en" {
		return Deadline{}, nil, fmt.Errorf("language %.20q: use zh or en", lang)
	}
	var t trace
	d, err := r.run(&t)
	if err != nil {
		return Deadline{}, nil, err
	}
	return d, t.lines(&r, d, lang), nil
}

// check says what is wrong with r.
func (r *Request) check() error {
	switch {
	case r.From.IsZero():
		return fmt.Errorf("deadline: say when the period starts")
	case r.Calendar == nil:
		return fmt.Errorf("deadline: say which calendar counts, for example China()")
	case r.Roll > RollNo:
		return fmt.Errorf("deadline: unknown roll %d; use RollByUnit, RollYes or RollNo", r.Roll)
	case len(r.Suspensions) > MaxParts || len(r.Extensions) > MaxParts:
		return fmt.Errorf("deadline: at most %d suspensions and %d extensions", MaxParts, MaxParts)
	case !inYears(r.From):
		return fmt.Errorf("deadline: the start must lie in the years 1900 to 9999")
	}
	if r.Until != 0 {
		return r.checkUntil()
	}
	if err := r.Period.check(); err != nil {
		return err
	}
	for _, e := range r.Extensions {
		if e.Unit == AtOnce {
			return fmt.Errorf("extension: say by how long; at-once extends nothing")
		}
		if err := e.check(); err != nil {
			return fmt.Errorf("extension: %w", err)
		}
	}
	return nil
}

// checkUntil says what is wrong with a day that was set. It is the end whatever happens before it: who gives more time sets
// another day.
func (r *Request) checkUntil() error {
	loc := r.Location
	if loc == nil {
		loc = r.From.Location()
	}
	switch {
	case r.Period != Period{}:
		return fmt.Errorf("deadline: give a period or the day on which it ends, not both")
	case len(r.Suspensions) > 0 || len(r.Extensions) > 0:
		return fmt.Errorf("deadline: a day that was set is not suspended or extended; set another day")
	case r.Until < MinDate || r.Until > MaxDate:
		return fmt.Errorf("deadline: the day must lie in the years 1900 to 9999")
	case r.Until < DateOf(r.From.In(loc)):
		return fmt.Errorf("deadline: the day %v lies before the start", r.Until)
	}
	return nil
}

// inYears tells whether t lies in the years that dates may have, with a day to spare for every zone.
func inYears(t time.Time) bool {
	s := t.Unix()
	return s >= int64(MinDate)*secondsPerDay-secondsPerDay && s <= int64(MaxDate)*secondsPerDay
}

// months returns the length of p in months; 0 when it has none.
func (p Period) months() int {
	switch p.Unit {
	case Month:
		return p.N
	case Year:
		return 12 * p.N
	}
	return 0
}
