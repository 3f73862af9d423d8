package soundness

import (
	"luoshi/internal/procedure"
)

// existence of somebody who may act.
type existence int

const (
	absent   existence = iota
	possible           // there may be somebody
	present            // there must be somebody
)

// exists tells whether somebody named by w exists in a situation. The program is not somebody: it acts at a lapse
// and when sub-matters have ended, and takes steps when it brings in matters from another system.
func (m *model) exists(k *key, w procedure.Who) existence {
	owner := &m.kinds.list[m.owner.get(k)]
	if role, ok := partyRole(w.Relation); ok {
		return m.partyExists(k, role)
	}
	switch w.Relation {
	case "", relationOwner:
		return when(owner.holds(w.Role))
	case procedure.RelationAssigned:
		return m.assignedExists(k, w.Role, owner)
	case relationSuperior:
		return when(owner.superiorHolds(w.Role))
	case relationReferrer:
		return when(m.referral.get(k) > 0 && m.kinds.list[m.referrer.get(k)].holds(w.Role))
	case procedure.RelationIssuer:
		return m.issuerExists(w.Role)
	case procedure.RelationSystem:
		if m.imports {
			return possible
		}
	}
	return absent
}

// takesIt tells whether somebody named by w exists who would take the step. One that is told the program takes when the
// whole says so, which may be never.
func (m *model) takesIt(k *key, s *step, w procedure.Who) existence {
	if s.Told && w.Relation == procedure.RelationSystem {
		return possible
	}
	return m.exists(k, w)
}

// issuerExists: any of the kinds may have issued the matter, so all must hold the role for somebody to be sure.
func (m *model) issuerExists(role string) existence {
	holding := 0
	for i := range m.issuers {
		if m.issuers[i].holds(role) {
			holding++
		}
	}
	switch {
	case holding == 0:
		return absent
	case holding < len(m.issuers):
		return possible
	}
	return present
}

// relationOwner is the relation that a role without one has.
const relationOwner = "owner"

func when(known bool) existence {
	if known {
		return present
	}
	return absent
}

// assignedExists: whoever the matter is assigned to may hold other roles beside the one by which they were chosen.
func (m *model) assignedExists(k *key, role string, owner *kindClass) existence {
	switch a := m.assignee.get(k); {
	case a == 0 || role != "" && !owner.holds(role):
		return absent
	case role == "" || a == m.label(role):
		return present
	}
	return possible
}

// partyExists asks for a party of the role, or for any; one that may not follow the matter cannot act in it.
func (m *model) partyExists(k *key, role string) existence {
	for _, r := range m.p.Parties {
		if (role == "" || r.Role == role) && r.Sees && m.partyCount(k, &r) > 0 {
			return present
		}
	}
	return absent
}

func (m *model) partyCount(k *key, r *procedure.PartyRole) int {
	for i := range m.parties {
		if m.parties[i].name == r.Role {
			return m.parties[i].lowest + m.parties[i].get(k)
		}
	}
	return r.Min
}
