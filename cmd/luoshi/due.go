package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // so that --tz works on machines without a time zone database

	"luoshi/internal/calendar"
)

const dueUsage = `Usage: luoshi due --from TIME --period PERIOD [options]
       luoshi due --until DATE [options]

Says when a period ends and why. The day it starts on is not counted. The target
is the end after suspension and extension; the due date is the target moved past
days off where the rule says so. Both are whole days, over at 24:00, except for
periods in hours.

Options:
  --from TIME        start: 2026-02-05, 2026-02-05T15:04 (in --tz) or RFC 3339
  --period PERIOD    24h, 15d, 5wd (working days), 2mo, 1y or at-once
  --until DATE       in place of a period: the day that somebody has set as the
                     last one, as of a directive. It stays as it is, also on a
                     day off, unless --roll is given; begins today when
                     --from is not given
  --roll=true|false  move an end on a day off to the next working day; when not
                     given, days, months and years move and the others do not
  --suspend A/B      not counted from A up to but not including B; B may be empty
                     when it goes on; may be given several times
  --extend PERIOD    lengthens the period; may be given several times, in order
  --calendar NAME    cn (default), weekend, an iCalendar FILE.ics, or - for
                     one on standard input
  --tz ZONE          where days begin and end (default Asia/Shanghai)
  --lang zh|en       language of the explanation (default en)
  --json             print JSON

Example:
  luoshi due --from 2026-02-05 --period 15d --json
  {"target":"2026-02-20","due":"2026-02-24","provisional":false,"explanation":[…]}
  luoshi due --until 2026-05-01
`

// dueOptions are the arguments of due as they were written.
type dueOptions struct {
	from, period, until, calendar, zone, lang string
	roll                                      calendar.Roll
	suspend, extend                           []string
	json                                      bool
}

// dueRoll is --roll, which differs from its absence both when true and when false.
type dueRoll struct{ to *calendar.Roll }

func (r dueRoll) String() string   { return "" }
func (r dueRoll) IsBoolFlag() bool { return true }
func (r dueRoll) Set(s string) error {
	yes, err := strconv.ParseBool(s)
	if err != nil {
		return errors.New("write --roll=true or --roll=false")
	}
	*r.to = calendar.RollNo
	if yes {
		*r.to = calendar.RollYes
	}
	return nil
}

// runDue computes one deadline and prints it with its explanation.
func runDue(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var o dueOptions
	flags := flag.NewFlagSet("due", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(flags.Output(), dueUsage) }
	flags.StringVar(&o.from, "from", "", "")
	flags.StringVar(&o.period, "period", "", "")
	flags.StringVar(&o.until, "until", "", "")
	flags.Var(dueRoll{&o.roll}, "roll", "")
	flags.Func("suspend", "", collect(&o.suspend))
	flags.Func("extend", "", collect(&o.extend))
	flags.StringVar(&o.calendar, "calendar", "cn", "")
	flags.StringVar(&o.zone, "tz", "Asia/Shanghai", "")
	flags.StringVar(&o.lang, "lang", "en", "")
	flags.BoolVar(&o.json, "json", false, "")
	if code, stop := parseFlags(flags, args, stdout); stop {
		return code
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "luoshi due: unexpected argument %q; write --roll=false and the like with an equals sign\n", flags.Arg(0))
		return exitMisuse
	}
	if err := o.answer(stdin, stdout); err != nil {
		fmt.Fprintf(stderr, "luoshi due: %v\nRun \"luoshi due --help\" for the options and an example.\n", err)
		return exitMisuse
	}
	return exitDone
}

// answer computes and prints.
func (o *dueOptions) answer(stdin io.Reader, stdout io.Writer) error {
	r, err := o.request(stdin)
	if err != nil {
		return err
	}
	d, lines, err := calendar.Explain(r, o.lang)
	if err != nil {
		return err
	}
	if o.json {
		return printDueJSON(stdout, r.Calendar, d, lines)
	}
	return printDue(stdout, d, lines, o.lang)
}

// request reads the options; its errors name the option.
func (o *dueOptions) request(stdin io.Reader) (calendar.Request, error) {
	r := calendar.Request{Roll: o.roll}
	var err error
	if o.until == "" && (o.from == "" || o.period == "") {
		return r, errors.New("--from and --period are required, or --until")
	}
	// The name Local would make the answer depend on the machine.
	if r.Location, err = time.LoadLocation(o.zone); err != nil || o.zone == "" || o.zone == "Local" {
		return r, fmt.Errorf("--tz %q: write a zone of the IANA database, for example Asia/Shanghai", o.zone)
	}
	if r.From, err = o.start(r.Location); err != nil {
		return r, fmt.Errorf("--from: %w", err)
	}
	if o.until != "" {
		return o.untilDay(r, stdin)
	}
	if r.Period, err = calendar.ParsePeriod(o.period); err != nil {
		return r, fmt.Errorf("--period: %w", err)
	}
	for _, s := range o.extend {
		p, err := calendar.ParsePeriod(s)
		if err != nil {
			return r, fmt.Errorf("--extend: %w", err)
		}
		r.Extensions = append(r.Extensions, p)
	}
	for _, s := range o.suspend {
		span, err := dueSpan(s, r.Location)
		if err != nil {
			return r, fmt.Errorf("--suspend %q: %w", s, err)
		}
		r.Suspensions = append(r.Suspensions, span)
	}
	r.Calendar, err = dueCalendar(o.calendar, stdin)
	return r, err
}

