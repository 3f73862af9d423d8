package procedure

// Who names those who may act: staff with a role for the responsible unit, or those who stand in a
// relation to the matter, or (both given) staff with the role who also stand in the relation.
// In YAML either a mapping or the short form "role:mediator", "party:applicant", "party", "assigned",
// "resident", "system".
//
// With the relations superior, referrer and issuer a role is needed, and it is asked for over another unit than the
// responsible one: a unit above it, the unit that referred the matter last, or the one that issued it.
type Who struct {
	Role string `yaml:"role" json:"role,omitempty"`
	// Relation is party, party:<role>, assigned, owner, superior, referrer, issuer, resident or system. A role without a
	// relation means owner.
	Relation string `yaml:"relation" json:"relation,omitempty"`
}

// OfOwner reports whether it is staff of the unit that has the matter who may act.
func (w Who) OfOwner() bool {
	return w.Relation == RelationAssigned || w.Role != "" && (w.Relation == "" || w.Relation == RelationOwner)
}

// PartyRole is a role a person can have in the matter.
type PartyRole struct {
	Role  string `yaml:"role" json:"role"`
	Title Text   `yaml:"title" json:"title"`
	Min   int    `yaml:"min" json:"min"`
	Max   int    `yaml:"max" json:"max"`   // 0: no limit
	Sees  bool   `yaml:"sees" json:"sees"` // may follow the matter with number and code
}
