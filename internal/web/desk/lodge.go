package desk

import (
	"cmp"
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// lodgePage is the form by which somebody on the staff begins a matter: all on one page.
type lodgePage struct {
	site.Frame
	Action   string
	Heading  string
	Summary  string
	Problems []site.Problem
	Key      string // the idempotency key
	Unit     string // the one office it can be for; "" when there is a choice
	Issuer   string // the one office that can issue it; "" when there is a choice, or matters are not issued
	Came     []*site.Input
	Inputs   []*site.Input
	Parties  []matter.PartySection
	Files    bool   // files may be sent with it
	Demand   string // what townships report already, of directives
	Fresh    bool   // nothing in it was typed: a draft of the tab is newer
}

func (*lodgePage) Template() string { return "lodging" }

// deskForm is the form of a procedure by which the person may begin something.
func (s *Pages) deskForm(r *http.Request, a office.Actor) (*matter.DeskForm, error) {
	p := s.Service.Published()[r.PathValue("procedure")]
	if p == nil || len(p.Open.ForPeople()) == 0 {
		return nil, site.ErrNoPage()
	}
	d := &matter.DeskForm{Rules: s.Service.Rules(p.Key()), Units: s.Service.OpensAt(a, p), Form: url.Values{}}
	for _, code := range s.Service.IssuingUnits(a, p.ID) {
		u, _ := s.Service.Tree().Unit(code)
		d.As = append(d.As, u)
	}
	if len(d.Units) == 0 {
		return nil, &casework.Error{Kind: casework.NotAllowed, Code: "may-not-open", Text: procedure.Text{
			"zh": "您不能登记这类事项。能登记的在“登记”页面上。", "en": "You may not record matters of this kind. Those you may are listed under “New matter”."}}
	}
	own, name := d.Units, "unit"
	if len(d.As) > 0 {
		own, name = d.As, "issuer"
	}
	d.Near = own[0].Code
	for _, g := range a.Account.Grants {
		if slices.ContainsFunc(own, func(u office.Unit) bool { return u.Code == g.Unit }) {
			d.Near = g.Unit
			d.Form.Set(name, g.Unit) // the office they sit in, until they choose another
			break
		}
	}
	return d, nil
}

// LodgeForm shows the empty form.
func (s *Pages) LodgeForm(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	d, err := s.deskForm(r, a)
	if err != nil {
		return err
	}
	page := newLodgePage(s.words(site.LanguageOf(r)), a, d, nil)
	page.Fresh = true
	return s.showLodging(w, r, d, page, http.StatusOK)
}

// Lodge records the matter, or shows the form again with all that was typed.
func (s *Pages) Lodge(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	d, err := s.deskForm(r, a)
	if err != nil {
		return err
	}
	sent, err := s.Posted(w, r, a)
	if err != nil {
		return err
	}
	d.Form = sent.Form
	v := s.words(site.LanguageOf(r))
	l, faults := d.Lodging(), append(sent.Faults, d.Faults()...)
	switch {
	case len(sent.Faults) == 0 && (d.Form.Has("add") || matter.LookedFor(d.Form) != ""): // one more party, or other offices
		return s.showLodging(w, r, d, newLodgePage(v, a, d, nil), http.StatusOK)
	case len(faults) > 0:
		return s.lodgeAgain(w, r, v, a, d, s.Faulty(r, a, l, faults))
	}
	out, err := s.Service.Lodge(r.Context(), a, l, d.Form.Get("key"))
	if err != nil {
		return s.lodgeAgain(w, r, v, a, d, err)
	}
	return s.lodged(w, r, v, a, out)
}

// lodgeAgain shows the form with what is wrong, or to be sent again.
func (s *Pages) lodgeAgain(w http.ResponseWriter, r *http.Request, v words, a office.Actor, d *matter.DeskForm, err error) error {
	e := casework.AsError(err)
	switch e.Kind {
	case casework.Invalid:
		return s.showLodging(w, r, d, newLodgePage(v, a, d, e.Fields), site.Status(err))
	case casework.KeyReused, casework.Unavailable, casework.Unknown:
	default:
		return err
	}
	page := newLodgePage(v, a, d, nil)
	if e.Kind == casework.KeyReused { // sent once, then changed and sent again: that is another matter
		page.Key = rand.Text()
		page.Problems = []site.Problem{{Text: v.T("lodging.sent-before")}}
	} else {
		page.Problems = []site.Problem{{Text: e.Text.In(v.Lang)}}
		w.Header().Set("Retry-After", site.RetryAfter)
	}
	return s.showLodging(w, r, d, page, site.Status(err))
}

// showLodging shows the form; that of a directive says what townships report already.
func (s *Pages) showLodging(w http.ResponseWriter, r *http.Request, d *matter.DeskForm, page *lodgePage, status int) error {
	if d.Rules.Procedure.ID == casework.Directives {
		issuer := cmp.Or(d.Lodging().Issuer, d.Near)
		var err error
		if page.Demand, err = s.Demanded(r.Context(), s.words(site.LanguageOf(r)).Words, issuer); err != nil {
			return err
		}
	}
	return s.Render(w, r, status, page)
}

func newLodgePage(v words, a office.Actor, d *matter.DeskForm, errs []casework.FieldError) *lodgePage {
	p := d.Rules.Procedure
	ask, came := v.AskAtDesk(d)
	ask.AddProblems(v.Words, errs)
	page := &lodgePage{Action: "/desk/lodge/" + p.ID, Heading: v.Say(p.Title), Summary: v.Say(p.Summary), Problems: ask.Problems,
		Key: cmp.Or(d.Form.Get("key"), rand.Text()), Came: ask.Inputs[:came], Inputs: ask.Inputs[came:], Parties: ask.Parties,
		Files: site.HasFileInput(ask.Inputs)}
	if len(d.Units) == 1 {
		page.Unit = v.Unit(d.Units[0].Code)
	}
	if len(d.As) == 1 {
		page.Issuer = v.Unit(d.As[0].Code)
	}
	page.Title, page.Staff = page.Heading, v.Account(a.Account.Login)
	return page
}

// lodgedPage is the answer: number and receipt, and, for a party who may follow it, a slip with the query code to hand over.
// It is written once, into the answer to the form; the same form sent again gets the same answer.
type lodgedPage struct {
	site.Frame
	Number      string
	Code        string // "" when nobody follows it by a code
	For         string // whose code it is
	QR          *site.QrView
	Follow      string // address to follow it at, as people type it
	Receipt     template.URL
	ReceiptName string
	Procedure   string
	Public      string // where it stands, as it is said to the party
	Unit        string
	Recorded    string
	More        bool   // others may follow it too, and have no code yet
	Matter      string // address of the matter; "" for those who may not see it
	Another     string // address of the empty form
}

func (*lodgedPage) Template() string { return "handover" }

func (s *Pages) lodged(w http.ResponseWriter, r *http.Request, v words, a office.Actor, out *casework.Outcome) error {
	m := out.Matter
	rules := s.Service.Rules(m.Procedure)
	p := rules.Procedure
	page := &lodgedPage{Number: m.Number, Code: out.Code, Procedure: v.Say(p.Title), Unit: v.Unit(m.Unit),
		Recorded: v.Recorded(out.Entry.Act.Time, rules.Location), ReceiptName: matter.ReceiptName(m.Number, out.Entry.Act.Seq),
		Another: "/desk/lodge/" + p.ID}
	var err error
	if page.Receipt, err = matter.ReceiptLink(out.Receipt); err != nil {
		return err
	}
	if st := p.State(m.State); st != nil {
		page.Public = v.Say(st.Public)
	}
	if a.ReadScope(v.Staff.Tree).Covers(m.Unit, m.Number) {
		page.Matter = "/desk/m/" + m.Number
	}
	if out.Code != "" {
		page.QR = site.NewQR(site.FollowAddress(r, m.Number))
		page.Follow, _, _ = strings.Cut(site.FollowAddress(r, m.Number), "#")
	}
	for i, ref := range m.Roles {
		role := p.PartyRole(ref.Role)
		switch {
		case role == nil || !role.Sees || out.Code == "":
		case page.For == "" && ref.Code != "":
			page.For = partyLabel(v, role, m, i)
		default:
			page.More = true
		}
	}
	page.Title, page.Staff = v.T("handover.title"), v.Account(a.Account.Login)
	return s.Render(w, r, http.StatusOK, page)
}
