package feed

import (
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
)

// Status is how sure a meeting is, as RFC 5545, 3.8.1.11 writes it.
type Status string

// The statuses of an event.
const (
	Tentative Status = "TENTATIVE" // not called yet, or not answered
	Confirmed Status = "CONFIRMED"
	Cancelled Status = "CANCELLED"
)

// Event is one meeting.
type Event struct {
	UID      string
	Title    string
	Start    time.Time // an instant; of an event for the whole day only its date counts
	End      time.Time // zero: nobody said
	WholeDay bool      // the hour is not known
	Place    string
	About    string // lines
	URL      string
	Category string
	Status   Status
	Free     bool // it takes nobody's time: cancelled, or the office does not come
	Sequence int  // grows with every change
	Changed  time.Time
}

// Calendar is the events of one reader. What it says depends on nothing else, so that it is the same until one changes.
type Calendar struct {
	Name   string
	Events []Event
}

// MediaType is that of what Bytes writes.
const MediaType = "text/calendar; charset=utf-8"

// reread is how often a client is asked to look again.
const reread = "PT1H"

// Bytes writes the calendar: lines of 75 octets at most that end in CRLF, and no character cut in two.
func (c Calendar) Bytes() []byte {
	out := ics.NewCalendar()
	out.SetProductId("-//Luoshi//Meetings//EN")
	out.SetCalscale("GREGORIAN")
	out.SetName(line(c.Name))      // and X-WR-CALNAME, for clients older than RFC 7986
	out.SetRefreshInterval(reread) // it writes VALUE=DURATION by itself
	out.SetXPublishedTTL(reread)
	for _, e := range c.Events {
		out.AddVEvent(e.component())
	}
	return []byte(out.Serialize(ics.WithNewLine("\r\n")))
}

func (e Event) component() *ics.VEvent {
	v := ics.NewEvent(e.UID)
	v.SetDtStampTime(e.Changed) // without METHOD it says when the event was last revised
	v.SetModifiedAt(e.Changed)
	v.SetSequence(e.Sequence)
	if e.WholeDay {
		v.SetAllDayStartAt(e.Start)
	} else {
		v.SetStartAt(e.Start)
		if e.End.After(e.Start) {
			v.SetEndAt(e.End)
		}
	}
	v.SetSummary(line(e.Title))
	say := func(property ics.ComponentProperty, text string) {
		if text != "" {
			v.SetProperty(property, text)
		}
	}
	say(ics.ComponentPropertyLocation, line(e.Place))
	say(ics.ComponentPropertyDescription, lines(e.About))
	say(ics.ComponentPropertyUrl, e.URL)
	say(ics.ComponentPropertyCategories, line(e.Category))
	v.SetStatus(ics.ObjectStatus(e.Status))
	v.SetTimeTransparency(ics.TransparencyOpaque)
	if e.Free {
		v.SetTimeTransparency(ics.TransparencyTransparent)
	} else {
		e.remind(v)
	}
	return v
}

// remind adds an alarm a day before and one an hour before; of a whole day one in the morning of the day before.
func (e Event) remind(v *ics.VEvent) {
	before := []string{"-P1D", "-PT1H"}
	if e.WholeDay {
		before = []string{"-PT15H"}
	}
	for _, trigger := range before {
		a := v.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(trigger)
		a.SetProperty(ics.ComponentPropertyDescription, line(e.Title))
	}
}

// line is a text of one line, without characters that a calendar cannot hold.
func line(text string) string {
	return strings.Join(strings.Fields(lines(text)), " ")
}

// lines leaves line ends and takes out what else is a control character.
func lines(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), ""))
}
