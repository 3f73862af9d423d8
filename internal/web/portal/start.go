package portal

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"luoshi/internal/casework/catalogue"
	"luoshi/internal/number"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// startPage says what this is about, finds what somebody needs by their own words, and offers big choices.
type startPage struct {
	site.Frame
	Words string // that were looked for; "" when nobody looked
	Everyday
	Found   []procedureLink
	Guides  []procedureLink // for who does not know which way to take
	Choices []choice
	More    []choice // beyond mostNeeds, folded
	Empty   bool     // no procedure can be begun online
}

// procedureLink is one thing that somebody can do, with the address where it begins, and, of a service, that of the page that
// says what to know first.
type procedureLink struct{ Path, Title, Summary, About string }

// choice is one big choice. It leads to a page or, with several procedures, unfolds them.
type choice struct {
	procedureLink
	Procedures []procedureLink
}

// mostNeeds is how many needs stand on the start page unfolded.
const mostNeeds = 5

// sealedWords is the parameter of the start page's address that holds sealed words of a search.
const sealedWords = "find"

func (*startPage) Template() string { return "start" }

// Start shows where everything begins, with what was found when somebody searched.
func (s *Pages) Start(w http.ResponseWriter, r *http.Request) error {
	v := s.words(site.LanguageOf(r))
	p := &startPage{Words: s.Sealer.Open(r.URL.Query().Get(sealedWords))}
	p.Title = v.T("start.title")
	open := catalogue.Open(s.Service.Published())
	p.Guides, p.Everyday = s.guideLinks(v), v.everyday(open)
	needs := v.needs(open)
	p.Empty = len(needs) == 0
	p.Choices = slices.Concat(needs[:min(len(needs), mostNeeds)], []choice{
		{procedureLink: procedureLink{Path: "/follow", Title: v.T("start.follow"), Summary: v.T("start.follow-text")}},
		{procedureLink: procedureLink{Path: "/verify", Title: v.T("start.verify"), Summary: v.T("start.verify-text")}},
	})
	p.More = needs[min(len(needs), mostNeeds):]
	if p.Words != "" {
		p.Found = v.find(open, p.Words)
	}
	return s.Render(w, r, http.StatusOK, p)
}

// Find takes the words and goes on to an address that holds them sealed: what somebody has trouble with is
// personal. A matter's number leads to where it is followed, behind the # that browsers keep to themselves.
func (s *Pages) Find(_ http.ResponseWriter, r *http.Request) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	words := strings.TrimSpace(form.Get("words"))
	if n, err := number.Parse(words); err == nil {
		return &site.Redirect{Path: "/follow" + site.NumberFragment(n)}
	}
	if len(words) > 500 {
		words = words[:500]
	}
	at := r.URL.Path // the start page or the catalogue
	if words = strings.ToValidUTF8(words, ""); words == "" {
		return &site.Redirect{Path: at}
	}
	return &site.Redirect{Path: at + "?" + sealedWords + "=" + s.Sealer.Seal(words) + "#found"}
}

// needs puts together the procedures that people come to with the same need.
func (v words) needs(open []*procedure.Procedure) []choice {
	var needs []choice
	at := map[string]int{}
	for _, p := range open {
		link := v.link(p)
		need := cmp.Or(v.Say(p.Need), link.Title)
		i, ok := at[need]
		if !ok {
			i = len(needs)
			at[need] = i
			needs = append(needs, choice{procedureLink: procedureLink{Path: link.Path, Title: need, Summary: link.Summary, About: link.About}})
		}
		needs[i].Procedures = append(needs[i].Procedures, link)
	}
	for i := range needs {
		if len(needs[i].Procedures) == 1 {
			needs[i].Procedures = nil
		} else {
			needs[i].Path, needs[i].Summary, needs[i].About = "", "", ""
		}
	}
	return needs
}

func (v words) link(p *procedure.Procedure) procedureLink {
	return procedureLink{"/lodge/" + p.ID, v.Say(p.Title), v.Say(p.Summary), "/services/" + p.ID}
}
