package trial

import (
	"slices"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// above is the unit over kinds of which nothing is known.
const above = "above"

// offices invents the units and the people of a trial.
type offices struct {
	kinds *procedure.Kinds
	lang  string
	named []string // kinds that the procedures name
	roles []string // that the procedures name
	units []office.Unit
	tops  map[string]string // code of the first unit of a kind
}

// settle makes two units of each kind that a procedure names, so that a matter can be referred from one to the other,
// under one of each kind that stands above; and for every unit one person in each role that can be held there.
func settle(s Setting, all []*procedure.Procedure) (*casework.Staff, error) {
	o := &offices{kinds: s.Kinds, lang: s.Lang, tops: map[string]string{}}
	for _, p := range all {
		o.read(p)
	}
	for _, kind := range o.named {
		o.unit(kind, nil)
	}
	for _, kind := range o.named {
		if first := o.find(o.tops[kind]); first.Parent != "" {
			second := *first
			second.Code, second.Name = kind+"-2", o.name(kind, "（二）", " 2")
			first.Name = o.name(kind, "（一）", " 1")
			o.units = append(o.units, second)
		}
	}
	tree, err := office.NewTree(o.units)
	if err != nil {
		return nil, err
	}
	return &casework.Staff{Tree: tree, Accounts: o.people()}, nil
}

// read notes the kinds and roles that a procedure names.
func (o *offices) read(p *procedure.Procedure) {
	add := func(list *[]string, names ...string) {
		for _, name := range names {
			if name != "" && !slices.Contains(*list, name) {
				*list = append(*list, name)
			}
		}
	}
	add(&o.named, p.Open.Units...)
	add(&o.named, p.Open.Issuers...)
	for _, w := range p.Open.By {
		add(&o.roles, w.Role)
	}
	for i := range p.Steps {
		st := &p.Steps[i]
		add(&o.named, st.ReferKinds...)
		add(&o.roles, st.AssignRole)
		for _, w := range st.By {
			add(&o.roles, w.Role)
		}
	}
}

func (o *offices) find(code string) *office.Unit {
	return &o.units[slices.IndexFunc(o.units, func(u office.Unit) bool { return u.Code == code })]
}

// unit is the code of the first unit of a kind, which is made when there is none. below are the kinds for which it is
// wanted: in a circle of kinds none stands above itself.
func (o *offices) unit(kind string, below []string) string {
	if code := o.tops[kind]; code != "" {
		return code
	}
	code := kind + "-1"
	o.tops[kind] = code
	o.units = append(o.units, office.Unit{Code: code, Kind: kind, Name: o.name(kind, "", "")})
	parent := ""
	if o.kinds == nil || o.kinds.Kind(kind) == nil {
		parent = o.unknown()
	} else if up := o.under(kind, append(below, kind)); up != "" {
		parent = o.unit(up, append(below, kind))
	}
	o.find(code).Parent = parent
	return code
}

// unknown is the unit above kinds that are not declared.
func (o *offices) unknown() string {
	if !slices.ContainsFunc(o.units, func(u office.Unit) bool { return u.Code == above }) {
		o.units = append(o.units, office.Unit{Code: above, Kind: above, Name: map[string]string{"zh": "上级单位", "en": "Office above"}})
	}
	return above
}

// under is the kind right above: one that the procedures name, if there is one, for it is there that superiors act;
// otherwise the lowest.
func (o *offices) under(kind string, not []string) string {
	best, depth := "", -1
	for _, up := range o.kinds.Kind(kind).Under {
		d := len(o.kinds.Above(up))
		if slices.Contains(o.named, up) {
			d += len(o.kinds.List)
		}
		if d > depth && !slices.Contains(not, up) && !slices.Contains(o.kinds.Above(up), kind) {
			best, depth = up, d
		}
	}
	return best
}

func (o *offices) name(kind, zh, en string) map[string]string {
	return map[string]string{"zh": o.kinds.In(kind, "zh") + zh, "en": o.kinds.In(kind, "en") + en}
}

// people are the accounts: one for each role at each unit where it can be held, as far as the procedures name it.
func (o *offices) people() map[string]*office.Account {
	accounts := map[string]*office.Account{}
	for _, u := range o.units {
		for _, role := range o.roles {
			if o.kinds != nil {
				if k := o.kinds.Kind(u.Kind); k != nil && !slices.Contains(k.Roles, role) {
					continue
				}
			}
			login := role + "@" + u.Code
			accounts[login] = &office.Account{Login: login, Name: o.person(role, u), Grants: []office.Grant{{Role: role, Unit: u.Code}}}
		}
	}
	return accounts
}

func (o *offices) person(role string, u office.Unit) string {
	if o.lang == "zh" {
		return u.Label("zh") + procedure.RoleIn(role, "zh")
	}
	return u.Label("en") + ", " + procedure.RoleIn(role, "en")
}
