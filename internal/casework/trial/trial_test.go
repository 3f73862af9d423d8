package trial

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/procedures"

	"github.com/google/go-cmp/cmp"
)

func pack(t *testing.T, name string) *procedure.Procedure {
	t.Helper()
	src, err := procedures.FS.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load(name+".yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func setting(t *testing.T, p *procedure.Procedure) Setting {
	t.Helper()
	kinds, err := procedure.LoadKinds("kinds.yaml", procedures.Kinds)
	if err != nil {
		t.Fatal(err)
	}
	return Setting{Procedure: p, Kinds: kinds, Lang: "en", Start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 8*3600)),
		Find: func(id string) *procedure.Procedure {
			if id == p.ID {
				return p
			}
			return nil
		}}
}

// brought is the move that brings the declared example.
func brought(t *testing.T, p *procedure.Procedure, unit string) Move {
	t.Helper()
	text, err := json.Marshal(p.Example)
	if err != nil {
		t.Fatal(err)
	}
	var m Move
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	m.By, m.Step, m.Unit = Resident, procedure.EventOpen, unit
	return m
}

func answered(t *testing.T, p *procedure.Procedure) []Move {
	return []Move{
		brought(t, p, "department-1"),
		{By: "clerk@department-1", Step: "accept"},
		{By: "head@department-1", Step: "assign", Assignee: "officer@department-1"},
		{By: "officer@department-1", Step: "opinion", Fields: map[string]any{"opinion": p.Field("opinion").Choices[0].Value, "opinion_text": "It is repaired."}},
	}
}

