package story

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// clock writes a time as the people of the story read it.
func (p *player) clock(t time.Time) string { return t.In(p.s.Location).Format("2006-01-02 Mon 15:04") }

func (p *player) heading(n int, a *Act) {
	fmt.Fprintf(&p.out, "\n%d  %s  ", n, p.clock(p.w.Now()))
	who := a.By
	if person, ok := p.s.People[a.By]; ok && person.Role != "" {
		who += " (" + person.Role + ")"
	}
	switch {
	case a.Lodge != nil:
		l := p.s.Lodging(a.Lodge)
		fmt.Fprintf(&p.out, "%s brings “%s” to %s by %s\n", who, l.Title, l.Unit, l.Channel)
	case a.Step != "":
		fmt.Fprintf(&p.out, "%s: %s\n", who, a.Step)
	case a.Code != "":
		fmt.Fprintf(&p.out, "%s gives %s a query code\n", who, a.Code)
	default:
		fmt.Fprintln(&p.out, "nobody acts")
	}
}

// words writes one thing in both languages.
func (p *player) words(what, zh, en string) {
	indent := "    "
	if what != "" {
		what += " "
	}
	for _, said := range []string{"zh " + zh, "en " + en} {
		for i, line := range strings.Split(strings.TrimSpace(said), "\n") {
			if i == 0 {
				line = what + line
			} else if line != "" {
				line = "   " + line
			}
			fmt.Fprintln(&p.out, strings.TrimRight(indent+line, " "))
		}
	}
}

