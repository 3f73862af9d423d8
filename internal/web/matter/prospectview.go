package matter

import (
	"fmt"
	"net/url"
	"strconv"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// foretell says on the form of a step what it will do: where it leads to, which clocks it starts and stops and until
// when, and who is told. A date that cannot be computed is left out; the verb says what is wrong.
func (v Words) foretell(sf *StepForm, f *casework.File, st *procedure.Step) {
	ahead, err := f.Prospect(st)
	if err != nil {
		return
	}
	if ahead.State != "" && ahead.Onward == nil {
		sf.To = v.T("ahead.to", v.State(f.Procedure, ahead.State))
	}
	rules := f.Rules
	if ahead.Onward != nil {
		sf.To = v.T("onward.to", v.Say(ahead.Onward.Procedure.Title))
	}
	for _, op := range ahead.Clocks {
		if ahead.Onward != nil && op.Op == "start" {
			rules = ahead.Onward // from here on they are those of the other procedure
		}
		if s := v.ahead(op, rules); s != "" {
			sf.Effects = append(sf.Effects, s)
		}
	}
	switch {
	case len(ahead.Told) > 0:
		sf.Told = v.T("ahead.told", v.recipients(ahead.Told, f.Procedure))
	case len(f.Procedure.Parties) == 0: // there is nobody who could see it
	case ahead.Party:
		sf.Told = v.T("ahead.seen")
	default:
		sf.Told = v.T("ahead.office")
	}
}

// ahead says what a step will do to a clock.
func (v Words) ahead(op casework.ClockOp, rules *casework.Rules) string {
	rule := rules.Procedure.Clock(op.Clock)
	if rule == nil {
		return ""
	}
	title := v.Say(rule.Title)
	switch op.Op {
	case "start", "resume", "extend":
		due := op.Target
		if op.Party || due == "" || op.Op == "extend" {
			due = op.Due
		}
		return v.T("ahead."+op.Op, title, v.Moment(due, rules.Location))
	case "stop", "suspend":
		return v.T("ahead."+op.Op, title)
	}
	return ""
}

// known fills a form with what the matter knows already of what the step asks for.
func known(f *casework.File, st *procedure.Step) url.Values {
	form := url.Values{}
	for _, use := range f.Asks(st) {
		switch value := f.Matter.Fields[use.Name].(type) {
		case nil:
		case []any:
			site.SetFiles(form, use.Name, value)
		case float64:
			form.Set("f."+use.Name, strconv.FormatFloat(value, 'f', -1, 64))
		default:
			form.Set("f."+use.Name, fmt.Sprint(value))
		}
	}
	return form
}

// typedView is what was typed into one input, beside what is on record now.
type typedView struct {
	Label, Yours string
	Now          string // "" when nothing is on record
	ID           string // of the text, to copy it; "" where it stands in a form already
}

// againView sends the same once more, for the matter as it is now.
type againView struct {
	Action, Title string
	Values        []site.Hidden
}

// typedViews are all that was typed into the form of a step.
func (v Words) typedViews(f *casework.File, t *Typed, gone bool) []typedView {
	var views []typedView
	add := func(label, yours, now string) {
		if yours == "" {
			return
		}
		view := typedView{Label: label, Yours: yours, Now: now}
		if gone {
			view.ID = fmt.Sprintf("typed-%d", len(views))
		}
		views = append(views, view)
	}
	add(v.T("sub.title"), site.Lines(t.Form.Get("sub-title")), "")
	if unit := t.Form.Get("unit"); unit != "" {
		add(v.T("step.unit"), v.Unit(unit), v.Unit(f.Matter.Unit))
	}
	if login := t.Form.Get("assignee"); login != "" {
		now := ""
		if f.Matter.Assignee != "" {
			now = v.Account(f.Matter.Assignee)
		}
		add(v.T("step.assignee"), v.Account(login), now)
	}
	now := map[string]string{}
	for _, fv := range v.FieldViews(f.Procedure, f.Matter.Fields) {
		now[fv.Label] = fv.Text
	}
	for _, fv := range v.FieldViews(f.Procedure, site.FieldsOf(t.Form)) {
		add(fv.Label, fv.Text, now[fv.Label])
	}
	add(v.T("step.note"), site.Lines(t.Form.Get("note")), "")
	return views
}

// sendAgain is the form as it was sent, for the version of now.
func (v Words) sendAgain(f *casework.File, st *procedure.Step, action string, t *Typed) *againView {
	values := url.Values{"version": {strconv.Itoa(f.Matter.Version)}}
	for name, typed := range t.Form {
		if name != "version" && name != "list" {
			values[name] = typed
		}
	}
	return &againView{Action: action + st.Name, Title: v.Say(st.Title),
		Values: site.HiddenOf(values, func(_, value string) bool { return value != "" })}
}
