package matter

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// StepForm is a lawful step as a form of its own.
type StepForm struct {
	Name     string
	Title    string
	Help     string
	Action   string
	Remedy   string // the party is told this; empty when the step is not adverse
	Ends     bool   // the matter ends with it
	Inputs   []*site.Input
	Version  int
	Key      string
	Open     bool
	Problems []site.Problem
	Error    string

	// What the step will do, for staff.
	To      string   // state it leads to; "" when the matter stays where it stands
	Effects []string // on clocks
	Told    string   // who will learn of it

	Split   bool   // the form is beside a list
	List    string // its filter
	Offered bool   // texts for replies can be put in
}

// Presses reports whether a button of the form does something else than take the step, so that the Enter key must not
// press the first one.
func (sf *StepForm) Presses() bool {
	return sf.Offered || slices.ContainsFunc(sf.Inputs, func(in *site.Input) bool { return in.Find != nil })
}

// Files reports whether files may be sent with it.
func (sf *StepForm) Files() bool { return site.HasFileInput(sf.Inputs) }

// Typed is a form that was sent and not accepted: what was in it and why.
type Typed struct {
	Step string
	Form url.Values
	Err  *casework.Error
	Seen int // version of the matter the form was written against

	Inserted string // the input that was helped with, by a text or other offices; the form was not sent to be recorded
}

// ConflictView is what happened while somebody was writing, and what they wrote when the step is gone.
type ConflictView struct {
	Text    string
	Entries []EntryView
	Step    string      // title of the step, when it is no longer lawful
	Typed   []typedView // what was typed
	Again   *againView  // nil when the step is no longer lawful
	Form    string      // id of the form in which it can be changed first
}

// StepTarget is the page a step was taken from.
type StepTarget struct {
	Done  string // address to go to when it is recorded
	Again func(v Words, f *casework.File, t *Typed, status int) error
}

// TakeStep takes the step that a form asks for and shows the page again, with everything typed, when that
// was not possible.
func (s *Pages) TakeStep(w http.ResponseWriter, r *http.Request, a office.Actor, number string, sent *site.Sent, to StepTarget) error {
	form := sent.Form
	cmd := CommandOf(r.PathValue("step"), form)
	if name := LookedFor(form); name != "" {
		return s.helped(r, a, number, form, name, to)
	}
	out, err := s.takeStep(r, a, number, cmd, sent)
	if err == nil {
		return &site.Redirect{Path: fmt.Sprintf("%s%sdone=%d", to.Done, separator(to.Done), out.Entry.Act.Seq)}
	}
	e := casework.AsError(err)
	away := e.Kind == casework.Unavailable || e.Kind == casework.Unknown
	switch e.Kind {
	case casework.Invalid, casework.Conflict, casework.NotAllowed, casework.Unavailable, casework.Unknown, casework.KeyReused:
	default:
		return err
	}
	f, readErr := s.Service.Read(r.Context(), a, number)
	switch {
	case readErr != nil && away: // what became of the step is what the person has to know
		return err
	case readErr != nil:
		return readErr
	case away:
		w.Header().Set("Retry-After", site.RetryAfter)
	}
	return to.Again(s.Words(site.LanguageOf(r)), f, &Typed{Step: cmd.Step, Form: form, Err: e, Seen: cmd.Version}, site.Status(err))
}

// takeStep takes the step, unless a file that came with it was not taken.
func (s *Pages) takeStep(r *http.Request, a office.Actor, number string, cmd casework.StepCommand, sent *site.Sent) (*casework.Outcome, error) {
	if len(sent.Faults) > 0 {
		return nil, &casework.Error{Kind: casework.Invalid, Code: "invalid-input", Fields: sent.Faults}
	}
	return s.Service.TakeStep(r.Context(), a, number, cmd, sent.Form.Get("key"))
}

