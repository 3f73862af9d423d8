package casework

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// upkeepAct begins an act that leaves the matter where it stands.
func (s *Service) upkeepAct(a office.Actor, m *Matter, kind Kind, now time.Time) Act {
	return Act{V: actVersion, Matter: m.Number, Seq: m.Version + 1, Time: actTime(now, m), Kind: kind, Actor: actorRef(a),
		State: m.State, Unit: m.Unit, Assignee: m.Assignee}
}

// mayKeep refuses upkeep by anybody but staff who work on the matter.
func (s *Service) mayKeep(a office.Actor, m *Matter, roles ...string) error {
	for _, r := range roles {
		if a.HasRole(s.Tree(), r, m.Unit) {
			return nil
		}
	}
	return fail(NotAllowed, "not-allowed", "您没有权限做这个操作。", "You are not allowed to do this.")
}

// upkeep runs a verb of staff that leaves the matter's state alone.
func (s *Service) upkeep(ctx context.Context, a office.Actor, num string, roles []string, make func(m *Matter, act *Act) (Content, []int, error)) (*Outcome, error) {
	return s.rerun(func() (*Outcome, error) {
		m, rules, err := s.load(ctx, a, num)
		if err != nil {
			return nil, err
		}
		if err := s.mayKeep(a, m, roles...); err != nil {
			return nil, err
		}
		act := s.upkeepAct(a, m, "", s.Now())
		content, erase, err := make(m, &act)
		if err != nil {
			return nil, err
		}
		e, err := NewEntry(act, content)
		if err != nil {
			return nil, err
		}
		c := s.change(m, e, rules, nil)
		if err := s.erase(ctx, c, erase); err != nil {
			return nil, err
		}
		return s.commit(ctx, c)
	})
}

// IssueCode gives the i-th party a new query code; the old one no longer works. It is how a party that did
// not lodge the matter gets to follow it, and how a lost code is replaced after the office has made sure
// who asks.
func (s *Service) IssueCode(ctx context.Context, a office.Actor, num string, i int) (*Outcome, error) {
	code := number.NewCode()
	out, err := s.upkeep(ctx, a, num, []string{"clerk", "mediator", "officer", "head"}, func(m *Matter, act *Act) (Content, []int, error) {
		if i < 0 || i >= len(m.Roles) {
			return Content{}, nil, invalid("party", "unknown", "没有这位当事人。", "There is no such party.")
		}
		if r := s.Rules(m.Procedure).Procedure.PartyRole(m.Roles[i].Role); r == nil || !r.Sees {
			return Content{}, nil, invalid("party", "may-not-see", "按照规程，这位当事人不能查询这个事项。", "By the procedure this party may not follow the matter.")
		}
		act.Kind = CodeIssued
		act.Parties = slices.Clone(m.Roles)
		act.Parties[i].Code = number.CodeHash(m.Number, code)
		return Content{}, nil, nil
	})
	if err == nil {
		out.Code = code
	}
	return out, err
}

// Correct puts content right: the earlier entry stays, a new one names it and says what holds instead.
func (s *Service) Correct(ctx context.Context, a office.Actor, num string, seq int, title string, fields map[string]any, note string) (*Outcome, error) {
	return s.upkeep(ctx, a, num, []string{"clerk", "mediator", "officer", "head"}, func(m *Matter, act *Act) (Content, []int, error) {
		if seq < 1 || seq > m.Version {
			return Content{}, nil, invalid("entry", "unknown", "没有这条记录。", "There is no such entry.")
		}
		if err := checkReason("note", note, MaxNote, "请写明更正的理由。", "Say why it is corrected."); err != nil {
			return Content{}, nil, err
		}
		p := s.Rules(m.Procedure).Procedure
		uses := usesOf(p, fields, s.viewer(a, m))
		given, err := s.found(ctx, p, m, fields)
		if err != nil {
			return Content{}, nil, err
		}
		values, err := p.CheckFields(uses, given)
		bad := fieldErrors(err)
		if title != "" {
			checkLine(func(f, c, zh, en string) { bad = append(bad, FieldError{f, c, text(zh, en)}) }, "title", title, MaxTitle, false)
		}
		bad = append(bad, dayCorrected(p, fields)...)
		if len(bad) > 0 {
			return Content{}, nil, invalidInput(bad)
		}
		act.Kind, act.Names = Corrected, []int{seq}
		return Content{Title: title, Fields: values, Note: note}, nil, nil
	})
}

// Erase removes the personal content of an ended matter under a named rule: content and its salts go, acts,
// leaves and this new entry stay, so that state, accountability and log still verify.
func (s *Service) Erase(ctx context.Context, a office.Actor, num, rule string) (*Outcome, error) {
	return s.upkeep(ctx, a, num, []string{"head"}, func(m *Matter, act *Act) (Content, []int, error) {
		if m.Ended == "" {
			return Content{}, nil, fail(NotAllowed, "not-ended", "事项办结后才能删除个人信息。", "Personal data can be erased only after the matter has ended.")
		}
		if err := checkReason("rule", rule, maxRule, "请写明删除所依据的规定。", "Name the rule under which it is erased."); err != nil {
			return Content{}, nil, err
		}
		if err := s.erasure(ctx, m, act, rule); err != nil {
			return Content{}, nil, err
		}
		if len(act.Names) == 0 {
			return Content{}, nil, fail(NotAllowed, "nothing-to-erase", "这个事项已经没有个人信息可以删除。", "This matter holds no personal data any more.")
		}
		return Content{}, act.Names, nil
	})
}

// erasure makes act one that erases every content there is under the rule.
func (s *Service) erasure(ctx context.Context, m *Matter, act *Act, rule string) error {
	history, err := s.Store.Entries(ctx, m.Number)
	if err != nil {
		return err
	}
	act.Kind, act.Rule = Erased, rule
	for _, e := range history {
		if e.ContentBytes != nil {
			act.Names = append(act.Names, e.Act.Seq)
		}
	}
	return nil
}

// maxRule bounds the name of a rule in bytes: it goes into the act, which outlives erasure, so there must be
// no room for a story in it.
const maxRule = 300

// checkReason says what is wrong with words that must be given; zh and en ask for them. limit is in bytes.
func checkReason(field, words string, limit int, zh, en string) error {
	switch {
	case words == "":
		return invalid(field, "required", zh, en)
	case !utf8.ValidString(words):
		return invalid(field, "not-utf8", "文字编码不是 UTF-8。", "The text is not valid UTF-8.")
	case len(words) > limit:
		return invalid(field, "too-long", "太长了，请缩短。", "This is too long; please shorten it.")
	}
	return nil
}

// usesOf asks for exactly those of the given fields that are declared and that the viewer may see; CheckFields then
// refuses the others.
func usesOf(p *procedure.Procedure, fields map[string]any, v procedure.Viewer) []procedure.FieldUse {
	var uses []procedure.FieldUse
	for name := range fields {
		if f := p.Field(name); f != nil && v.Sees(f) {
			uses = append(uses, procedure.FieldUse{Name: name})
		}
	}
	return uses
}
