package portal

import (
	"slices"
	"strings"

	"luoshi/internal/casework/catalogue"
	"luoshi/internal/procedure"
)

// mostFound is how many things a search shows.
const mostFound = 5

// find ranks the services, and what else can be done here, by how many of the words they have.
func (v words) find(open []*procedure.Procedure, query string) []procedureLink {
	links := map[string]procedureLink{}
	var offers []catalogue.Offer
	for _, p := range open {
		links[p.ID] = v.link(p)
		offers = append(offers, catalogue.Describe(p))
	}
	for _, at := range []struct {
		procedureLink
		words string
	}{
		{procedureLink{Path: "/follow", Title: v.T("start.follow"), Summary: v.T("start.follow-text")}, v.T("start.follow-words")},
		{procedureLink{Path: "/follow/lost", Title: v.T("start.lost"), Summary: v.T("start.lost-text")}, v.T("start.lost-words")},
		{procedureLink{Path: "/verify", Title: v.T("start.verify"), Summary: v.T("start.verify-text")}, v.T("start.verify-words")},
		{procedureLink{Path: "/procedures", Title: v.T("start.procedures"), Summary: v.T("start.procedures-text")}, v.T("start.procedures-words")},
	} {
		links[at.Path] = at.procedureLink
		offers = append(offers, catalogue.Offer{ID: at.Path, Heading: []string{at.Title, at.words}, Body: []string{at.Summary}})
	}
	var found []procedureLink
	for _, id := range catalogue.NewIndex(offers).Find(query, mostFound) {
		found = append(found, links[id])
	}
	return found
}

// Everyday shows by example how to say what it is about, with words for which there is something here.
type Everyday struct {
	Example string // within the empty input; "" where it would be found by nothing
	Simpler string // what to do when nothing was found
}

func (v words) everyday(open []*procedure.Procedure) Everyday {
	all := strings.FieldsFunc(v.T("start.everyday-words"), func(r rune) bool { return r == '、' || r == ',' })
	e := Everyday{Simpler: v.T("start.found-simpler")}
	var helpful []string
	for i, word := range all {
		word = strings.TrimSpace(word)
		if !slices.ContainsFunc(open, func(p *procedure.Procedure) bool { return strings.Contains(p.Words.In(v.Lang), word) }) {
			continue
		}
		helpful = append(helpful, "“"+word+"”")
		if i == 0 {
			e.Example = v.T("start.words-example")
		}
	}
	if len(helpful) > 0 {
		e.Simpler = v.T("start.found-simpler-such", strings.Join(helpful, v.T("list")))
	}
	return e
}
