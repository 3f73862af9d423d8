package portal

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"luoshi/internal/casework/catalogue"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// servicesPage is everything that people can bring themselves, by what they come with.
type servicesPage struct {
	site.Frame
	Words string // that were looked for; "" when nobody looked
	Everyday
	Found  []procedureLink
	Guides []procedureLink
	Needs  []needView
}

func (*servicesPage) Template() string { return "services" }

// needView is the services that people come to with the same need.
type needView struct {
	Need     string
	Services []procedureLink
}

// Services lists what can be brought, with what was found when somebody searched.
func (s *Pages) Services(w http.ResponseWriter, r *http.Request) error {
	v := s.words(site.LanguageOf(r))
	open := catalogue.Open(s.Service.Published())
	page := &servicesPage{Words: s.Sealer.Open(r.URL.Query().Get(sealedWords)), Guides: s.guideLinks(v)}
	page.Title, page.Everyday = v.T("services.title"), v.everyday(open)
	if page.Words != "" {
		page.Found = v.find(open, page.Words)
	}
	at := map[string]int{}
	for _, p := range open {
		link := v.link(p)
		link.Path = link.About
		need := cmp.Or(v.Say(p.Need), v.T("services.other"))
		i, ok := at[need]
		if !ok {
			i = len(page.Needs)
			at[need] = i
			page.Needs = append(page.Needs, needView{Need: need})
		}
		page.Needs[i].Services = append(page.Needs[i].Services, link)
	}
	return s.Render(w, r, http.StatusOK, page)
}

// servicePage is one service: what somebody wants to know before they bring a matter.
type servicePage struct {
	site.Frame
	Heading, Summary string
	Lodge, Rules     string // addresses of the form and of the procedure's page
	Bring            []bringView
	Asked            []askedOf
	People           []string
	Where            string // kinds of office that receive it
	Ways             string // channels
	Limits, Rights   []serviceLimit
	Own              []serviceLimit // that no law sets
	Remedies         []remedyView
	Disagree         string
	Basis            []basisView
}

func (*servicePage) Template() string { return "service" }

type bringView struct {
	Title  string
	Needed bool
}

// askedOf is something that the form asks for.
type askedOf struct {
	Title, Hint string
	Needed      bool
}

// serviceLimit is how long something takes by law.
type serviceLimit struct {
	Title, Period, Longer string
	Basis                 basisView
}

type remedyView struct{ Step, Text string }

// ServicePage shows one service.
func (s *Pages) ServicePage(w http.ResponseWriter, r *http.Request) error {
	p := s.Service.Published()[r.PathValue("id")]
	if p == nil || !catalogue.Anybody(p) {
		return site.ErrNoPage()
	}
	rules, v := s.Service.Rules(p.Key()), s.words(site.LanguageOf(r))
	service := catalogue.Of(p, s.Service.Now().In(rules.Location).Format(time.DateOnly))
	page := &servicePage{Heading: v.Say(p.Title), Summary: v.Say(p.Summary), Lodge: "/lodge/" + p.ID, Rules: "/procedures/" + p.ID,
		Disagree: v.Say(p.Disagree), Where: v.each(p.Open.Units, func(kind, _ string) string { return v.kind(s.Service.Kinds, kind) }), Ways: v.each(p.Open.ForPeople(), procedure.ChannelIn),
		Basis: v.bases(p.Languages[0], p.Basis), Rights: v.serviceLimits(p.Languages[0], service.Rights)}
	page.Title = page.Heading
	lawful := 0 // those by a rule of law come first
	for lawful < len(service.Limits) && service.Limits[lawful].Rule.Basis.Law != "" {
		lawful++
	}
	page.Limits, page.Own = v.serviceLimits(p.Languages[0], service.Limits[:lawful]), v.serviceLimits(p.Languages[0], service.Limits[lawful:])
	for _, b := range p.Bring {
		page.Bring = append(page.Bring, bringView{v.Say(b.Title), b.Needed()})
	}
	for _, use := range p.AsksWhenOpening() {
		if f := p.Field(use.Name); use.Required || !strings.HasPrefix(use.Name, "source_") {
			page.Asked = append(page.Asked, askedOf{v.Say(f.Title), v.Say(f.Hint), use.Required})
		}
	}
	for _, role := range p.Parties {
		if role.Min > 0 {
			page.People = append(page.People, v.Say(role.Title))
		}
	}
	for _, x := range service.Remedies {
		page.Remedies = append(page.Remedies, remedyView{v.Say(x.Step.Title), v.Say(x.Text)})
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (v words) serviceLimits(lang string, limits []catalogue.Limit) []serviceLimit {
	var views []serviceLimit
	for _, l := range limits {
		view := serviceLimit{Title: v.Say(l.Clock.Title), Period: l.Rule.Period.In(v.Lang), Basis: v.basisView(lang, l.Rule.Basis)}
		if e := l.Rule.Extension; e != nil {
			view.Longer = v.longer(e)
		}
		views = append(views, view)
	}
	return views
}

// longer says how a period can be extended.
func (v words) longer(e *procedure.Extension) string {
	if e.Max == 1 {
		return v.T("procedure.extension-once", e.Period.In(v.Lang))
	}
	return v.T("procedure.extension", e.Max, e.Period.In(v.Lang))
}
