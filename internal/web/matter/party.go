package matter

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// PartySection asks for the people of one role.
type PartySection struct {
	Role     string
	Title    string
	Optional bool
	Count    int
	More     bool // one more may be added
	People   []PartyInput
}

// PartyInput asks for one person.
type PartyInput struct {
	Legend               string
	Name, Phone, Address site.Input
}

// people is how many blocks a role has on the form: what the procedure asks for at least, what was there
// before, and one more when that was asked for.
func people(r *procedure.PartyRole, form url.Values) int {
	n, _ := strconv.Atoi(form.Get("n." + r.Role))
	n = max(n, r.Min, 1)
	if form.Get("add") == r.Role {
		n++
	}
	return min(n, limitOf(r))
}

func limitOf(r *procedure.PartyRole) int {
	if r.Max == 0 {
		return casework.MaxParties
	}
	return min(r.Max, casework.MaxParties)
}

// PartySections asks for the people of every role.
func (v Words) PartySections(p *procedure.Procedure, form url.Values) []PartySection {
	var sections []PartySection
	for i := range p.Parties {
		r := &p.Parties[i]
		n := people(r, form)
		sec := PartySection{Role: r.Role, Title: v.Say(r.Title), Optional: r.Min == 0, Count: n, More: n < limitOf(r)}
		for j := range n {
			sec.People = append(sec.People, v.partyInput(r, i, j, n, form))
		}
		sections = append(sections, sec)
	}
	return sections
}

func (v Words) partyInput(r *procedure.PartyRole, section, j, n int, form url.Values) PartyInput {
	name := func(part string) string { return fmt.Sprintf("p.%s.%d.%s", r.Role, j, part) }
	ask := func(part, label, complete string) site.Input {
		if section > 0 || j > 0 {
			complete = "off" // only the first person is the one who fills in the form
		}
		return site.Input{ID: strings.ReplaceAll(name(part), ".", "-"), Name: name(part), Label: label, Kind: "string",
			Value: form.Get(name(part)), Complete: complete, Unmarked: r.Min == 0}
	}
	in := PartyInput{Legend: v.Say(r.Title), Name: ask("name", v.T("party.name"), "name"),
		Phone: ask("phone", v.T("party.phone"), "tel"), Address: ask("address", v.T("party.address"), "street-address")}
	in.Phone.Kind = "tel"
	in.Name.Required = j < r.Min
	if n > 1 {
		in.Legend = v.T("party.nth", in.Legend, j+1)
	}
	in.Name.Of, in.Phone.Of, in.Address.Of = in.Legend, in.Legend, in.Legend
	return in
}

// PartiesOf reads the people from a posted form. Blocks left empty are nobody, unless the procedure asks for
// the person.
func PartiesOf(p *procedure.Procedure, form url.Values) []casework.Party {
	var parties []casework.Party
	for i := range p.Parties {
		r := &p.Parties[i]
		n, _ := strconv.Atoi(form.Get("n." + r.Role))
		for j := range min(n, limitOf(r)) {
			get := func(part string) string { return form.Get(fmt.Sprintf("p.%s.%d.%s", r.Role, j, part)) }
			party := casework.Party{Role: r.Role, Name: get("name"), Phone: get("phone"), Address: get("address")}
			if j < r.Min || party.Name != "" || party.Phone != "" || party.Address != "" {
				parties = append(parties, party)
			}
		}
	}
	return parties
}

// partyAtFault finds the input that an error about the parties is about: a text that is too long, or a name
// that is missing.
func (a *Asked) partyAtFault() string {
	tooLong := func(in *site.Input) bool { return utf8.RuneCountInString(in.Value) > casework.MaxParty }
	missing := ""
	for i := range a.Parties {
		for j := range a.Parties[i].People {
			b := &a.Parties[i].People[j]
			for _, in := range []*site.Input{&b.Name, &b.Phone, &b.Address} {
				if tooLong(in) && in.Error == "" {
					return in.ID
				}
			}
			named := b.Phone.Value != "" || b.Address.Value != "" || b.Name.Required
			if missing == "" && strings.TrimSpace(b.Name.Value) == "" && named && b.Name.Error == "" {
				missing = b.Name.ID
			}
		}
	}
	return missing
}

func cutField(field string) (string, bool) { return strings.CutPrefix(field, "fields.") }
