package web

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// lodgePage is the form to bring a matter: all questions on one page, of which a narrow screen shows one at a time.
type lodgePage struct {
	frame
	Action    string
	Heading   string
	Summary   string
	Problems  []problem
	Key       string // the idempotency key
	Questions []question
	Sent      string // number of the same kind of matter that was sent from here just now: somebody went back
	Typed     bool   // the answers came with the request: they are newer than a draft on the device
	Again     bool   // answers were looked at before: from every question a way leads back there
}

func (*lodgePage) template() string { return "lodge" }

func anybody(w procedure.Who) bool { return w.Relation == "resident" }

// open finds a published procedure that anybody may begin.
func (s *site) open(r *http.Request) (*casework.Rules, error) {
	p := s.service.Published()[r.PathValue("procedure")]
	if p == nil || !slices.ContainsFunc(p.Open.By, anybody) {
		return nil, errNoPage()
	}
	return s.service.Rules(p.Key()), nil
}

// lodgeForm shows the empty form. How many people of a role it asks for may stand in the address, so that a draft with
// more of them finds room.
func (s *site) lodgeForm(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.open(r)
	if err != nil {
		return err
	}
	form := url.Values{}
	for key, values := range r.URL.Query() {
		if strings.HasPrefix(key, "n.") {
			form[key] = values
		}
	}
	page := s.newLodgePage(s.words(languageOf(r)), rules, form)
	if last, ok := s.lastSlip(r); ok && last.procedure == rules.Procedure.ID {
		page.Sent = last.number
	}
	return s.render(w, r, http.StatusOK, page)
}

// What the form asks for besides sending: the value of its parameter `to`.
const (
	toCheck  = "check"  // show all answers before they are sent
	toChange = "change" // back to the questions
)

// lodge records the matter, or shows the answers or the questions again. All three carry every answer with them,
// so that they work without script and nothing is kept here before it is sent.
func (s *site) lodge(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.open(r)
	if err != nil {
		return err
	}
	form, err := posted(r)
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	resident, l := office.Actor{Resident: true}, lodgingOf(rules.Procedure, form)
	switch {
	case form.Has("add"), form.Get("to") == toChange: // one more party, or another answer, without script
		page := s.newLodgePage(v, rules, form)
		page.Typed, page.Again = true, form.Get("to") == toChange
		return s.render(w, r, http.StatusOK, page)
	case form.Get("to") == toCheck:
		if err := s.service.CheckLodging(r.Context(), resident, l); err != nil {
			return s.notLodged(w, r, v, rules, form, err)
		}
		begin(w, r, probeCookie, "1", time.Hour)
		return s.render(w, r, http.StatusOK, s.newAnswersPage(v, rules, form))
	}
	out, err := s.service.Lodge(r.Context(), resident, l, form.Get("key"))
	if err != nil {
		return s.notLodged(w, r, v, rules, form, err)
	}
	return s.lodged(w, r, v, rules, out)
}

func lodgingOf(p *procedure.Procedure, form url.Values) casework.Lodging {
	return casework.Lodging{Procedure: p.ID, Unit: form.Get("unit"), Channel: "web", Title: lines(form.Get("title")),
		Fields: fieldsOf(form), Parties: partiesOf(p, form)}
}

// notLodged shows the questions again with everything typed and what is wrong; or, when nothing is wrong with the
// answers, these, to be sent again.
func (s *site) notLodged(w http.ResponseWriter, r *http.Request, v words, rules *casework.Rules, form url.Values, err error) error {
	e := casework.AsError(err)
	switch e.Kind {
	case casework.Invalid:
		return s.render(w, r, status(err), s.faultyLodgePage(v, rules, form, e.Fields))
	case casework.KeyReused, casework.Unavailable, casework.Unknown:
	default:
		return err
	}
	page := s.newAnswersPage(v, rules, form)
	if e.Kind == casework.KeyReused { // sent once, then changed and sent again: that is another matter
		page.renew()
		page.Notice = v.t("lodge.sent-before")
	} else {
		page.Notice = e.Text.In(v.lang)
		w.Header().Set("Retry-After", retryAfter)
	}
	return s.render(w, r, status(err), page)
}

func (s *site) newLodgePage(v words, rules *casework.Rules, form url.Values) *lodgePage {
	return s.lodgePageOf(v, rules.Procedure, form, s.ask(v, rules, form))
}

