package soundness_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// situation is one of the reference: what casework keeps of a matter, written out, with counts cut at three.
type situation struct {
	state, assignee string // assignee: the role by which somebody was chosen, "?" without one
	referrals       int
	clocks          map[string]clockRun
	fields          map[string]any
	taken, parties  map[string]int
	subs            map[string]int
	channel         string
}

type clockRun struct {
	open, late bool
	extensions int
}

func (s situation) clone() situation {
	s.clocks, s.fields, s.taken, s.subs = maps.Clone(s.clocks), maps.Clone(s.fields), maps.Clone(s.taken), maps.Clone(s.subs)
	return s
}

func (s situation) id() string {
	return fmt.Sprint(s.state, s.assignee, s.referrals, s.clocks, s.fields, s.taken, s.parties, s.subs, s.channel)
}

// reference walks a procedure as simply as can be, for small procedures with guards over finite things alone.
type reference struct {
	p      *procedure.Procedure
	all    map[string]situation
	moves  map[string][]refMove
	fired  map[string]bool
	faults map[string]bool // rule and what it is about
}

type refMove struct {
	to                      string
	certain, acts, assigned bool
}

func refer(p *procedure.Procedure) *reference {
	r := &reference{p, map[string]situation{}, map[string][]refMove{}, map[string]bool{}, map[string]bool{}}
	var queue []situation
	arrive := func(s situation) string {
		if _, ok := r.all[s.id()]; !ok {
			r.all[s.id()] = s
			queue = append(queue, s)
		}
		return s.id()
	}
	for _, s := range r.openings() {
		arrive(s)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		from := queue[0]
		r.expand(from, func(to situation, m refMove) {
			m.to = arrive(to)
			r.moves[from.id()] = append(r.moves[from.id()], m)
		})
	}
	r.judge()
	return r
}

func (r *reference) openings() []situation {
	first := situation{state: r.p.Open.To, clocks: map[string]clockRun{}, fields: map[string]any{}, taken: map[string]int{}, subs: map[string]int{}}
	for _, c := range r.p.ClocksStartedBy("open") {
		first.clocks[c.Name] = clockRun{open: true}
	}
	all := r.given([]situation{first}, r.p.Open.Fields, r.p.Open.To)
	var out []situation
	for _, s := range all {
		for _, channel := range r.p.Open.Channels {
			s.channel = channel
			for n := r.p.Parties[0].Min; n <= r.p.Parties[0].Max; n++ {
				s.parties = map[string]int{r.p.Parties[0].Role: n}
				out = append(out, s.clone())
			}
		}
	}
	return out
}

func (r *reference) given(all []situation, uses []procedure.FieldUse, state string) []situation {
	set := func(name string, required bool) {
		var out []situation
		for _, s := range all {
			if !required {
				out = append(out, s)
			}
			for _, v := range refValues(r.p.Field(name)) {
				s := s.clone()
				s.fields[name] = v
				out = append(out, s)
			}
		}
		all = out
	}
	for _, u := range uses {
		set(u.Name, u.Required)
	}
	for _, name := range r.p.State(state).Requires {
		var known, unknown []situation
		for _, s := range all {
			if _, ok := s.fields[name]; ok {
				known = append(known, s)
			} else {
				unknown = append(unknown, s)
			}
		}
		all = unknown
		set(name, true)
		all = append(all, known...)
	}
	return all
}

func refValues(f *procedure.Field) (out []any) {
	if f.Type == "boolean" {
		return []any{true, false}
	}
	for _, c := range f.Choices {
		out = append(out, c.Value)
	}
	return out
}