// tellAll tells of every matter that changed.
func (p *player) tellAll() error {
	for i := 0; i < len(p.matters); i++ { // telling of one may find another
		if err := p.tell(p.matters[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) tell(m *matter) error {
	f, err := p.w.Service().Read(p.ctx, office.Actor{System: true}, m.number)
	if err != nil {
		return err
	}
	if len(f.Entries) == m.seen {
		return nil
	}
	for _, part := range f.Matter.Subs {
		sub, err := p.w.Service().Store.Matter(p.ctx, part.Number)
		if err != nil {
			return err
		}
		p.know(sub)
	}
	if m.name != Main {
		fmt.Fprintf(&p.out, "  — %s —\n", m.name)
	}
	st := f.Procedure.State(f.Matter.State)
	tried := p.tried(f.Matter.Procedure)
	tried.States[st.Name] = true
	tried.Ended = tried.Ended || st.End
	fmt.Fprintf(&p.out, "  %s %s: %s 「%s」 “%s”", m.number, f.Matter.Procedure, st.Name, st.Title.In("zh"), st.Title.In("en"))
	fmt.Fprintf(&p.out, ", %s", f.Matter.Unit)
	if f.Matter.Assignee != "" {
		fmt.Fprintf(&p.out, ", assigned to %s", f.Matter.Assignee)
	}
	fmt.Fprintln(&p.out)
	for _, e := range f.Entries[m.seen:] {
		p.entry(f, e)
	}
	m.seen = len(f.Entries)
	if err := p.clocks(m, f); err != nil {
		return err
	}
	return p.viewers(m, f)
}

// entry is what was recorded, and what was told and issued with it.
func (p *player) entry(f *casework.File, e *casework.Entry) {
	what := string(e.Act.Kind)
	if e.Act.Step != "" {
		what += " " + e.Act.Step
	}
	for _, op := range e.Act.Clocks {
		if op.Op == "warn" || op.Op == "lapse" {
			what += ", " + op.Op + " " + op.Clock
		}
	}
	fmt.Fprintf(&p.out, "  entry %d: %s", e.Act.Seq, what)
	if len(e.Content.Fields) > 0 {
		fmt.Fprintf(&p.out, "; %s", strings.Join(slices.Sorted(maps.Keys(e.Content.Fields)), " "))
	}
	fmt.Fprintln(&p.out)
	papers := f.Papers[e.Act.Seq]
	for _, n := range papers.Notices {
		fmt.Fprintf(&p.out, "  notice %s to %s\n", n.Notice.Name, strings.Join(n.Notice.To, ", "))
		p.words("", n.Subject.In("zh")+"\n"+n.Body.In("zh"), n.Subject.In("en")+"\n"+n.Body.In("en"))
	}
	for _, d := range papers.Documents {
		fmt.Fprintf(&p.out, "  document %s\n", d.Document.Name)
		p.words("", d.Body.In("zh"), d.Body.In("en"))
	}
}

// clocks are those that run, with how their day was computed when it is new.
func (p *player) clocks(m *matter, f *casework.File) error {
	for i := range f.Matter.Clocks {
		c := &f.Matter.Clocks[i]
		key := "clock " + c.Name
		if !c.Open() {
			if m.shown[key] != "" {
				fmt.Fprintf(&p.out, "  clock %s: %s\n", c.Name, c.Status)
				m.shown[key] = ""
			}
			continue
		}
		declared := f.Procedure.Clock(c.Name)
		said := p.due(c) + map[bool]string{true: ", late"}[c.Lapsed != ""] + map[bool]string{true: ", provisional"}[c.Provisional]
		fmt.Fprintf(&p.out, "  clock %s: %s\n", c.Name, said)
		if m.shown[key] == said {
			continue
		}
		m.shown[key] = said
		if err := p.explain(f, declared, c); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) explain(f *casework.File, declared *procedure.Clock, c *casework.Clock) error {
	b := f.Rules.InForce(declared, c).Basis
	law := strings.TrimSpace(b.Law + " " + b.Article + " " + b.Status)
	if b.Law == "" {
		law = "no rule of law"
	}
	fmt.Fprintf(&p.out, "    %s, %s: %s\n", f.Rules.InForce(declared, c).PeriodText, declared.Responsible, law)
	for _, lang := range []string{"zh", "en"} {
		_, lines, err := f.Rules.Explain(declared, c, lang)
		if err != nil {
			return err
		}
		for _, l := range lines {
			fmt.Fprintf(&p.out, "      %s %s\n", lang, l.Text)
		}
	}
	return nil
}

// due is a clock's day, its day and hour, or that it stands still, as expectations write it.
func (p *player) due(c *casework.Clock) string {
	if c.Status != casework.Running {
		return c.Status
	}
	at, err := calendar.ParseMoment(c.Due, p.s.Location)
	if err == nil && at.IsInstant() {
		return at.End().In(p.s.Location).Format("2006-01-02 15:04")
	}
	return c.Due
}

// viewers are what everybody sees of the matter, where that has changed.
func (p *player) viewers(m *matter, f *casework.File) error {
	for _, who := range append(slices.Sorted(maps.Keys(p.s.People)), p.s.Watch...) {
		said, err := p.view(m, f, who)
		if err != nil {
			return err
		}
		if m.shown[who] != said {
			m.shown[who] = said
			fmt.Fprintf(&p.out, "  %s: %s", who, said)
		}
	}
	return nil
}

func (p *player) view(m *matter, all *casework.File, who string) (string, error) {
	f, err := p.read(m, who)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if f == nil {
		return p.publicView(m)
	}
	st := f.Procedure.State(f.Matter.State)
	fmt.Fprintf(&b, "%s\n    %s\n", st.Public.In("zh"), st.Public.In("en"))
	fmt.Fprintf(&b, "    sees %s\n", strings.Join(slices.Sorted(maps.Keys(f.Matter.Fields)), " "))
	var kept []string
	for name := range all.Matter.Fields {
		if _, ok := f.Matter.Fields[name]; !ok {
			kept = append(kept, name)
		}
	}
	slices.Sort(kept)
	for i, e := range all.Entries {
		if c := f.Entries[i].Content; e.Content.Note != "" && c.Note == "" || len(e.Content.Fields) > 0 && len(c.Fields) == 0 {
			kept = append(kept, fmt.Sprintf("entry %d", e.Act.Seq))
		}
	}
	if len(kept) > 0 {
		fmt.Fprintf(&b, "    does not see %s\n", strings.Join(kept, ", "))
	}
	if names := stepNames(f); len(names) > 0 {
		fmt.Fprintf(&b, "    may %s\n", strings.Join(names, ", "))
	}
	return b.String(), nil
}

func stepNames(f *casework.File) []string {
	var names []string
	for _, st := range f.Steps {
		names = append(names, st.Name)
	}
	return names
}

// read opens the matter for a person or an account; nil when they cannot.
func (p *player) read(m *matter, who string) (*casework.File, error) {
	a, err := p.actor(who, m.number)
	if err == nil {
		var f *casework.File
		if f, err = p.w.Service().Read(p.ctx, a, m.number); err == nil {
			return f, nil
		}
	}
	if casework.KindOf(err) == casework.NotFound {
		return nil, nil
	}
	return nil, err
}

// publicView is what remains to somebody who knows the number.
func (p *player) publicView(m *matter) (string, error) {
	v, err := p.w.Service().Public(p.ctx, m.number)
	if err != nil {
		var e *casework.Error
		if errors.As(err, &e) && e.Kind == casework.NotFound {
			return "cannot open it, and nothing of it is public\n", nil
		}
		return "", err
	}
	said := fmt.Sprintf("cannot open it; public are the state %s", v.State.Name)
	if v.Unit != "" {
		said += ", the office " + v.Unit
	}
	for _, c := range v.Clocks {
		said += ", the time " + c.Declared.Name
	}
	for _, name := range slices.Sorted(maps.Keys(v.Fields)) {
		said += ", " + name
	}
	return said + "\n", nil
}
