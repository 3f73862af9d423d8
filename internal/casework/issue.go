package casework

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"luoshi/internal/office"
)

// Issuance is the command to issue matters, all at once or none: directives of one meeting, for instance.
type Issuance struct {
	Procedure  string      `json:"procedure"` // id, of one whose matters are issued; its newest version is used
	Issuer     string      `json:"issuer"`    // the unit that issues them
	Channel    string      `json:"channel,omitempty"`
	Directives []Directive `json:"directives"`
}

// Directive is one matter to be issued, with sub-matters that begin with it.
type Directive struct {
	Unit   string          `json:"unit"`
	Title  string          `json:"title"`
	Fields map[string]any  `json:"fields,omitempty"`
	Parts  []DirectivePart `json:"parts,omitempty"`
}

// DirectivePart is a sub-matter of the same procedure and the same issuer, with the title and fields of the whole but
// for those that it has itself. No day on which one of its clocks ends may lie after that of the whole.
type DirectivePart struct {
	Sub    string         `json:"sub"` // what the procedure calls it
	Unit   string         `json:"unit"`
	Title  string         `json:"title,omitempty"`
	Fields map[string]any `json:"fields,omitempty"`
}

// Bounds of an issuance.
const (
	MaxDirectives = 200
	maxIssued     = MaxSubs + MaxDirectives // with all parts
)

// Issue issues matters in one transaction and answers with each, its parts among Each. A repeated key with the same
// issuance gives the first answer again.
func (s *Service) Issue(ctx context.Context, a office.Actor, in Issuance, key string) ([]*Outcome, error) {
	if in.Channel == "" {
		in.Channel = "api"
	}
	r, err := newRequest(a, "issue", key, func() ([]byte, error) { return json.Marshal(in, jsonv1.DefaultOptionsV1()) })
	if err != nil {
		return nil, err
	}
	if again, err := s.repeatIssue(ctx, r); again != nil || err != nil {
		return again, err
	}
	rules, all, err := s.checkIssuance(ctx, a, in)
	if err != nil {
		return nil, err
	}
	for range 3 { // as Lodge
		out, err := s.issue(ctx, a, in, rules, all, r)
		switch {
		case errors.Is(err, ErrTaken):
			continue
		case errors.Is(err, ErrKeyUsed):
			if again, err := s.repeatIssue(ctx, r); again != nil || err != nil {
				return again, err
			}
			continue
		}
		return out, storeError(err)
	}
	return nil, storeError(ErrConflict)
}

// CheckIssuance says everything that Issue would refuse, and records nothing.
func (s *Service) CheckIssuance(ctx context.Context, a office.Actor, in Issuance) error {
	if in.Channel == "" {
		in.Channel = "api"
	}
	_, _, err := s.checkIssuance(ctx, a, in)
	return err
}

// issuing is a directive, checked.
type issuing struct {
	lodging Lodging
	fields  map[string]any // normalised
	sub     string         // of a part
	parts   []*issuing
}

func (s *Service) checkIssuance(ctx context.Context, a office.Actor, in Issuance) (*Rules, []*issuing, error) {
	rules := s.Rules(in.Procedure)
	if rules == nil || len(rules.Procedure.Open.Issuers) == 0 {
		return nil, nil, invalid("procedure", "unknown", "没有这个交办规程。", "There is no such procedure whose matters are issued.")
	}
	n := len(in.Directives)
	for _, d := range in.Directives {
		n += len(d.Parts)
	}
	switch {
	case len(in.Directives) == 0:
		return nil, nil, invalid("directives", "required", "没有要交办的事项。", "There is nothing to issue.")
	case len(in.Directives) > MaxDirectives || n > maxIssued:
		return nil, nil, invalid("directives", "too-many", "一次交办的事项太多，请分几次。", "These are too many at once; issue them in several goes.")
	}
	var all []*issuing
	var bad []FieldError
	for i, d := range in.Directives {
		one, faults, err := s.checkDirective(ctx, a, rules, in, d)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range faults {
			f.Field = fmt.Sprintf("directives.%d.%s", i, f.Field)
			bad = append(bad, f)
		}
		all = append(all, one)
	}
	if len(bad) > 0 {
		return nil, nil, invalidInput(bad)
	}
	return rules, all, nil
}

// checkDirective says what is wrong with one directive and its parts; the error is that it may not be issued at all.
func (s *Service) checkDirective(ctx context.Context, a office.Actor, rules *Rules, in Issuance, d Directive) (*issuing, []FieldError, error) {
	one := &issuing{lodging: Lodging{Procedure: in.Procedure, Unit: d.Unit, Issuer: in.Issuer, Channel: in.Channel, Title: d.Title, Fields: d.Fields}}
	bad, err := s.checkOne(ctx, a, one)
	if err != nil {
		return nil, nil, err
	}
	for i, p := range d.Parts {
		part := &issuing{sub: p.Sub, lodging: one.lodging}
		part.lodging.Unit, part.lodging.Fields = p.Unit, merged(d.Fields, p.Fields)
		if p.Title != "" {
			part.lodging.Title = p.Title
		}
		faults, err := s.checkOne(ctx, a, part)
		if err != nil {
			return nil, nil, err
		}
		if sub := rules.Procedure.Sub(p.Sub); sub == nil || sub.Procedure != rules.Procedure.ID {
			faults = append(faults, FieldError{Field: "sub", Code: "unknown", Text: text("规程里没有这种下级事项。", "The procedure has no such part.")})
		}
		if p.Unit == d.Unit {
			faults = append(faults, FieldError{Field: "unit", Code: "same", Text: text("牵头单位不用再列为配合单位。", "The leading office need not be named again as one that helps.")})
		}
		faults = append(faults, laterThan(rules, one.fields, part.fields)...)
		for _, f := range faults {
			f.Field = fmt.Sprintf("parts.%d.%s", i, f.Field)
			bad = append(bad, f)
		}
		one.parts = append(one.parts, part)
	}
	return one, bad, nil
}