func (r *reference) expand(s situation, each func(situation, refMove)) {
	if r.p.State(s.state).End {
		return
	}
	for i := range r.p.Steps {
		r.expandStep(s, &r.p.Steps[i], each)
	}
	for i := range r.p.Clocks {
		c := &r.p.Clocks[i]
		if run := s.clocks[c.Name]; !run.open || run.late || r.p.Suspended(c, s.state) {
			continue
		}
		late := s.clone()
		late.clocks[c.Name] = clockRun{true, true, s.clocks[c.Name].extensions}
		step := r.p.Step(c.Lapse)
		if step == nil || !r.program(late, step) {
			each(late, refMove{certain: true})
			if step != nil {
				r.faults["lapse-blocked "+c.Name] = true
			}
			continue
		}
		r.fired[step.Name] = true
		for _, to := range r.after(late, step, "", true) {
			each(to, refMove{certain: true, acts: true})
		}
	}
	for i := range r.p.Subs {
		b := &r.p.Subs[i]
		if s.subs[b.Name] == 0 {
			continue
		}
		to := s.clone()
		to.subs[b.Name]--
		step := r.p.Step(b.Done)
		if to.subs[b.Name] > 0 || step == nil || !r.program(to, step) {
			each(to, refMove{certain: true, acts: true})
			if to.subs[b.Name] == 0 && step != nil {
				r.faults["done-blocked "+b.Name] = true
			}
			continue
		}
		r.fired[step.Name] = true
		for _, to := range r.after(to, step, "", true) {
			each(to, refMove{certain: true, acts: true})
		}
	}
}

func (r *reference) program(s situation, step *procedure.Step) bool {
	asks := step.Note == "required" || step.Assign == "choose" || step.Refer == "choose" ||
		slices.ContainsFunc(step.Fields, func(u procedure.FieldUse) bool { return u.Required })
	if step.To != "" {
		for _, name := range r.p.State(step.To).Requires {
			_, known := s.fields[name]
			asks = asks || !known
		}
	}
	return slices.Contains(step.From, s.state) && !asks && r.hindered(s, step) == ""
}

func (r *reference) ends(step *procedure.Step) bool { return step.To != "" && r.p.State(step.To).End }

func (r *reference) hindered(s situation, step *procedure.Step) string {
	if step.Guard != nil {
		late, ext := map[string]bool{}, map[string]int{}
		for name, c := range s.clocks {
			late[name], ext[name] = c.late, c.extensions
		}
		held, err := step.Guard.Holds(&procedure.Facts{Fields: s.fields, Channel: s.channel, Assigned: s.assignee != "", Referred: s.referrals > 0,
			Taken: s.taken, Parties: s.parties, Extensions: ext, Late: late, Outstanding: s.subs})
		if err != nil || !held {
			return "guard"
		}
	}
	for _, name := range step.Waits {
		if s.subs[name] > 0 {
			return "waits"
		}
	}
	if step.Extend != "" {
		if run := s.clocks[step.Extend]; !run.open {
			return "extension-without-clock"
		} else if run.extensions >= r.p.Clock(step.Extend).Extension.Max {
			return "spent"
		}
	}
	if step.Refer == "back" && s.referrals == 0 {
		return "back-without-referral"
	}
	if step.Opens != nil && s.subs[step.Opens.Sub] == r.p.Sub(step.Opens.Sub).Max {
		return "full"
	}
	if r.ends(step) {
		for i := range r.p.Subs {
			if b := &r.p.Subs[i]; s.subs[b.Name] > 0 || step.Opens != nil {
				return "open-after-end"
			}
		}
	}
	return ""
}

// expandStep takes the step as each of those who may.
func (r *reference) expandStep(s situation, step *procedure.Step, each func(situation, refMove)) {
	if !slices.Contains(step.From, s.state) {
		return
	}
	only := true
	for _, w := range step.By {
		if e, _ := r.exists(s, w); e == 2 && w.Relation != "assigned" {
			only = false
		}
	}
	for _, w := range step.By {
		e, label := r.exists(s, w)
		if step.Told && w.Relation == "system" {
			e = 1
		}
		if e == 0 {
			continue
		}
		why := r.hindered(s, step)
		if why != "" {
			if strings.Contains(why, "-") {
				r.faults[why+" "+step.Name] = true
			}
			continue
		}
		r.fired[step.Name] = true
		onlyExtends := step.Extend != "" && step.To == "" && step.Assign == "" && step.Refer == "" && step.Opens == nil && len(step.Tells) == 0 &&
			len(step.Fields) == 0 && len(r.p.ClocksStartedBy(step.Name)) == 0 && len(r.p.ClocksStoppedBy(step.Name)) == 0
		for _, to := range r.after(s, step, label, false) {
			each(to, refMove{certain: e == 2, acts: !onlyExtends, assigned: only})
		}
	}
}

// exists: 2 must be there, 1 may be.
func (r *reference) exists(s situation, w procedure.Who) (int, string) {
	switch {
	case strings.HasPrefix(w.Relation, "party"):
		return min(s.parties[r.p.Parties[0].Role], 1) * 2, "?"
	case w.Relation == "system":
		return 0, ""
	case w.Relation != "assigned":
		return 2, w.Role
	case s.assignee == "":
		return 0, ""
	case w.Role == "":
		return 2, s.assignee
	case w.Role == s.assignee:
		return 2, w.Role
	}
	return 1, w.Role
}

