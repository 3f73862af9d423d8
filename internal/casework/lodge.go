package casework

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/search"
)

// Lodging is the command to begin a matter.
type Lodging struct {
	Procedure string         `json:"procedure"` // id; its newest version is used
	Unit      string         `json:"unit"`
	Issuer    string         `json:"issuer,omitempty"` // the unit that issues it, where the procedure has matters issued
	Channel   string         `json:"channel,omitempty"`
	Title     string         `json:"title"`
	Fields    map[string]any `json:"fields,omitempty"`
	Parties   []Party        `json:"parties,omitempty"`
	Source    *Source        `json:"source,omitempty"` // import only
	// ClockFrom is where clocks start; zero: when the entry is recorded. An import may name the time its
	// source states, and the explanation of the clock then shows it.
	ClockFrom time.Time `json:"clock_from,omitzero"`
}

// Limits on what may be typed.
const (
	MaxTitle   = 200 // code points
	MaxNote    = 1 << 20
	MaxParty   = 200
	MaxParties = 50
)

// Lodge begins a matter and answers with its number, the lodger's query code and the receipt. A repeated
// key with the same lodging gives the first answer again. The store finds a repeated key when it writes, so
// that the many lodgings which are no repeats pay for no look-up; a repeat leaves a gap in the numbers.
func (s *Service) Lodge(ctx context.Context, a office.Actor, l Lodging, key string) (*Outcome, error) {
	r, err := newRequest(a, "lodge", key, l.encode)
	if err != nil {
		return nil, err
	}
	rules, fields, err := s.checkLodging(ctx, a, &l)
	if err != nil {
		// What is refused now may have been recorded before: a repeat gets its first answer all the same.
		if again, known := s.repeat(ctx, r); again != nil || known != nil {
			return again, known
		}
		return nil, err
	}
	for range 3 { // a number may be taken, a key may be used by the same request sent twice at once
		out, err := s.lodge(ctx, a, l, rules, fields, r)
		switch {
		case errors.Is(err, ErrTaken):
			continue
		case errors.Is(err, ErrKeyUsed):
			if again, err := s.repeat(ctx, r); again != nil || err != nil {
				return again, err
			}
			continue // the key was used by a lodging that then failed
		case errors.Is(err, ErrFileUsed):
			if rules, fields, err = s.checkLodging(ctx, a, &l); err != nil { // says which one
				return nil, err
			}
			continue
		}
		return out, storeError(err)
	}
	return nil, storeError(ErrConflict)
}

// CheckLodging says everything that Lodge would refuse about a lodging, and records nothing.
func (s *Service) CheckLodging(ctx context.Context, a office.Actor, l Lodging) error {
	_, _, err := s.checkLodging(ctx, a, &l)
	return err
}

func (s *Service) lodge(ctx context.Context, a office.Actor, l Lodging, rules *Rules, fields map[string]any, r *request) (*Outcome, error) {
	now := s.Now()
	num, err := s.nextNumber(ctx, now.In(rules.Location).Year())
	if err != nil {
		return nil, err
	}
	p := rules.Procedure
	code := s.deriveCode(num, 1, r.given())
	act := Act{Matter: num, Time: FormatTime(now), Actor: actorRef(a), Channel: l.Channel, Unit: l.Unit, Issuer: l.Issuer, Source: l.Source,
		Parties: partyRefs(p, num, l.Parties, code)}
	from := act.Time
	if !l.ClockFrom.IsZero() {
		from = FormatTime(l.ClockFrom)
	}
	c, err := s.first(rules, act, Content{Title: l.Title, Fields: fields, Parties: l.Parties}, from, r)
	if err != nil {
		return nil, err
	}
	out, err := s.commit(ctx, c)
	if err == nil && holdsAny(act.Parties) {
		out.Code = code
	}
	return out, err
}

// first is the change that begins a matter. The act says who, when and where; what follows from the procedure is
// filled in.
func (s *Service) first(rules *Rules, act Act, content Content, from string, r *request) (*Change, error) {
	p := rules.Procedure
	act.V, act.Seq, act.Kind, act.Procedure, act.Declared, act.State = actVersion, 1, Lodged, p.Key(), p.Hash, p.Open.To
	var err error
	if act.Clocks, err = rules.clockOps(&Matter{Procedure: p.Key(), Fields: content.Fields}, procedure.EventOpen, act.State, act.Time, from, ""); err != nil {
		return nil, err
	}
	e, err := newEntry(act, content, r)
	if err != nil {
		return nil, err
	}
	return s.change(nil, e, rules, r), nil
}

