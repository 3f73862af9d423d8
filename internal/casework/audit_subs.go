package casework

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"luoshi/internal/procedure"
)

// auditSubs checks what an act says of sub-matters. m is the matter before the act.
func auditSubs(m *Matter, act *Act, st *procedure.Step, rules *Rules, fault func(kind, text string)) {
	left := m.Outstanding()
	if act.Ended != nil {
		ended := m.outstanding(act.Ended)
		if ended == nil {
			fault("link", fmt.Sprintf("the sub-matter %s ends, which was not outstanding as %s", act.Ended.Matter, act.Ended.Sub))
		} else if ended.Procedure == "" {
			left[act.Ended.Sub]--
		}
	}
	if act.Kind == SubEnded && (act.Ended == nil || act.State != m.State) {
		fault("link", "the end of a sub-matter is recorded that names none, or moves the matter")
	}
	auditEndedEach(m, act, st, fault)
	var opens string
	if st != nil {
		if why := rules.Procedure.Hindered(st, left); why != nil {
			fault("step", "it was taken all the same: "+why.Error())
		}
		if st.Opens != nil {
			opens = st.Opens.Sub
		}
	}
	if st != nil && st.Opens != nil && st.Opens.Unit == procedure.OpensAtSeveral {
		auditOpensEach(act, opens, fault)
		return
	}
	if act.Opens == nil && opens != "" || act.Opens != nil && act.Opens.Sub != opens {
		fault("link", fmt.Sprintf("the step %q opens a sub-matter %q; the act names %+v", act.Step, opens, act.Opens))
	}
	for _, link := range act.OpensEach {
		if act.Kind != Lodged || act.Issuer == "" || rules.Procedure.Sub(link.Sub) == nil {
			fault("link", fmt.Sprintf("the act opens the sub-matter %s as %s, which it cannot", link.Matter, link.Sub))
		}
	}
}

// auditEndedEach checks the sub-matters that end by what a step tells them.
func auditEndedEach(m *Matter, act *Act, st *procedure.Step, fault func(kind, text string)) {
	if len(act.EndedEach) == 0 {
		return
	}
	open := map[Link]bool{}
	for i := range m.Subs {
		if p := &m.Subs[i]; p.Ended == "" && p.Procedure == "" {
			open[Link{Matter: p.Number, Sub: p.Name}] = true
		}
	}
	if act.Ended != nil {
		delete(open, *act.Ended)
	}
	for _, link := range act.EndedEach {
		if st == nil || !slices.ContainsFunc(st.Tells, func(t procedure.Tell) bool { return t.Sub == link.Sub }) {
			fault("link", fmt.Sprintf("the sub-matter %s ends with the act, which tells no %s anything", link.Matter, link.Sub))
		}
		if !open[link] {
			fault("link", fmt.Sprintf("the sub-matter %s ends with the act, which was not outstanding as %s", link.Matter, link.Sub))
		}
		delete(open, link)
	}
}

// auditOpensEach checks the sub-matters that a step opens at several units.
func auditOpensEach(act *Act, sub string, fault func(kind, text string)) {
	if act.Opens != nil || len(act.OpensEach) == 0 {
		fault("link", fmt.Sprintf("the step %q opens sub-matters %q at several units; the act names %+v and %+v", act.Step, sub, act.Opens, act.OpensEach))
	}
	for _, link := range act.OpensEach {
		if link.Sub != sub {
			fault("link", fmt.Sprintf("the step %q opens sub-matters %q; the act names %+v", act.Step, sub, link))
		}
	}
}

// links is what matters say of each other, gathered over the whole log and then compared.
type links struct {
	mu     sync.Mutex     // many matters are looked at side by side
	wholes map[string]tie // by part: what it says itself
	parts  map[string]tie // by part: what the whole says of it
}

// tie is one matter being part of another.
type tie struct {
	whole, sub, procedure string // id of the part's procedure
	ended                 bool   // the part
}

func newLinks() *links { return &links{wholes: map[string]tie{}, parts: map[string]tie{}} }

// add takes in a matter, as its entries give it.
func (l *links) add(m *Matter, by func(key string) *Rules, fault func(text string)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.Parent != nil {
		id, _, _ := strings.Cut(m.RulesAt(1), "@") // it may have gone on in another one
		l.wholes[m.Number] = tie{m.Parent.Matter, m.Parent.Sub, id, m.Ended != ""}
	}
	for _, part := range m.Subs {
		t := tie{whole: m.Number, sub: part.Name, ended: part.Ended != ""}
		if rules := by(cmp.Or(part.Procedure, m.Procedure)); rules == nil {
			fault("no published procedure " + part.Procedure)
		} else if sub := rules.Procedure.Sub(part.Name); sub != nil {
			t.procedure = sub.Procedure
		}
		if _, twice := l.parts[part.Number]; twice {
			fault("the sub-matter " + part.Number + " was opened twice")
		}
		l.parts[part.Number] = t
	}
}

// check compares both sides.
func (l *links) check(r *AuditReport) {
	fault := func(matter, text string) { r.fault(Fault{Kind: "link", Matter: matter, Text: text}) }
	for _, number := range slices.Sorted(maps.Keys(l.parts)) {
		theirs, known := l.wholes[number]
		switch ours := l.parts[number]; {
		case !known:
			fault(ours.whole, "it opened the sub-matter "+number+", which is not there or does not say that it is part of this")
		case theirs != ours:
			fault(ours.whole, fmt.Sprintf("of the sub-matter %s it says %+v, and that one says %+v", number, ours, theirs))
		}
	}
	for _, number := range slices.Sorted(maps.Keys(l.wholes)) {
		if _, known := l.parts[number]; !known {
			fault(number, "it says that it is part of "+l.wholes[number].whole+", which is not there or did not open it")
		}
	}
}
