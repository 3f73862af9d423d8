package web

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
)

// stepForm is a lawful step as a form of its own.
type stepForm struct {
	Name     string
	Title    string
	Help     string
	Action   string
	Remedy   string // the party is told this; empty when the step is not adverse
	Ends     bool   // the matter ends with it
	Inputs   []*input
	Version  int
	Key      string
	Open     bool
	Problems []problem
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
func (sf *stepForm) Presses() bool {
	return sf.Offered || slices.ContainsFunc(sf.Inputs, func(in *input) bool { return in.Find != nil })
}

// typed is a form that was sent and not accepted: what was in it and why.
type typed struct {
	step string
	form url.Values
	err  *casework.Error
	seen int // version of the matter the form was written against

	inserted string // the input that was helped with, by a text or other offices; the form was not sent to be recorded
}

// conflictView is what happened while somebody was writing, and what they wrote when the step is gone.
type conflictView struct {
	Text    string
	Entries []entryView
	Step    string      // title of the step, when it is no longer lawful
	Typed   []typedView // what was typed
	Again   *againView  // nil when the step is no longer lawful
	Form    string      // id of the form in which it can be changed first
}

// stepTarget is the page a step was taken from.
type stepTarget struct {
	done  string // address to go to when it is recorded
	again func(v words, f *casework.File, t *typed, status int) error
}

// takeStep takes the step that a form asks for and shows the page again, with everything typed, when that
// was not possible.
func (s *site) takeStep(w http.ResponseWriter, r *http.Request, a office.Actor, number string, to stepTarget) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	cmd := commandOf(r.PathValue("step"), form)
	if name := lookedFor(form); name != "" {
		return s.helped(r, a, number, form, name, to)
	}
	out, err := s.service.TakeStep(r.Context(), a, number, cmd, form.Get("key"))
	if err == nil {
		return &redirect{fmt.Sprintf("%s%sdone=%d", to.done, separator(to.done), out.Entry.Act.Seq)}
	}
	e := casework.AsError(err)
	away := e.Kind == casework.Unavailable || e.Kind == casework.Unknown
	switch e.Kind {
	case casework.Invalid, casework.Conflict, casework.NotAllowed, casework.Unavailable, casework.Unknown, casework.KeyReused:
	default:
		return err
	}
	f, readErr := s.service.Read(r.Context(), a, number)
	switch {
	case readErr != nil && away: // what became of the step is what the person has to know
		return err
	case readErr != nil:
		return readErr
	case away:
		w.Header().Set("Retry-After", retryAfter)
	}
	return to.again(s.words(languageOf(r)), f, &typed{step: cmd.Step, form: form, err: e, seen: cmd.Version}, status(err))
}

// helped shows the page again with the form as it was typed: with other offices to choose from, nothing is recorded.
func (s *site) helped(r *http.Request, a office.Actor, number string, form url.Values, name string, to stepTarget) error {
	f, err := s.service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	cmd := commandOf(r.PathValue("step"), form)
	t := &typed{step: cmd.Step, form: form, err: &casework.Error{Kind: casework.Invalid}, seen: cmp.Or(cmd.Version, f.Matter.Version), inserted: name}
	return to.again(s.words(languageOf(r)), f, t, http.StatusOK)
}

// separator is what stands before the next member of an address.
func separator(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}

func commandOf(step string, form url.Values) casework.StepCommand {
	version, _ := strconv.Atoi(form.Get("version"))
	return casework.StepCommand{Step: step, Fields: fieldsOf(form), Note: lines(form.Get("note")), Unit: form.Get("unit"),
		Assignee: form.Get("assignee"), Sub: openingOf(form), Version: version}
}

// stepForms makes a form for every lawful step, filled with what was typed before.
func (s *site) stepForms(v words, f *casework.File, action string, t *typed) []stepForm {
	var forms []stepForm
	for _, st := range f.Steps {
		if t != nil && t.step == st.Name {
			forms = append(forms, s.stepAgain(v, f, st, action, t))
			continue
		}
		forms = append(forms, s.stepForm(v, f, st, action, known(f, st)))
	}
	return forms
}

// withheldView is a step that cannot be taken yet, and why.
type withheldView struct{ Title, Why string }

func (v words) withheld(f *casework.File) []withheldView {
	var views []withheldView
	for _, w := range f.Withheld {
		views = append(views, withheldView{f.Procedure.Step(w.Step).Title.In(v.lang), w.In(v.lang)})
	}
	return views
}

