package meeting

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// The procedures, and the sub-matter of the one that runs by the other.
const (
	Procedure  = "meeting"
	Invited    = "invitation"
	Subsidiary = "invitation" // what a meeting calls its invitations
)

// Meeting is a meeting as its reader may see it.
type Meeting struct {
	File        *casework.File
	Agenda      []Item
	Findings    []Finding     // about the agenda
	Sites       []Site        // the main venue first, then the branch venues in the order of their offices
	Invitations []*Invitation // in the order of the tree of offices; those that the reader may not see are left out
	Hidden      int           // invitations that were left out
}

// Site is a venue.
type Site struct {
	Unit    string // the office whose it is; of the main venue that which calls the meeting
	Main    bool
	Place   string // building and room
	Invited int    // offices that sit there
	Coming  int    // people who are to come
	Arrived int    // people who came
}

// Answer is what an office answered, whatever has become of the invitation since.
type Answer string

// The answers. One that was given before the meeting changed is none.
const (
	NotAnswered Answer = ""
	Coming      Answer = "coming"
	Declined    Answer = "declined"
)

// The values of the field seat.
const (
	SeatMain  = "main"
	SeatOwn   = "own"
	SeatAbove = "above"
)

// Invitation is that of one office.
type Invitation struct {
	Matter      *casework.Matter
	Rules       *casework.Rules
	Light       casework.Light // how it stands against its clocks
	Unit, State string
	Answer      Answer
	Asked       bool   // it had answered, and was asked again when the meeting changed
	Seat        string // one of the Seat constants; "" while it is not known
	BranchPlace string // of a venue of its own
	Coming      []Person
	Phone       string
	Declined    string // why nobody comes
	Arrivals    []Arrival
	Site        int // index in Meeting.Sites; -1: none yet
}

// Arrival is somebody who came. Who is recorded twice with the same name and post is there once.
type Arrival struct {
	Name, Post string
	Time       string // as an act writes a time
	By         string // ByDoor, or the login of whoever recorded it
}

// ByDoor is in place of a login: they signed in themselves, at the door.
const ByDoor = "door"

// Totals are numbers over all invitations that the reader may see.
type Totals struct {
	Offices, Coming, Declined, NotAnswered int // invitations
	People, Arrived                        int // who are to come, who came
}

// NoMeeting is the code of the error that a number is that of another matter, which the actor may read.
const NoMeeting = "no-such-meeting"

// Of reads a meeting with all its invitations. The reading is recorded with the meeting, as every reading is. The actor
// must be one who may read the meeting; a number that is no meeting's is NotFound.
func Of(ctx context.Context, s *casework.Service, a office.Actor, number string) (*Meeting, error) {
	f, err := s.Read(ctx, a, number)
	if err != nil {
		return nil, err
	}
	if f.Procedure.ID != Procedure {
		return nil, &casework.Error{Kind: casework.NotFound, Code: NoMeeting,
			Text: procedure.Text{"zh": "没有这个会议，或者您无权查看。", "en": "There is no such meeting, or it is not yours to see."}}
	}
	trees, err := s.Trees(ctx, a, []string{f.Matter.Number})
	if err != nil {
		return nil, err
	}
	m := &Meeting{File: f}
	if agenda, ok := f.Matter.Fields["agenda"].(string); ok {
		m.Agenda, m.Findings = ParseAgenda(agenda)
		m.Findings = append(m.Findings, Outside(m.Agenda, said(f.Matter, "begins"), said(f.Matter, "ends"))...)
	}
	if len(trees) == 0 { // whoever checks and may not read what is personal
		m.Hidden = len(f.Matter.Subs)
		m.Sites = []Site{{Unit: f.Matter.Unit, Main: true}}
		return m, nil
	}
	return m, m.gather(ctx, s, a, trees[0])
}

// gather reads the invitations, all at once.
func (m *Meeting) gather(ctx context.Context, s *casework.Service, a office.Actor, b *casework.Branch) error {
	var answered []*casework.Branch
	for _, part := range b.Parts {
		if len(part.Matter.Taken) > 0 {
			answered = append(answered, part)
		}
	}
	histories, err := s.Histories(ctx, a, answered)
	if err != nil {
		return err
	}
	m.Hidden = b.Hidden
	for _, part := range b.Parts {
		if part.Sub == Subsidiary {
			m.Invitations = append(m.Invitations, invitation(part, histories[part.Matter.Number]))
		}
	}
	m.seat(s.Tree())
	return nil
}

// Totals counts the invitations and those who come.
func (m *Meeting) Totals() Totals {
	t := Totals{Offices: len(m.Invitations)}
	for _, inv := range m.Invitations {
		switch {
		case inv.Answer == Coming:
			t.Coming++
		case inv.Answer == Declined:
			t.Declined++
		default:
			t.NotAnswered++
		}
		t.People += len(inv.Coming)
		t.Arrived += len(inv.Arrivals)
	}
	return t
}

// Decisions is the text in which a meeting says what was decided: its report, or else its minutes; "" for none yet.
func Decisions(m *casework.Matter) string { return cmp.Or(said(m, "report"), said(m, "minutes")) }

// ToRead is the text of which directives are made: the report as it was published, or else the minutes below a sentence
// that says what a report would, which meeting of which office was held when. caller is the name of that office.
func ToRead(m *casework.Matter, caller string) string {
	minutes := Decisions(m)
	if minutes == "" || said(m, "report") != "" {
		return minutes
	}
	held := said(m, "held_on")
	if day, err := time.Parse(time.DateOnly, held); err == nil {
		held = day.Format("2006年1月2日")
	}
	return fmt.Sprintf("%s\n%s，%s召开%s。会议议定：\n%s", m.Title, held, caller, m.Title, minutes)
}

// DraftID is the ID of the draft in which the decisions of a meeting are made into directives: each meeting has one.
func DraftID(number string) string { return "meeting-" + number }

// On reports whether the meeting is held on the civil day, 2006-01-02.
func (m *Meeting) On(day string) bool { return said(m.File.Matter, "held_on") == day }

// Today is the civil day at the place of the matter.
func Today(s *casework.Service, r *casework.Rules) string {
	return s.Now().In(r.Location).Format(time.DateOnly)
}

// said is a field that holds text, "" for none.
func said(m *casework.Matter, field string) string {
	text, _ := m.Fields[field].(string)
	return text
}
