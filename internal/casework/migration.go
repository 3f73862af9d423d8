package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Plan is a migration made ready: both versions and the mapping between them.
type Plan struct {
	From, To *Rules
	Map      *procedure.Migration
	// Hash is lower-case hex SHA-256 over the texts of both versions and of the mapping. What was rehearsed under
	// it is what a migration under it does.
	Hash string
}

// MigrationPlan makes a migration ready: from and to are id@version, mapping is the text of a mapping that was
// read from name, or nil where the new version only adds to the old. What is wrong with the mapping is an
// Invalid error with *procedure.Errors as its cause.
func (s *Service) MigrationPlan(a office.Actor, from, to, name string, mapping []byte) (*Plan, error) {
	if !s.MayPublish(a) {
		return nil, ErrNotAuthor()
	}
	p := &Plan{From: s.version(from), To: s.version(to)}
	for field, r := range map[string]*Rules{"from": p.From, "to": p.To} {
		if r == nil {
			return nil, invalid(field, "unknown", "没有发布过这个版本；写成 规程@版本 的样子。", "No such version is published; write it as procedure@version.")
		}
	}
	if p.From.Procedure.ID != p.To.Procedure.ID || p.From == p.To {
		return nil, invalid("to", "not-another-version", "只能在同一规程的两个版本之间迁移。", "A migration leads from one version of a procedure to another version of the same.")
	}
	found := procedure.Additions(p.From.Procedure, p.To.Procedure)
	if mapping == nil {
		p.Map = procedure.Same(p.From.Procedure, p.To.Procedure)
	} else {
		var err error
		if p.Map, err = procedure.ReadMigration(name, mapping); err != nil {
			return nil, errMapping(Findings(err))
		}
		found = p.Map.Check(p.From.Procedure, p.To.Procedure)
	}
	if len(found) > 0 {
		return nil, errMapping(found)
	}
	b, err := ledger.Canonical([]string{p.From.Procedure.Key(), p.From.Procedure.Hash, p.To.Procedure.Key(), p.To.Procedure.Hash, p.Map.Hash})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	p.Hash = hex.EncodeToString(sum[:])
	return p, nil
}

// version finds one published version by id@version.
func (s *Service) version(key string) *Rules {
	if r := s.Rules(key); r != nil && r.Procedure.Key() == key {
		return r
	}
	return nil
}

func errMapping(found []procedure.Finding) error {
	e := fail(Invalid, "mapping", "对应表与两个版本不符，没有迁移任何事项。请改正列出的问题。",
		"The mapping does not fit the two versions; no matter was migrated. Correct what is listed.")
	all := procedure.Errors(found)
	e.Cause = &all
	return e
}

// Misfit is one reason why a matter cannot go on under the new version.
type Misfit struct {
	Code string `json:"code"` // state, field, field-missing, party, party-missing, party-many, party-sees, clock-extended, clock-dates, no-clock, assignee
	Name string `json:"name"` // of what does not fit: a state, a field …

	Text    procedure.Text `json:"-"`
	Message string         `json:"message"` // Text in the language of who asked; whoever shows it fills it in
}

// movingAct is the act that brings a matter under the new version, or why it cannot go on there. It changes
// nothing but the matter's names and clocks.
func (s *Service) movingAct(a office.Actor, m *Matter, p *Plan, now time.Time) (Act, []Misfit) {
	act := s.upkeepAct(a, m, Migrated, now)
	to := p.To.Procedure
	act.Procedure, act.Declared, act.State = to.Key(), to.Hash, p.Map.State(m.State)
	act.Migration = p.act()
	f := &fitting{to: to}
	st := to.State(act.State)
	if st == nil || st.End { // a mapping leaves none out, so this matter is not one of its version
		f.not("state", m.State, "状态“%s”在新版本里没有对应", "the state %q has no counterpart in the new version")
		return act, f.misfits
	}
	f.fields(m, p.Map, st)
	if roles := f.parties(m, p.Map); !slices.Equal(roles, m.Roles) {
		act.Parties = roles
	}
	var err error
	if act.Clocks, err = p.carrying().ops(m, act.State, act.Time); err != nil {
		f.clock(err)
	} else if !runs(m, &act) {
		f.not("no-clock", act.State, "迁移到“%s”后没有任何时限", "no clock would be open at %q")
	}
	if m.Assignee != "" && !s.mayHoldOn(m.Assignee, act.State, act.Unit, to) {
		f.not("assignee", act.State, "承办人没有状态“%s”所要求的角色", "who is assigned has no role that is needed at %q")
	}
	return act, f.misfits
}

