package procedure_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"luoshi/internal/procedure"
	"luoshi/procedures"
)

// loaded are the packs, which no test may change.
var loaded = sync.OnceValues(func() ([]*procedure.Procedure, error) { return procedure.LoadFS(procedures.FS) })

func packs(t testing.TB) []*procedure.Procedure {
	t.Helper()
	all, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func pack(t testing.TB, id string) *procedure.Procedure {
	t.Helper()
	for _, p := range packs(t) {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("no pack %s", id)
	return nil
}

func TestPacksAreThere(t *testing.T) {
	var keys []string
	for _, p := range packs(t) {
		keys = append(keys, p.Key())
		if len(p.Hash) != 64 {
			t.Errorf("%s: hash %q", p.Key(), p.Hash)
		}
	}
	want := []string{
		"administrative-mediation@1",
		"administrative-review@1",
		"auxiliary-hiring@1",
		"auxiliary-service@1",
		"commendation@1",
		"consumer-complaint@1",
		"consumer-report@1",
		"court-mediation@1",
		"directive@1",
		"error-correction-review@1",
		"hardship-aid@1",
		"hazard-report@1",
		"hotline-assist@1",
		"hotline-order@1",
		"interference-quarter@1",
		"interference-record@1",
		"invitation@1",
		"judicial-confirmation@1",
		"labour-arbitration@1",
		"labour-inspection@1",
		"labour-mediation@1",
		"legal-aid@1",
		"meeting@1",
		"organised-crime-tip@1",
		"people-mediation@1",
		"petition@1",
	}
	if !slices.Equal(keys, want) {
		t.Errorf("packs %v, want %v", keys, want)
	}
}

// anybody stands in every relation and holds every role.
func anybody(state string) procedure.Situation {
	yes := func(string) bool { return true }
	return procedure.Situation{State: state, Roles: yes, Superior: yes, Referrer: yes, Issuer: yes, Relations: yes}
}

// follow is where a step leads from a state.
func follow(step *procedure.Step, state string) string {
	if step.To == "" {
		return state
	}
	return step.To
}

// TestWalksReachEveryStateAndNeverGetStuck walks every pack from lodging to each of its states, with detours
// at random as long as the goal stays within reach. Wherever a walk is, a lawful step is offered and an end
// can be reached.
func TestWalksReachEveryStateAndNeverGetStuck(t *testing.T) {
	for _, p := range packs(t) {
		t.Run(p.ID, func(t *testing.T) {
			for _, goal := range p.States {
				rapid.Check(t, func(t *rapid.T) {
					walk(t, p, goal.Name)
				})
			}
		})
	}
}

func walk(t *rapid.T, p *procedure.Procedure, goal string) {
	atGoal := func(state string) bool { return state == goal }
	atEnd := func(state string) bool { return p.State(state).End }
	state := p.Open.To
	for detours := rapid.IntRange(0, 12).Draw(t, "detours"); state != goal; detours-- {
		if distance(p, state, atEnd) < 0 {
			t.Fatalf("no end from %s", state)
		}
		var possible []*procedure.Step
		for _, step := range p.LawfulSteps(anybody(state)) {
			left := distance(p, follow(step, state), atGoal)
			if left >= 0 && (detours > 0 || left < distance(p, state, atGoal)) {
				possible = append(possible, step)
			}
		}
		if len(possible) == 0 {
			t.Fatalf("stuck at %s on the way to %s", state, goal)
		}
		step := rapid.SampledFrom(possible).Draw(t, "step")
		if err := p.Lawful(step.Name, anybody(state)); err != nil {
			t.Fatalf("%s is offered at %s and refused: %v", step.Name, state, err)
		}
		state = follow(step, state)
		if step.To != "" && step.Terminal != atEnd(state) {
			t.Fatalf("%s: Terminal is %v, %s says %v", step.Name, step.Terminal, state, atEnd(state))
		}
	}
	if lawful := p.LawfulSteps(anybody(state)); (len(lawful) == 0) != atEnd(state) {
		t.Fatalf("at %s there are %d lawful steps", state, len(lawful))
	}
}

// distance is the least number of lawful steps from a state to one that is wanted, or -1.
func distance(p *procedure.Procedure, from string, wanted func(string) bool) int {
	depth := map[string]int{from: 0}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		if wanted(queue[0]) {
			return depth[queue[0]]
		}
		for _, step := range p.LawfulSteps(anybody(queue[0])) {
			to := follow(step, queue[0])
			if _, ok := depth[to]; !ok {
				depth[to] = depth[queue[0]] + 1
				queue = append(queue, to)
			}
		}
	}
	return -1
}

// situationOf is an actor with exactly the roles and relations of one Who.
func situationOf(state string, w procedure.Who) procedure.Situation {
	over := func(relation string) func(string) bool {
		return func(role string) bool { return w.Relation == relation && w.Role != "" && role == w.Role }
	}
	return procedure.Situation{
		State:    state,
		Roles:    func(role string) bool { return w.Role != "" && role == w.Role },
		Superior: over("superior"),
		Referrer: over("referrer"),
		Issuer:   over("issuer"),
		Relations: func(relation string) bool {
			return w.Relation != "" && (relation == w.Relation || relation == procedure.RelationParty && strings.HasPrefix(w.Relation, "party:"))
		},
	}
}

func TestNobodyActsWithoutRoleOrRelation(t *testing.T) {
	no := func(string) bool { return false }
	for _, p := range packs(t) {
		for _, s := range p.States {
			for _, nobody := range []procedure.Situation{{State: s.Name}, {State: s.Name, Roles: no, Relations: no}} {
				if steps := p.LawfulSteps(nobody); len(steps) != 0 {
					t.Errorf("%s: nobody can take %s at %s", p.ID, steps[0].Name, s.Name)
				}
				if p.MayOpen(nobody) {
					t.Errorf("%s: nobody may open", p.ID)
				}
			}
		}
	}
}

// TestOnlyThoseNamedAct tries every actor of a pack on every step in every state against the plain meaning
// of the declaration.
func TestOnlyThoseNamedAct(t *testing.T) {
	for _, p := range packs(t) {
		actors := map[procedure.Who]bool{{Relation: procedure.RelationResident}: true}
		for _, step := range p.Steps {
			for _, w := range step.By {
				actors[w] = true
				actors[procedure.Who{Role: w.Role}] = true
				actors[procedure.Who{Relation: w.Relation}] = true
			}
		}
		for w := range actors {
			for _, s := range p.States {
				for i := range p.Steps {
					step := &p.Steps[i]
					want := slices.Contains(step.From, s.Name) && slices.ContainsFunc(step.By, func(by procedure.Who) bool {
						return (by.Role == "" || by.Role == w.Role) &&
							(by.Relation == "" || by.Relation == w.Relation || by.Relation == "party" && strings.HasPrefix(w.Relation, "party:"))
					})
					err := p.Lawful(step.Name, situationOf(s.Name, w))
					if got := err == nil; got != want {
						t.Errorf("%s: %+v takes %s at %s: lawful %v, want %v", p.ID, w, step.Name, s.Name, got, want)
					}
					if listed := slices.Contains(p.LawfulSteps(situationOf(s.Name, w)), step); listed != want {
						t.Errorf("%s: %+v at %s: %s listed %v, want %v", p.ID, w, s.Name, step.Name, listed, want)
					}
				}
			}
		}
	}
}

func TestRefusalsHaveTheirReasonInBothLanguages(t *testing.T) {
	p := pack(t, "people-mediation")
	clerk := procedure.Who{Role: "clerk"}
	for _, test := range []struct {
		step, state string
		reason      string
	}{
		{"arrest", "lodged", procedure.UnknownStep},
		{"accept", "closed", procedure.WrongState},
		{"agreement", "lodged", procedure.WrongState},
		{"agreement", "mediating", procedure.NotAllowed},
	} {
		var refused *procedure.NotLawful
		if err := p.Lawful(test.step, situationOf(test.state, clerk)); !errors.As(err, &refused) {
			t.Errorf("%s at %s: %v, want *NotLawful", test.step, test.state, err)
			continue
		}
		if refused.Reason != test.reason || refused.Step != test.step || refused.State != test.state {
			t.Errorf("%s at %s: %+v, want reason %s", test.step, test.state, refused, test.reason)
		}
		if zh, en := refused.In("zh"), refused.In("en"); zh == "" || zh == en || en != refused.Error() {
			t.Errorf("%s at %s: words %q and %q", test.step, test.state, zh, en)
		}
	}
}

// TestShortWays holds the sequences that imports and measurements walk.
func TestShortWays(t *testing.T) {
	mediator := procedure.Situation{
		Roles:     func(r string) bool { return r == "mediator" },
		Relations: func(r string) bool { return r == "assigned" },
	}
	clerk := situationOf("", procedure.Who{Role: "clerk"})
	system := situationOf("", procedure.Who{Relation: "system"})
	issuing := func(role string) procedure.Situation {
		return situationOf("", procedure.Who{Role: role, Relation: procedure.RelationIssuer})
	}
	type act struct {
		step string
		by   procedure.Situation
	}
	for _, test := range []struct {
		id, end string
		acts    []act
	}{
		{"people-mediation", "closed", []act{{"accept", clerk}, {"assign", clerk}, {"session", mediator}, {"agreement", mediator}, {"close", mediator}}},
		{"hotline-order", "closed", []act{{"take-on", system}, {"reply", system}, {"close", system}}},
		{"hotline-order", "closed", []act{{"dispatch", clerk}, {"accept", clerk}, {"reply", clerk}, {"close", clerk}}},
		{"directive", "struck-off", []act{{"acknowledge", clerk}, {"plan", clerk}, {"ask-extension", clerk}, {"grant-extension", issuing("head")}, {"report-done", clerk}, {"redo", issuing("clerk")}, {"report-done", clerk}, {"strike-off", issuing("clerk")}}},
		{"directive", "withdrawn", []act{{"return", clerk}, {"reassign", issuing("clerk")}, {"withdraw", issuing("head")}}},
		{"petition", "ended", []act{{"forward", clerk}, {"accept", clerk}, {"opinion", situationOf("", procedure.Who{Role: "head"})}, {"close", system}}},
	} {
		p := pack(t, test.id)
		state := p.Open.To
		for _, a := range test.acts {
			a.by.State = state
			if err := p.Lawful(a.step, a.by); err != nil {
				t.Fatalf("%s: %v", test.id, err)
			}
			state = follow(p.Step(a.step), state)
		}
		if state != test.end {
			t.Errorf("%s ends at %s, want %s", test.id, state, test.end)
		}
	}
}

func TestClocksFollowTheLaw(t *testing.T) {
	for _, test := range []struct {
		pack, clock, period, extension, law, status, responsible string
	}{
		{"people-mediation", "mediation", "1mo", "1mo", "人民调解工作若干规定(司法部令75号)", "memory", "owner"},
		{"people-mediation", "judicial-confirmation", "30d", "", "人民调解法；民事诉讼法(2023)", "verified", "party"},
		{"petition", "first-answer", "15d", "", "信访工作条例", "verified", "owner"},
		{"petition", "tell", "15d", "", "信访工作条例", "verified", "owner"},
		{"petition", "objection", "5wd", "", "信访工作条例", "verified", "owner"},
		{"petition", "handling", "60d", "30d", "信访工作条例", "verified", "owner"},
		{"petition", "ask-review", "30d", "", "信访工作条例", "verified", "party"},
		{"petition", "review", "30d", "", "信访工作条例", "verified", "owner"},
		{"petition", "ask-rereview", "30d", "", "信访工作条例", "verified", "party"},
		{"petition", "rereview", "30d", "", "信访工作条例", "verified", "owner"},
		{"hotline-order", "handling", "5wd", "5wd", "潍坊市热线条例；济南市热线条例", "verified", "owner"},
		{"directive", "check", "10wd", "", "政府督查工作条例", "verified", "issuer"},
		{"hotline-order", "redo", "5wd", "", "国办发〔2019〕51号", "memory", "owner"},
		{"hotline-order", "check-rating", "1wd", "", "国办发〔2019〕51号", "memory", "owner"},
		{"petition", "simple-acceptance", "3wd", "", "信访事项简易办理办法(试行)2016", "memory", "owner"},
		{"petition", "simple-handling", "10wd", "", "信访事项简易办理办法(试行)2016", "memory", "owner"},
		{"legal-aid", "decide", "7d", "", "法律援助法", "verified", "owner"},
		{"legal-aid", "assign", "3d", "", "法律援助法", "verified", "owner"},
		{"legal-aid", "objection", "5d", "", "法律援助法", "verified", "owner"},
		{"consumer-complaint", "accept", "7wd", "", "市场监督管理投诉举报处理暂行办法", "verified", "owner"},
		{"consumer-complaint", "mediation", "45wd", "", "市场监督管理投诉举报处理暂行办法", "verified", "owner"},
		{"consumer-report", "check", "15wd", "15wd", "市场监督管理投诉举报处理暂行办法", "verified", "owner"},
		{"consumer-report", "tell", "5wd", "", "市场监督管理投诉举报处理暂行办法", "verified", "owner"},
		{"consumer-report", "case", "90d", "", "行政处罚法", "verified", "owner"},
		{"hazard-report", "check", "60d", "", "各省安全生产举报规定", "memory", "owner"},
		{"organised-crime-tip", "check", "3mo", "3mo", "", "", "owner"},
		{"hardship-aid", "decision", "30wd", "15wd", "社会救助法", "memory", "owner"},
		{"hardship-aid", "publicity", "7d", "", "最低生活保障审核确认办法(民发〔2021〕57号)", "memory", "party"},
		{"hardship-aid", "judicial-opinion", "10wd", "", "中政委〔2014〕3号及各省办法", "weak", "owner"},
		{"hardship-aid", "judicial-decision", "10wd", "", "中政委〔2014〕3号及各省办法", "weak", "owner"},
		{"hardship-aid", "pay-judicial", "2wd", "", "中政委〔2014〕3号", "memory", "owner"},
	} {
		c := pack(t, test.pack).Clock(test.clock)
		if c == nil {
			t.Errorf("%s has no clock %s", test.pack, test.clock)
			continue
		}
		extension := ""
		if c.Extension != nil {
			extension = c.Extension.Period.String()
		}
		if c.Period.String() != test.period || extension != test.extension || c.Basis.Law != test.law ||
			c.Basis.Status != test.status || c.Responsible != test.responsible {
			t.Errorf("%s %s: %s +%s, %s (%s), %s", test.pack, test.clock, c.Period, extension, c.Basis.Law, c.Basis.Status, c.Responsible)
		}
	}
}

func TestClockEventsAndSuspension(t *testing.T) {
	p := pack(t, "petition")
	clockNames := func(clocks []*procedure.Clock) string {
		var out []string
		for _, c := range clocks {
			out = append(out, c.Name)
		}
		return strings.Join(out, " ")
	}
	if got := clockNames(p.ClocksStartedBy(procedure.EventOpen)); got != "first-answer" {
		t.Errorf("opening starts %q", got)
	}
	if got := clockNames(p.ClocksStartedBy("forward")); got != "tell objection" {
		t.Errorf("forward starts %q", got)
	}
	if got := clockNames(p.ClocksStoppedBy("accept")); got != "first-answer forward-again tell objection simple-acceptance" {
		t.Errorf("accept stops %q", got)
	}
	if got := clockNames(p.ClocksStoppedBy("satisfied")); got != "ask-review ask-rereview" {
		t.Errorf("satisfied stops %q", got)
	}
	if c := p.Clock("rereview"); !p.Suspended(c, "hearing") || p.Suspended(c, "rereviewing") {
		t.Error("the second review must stand still in a hearing only")
	}
}