func (s *site) stepForm(v words, f *casework.File, st *procedure.Step, action string, form url.Values) stepForm {
	sf := stepForm{Name: st.Name, Title: st.Title.In(v.lang), Action: action + st.Name, Ends: st.Terminal, Version: f.Matter.Version,
		Key: cmp.Or(form.Get("key"), rand.Text())}
	if len(st.Help) > 0 {
		sf.Help = st.Help.In(v.lang)
	}
	if f.Viewer.Staff {
		v.foretell(&sf, f, st)
	}
	if st.Adverse && f.Viewer.Staff {
		sf.Remedy = st.Remedy.In(v.lang)
	}
	prefix := "s-" + st.Name + "-"
	if st.Refer == "choose" {
		sf.Inputs = append(sf.Inputs, s.unitInput(v, f, st, prefix, form))
	}
	if st.Assign == "choose" {
		sf.Inputs = append(sf.Inputs, s.assigneeInput(v, f, st, prefix, form))
	}
	sf.Inputs = append(sf.Inputs, s.subInputs(v, f, st, prefix, form)...)
	for _, use := range f.Asks(st) {
		in := v.fieldInput(f.Procedure, use, prefix+"f-", form)
		sf.Inputs = append(sf.Inputs, &in)
	}
	if st.Note == "optional" || st.Note == "required" {
		sf.Inputs = append(sf.Inputs, &input{ID: prefix + "note", Name: "note", Label: v.t("step.note"), Kind: procedure.TypeText,
			Required: st.Note == "required", Value: form.Get("note")})
	}
	return sf
}

func (s *site) unitInput(v words, f *casework.File, st *procedure.Step, prefix string, form url.Values) *input {
	kinds := st.ReferKinds
	if len(kinds) == 0 {
		kinds = f.Procedure.Open.Units
	}
	in := &input{ID: prefix + "unit", Name: "unit", Label: v.t("step.unit"), Kind: "select", Required: true}
	v.chooseUnit(in, v.receiving(kinds, s.service.Now().In(f.Rules.Location), f.Matter.Unit), f.Matter.Unit, form)
	return in
}

func (s *site) assigneeInput(v words, f *casework.File, st *procedure.Step, prefix string, form url.Values) *input {
	in := &input{ID: prefix + "assignee", Name: "assignee", Label: v.t("step.assignee"), Kind: "select", Names: true, Required: true, Value: form.Get("assignee")}
	people := s.service.Candidates(st.AssignRole, f.Matter.Unit)
	if len(people) == 1 {
		in.Value = people[0].Login
	}
	for _, c := range people {
		in.Options = append(in.Options, option{Value: c.Login, Label: v.account(c.Login), Chosen: c.Login == in.Value})
	}
	return in
}

// stepAgain is the form that was not accepted: open, filled in, with its errors. It carries the version of
// now, so that sending it again after reading what changed goes through.
func (s *site) stepAgain(v words, f *casework.File, st *procedure.Step, action string, t *typed) stepForm {
	sf := s.stepForm(v, f, st, action, t.form)
	sf.Open = true
	prefix := "s-" + st.Name + "-"
	sf.Problems = v.place(sf.Inputs, t.err.Fields, func(field string) string {
		if name, ok := cutField(field); ok {
			return prefix + "f-" + name
		}
		switch member, sub := strings.CutPrefix(field, "sub."); {
		case sub && (member == "unit" || member == "title"):
			return prefix + "sub-" + member
		case sub: // what the matter itself does not have
			return "step-" + st.Name
		}
		return prefix + field
	})
	if t.inserted != "" { // nobody was shown what changed since
		sf.Version = t.seen
		for _, in := range sf.Inputs {
			in.Focus = in.Name == t.inserted
		}
	}
	switch t.err.Kind {
	case casework.Conflict, casework.Invalid:
	case casework.KeyReused:
		sf.Key = rand.Text()
		sf.Error = t.err.Text.In(v.lang)
	default:
		sf.Error = t.err.Text.In(v.lang)
	}
	return sf
}

// conflict shows what was recorded after the version that was seen beside what was typed, and lets it be sent again
// when the step is still lawful. It is nil when nothing of the kind happened.
func (v words) conflict(f *casework.File, t *typed, action, receipts string, content bool) *conflictView {
	if t == nil {
		return nil
	}
	var still *procedure.Step
	for _, st := range f.Steps {
		if st.Name == t.step {
			still = st
		}
	}
	if t.err.Kind != casework.Conflict && still != nil {
		return nil
	}
	c := &conflictView{Text: t.err.Text.In(v.lang), Typed: v.typedViews(f, t, still == nil)}
	for _, e := range v.entryViews(f, receipts, content) {
		if t.seen > 0 && e.Seq > t.seen {
			c.Entries = append(c.Entries, e)
		}
	}
	if still != nil {
		c.Again, c.Form = v.sendAgain(f, still, action, t), "step-"+still.Name
		return c
	}
	c.Step = t.step
	if st := f.Procedure.Step(t.step); st != nil {
		c.Step = st.Title.In(v.lang)
	}
	return c
}

// done says which entry was just recorded, when the address names one.
func (v words) done(r *http.Request, version int, receipts string) *notice {
	seq, err := strconv.Atoi(r.URL.Query().Get("done"))
	if err != nil || seq < 1 || seq > version {
		return nil
	}
	return &notice{Text: v.t("done.recorded", seq), Receipt: fmt.Sprintf("%s/%d", receipts, seq)}
}
