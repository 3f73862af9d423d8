package portal

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
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// lodgePage is the form to bring a matter: all questions on one page, of which a narrow screen shows one at a time.
type lodgePage struct {
	site.Frame
	Action    string
	Heading   string
	Summary   string
	Problems  []site.Problem
	Key       string // the idempotency key
	Questions []question
	Sent      string // number of the same kind of matter that was sent from here just now: somebody went back
	Typed     bool   // the answers came with the request: they are newer than a draft on the device
	Files     bool   // files may be sent with it
	Again     bool   // answers were looked at before: from every question a way leads back there
}

func (*lodgePage) Template() string { return "lodge" }

func anybody(w procedure.Who) bool { return w.Relation == "resident" }

// open finds a published procedure that anybody may begin.
func (s *Pages) open(r *http.Request) (*casework.Rules, error) {
	p := s.Service.Published()[r.PathValue("procedure")]
	if p == nil || !slices.ContainsFunc(p.Open.By, anybody) {
		return nil, site.ErrNoPage()
	}
	return s.Service.Rules(p.Key()), nil
}

// LodgeForm shows the empty form. How many people of a role it asks for may stand in the address, so that a draft with
// more of them finds room; so may what kind of matter it is, when a guide leads here.
func (s *Pages) LodgeForm(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.open(r)
	if err != nil {
		return err
	}
	form := url.Values{}
	for key, values := range r.URL.Query() {
		if strings.HasPrefix(key, "n.") || begins(rules.Procedure, key) {
			form[key] = values
		}
	}
	page := s.newLodgePage(s.words(site.LanguageOf(r)), rules, form)
	if last, ok := s.lastSlip(r); ok && last.procedure == rules.Procedure.ID {
		page.Sent = last.number
	}
	return s.Render(w, r, http.StatusOK, page)
}

// begins reports whether a form may begin with what the address says of an input: a choice that says nothing of a person.
func begins(p *procedure.Procedure, input string) bool {
	name, ok := strings.CutPrefix(input, "f.")
	f := p.Field(name)
	return ok && f != nil && f.Type == procedure.TypeChoice && f.Class == procedure.ClassPlain
}

// What the form asks for besides sending: the value of its parameter `to`.
const (
	toCheck  = "check"  // show all answers before they are sent
	toChange = "change" // back to the questions
)

// Lodge records the matter, or shows the answers or the questions again. All three carry every answer with them,
// so that they work without script and nothing is kept here before it is sent.
func (s *Pages) Lodge(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.open(r)
	if err != nil {
		return err
	}
	resident := office.Actor{Resident: true}
	sent, err := s.Posted(w, r, resident)
	if err != nil {
		return err
	}
	form := sent.Form
	v := s.words(site.LanguageOf(r))
	l := matter.LodgingOf(rules.Procedure, form)
	switch {
	case len(sent.Faults) > 0: // a file that was not taken; what else is wrong is said too
		return s.notLodged(w, r, v, rules, form, s.Faulty(r, resident, l, sent.Faults))
	case form.Has("add"), form.Get("to") == toChange: // one more party, or another answer, without script
		page := s.newLodgePage(v, rules, form)
		page.Typed, page.Again = true, form.Get("to") == toChange
		return s.Render(w, r, http.StatusOK, page)
	case form.Get("to") == toCheck:
		if err := s.Service.CheckLodging(r.Context(), resident, l); err != nil {
			return s.notLodged(w, r, v, rules, form, err)
		}
		site.Begin(w, r, site.ProbeCookie, "1", time.Hour)
		return s.Render(w, r, http.StatusOK, s.newAnswersPage(v, rules, form))
	}
	out, err := s.Service.Lodge(r.Context(), resident, l, form.Get("key"))
	if err != nil {
		return s.notLodged(w, r, v, rules, form, err)
	}
	return s.lodged(w, r, v, rules, out)
}

// notLodged shows the questions again with everything typed and what is wrong; or, when nothing is wrong with the
// answers, these, to be sent again.
func (s *Pages) notLodged(w http.ResponseWriter, r *http.Request, v words, rules *casework.Rules, form url.Values, err error) error {
	e := casework.AsError(err)
	switch e.Kind {
	case casework.Invalid:
		return s.Render(w, r, site.Status(err), s.faultyLodgePage(v, rules, form, e.Fields))
	case casework.KeyReused, casework.Unavailable, casework.Unknown:
	default:
		return err
	}
	page := s.newAnswersPage(v, rules, form)
	if e.Kind == casework.KeyReused { // sent once, then changed and sent again: that is another matter
		page.renew()
		page.Notice = v.T("lodge.sent-before")
	} else {
		page.Notice = e.Text.In(v.Lang)
		w.Header().Set("Retry-After", site.RetryAfter)
	}
	return s.Render(w, r, site.Status(err), page)
}

func (s *Pages) newLodgePage(v words, rules *casework.Rules, form url.Values) *lodgePage {
	return s.lodgePageOf(v, rules.Procedure, form, s.Ask(v.Words, rules, form))
}

// faultyLodgePage shows what is wrong. On a narrow screen that is the first question at fault.
func (s *Pages) faultyLodgePage(v words, rules *casework.Rules, form url.Values, errs []casework.FieldError) *lodgePage {
	ask := s.Ask(v.Words, rules, form)
	ask.AddProblems(v.Words, errs)
	page := s.lodgePageOf(v, rules.Procedure, form, ask)
	page.Typed, page.Again = true, true
	if i := slices.IndexFunc(page.Questions, question.wrong); i >= 0 {
		page.Questions[0].First = false
		page.Questions[i].First = true
	}
	return page
}

func (s *Pages) lodgePageOf(v words, p *procedure.Procedure, form url.Values, ask *matter.Asked) *lodgePage {
	page := &lodgePage{Action: "/lodge/" + p.ID, Heading: v.Say(p.Title), Summary: v.Say(p.Summary), Problems: ask.Problems,
		Key: cmp.Or(form.Get("key"), rand.Text()), Questions: questions(ask), Files: site.HasFileInput(ask.Inputs)}
	page.Title = page.Heading
	return page
}

// question is one thing that is asked: an input, or the people of one role.
type question struct {
	ID         string
	N, Of      int
	Back, Next string // ids of the questions before and after; "" at the ends
	First      bool   // what a narrow screen shows when the address names no question
	People     bool   // the first about people
	Input      *site.Input
	Party      *matter.PartySection
}

// questions are what is asked, one after the other.
func questions(a *matter.Asked) []question {
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
	return slices.ContainsFunc(q.Party.People, func(p matter.PartyInput) bool {
		return p.Name.Error != "" || p.Phone.Error != "" || p.Address.Error != ""
	})
}
