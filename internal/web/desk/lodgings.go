package desk

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"luoshi/internal/casework/catalogue"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// lodgingsPage is what somebody on the staff can begin, or of it what their words find, the best first.
type lodgingsPage struct {
	site.Frame
	Words   string // that were looked for; "" when nobody looked
	Search  bool   // there is enough to look through
	Example string // within the empty input; "" where nothing would be found by it
	Kinds   []lodgingLink
	Nothing part.Empty // when there are none
}

func (*lodgingsPage) Template() string { return "lodgings" }

// lodgingLink is one procedure with the address of its form.
type lodgingLink struct{ Path, Title, Summary string }

// soughtWords is the parameter of the address that holds sealed words of a search.
const soughtWords = "find"

// fewLodgings is how many a list holds that nobody needs to search.
const fewLodgings = 3

// Lodgings lists what can be begun.
func (s *Pages) Lodgings(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	open := s.Service.Opens(a)
	page := &lodgingsPage{Words: s.Sealer.Open(r.URL.Query().Get(soughtWords)), Search: len(open) > fewLodgings,
		Nothing: part.Empty{Title: v.T("lodging.none"), Text: v.T("lodging.none-do"), Path: "/desk", Link: v.T("nav.desk")}}
	page.Title, page.Staff = v.T("lodging.title"), v.Account(a.Account.Login)
	if x := v.T("lodging.example"); len(sought(open, x)) > 0 {
		page.Example = v.T("lodging.words-example", x)
	}
	if page.Words != "" {
		open = sought(open, page.Words)
		page.Nothing = part.Empty{Title: v.T("lodging.found-nothing"), Text: v.T("lodging.found-nothing-do"), Path: "/desk/lodge", Link: v.T("lodging.all")}
	} else { // those of the same need stand together
		slices.SortStableFunc(open, func(x, y *procedure.Procedure) int { return cmp.Compare(x.Need.In("en"), y.Need.In("en")) })
	}
	for _, p := range open {
		page.Kinds = append(page.Kinds, lodgingLink{"/desk/lodge/" + p.ID, v.Say(p.Title), v.Say(p.Summary)})
	}
	return s.Render(w, r, http.StatusOK, page)
}

// sought are the procedures that the words find, the best first.
func sought(open []*procedure.Procedure, words string) []*procedure.Procedure {
	byID := map[string]*procedure.Procedure{}
	var offers []catalogue.Offer
	for _, p := range open {
		byID[p.ID] = p
		offers = append(offers, catalogue.Describe(p))
	}
	var found []*procedure.Procedure
	for _, id := range catalogue.NewIndex(offers).Find(words, len(offers)) {
		found = append(found, byID[id])
	}
	return found
}

// FindLodging takes the words and goes on to an address that holds them sealed.
func (s *Pages) FindLodging(_ http.ResponseWriter, r *http.Request, _ office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	words := strings.TrimSpace(form.Get("words"))
	if len(words) > 500 {
		words = words[:500]
	}
	if words = strings.ToValidUTF8(words, ""); words == "" {
		return &site.Redirect{Path: "/desk/lodge"}
	}
	return &site.Redirect{Path: "/desk/lodge?" + soughtWords + "=" + s.Sealer.Seal(words)}
}
