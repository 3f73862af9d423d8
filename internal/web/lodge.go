package web

import (
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

// lodgePage is the form to bring a matter.
type lodgePage struct {
	frame
	Action   string
	Heading  string
	Summary  string
	Problems []problem
	Notice   string
	Key      string // the idempotency key
	Inputs   []*input
	Parties  []partySection
}

func (*lodgePage) template() string { return "lodge" }

// lodgedPage is the answer: number, code and clocks. It is written once, into the answer to the form.
type lodgedPage struct {
	frame
	Number  string
	Code    string
	Receipt string // address, when the party's session could be begun
	Public  string // where it stands
	Unit    string
	Clocks  []clockView
}

func (*lodgedPage) template() string { return "lodged" }

func anybody(w procedure.Who) bool { return w.Relation == "resident" }

// open finds a published procedure that anybody may begin.
func (s *site) open(r *http.Request) (*casework.Rules, error) {
	p := s.service.Published()[r.PathValue("procedure")]
	if p == nil || !slices.ContainsFunc(p.Open.By, anybody) {
		return nil, errNoPage()
	}
	return s.service.Rules(p.Key()), nil
}

func (s *site) lodgeForm(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.open(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, s.newLodgePage(s.words(languageOf(r)), rules, url.Values{}))
}

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
	if form.Has("add") { // one more party, without script
		return s.render(w, r, http.StatusOK, s.newLodgePage(v, rules, form))
	}
	out, err := s.service.Lodge(r.Context(), office.Actor{Resident: true}, lodgingOf(rules.Procedure, form), form.Get("key"))
	if err != nil {
		return s.notLodged(w, r, v, rules, form, err)
	}
	return s.lodged(w, r, v, rules, out)
}

func lodgingOf(p *procedure.Procedure, form url.Values) casework.Lodging {
	return casework.Lodging{Procedure: p.ID, Unit: form.Get("unit"), Channel: "web", Title: lines(form.Get("title")),
		Fields: fieldsOf(form), Parties: partiesOf(p, form)}
}

// notLodged shows the form again with everything typed and what is wrong, when that helps.
func (s *site) notLodged(w http.ResponseWriter, r *http.Request, v words, rules *casework.Rules, form url.Values, err error) error {
	e := casework.AsError(err)
	page := s.newLodgePage(v, rules, form)
	switch e.Kind {
	case casework.Invalid:
		page.addProblems(v, form, e.Fields)
	case casework.KeyReused: // sent once, then changed and sent again: that is another matter
		page.Key = rand.Text()
		page.Notice = v.t("lodge.sent-before")
	case casework.Unavailable, casework.Unknown:
		page.Notice = e.Text.In(v.lang)
		w.Header().Set("Retry-After", retryAfter)
	default:
		return err
	}
	return s.render(w, r, status(err), page)
}

func (s *site) lodged(w http.ResponseWriter, r *http.Request, v words, rules *casework.Rules, out *casework.Outcome) error {
	page := &lodgedPage{Number: out.Matter.Number, Code: out.Code, Unit: v.unit(out.Matter.Unit),
		Clocks: v.clockViews(out.Matter, func(*casework.Clock) *casework.Rules { return rules }, s.service.Now())}
	page.Title = v.t("lodged.title")
	if st := rules.Procedure.State(out.Matter.State); st != nil {
		page.Public = st.Public.In(v.lang)
	}
	if out.Code != "" {
		// What was recorded stands also when no session can be begun: the code opens it later.
		if secret, _, err := s.service.OpenAsParty(r.Context(), out.Matter.Number, out.Code); err == nil {
			begin(w, r, partyCookie, secret, casework.PartySession)
			page.Receipt = "/m/receipts/1"
			page.Party = true
		}
	}
	return s.render(w, r, http.StatusOK, page)
}

func (s *site) newLodgePage(v words, rules *casework.Rules, form url.Values) *lodgePage {
	p := rules.Procedure
	page := &lodgePage{Action: "/lodge/" + p.ID, Heading: p.Title.In(v.lang), Summary: p.Summary.In(v.lang), Key: form.Get("key")}
	page.Title = page.Heading
	if page.Key == "" {
		page.Key = rand.Text()
	}
	today := s.service.Now().In(rules.Location)
	page.Inputs = v.lodgeInputs(p, form, today)
	page.Parties = v.partySections(p, form)
	return page
}

func (v words) lodgeInputs(p *procedure.Procedure, form url.Values, today time.Time) []*input {
	inputs := []*input{
		{ID: "unit", Name: "unit", Label: v.t("lodge.unit"), Hint: v.t("lodge.unit-hint"), Kind: "select", Required: true,
			Value: form.Get("unit"), Groups: v.unitGroups(p.Open.Units, today, form.Get("unit"), "")},
		{ID: "title", Name: "title", Label: v.t("lodge.subject"), Hint: v.t("lodge.subject-hint"), Kind: "string", Required: true, Value: form.Get("title")},
	}
	for _, use := range p.AsksWhenOpening() {
		if importOnly(use) {
			continue
		}
		in := v.fieldInput(p, use, "f-", form)
		inputs = append(inputs, &in)
	}
	return inputs
}

// importOnly reports whether a field repeats what another system recorded, which nobody types by hand. By
// convention the names of such fields begin with source_.
func importOnly(use procedure.FieldUse) bool {
	return !use.Required && strings.HasPrefix(use.Name, "source_")
}

// addProblems puts the service's errors beside what they are about.
func (p *lodgePage) addProblems(v words, form url.Values, errs []casework.FieldError) {
	inputs := slices.Clone(p.Inputs)
	for i := range p.Parties {
		for j := range p.Parties[i].People {
			b := &p.Parties[i].People[j]
			inputs = append(inputs, &b.Name, &b.Phone, &b.Address)
		}
	}
	p.Problems = v.place(inputs, errs, func(field string) string {
		if name, ok := cutField(field); ok {
			return "f-" + name
		}
		if field == "parties" {
			return p.partyAtFault()
		}
		return field
	})
}
