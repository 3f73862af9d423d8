package soundness_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/soundness"
)

// shape says how large a generated procedure is.
type shape struct {
	states, steps, clocks, lapsing, guards, subs int
	seed                                         uint64
}

// generate writes a procedure whose states lie in a row, each step leading a little on or back, so that every state
// is reached and the end from everywhere. The program ends the matter at the lapse of a clock.
func generate(s shape) string {
	r := rand.New(rand.NewPCG(s.seed, 1))
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	text := func(n string, i int) string { return fmt.Sprintf("{zh: %s%d, en: %s %d}", n, i, n, i) }
	line("format: luoshi-procedure/1\nid: generated\nversion: 1\ntitle: {zh: 甲, en: A}\nsummary: {zh: 甲, en: A}\nlanguages: [zh, en]")
	line("calendar: cn\ntime_zone: Asia/Shanghai\nbasis: [{note: {zh: 无, en: None}}]")
	line("open: {by: [resident], channels: [web, phone], units: [township, county], to: s0, fields: [{name: kind, required: true}]}")
	line("parties: [{role: applicant, title: {zh: 申请人, en: Applicant}, min: 0, max: 1, sees: true}]")
	line("fields:\n  - {name: kind, title: {zh: 种类, en: Kind}, type: choice, class: plain, seen_by: [staff], choices: [{value: a, title: {zh: 甲, en: A}}, {value: b, title: {zh: 乙, en: B}}, {value: c, title: {zh: 丙, en: C}}]}")
	line("  - {name: urgent, title: {zh: 急, en: Urgent}, type: boolean, class: plain, seen_by: [staff]}")
	line("example: {procedure: generated, title: 甲, fields: {kind: a}}\nstates:")
	for i := range s.states {
		end := ""
		if i == s.states-1 {
			end = ", end: true"
		}
		line("  - {name: s%d, title: %s, public: %s%s}", i, text("状态", i), text("状态", i), end)
	}
	line("steps:\n  - {name: close, title: {zh: 办结, en: Close}, from: [%s], to: s%d, by: [system], note: none}", states(s.states-1), s.states-1)
	for i := range s.steps - 1 {
		from := i % (s.states - 1)
		to := max(0, min(s.states-1, from+1))
		if i >= s.states-1 {
			to = max(0, min(s.states-2, from+r.IntN(9)-4))
		}
		var more string
		switch r.IntN(6) {
		case 0:
			more = ", assign: actor"
		case 1:
			more = ", assign: none"
		case 2:
			more = ", fields: [{name: urgent, required: false}]"
		}
		if i >= s.states && i < s.states+s.guards {
			more += []string{`, guard: 'fields.kind == "a" || fields.urgent'`, `, guard: 'matter.assigned() && fields.kind != "b"'`, `, guard: 'has(fields.urgent)'`}[i%3]
		}
		if i >= 2*s.states && i < 2*s.states+s.subs {
			more += ", opens: {sub: part, unit: owner, fields: {kind: kind}}"
		}
		if s.subs > 0 && to == s.states-1 {
			more += ", waits: [part]"
		}
		line(`  - {name: t%d, title: %s, from: [s%d], to: s%d, by: ["role:clerk", "role:head"], note: optional%s}`, i, text("步骤", i), from, to, more)
	}
	line("clocks:\n  - {name: whole, title: {zh: 全程, en: Whole}, period: 60d, starts: [open], responsible: owner, basis: {note: {zh: 自定, en: Own}}}")
	for i := range s.clocks - 1 {
		lapse := ""
		if i < s.lapsing {
			lapse = ", lapse: close"
		}
		line("  - {name: c%d, title: %s, period: 5d, starts: [t%d, t%d], stops: [t%d, t%d], responsible: owner, basis: {note: {zh: 自定, en: Own}}%s}", i, text("时限", i),
			r.IntN(s.steps-1), r.IntN(s.steps-1), r.IntN(s.steps-1), r.IntN(s.steps-1), lapse)
	}
	if s.subs > 0 {
		line("subs: [{name: part, title: {zh: 子事项, en: Part}, procedure: generated}]")
	}
	return b.String()
}

