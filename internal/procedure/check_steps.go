package procedure

import (
	"fmt"
	"slices"
	"strings"
)

// Channels through which a matter can come.
func channels() []string { return []string{"web", "api", "phone", "walk-in", "letter", "import"} }

func (c *checker) opening() {
	open := c.p.Open
	if _, ok := c.places["open"]; !ok {
		c.at("open", ruleMissing, "%q must be given: who may begin a matter, and where it stands then", "open")
		return
	}
	c.need("open", "by", len(open.By) == 0)
	for i, w := range open.By {
		c.who(fmt.Sprintf("open.by[%d]", i), w, RelationResident, RelationOwner, RelationSuperior, RelationIssuer, RelationSystem)
	}
	c.need("open", "channels", len(open.Channels) == 0)
	for i, channel := range open.Channels {
		c.oneOf(fmt.Sprintf("open.channels[%d]", i), channel, channels()...)
	}
	c.uses("open.fields", open.Fields)
	c.need("open", "to", open.To == "")
	c.state("open.to", open.To)
	c.need("open", "units", len(open.Units) == 0)
	for i, kind := range open.Units {
		c.named(fmt.Sprintf("open.units[%d]", i), kind, nameForm)
	}
	for i, kind := range open.Issuers {
		c.named(fmt.Sprintf("open.issuers[%d]", i), kind, nameForm)
	}
	if s := c.p.states[open.To]; s != nil && s.End {
		c.at("open.to", ruleStepFromEnd, "a matter cannot begin at %q, which is an end", open.To)
	}
}

// who checks one of those who may act; relations are those that make sense at that place.
func (c *checker) who(path string, w Who, relations ...string) {
	if w.Role == "" && w.Relation == "" {
		c.at(path, ruleWho, "name a role or a relation: role:clerk, party, party:applicant, assigned, system")
		return
	}
	c.named(path, w.Role, nameForm)
	relation := w.Relation
	if role, ok := strings.CutPrefix(relation, RelationParty+":"); ok {
		relation = RelationParty
		if c.p.parties[role] == nil {
			c.at(path, ruleUnknownParty, "no party has the role %q", role)
		}
	}
	if relation != "" && !slices.Contains(relations, relation) {
		c.at(path, ruleWho, "%q cannot act here; possible are role:<role> and: %s", w.Relation, strings.Join(relations, ", "))
		return
	}
	switch relation {
	case RelationOwner, RelationSuperior, RelationReferrer, RelationIssuer:
		if w.Role == "" {
			c.at(path, ruleWho, "%q is an office, and not all in it may act: name the role too, {role: head, relation: %s}", relation, relation)
		}
	}
	if relation == RelationIssuer {
		c.issued(path)
	}
}

// uses checks fields asked for: declared, and each once.
func (c *checker) uses(path string, uses []FieldUse) {
	c.unique(path, "name", names(uses, func(u FieldUse) string { return u.Name }))
	for i, use := range uses {
		at := fmt.Sprintf("%s[%d]", path, i)
		c.need(at, "name", use.Name == "")
		if use.Name != "" && c.p.fields[use.Name] == nil {
			c.at(at+".name", ruleUnknownField, "no field %q is declared", use.Name)
		}
	}
}

// state, step and clock check that a name leads somewhere; empty means left out.
func (c *checker) state(path, name string) {
	if name != "" && c.p.states[name] == nil {
		c.at(path, ruleUnknownState, "no state %q is declared", name)
	}
}

func (c *checker) step(path, name string) {
	if name != "" && c.p.steps[name] == nil {
		c.at(path, ruleUnknownStep, "no step %q is declared", name)
	}
}

func (c *checker) clock(path, name string) *Clock {
	clock := c.p.clocks[name]
	if name != "" && clock == nil {
		c.at(path, ruleUnknownClock, "no clock %q is declared", name)
	}
	return clock
}

func (c *checker) states() {
	c.need("", "states", len(c.p.States) == 0)
	c.unique("states", "name", names(c.p.States, func(s State) string { return s.Name }))
	ends := 0
	for i, s := range c.p.States {
		path := fmt.Sprintf("states[%d]", i)
		c.need(path, "name", s.Name == "")
		c.named(path+".name", s.Name, nameForm)
		c.need(path, "title", len(s.Title) == 0)
		c.need(path, "public", len(s.Public) == 0)
		c.requires(path, s)
		if s.End {
			ends++
		}
	}
	if on := slices.ContainsFunc(c.p.Steps, func(s Step) bool { return s.Continues != nil }); ends == 0 && !on && len(c.p.States) > 0 {
		c.at("states", ruleNoEnd, "no state is an end; give one `end: true`")
	}
}

