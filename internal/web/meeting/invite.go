package meeting

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// inviteForm chooses who is invited: all offices of a kind, in one area or everywhere below, and single ones by name.
type inviteForm struct {
	Title    string
	Action   string
	Key      string
	Version  int
	Open     bool
	ReplyBy  *site.Input
	Kinds    *site.Input
	Areas    *site.Input
	Words    string
	Found    string // what the search says
	Single   *site.Input
	Count    string // how many would be invited
	Problems []site.Problem
	Error    string
}

// mostFound is how many offices a search lists.
const mostFound = 40

// inviteForm is nil when nobody can be invited now.
func (s *Pages) inviteForm(v words, m *meetings.Meeting, t *matter.Typed) *inviteForm {
	st := stepOf(m.File, "invite")
	rules := s.Service.Rules(meetings.Invited)
	if st == nil || rules == nil {
		return nil
	}
	form := url.Values{}
	if t != nil && t.Step == "invite" {
		form = t.Form
	}
	units := s.invitable(m, rules)
	f := &inviteForm{Title: v.Say(st.Title), Action: path(m.File.Matter.Number) + "/invite", Version: m.File.Matter.Version,
		Key: cmp.Or(form.Get("key"), rand.Text()), Open: len(m.Invitations) == 0 || len(form) > 0, Words: strings.TrimSpace(form.Get("find"))}
	if !form.Has("f.reply_by") {
		if by, ok := m.File.Matter.Fields["reply_by"].(string); ok {
			form = url.Values{"f.reply_by": {by}}
		}
	}
	in := v.FieldInput(m.File.Procedure, procedure.FieldUse{Name: "reply_by", Required: true}, "invite-f-", form)
	f.ReplyBy = &in
	f.Kinds = s.kindsInput(v, units, form)
	f.Areas = v.areaInput(m.File.Matter.Unit, units, form)
	f.search(v, units, form)
	if form.Get("do") == "count" {
		f.Count = v.T("meeting.invite-count", len(chosenUnits(v.Staff.Tree, units, form)))
	}
	if t != nil && t.Step == "invite" && t.Err != nil {
		f.fail(v, t)
	}
	return f
}

// invitable are the offices below that can be invited and are not.
func (s *Pages) invitable(m *meetings.Meeting, rules *casework.Rules) []office.Unit {
	there := map[string]bool{}
	for _, inv := range m.Invitations {
		there[inv.Unit] = inv.Matter.Ended == "" || there[inv.Unit]
	}
	units := s.Service.PartOffices(m.File.Matter.Unit, rules)
	return slices.DeleteFunc(units, func(u office.Unit) bool { return there[u.Code] })
}

// kindsInput offers each kind of office of which there are some, those that are levels of government first.
func (s *Pages) kindsInput(v words, units []office.Unit, form url.Values) *site.Input {
	n := map[string]int64{}
	var kinds []string
	for _, u := range units {
		if n[u.Kind]++; n[u.Kind] == 1 {
			kinds = append(kinds, u.Kind)
		}
	}
	levels := []string{"village", "township", "county", "city"}
	slices.SortStableFunc(kinds, func(a, b string) int { return slices.Index(levels, b) - slices.Index(levels, a) })
	in := &site.Input{ID: "invite-kinds", Name: "kind", Label: v.T("meeting.invite-kinds"), Kind: "several", Unmarked: true}
	for _, kind := range kinds {
		in.Options = append(in.Options, site.Option{Value: kind, Label: v.T("meeting.invite-all", s.kind(v, kind), n[kind]), Chosen: slices.Contains(form["kind"], kind)})
	}
	return in
}

// kind is what offices of a kind are called.
func (s *Pages) kind(v words, name string) string {
	if s.Service.Kinds != nil {
		for _, k := range s.Service.Kinds.List {
			if k.Name == name {
				return v.Say(k.Title)
			}
		}
	}
	return name
}

// areaInput narrows the kinds to one of the offices right below, when they have offices below them.
func (v words) areaInput(unit string, units []office.Unit, form url.Values) *site.Input {
	tree := v.Staff.Tree
	in := &site.Input{ID: "invite-area", Name: "area", Label: v.T("meeting.invite-area"), Kind: "select", Unmarked: true}
	for _, code := range tree.Children(unit) {
		if len(tree.Children(code)) > 0 && slices.ContainsFunc(units, func(u office.Unit) bool { return tree.Within(u.Code, code) }) {
			in.Options = append(in.Options, site.Option{Value: code, Label: v.Unit(code), Chosen: form.Get("area") == code})
		}
	}
	if len(in.Options) < 2 {
		return nil
	}
	return in
}