// faultyLodgePage shows what is wrong. On a narrow screen that is the first question at fault.
func (s *site) faultyLodgePage(v words, rules *casework.Rules, form url.Values, errs []casework.FieldError) *lodgePage {
	ask := s.ask(v, rules, form)
	ask.addProblems(v, errs)
	page := s.lodgePageOf(v, rules.Procedure, form, ask)
	page.Typed, page.Again = true, true
	if i := slices.IndexFunc(page.Questions, question.wrong); i >= 0 {
		page.Questions[0].First = false
		page.Questions[i].First = true
	}
	return page
}

func (s *site) lodgePageOf(v words, p *procedure.Procedure, form url.Values, ask *asked) *lodgePage {
	page := &lodgePage{Action: "/lodge/" + p.ID, Heading: p.Title.In(v.lang), Summary: p.Summary.In(v.lang), Problems: ask.Problems,
		Key: cmp.Or(form.Get("key"), rand.Text()), Questions: ask.questions()}
	page.Title = page.Heading
	return page
}

// asked is what is asked of somebody who brings a matter.
type asked struct {
	Problems []problem
	Inputs   []*input
	Parties  []partySection
}

func (s *site) ask(v words, rules *casework.Rules, form url.Values) *asked {
	return &asked{Inputs: v.lodgeInputs(rules.Procedure, form, s.service.Now().In(rules.Location)), Parties: v.partySections(rules.Procedure, form)}
}

// lodgeInputs are the questions in the order in which people tell: what it is, the particulars, and then where to.
func (v words) lodgeInputs(p *procedure.Procedure, form url.Values, today time.Time) []*input {
	inputs := []*input{
		{ID: "title", Name: "title", Label: v.t("lodge.subject"), Hint: v.t("lodge.subject-hint"), Kind: "string", Required: true, Value: form.Get("title")},
	}
	for _, use := range p.AsksWhenOpening() {
		if importOnly(use) {
			continue
		}
		in := v.fieldInput(p, use, "f-", form)
		inputs = append(inputs, &in)
	}
	return append(inputs, &input{ID: "unit", Name: "unit", Label: v.t("lodge.unit"), Hint: v.t("lodge.unit-hint"), Kind: "select", Required: true,
		Value: form.Get("unit"), Groups: v.unitGroups(p.Open.Units, today, form.Get("unit"), "")})
}

// importOnly reports whether a field repeats what another system recorded, which nobody types by hand. By
// convention the names of such fields begin with source_.
func importOnly(use procedure.FieldUse) bool {
	return !use.Required && strings.HasPrefix(use.Name, "source_")
}

// addProblems puts the service's errors beside what they are about.
func (a *asked) addProblems(v words, errs []casework.FieldError) {
	inputs := slices.Clone(a.Inputs)
	for i := range a.Parties {
		for j := range a.Parties[i].People {
			b := &a.Parties[i].People[j]
			inputs = append(inputs, &b.Name, &b.Phone, &b.Address)
		}
	}
	a.Problems = v.place(inputs, errs, func(field string) string {
		if name, ok := cutField(field); ok {
			return "f-" + name
		}
		if field == "parties" {
			return a.partyAtFault()
		}
		return field
	})
}

// question is one thing that is asked: an input, or the people of one role.
type question struct {
	ID         string
	N, Of      int
	Back, Next string // ids of the questions before and after; "" at the ends
	First      bool   // what a narrow screen shows when the address names no question
	People     bool   // the first about people
	Input      *input
	Party      *partySection
}

func (a *asked) questions() []question {
	var all []question
	for _, in := range a.Inputs {
		all = append(all, question{ID: "q-" + in.ID, Input: in})
	}
	for i := range a.Parties {
		all = append(all, question{ID: "q-p-" + a.Parties[i].Role, Party: &a.Parties[i], People: i == 0})
	}
	for i := range all {
		q := &all[i]
		q.N, q.Of, q.First = i+1, len(all), i == 0
		if i > 0 {
			q.Back = all[i-1].ID
		}
		if i+1 < len(all) {
			q.Next = all[i+1].ID
		}
	}
	return all
}

func (q question) wrong() bool {
	if q.Input != nil {
		return q.Input.Error != ""
	}
	return slices.ContainsFunc(q.Party.People, func(p partyInput) bool {
		return p.Name.Error != "" || p.Phone.Error != "" || p.Address.Error != ""
	})
}
