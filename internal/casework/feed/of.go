package feed

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/meeting"
	"luoshi/internal/office"
)

// How far a feed reaches, in days.
const (
	daysBack  = 60
	daysAhead = 400
)

// Reader is for whom a calendar is made: what the actor may read, said in a language, with addresses that begin with Base,
// such as https://luoshi.example.
type Reader struct {
	Service *casework.Service
	Actor   office.Actor
	Lang    string
	Base    string
}

// All are the meetings that the offices of the actor's grants have called or are invited to, from 60 days back to 400 days
// ahead. It reads the lists of the offices and no matter by itself.
func (r Reader) All(ctx context.Context) (Calendar, error) {
	today := r.Service.Now().In(r.Service.Location())
	entries, err := meeting.List(ctx, r.Service, r.Actor, today.AddDate(0, 0, -daysBack).Format(time.DateOnly), today.AddDate(0, 0, daysAhead).Format(time.DateOnly))
	if err != nil {
		return Calendar{}, err
	}
	return r.calendar(single(entries)), nil
}

// One is the meeting of a number alone: that of the meeting, or of an invitation. It is recorded as a reading of it.
func (r Reader) One(ctx context.Context, number string) (Calendar, error) {
	if _, err := r.Service.Read(ctx, r.Actor, number); err != nil {
		return Calendar{}, err
	}
	e, err := meeting.EntryOf(ctx, r.Service, r.Actor, number)
	if err != nil {
		return Calendar{}, err
	}
	return r.calendar([]meeting.Entry{e}), nil
}

func (r Reader) calendar(entries []meeting.Entry) Calendar {
	out := Calendar{Name: r.say(words().name)}
	for _, e := range entries {
		if event, ok := r.event(e); ok {
			out.Events = append(out.Events, event)
		}
	}
	return out
}

// single leaves one entry of a meeting to which several offices of the reader go: that of the office which calls it, else
// of one that comes, else of one that has not answered.
func single(entries []meeting.Entry) []meeting.Entry {
	rank := func(e meeting.Entry) int {
		switch {
		case !e.Invited:
			return 0
		case e.Answer == meeting.Coming:
			return 1
		case e.Answer == meeting.NotAnswered:
			return 2
		}
		return 3
	}
	best := map[string]meeting.Entry{}
	for _, e := range entries {
		if have, ok := best[whole(e)]; !ok || rank(e) < rank(have) {
			best[whole(e)] = e
		}
	}
	return slices.DeleteFunc(entries, func(e meeting.Entry) bool { return best[whole(e)].Number != e.Number })
}

// whole is the number of the meeting that an entry is about. It is compared and not shown.
func whole(e meeting.Entry) string {
	if e.Invited && e.Matter.Parent != nil {
		return e.Matter.Parent.Matter
	}
	return e.Number
}

// event is a meeting in the calendar; ok is false while no day is set.
func (r Reader) event(e meeting.Entry) (event Event, ok bool) {
	changed, _ := time.Parse(casework.TimeFormat, e.Matter.Changed)
	event = Event{UID: e.Number + "@" + r.Service.Origin, Title: e.Title, Place: r.place(e), About: r.about(e), URL: r.address(e),
		Category: r.say(words().category), Status: status(e), Sequence: e.Matter.Version - 1, Changed: changed}
	event.Free = e.Off || e.Answer == meeting.Declined
	switch {
	case e.Off:
		event.Title = r.say(words().offTitle, e.Title)
	case e.Answer == meeting.Declined:
		event.Title = r.say(words().declinedTitle, e.Title)
	}
	return event, event.times(e)
}

// times sets when the meeting is, by the clock of the offices; false while no day is set.
func (event *Event) times(e meeting.Entry) bool {
	day, err := time.ParseInLocation(time.DateOnly, e.Day, e.Rules.Location)
	if err != nil {
		return false
	}
	event.Start, event.WholeDay = day, true
	if begins, ok := at(day, e.Begins); ok {
		event.Start, event.WholeDay = begins, false
		if event.End, ok = at(day, e.Ends); ok && event.End.Before(begins) {
			event.End, _ = at(day.AddDate(0, 0, 1), e.Ends) // it goes on past midnight
		}
	}
	return true
}

// at is an hour of a day, "15:04".
func at(day time.Time, hour string) (time.Time, bool) {
	t, err := time.Parse("15:04", hour)
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), 0, 0, day.Location()), true
}

func status(e meeting.Entry) Status {
	switch {
	case e.Off:
		return Cancelled
	case e.Over, e.Answer != meeting.NotAnswered, !e.Invited && e.State != "planned":
		return Confirmed
	}
	return Tentative
}

// place is where the office sits: at a venue of its own, at that of an office above, which only the page may name, or else
// at the main venue.
func (r Reader) place(e meeting.Entry) string {
	seat, _ := e.Matter.Fields["seat"].(string)
	if e.Answer != meeting.Coming {
		seat = ""
	}
	switch own, _ := e.Matter.Fields["branch_place"].(string); seat {
	case meeting.SeatOwn:
		return cmp.Or(own, r.unit(e.Unit))
	case meeting.SeatAbove:
		return r.say(words().above)
	}
	return e.Place
}

// about is what stands below the title: how it stands, when by the clock of the offices, who called it, what it is about,
// and where one answers.
func (r Reader) about(e meeting.Entry) string {
	w := words()
	var out []string
	add := func(text texts, args ...any) { out = append(out, r.say(text, args...)) }
	switch {
	case e.Off:
		add(w.off)
	case e.Answer == meeting.Declined:
		add(w.declined)
	case e.Invited && !e.Over && e.Answer == meeting.NotAnswered && e.ReplyBy != "":
		add(w.answerBy, e.ReplyBy)
	}
	hours := e.Day
	if e.Begins != "" {
		hours += " " + strings.TrimSuffix(e.Begins+"–"+e.Ends, "–")
	}
	add(w.when, hours, e.Rules.Location)
	add(w.caller, r.unit(e.Caller))
	for _, line := range []struct {
		field string
		text  texts
	}{{"attends", w.attends}, {"contact", w.contact}, {"agenda", w.agenda}} {
		if said, _ := e.Known[line.field].(string); said != "" {
			add(line.text, strings.TrimSpace(said))
		}
	}
	add(w.page, r.address(e))
	return strings.Join(out, "\n")
}

func (r Reader) address(e meeting.Entry) string { return r.Base + "/desk/meetings/" + e.Number }

func (r Reader) unit(code string) string {
	if u, ok := r.Service.Tree().Unit(code); ok {
		return u.Label(r.Lang)
	}
	return code
}