// helped shows the page again with the form as it was typed: with other offices to choose from, nothing is recorded.
func (s *Pages) helped(r *http.Request, a office.Actor, number string, form url.Values, name string, to StepTarget) error {
	f, err := s.Service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	cmd := CommandOf(r.PathValue("step"), form)
	t := &Typed{Step: cmd.Step, Form: form, Err: &casework.Error{Kind: casework.Invalid}, Seen: cmp.Or(cmd.Version, f.Matter.Version), Inserted: name}
	return to.Again(s.Words(site.LanguageOf(r)), f, t, http.StatusOK)
}

// separator is what stands before the next member of an address.
func separator(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}

// CommandOf reads the form of a step.
func CommandOf(step string, form url.Values) casework.StepCommand {
	version, _ := strconv.Atoi(form.Get("version"))
	return casework.StepCommand{Step: step, Fields: site.FieldsOf(form), Note: site.Lines(form.Get("note")), Unit: form.Get("unit"),
		Assignee: form.Get("assignee"), Sub: openingOf(form), Onward: onwardOf(form), Version: version}
}

// StepForms makes a form for every lawful step, filled with what was typed before.
func (s *Pages) StepForms(v Words, f *casework.File, action string, t *Typed) []StepForm {
	var forms []StepForm
	for _, st := range f.Steps {
		if t != nil && t.Step == st.Name {
			forms = append(forms, s.StepAgain(v, f, st, action, t))
			continue
		}
		forms = append(forms, s.StepForm(v, f, st, action, known(f, st)))
	}
	return forms
}

// WithheldView is a step that cannot be taken yet, and why.
type WithheldView struct{ Title, Why string }

// Withheld are the steps that cannot be taken yet.
func (v Words) Withheld(f *casework.File) []WithheldView {
	var views []WithheldView
	for _, w := range f.Withheld {
		views = append(views, WithheldView{v.Say(f.Procedure.Step(w.Step).Title), v.Say(w.Text())})
	}
	return views
}

// StepForm asks what a step needs, filled with what was typed.
func (s *Pages) StepForm(v Words, f *casework.File, st *procedure.Step, action string, form url.Values) StepForm {
	sf := StepForm{Name: st.Name, Title: v.Say(st.Title), Action: action + st.Name, Ends: st.Terminal, Version: f.Matter.Version,
		Key: cmp.Or(form.Get("key"), rand.Text())}
	if len(st.Help) > 0 {
		sf.Help = v.Say(st.Help)
	}
	if f.Viewer.Staff {
		v.foretell(&sf, f, st)
		sf.Effects = append(sf.Effects, s.tellLines(v, f, st)...)
	}
	if st.Adverse && f.Viewer.Staff {
		sf.Remedy = v.Say(st.Remedy)
	}
	prefix := "s-" + st.Name + "-"
	if st.Refer == "choose" {
		sf.Inputs = append(sf.Inputs, s.UnitInput(v, f, st, prefix, form))
	}
	if st.Assign == "choose" {
		sf.Inputs = append(sf.Inputs, s.assigneeInput(v, f, st, prefix, form))
	}
	sf.Inputs = append(sf.Inputs, s.SubInputs(v, f, st, prefix, form)...)
	for _, use := range f.Asks(st) {
		in := v.FieldInput(f.Procedure, use, prefix+"f-", form)
		sf.Inputs = append(sf.Inputs, &in)
	}
	sf.Inputs = append(sf.Inputs, s.OnwardInputs(v, f, st, prefix, form)...)
	if st.Note == "optional" || st.Note == "required" {
		sf.Inputs = append(sf.Inputs, &site.Input{ID: prefix + "note", Name: "note", Label: v.T("step.note"), Kind: procedure.TypeText,
			Required: st.Note == "required", Value: form.Get("note")})
	}
	return sf
}