// requires checks the fields that must be known in a state.
func (c *checker) requires(path string, s State) {
	for i, name := range s.Requires {
		at := fmt.Sprintf("%s.requires[%d]", path, i)
		if c.p.fields[name] == nil {
			c.at(at, ruleUnknownField, "no field %q is declared", name)
		}
		if slices.Index(s.Requires, name) < i {
			c.at(at, ruleDuplicateName, "%q is listed twice", name)
		}
	}
}

func (c *checker) steps() {
	c.need("", "steps", len(c.p.Steps) == 0)
	c.unique("steps", "name", names(c.p.Steps, func(s Step) string { return s.Name }))
	for i := range c.p.Steps {
		s, path := &c.p.Steps[i], fmt.Sprintf("steps[%d]", i)
		c.need(path, "name", s.Name == "")
		c.named(path+".name", s.Name, nameForm)
		if s.Name == EventOpen {
			c.at(path+".name", ruleName, "%q is the event that begins a matter; name the step otherwise", EventOpen)
		}
		c.need(path, "title", len(s.Title) == 0)
		c.need(path, "from", len(s.From) == 0)
		for j, from := range s.From {
			c.from(fmt.Sprintf("%s.from[%d]", path, j), s, j, from)
		}
		c.state(path+".to", s.To)
		c.need(path, "by", len(s.By) == 0)
		for j, w := range s.By {
			c.who(fmt.Sprintf("%s.by[%d]", path, j), w, RelationParty, RelationAssigned, RelationOwner, RelationSuperior, RelationReferrer, RelationIssuer, RelationSystem)
		}
		c.uses(path+".fields", s.Fields)
		c.need(path, "note", s.Note == "")
		c.oneOf(path+".note", s.Note, NoteNone, NoteOptional, NoteRequired)
		c.oneOf(path+".visible", s.Visible, VisibleParties, VisibleOffice)
		c.assign(path, s)
		c.refer(path, s)
		if s.Adverse && len(s.Remedy) == 0 {
			c.at(path, ruleAdverse, "%q goes against the party: say under remedy what they can do about it", s.Name)
		}
		if clock := c.clock(path+".extend", s.Extend); clock != nil && !clock.extensible() {
			c.at(path+".extend", ruleExtension, "the clock %q has no extension", s.Extend)
		}
		c.papers(path, s)
	}
}

func (c *checker) from(path string, s *Step, j int, from string) {
	c.state(path, from)
	if slices.Index(s.From, from) < j {
		c.at(path, ruleDuplicateName, "%q is listed twice", from)
	}
	if state := c.p.states[from]; state != nil && state.End {
		c.at(path, ruleStepFromEnd, "%q is an end: nothing can be done from there", from)
	}
}

// assign checks who a step gives the matter to.
func (c *checker) assign(path string, s *Step) {
	c.oneOf(path+".assign", s.Assign, AssignActor, AssignNone, AssignChoose)
	switch {
	case s.Assign == AssignChoose && s.AssignRole == "":
		c.at(path+".assign", ruleAssign, "say under assign_role which role the chosen person must have")
	case s.Assign != AssignChoose && s.AssignRole != "":
		c.at(path+".assign_role", ruleAssign, "assign_role belongs to `assign: choose`")
	case s.AssignRole != "" && !c.acts(s.AssignRole):
		c.at(path+".assign_role", ruleAssign, "no step is for role:%s or for the assigned person, so nobody with this role could go on", s.AssignRole)
	}
	if s.Assign != AssignActor {
		return
	}
	for j, w := range s.By {
		if w.Role == "" && w.Relation != RelationAssigned {
			c.at(fmt.Sprintf("%s.by[%d]", path, j), ruleAssign, "`assign: actor` gives the matter to staff; %q is not staff", w.Relation)
		}
	}
}

// acts tells whether somebody with the role can take some step once assigned.
func (c *checker) acts(role string) bool {
	return slices.ContainsFunc(c.p.Steps, func(s Step) bool {
		return slices.ContainsFunc(s.By, func(w Who) bool {
			return w.Role == role || w.Role == "" && w.Relation == RelationAssigned
		})
	})
}

func (c *checker) refer(path string, s *Step) {
	c.oneOf(path+".refer", s.Refer, ReferChoose, ReferBack)
	if len(s.ReferKinds) > 0 && s.Refer != ReferChoose {
		c.at(path+".refer_kinds", ruleRefer, "refer_kinds belongs to `refer: choose`")
	}
	if s.ReferNot != "" {
		c.oneOf(path+".refer_not", s.ReferNot, RelationReferrer)
		if s.Refer != ReferChoose {
			c.at(path+".refer_not", ruleRefer, "refer_not belongs to `refer: choose`")
		}
	}
	for j, kind := range s.ReferKinds {
		c.named(fmt.Sprintf("%s.refer_kinds[%d]", path, j), kind, nameForm)
	}
}
