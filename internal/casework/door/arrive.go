package door

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/casework/meeting"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Person is who says that they came, and for which office.
type Person struct{ Unit, Name, Post string }

// Arrived is when somebody was signed in, and whether they were before.
type Arrived struct {
	Time  string // as an act writes a time
	Again bool
}

// maxArrivals is how many people of one office sign in by themselves. No office sends as many; whoever has a code must
// not fill the list.
const maxArrivals = 60

// Sign records that somebody came who has scanned the code and was given the pass. The same person is recorded once. The
// step is taken by the system: who pressed is somebody at the door.
func (d *Doors) Sign(ctx context.Context, num, code, pass string, who Person) (*Venue, Arrived, Trouble, error) {
	canonical, err := number.Parse(num)
	if err != nil {
		return nil, Arrived{}, Foreign, nil
	}
	p, ok := d.codes.place(canonical, code)
	if !ok {
		return nil, Arrived{}, Foreign, nil
	}
	v, err := d.venue(ctx, p)
	switch {
	case err != nil:
		return nil, Arrived{}, "", err
	case v.Trouble != "":
		return v, Arrived{}, v.Trouble, nil
	case !d.codes.Holds(p, pass, d.service.Now()):
		return v, Arrived{}, Slow, nil
	}
	who = who.tidy()
	done, err := d.arrive(ctx, system(), find(who.Unit, v.Expected, v.Others), who)
	return v, done, "", err
}

// Record is the same by a member of staff at the door, for any office that is invited.
func (d *Doors) Record(ctx context.Context, a office.Actor, v *Venue, who Person) (Arrived, error) {
	who = who.tidy()
	return d.arrive(ctx, a, find(who.Unit, v.Meeting.Invitations), who)
}

// MayRecord reports whether the actor may.
func (d *Doors) MayRecord(a office.Actor, v *Venue) bool {
	for _, inv := range slices.Concat(v.Expected, v.Others) {
		return slices.ContainsFunc(d.service.LawfulSteps(a, inv.Matter), func(st *procedure.Step) bool { return st.Name == stepArrive })
	}
	return false
}

// stepArrive is the step of an invitation by which somebody is recorded as arrived.
const stepArrive = "arrive"

func (d *Doors) arrive(ctx context.Context, a office.Actor, inv *meeting.Invitation, who Person) (Arrived, error) {
	if inv == nil {
		return Arrived{}, &casework.Error{Kind: casework.Invalid, Code: "invalid-input", Text: procedure.Text{
			"zh": "有些内容需要更正。", "en": "Some of what was sent needs correcting."},
			Fields: []casework.FieldError{{Field: "unit", Code: "required", Text: procedure.Text{"zh": "请选择您的单位。", "en": "Choose your office."}}}}
	}
	history, err := d.service.Store.Entries(ctx, inv.Matter.Number)
	if err != nil {
		return Arrived{}, err
	}
	came := meeting.ArrivalsIn(history)
	if i := slices.IndexFunc(came, who.is); i >= 0 {
		return Arrived{came[i].Time, true}, nil
	}
	if a.System && len(came) >= maxArrivals {
		return Arrived{}, &casework.Error{Kind: casework.TooMany, Code: "too-many-arrivals", Text: procedure.Text{
			"zh": "这个单位签到的人太多，请到签到台办理。", "en": "Too many people have signed in for this office. Please go to the desk at the door."}}
	}
	cmd := casework.StepCommand{Step: stepArrive, Fields: map[string]any{"person_name": who.Name}}
	if who.Post != "" {
		cmd.Fields["person_post"] = who.Post
	}
	if who.Name == "" {
		cmd.Fields = nil // then the procedure says that it is missing
	}
	// Two presses at the same moment are one request: the key follows from who it is. The log keeps a hash of it, from
	// which nobody without the installation's secret can tell a name.
	out, err := d.service.TakeStep(ctx, a, inv.Matter.Number, cmd, d.keyOf(inv, who))
	if err != nil {
		return Arrived{}, err
	}
	return Arrived{out.Entry.Act.Time, out.Repeated}, nil
}

func (d *Doors) keyOf(inv *meeting.Invitation, who Person) string {
	h := hmac.New(sha256.New, d.codes.key)
	fmt.Fprintf(h, "arrived\x00%s\x00%s\x00%s", inv.Matter.Number, who.Name, who.Post)
	return hex.EncodeToString(h.Sum(nil))
}

// tidy writes name and post with single spaces.
func (p Person) tidy() Person {
	p.Name, p.Post = strings.Join(strings.Fields(p.Name), " "), strings.Join(strings.Fields(p.Post), " ")
	return p
}

func (p Person) is(x meeting.Arrival) bool { return x.Name == p.Name && x.Post == p.Post }

func find(unit string, lists ...[]*meeting.Invitation) *meeting.Invitation {
	for _, list := range lists {
		for _, inv := range list {
			if unit != "" && inv.Unit == unit {
				return inv
			}
		}
	}
	return nil
}
