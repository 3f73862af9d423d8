package meeting

import (
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// invitation reads one from its matter and its history, which may be nil when nothing was done in it yet.
func invitation(b *casework.Branch, history []*casework.Entry) *Invitation {
	inv := read(b.Matter, b.Rules, history)
	inv.Light = b.Own
	return inv
}

// InvitationOf reads an invitation that was read by itself, as the office does that is invited. Where it sits is not
// known from that alone.
func InvitationOf(f *casework.File) *Invitation { return read(f.Matter, f.Rules, f.Entries) }

func read(m *casework.Matter, rules *casework.Rules, history []*casework.Entry) *Invitation {
	inv := &Invitation{Matter: m, Rules: rules, Unit: m.Unit, State: m.State, Site: -1}
	for _, e := range history {
		if e.Act.Kind == casework.Stepped {
			inv.take(e)
		}
	}
	if inv.Answer == Coming {
		inv.Seat, inv.Phone, inv.Coming = said(m, "seat"), said(m, "phone"), ParsePeople(said(m, "coming"))
		if inv.Seat == SeatOwn {
			inv.BranchPlace = said(m, "branch_place")
		}
	}
	return inv
}

// take follows the history by one step.
func (inv *Invitation) take(e *casework.Entry) {
	switch e.Act.Step {
	case "accept":
		inv.Answer, inv.Declined = Coming, ""
	case "decline":
		inv.Answer, inv.Declined = Declined, e.Content.Note
	case "changed":
		inv.Asked = inv.Asked || inv.Answer != NotAnswered
		inv.Answer, inv.Declined = NotAnswered, ""
	case "arrive":
		inv.arrive(e)
	}
	if inv.Answer != NotAnswered {
		inv.Asked = false
	}
}

// arrive notes somebody who came. What was erased has no name any more; that somebody came stays.
func (inv *Invitation) arrive(e *casework.Entry) {
	name, _ := e.Content.Fields["person_name"].(string)
	post, _ := e.Content.Fields["person_post"].(string)
	twice := slices.ContainsFunc(inv.Arrivals, func(x Arrival) bool { return x.Name == name && x.Post == post })
	if twice && !e.Erased() {
		return
	}
	x := Arrival{Name: name, Post: post, Time: e.Act.Time, By: e.Act.Actor.Login}
	if e.Act.Actor.As == "system" {
		x.By = ByDoor
	}
	inv.Arrivals = append(inv.Arrivals, x)
}

// seat orders the invitations by the tree, and works out the venues and who sits where.
func (m *Meeting) seat(tree *office.Tree) {
	place := make(map[string]int, tree.Len())
	for i, u := range tree.All() {
		place[u.Code] = i
	}
	slices.SortStableFunc(m.Invitations, func(a, b *Invitation) int { return place[a.Unit] - place[b.Unit] })
	f := m.File.Matter
	m.Sites = []Site{{Unit: f.Unit, Main: true, Place: said(f, "place")}}
	own := map[string]int{}
	for _, inv := range m.Invitations {
		if _, there := own[inv.Unit]; inv.Seat == SeatOwn && !there {
			own[inv.Unit] = len(m.Sites)
			m.Sites = append(m.Sites, Site{Unit: inv.Unit, Place: inv.BranchPlace})
		}
	}
	for _, inv := range m.Invitations {
		inv.Site = siteOf(tree, inv, own)
		if inv.Site < 0 {
			continue
		}
		site := &m.Sites[inv.Site]
		if inv.Answer == Coming {
			site.Invited++
		}
		site.Coming += len(inv.Coming)
		site.Arrived += len(inv.Arrivals)
	}
}

// siteOf is where an office sits: at the main venue, its own, or that of the nearest office above which has one. Whoever
// came without an answer, or against it, is taken to be at the nearest one too.
func siteOf(tree *office.Tree, inv *Invitation, own map[string]int) int {
	switch {
	case inv.Seat == SeatMain:
		return 0
	case inv.Seat == SeatOwn:
		return own[inv.Unit]
	case inv.Answer != Coming && len(inv.Arrivals) == 0:
		return -1
	}
	path := tree.Path(inv.Unit)
	for i := len(path) - 2; i >= 0; i-- {
		if at, ok := own[path[i]]; ok {
			return at
		}
	}
	return 0
}