func holdsAny(parties []PartyRef) bool {
	return slices.ContainsFunc(parties, func(p PartyRef) bool { return p.Code != "" })
}

// partyRefs lists the parties without anything personal. The query code belongs to the lodger: the first
// party, in the procedure's order of roles, who may follow the matter. The order in which the caller names
// parties does not decide it, or one side could act in the name of the other.
func partyRefs(p *procedure.Procedure, num string, parties []Party, code string) []PartyRef {
	refs := make([]PartyRef, len(parties))
	for i, party := range parties {
		refs[i].Role = party.Role
	}
	for _, role := range p.Parties {
		i := slices.IndexFunc(parties, func(x Party) bool { return x.Role == role.Role })
		if role.Sees && i >= 0 {
			refs[i].Code = number.CodeHash(num, code)
			break
		}
	}
	return refs
}

func actorRef(a office.Actor) ActorRef {
	switch {
	case a.Account != nil:
		return ActorRef{As: "staff", Login: a.Account.Login}
	case a.Party != nil:
		return ActorRef{As: "party", Party: a.Party.Role}
	case a.System:
		return ActorRef{As: "system"}
	}
	return ActorRef{As: "resident"}
}

// change folds the entry into the matter and says all that a store has to write for it.
func (s *Service) change(before *Matter, e *Entry, rules *Rules, r *request) *Change {
	c := &Change{Entry: e}
	if r != nil {
		c.Key = r.hash
	}
	m := &Matter{}
	if before != nil {
		m = before.clone()
		c.Expect = before.Version
		c.Before = &Before{Unit: before.Unit, Procedure: before.Procedure, State: before.State, Open: before.Ended == ""}
	}
	m.mark(&e.Act, rules.Procedure)
	m.add(&e.Act, &e.Content, s.ends)
	if e.Act.Continues != nil {
		rules = s.Rules(m.Procedure)
	}
	m.keep(rules.Procedure)
	s.list(m, &e.Act, rules)
	c.Matter = m
	c.attach()
	c.Due, c.Wake, c.Provisional = m.NextDue(rules.Location), rules.Wake(m), rules.provisional(m)
	c.Open = m.Ended == ""
	if e.Content.searched() || e.Act.Kind == Lodged || e.Act.Kind == Erased || e.Act.Continues != nil || c.Before.Unit != m.Unit || before != nil && listedToken(before) != listedToken(m) {
		c.Tokens = SearchTokens(m)
	}
	return c
}

// SearchTokens are the tokens under which a matter is found: number, title and parties, and what those of its
// fields say that all readers among staff may see. They are derived from the projection alone, so that they can be made again.
func SearchTokens(m *Matter) []string {
	var heading, body strings.Builder
	heading.Grow(256)
	body.Grow(1024)
	add := func(b *strings.Builder, s string) {
		b.WriteByte('\n')
		b.WriteString(s)
	}
	add(&heading, m.Number)
	add(&heading, m.Title)
	for _, p := range m.Parties {
		add(&heading, p.Name)
		add(&heading, p.Phone)
		add(&heading, p.Address)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Fields)) {
		if s, ok := m.Fields[name].(string); ok && !slices.Contains(m.Kept, name) {
			add(&body, s)
		}
	}
	tokens := append(search.Of(heading.String(), body.String()), UnitToken(m.Unit))
	if m.Issuer != "" && m.Parent == nil {
		tokens = append(tokens, IssuedToken(m.Issuer))
	}
	if listed := listedToken(m); listed != "" {
		tokens = append(tokens, listed)
	}
	return tokens
}

// UnitToken is the token under which the matters of a unit are found. A search over few units uses it, so
// that a common word need not be read through; what may be seen is decided by the scope, not by it.
func UnitToken(unit string) string { return "unit0x" + hex.EncodeToString([]byte(unit)) }