// UnitInput asks for the office that a step refers the matter to.
func (s *Pages) UnitInput(v Words, f *casework.File, st *procedure.Step, prefix string, form url.Values) *site.Input {
	kinds := st.ReferKinds
	if len(kinds) == 0 {
		kinds = f.Procedure.Open.Units
	}
	in := &site.Input{ID: prefix + "unit", Name: "unit", Label: v.T("step.unit"), Kind: "select", Required: true}
	v.chooseUnit(in, v.receiving(kinds, s.Service.Now().In(f.Rules.Location), f.Matter.Unit, f.Matter.BarredFrom(st)), f.Matter.Unit, form)
	return in
}

func (s *Pages) assigneeInput(v Words, f *casework.File, st *procedure.Step, prefix string, form url.Values) *site.Input {
	in := &site.Input{ID: prefix + "assignee", Name: "assignee", Label: v.T("step.assignee"), Kind: "select", Names: true, Required: true, Value: form.Get("assignee")}
	people := s.Service.Candidates(st.AssignRole, f.Matter.Unit)
	if len(people) == 1 {
		in.Value = people[0].Login
	}
	for _, c := range people {
		in.Options = append(in.Options, site.Option{Value: c.Login, Label: v.Account(c.Login), Chosen: c.Login == in.Value})
	}
	return in
}

// StepAgain is the form that was not accepted: open, filled in, with its errors. It carries the version of
// now, so that sending it again after reading what changed goes through.
func (s *Pages) StepAgain(v Words, f *casework.File, st *procedure.Step, action string, t *Typed) StepForm {
	sf := s.StepForm(v, f, st, action, t.Form)
	sf.Open = true
	prefix := "s-" + st.Name + "-"
	sf.Problems = v.Place(sf.Inputs, t.Err.Fields, func(field string) string {
		if name, ok := cutField(field); ok {
			return prefix + "f-" + name
		}
		if member, on := strings.CutPrefix(field, "onward."); on {
			return onwardAt(sf, member, prefix)
		}
		switch member, sub := strings.CutPrefix(field, "sub."); {
		case sub && (member == "unit" || member == "title"):
			return prefix + "sub-" + member
		case sub: // what the matter itself does not have
			return "step-" + st.Name
		}
		return prefix + field
	})
	if t.Inserted != "" { // nobody was shown what changed since
		sf.Version = t.Seen
		for _, in := range sf.Inputs {
			in.Focus = in.Name == t.Inserted
		}
	}
	switch t.Err.Kind {
	case casework.Conflict, casework.Invalid:
	case casework.KeyReused:
		sf.Key = rand.Text()
		sf.Error = v.Say(t.Err.Text)
	default:
		sf.Error = v.Say(t.Err.Text)
	}
	return sf
}

// Conflict shows what was recorded after the version that was seen beside what was typed, and lets it be sent again
// when the step is still lawful. It is nil when nothing of the kind happened.
func (v Words) Conflict(f *casework.File, t *Typed, action, receipts string, content bool) *ConflictView {
	if t == nil {
		return nil
	}
	var still *procedure.Step
	for _, st := range f.Steps {
		if st.Name == t.Step {
			still = st
		}
	}
	if t.Err.Kind != casework.Conflict && still != nil {
		return nil
	}
	c := &ConflictView{Text: v.Say(t.Err.Text), Typed: v.typedViews(f, t, still == nil)}
	for _, e := range v.EntryViews(f, receipts, content) {
		if t.Seen > 0 && e.Seq > t.Seen {
			c.Entries = append(c.Entries, e)
		}
	}
	if still != nil {
		c.Again, c.Form = v.sendAgain(f, still, action, t), "step-"+still.Name
		return c
	}
	c.Step = t.Step
	if st := f.Procedure.Step(t.Step); st != nil {
		c.Step = v.Say(st.Title)
	}
	return c
}

// Done says which entry was just recorded, when the address names one.
func (v Words) Done(r *http.Request, version int, receipts string) *Notice {
	seq, err := strconv.Atoi(r.URL.Query().Get("done"))
	if err != nil || seq < 1 || seq > version {
		return nil
	}
	return &Notice{Text: v.T("done.recorded", seq), Receipt: fmt.Sprintf("%s/%d", receipts, seq)}
}
