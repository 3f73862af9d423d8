package procedure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Recipients of notices; party:<role> is one party's role.
const (
	ToParties  = "parties"
	ToAssigned = "assigned"
	ToOwner    = "owner"    // staff of the responsible office
	ToReferrer = "referrer" // staff of the office that referred the matter last
	ToIssuer   = "issuer"   // staff of the office that issued the matter
)

func (c *checker) notices() {
	c.unique("notices", "name", names(c.p.Notices, func(n Notice) string { return n.Name }))
	used := c.used(func(s *Step) []string { return s.Notices })
	for i := range c.p.Notices {
		n, path := &c.p.Notices[i], fmt.Sprintf("notices[%d]", i)
		c.need(path, "name", n.Name == "")
		c.named(path+".name", n.Name, nameForm)
		c.need(path, "to", len(n.To) == 0)
		for j, to := range n.To {
			c.recipient(fmt.Sprintf("%s.to[%d]", path, j), to)
		}
		c.need(path, "subject", len(n.Subject) == 0)
		c.need(path, "body", len(n.Body) == 0)
		c.placeholders(path+".subject", n.Subject)
		c.placeholders(path+".body", n.Body)
		c.subject(path+".subject", n.Subject)
		c.reveals(path, n)
		if n.Name != "" && !used[n.Name] {
			c.at(path+".name", ruleUnused, "no step sends the notice %q", n.Name)
		}
	}
}

func (c *checker) documents() {
	c.unique("documents", "name", names(c.p.Documents, func(d Document) string { return d.Name }))
	used := c.used(func(s *Step) []string { return s.Documents })
	for i := range c.p.Documents {
		d, path := &c.p.Documents[i], fmt.Sprintf("documents[%d]", i)
		c.need(path, "name", d.Name == "")
		c.named(path+".name", d.Name, nameForm)
		c.need(path, "title", len(d.Title) == 0)
		c.need(path, "body", len(d.Body) == 0)
		c.placeholders(path+".body", d.Body)
		if d.Name != "" && !used[d.Name] {
			c.at(path+".name", ruleUnused, "no step issues the document %q", d.Name)
		}
	}
}

func (c *checker) used(of func(*Step) []string) map[string]bool {
	used := map[string]bool{}
	for i := range c.p.Steps {
		for _, name := range of(&c.p.Steps[i]) {
			used[name] = true
		}
	}
	return used
}

func (c *checker) recipient(path, to string) {
	if role, ok := strings.CutPrefix(to, RelationParty+":"); ok {
		if c.p.parties[role] == nil {
			c.at(path, ruleUnknownParty, "no party has the role %q", role)
		}
		return
	}
	c.oneOf(path, to, ToParties, RelationParty+":<role>", ToAssigned, ToOwner, ToReferrer, ToIssuer)
	if to == ToIssuer {
		c.issued(path)
	}
}

// placeholders checks that each stands for something.
func (c *checker) placeholders(path string, text Text) {
	for _, lang := range slices.Sorted(maps.Keys(text)) {
		found, stray := placeholders(text[lang])
		if stray {
			c.at(path+"."+lang, rulePlaceholder, "a brace opens or closes a placeholder, and nothing else; write the text without braces")
		}
		for _, name := range found {
			if fault := c.p.placeholderFault(name); fault != "" {
				c.at(path+"."+lang, rulePlaceholder, "{%s}: %s", name, fault)
			}
		}
	}
}

// placeholderFault says what is wrong with a placeholder, or nothing.
func (p *Procedure) placeholderFault(name string) string {
	if field, ok := fieldOf(name); ok {
		if p.fields[field] == nil {
			return fmt.Sprintf("no field %q is declared", field)
		}
		return ""
	}
	if clock, ok := clockOf(name); ok {
		if p.clocks[clock] == nil {
			return fmt.Sprintf("no clock %q is declared", clock)
		}
		return ""
	}
	known := []string{PlaceNumber, PlaceProcedure, PlaceState, PlaceUnit, PlaceNote}
	if slices.Contains(known, name) {
		return ""
	}
	return fmt.Sprintf("there is no such placeholder; there are %s, due.<clock>, fields.<name>", strings.Join(known, ", "))
}