// checkLodging says everything that is wrong with a lodging at once, and normalises the fields.
func (s *Service) checkLodging(ctx context.Context, a office.Actor, l *Lodging) (*Rules, map[string]any, error) {
	rules := s.Rules(l.Procedure)
	if rules == nil {
		return nil, nil, invalid("procedure", "unknown", "没有这个规程。请从已发布的规程中选择。",
			"There is no such procedure. Choose one of the published procedures.")
	}
	p := rules.Procedure
	tree := s.Tree()
	sit := s.situation(a, nil, l.Unit)
	if l.Issuer != "" {
		sit.Issuer = s.holdsOver(a, l.Issuer)
	}
	if _, known := tree.Unit(l.Unit); known && !p.MayOpen(sit) {
		return nil, nil, fail(NotAllowed, "may-not-open", "您不能提起这类事项。", "You may not open a matter of this kind.")
	}
	if l.Channel == "" {
		l.Channel = "api"
	}
	var bad []FieldError
	reject := func(field, code, zh, en string) {
		bad = append(bad, FieldError{Field: field, Code: code, Text: text(zh, en)})
	}
	s.checkUnit(reject, rules, l.Unit)
	s.checkIssuer(reject, rules, l.Unit, l.Issuer)
	if !slices.Contains(p.Open.Channels, l.Channel) || !mayClaim(a, l) {
		reject("channel", "unknown", "这个规程不接受这个渠道。", "This procedure does not take this channel.")
	}
	checkLine(reject, "title", l.Title, MaxTitle, true)
	checkParties(reject, p, l.Parties)
	given, err := s.found(ctx, p, nil, l.Fields)
	if err != nil {
		return nil, nil, err
	}
	fields, err := p.CheckFields(p.AsksWhenOpening(), given)
	bad = append(bad, fieldErrors(err)...)
	if err == nil {
		bad = append(bad, rules.dayFaults(&Matter{}, procedure.EventOpen, "", fields, cmp.Or(l.ClockFrom, s.Now()))...)
	}
	if len(bad) > 0 {
		return nil, nil, invalidInput(bad)
	}
	return rules, fields, nil
}

// checkUnit says why a unit cannot receive matters of that procedure.
func (s *Service) checkUnit(reject func(field, code, zh, en string), rules *Rules, code string) {
	unit, ok := s.Tree().Unit(code)
	switch {
	case !ok:
		reject("unit", "unknown", "请选择受理单位。", "Choose the office that shall receive it.")
	case !slices.Contains(rules.Procedure.Open.Units, unit.Kind):
		reject("unit", "wrong-kind", "这个单位不受理这类事项，请选择其他单位。", "This office does not receive matters of this kind; choose another.")
	case !unit.ValidOn(s.Now().In(rules.Location).Format(time.DateOnly)):
		reject("unit", "not-valid", "这个单位目前不存在，请选择承接它职责的单位。", "This office does not exist now; choose its successor.")
	}
}

// mayClaim reports whether the actor can say that the matter came by that channel: a resident writes it in
// themselves; what came by telephone or letter was written in by staff; an import names its source.
func mayClaim(a office.Actor, l *Lodging) bool {
	if l.Channel == "import" {
		return l.Source != nil
	}
	return !a.Resident || l.Channel == "web" || l.Channel == "api" || l.Channel == "app"
}

func fieldErrors(err error) []FieldError {
	var f *procedure.FieldErrors
	if !errors.As(err, &f) {
		return nil
	}
	var out []FieldError
	for _, e := range *f {
		out = append(out, FieldError{Field: "fields." + e.Field, Code: e.Code, Text: e.Text})
	}
	return out
}

func checkParties(reject func(field, code, zh, en string), p *procedure.Procedure, parties []Party) {
	count := map[string]int{}
	if len(parties) > MaxParties {
		reject("parties", "too-many", "当事人太多。", "There are too many parties.")
		return
	}
	for _, party := range parties {
		count[party.Role]++
		if p.PartyRole(party.Role) == nil {
			reject("parties", "unknown-role", "这个规程没有这种当事人。", "This procedure has no such role of a party.")
		}
		checkLine(reject, "parties", party.Name, MaxParty, true)
		checkLine(reject, "parties", party.Phone, MaxParty, false)
		checkLine(reject, "parties", party.Address, MaxParty, false)
	}
	for _, r := range p.Parties {
		if n := count[r.Role]; n < r.Min {
			reject("parties", "missing", "请填写"+r.Title.In("zh")+"。", "Please name the "+strings.ToLower(r.Title.In("en"))+".")
		} else if r.Max > 0 && n > r.Max {
			reject("parties", "too-many", r.Title.In("zh")+"太多。", "There are too many of: "+r.Title.In("en")+".")
		}
	}
}

func checkLine(reject func(field, code, zh, en string), field, s string, limit int, required bool) {
	switch {
	case !utf8.ValidString(s):
		reject(field, "not-utf8", "文字编码不是 UTF-8。", "The text is not valid UTF-8.")
	case required && strings.TrimSpace(s) == "":
		reject(field, "required", "这一项必须填写。", "This must be filled in.")
	case utf8.RuneCountInString(s) > limit:
		reject(field, "too-long", "太长了，请缩短。", "This is too long; please shorten it.")
	}
}
