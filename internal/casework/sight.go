package casework

import (
	"slices"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// viewer says as whom the actor looks at the matter.
func (s *Service) viewer(a office.Actor, m *Matter) procedure.Viewer {
	if a.Party != nil {
		return procedure.Viewer{Party: a.Party.Role}
	}
	tree := s.Tree()
	return procedure.Viewer{Staff: true, Assigned: a.Account != nil && a.Account.Login == m.Assignee,
		Role: func(role string) bool { return a.System || a.HasRole(tree, role, m.Unit) }}
}

// limit removes what the reader may not see: everything personal for those who check without reading, and
// for parties the fields and entries the procedure keeps to the office, and other parties' contact details.
func (f *File) limit(content bool) {
	m := f.Matter
	if !content {
		m.Title, m.Fields, m.Parties = "", nil, nil
	}
	for name := range m.Fields {
		if fd := f.Procedure.Field(name); fd != nil && !f.Viewer.Sees(fd) {
			delete(m.Fields, name)
		}
	}
	m.Kept = nil
	if !f.Viewer.Staff {
		for i := range m.Parties {
			m.Parties[i].Phone, m.Parties[i].Address = "", ""
		}
	}
	for _, e := range f.Entries {
		if !content || !f.shows(e) {
			e.narrow(Content{})
			continue
		}
		f.limitFields(e)
	}
}

// narrow leaves only c of an entry's content, also in its bytes. What was erased stays marked as erased, and
// what is merely not shown does not look erased.
func (e *Entry) narrow(c Content) {
	e.Content, e.ContentSalt = c, nil
	if e.ContentBytes != nil {
		e.ContentBytes, _ = c.canonical() // it is a part of what was canonical before
	}
}

// shows reports whether the reader may see an entry's content at all.
func (f *File) shows(e *Entry) bool {
	switch {
	case f.Viewer.Staff, e.Act.Kind == Lodged:
		return true
	case e.Act.Kind == Corrected: // what put right something that is shown
		return len(f.Entries) > 0 && !slices.ContainsFunc(e.Act.Names, func(seq int) bool { return !f.shows(f.Entries[seq-1]) })
	}
	st := f.RulesAt(e.Act.Seq).Procedure.Step(e.Act.Step)
	return st != nil && st.Visible != "office"
}

func (f *File) limitFields(e *Entry) {
	if !f.hidesField(e) && (f.Viewer.Staff || len(e.Content.Parties) == 0) {
		return
	}
	c := e.Content
	if !f.Viewer.Staff {
		for i := range c.Parties {
			c.Parties[i].Phone, c.Parties[i].Address = "", ""
		}
	}
	f.eachHidden(e, func(fields map[string]any, name string) { delete(fields, name) })
	e.narrow(c)
}

// hidesContact reports whether the content holds contact details that another party gave: only a resident
// who lodged the matter gets them back, not whoever an office lodged it for.
func hidesContact(a office.Actor, e *Entry) bool {
	if a.Party == nil || !slices.ContainsFunc(e.Content.Parties, func(p Party) bool { return p.Phone+p.Address != "" }) {
		return false
	}
	return e.Act.Actor.As != "resident" ||
		!slices.ContainsFunc(e.Act.Parties, func(p PartyRef) bool { return p.Code != "" && p.Code == a.Party.Code })
}

// hidesField reports whether the content holds a field the viewer may not see: then it is not given at all,
// because a part of it could not be verified.
func (f *File) hidesField(e *Entry) bool {
	hidden := false
	f.eachHidden(e, func(map[string]any, string) { hidden = true })
	return hidden
}

// eachHidden calls do with each field of the content that the viewer may not see. What was asked for by the procedure in
// which the matter then went on is seen by the rules of that one.
func (f *File) eachHidden(e *Entry, do func(fields map[string]any, name string)) {
	look := func(fields map[string]any, p *procedure.Procedure, viewer procedure.Viewer) {
		for name := range fields {
			if fd := p.Field(name); fd != nil && !viewer.Sees(fd) {
				do(fields, name)
			}
		}
	}
	seq := e.Act.Seq
	look(e.Content.Fields, f.RulesAt(seq).Procedure, f.viewerAt(seq))
	look(e.Content.Opening, f.RulesAfter(e).Procedure, f.viewerAt(seq+1))
}
