package casework

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// StepCommand is the command to take a declared step.
type StepCommand struct {
	Step     string         `json:"step"`
	Fields   map[string]any `json:"fields,omitempty"`
	Note     string         `json:"note,omitempty"`
	Unit     string         `json:"unit,omitempty"`     // where a referral goes
	Assignee string         `json:"assignee,omitempty"` // whom an assignment names, by login
	Sub      *SubOpening    `json:"sub,omitempty"`      // about the sub-matter that the step opens
	Onward   *Onward        `json:"onward,omitempty"`   // about the procedure in which the matter goes on with it
	Version  int            `json:"version,omitzero"`   // version the actor saw; 0: whatever is there now
}

// TakeStep takes a lawful step. When Version is given and somebody acted since, the answer is a Conflict
// with the matter as it is now; without it a conflict re-runs the command.
func (s *Service) TakeStep(ctx context.Context, a office.Actor, num string, cmd StepCommand, key string) (*Outcome, error) {
	r, err := newRequest(a, "step", key, func() ([]byte, error) { return json.Marshal([]any{num, cmd}, jsonv1.DefaultOptionsV1()) })
	if err != nil {
		return nil, err
	}
	if again, err := s.repeat(ctx, r); again != nil || err != nil {
		return again, err
	}
	out, err := s.rerun(func() (*Outcome, error) {
		m, rules, err := s.load(ctx, a, num)
		if err != nil {
			return nil, err
		}
		if err := s.upToDate(ctx, m, cmd.Version); err != nil {
			return nil, err
		}
		if m, rules, err = s.settle(ctx, m, rules); err != nil {
			return nil, err
		}
		c, err := s.step(ctx, a, m, rules, cmd, r)
		if errors.Is(err, errSettled) { // no act of somebody else: whoever saw the former version is not asked again
			if m, rules, err = s.load(ctx, a, num); err == nil {
				c, err = s.step(ctx, a, m, rules, cmd, r)
			}
		}
		if err != nil {
			return nil, err
		}
		out, err := s.commit(ctx, c)
		if errors.Is(err, ErrKeyUsed) {
			again, err := s.repeat(ctx, r)
			if again == nil && err == nil { // it was used by a change that then failed
				err = ErrConflict
			}
			return again, err
		}
		return out, err
	})
	if kind := KindOf(err); err != nil && (kind == Conflict || kind == NotAllowed || kind == NotFound) {
		// What came in between may have been this very request, sent twice at once.
		if again, err := s.repeat(ctx, r); again != nil || err != nil {
			return again, err
		}
	}
	return out, err
}

// longestPause is before a verb runs again.
const longestPause = 150 * time.Millisecond

// rerun runs a verb again while somebody else's change comes in between, to a matter that it writes or to a number
// that it gives. Where many meet, as when all parts of one matter end, it soon waits a little, each time for longer
// on average and never as long as the others, so that not one alone gets through each time.
func (s *Service) rerun(verb func() (*Outcome, error)) (*Outcome, error) {
	for try := range 20 {
		if try >= 3 {
			time.Sleep(rand.N(min(time.Millisecond<<(try-3), longestPause)))
		}
		out, err := verb()
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrTaken) && !errors.Is(err, ErrFileUsed) {
			return out, storeError(err)
		}
	}
	return nil, errStale(nil)
}

// load reads a matter the actor may see. One that exists but is not theirs looks like none.
func (s *Service) load(ctx context.Context, a office.Actor, num string) (*Matter, *Rules, error) {
	canonical, err := number.Parse(num)
	if err != nil {
		return nil, nil, badNumber(err)
	}
	m, err := s.Store.Matter(ctx, canonical)
	if err != nil {
		return nil, nil, storeError(err)
	}
	if !a.System && !a.ReadScope(s.Tree()).Covers(m.Unit, m.Number) {
		return nil, nil, errNoMatter()
	}
	rules, err := s.rulesOf(ctx, m)
	return m, rules, err
}

func badNumber(err error) *Error {
	e := errNoMatter()
	var n *number.Error
	if errors.As(err, &n) {
		e.Text = text(n.Text("zh"), n.Text("en"))
	}
	return e
}

