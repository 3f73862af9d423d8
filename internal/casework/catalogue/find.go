package catalogue

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"luoshi/internal/procedure"
	"luoshi/internal/search"
)

// What a word of a search is worth where it is found.
const (
	exactly    = 3.0 // in title, words or choices
	beginning  = 2.0 // the same, of a word that begins alike: wage, wages
	mistyped   = 1.5 // the same, of a word with a letter or two wrong
	inSummary  = 0.6
	character  = 0.3 // one character of Chinese alone, where the pair it stands in is found nowhere
	leastScore = 1.0 // below, a word of the summary that says nothing was all that fitted
	leastStem  = 4   // letters that two words must begin with to be alike
)

// Offer is one thing that can be found.
type Offer struct {
	ID      string
	Heading []string // what it is called and the words for it
	Body    []string // what is said about it
}

// Describe is how a procedure is found: by title, words and choices, and less by summary, need and what to bring.
func Describe(p *procedure.Procedure) Offer {
	o := Offer{ID: p.ID, Heading: append(spoken(p.Title, p.Words), choices(p)...), Body: spoken(p.Summary, p.Need)}
	for _, b := range p.Bring {
		o.Body = append(o.Body, spoken(b.Title)...)
	}
	return o
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

// Index finds offers. It is immutable.
type Index struct{ offers []indexed }

type indexed struct {
	id            string
	heading, body map[string]bool
	latin         []string // words of the heading in Latin letters
}

// NewIndex makes the offers ready to be found. Of two that fit as well the one given first comes first.
func NewIndex(offers []Offer) *Index {
	x := &Index{}
	for _, o := range offers {
		i := indexed{id: o.ID, heading: map[string]bool{}, body: map[string]bool{}}
		for _, token := range search.Tokens(strings.Join(o.Heading, "\n")) {
			i.heading[token] = true
			if token[0] < 0x80 {
				i.latin = append(i.latin, token)
			}
		}
		for _, token := range search.Tokens(strings.Join(o.Body, "\n")) {
			i.body[token] = true
		}
		x.offers = append(x.offers, i)
	}
	return x
}

// Find ranks the offers by how many of the words they have, and gives the ids of at most most of them. Unlike a search in
// matters, which must have all words, it takes a sentence as people say it: "my boss does not pay my wages". A word that
// few offers have counts more.
func (x *Index) Find(query string, most int) []string {
	score, perhaps := make([]float64, len(x.offers)), make([]float64, len(x.offers))
	for _, token := range search.Query(query) {
		if says(token) && x.weigh(score, token, (*indexed).fit) || token[0] < 0x80 {
			continue
		}
		for _, r := range token { // a pair that nobody has: perhaps one of the two was mistyped
			x.weigh(perhaps, string(r), func(o *indexed, c string) float64 {
				if o.heading[c] {
					return character
				}
				return 0
			})
		}
	}
	var order []int
	for i := range x.offers {
		if score[i] > 0 { // characters alone say nothing
			score[i] += perhaps[i]
		}
		if score[i] >= leastScore {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	var found []string
	for _, i := range order[:min(len(order), most)] {
		found = append(found, x.offers[i].id)
	}
	return found
}

// weigh adds to every offer what it gets for one token, and reports whether any got something.
func (x *Index) weigh(score []float64, token string, fit func(*indexed, string) float64) bool {
	fits, n := make([]float64, len(x.offers)), 0
	for i := range x.offers {
		if fits[i] = fit(&x.offers[i], token); fits[i] > 0 {
			n++
		}
	}
	for i := range score {
		score[i] += fits[i] * math.Log(1+float64(len(x.offers))/float64(max(n, 1)))
	}
	return n > 0
}

func (o *indexed) fit(token string) float64 {
	switch {
	case o.heading[token]:
		return exactly
	case slices.ContainsFunc(o.latin, func(t string) bool { return alike(t, token) }):
		return beginning
	case slices.ContainsFunc(o.latin, func(t string) bool { return nearly(t, token) }):
		return mistyped
	case o.body[token]:
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
	return len(a) >= stem && len(b)-len(a) <= 3 && strings.HasPrefix(b, a[:stem])
}

// nearly reports whether two words of Latin letters are the same but for a slip of typing: one letter wrong, missing, too
// many or two changed about in a word of five letters or more, two slips in one of nine or more. The first letter is
// seldom wrong, and has to fit.
func nearly(a, b string) bool {
	allowed := 0
	switch n := min(len(a), len(b)); {
	case n >= 9:
		allowed = 2
	case n >= 5:
		allowed = 1
	}
	if allowed == 0 || a[0] != b[0] || len(a)-len(b) > allowed || len(b)-len(a) > allowed {
		return false
	}
	return slips(a, b) <= allowed
}

// slips counts the slips between two words: the optimal string alignment distance (G. Navarro, A Guided Tour to
// Approximate String Matching, 2001, §2).
func slips(a, b string) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
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
