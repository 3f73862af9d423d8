package web

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
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
}

// typed is a form that was sent and not accepted: what was in it and why.
type typed struct {
	step string
	form url.Values
	err  *casework.Error
	seen int // version of the matter the form was written against
}

// conflictView is what happened while somebody was writing, and what they wrote when the step is gone.
type conflictView struct {
	Text    string
	Entries []entryView
	Lost    []fieldView // what was typed into a step that is no longer lawful
	Step    string      // its title
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
	out, err := s.service.TakeStep(r.Context(), a, number, cmd, form.Get("key"))
	if err == nil {
		return &redirect{fmt.Sprintf("%s?done=%d", to.done, out.Entry.Act.Seq)}
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
		forms = append(forms, s.stepForm(v, f, st, action, url.Values{}))
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
	chosen := form.Get("unit")
	return &input{ID: prefix + "unit", Name: "unit", Label: v.t("step.unit"), Kind: "select", Required: true, Value: chosen,
		Groups: v.unitGroups(kinds, s.service.Now().In(f.Rules.Location), chosen, f.Matter.Unit)}
}

func (s *site) assigneeInput(v words, f *casework.File, st *procedure.Step, prefix string, form url.Values) *input {
	in := &input{ID: prefix + "assignee", Name: "assignee", Label: v.t("step.assignee"), Kind: "select", Names: true, Required: true, Value: form.Get("assignee")}
	for _, c := range s.service.Candidates(st.AssignRole, f.Matter.Unit) {
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

// conflict shows what was recorded after the version that was seen, and keeps what was typed into a step
// that can no longer be taken. It is nil when nothing of the kind happened.
func (v words) conflict(f *casework.File, t *typed, receipts string, content bool) *conflictView {
	if t == nil {
		return nil
	}
	gone := true
	for _, st := range f.Steps {
		gone = gone && st.Name != t.step
	}
	if t.err.Kind != casework.Conflict && !gone {
		return nil
	}
	c := &conflictView{Text: t.err.Text.In(v.lang)}
	for _, e := range v.entryViews(f, receipts, content) {
		if t.seen > 0 && e.Seq > t.seen {
			c.Entries = append(c.Entries, e)
		}
	}
	if gone {
		c.Step, c.Lost = v.lost(f.Procedure, t)
	}
	return c
}

func (v words) lost(p *procedure.Procedure, t *typed) (string, []fieldView) {
	st := p.Step(t.step)
	if st == nil {
		return t.step, nil
	}
	lost := v.fieldViews(p, fieldsOf(t.form))
	if title := t.form.Get("sub-title"); title != "" {
		lost = append(lost, fieldView{Label: v.t("sub.title"), Text: lines(title)})
	}
	if note := t.form.Get("note"); note != "" {
		lost = append(lost, fieldView{Label: v.t("step.note"), Text: lines(note)})
	}
	return st.Title.In(v.lang), lost
}

// done says which entry was just recorded, when the address names one.
func (v words) done(r *http.Request, version int, receipts string) *notice {
	seq, err := strconv.Atoi(r.URL.Query().Get("done"))
	if err != nil || seq < 1 || seq > version {
		return nil
	}
	return &notice{Text: v.t("done.recorded", seq), Receipt: fmt.Sprintf("%s/%d", receipts, seq)}
}