// situation is what a procedure needs to know to say what is lawful for the actor.
func (s *Service) situation(a office.Actor, m *Matter, unit string) procedure.Situation {
	tree := s.Tree()
	sit := procedure.Situation{
		Roles:    func(role string) bool { return a.HasRole(tree, role, unit) },
		Superior: func(role string) bool { return above(a, tree, role, unit) },
		Relations: func(rel string) bool {
			switch {
			case rel == "system":
				return a.System
			case rel == "resident":
				return a.Resident
			case rel == "assigned":
				return m != nil && a.Account != nil && m.Assignee == a.Account.Login
			case rel == "party":
				return a.Party != nil && m != nil && a.Party.Matter == m.Number
			}
			return a.Party != nil && m != nil && a.Party.Matter == m.Number && rel == "party:"+a.Party.Role
		},
	}
	if m != nil {
		s.standing(&sit, a, m)
	}
	return sit
}

// LawfulSteps are the steps the actor may take now, in declared order.
func (s *Service) LawfulSteps(a office.Actor, m *Matter) []*procedure.Step {
	rules := s.Rules(m.Procedure)
	return slices.DeleteFunc(slices.Clone(rules.Procedure.LawfulSteps(s.situation(a, m, m.Unit))), func(st *procedure.Step) bool {
		return extensionSpent(rules, m, st) != nil || st.Refer == "back" && len(m.Referred) == 0 || s.hindered(rules, m, st) != nil
	})
}

// actTime is now, but never before the entry before it: a clock set back must not turn a history around.
func actTime(now time.Time, m *Matter) string { return max(FormatTime(now), m.Changed) }

// step computes what a step changes, or says why it is not lawful or not complete.
func (s *Service) step(ctx context.Context, a office.Actor, m *Matter, rules *Rules, cmd StepCommand, r *request) (*Change, error) {
	var err error
	if cmd.Fields, err = s.found(ctx, rules.Procedure, m, cmd.Fields); err != nil {
		return nil, err
	}
	if cmd.Onward, err = s.foundOnward(ctx, m, rules.Procedure.Step(cmd.Step), cmd.Onward); err != nil {
		return nil, err
	}
	act, content, err := s.stepAct(a, m, rules, cmd)
	if err != nil {
		return nil, err
	}
	if err := s.hasOne(ctx, m, rules, rules.Procedure.Step(cmd.Step), cmd.Sub); err != nil {
		return nil, err
	}
	return s.sealed(ctx, m, rules, act, content, cmd.Sub, r)
}

func (s *Service) stepAct(a office.Actor, m *Matter, rules *Rules, cmd StepCommand) (Act, Content, error) {
	p := rules.Procedure
	if err := p.Lawful(cmd.Step, s.situation(a, m, m.Unit)); err != nil {
		return Act{}, Content{}, notLawful(err)
	}
	st := p.Step(cmd.Step)
	if err := extensionSpent(rules, m, st); err != nil {
		return Act{}, Content{}, err
	}
	if err := s.hindered(rules, m, st); err != nil {
		return Act{}, Content{}, err
	}
	now := s.Now()
	act := s.upkeepAct(a, m, Stepped, now)
	act.Step = st.Name
	if st.To != "" {
		act.State = st.To
	}
	bad := s.place(&act, a, m, p, st, cmd, now.In(rules.Location).Format(time.DateOnly))
	fields, err := p.CheckFields(p.Asks(st, m.State, m.Knows), cmd.Fields)
	bad = append(bad, fieldErrors(err)...)
	if err == nil {
		bad = append(bad, rules.dayFaults(m, st.Name, st.Extend, fields, now)...)
	}
	bad = append(bad, checkNote(st, cmd.Note)...)
	if err == nil {
		bad = append(bad, s.subFaults(m, rules, st, fields, cmd.Sub)...)
	}
	content := Content{Fields: fields, Note: cmd.Note}
	if err == nil {
		bad = append(bad, s.goingOn(&act, &content, m, rules, st, cmd.Onward)...)
	}
	if len(bad) > 0 {
		return Act{}, Content{}, invalidInput(bad)
	}
	if st.Continues != nil {
		act.Clocks, err = s.passageClocks(m, st, act.Time)
		return act, content, err
	}
	after := m.clone()
	maps.Copy(after.Fields, fields)
	act.Clocks, err = rules.clockOps(after, st.Name, act.State, act.Time, act.Time, st.Extend)
	return act, content, err
}

func notLawful(err error) *Error {
	e := &Error{Kind: NotAllowed, Code: "step-not-lawful", Cause: err}
	var n *procedure.NotLawful
	if errors.As(err, &n) {
		e.Code = n.Reason
		e.Text = n.Text()
	}
	return e
}