// search lists single offices: those that have the words in their names, and those that are chosen already.
func (f *inviteForm) search(v words, units []office.Unit, form url.Values) {
	f.Single = &site.Input{ID: "invite-single", Name: "sub-units", Label: v.T("meeting.invite-single"), Kind: "several", Unmarked: true}
	sought := strings.Fields(strings.ToLower(f.Words))
	found := 0
	for _, u := range units {
		chosen := slices.Contains(form["sub-units"], u.Code)
		above, _ := v.Staff.Tree.Unit(u.Parent)
		name := strings.ToLower(u.Label(v.Lang) + " " + above.Label(v.Lang))
		hit := len(sought) > 0 && !slices.ContainsFunc(sought, func(w string) bool { return !strings.Contains(name, w) })
		if hit {
			found++
		}
		if chosen || hit && found <= mostFound {
			f.Single.Options = append(f.Single.Options, site.Option{Value: u.Code, Label: v.Unit(u.Code) + " · " + v.Unit(u.Parent), Chosen: chosen})
		}
	}
	switch {
	case len(sought) == 0:
	case found == 0:
		f.Found = v.T("unit.none", f.Words)
	case found > mostFound:
		f.Found = v.T("unit.found-some", found, mostFound)
	default:
		f.Found = v.T("unit.found", found)
	}
}

// chosenUnits are the offices that a form chooses, in the order of the tree.
func chosenUnits(tree *office.Tree, units []office.Unit, form url.Values) []string {
	area := form.Get("area")
	var chosen []string
	for _, u := range units {
		byKind := slices.Contains(form["kind"], u.Kind) && (area == "" || tree.Within(u.Code, area))
		if byKind || slices.Contains(form["sub-units"], u.Code) {
			chosen = append(chosen, u.Code)
		}
	}
	// What was chosen and cannot be invited is left for the verb to refuse, in words.
	for _, code := range form["sub-units"] {
		if !slices.Contains(chosen, code) && !slices.ContainsFunc(units, func(u office.Unit) bool { return u.Code == code }) {
			chosen = append(chosen, code)
		}
	}
	return chosen
}

// fail puts what is wrong beside the inputs.
func (f *inviteForm) fail(v words, t *matter.Typed) {
	f.Problems = v.Place([]*site.Input{f.ReplyBy, f.Kinds}, t.Err.Fields, func(field string) string {
		if field == "fields.reply_by" {
			return f.ReplyBy.ID
		}
		return f.Kinds.ID
	})
	switch t.Err.Kind {
	case casework.Conflict, casework.Invalid:
	case casework.KeyReused:
		f.Key, f.Error = rand.Text(), v.Say(t.Err.Text)
	default:
		f.Error = v.Say(t.Err.Text)
	}
}

// Invite sends the invitations, or shows the form again: with other offices to choose from, or with how many it would be.
func (s *Pages) Invite(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	m, err := meetings.Of(r.Context(), s.Service, a, r.PathValue("number"))
	if err != nil {
		return err
	}
	if form.Get("do") != "" {
		page, err := s.newMeetingPage(r, v, a, m, &matter.Typed{Step: "invite", Form: form, Err: &casework.Error{Kind: casework.Invalid}})
		if err != nil {
			return err
		}
		return s.Render(w, r, http.StatusOK, page)
	}
	sent := url.Values{}
	for key, values := range form {
		sent[key] = values
	}
	if rules := s.Service.Rules(meetings.Invited); rules != nil {
		sent["sub-units"] = chosenUnits(v.Staff.Tree, s.invitable(m, rules), form)
	}
	r.SetPathValue("step", "invite")
	return s.takeInvite(w, r, a, form, sent)
}

// takeInvite takes the step with the offices that were chosen; the form that is shown again has what was chosen of it.
func (s *Pages) takeInvite(w http.ResponseWriter, r *http.Request, a office.Actor, typed, sent url.Values) error {
	number := r.PathValue("number")
	return s.TakeStep(w, r, a, number, &site.Sent{Form: sent}, matter.StepTarget{
		Done: path(number),
		Again: func(mv matter.Words, _ *casework.File, t *matter.Typed, status int) error {
			m, err := meetings.Of(r.Context(), s.Service, a, number)
			if err != nil {
				return err
			}
			t.Form = typed
			page, err := s.newMeetingPage(r, words{mv}, a, m, t)
			if err != nil {
				return err
			}
			return s.Render(w, r, status, page)
		},
	})
}