func TestAPetitionIsPlayedToItsEnd(t *testing.T) {
	p := pack(t, "petition")
	moves := append(answered(t, p), Move{By: "party:petitioner", Step: "satisfied"})
	trial, err := Play(t.Context(), setting(t, p), moves)
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, h := range trial.Log {
		if h.Refused != nil {
			t.Errorf("%s is refused: %v", h.Move.Step, h.Refused)
		}
		states = append(states, h.State)
	}
	if d := cmp.Diff([]string{"lodged", "handling", "handling", "answered", "ended"}, states); d != "" {
		t.Error(d)
	}
	f, err := trial.File(t.Context(), trial.Matters()[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Entries) != 5 || f.Matter.Ended == "" || f.Entries[1].Act.Actor.Login != "clerk@department-1" {
		t.Errorf("%d entries, ended %q", len(f.Entries), f.Matter.Ended)
	}
	told := 0
	for _, papers := range f.Papers {
		told += len(papers.Notices)
	}
	if told == 0 {
		t.Error("nobody is told anything")
	}
	choices, err := trial.Choices(t.Context(), f.Matter.Number)
	if err != nil || len(choices) != 0 {
		t.Errorf("after the end: %+v (%v)", choices, err)
	}
}

func TestWhatFallsDueIsRecordedAtItsMoment(t *testing.T) {
	p := pack(t, "petition")
	moves := append(answered(t, p)[:2], Move{Until: "2027-01-15"})
	trial, err := Play(t.Context(), setting(t, p), moves)
	if err != nil {
		t.Fatal(err)
	}
	f, err := trial.File(t.Context(), trial.Matters()[0])
	if err != nil {
		t.Fatal(err)
	}
	lapsed := 0
	for _, e := range f.Entries {
		for _, op := range e.Act.Clocks {
			if op.Op == "lapse" {
				lapsed++
				if at, err := time.Parse(time.RFC3339, op.At); err != nil || casework.FormatTime(at) != e.Act.Time {
					t.Errorf("fell due at %s, recorded at %s (%v)", op.At, e.Act.Time, err)
				}
			}
		}
	}
	if lapsed == 0 {
		t.Error("nothing was late within ten months")
	}
	if want := "2027-01-15 12:00"; trial.Now().In(trial.location()).Format("2006-01-02 15:04") != want {
		t.Errorf("now is %s, not %s", trial.Now(), want)
	}
}

func TestWaitingForTheNextThingGoesThereExactly(t *testing.T) {
	p := pack(t, "petition")
	trial, err := Play(t.Context(), setting(t, p), []Move{brought(t, p, "department-1")})
	if err != nil {
		t.Fatal(err)
	}
	last := trial.Now()
	for range 40 {
		next := trial.NextDue()
		if next.IsZero() {
			if err := trial.Take(t.Context(), Move{Until: Next}); casework.AsError(err).Code != "nothing-due" {
				t.Errorf("nothing is due, and waiting says %v", err)
			}
			return
		}
		if !next.After(last) {
			t.Fatalf("the next thing falls due at %s, not after %s", next, last)
		}
		if err := trial.Take(t.Context(), Move{Until: Next}); err != nil {
			t.Fatal(err)
		}
		if !trial.Now().Equal(next) {
			t.Errorf("it is %s, not %s", trial.Now(), next)
		}
		last = next
	}
}

func TestRefusedMovesSayWhyAndChangeNothing(t *testing.T) {
	p := pack(t, "petition")
	for name, c := range map[string]struct {
		move Move
		code string
	}{
		"a step of another state":    {Move{By: "clerk@department-1", Step: "object"}, procedure.WrongState},
		"a step of somebody else":    {Move{By: "officer@department-1", Step: "accept"}, procedure.NotAllowed},
		"a step that does not exist": {Move{By: "clerk@department-1", Step: "nope"}, procedure.UnknownStep},
		"something is missing":       {Move{By: "clerk@department-1", Step: "refuse"}, "invalid-input"},
		"another office":             {Move{By: "clerk@department-2", Step: "accept"}, "no-such-matter"},
		"nobody":                     {Move{By: "clerk@moon", Step: "accept"}, "nobody"},
		"no party":                   {Move{By: "party:neighbour", Step: "withdraw"}, "nobody"},
		"a second matter":            {Move{By: Resident, Step: procedure.EventOpen}, "already-open"},
		"no day":                     {Move{Until: "tomorrow"}, "no-day"},
		"a day before":               {Move{Until: "2026-03-01"}, "no-such-day"},
		"a day too far":              {Move{Until: "2999-01-01"}, "no-such-day"},
	} {
		t.Run(name, func(t *testing.T) {
			trial, err := Play(t.Context(), setting(t, p), []Move{brought(t, p, "department-1"), c.move})
			if err != nil {
				t.Fatal(err)
			}
			refused := trial.Log[1].Refused
			if refused == nil || refused.Code != c.code || refused.Text["zh"] == "" || refused.Text["en"] == "" {
				t.Errorf("refused with %v, not %s", refused, c.code)
			}
			f, err := trial.File(t.Context(), trial.Matters()[0])
			if err != nil || len(f.Entries) != 1 {
				t.Errorf("%d entries (%v)", len(f.Entries), err)
			}
		})
	}
}

func TestReplayingGivesTheSameMatter(t *testing.T) {
	p := pack(t, "petition")
	moves := append(answered(t, p), Move{Until: Next}, Move{By: "party:petitioner", Step: "ask-review", Fields: map[string]any{"review_reason": "x"}}, Move{Until: "2026-09-01"})
	told := func() (acts []casework.Act) {
		trial, err := Play(t.Context(), setting(t, p), moves)
		if err != nil {
			t.Fatal(err)
		}
		f, err := trial.File(t.Context(), trial.Matters()[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range f.Entries {
			e.Act.Content, e.Act.Parties = "", nil // hashes under fresh salts and codes
			acts = append(acts, e.Act)
		}
		return acts
	}
	if d := cmp.Diff(told(), told()); d != "" {
		t.Error(d)
	}
}

func TestATrialIsBounded(t *testing.T) {
	p := pack(t, "petition")
	if _, err := Play(t.Context(), setting(t, p), make([]Move, MaxMoves+1)); casework.AsError(err).Code != "too-many-moves" {
		t.Errorf("%d moves: %v", MaxMoves+1, err)
	}
	trial, err := Play(t.Context(), setting(t, p), make([]Move, MaxMoves))
	if err != nil {
		t.Fatal(err)
	}
	if err := trial.Take(t.Context(), brought(t, p, "department-1")); casework.AsError(err).Code != "too-many-moves" {
		t.Errorf("one more: %v", err)
	}
}

func TestEverybodyWhoMustExistIsThere(t *testing.T) {
	for _, name := range []string{"petition", "people-mediation", "hotline-order"} {
		p := pack(t, name)
		trial, err := New(setting(t, p))
		if err != nil {
			t.Fatal(err)
		}
		if len(trial.Openers()) == 0 {
			t.Errorf("nobody can bring a matter of %s", name)
		}
		tree := trial.Service().Tree()
		for _, kind := range p.Open.Units {
			u, ok := tree.Unit(kind + "-1")
			if !ok || u.Parent == "" != (kind == "province") {
				t.Errorf("%s: unit %+v", name, u)
			}
			if _, two := tree.Unit(kind + "-2"); two == (kind == "province") {
				t.Errorf("%s: a second %s is there: %v", name, kind, two)
			}
		}
	}
}

func TestWithoutKindsEveryRoleCanBeHeldAlsoAbove(t *testing.T) {
	p := pack(t, "petition")
	s := setting(t, p)
	s.Kinds = nil
	trial, err := Play(t.Context(), s, answered(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if h := trial.Log[3]; h.Refused != nil || h.State != "answered" {
		t.Errorf("%+v", h)
	}
	if u, _ := trial.Service().Tree().Unit("department-1"); u.Parent != above || trial.Service().Staff().Accounts["head@above"] == nil {
		t.Errorf("above is %q", u.Parent)
	}
}

func TestAnUnknownCalendarIsSaid(t *testing.T) {
	p := *pack(t, "petition")
	p.Calendar = "mars"
	if _, err := New(setting(t, &p)); casework.AsError(err).Code != "cannot-be-tried" || !strings.Contains(err.Error(), "mars") {
		t.Errorf("%v", err)
	}
}

// offers are the steps that a person is offered.
func offers(choices []Choice, by string) (steps, withheld []string) {
	for _, c := range choices {
		if c.By == by {
			for _, s := range c.Steps {
				steps = append(steps, s.Name)
			}
			for _, w := range c.Withheld {
				withheld = append(withheld, w.Step.Name)
			}
		}
	}
	return steps, withheld
}

func TestChoicesAreThoseOfEachPerson(t *testing.T) {
	p := pack(t, "petition")
	trial, err := Play(t.Context(), setting(t, p), answered(t, p)[:3])
	if err != nil {
		t.Fatal(err)
	}
	choices, err := trial.Choices(t.Context(), trial.Matters()[0])
	if err != nil {
		t.Fatal(err)
	}
	for by, want := range map[string][]string{
		"party:petitioner":     {"withdraw"},
		"officer@department-1": {"take", "step-aside", "inquiry", "opinion", "settle"},
		"officer@department-2": nil,
		"clerk@department-1":   {"report-urgent", "assign"},
	} {
		steps, _ := offers(choices, by)
		if d := cmp.Diff(want, steps); d != "" {
			t.Errorf("%s: %s", by, d)
		}
	}
	if i := slices.IndexFunc(choices, func(c Choice) bool { return strings.HasPrefix(c.By, "party:") }); i != 0 {
		t.Errorf("the party stands at %d", i)
	}
}

func TestWithheldStepsSayWhy(t *testing.T) {
	p := pack(t, "petition")
	trial, err := Play(t.Context(), setting(t, p), answered(t, p)[:3])
	if err != nil {
		t.Fatal(err)
	}
	extend := Move{By: "head@department-1", Step: "extend", Fields: map[string]any{"extension_reason": "x"}}
	for range 5 {
		if err = trial.Take(t.Context(), extend); err != nil {
			break
		}
	}
	if casework.AsError(err).Code != "extension-spent" {
		t.Fatalf("extending without end: %v", err)
	}
	choices, err := trial.Choices(t.Context(), trial.Matters()[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, withheld := offers(choices, "head@department-1"); !slices.Contains(withheld, "extend") {
		t.Errorf("withheld are %v", withheld)
	}
}

func TestATrialHasNoStoreButItsOwnMemory(t *testing.T) {
	p := pack(t, "petition")
	trial, err := Play(t.Context(), setting(t, p), append(answered(t, p), Move{Until: Next}))
	if err != nil {
		t.Fatal(err)
	}
	own, ok := trial.Service().Store.(*memory)
	if !ok || own.Store != nil {
		t.Fatalf("a trial works on %T", trial.Service().Store)
	}
	again, err := Play(t.Context(), setting(t, p), nil)
	if err != nil || len(again.Matters()) != 0 {
		t.Errorf("another trial knows of %v (%v)", again.Matters(), err)
	}
	if _, err := own.Matter(context.Background(), "2026-00000099-9"); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