// extensionSpent refuses an extension of a clock that does not run or was extended as often as it may be.
func extensionSpent(rules *Rules, m *Matter, st *procedure.Step) error {
	if st.Extend == "" {
		return nil
	}
	c := m.clock(st.Extend)
	if c == nil || !c.Open() {
		return fail(NotAllowed, "clock-not-running", "要延长的时限现在没有在计算。", "The clock to extend is not running.")
	}
	rule := rules.InForce(rules.Procedure.Clock(st.Extend), c)
	if rule.Extension == nil || rule.Extension.Max > 0 && c.Extensions >= rule.Extension.Max {
		return fail(NotAllowed, "extension-spent", "这个时限已经延长过，依照规定不能再延长。", "This clock has been extended as often as the rule allows.")
	}
	return nil
}

// place sets the unit and assignee after the step and says what is wrong with those named.
func (s *Service) place(act *Act, a office.Actor, m *Matter, p *procedure.Procedure, st *procedure.Step, cmd StepCommand, today string) []FieldError {
	var bad []FieldError
	reject := func(field, code, zh, en string) {
		bad = append(bad, FieldError{Field: field, Code: code, Text: text(zh, en)})
	}
	switch st.Refer {
	case "choose":
		kinds := st.ReferKinds
		if len(kinds) == 0 {
			kinds = p.Open.Units
		}
		u, ok := s.Tree().Unit(cmd.Unit)
		switch {
		case !ok:
			reject("unit", "required", "请选择转往的单位。", "Choose the office to refer it to.")
		case u.Code == m.Unit:
			reject("unit", "same", "事项已经在这个单位。", "The matter is already with this office.")
		case m.Issuer != "" && !s.Tree().Within(u.Code, m.Issuer):
			reject("unit", "not-below", "交办单位只能交给本单位或者下面的单位。", "An office can issue only to itself and to offices below it.")
		case u.Code == m.BarredFrom(st):
			reject("unit", "referrer", "这个单位转来的事项，不能再转给它，请选择其他单位。", "This office referred the matter and may not get it back; choose another.")
		case !slices.Contains(kinds, u.Kind) || !u.ValidOn(today):
			reject("unit", "wrong-kind", "这个单位不能承接，请选择其他单位。", "This office cannot take it; choose another.")
		}
		act.Unit, act.Assignee = cmd.Unit, ""
		act.On = len(m.Referred) > 0 && m.Referred[len(m.Referred)-1] == cmd.Unit
	case "back":
		if len(m.Referred) == 0 {
			reject("unit", "not-referred", "这个事项不是转来的，无法退回。", "This matter was not referred, so it cannot go back.")
			break
		}
		act.Unit, act.Assignee = m.Referred[len(m.Referred)-1], ""
	}
	switch st.Assign {
	case "actor":
		if a.Account != nil {
			act.Assignee = a.Account.Login
		}
	case "none":
		act.Assignee = ""
	case "choose":
		if !s.mayHold(cmd.Assignee, st.AssignRole, act.Unit) {
			reject("assignee", "not-suitable", "请选择本单位能够承办的人员。", "Choose somebody of this office who can take it.")
		}
		act.Assignee = cmd.Assignee
	}
	return bad
}

// mayHold reports whether the account exists, is not disabled and has the role over the unit.
func (s *Service) mayHold(login, role, unit string) bool {
	staff := s.Staff()
	account := staff.Accounts[login]
	return account != nil && !account.Disabled && office.Actor{Account: account}.HasRole(staff.Tree, role, unit)
}

// Candidates are the accounts that a step may assign, by login.
func (s *Service) Candidates(role, unit string) []*office.Account {
	var out []*office.Account
	for login, a := range s.Staff().Accounts {
		if s.mayHold(login, role, unit) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *office.Account) int { return cmp.Compare(a.Login, b.Login) })
	return out
}

func checkNote(st *procedure.Step, note string) []FieldError {
	bad := func(code, zh, en string) []FieldError {
		return []FieldError{{Field: "note", Code: code, Text: text(zh, en)}}
	}
	switch {
	case !utf8.ValidString(note):
		return bad("not-utf8", "文字编码不是 UTF-8。", "The text is not valid UTF-8.")
	case len(note) > MaxNote:
		return bad("too-long", "说明太长，最多 1 MB。", "The note is too long; at most 1 MB.")
	case st.Note == "required" && strings.TrimSpace(note) == "":
		return bad("required", "这个环节必须写明理由或说明。", "This step needs a note that says why.")
	case st.Note == "none" && note != "":
		return bad("not-asked", "这个环节不需要说明。", "This step takes no note.")
	}
	return nil
}
