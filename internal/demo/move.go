package demo

import (
	"math"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// life is one matter as it goes through the simulation. Only the runner and the verb it waits for touch
// it.
type life struct {
	arrival
	procedure *procedure.Procedure
	story     story
	matter    *casework.Matter // nil before it is lodged
	taken     map[string]int   // steps so far, by name
	steps     int
}

// record notes what an entry did.
func (l *life) record(a *casework.Act) {
	if a.Kind == casework.Stepped {
		l.taken[a.Step]++
		l.steps++
	}
}

// move is what happens next in a matter: a step by somebody, or the running out of a clock when the step is
// not named.
type move struct {
	at    time.Time
	actor office.Actor
	cmd   casework.StepCommand
}

// mover decides what happens next.
type mover struct {
	seed    int64
	service *casework.Service
	cast    *cast
	hours   hours
}

// option is a step that somebody may take now.
type option struct {
	step  *procedure.Step
	actor office.Actor
}

// next is the move after the matter's newest entry, and false when nothing happens any more by itself. It
// depends on the seed, the matter's index, its version and its history, and on nothing else.
func (v *mover) next(l *life) (move, bool) {
	m := l.matter
	if m.Ended != "" {
		return move{}, false
	}
	d := newDice(v.seed, diceMove, l.i, m.Version)
	changed, err := time.Parse(casework.TimeFormat, m.Changed)
	if err != nil {
		return move{}, false
	}
	moment := func(ms int64) time.Time {
		if ms == casework.NoDue {
			return time.Time{}
		}
		return time.UnixMilli(ms)
	}
	late := time.Duration(d.between(1, 30) * float64(time.Second)) // the system is not at once at it
	wake := moment(v.service.Rules(m.Procedure).Wake(m))
	o, ok := v.choose(d, l)
	if ok {
		at := v.when(d, l, o, changed, moment(m.NextLapse(v.hours.place)))
		if wake.IsZero() || at.Before(wake) {
			return move{at, o.actor, v.command(d, l, o, at)}, true
		}
	}
	if wake.IsZero() {
		return move{}, false
	}
	at := wake.Add(late).Truncate(time.Millisecond)
	if !at.After(changed) {
		at = changed.Add(time.Second)
	}
	return move{at: at, actor: office.Actor{System: true}}, true
}

// when draws the time of a step: a part of the time that is left, by the nature of those concerned.
func (v *mover) when(d dice, l *life, o option, changed, out time.Time) time.Time {
	delay := days(math.Exp(1.4 + 0.7*d.NormFloat64()))
	if out.After(changed) {
		pace := d.pace(l.i, v.seed)
		if l.limit != unlimited {
			pace = d.between(0.02, 0.12) // few days are left for it
		}
		delay = time.Duration(pace * float64(out.Sub(changed)))
	}
	t := changed.Add(max(delay, minutes(d.between(6, 40))))
	if o.actor.Account != nil {
		t = v.hours.office(t, d)
	} else {
		t = v.hours.waking(t, d)
	}
	return t.Truncate(time.Millisecond)
}

// choose draws one of the lawful steps and somebody who may take it; false when nobody does anything.
func (v *mover) choose(d dice, l *life) (option, bool) {
	if l.steps >= l.limit {
		return option{}, false
	}
	able := map[string][]office.Actor{}
	for _, a := range v.actors(d, l) {
		for _, st := range v.service.LawfulSteps(a, l.matter) {
			able[st.Name] = append(able[st.Name], a)
		}
	}
	var options []weighted[*procedure.Step]
	sum := 0.0
	for i := range l.procedure.Steps {
		st := &l.procedure.Steps[i]
		if len(able[st.Name]) == 0 || !v.feasible(l, st) {
			continue
		}
		if share := v.share(l, st, able); share > 0 {
			options = append(options, weighted[*procedure.Step]{st, share})
			sum += share
		}
	}
	if v.systemGoesOn(l) {
		options = append(options, weighted[*procedure.Step]{nil, sum * patience(l.procedure.ID)})
	}
	st, ok := draw(d, options)
	if !ok || st == nil {
		return option{}, false
	}
	return option{st, pick(d, able[st.Name])}, true
}

// systemGoesOn reports whether the system takes a step by itself when a running clock runs out.
func (v *mover) systemGoesOn(l *life) bool {
	return slices.ContainsFunc(l.matter.Clocks, func(c casework.Clock) bool {
		rule := l.procedure.Clock(c.Name)
		return c.Status == casework.Running && c.Lapsed == "" && rule != nil && rule.Lapse != ""
	})
}

// share is how likely a lawful step is, by habit, by what was done before and by what is due first.
func (v *mover) share(l *life, st *procedure.Step, able map[string][]office.Actor) float64 {
	if st.Continues != nil {
		return 0 // what the other procedure asks for is not invented
	}
	h := habitOf(l.procedure, st)
	share := h.share * math.Pow(h.again, float64(l.taken[st.Name]))
	if h.after != "" && l.taken[h.after] == 0 && len(able[h.after]) > 0 {
		share /= 10
	}
	assigns := st.Assign == "actor" || st.Assign == "choose"
	if assigns && l.matter.Assignee != "" {
		share /= 50
	}
	u, _ := v.cast.tree.Unit(l.matter.Unit)
	if st.Refer == "choose" && !h.up && u.Kind != kindHotline && u.Kind != kindPetition {
		share /= 10 // most offices do their own work; these two pass it on
	}
	switch {
	case l.limit == unlimited:
	case st.Terminal || st.Refer != "" || st.Adverse:
		return 0 // it shall stay on the desk
	case assigns:
		share *= 8
	}
	return share
}

// actors are all who might act: whom it is assigned to, the parties who follow it, and for each role one of
// those who hold it.
func (v *mover) actors(d dice, l *life) []office.Actor {
	m := l.matter
	var all []office.Actor
	assignee := v.cast.all[m.Assignee]
	if assignee != nil {
		all = append(all, office.Actor{Account: assignee})
	}
	for _, role := range office.Roles() {
		held := v.cast.holders(role, m.Unit)
		if len(held) == 0 || slices.Contains(held, assignee) {
			continue
		}
		all = append(all, office.Actor{Account: held[(l.i+d.IntN(2)*m.Version)%len(held)]})
	}
	seen := map[string]bool{}
	for _, r := range m.Roles {
		if role := l.procedure.PartyRole(r.Role); role != nil && role.Sees && !seen[r.Role] {
			seen[r.Role] = true
			all = append(all, office.Actor{Party: &office.PartyRef{Matter: m.Number, Role: r.Role}})
		}
	}
	return all
}

// command fills in the form of a feasible step.
func (v *mover) command(d dice, l *life, o option, at time.Time) casework.StepCommand {
	w := writer{dice: d, now: at.In(v.hours.place), procedure: l.procedure, story: l.story}
	cmd := casework.StepCommand{Step: o.step.Name, Fields: w.fields(l.procedure.Asks(o.step, l.matter.State, l.matter.Knows)), Note: w.note(o.step), Version: l.matter.Version}
	unit := l.matter.Unit
	if o.step.Refer == "choose" {
		unit, _ = draw(d, v.destinations(l, o.step))
		cmd.Unit = unit
	}
	if o.step.Assign == "choose" {
		held := v.cast.holders(o.step.AssignRole, unit)
		cmd.Assignee = held[l.i%len(held)].Login
	}
	return cmd
}

// feasible reports whether there is an office and somebody to name for the step.
func (v *mover) feasible(l *life, st *procedure.Step) bool {
	if st.Refer == "choose" && len(v.destinations(l, st)) == 0 {
		return false
	}
	if st.Assign != "choose" {
		return true
	}
	if st.Refer != "" {
		return false // who is at the other office is for that office to say
	}
	return len(v.cast.holders(st.AssignRole, l.matter.Unit)) > 0
}

// destinations are the offices a matter may be referred to, with how likely each is: of the right kind,
// staffed, in the same city, and above all the one whose business it is; or, by habit, the petition office one
// level up.
func (v *mover) destinations(l *life, st *procedure.Step) []weighted[string] {
	kinds := st.ReferKinds
	if len(kinds) == 0 {
		kinds = l.procedure.Open.Units
	}
	tree, from, up := v.cast.tree, l.matter.Unit, habitOf(l.procedure, st).up
	path := tree.Path(from)
	within := path[min(1, len(path)-1)]
	if up && len(path) > 2 {
		within = path[len(path)-3] // from an office to its place to the place above
	}
	var options []weighted[string]
	for _, code := range tree.Below(within) {
		u, _ := tree.Unit(code)
		if code == from || code == l.matter.BarredFrom(st) || !slices.Contains(kinds, u.Kind) || !v.cast.staffed(code) {
			continue
		}
		share := 1.0
		switch {
		case up && (u.Parent != within || u.Kind != kindPetition):
			continue
		case l.story.topic != nil && l.story.topic.agency != "" && strings.HasSuffix(code, "-"+l.story.topic.agency):
			share = 30
		case u.Kind == kindPetition:
			share = 4
		}
		options = append(options, weighted[string]{code, share})
	}
	return options
}
