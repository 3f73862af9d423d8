package soundness

import (
	"fmt"
	"strings"

	"luoshi/internal/procedure"
)

// holders: every role that is named has a possible holder in each kind of unit that may have the matter then.
func (v *verdict) holders() {
	if v.o.Kinds == nil {
		return
	}
	for j, w := range v.p.Open.By {
		var lacking []string
		if w.Relation == procedure.RelationIssuer {
			v.noHolder(fmt.Sprintf("open.by[%d]", j), w.Role, v.issuersWithout(w.Role), 0, false)
			continue
		}
		for _, class := range v.kinds.classes(v.p.Open.Units) {
			if c := &v.kinds.list[class]; w.Role != "" && !c.holds(w.Role) {
				lacking = append(lacking, c.names...)
			}
		}
		v.noHolder(fmt.Sprintf("open.by[%d]", j), w.Role, lacking, 0, false)
	}
	for i := range v.steps {
		v.stepHolders(i)
	}
}

// stepHolders looks at all situations in which the step stands to be taken.
func (v *verdict) stepHolders(i int) {
	s := &v.steps[i]
	at := v.firstByClass(s)
	for j, w := range s.By {
		if w.Role == "" {
			continue
		}
		if w.Relation == procedure.RelationIssuer {
			v.noHolder(fmt.Sprintf("steps[%d].by[%d]", i, j), w.Role, v.issuersWithout(w.Role), max(v.seen[i].fired, v.seen[i].perhaps), false)
			continue
		}
		var lacking []string
		shown := int32(-1)
		for class, first := range at.owner {
			c := &v.kinds.list[class]
			switch {
			case first < 0:
				continue
			case w.Relation == relationReferrer:
				if first = at.referrer[class]; first < 0 || c.holds(w.Role) {
					continue
				}
			case w.Relation == relationSuperior && c.superiorHolds(w.Role), w.Relation != relationSuperior && c.holds(w.Role):
				continue
			}
			lacking = append(lacking, c.names...)
			if shown < 0 || first < shown {
				shown = first
			}
		}
		v.noHolder(fmt.Sprintf("steps[%d].by[%d]", i, j), w.Role, lacking, shown, w.Relation == relationSuperior)
	}
	v.assignable(s, at.owner)
}

// issuersWithout are the kinds that may issue the matter and do not know the role.
func (v *verdict) issuersWithout(role string) (lacking []string) {
	for i := range v.issuers {
		if !v.issuers[i].holds(role) {
			lacking = append(lacking, v.p.Open.Issuers[i])
		}
	}
	return lacking
}

// assignable: somebody with the role that a step assigns can be found in the unit that has the matter then.
func (v *verdict) assignable(s *step, owner []int32) {
	if s.AssignRole == "" {
		return
	}
	var lacking []string
	shown := int32(-1)
	note := func(class int, first int32) {
		if c := &v.kinds.list[class]; first >= 0 && !c.holds(s.AssignRole) {
			lacking = append(lacking, c.names...)
			if shown < 0 || first < shown {
				shown = first
			}
		}
	}
	if s.Refer != procedure.ReferChoose {
		for class, first := range owner {
			note(class, first)
		}
	} else if seen := &v.seen[s.i]; seen.fired >= 0 || seen.perhaps >= 0 {
		kinds := s.ReferKinds
		if len(kinds) == 0 {
			kinds = v.p.Open.Units
		}
		for _, class := range v.kinds.classes(kinds) {
			note(class, max(seen.fired, seen.perhaps))
		}
	}
	v.noHolder(fmt.Sprintf("steps[%d].assign_role", s.i), s.AssignRole, lacking, shown, false)
}

// byClass are the first situations by class of kinds, -1 for none.
type byClass struct{ owner, referrer []int32 }

func (v *verdict) firstByClass(s *step) byClass {
	at := byClass{make([]int32, len(v.kinds.list)), make([]int32, len(v.kinds.list))}
	for i := range at.owner {
		at.owner[i], at.referrer[i] = -1, -1
	}
	from := make([]bool, len(v.from))
	for state, steps := range v.from {
		for _, i := range steps {
			if i == s.i {
				from[state] = true
			}
		}
	}
	for i := range v.keys {
		k := &v.keys[i]
		if !from[v.state.get(k)] {
			continue
		}
		first(&at.owner[v.owner.get(k)], int32(i))
		if v.referral.get(k) > 0 {
			first(&at.referrer[v.referrer.get(k)], int32(i))
		}
	}
	return at
}

func (v *verdict) noHolder(path, role string, lacking []string, at int32, superior bool) {
	if len(lacking) == 0 {
		return
	}
	zh, en := "%[2]s这种单位不会有角色“%[1]s”的人", "no unit of the kind %[2]s has anybody with the role %[1]q"
	if superior {
		zh, en = "%[2]s这种单位的上级单位不会有角色“%[1]s”的人", "no unit above one of the kind %[2]s has anybody with the role %[1]q"
	}
	v.at(path, ruleHolder, at, nil, say(zh, en, role, strings.Join(lacking, ", ")))
}