func states(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("s%d", i)
	}
	return strings.Join(names, ", ")
}

func load(t testing.TB, src string) *procedure.Procedure {
	t.Helper()
	p, err := procedure.Load("generated.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkCheck(b *testing.B) {
	for _, bench := range []struct {
		name string
		shape
	}{
		{"plain", shape{states: 200, steps: 1000, clocks: 1}},
		{"clocks", shape{states: 200, steps: 1000, clocks: 20, lapsing: 2}},
		{"all", shape{states: 200, steps: 1000, clocks: 12, lapsing: 2, guards: 30, subs: 3}},
	} {
		src := generate(bench.shape)
		b.Run(bench.name, func(b *testing.B) {
			p := load(b, src)
			o := soundness.Options{Kinds: kinds(b), Find: func(string) *procedure.Procedure { return p }}
			for b.Loop() {
				for _, f := range soundness.Check(p, o) {
					if f.Rule == "too-large" {
						b.Fatal(f)
					}
				}
			}
		})
		b.Run(bench.name+"/load", func(b *testing.B) {
			for b.Loop() {
				load(b, src)
			}
		})
	}
}

// A large procedure is walked with few situations, whatever the machine.
func TestLargeProceduresStayWithinBounds(t *testing.T) {
	for _, test := range []struct {
		name string
		shape
		most int
	}{
		{"plain", shape{states: 200, steps: 1000, clocks: 1}, 1_000},
		{"twenty clocks", shape{states: 200, steps: 1000, clocks: 20, lapsing: 2}, 20_000},
		{"guards and sub-matters", shape{states: 200, steps: 1000, clocks: 3, lapsing: 1, guards: 30, subs: 1}, 100_000},
	} {
		p := load(t, generate(test.shape))
		for _, f := range soundness.Check(p, soundness.Options{Most: test.most}) {
			if f.Rule == "too-large" {
				t.Errorf("%s: %v", test.name, f)
			}
		}
	}
}

func TestTooLargeSaysThatNothingIsProved(t *testing.T) {
	p := load(t, generate(shape{states: 50, steps: 200, clocks: 3, guards: 20, seed: 3}))
	found := soundness.Check(p, soundness.Options{Most: 100})
	if len(found) != 1 || found[0].Rule != "too-large" || found[0].Severity != procedure.SeverityError || !strings.Contains(found[0].In("zh"), "100") {
		t.Errorf("%v", found)
	}
}

// Fields that combine in more ways than can be walked are told at once, without filling the memory.
func TestManyChoicesAtOnceAreTooLarge(t *testing.T) {
	var fields, uses, guard []string
	for i := range 12 {
		var choices []string
		for j := range 20 {
			choices = append(choices, fmt.Sprintf("{value: v%d, title: {zh: 值, en: V}}", j))
			guard = append(guard, fmt.Sprintf(`fields.f%d == "v%d"`, i, j))
		}
		fields = append(fields, fmt.Sprintf("  - {name: f%d, title: {zh: 项, en: F}, type: choice, class: plain, seen_by: [staff], choices: [%s]}", i, strings.Join(choices, ", ")))
		uses = append(uses, fmt.Sprintf("{name: f%d, required: true}", i))
	}
	src := overlay(small(t), "fields:\n  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}\n"+strings.Join(fields, "\n")+`
steps:
  - {name: look, title: {zh: 查看, en: Look}, from: [lodged], by: ["role:clerk"], note: none, fields: [`+strings.Join(uses, ", ")+`]}
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: optional, guard: '`+strings.Join(guard[:60], " || ")+`'}
`)
	found := check(t, src, soundness.Options{})
	if len(found) != 1 || found[0].Rule != "too-large" {
		t.Errorf("%v", found)
	}
}
