package procedure

import (
	"slices"
	"strings"
)

// Viewers of fields, as SeenBy names them; beside them there are party:<role> and role:<role>.
const (
	ViewerStaff    = "staff"    // every member of staff who may read the matter
	ViewerParties  = "parties"  // every party
	ViewerAssigned = "assigned" // the person the matter is assigned to

	viewerRole = "role" // followed by ":" and a role of staff
)

// Viewer is who looks at a matter, as far as it decides which fields they see. That they may read the matter at
// all is decided before. The zero Viewer is nobody and sees no field.
type Viewer struct {
	Staff    bool                   // a member of staff
	Role     func(role string) bool // whether staff hold the role over the responsible unit; nil: none
	Assigned bool                   // the matter is assigned to them
	Party    string                 // the role of a party; empty: none
}

// Sees tells whether the viewer may see the field. It is the one place where that is decided.
func (v Viewer) Sees(f *Field) bool { return slices.ContainsFunc(f.SeenBy, v.is) }

// is tells whether the viewer is one of those whom an item of SeenBy names.
func (v Viewer) is(named string) bool {
	switch named {
	case ViewerStaff:
		return v.Staff
	case ViewerAssigned:
		return v.Staff && v.Assigned
	case ViewerParties:
		return v.Party != ""
	}
	kind, role, _ := strings.Cut(named, ":")
	switch kind {
	case RelationParty:
		return v.Party != "" && v.Party == role
	case viewerRole:
		return v.Staff && holds(v.Role, role)
	}
	return false
}

// ShownToAll tells whether every reader among staff sees the field. Only such fields may be searched: who could
// search what they may not see would learn it word by word.
func (f *Field) ShownToAll() bool { return slices.Contains(f.SeenBy, ViewerStaff) }