// subject checks that a subject, which is read in passing and over shoulders, is one line without anything personal.
func (c *checker) subject(path string, text Text) {
	for _, lang := range slices.Sorted(maps.Keys(text)) {
		if strings.ContainsAny(text[lang], "\r\n") {
			c.at(path+"."+lang, ruleSubject, "a subject is one line")
		}
		found, _ := placeholders(text[lang])
		for _, name := range found {
			field, _ := fieldOf(name)
			switch f := c.p.fields[field]; {
			case name == PlaceNote:
				c.at(path+"."+lang, ruleSubject, "{note} may hold something personal, which a subject never does; put it into the body")
			case f != nil && f.Class != ClassPlain:
				c.at(path+"."+lang, ruleSubject, "{%s} is %s, which a subject never is; put it into the body", name, f.Class)
			}
		}
	}
}

// reveals checks that every recipient of a notice may see the fields in it.
func (c *checker) reveals(path string, n *Notice) {
	for _, text := range []Text{n.Subject, n.Body} {
		for _, lang := range slices.Sorted(maps.Keys(text)) {
			found, _ := placeholders(text[lang])
			for _, name := range found {
				field, _ := fieldOf(name)
				f := c.p.fields[field]
				if f == nil {
					continue
				}
				for j, to := range n.To {
					if !f.shownTo(to) {
						c.at(fmt.Sprintf("%s.to[%d]", path, j), ruleReveals, "the notice holds {%s}, which %q may not see: its seen_by is %s", name, to, strings.Join(f.SeenBy, ", "))
					}
				}
			}
		}
	}
}

// shownTo tells whether everybody whom a recipient names may see the field.
func (f *Field) shownTo(recipient string) bool {
	sees := func(viewers ...string) bool {
		return slices.ContainsFunc(viewers, func(v string) bool { return slices.Contains(f.SeenBy, v) })
	}
	switch recipient {
	case ToParties:
		return sees(ViewerParties)
	case ToAssigned:
		return sees(ViewerStaff, ViewerAssigned)
	case ToOwner, ToReferrer, ToIssuer:
		return sees(ViewerStaff)
	}
	return sees(ViewerParties, recipient)
}

// papers checks the notices that a step sends and the documents that it issues.
func (c *checker) papers(path string, s *Step) {
	for j, name := range s.Notices {
		at := fmt.Sprintf("%s.notices[%d]", path, j)
		n := c.p.Notice(name)
		if n == nil {
			c.at(at, ruleUnknownNotice, "no notice %q is declared", name)
		} else if s.Visible == VisibleOffice && n.tells(PlaceNote) && slices.ContainsFunc(n.To, toParty) {
			c.at(at, ruleReveals, "parties do not see what is recorded with the step %q, and the notice %q tells them {note}", s.Name, name)
		}
		if slices.Index(s.Notices, name) < j {
			c.at(at, ruleDuplicateName, "%q is listed twice", name)
		}
	}
	for j, name := range s.Documents {
		at := fmt.Sprintf("%s.documents[%d]", path, j)
		if c.p.Document(name) == nil {
			c.at(at, ruleUnknownDocument, "no document %q is declared", name)
		}
		if slices.Index(s.Documents, name) < j {
			c.at(at, ruleDuplicateName, "%q is listed twice", name)
		}
	}
}

func toParty(recipient string) bool {
	return recipient == ToParties || strings.HasPrefix(recipient, RelationParty+":")
}

// tells reports whether a placeholder stands in the body.
func (n *Notice) tells(name string) bool {
	for _, words := range n.Body {
		if found, _ := placeholders(words); slices.Contains(found, name) {
			return true
		}
	}
	return false
}
