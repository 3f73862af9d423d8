package web

import (
	"fmt"
	"net/url"
	"strconv"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// foretell says on the form of a step what it will do: where it leads to, which clocks it starts and stops and until
// when, and who is told. A date that cannot be computed is left out; the verb says what is wrong.
func (v words) foretell(sf *stepForm, f *casework.File, st *procedure.Step) {
	ahead, err := f.Prospect(st)
	if err != nil {
		return
	}
	if ahead.State != "" {
		sf.To = v.state(f.Procedure, ahead.State)
	}
	for _, op := range ahead.Clocks {
		if s := v.ahead(op, f.Rules); s != "" {
			sf.Effects = append(sf.Effects, s)
		}
	}
	switch {
	case len(ahead.Told) > 0:
		sf.Told = v.t("ahead.told", v.recipients(ahead.Told, f.Procedure))
	case ahead.Party:
		sf.Told = v.t("ahead.seen")
	default:
		sf.Told = v.t("ahead.office")
	}
}

// ahead says what a step will do to a clock.
func (v words) ahead(op casework.ClockOp, rules *casework.Rules) string {
	rule := rules.Procedure.Clock(op.Clock)
	if rule == nil {
		return ""
	}
	title := rule.Title.In(v.lang)
	switch op.Op {
	case "start", "resume", "extend":
		due := op.Target
		if op.Party || due == "" || op.Op == "extend" {
			due = op.Due
		}
		return v.t("ahead."+op.Op, title, v.moment(due, rules.Location))
	case "stop", "suspend":
		return v.t("ahead."+op.Op, title)
	}
	return ""
}

// known fills a form with what the matter knows already of what the step asks for.
func known(f *casework.File, st *procedure.Step) url.Values {
	form := url.Values{}
	for _, use := range f.Asks(st) {
		switch value := f.Matter.Fields[use.Name].(type) {
		case nil:
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
	Values        []hidden
}

// typedViews are all that was typed into the form of a step.
func (v words) typedViews(f *casework.File, t *typed, gone bool) []typedView {
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
	add(v.t("sub.title"), lines(t.form.Get("sub-title")), "")
	if unit := t.form.Get("unit"); unit != "" {
		add(v.t("step.unit"), v.unit(unit), v.unit(f.Matter.Unit))
	}
	if login := t.form.Get("assignee"); login != "" {
		now := ""
		if f.Matter.Assignee != "" {
			now = v.account(f.Matter.Assignee)
		}
		add(v.t("step.assignee"), v.account(login), now)
	}
	now := map[string]string{}
	for _, fv := range v.fieldViews(f.Procedure, f.Matter.Fields) {
		now[fv.Label] = fv.Text
	}
	for _, fv := range v.fieldViews(f.Procedure, fieldsOf(t.form)) {
		add(fv.Label, fv.Text, now[fv.Label])
	}
	add(v.t("step.note"), lines(t.form.Get("note")), "")
	return views
}

// sendAgain is the form as it was sent, for the version of now.
func (v words) sendAgain(f *casework.File, st *procedure.Step, action string, t *typed) *againView {
	values := url.Values{"version": {strconv.Itoa(f.Matter.Version)}}
	for name, typed := range t.form {
		if name != "version" && name != "list" {
			values[name] = typed
		}
	}
	return &againView{Action: action + st.Name, Title: st.Title.In(v.lang),
		Values: hiddenOf(values, func(_, value string) bool { return value != "" })}
}
