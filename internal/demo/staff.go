package demo

import (
	"slices"

	"luoshi/internal/office"
)

// Offices in which a visitor of the demo can sign in at every desk.
const (
	demoCounty     = "970101"
	demoTownship   = "970101001"
	demoJustice    = "970101001-justice"
	demoPetition   = "970101-petition"
	demoHotline    = "9701-hotline"
	demoDepartment = "970101-urban"
	demoLabour     = "9701-arbitration"
	demoConsumer   = "9701-consumer"
)

// Visitors are the accounts of the province that demo.json opens; the first grant is the one it names.
func Visitors() []office.Account {
	one := func(login, name, role, unit string) office.Account {
		return office.Account{Login: login, Name: name, Grants: []office.Grant{{Role: role, Unit: unit}}}
	}
	department := one("department-officer", "韩听雨", office.RoleOfficer, demoDepartment)
	department.Grants = append(department.Grants, office.Grant{Role: office.RoleClerk, Unit: demoDepartment})
	arbitrator := one("arbitrator", "许清和", office.RoleOfficer, demoLabour)
	arbitrator.Grants = append(arbitrator.Grants, office.Grant{Role: office.RoleClerk, Unit: demoLabour})
	consumer := one("consumer-mediator", "程采薇", office.RoleMediator, demoConsumer)
	consumer.Grants = append(consumer.Grants, office.Grant{Role: office.RoleClerk, Unit: demoConsumer})
	overseer := one("overseer", "总览", office.RoleSupervisor, office.Everywhere)
	overseer.Grants = append(overseer.Grants, office.Grant{Role: office.RoleHead, Unit: office.Everywhere})
	return []office.Account{
		one("clerk", "沈小满", office.RoleClerk, demoJustice),
		one("mediator", "林知夏", office.RoleMediator, demoJustice),
		one("mediator2", "何景行", office.RoleMediator, demoJustice),
		one("township-head", "周砚秋", office.RoleHead, demoTownship),
		one("county-head", "郑临川", office.RoleHead, demoCounty),
		one("petition-clerk", "宋书棠", office.RoleClerk, demoPetition),
		one("petition-officer", "梁行之", office.RoleOfficer, demoPetition),
		one("petition-head", "高怀瑾", office.RoleHead, demoPetition),
		one("hotline-clerk", "徐晚晴", office.RoleClerk, demoHotline),
		one("hotline-supervisor", "罗望舒", office.RoleSupervisor, "9701"),
		department,
		arbitrator,
		consumer,
		one("supervisor", "谢远岫", office.RoleSupervisor, provinceCode),
		one("auditor", "唐若谷", office.RoleAuditor, provinceCode),
		one("operator", "冯星野", office.RoleOperator, office.Everywhere),
		one("author", "顾明章", office.RoleAuthor, office.Everywhere),
		overseer,
	}
}

// desks are the roles at a unit of a kind, one inner list for each person who works there.
func desks(kind string) [][]string {
	switch kind {
	case kindJusticeOffice:
		return [][]string{{office.RoleClerk}, {office.RoleMediator}, {office.RoleMediator}}
	case kindJusticeBureau:
		return [][]string{{office.RoleClerk}, {office.RoleMediator}}
	case kindPetition:
		return [][]string{{office.RoleClerk}, {office.RoleOfficer}, {office.RoleHead}}
	case kindDepartment:
		return [][]string{{office.RoleClerk}, {office.RoleOfficer}}
	case kindHotline:
		return [][]string{{office.RoleClerk}, {office.RoleClerk}, {office.RoleSupervisor}}
	case kindTownship:
		return [][]string{{office.RoleOfficer, office.RoleClerk}}
	case kindLabourTalks, kindCourtTalks:
		return [][]string{{office.RoleMediator, office.RoleClerk}}
	case kindCourt, kindMarket:
		return [][]string{{office.RoleClerk}, {office.RoleMediator}, {office.RoleOfficer}, {office.RoleHead}}
	case kindArbitration, kindInspection, kindLegalAid, kindCivilAffairs, kindEmergency, kindReview, kindPolice, kindPersonnel, kindPolitical, kindDiscipline:
		return [][]string{{office.RoleClerk}, {office.RoleOfficer}, {office.RoleHead}}
	case kindProvince, kindCity, kindCounty:
		return [][]string{{office.RoleHead}, {office.RoleOfficer}}
	}
	return nil
}

// roster is everybody who works in the province: the visitors' accounts, and for every desk that none of them
// has, somebody without password and token, as whom nobody can sign in.
func roster(units []office.Unit, seed int64) []office.Account {
	all := Visitors()
	for i, u := range units {
		d := newDice(seed, diceStaff, i, 0)
		taken := map[string]int{}
		for _, v := range Visitors() {
			for _, g := range v.Grants {
				if g.Unit == u.Code {
					taken[g.Role]++
				}
			}
		}
		for n, roles := range desks(u.Kind) {
			name := d.person()
			if taken[roles[0]] > 0 {
				taken[roles[0]]--
				continue
			}
			a := office.Account{Login: u.Code + "." + roles[0] + string(rune('1'+n)), Name: name}
			for _, r := range roles {
				a.Grants = append(a.Grants, office.Grant{Role: r, Unit: u.Code})
			}
			all = append(all, a)
		}
	}
	return all
}

// cast knows who acts where. It takes those who hold a role at the unit itself, otherwise those of the
// nearest unit above; the installation's overseer and operator never act by themselves.
type cast struct {
	tree *office.Tree
	held map[office.Grant][]*office.Account
	all  map[string]*office.Account
}

// newCast takes the accounts of the roster as they are now.
func newCast(tree *office.Tree, accounts map[string]*office.Account, roster []office.Account) *cast {
	c := &cast{tree: tree, held: map[office.Grant][]*office.Account{}, all: accounts}
	for _, r := range roster {
		a := accounts[r.Login]
		if a == nil || a.Disabled {
			continue
		}
		for _, g := range r.Grants {
			c.held[g] = append(c.held[g], a)
		}
	}
	return c
}

// holders are those who act in the role for the unit.
func (c *cast) holders(role, unit string) []*office.Account {
	for _, code := range slices.Backward(c.tree.Path(unit)) {
		if found := c.held[office.Grant{Role: role, Unit: code}]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// staffed reports whether somebody receives matters at the unit itself.
func (c *cast) staffed(unit string) bool {
	return len(c.held[office.Grant{Role: office.RoleClerk, Unit: unit}]) > 0
}
