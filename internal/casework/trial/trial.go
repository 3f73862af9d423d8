package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Bounds of a trial.
const (
	MaxMoves = 200
	maxDue   = 1000 // things that fall due in one wait
	maxYears = 100  // from the start
	maxOther = 50   // procedures of sub-matters, and those in which matters go on
)

// Who acts, besides accounts, which are called role@unit, and parties, which are called party:role.
const (
	Resident = "resident"
	System   = "system"
	party    = "party:"
)

// Next is the moment at which the next thing falls due, in Move.Until.
const Next = "next"

// Setting is what a trial is played with.
type Setting struct {
	Procedure *procedure.Procedure
	Find      func(id string) *procedure.Procedure // newest version of another procedure, for sub-matters and to go on in; or nil
	Kinds     *procedure.Kinds                     // nil: every role can be held everywhere
	Calendars *casework.Calendars                  // nil: those that come with the program
	Start     time.Time
	Lang      string // of the invented names, zh or en
}

// Move is one thing that somebody does, or that time passes.
type Move struct {
	By       string               `json:"by,omitempty"`     // resident, system, party:<role> or role@unit
	Step     string               `json:"step,omitempty"`   // name of a step, or "open"
	Matter   string               `json:"matter,omitempty"` // number; empty: the first
	Until    string               `json:"until,omitempty"`  // nobody acts until "next" or a day, 2006-01-02
	Channel  string               `json:"channel,omitempty"`
	Title    string               `json:"title,omitempty"`
	Unit     string               `json:"unit,omitempty"` // that receives the matter, or to which it is referred
	Assignee string               `json:"assignee,omitempty"`
	Note     string               `json:"note,omitempty"`
	Fields   map[string]any       `json:"fields,omitempty"`
	Parties  []casework.Party     `json:"parties,omitempty"`
	Sub      *casework.SubOpening `json:"sub,omitempty"`
	Onward   *casework.Onward     `json:"onward,omitempty"`
}

// Happened is what became of one move.
type Happened struct {
	Move    Move
	Time    time.Time // after it
	State   string    // of the matter it was about, after it
	Refused *casework.Error
}

// Trial is a matter as far as it was played. It is for one goroutine.
type Trial struct {
	Setting
	Log []Happened // one for each move

	service *casework.Service
	store   *memory
	now     time.Time
}

// New sets up an office in which nothing has happened yet. The error is a calendar or a time zone that is not known.
func New(s Setting) (*Trial, error) {
	t := &Trial{Setting: s, store: newMemory(), now: s.Start.Truncate(time.Second)}
	all := t.procedures()
	staff, err := settle(s, all)
	if err != nil {
		return nil, err
	}
	var rules []*casework.Rules
	for _, p := range all {
		r, err := casework.NewRules(p, s.Calendars)
		if err != nil {
			return nil, refuse("cannot-be-tried", "规程"+p.Key()+"用的日历或者时区这里没有："+err.Error(), "The calendar or the time zone of "+p.Key()+" is not known here: "+err.Error())
		}
		rules = append(rules, r)
	}
	t.service = casework.NewDetached(t.store, staff, rules, func() time.Time { return t.now })
	return t, nil
}

// procedures are the one that is tried and those of which it can open sub-matters or in which it can go on, near or far.
func (t *Trial) procedures() []*procedure.Procedure {
	all := []*procedure.Procedure{t.Procedure}
	for i := 0; i < len(all) && len(all) < maxOther && t.Find != nil; i++ {
		for _, id := range others(all[i]) {
			known := slices.ContainsFunc(all, func(p *procedure.Procedure) bool { return p.ID == id })
			if p := t.Find(id); p != nil && !known {
				all = append(all, p)
			}
		}
	}
	return all
}

// others are the ids of procedures that one names.
func others(p *procedure.Procedure) (ids []string) {
	for _, sub := range p.Subs {
		ids = append(ids, sub.Procedure)
	}
	for i := range p.Steps {
		if n := p.Steps[i].Continues; n != nil {
			ids = append(ids, n.Procedure)
		}
	}
	return ids
}

// Play makes all moves from the beginning. A move that is refused changes nothing, and the next ones go on without it.
func Play(ctx context.Context, s Setting, moves []Move) (*Trial, error) {
	if len(moves) > MaxMoves {
		return nil, refuse("too-many-moves", fmt.Sprintf("试办最多 %d 步，请重新开始。", MaxMoves), fmt.Sprintf("A trial has at most %d moves; start again.", MaxMoves))
	}
	t, err := New(s)
	if err != nil {
		return nil, err
	}
	for _, m := range moves {
		if err := t.Take(ctx, m); err != nil && casework.KindOf(err) == casework.Internal {
			return nil, err
		}
	}
	return t, nil
}

// Take makes one move and notes what became of it. The error is a *casework.Error when the move is refused.
func (t *Trial) Take(ctx context.Context, m Move) error {
	if m.Matter == "" && m.Step != procedure.EventOpen && len(t.store.order) > 0 {
		m.Matter = t.store.order[0]
	}
	num, err := t.take(ctx, m)
	if err == nil {
		err = t.settle(ctx)
	}
	h := Happened{Move: m, Time: t.now}
	if m := t.store.matters[num]; m != nil {
		h.State = m.State
	}
	if err != nil {
		h.Refused = casework.AsError(err)
	}
	t.Log = append(t.Log, h)
	return err
}

