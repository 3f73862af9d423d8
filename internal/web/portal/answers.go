package portal

import (
	"cmp"
	"crypto/rand"
	"net/url"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// answersPage shows all answers before they are sent. It carries them as hidden inputs: they are nowhere else.
type answersPage struct {
	site.Frame
	Action  string
	Heading string
	Notice  string // why they were not recorded
	Answers []answerView
	Hidden  []site.Hidden
}

// answerView is a question with its answer. Change is where it can be changed: the question's id.
type answerView struct {
	Label, Text, Change string
	People              []matter.PartyView // instead of Text
	Files               []site.FileItem    // likewise
}

func (*answersPage) Template() string { return "answers" }

func (s *Pages) newAnswersPage(v words, rules *casework.Rules, form url.Values) *answersPage {
	p := rules.Procedure
	page := &answersPage{Action: "/lodge/" + p.ID, Heading: v.Say(p.Title), Hidden: carried(form)}
	page.Title = v.T("answers.title")
	for _, q := range questions(s.Ask(v.Words, rules, form)) {
		a := answerView{Change: q.ID}
		if q.Party != nil {
			a.Label = q.Party.Title
			for _, party := range matter.PartiesOf(p, form) {
				if party.Role == q.Party.Role {
					a.People = append(a.People, matter.PartyView{Name: party.Name, Phone: party.Phone, Address: party.Address})
				}
			}
		} else {
			a.Label, a.Text = q.Input.Label, v.said(q.Input)
			if q.Input.Files != nil {
				a.Files = q.Input.Files.Items
			}
		}
		page.Answers = append(page.Answers, a)
	}
	return page
}

// renew gives the answers a new idempotency key.
func (p *answersPage) renew() {
	for i := range p.Hidden {
		if p.Hidden[i].Name == "key" {
			p.Hidden[i].Value = rand.Text()
		}
	}
}

// said is an answer in words.
func (v words) said(in *site.Input) string {
	options := slices.Clone(in.Options)
	for _, g := range in.Groups {
		options = append(options, g.Options...)
	}
	for _, o := range options {
		if o.Value == in.Value && in.Value != "" {
			return o.Label
		}
	}
	if in.Kind == procedure.TypeDate && in.Value != "" {
		return v.IsoDay(in.Value)
	}
	return site.Lines(in.Value)
}

// carried is a form as hidden inputs, but for what says which button was pressed. An idempotency key is added where
// there is none: what is sent twice from here is one matter.
func carried(form url.Values) []site.Hidden {
	all := []site.Hidden{{Name: "key", Value: cmp.Or(form.Get("key"), rand.Text())}}
	for _, h := range site.HiddenOf(form, func(name, value string) bool {
		return name != "key" && name != "to" && name != "add" && value != ""
	}) {
		all = append(all, site.Hidden{Name: h.Name, Value: site.Lines(h.Value)})
	}
	return all
}