// act is what every matter of the migration records of it.
func (p *Plan) act() *Migration {
	return &Migration{From: p.From.Procedure.Key(), FromHash: p.From.Procedure.Hash, Map: p.Map.Hash, Reason: p.Map.Reason,
		Fields: p.Map.Fields, Parties: p.Map.Parties, Dropped: p.Map.Drop, Steps: p.Map.Steps}
}

// runs reports whether a clock is open after the act.
func runs(m *Matter, act *Act) bool {
	after := m.clone()
	after.migrate(act)
	return slices.ContainsFunc(after.Clocks, func(c Clock) bool { return c.Open() })
}

// mayHoldOn reports whether somebody assigned can be so at a state: where a step there asks the assigned person
// for a role, they have one of those asked for.
func (s *Service) mayHoldOn(login, state, unit string, p *procedure.Procedure) bool {
	asked := false
	for i := range p.Steps {
		if !slices.Contains(p.Steps[i].From, state) {
			continue
		}
		for _, w := range p.Steps[i].By {
			if w.Relation != procedure.RelationAssigned {
				continue
			}
			if w.Role == "" || s.mayHold(login, w.Role, unit) {
				return true
			}
			asked = true
		}
	}
	return !asked
}

// fitting collects why a matter does not fit.
type fitting struct {
	to      *procedure.Procedure
	misfits []Misfit
}

func (f *fitting) not(code, name, zh, en string) {
	f.misfits = append(f.misfits, Misfit{Code: code, Name: name, Text: text(fmt.Sprintf(zh, name), fmt.Sprintf(en, name))})
}

// fields checks that every value is one in the new version, and that the state has what it requires.
func (f *fitting) fields(m *Matter, by *procedure.Migration, at *procedure.State) {
	known := map[string]bool{}
	for _, old := range slices.Sorted(maps.Keys(m.Fields)) {
		name := by.Field(old)
		if name == "" {
			continue
		}
		known[name] = true
		if f.to.Field(name) == nil {
			f.not("field", name, "栏目“%s”在新版本里没有对应", "the field %q has no counterpart in the new version")
		} else if _, err := f.to.CheckFields([]procedure.FieldUse{{Name: name}}, map[string]any{name: recorded(f.to.Field(name), m.Fields[old])}); err != nil {
			f.not("field", name, "栏目“%s”的内容不符合新版本", "what the field %q holds is not allowed by the new version")
		}
	}
	for _, name := range at.Requires {
		if !known[name] {
			f.not("field-missing", name, "新版本要求填写的栏目“%s”没有填写", "the new version asks for the field %q, which has no value")
		}
	}
}

// recorded is a value that was recorded, as CheckFields takes it.
func recorded(f *procedure.Field, value any) any {
	if f.Type == procedure.TypeFile {
		return procedure.FilesOf(value)
	}
	return value
}

// parties gives the parties their new roles and checks that there are as many as the new version asks for, and
// that nobody who follows the matter loses sight of it.
func (f *fitting) parties(m *Matter, by *procedure.Migration) []PartyRef {
	count := map[string]int{}
	roles := slices.Clone(m.Roles)
	for i := range roles {
		role := by.Party(roles[i].Role)
		roles[i].Role = role
		count[role]++
		declared := f.to.PartyRole(role)
		switch {
		case declared == nil && count[role] == 1:
			f.not("party", role, "当事人“%s”在新版本里没有对应", "the party %q has no counterpart in the new version")
		case declared != nil && !declared.Sees && roles[i].Code != "":
			f.not("party-sees", role, "当事人“%s”正在查询这个事项，新版本不允许", "the party %q follows the matter, which the new version does not allow")
		}
	}
	for _, r := range f.to.Parties {
		if n := count[r.Role]; n < r.Min {
			f.not("party-missing", r.Role, "新版本要求的当事人“%s”不足", "the new version asks for more of the party %q")
		} else if r.Max > 0 && n > r.Max {
			f.not("party-many", r.Role, "当事人“%s”比新版本允许的多", "there are more of the party %q than the new version allows")
		}
	}
	return roles
}

func (f *fitting) clock(err error) {
	var spent *extendedTooOften
	if errors.As(err, &spent) {
		f.not("clock-extended", spent.clock, "时限“%s”延长的次数超过新版本的规定", "the clock %q was extended more often than the new version allows")
		return
	}
	f.misfits = append(f.misfits, Misfit{Code: "clock-dates", Text: text("新版本的时限无法计算", "the clocks of the new version cannot be computed")})
}
