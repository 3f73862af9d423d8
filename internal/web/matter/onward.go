package matter

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// Names on the form of what the procedure asks for in which a matter goes on: "o.f." and a field's name, "o.p." and role,
// place and part of a person.
const onwardPart = "o."

// OnwardInputs ask for what the other procedure needs in which a step goes on; nothing for another step.
func (s *Pages) OnwardInputs(v Words, f *casework.File, st *procedure.Step, prefix string, form url.Values) []*site.Input {
	w := f.Wanted(st)
	if w == nil {
		return nil
	}
	p := w.Rules.Procedure
	inputs := []*site.Input{{Kind: "heading", Label: v.T("onward.heading", v.Say(p.Title)), Hint: v.T("onward.stays")}}
	if w.Choose {
		in := &site.Input{ID: prefix + "onward-unit", Name: "onward-unit", Label: v.T("onward.unit"), Kind: "select", Required: true}
		v.chooseUnit(in, v.receiving(p.Open.Units, s.Service.Now().In(w.Rules.Location)), f.Matter.Unit, form)
		inputs = append(inputs, in)
	}
	theirs := inner(form, onwardPart)
	for _, use := range w.Fields {
		in := v.FieldInput(p, use, prefix+"o-f-", theirs)
		in.Name = onwardPart + in.Name
		inputs = append(inputs, &in)
	}
	for _, r := range w.Parties {
		for i := range v.lacking(f, st, &r) {
			inputs = append(inputs, v.onwardPerson(&r, i, prefix, form)...)
		}
	}
	return inputs
}

// lacking is how many more of a party the other procedure needs than come along.
func (v Words) lacking(f *casework.File, st *procedure.Step, r *procedure.PartyRole) int {
	n := r.Min
	for _, have := range f.Matter.Roles {
		if st.Continues.Role(have.Role) == r.Role {
			n--
		}
	}
	return n
}

func (v Words) onwardPerson(r *procedure.PartyRole, i int, prefix string, form url.Values) []*site.Input {
	ask := func(part, label, kind string) *site.Input {
		name := fmt.Sprintf("%sp.%s.%d.%s", onwardPart, r.Role, i, part)
		return &site.Input{ID: prefix + strings.ReplaceAll(name, ".", "-"), Name: name, Label: v.Say(r.Title) + " · " + label, Kind: kind,
			Value: form.Get(name), Complete: "off", Required: part == "name"}
	}
	return []*site.Input{ask("name", v.T("party.name"), "string"), ask("phone", v.T("party.phone"), "tel"), ask("address", v.T("party.address"), "string")}
}

// inner are the members of a form under a prefix, without it.
func inner(form url.Values, prefix string) url.Values {
	out := url.Values{}
	for name, values := range form {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			out[rest] = values
		}
	}
	return out
}

// onwardOf reads what OnwardInputs asked for.
func onwardOf(form url.Values) *casework.Onward {
	theirs := inner(form, onwardPart)
	o := casework.Onward{Unit: form.Get("onward-unit")}
	if fields := site.FieldsOf(theirs); len(fields) > 0 {
		o.Fields = fields
	}
	var blocks []string
	for name := range theirs {
		if block, ok := strings.CutSuffix(name, ".name"); ok && strings.HasPrefix(name, "p.") {
			blocks = append(blocks, block)
		}
	}
	slices.Sort(blocks)
	for _, block := range blocks {
		role := strings.Split(block, ".")[1]
		o.Parties = append(o.Parties, casework.Party{Role: role, Name: theirs.Get(block + ".name"), Phone: theirs.Get(block + ".phone"),
			Address: theirs.Get(block + ".address")})
	}
	if o.Unit == "" && o.Fields == nil && o.Parties == nil {
		return nil
	}
	return &o
}

// onwardAt is the input that a fault of what the other procedure needs belongs to.
func onwardAt(sf StepForm, member, prefix string) string {
	if name, ok := cutField(member); ok {
		return prefix + "o-f-" + name
	}
	if member == "parties" {
		for _, in := range sf.Inputs {
			if strings.HasPrefix(in.Name, onwardPart+"p.") && strings.HasSuffix(in.Name, ".name") && strings.TrimSpace(in.Value) == "" {
				return in.ID
			}
		}
		return "step-" + sf.Name
	}
	return prefix + "onward-" + member
}

// onwardEntry adds to an entry by which the matter went on what the other procedure asked for.
func (v Words) onwardEntry(view *EntryView, p *procedure.Procedure, c *casework.Content) {
	view.Onward = v.Say(p.Title)
	view.Content.Fields = append(view.Content.Fields, v.FieldViews(p, c.Opening)...)
	view.Content.Parties = v.partyViews(p, c.Parties)
}

// CourseView is one procedure that the matter went through: a line of its course.
type CourseView struct {
	Title    string
	From, To string // To is empty while the matter is in it
	Unit     string
	Laws     string // by which it went there; empty when no law is declared
	Path     string // of the page that says how it goes
	Here     bool
}

// Course is the way of the matter through procedures; nothing when it was in one alone.
func (v Words) Course(f *casework.File) []CourseView {
	course := f.Course()
	if len(course) < 2 {
		return nil
	}
	var views []CourseView
	for _, c := range course {
		p := c.Rules.Procedure
		view := CourseView{Title: v.Say(p.Title), From: v.Recorded(c.From, c.Rules.Location), Unit: v.Unit(c.Unit), Here: c.To == "",
			Path: HowPath(p, "")}
		if c.To != "" {
			view.To = v.Recorded(c.To, c.Rules.Location)
		} else if f.Matter.Ended != "" {
			view.To = v.Recorded(f.Matter.Ended, c.Rules.Location)
		}
		var laws []string
		for _, b := range p.Basis {
			if law := v.Marked(b.Law, p.Languages[0]); law != "" && !slices.Contains(laws, law) {
				laws = append(laws, law)
			}
		}
		view.Laws = strings.Join(laws, v.T("list"))
		views = append(views, view)
	}
	return views
}