func merged(fields, over map[string]any) map[string]any {
	out := make(map[string]any, len(fields)+len(over))
	for _, from := range []map[string]any{fields, over} {
		for name, value := range from {
			out[name] = value
		}
	}
	return out
}

// laterThan says that a day given for a clock of a part lies after that of the whole.
func laterThan(rules *Rules, whole, part map[string]any) []FieldError {
	var bad []FieldError
	for i := range rules.Procedure.Clocks {
		field := rules.Procedure.Clocks[i].Until
		ours, _ := whole[field].(string)
		theirs, _ := part[field].(string)
		if field != "" && ours != "" && theirs > ours {
			bad = append(bad, FieldError{Field: "fields." + field, Code: "after-the-whole",
				Text: text("不能晚于牵头单位的最后一日 "+ours+"。", "It may not lie after "+ours+", the last day of the whole.")})
		}
	}
	return bad
}

// checkOne normalises the fields of a directive; the error is that it may not be issued.
func (s *Service) checkOne(ctx context.Context, a office.Actor, one *issuing) ([]FieldError, error) {
	_, fields, err := s.checkLodging(ctx, a, &one.lodging)
	var e *Error
	if errors.As(err, &e) && e.Kind == Invalid {
		return e.Fields, nil
	}
	one.fields = fields
	return nil, err
}

// issue writes them: the first has the key and names all that were issued with it.
func (s *Service) issue(ctx context.Context, a office.Actor, in Issuance, rules *Rules, all []*issuing, r *request) ([]*Outcome, error) {
	now := FormatTime(s.Now())
	var numbers []string
	for range all {
		num, err := s.nextNumber(ctx, s.Now().In(rules.Location).Year())
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, num)
	}
	var changes []*Change
	for i, one := range all {
		act := Act{Matter: numbers[i], Time: now, Actor: actorRef(a), Channel: in.Channel, Unit: one.lodging.Unit, Issuer: in.Issuer}
		parts, err := s.issueParts(ctx, a, rules, one, &act)
		if err != nil {
			return nil, err
		}
		var key *request
		if i == 0 {
			act.Together, key = numbers, r
		}
		c, err := s.first(rules, act, Content{Title: one.lodging.Title, Fields: one.fields}, now, key)
		if err != nil {
			return nil, err
		}
		changes = append(append(changes, c), parts...)
	}
	first := changes[0]
	first.With = changes[1:]
	done, err := s.Store.Commit(ctx, first)
	if err != nil {
		return nil, err
	}
	return s.issued(changes, append([]Committed{done}, done.With...))
}

// issueParts begins the sub-matters of a directive and has its act name them.
func (s *Service) issueParts(ctx context.Context, a office.Actor, rules *Rules, one *issuing, act *Act) ([]*Change, error) {
	var parts []*Change
	for _, part := range one.parts {
		num, err := s.nextNumber(ctx, s.Now().In(rules.Location).Year())
		if err != nil {
			return nil, err
		}
		act.OpensEach = append(act.OpensEach, Link{Matter: num, Sub: part.sub})
		theirs := Act{Matter: num, Time: act.Time, Actor: act.Actor, Channel: act.Channel, Unit: part.lodging.Unit, Issuer: act.Issuer,
			Parent: &Link{Matter: act.Matter, Sub: part.sub}}
		c, err := s.first(rules, theirs, Content{Title: part.lodging.Title, Fields: part.fields}, act.Time, nil)
		if err != nil {
			return nil, err
		}
		parts = append(parts, c)
	}
	return parts, nil
}

// issued makes the outcomes of changes that were committed: each directive, with its parts.
func (s *Service) issued(changes []*Change, done []Committed) ([]*Outcome, error) {
	var all []*Outcome
	for i, c := range changes {
		out, err := s.outcome(c, done[i])
		if err != nil {
			return nil, err
		}
		if c.Matter.Parent != nil {
			whole := all[len(all)-1]
			whole.Each = append(whole.Each, out)
			continue
		}
		all = append(all, out)
	}
	return all, nil
}

// repeatIssue answers an issuance whose key is known with the first answer; nil when the key is new.
func (s *Service) repeatIssue(ctx context.Context, r *request) ([]*Outcome, error) {
	first, err := s.repeat(ctx, r)
	if first == nil || err != nil {
		return nil, err
	}
	var all []*Outcome
	for _, num := range first.Entry.Act.Together {
		out, err := s.firstEntry(ctx, num)
		if err != nil {
			return nil, err
		}
		for _, link := range out.Entry.Act.OpensEach {
			part, err := s.firstEntry(ctx, link.Matter)
			if err != nil {
				return nil, err
			}
			out.Each = append(out.Each, part)
		}
		all = append(all, out)
	}
	return all, nil
}
