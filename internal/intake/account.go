package intake

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// act is something the import does under a procedure, and who may do it.
type act struct {
	text string
	by   []procedure.Who
}

// acts are everything the mapping has done: openings and steps.
func (b *binding) acts(law func(id string) *procedure.Procedure) []act {
	var acts []act
	for _, k := range b.kinds {
		p := law(k.procedure)
		acts = append(acts, act{"open a matter of " + p.Key(), p.Open.By})
		for _, w := range k.walks {
			for _, s := range w.steps {
				acts = append(acts, act{"take the step " + s.step + " of " + p.Key(), p.Step(s.step).By})
			}
		}
	}
	return acts
}

// rolesFor are the fewest roles of staff with which everything may be done; of two sets as small, the one
// whose roles come first in office.Roles.
func rolesFor(acts []act) ([]string, error) {
	all := office.Roles()
	masks := make([]uint, len(acts))
	for i, a := range acts {
		for _, w := range a.by {
			if at := slices.Index(all, w.Role); at >= 0 && w.Relation == "" {
				masks[i] |= 1 << at
			}
		}
		if masks[i] == 0 {
			return nil, fmt.Errorf("no role of staff alone may %s", a.text)
		}
	}
	best := uint(1)<<len(all) - 1
	for set := uint(0); set < 1<<len(all); set++ {
		enough := !slices.ContainsFunc(masks, func(m uint) bool { return m&set == 0 })
		if enough && bits.OnesCount(set) < bits.OnesCount(best) {
			best = set
		}
	}
	var roles []string
	for i, r := range all {
		if best&(1<<i) != 0 {
			roles = append(roles, r)
		}
	}
	return roles, nil
}

// ensureAccount makes the account that imports, without password or token, and gives it the roles over the
// offices, beside those it has from other imports.
func ensureAccount(ctx context.Context, s *casework.Service, login string, roles, units []string) (office.Actor, error) {
	hash, err := s.Store.PasswordHash(ctx, login)
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return office.Actor{}, err
	}
	a := office.Account{Login: login, Name: "导入 Import"}
	if have := s.Staff().Accounts[login]; have != nil {
		a = *have
		a.Grants = slices.Clone(have.Grants)
	}
	if hash != "" || a.Disabled {
		return office.Actor{}, &MappingError{[]string{fmt.Sprintf(
			"the account %q belongs to a person or is disabled; name another one with `account:` in the mapping", login)}}
	}
	changed := s.Staff().Accounts[login] == nil
	for _, unit := range units {
		for _, role := range roles {
			g := office.Grant{Role: role, Unit: unit}
			if !slices.Contains(a.Grants, g) {
				a.Grants, changed = append(a.Grants, g), true
			}
		}
	}
	if changed {
		if err := s.Store.PutAccount(ctx, a, "", ""); err != nil {
			return office.Actor{}, fmt.Errorf("making the account %s: %w", login, err)
		}
		if err := s.ReloadStaff(ctx); err != nil {
			return office.Actor{}, err
		}
	}
	return office.Actor{Account: s.Staff().Accounts[login]}, nil
}

// unseen reports whether no person's account may read the matters of the unit.
func unseen(s *casework.Service, unit, login string) bool {
	staff := s.Staff()
	for _, a := range staff.Accounts {
		scope := office.Actor{Account: a}.ReadScope(staff.Tree)
		if a.Login != login && scope.Content().Covers(unit, "") {
			return false
		}
	}
	return true
}
