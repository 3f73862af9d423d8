package portal

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"luoshi/internal/procedure"
	"luoshi/internal/search"
)

// finding weighs what a search on the start page found.
const (
	exactly    = 3.0 // in title, need, words or choices
	beginning  = 2.0 // the same, of a word that begins alike: wage, wages
	inSummary  = 0.5
	leastScore = 1.0 // below, a word of the summary that says nothing was all that fitted
	mostFound  = 5
	leastStem  = 4 // letters that two words must begin with to be alike
)

// offer is one thing that can be found, with the tokens it is found by.
type offer struct {
	procedureLink
	heading, body []string
}

// find ranks the procedures, and what else can be done here, by how many of the words they have. Unlike a search in
// matters, which must have all words, it takes a sentence as people say it: "my boss does not pay my wages".
// A word that few offers have counts more.
func (v words) find(open []*procedure.Procedure, query string) []procedureLink {
	offers := v.offers(open)
	score := make([]float64, len(offers))
	for _, token := range search.Query(query) {
		if says(token) {
			weigh(score, offers, token)
		}
	}
	var order []int
	for i := range offers {
		if score[i] >= leastScore {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	var found []procedureLink
	for _, i := range order[:min(len(order), mostFound)] {
		found = append(found, offers[i].procedureLink)
	}
	return found
}

// weigh adds to every offer what it gets for one token.
func weigh(score []float64, offers []offer, token string) {
	fits, n := make([]float64, len(offers)), 0
	for i := range offers {
		if fits[i] = offers[i].fit(token); fits[i] > 0 {
			n++
		}
	}
	for i := range score {
		score[i] += fits[i] * math.Log(1+float64(len(offers))/float64(max(n, 1)))
	}
}

func (p *offer) fit(token string) float64 {
	switch {
	case slices.Contains(p.heading, token):
		return exactly
	case slices.ContainsFunc(p.heading, func(t string) bool { return alike(t, token) }):
		return beginning
	case slices.Contains(p.body, token):
		return inSummary
	}
	return 0
}

// alike reports whether one of two words of Latin letters begins with the other, or both begin alike but for an ending of
// two letters: noise and noisy.
func alike(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	stem := max(leastStem, len(a)-2)
	return len(a) >= stem && a[0] < 0x80 && len(b)-len(a) <= 3 && strings.HasPrefix(b, a[:stem])
}

// says reports whether a token can tell one need from another. English words of one or two letters, and those that stand in
// every sentence, cannot.
func says(token string) bool {
	if token[0] >= 0x80 {
		return true
	}
	return len(token) > 2 && !slices.Contains(strings.Fields("the and for not was has had have that this are but you your how what why who when with can cannot could does "+
		"did don will would get got about from they them their she her his him our out too very want need please there been into over all any some"), token)
}

// offers are the procedures and the other things that can be done here.
func (v words) offers(open []*procedure.Procedure) []offer {
	var offers []offer
	for _, p := range open {
		heading := append(spoken(p.Title, p.Words), choices(p)...)
		offers = append(offers, offer{v.link(p), search.Tokens(strings.Join(heading, "\n")), search.Tokens(strings.Join(spoken(p.Summary, p.Need), "\n"))})
	}
	for _, at := range []struct {
		procedureLink
		words string
	}{
		{procedureLink{"/follow", v.T("start.follow"), v.T("start.follow-text")}, v.T("start.follow-words")},
		{procedureLink{"/follow/lost", v.T("start.lost"), v.T("start.lost-text")}, v.T("start.lost-words")},
		{procedureLink{"/verify", v.T("start.verify"), v.T("start.verify-text")}, v.T("start.verify-words")},
		{procedureLink{"/procedures", v.T("start.procedures"), v.T("start.procedures-text")}, v.T("start.procedures-words")},
	} {
		offers = append(offers, offer{at.procedureLink, search.Tokens(at.Title + "\n" + at.words), search.Tokens(at.Summary)})
	}
	return offers
}

// spoken are texts in all their languages: people look for things in theirs, whichever the page is in.
func spoken(texts ...procedure.Text) []string {
	var all []string
	for _, t := range texts {
		for _, lang := range slices.Sorted(maps.Keys(t)) {
			all = append(all, t[lang])
		}
	}
	return all
}

// choices are the titles of the answers that can be given when a matter is brought.
func choices(p *procedure.Procedure) []string {
	var all []string
	for _, use := range p.AsksWhenOpening() {
		for _, c := range p.Field(use.Name).Choices {
			all = append(all, spoken(c.Title)...)
		}
	}
	return all
}
