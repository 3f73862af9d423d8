package casework

import "fmt"

// Fold computes a matter from its entries, oldest first. ends tells whether a state is an end state of the
// procedure the matter is pinned to. Entries whose content was erased contribute their act only.
func Fold(entries []*Entry, ends func(procedure, state string) bool) (*Matter, error) {
	if len(entries) == 0 {
		return nil, fmt.Errorf("no entries")
	}
	m := &Matter{}
	for i, e := range entries {
		if e.Act.Seq != i+1 {
			return nil, fmt.Errorf("entry %d has sequence number %d", i+1, e.Act.Seq)
		}
		if e.Act.Matter != entries[0].Act.Matter {
			return nil, fmt.Errorf("entry %d belongs to matter %s", i+1, e.Act.Matter)
		}
		m.add(&e.Act, &e.Content, ends)
	}
	return m, nil
}

// add folds one entry into the matter.
func (m *Matter) add(a *Act, c *Content, ends func(procedure, state string) bool) {
	if a.Kind == Lodged {
		m.Number, m.Procedure, m.Opened, m.Channel, m.Source = a.Matter, a.Procedure, a.Time, a.Channel, a.Source
		m.Unit, m.Parent, m.Issuer = a.Unit, a.Parent, a.Issuer
	}
	if a.Ended != nil {
		m.endSub(a.Ended.Matter, a.Time)
	}
	m.endSubs(a.EndedEach, a.Time)
	if a.Opens != nil {
		m.Subs = append(m.Subs, Part{Name: a.Opens.Sub, Number: a.Opens.Matter})
	}
	for _, part := range a.OpensEach {
		m.Subs = append(m.Subs, Part{Name: part.Sub, Number: part.Matter})
	}
	if a.Parties != nil {
		m.Roles = a.Parties
	}
	if a.Kind == Stepped {
		if m.Taken == nil {
			m.Taken = map[string]int{}
		}
		m.Taken[a.Step]++
	}
	switch {
	case a.Kind == Migrated:
		m.migrate(a)
	case a.Continues != nil:
		m.goOn(a, c)
	default:
		for _, op := range a.Clocks {
			m.applyClock(op, a.Time)
		}
	}
	m.follow(a.Unit, a.On)
	m.State, m.Assignee = a.State, a.Assignee
	m.Version, m.Changed = a.Seq, a.Time
	m.Ended = endedAt(m, a, ends)
	if a.Kind == Erased {
		m.Title, m.Fields, m.Parties = "", nil, nil
		return
	}
	if a.Continues == nil {
		m.addContent(c)
	}
}

// follow notes where a matter came from when its unit changes; a referral back to the unit that referred it
// takes that note away again, unless it goes on there.
func (m *Matter) follow(unit string, on bool) {
	if unit == m.Unit {
		return
	}
	if n := len(m.Referred); n > 0 && m.Referred[n-1] == unit && !on {
		m.Referred = m.Referred[:n-1]
	} else {
		m.Referred = append(m.Referred, m.Unit)
	}
	m.Unit = unit
}

func endedAt(m *Matter, a *Act, ends func(procedure, state string) bool) string {
	switch {
	case !ends(m.Procedure, m.State):
		return ""
	case m.Ended != "":
		return m.Ended
	}
	return a.Time
}

func (m *Matter) addContent(c *Content) {
	if c.Title != "" {
		m.Title = c.Title
	}
	if c.Parties != nil {
		m.Parties = c.Parties
	}
	if len(c.Fields) > 0 && m.Fields == nil {
		m.Fields = map[string]any{}
	}
	for k, v := range c.Fields {
		m.Fields[k] = v
	}
}
