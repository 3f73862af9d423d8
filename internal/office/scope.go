package office

// Scope is what an actor may read: everything, the matters of some units, one
// matter, or nothing. It is the one permission predicate: a list turns it into
// a condition (All, Units, Matter, Empty), a single read asks Covers, and both
// answer alike. The zero Scope covers nothing.
//
// A scope goes by the unit a matter stands with now. That a unit succeeded
// another does not widen its scope: matters move by an entry that all can see.
type Scope struct {
	tree    *Tree
	all     bool
	tops    []string // none lies below another
	matter  string
	content *Scope // the part with personal content; nil means all of it
}

// ReadScope is what the actor may read, with or without personal content; see
// Content for the difference.
func (a Actor) ReadScope(t *Tree) Scope {
	switch {
	case a.Check() != nil:
		return Scope{}
	case a.System:
		return Scope{tree: t, all: true}
	case a.Party != nil:
		return Scope{tree: t, matter: a.Party.Matter}
	}
	var read, content []string
	for _, g := range a.grants() {
		m, c := g.reads()
		if m {
			read = append(read, g.Unit)
		}
		if c {
			content = append(content, g.Unit)
		}
	}
	s := unitScope(t, read)
	if inner := unitScope(t, content); !inner.contains(s) {
		s.content = &inner
	}
	return s
}

// Covers reports whether the actor may read a matter that stands with the unit
// and has the number.
func (s Scope) Covers(unit, matter string) bool {
	if s.all {
		return true
	}
	if s.matter != "" {
		return s.matter == matter
	}
	for _, top := range s.tops {
		if s.tree.Within(unit, top) {
			return true
		}
	}
	return false
}

// All reports whether everything is covered, whatever its unit.
func (s Scope) All() bool { return s.all }

// Matter is the number of the one matter covered, for a party; otherwise "".
func (s Scope) Matter() string { return s.matter }

// Empty reports whether nothing is covered.
func (s Scope) Empty() bool { return !s.all && s.matter == "" && len(s.tops) == 0 }

// Units are the codes of all units covered, sorted, each once. It is empty when
// All or Matter says what is covered. Callers must not write to it.
func (s Scope) Units() []string {
	if s.all || s.matter != "" {
		return nil
	}
	return expand(s.tree, s.tops)
}

// Tops are the fewest units that with all below them make up Units; for a
// store that can ask by subtree.
func (s Scope) Tops() []string { return s.tops }

// ContentAllowed reports whether everything covered may be read with personal
// content. It is false for an account that is only auditor. An account that is
// clerk in one unit and auditor over more gets false too; for it, ask Content.
func (s Scope) ContentAllowed() bool { return !s.Empty() && s.content == nil }

// Content is the part of the scope that may be read with personal content.
// Searching in content, and showing it, must use this scope: an auditor who
// could search a name would learn who is party to what.
func (s Scope) Content() Scope {
	if s.content == nil {
		return s
	}
	return *s.content
}

func unitScope(t *Tree, codes []string) Scope {
	tops := topmost(t, codes)
	if len(tops) == 1 && tops[0] == Everywhere {
		return Scope{tree: t, all: true}
	}
	return Scope{tree: t, tops: tops}
}

// contains reports whether everything o covers is covered by s; both by units.
func (s Scope) contains(o Scope) bool {
	if o.all {
		return s.all
	}
	for _, top := range o.tops {
		if !s.Covers(top, "") {
			return false
		}
	}
	return true
}
