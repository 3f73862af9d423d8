package door

import (
	"cmp"
	"context"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/casework/meeting"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Doors are the doors of all meetings of an installation. They may be used by several at once.
type Doors struct {
	service *casework.Service
	codes   Codes
	recent  recent
}

// New makes the doors of the meetings that a service has.
func New(s *casework.Service) *Doors {
	return &Doors{service: s, codes: NewCodes(s.Subkey("codes at the door of a meeting"))}
}

// Venue is one venue of a meeting, with the offices that may come to it.
type Venue struct {
	Place
	Meeting  *meeting.Meeting
	Site     meeting.Site
	Expected []*meeting.Invitation // that sit here
	Others   []*meeting.Invitation // that are invited and have declined or not answered, and may come here all the same
	Trouble  Trouble               // why nobody can sign in now
}

// Trouble says why nobody can sign in; "" when one can.
type Trouble string

// Why somebody cannot sign in: what Fault says, and this.
const (
	NotCalled Trouble = "planned"   // no invitation is out
	CalledOff Trouble = "off"       // the meeting was cancelled
	Over      Trouble = "over"      // its minutes are written, or its day has passed
	NotYet    Trouble = "not-yet"   // it is held on a later day
	Elsewhere Trouble = "elsewhere" // there is no venue of that office any more
	Slow      Trouble = "slow"      // the form was open for too long
	Foreign   Trouble = Trouble(Unknown)
	Outdated  Trouble = Trouble(Stale)
)

// Scan is the venue that a code leads to. The trouble says what is the matter with the code or the meeting; the venue is
// nil when the code leads nowhere.
func (d *Doors) Scan(ctx context.Context, num, code string) (*Venue, Trouble, error) {
	canonical, err := number.Parse(num)
	if err != nil {
		return nil, Foreign, nil
	}
	p, ok := d.codes.place(canonical, code)
	if !ok {
		return nil, Foreign, nil
	}
	v, err := d.venue(ctx, p)
	if err != nil || v.Trouble != "" {
		return v, v.trouble(), err
	}
	if _, fault := d.codes.Read(canonical, code, d.service.Now(), v.today(d.service)); fault != None {
		return v, Outdated, nil // printed for another day than the meeting has now, or shown too long ago
	}
	return v, "", nil
}

func (v *Venue) trouble() Trouble {
	if v == nil {
		return ""
	}
	return v.Trouble
}

func (v *Venue) today(s *casework.Service) string { return meeting.Today(s, v.Meeting.File.Rules) }

// Day is the civil day of the meeting, 2006-01-02.
func (v *Venue) Day() string {
	day, _ := v.Meeting.File.Matter.Fields["held_on"].(string)
	return day
}

// Screen is the code to show now, Paper the one to print, Pass what lets somebody fill in the form who has scanned one.
func (d *Doors) Screen(v *Venue) string { return d.codes.Screen(v.Place, d.service.Now()) }
func (d *Doors) Paper(v *Venue) string  { return d.codes.Paper(v.Place, v.Day()) }
func (d *Doors) Pass(v *Venue) string   { return d.codes.Pass(v.Place, d.service.Now()) }

func system() office.Actor { return office.Actor{System: true} }

// Kept is the venue at whose door the actor may sit. The number is that of the meeting, which those have who called it; or
// that of an invitation, which the office has that set up a venue of its own. Of a meeting the main venue is meant unless
// site names the office of another.
func (d *Doors) Kept(ctx context.Context, a office.Actor, num, site string) (*Venue, error) {
	content := a.ReadScope(d.service.Tree()).Content()
	m, err := meeting.Of(ctx, d.service, a, num)
	if err == nil {
		site = cmp.Or(site, m.File.Matter.Unit)
	} else if m, site, err = d.ofInvitation(ctx, a, num, err); err != nil {
		return nil, err
	}
	v := d.venueOf(m, site)
	if !content.Covers(site, "") || v.Trouble == Elsewhere {
		return nil, &casework.Error{Kind: casework.NotFound, Code: "no-such-venue", Text: procedure.Text{
			"zh": "这个单位没有设会场，或者您不能替它办理签到。设分会场的单位先在会议通知里回复。",
			"en": "This office has no venue, or you do not act for it. An office that sets up a venue says so first in its answer to the invitation."}}
	}
	return v, nil
}

// ofInvitation is the meeting of an invitation, and the office that is invited; for anything else the error stays.
func (d *Doors) ofInvitation(ctx context.Context, a office.Actor, num string, before error) (*meeting.Meeting, string, error) {
	if casework.AsError(before).Code != "no-such-meeting" {
		return nil, "", before
	}
	f, err := d.service.Read(ctx, a, num)
	if err != nil || f.Procedure.ID != meeting.Invited || f.Matter.Parent == nil {
		return nil, "", cmp.Or(err, before)
	}
	stored, err := d.service.Store.Matter(ctx, f.Matter.Number) // of the whole its reader may not see the number
	if err != nil {
		return nil, "", err
	}
	m, err := meeting.Of(ctx, d.service, system(), stored.Parent.Matter)
	return m, f.Matter.Unit, err
}

// venue is that of a code, as it was a moment ago.
func (d *Doors) venue(ctx context.Context, p Place) (*Venue, error) {
	m, err := d.recent.meeting(ctx, d.service, p.Meeting)
	if err != nil {
		return nil, err
	}
	return d.venueOf(m, p.Site), nil
}

// venueOf finds the venue of an office, and who may come to it.
func (d *Doors) venueOf(m *meeting.Meeting, site string) *Venue {
	v := &Venue{Place: Place{Meeting: m.File.Matter.Number, Site: site}, Meeting: m}
	at := slices.IndexFunc(m.Sites, func(s meeting.Site) bool { return s.Unit == site })
	if v.Trouble = d.troubleOf(m); at < 0 {
		v.Trouble = cmp.Or(v.Trouble, Elsewhere)
		return v
	}
	v.Site = m.Sites[at]
	for _, inv := range m.Invitations {
		switch {
		case inv.Answer == meeting.Coming && inv.Site == at:
			v.Expected = append(v.Expected, inv)
		case inv.Answer != meeting.Coming && (v.Site.Main || d.service.Tree().Within(inv.Unit, site)):
			v.Others = append(v.Others, inv)
		}
	}
	return v
}

// troubleOf says what about the meeting keeps people from signing in now.
func (d *Doors) troubleOf(m *meeting.Meeting) Trouble {
	day, _ := m.File.Matter.Fields["held_on"].(string)
	switch m.File.Matter.State {
	case "planned":
		return NotCalled
	case "cancelled":
		return CalledOff
	case "called", "held":
		switch today := meeting.Today(d.service, m.File.Rules); {
		case day > today:
			return NotYet
		case day == today:
			return ""
		}
	}
	return Over
}