func (r *reference) after(s situation, step *procedure.Step, label string, program bool) []situation {
	s = s.clone()
	from := s.state
	if step.To != "" {
		s.state = step.To
	}
	end := r.p.State(s.state).End
	for i := range r.p.Clocks {
		c := &r.p.Clocks[i]
		run, owner := s.clocks[c.Name], c.Responsible == "owner"
		switch {
		case slices.Contains(c.Starts, step.Name) && !(end && owner):
			run = clockRun{open: true}
		case run.open && (slices.Contains(c.Stops, step.Name) || slices.Contains(c.Starts, step.Name) || end && owner):
			run.open = false
		case run.open:
			if step.Extend == c.Name {
				run.extensions, run.late = run.extensions+1, false
			}
			if r.p.Suspended(c, from) && !r.p.Suspended(c, s.state) {
				run.late = false
			}
		}
		s.clocks[c.Name] = run
	}
	if step.Name == "t0" { // the only one that guards ask for
		s.taken[step.Name] = min(s.taken[step.Name]+1, 3)
	}
	all := []situation{s}
	for _, tell := range step.Tells { // all of them may end, some or none
		if there := r.p.Step(tell.Step); there != nil && there.Told && r.ends(there) {
			for n := range s.subs[tell.Sub] {
				fewer := s.clone()
				fewer.subs[tell.Sub] = n
				all = append(all, fewer)
			}
		}
	}
	if step.Opens != nil {
		for i := range all {
			all[i].subs[step.Opens.Sub]++
		}
	}
	if !program {
		all = r.given(all, step.Fields, s.state)
	}
	var out []situation
	for _, s := range all {
		left := []int{s.referrals}
		switch step.Refer {
		case "choose":
			s.assignee, left = "", []int{min(s.referrals+1, 3)}
		case "back":
			s.assignee, left = "", []int{s.referrals - 1}
			if s.referrals == 3 {
				left = []int{2, 3}
			}
		}
		switch step.Assign {
		case "none":
			s.assignee = ""
		case "choose":
			s.assignee = step.AssignRole
		case "actor":
			s.assignee = label
		}
		for _, n := range left {
			s.referrals = n
			out = append(out, s.clone())
		}
	}
	return out
}

// judge draws the conclusions that package soundness draws, by their definition.
func (r *reference) judge() {
	nobody := map[string]bool{}
	for id, s := range r.all {
		state := r.p.State(s.state)
		if state.End {
			continue
		}
		r.judgeClocks(s)
		steps := slices.ContainsFunc(r.p.Steps, func(x procedure.Step) bool { return slices.Contains(x.From, s.state) })
		if steps && !slices.ContainsFunc(r.moves[id], func(m refMove) bool { return m.certain && m.acts }) {
			nobody[id] = true
			r.faults["nobody-can-act "+s.state] = true
		}
	}
	out := r.reaches(func(id string) bool { return r.p.State(r.all[id].state).End })
	stuck := r.reaches(func(id string) bool { return nobody[id] })
	for id, s := range r.all {
		if !out[id] && !stuck[id] {
			r.faults["no-way-to-an-end "+s.state] = true
		}
	}
}

func (r *reference) judgeClocks(s situation) {
	open, running := false, false
	for i := range r.p.Clocks {
		c := &r.p.Clocks[i]
		run := s.clocks[c.Name]
		if !run.open || c.Responsible == "party" && (c.Lapse == "" || run.late) {
			continue
		}
		open = true
		running = running || !r.p.Suspended(c, s.state)
	}
	if !open {
		r.faults["state-without-clock "+s.state] = true
	} else if !running {
		r.faults["only-suspended "+s.state] = true
	}
}

// reaches finds the situations from which one of those can be reached by certain moves, by going on until nothing
// changes.
func (r *reference) reaches(goal func(string) bool) map[string]bool {
	reached := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for id := range r.all {
			if !reached[id] && (goal(id) || slices.ContainsFunc(r.moves[id], func(m refMove) bool { return m.certain && reached[m.to] })) {
				reached[id], changed = true, true
			}
		}
	}
	return reached
}