// take gives the number of the matter that the move is about.
func (t *Trial) take(ctx context.Context, m Move) (string, error) {
	switch {
	case len(t.Log) >= MaxMoves:
		return m.Matter, refuse("too-many-moves", fmt.Sprintf("试办最多 %d 步，请重新开始。", MaxMoves), fmt.Sprintf("A trial has at most %d moves; start again.", MaxMoves))
	case m.Until != "":
		return m.Matter, t.wait(ctx, m.Until)
	case m.Step == procedure.EventOpen && len(t.store.order) > 0:
		return m.Matter, refuse("already-open", "试办一次只办一件事项。", "A trial is about one matter; it is open already.")
	}
	a, err := t.actor(m.By, m.Matter)
	if err != nil {
		return m.Matter, err
	}
	if m.Step == procedure.EventOpen {
		out, err := t.service.Lodge(ctx, a, casework.Lodging{Procedure: t.Procedure.ID, Unit: m.Unit, Issuer: t.issuer(m.Unit), Channel: m.Channel, Title: m.Title,
			Fields: m.Fields, Parties: m.Parties}, "")
		if err != nil {
			return "", err
		}
		return out.Matter.Number, nil
	}
	_, err = t.service.TakeStep(ctx, a, m.Matter, casework.StepCommand{Step: m.Step, Fields: m.Fields, Note: m.Note, Unit: m.Unit,
		Assignee: m.Assignee, Sub: m.Sub, Onward: m.Onward}, "")
	return m.Matter, err
}

// issuer is the unit that issues a matter to another: the nearest one above it that may, or itself; "" where none are.
func (t *Trial) issuer(unit string) string {
	tree, itself := t.service.Tree(), ""
	path := tree.Path(unit)
	for _, code := range slices.Backward(path) {
		u, _ := tree.Unit(code)
		if !slices.Contains(t.Procedure.Open.Issuers, u.Kind) {
			continue
		}
		if code != unit {
			return code
		}
		itself = code
	}
	return itself
}

// actor is whom a move names.
func (t *Trial) actor(by, num string) (office.Actor, error) {
	switch role, isParty := strings.CutPrefix(by, party); {
	case by == Resident:
		return office.Actor{Resident: true}, nil
	case by == System:
		return office.Actor{System: true}, nil
	case isParty:
		if m := t.store.matters[num]; m != nil {
			for _, r := range m.Roles {
				if r.Role == role {
					return office.Actor{Party: &office.PartyRef{Matter: num, Role: role, Code: r.Code}}, nil
				}
			}
		}
	default:
		if a := t.service.Staff().Accounts[by]; a != nil {
			return office.Actor{Account: a}, nil
		}
	}
	return office.Actor{}, refuse("nobody", "试办里没有“"+by+"”这个人。", "There is nobody called "+by+" in this trial.")
}

// settle records what has fallen due by now in every matter, as the worker does.
func (t *Trial) settle(ctx context.Context) error {
	for i := range t.store.order {
		for range maxDue {
			out, err := t.service.Wake(ctx, t.store.order[i])
			if err != nil {
				return err
			}
			if out == nil {
				break
			}
		}
	}
	return nil
}

// wait lets time pass; everything is recorded at the moment at which it falls due.
func (t *Trial) wait(ctx context.Context, until string) error {
	next := t.NextDue()
	if until == Next {
		if next.IsZero() {
			return refuse("nothing-due", "以后没有什么会自己到期。", "Nothing will fall due by itself any more.")
		}
		return t.goTo(ctx, next)
	}
	day, err := time.ParseInLocation(time.DateOnly, until, t.location())
	end := day.Add(12 * time.Hour) // a day at the office: noon
	switch {
	case err != nil:
		return refuse("no-day", "日期写成 2026-01-31 这样。", "Write the day like 2026-01-31.")
	case !end.After(t.now) && !t.sameDay(day), end.After(t.Start.AddDate(maxYears, 0, 0)):
		return refuse("no-such-day", "请选择现在以后、一百年以内的日子：时间不能倒回去。", "Choose a later day, within a hundred years: time does not run backwards.")
	case !end.After(t.now):
		return nil
	}
	return t.goTo(ctx, end)
}

func (t *Trial) sameDay(day time.Time) bool {
	return t.now.In(t.location()).Format(time.DateOnly) == day.Format(time.DateOnly)
}

func (t *Trial) goTo(ctx context.Context, until time.Time) error {
	for range maxDue {
		next := t.NextDue()
		if next.IsZero() || next.After(until) {
			break
		}
		t.now = next
		if err := t.settle(ctx); err != nil {
			return err
		}
	}
	t.now = until
	return nil
}

// NextDue is when the next thing falls due after now; zero when nothing does.
func (t *Trial) NextDue() time.Time {
	next := casework.NoDue
	for _, m := range t.store.matters {
		if at := t.service.Rules(m.Procedure).Wake(m); at > t.now.UnixMilli() {
			next = min(next, at)
		}
	}
	if next == casework.NoDue {
		return time.Time{}
	}
	return time.UnixMilli(next)
}

// Now is the time in the trial.
func (t *Trial) Now() time.Time { return t.now }

func (t *Trial) location() *time.Location { return t.service.Rules(t.Procedure.Key()).Location }

// Service is what the matter is handled with; only for reading and for what is shown.
func (t *Trial) Service() *casework.Service { return t.service }

// Matters are the numbers of the matter and of all below it, as they were opened.
func (t *Trial) Matters() []string { return slices.Clone(t.store.order) }

// File is a matter with its history, as one sees it from whom nothing is kept.
func (t *Trial) File(ctx context.Context, number string) (*casework.File, error) {
	return t.service.Read(ctx, office.Actor{System: true}, number)
}

func refuse(code, zh, en string) *casework.Error {
	return &casework.Error{Kind: casework.Invalid, Code: code, Text: procedure.Text{"zh": zh, "en": en}}
}
