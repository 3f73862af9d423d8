package casework

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"unicode/utf8"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Reply is a text that an office keeps for writing to parties. It is offered for matters of its unit and of all units
// below it; who writes with it changes it as they need, and only what they then record counts.
type Reply struct {
	Unit      string
	ID        string
	Procedure string // id; empty: any
	Step      string // of the procedure; empty: any
	Name      string
	Body      string // with placeholders in braces: see ReplyPlaces
	Login     string // who changed it last
	Changed   string // as an act writes a time
}

// Bounds of the texts for replies.
const (
	MaxReplies   = 200 // of one unit
	MaxReplyBody = 4000
)

// Placeholders of a text for replies.
const (
	PlaceTitle  = "title"  // of the matter
	PlaceDate   = "date"   // today
	PlaceOffice = "office" // name of the office that has the matter
)

// ReplyPlaces are the placeholders that a text for replies may have.
func ReplyPlaces() []string {
	return []string{procedure.PlaceNumber, PlaceTitle, PlaceDate, PlaceOffice}
}

// ReplyUnits are the units whose texts the actor may change: those of their grants by which they act on matters.
func (s *Service) ReplyUnits(a office.Actor) []string {
	if a.Account == nil {
		return nil
	}
	var units []string
	for _, g := range a.Account.Grants {
		if _, known := s.Tree().Unit(g.Unit); known && acts(g.Role) && !slices.Contains(units, g.Unit) {
			units = append(units, g.Unit)
		}
	}
	slices.Sort(units)
	return units
}

// acts reports whether who has the role acts on matters.
func acts(role string) bool {
	return role != office.RoleAuditor && role != office.RoleOperator && role != office.RoleAuthor
}

// Replies are the texts of the units whose texts the actor may change, by unit and name.
func (s *Service) Replies(ctx context.Context, a office.Actor) ([]Reply, error) {
	var all []Reply
	for _, unit := range s.ReplyUnits(a) {
		texts, err := s.Store.Replies(ctx, unit)
		if err != nil {
			return nil, storeError(err)
		}
		all = append(all, texts...)
	}
	return all, nil
}

// RepliesFor are the texts that are offered for a matter: those of its unit first, then those of the units above it.
func (s *Service) RepliesFor(ctx context.Context, f *File) ([]Reply, error) {
	path := slices.Clone(s.Tree().Path(f.Matter.Unit))
	slices.Reverse(path)
	var all []Reply
	for _, unit := range path {
		texts, err := s.Store.Replies(ctx, unit)
		if err != nil {
			return nil, storeError(err)
		}
		for _, r := range texts {
			if r.Procedure == "" || r.Procedure == f.Procedure.ID {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// KeepReply adds a text, or changes the one of that unit and ID.
func (s *Service) KeepReply(ctx context.Context, a office.Actor, r Reply) error {
	if !slices.Contains(s.ReplyUnits(a), r.Unit) {
		return errNotYours()
	}
	if err := s.checkReply(&r); err != nil {
		return err
	}
	have, err := s.Store.Replies(ctx, r.Unit)
	if err != nil {
		return storeError(err)
	}
	known := slices.ContainsFunc(have, func(x Reply) bool { return x.ID == r.ID })
	switch {
	case r.ID == "" && len(have) >= MaxReplies:
		return invalid("name", "too-many", "这个单位已有 200 个模板，请先删除不用的。", "This office has 200 texts already; delete some that are not used.")
	case r.ID == "":
		r.ID = strings.ToLower(rand.Text())
	case !known:
		return fail(NotFound, "no-such-reply", "这个模板已被删除。要保留，请作为新模板保存。", "This text was deleted meanwhile. To keep it, save it as a new one.")
	}
	r.Login, r.Changed = a.Account.Login, FormatTime(s.Now())
	return storeError(s.Store.PutReply(ctx, r))
}

// DropReply deletes a text; that there is none is no fault.
func (s *Service) DropReply(ctx context.Context, a office.Actor, unit, id string) error {
	if !slices.Contains(s.ReplyUnits(a), unit) {
		return errNotYours()
	}
	return storeError(s.Store.DropReply(ctx, unit, id))
}

func errNotYours() *Error {
	return fail(NotAllowed, "not-your-office", "您只能修改本单位的模板。", "You can change the texts of your own office only.")
}

// checkReply says everything that is wrong with a text.
func (s *Service) checkReply(r *Reply) error {
	var bad []FieldError
	reject := func(field, code, zh, en string) {
		bad = append(bad, FieldError{Field: field, Code: code, Text: text(zh, en)})
	}
	name, err := shortName(r.Name)
	if err != nil {
		bad = append(bad, AsError(err).Fields...)
	}
	r.Name = name
	rules := s.Rules(r.Procedure)
	if r.Procedure != "" && rules == nil || r.Step != "" && (rules == nil || rules.Procedure.Step(r.Step) == nil) {
		reject("step", "unknown", "没有这个规程或环节，请从列表中选择。", "There is no such procedure or step; choose one of the list.")
	}
	switch r.Body = strings.TrimSpace(r.Body); {
	case r.Body == "":
		reject("body", "required", "请填写正文。", "Write the text.")
	case !utf8.ValidString(r.Body) || strings.ContainsRune(r.Body, 0):
		reject("body", "not-utf8", "文字编码不是 UTF-8。", "The text is not valid UTF-8.")
	case utf8.RuneCountInString(r.Body) > MaxReplyBody:
		reject("body", "too-long", "正文最多 4000 个字。", "The text may have 4,000 characters at most.")
	}
	if len(bad) > 0 {
		return invalidInput(bad)
	}
	return nil
}

// FillReply puts into a text what its placeholders stand for; braces around anything else stay as they are. f is the
// matter as the reader sees it.
func (s *Service) FillReply(r Reply, f *File, lang string) string {
	return procedure.Fill(r.Body, func(name string) string {
		switch name {
		case procedure.PlaceNumber:
			return f.Matter.Number
		case PlaceTitle:
			return f.Matter.Title
		case PlaceDate:
			return procedure.SayDay(s.Now().In(f.Rules.Location).Format("2006-01-02"), lang)
		case PlaceOffice:
			if u, ok := s.Tree().Unit(f.Matter.Unit); ok {
				return u.Label(lang)
			}
			return f.Matter.Unit
		}
		return "{" + name + "}"
	})
}
