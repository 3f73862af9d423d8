package office

import (
	"fmt"
	"slices"
)

// The roles of staff. A grant of any role but operator and author lets its
// holder read the matters of the unit and of all below it.
const (
	RoleClerk      = "clerk"      // receives and registers
	RoleMediator   = "mediator"   // conducts mediation
	RoleOfficer    = "officer"    // handles a case
	RoleHead       = "head"       // answers for a unit
	RoleSupervisor = "supervisor" // watches over units below
	RoleAuditor    = "auditor"    // checks the log; sees no personal content
	RoleOperator   = "operator"   // manages accounts; reads no matter
	RoleAuthor     = "author"     // writes and publishes procedures; reads no matter
)

// Roles are all roles, in the order of the constants.
func Roles() []string {
	return []string{RoleClerk, RoleMediator, RoleOfficer, RoleHead, RoleSupervisor, RoleAuditor, RoleOperator, RoleAuthor}
}

// Grant gives a role for a unit and all below it, or Everywhere.
type Grant struct {
	Role string `json:"role"`
	Unit string `json:"unit"`
}

// Check reports a role or a unit that does not exist.
func (g Grant) Check(t *Tree) error {
	if !slices.Contains(Roles(), g.Role) {
		return fmt.Errorf("office: unknown role %q; roles are %v", g.Role, Roles())
	}
	if _, ok := t.Unit(g.Unit); !ok && g.Unit != Everywhere {
		return fmt.Errorf("office: role %s is granted for the unknown unit %q", g.Role, g.Unit)
	}
	return nil
}

// reads reports whether the grant lets its holder read matters at all, and
// whether with their personal content.
func (g Grant) reads() (matters, content bool) {
	switch g.Role {
	case RoleClerk, RoleMediator, RoleOfficer, RoleHead, RoleSupervisor:
		return true, true
	case RoleAuditor:
		return true, false
	default:
		return false, false
	}
}

// covers reports whether the grant reaches the unit.
func (g Grant) covers(t *Tree, unit string) bool {
	return g.Unit == Everywhere || t.Within(unit, g.Unit)
}

// Account is a member of staff. The login is unique and never reused.
type Account struct {
	Login    string
	Name     string
	Grants   []Grant
	Disabled bool // may do nothing; kept because entries name it
}