// start is when the period begins; a day that was set is counted from now unless something else is said.
func (o *dueOptions) start(loc *time.Location) (time.Time, error) {
	if o.from == "" {
		return time.Now().In(loc), nil
	}
	return dueTime(o.from, loc)
}

// untilDay asks for a day that was set. What lengthens or moves a period does nothing to it.
func (o *dueOptions) untilDay(r calendar.Request, stdin io.Reader) (calendar.Request, error) {
	if o.period != "" || len(o.extend)+len(o.suspend) > 0 {
		return r, errors.New("--until is a day that was set: it takes no --period, --extend or --suspend; more time is another day")
	}
	var err error
	if r.Until, err = calendar.ParseDate(o.until); err != nil {
		return r, fmt.Errorf("--until: %w", err)
	}
	r.Calendar, err = dueCalendar(o.calendar, stdin)
	return r, err
}

// dueTime reads a date, which is its first instant, or a date and time in loc, or RFC 3339.
func dueTime(s string, loc *time.Location) (time.Time, error) {
	if !strings.Contains(s, "T") {
		d, err := calendar.ParseDate(s)
		if err != nil {
			return time.Time{}, err
		}
		return d.Start(loc), nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, nil
		}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("time %.40q: write 2026-02-05, 2026-02-05T15:04 or 2026-02-05T15:04:00+08:00", s)
	}
	return t, nil
}

// dueSpan reads A/B, where B may be empty.
func dueSpan(s string, loc *time.Location) (calendar.Span, error) {
	a, b, ok := strings.Cut(s, "/")
	if !ok || strings.Contains(b, "/") {
		return calendar.Span{}, errors.New("write the beginning and the end as A/B, or A/ when it goes on")
	}
	from, err := dueTime(a, loc)
	if err != nil || b == "" {
		return calendar.Span{From: from}, err
	}
	to, err := dueTime(b, loc)
	return calendar.Span{From: from, To: to}, err
}

// dueCalendar finds a calendar by name, in a file or on standard input.
func dueCalendar(name string, stdin io.Reader) (*calendar.Calendar, error) {
	if name == "-" {
		return calendar.ParseICS(stdin, "standard input")
	}
	if c, err := calendar.ByName(name); err == nil {
		return c, nil
	}
	file, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("--calendar %q: no such file; write cn, weekend, an iCalendar file, or - for standard input", name)
	}
	if err != nil {
		return nil, fmt.Errorf("--calendar: %w", err)
	}
	defer func() { _ = file.Close() }()
	return calendar.ParseICS(file, name)
}

// printDueJSON prints one object. Target and due are null while the period is suspended.
func printDueJSON(w io.Writer, c *calendar.Calendar, d calendar.Deadline, lines []calendar.Line) error {
	answer := struct {
		Target      *calendar.Moment   `json:"target"`
		Due         *calendar.Moment   `json:"due"`
		Provisional bool               `json:"provisional"`
		Suspended   bool               `json:"suspended,omitzero"`
		Remaining   calendar.Remaining `json:"remaining,omitzero"`
		Calendar    string             `json:"calendar"`
		Version     string             `json:"calendar_version"`
		Explanation []calendar.Line    `json:"explanation"`
	}{nil, nil, d.Provisional, d.Suspended, d.Remaining, c.Name(), c.Version(), lines}
	if !d.Suspended {
		answer.Target, answer.Due = &d.Target, &d.Due
	}
	return encodeJSON(w, answer)
}

// printDue prints the answer first and then the steps that led to it.
func printDue(w io.Writer, d calendar.Deadline, lines []calendar.Line, lang string) error {
	zh := lang == "zh"
	say := func(chinese, english, value string) string {
		if zh {
			return chinese + "\t" + value + "\n"
		}
		return english + "\t" + value + "\n"
	}
	var b strings.Builder
	if d.Suspended {
		b.WriteString(say("中止，剩余", "suspended, remaining", d.Remaining.In(lang)))
	} else {
		b.WriteString(say("届满", "target", d.Target.String()) + say("截止", "due", d.Due.String()))
	}
	if d.Provisional {
		b.WriteString(say("暂定", "provisional", map[bool]string{true: "是", false: "yes"}[zh]))
	}
	b.WriteString("\n")
	for i, l := range lines {
		fmt.Fprintf(&b, "%d. %s\n", i+1, l.Text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
