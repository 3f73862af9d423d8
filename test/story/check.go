package story

import (
	"maps"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// everything stands in Expect.Hides for the whole matter.
const everything = "all"

// check compares what a person expected of an act with what came.
func (p *player) check(n int, a *Act, refused *casework.Error) error {
	e := a.Expect
	switch {
	case e.Refused != "" && refused == nil:
		p.fault(n, "it was to be refused (%s) and was not", e.Refused)
	case e.Refused == "" && refused != nil:
		p.fault(n, "refused, which nobody expected: %v", refused)
	case refused != nil && !slices.ContainsFunc(strings.FieldsFunc(codes(refused), func(r rune) bool { return r == ',' || r == ' ' }),
		func(code string) bool { return code == e.Refused }):
		p.fault(n, "refused because of %s, expected %s", codes(refused), e.Refused)
	}
	if e.System != nil && !slices.Equal(e.System, p.system) {
		p.fault(n, "the system did %q, expected %q", p.system, e.System)
	}
	m := p.matter(a.Is())
	if m == nil {
		return nil
	}
	f, err := p.w.Service().Read(p.ctx, office.Actor{System: true}, m.number)
	if err != nil {
		return err
	}
	if e.State != "" && e.State != f.Matter.State {
		p.fault(n, "%s stands at %s, expected %s", m.name, f.Matter.State, e.State)
	}
	if e.Unit != "" && e.Unit != f.Matter.Unit {
		p.fault(n, "%s is with %s, expected %s", m.name, f.Matter.Unit, e.Unit)
	}
	p.checkClocks(n, e, f)
	return p.checkViews(n, e, m)
}

func (p *player) checkClocks(n int, e *Expect, f *casework.File) {
	for _, name := range slices.Sorted(maps.Keys(e.Due)) {
		want, got := e.Due[name], "none"
		for i := range f.Matter.Clocks {
			if c := &f.Matter.Clocks[i]; c.Name == name {
				got = p.due(c)
			}
		}
		if got == "none" && f.Procedure.Clock(name) == nil {
			p.fault(n, "%s has no clock %s", f.Matter.Procedure, name)
		}
		if got != want {
			p.fault(n, "the clock %s: %s, expected %s", name, got, want)
		}
		if want[0] >= '0' && want[0] <= '9' {
			p.tried(f.Matter.Procedure).Due[name] = true
		}
	}
	if e.Late == nil {
		return
	}
	var late []string
	for _, c := range f.Matter.Clocks {
		if c.Lapsed != "" {
			late = append(late, c.Name)
		}
	}
	slices.Sort(late)
	if want := slices.Sorted(slices.Values(e.Late)); !slices.Equal(want, late) {
		p.fault(n, "late are %q, expected %q", late, want)
	}
}

func (p *player) checkViews(n int, e *Expect, m *matter) error {
	views := map[string]*casework.File{}
	for _, by := range []map[string][]string{e.Told, e.Sees, e.Hides, e.May, e.MayNot} {
		for who := range by {
			f, err := p.read(m, who)
			if err != nil {
				return err
			}
			views[who] = f
		}
	}
	for _, who := range slices.Sorted(maps.Keys(views)) {
		f := views[who]
		if slices.Equal(e.Hides[who], []string{everything}) {
			if f != nil {
				p.fault(n, "%s can open %s", who, m.name)
			}
			continue
		}
		if f == nil {
			p.fault(n, "%s cannot open %s", who, m.name)
			continue
		}
		p.checkView(n, e, m, who, f)
	}
	return nil
}

func (p *player) checkView(n int, e *Expect, m *matter, who string, f *casework.File) {
	for _, name := range e.Sees[who] {
		if !f.Matter.Knows(name) {
			p.fault(n, "%s does not see %s", who, name)
		}
	}
	for _, name := range e.Hides[who] {
		if f.Matter.Knows(name) {
			p.fault(n, "%s sees %s", who, name)
		}
	}
	may := stepNames(f)
	for _, name := range e.May[who] {
		if !slices.Contains(may, name) {
			p.fault(n, "%s is not offered %s, only %q", who, name, may)
		}
	}
	for _, name := range e.MayNot[who] {
		if slices.Contains(may, name) {
			p.fault(n, "%s is offered %s", who, name)
		}
	}
	var told []string
	for seq, papers := range f.Papers {
		if seq > p.fresh[m.name] {
			for _, notice := range papers.Notices {
				told = append(told, notice.Notice.Name)
			}
		}
	}
	for _, name := range e.Told[who] {
		if !slices.Contains(told, name) {
			p.fault(n, "%s is not told %s", who, name)
		}
	}
}
