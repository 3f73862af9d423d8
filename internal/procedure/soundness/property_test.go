package soundness_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/soundness"
)

// draw writes a small random procedure, one declared thing a line.
func draw(t *rapid.T) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	n := rapid.IntRange(2, 4).Draw(t, "states")
	steps := rapid.IntRange(2, 6).Draw(t, "steps")
	line("format: luoshi-procedure/1\nid: random\nversion: 1\ntitle: {en: A}\nsummary: {en: A}\nlanguages: [en]\ncalendar: cn\ntime_zone: Asia/Shanghai\nbasis: [{note: {en: None}}]")
	line("open: {by: [resident], channels: [%s], units: [township], to: s0, fields: [%s]}", pick("channels", "web", "web, phone"), pick("asked", "", "{name: kind, required: true}", "{name: lit, required: false}"))
	line("parties: [{role: applicant, title: {en: A}, min: %s, sees: true}]", pick("min", "0, max: 1", "1, max: 1", "1, max: 2", "0, max: 2"))
	line("fields:\n  - {name: kind, title: {en: Kind}, type: choice, class: plain, seen_by: [staff], choices: [{value: a, title: {en: A}}, {value: b, title: {en: B}}, {value: c, title: {en: C}}]}")
	line("  - {name: lit, title: {en: Lit}, type: boolean, class: plain, seen_by: [staff]}")
	line("example: {procedure: random, title: A, fields: {%s}, parties: [{role: applicant, name: A}]}\nstates:", map[bool]string{true: "kind: a"}[strings.Contains(b.String(), "kind, required: true}]}\nparties")])
	for i := range n {
		end := ""
		if i == n-1 {
			end = ", end: true"
		}
		line("  - {name: s%d, title: {en: S}, public: {en: S}%s, requires: [%s]}", i, end, pick("requires", "", "", "", "lit"))
	}
	line("steps:\n  - {name: close, title: {en: Close}, from: [s0], to: s%d, by: [system], note: none}", n-1)
	sub := rapid.Bool().Draw(t, "sub")
	for i := range steps {
		from := fmt.Sprintf("s%d", rapid.IntRange(0, n-2).Draw(t, "from"))
		more := pick("more", "", "", "", ", assign: actor", ", assign: none", ", assign: choose, assign_role: head", ", refer: choose", ", refer: back", ", extend: c0")
		more += pick("fields", "", "", ", fields: [{name: kind, required: true}]", ", fields: [{name: lit, required: false}]")
		more += pick("guard", "", "", "", `, guard: 'fields.kind == "a"'`, `, guard: 'fields.lit'`, `, guard: 'has(fields.lit)'`, `, guard: 'matter.assigned()'`,
			`, guard: 'matter.referred()'`, `, guard: '!matter.late("c0")'`, `, guard: 'matter.extensions("c0") == 0'`, `, guard: 'matter.taken("t0") < 2'`,
			`, guard: 'matter.parties("applicant") > 1'`, `, guard: 'matter.channel() == "web"'`, `, guard: 'fields.kind in ["a", "b"] || !fields.lit'`)
		if sub {
			more += pick("sub", "", "", ", opens: {sub: part, unit: owner, fields: {kind: kind}}", ", waits: [part]")
		}
		by := pick("by", `"role:clerk"`, `"role:clerk"`, "assigned", `"party:applicant"`, "party", "{role: head, relation: assigned}", `"role:clerk", assigned`)
		if strings.Contains(more, "actor") {
			by = pick("actor", `"role:clerk"`, `"role:head"`, `assigned, "role:clerk"`)
		}
		switch {
		case !sub:
		case !strings.Contains(more, "opens") && !strings.Contains(more, "choose") && !strings.Contains(more, "actor") && rapid.IntRange(0, 3).Draw(t, "told") == 0:
			by = pick("by the whole", "system", by+", system")
			more += ", told: true"
		case rapid.IntRange(0, 2).Draw(t, "tells") == 0:
			more += fmt.Sprintf(", tells: [{sub: part, step: t%d}]", rapid.IntRange(0, steps-1).Draw(t, "tell"))
		}
		to := ""
		if x := rapid.IntRange(-1, n-1).Draw(t, "to"); x >= 0 {
			to = fmt.Sprintf(", to: s%d", x)
		}
		line(`  - {name: t%d, title: {en: T}, from: [%s]%s, by: [%s], note: optional%s}`, i, from, to, by, more)
	}
	// The assigned person can act somewhere, and the clock can be extended, as loading asks.
	line(`  - {name: last, title: {en: Last}, from: [s0], by: [assigned], note: optional, extend: c0}`)
	step := func(label string) string { return fmt.Sprintf("t%d", rapid.IntRange(0, steps-1).Draw(t, label)) }
	line("clocks:")
	for i := range rapid.IntRange(1, 3).Draw(t, "clocks") {
		line("  - {name: c%d, title: {en: C}, period: 5d, starts: [%s], stops: [%s], responsible: %s, suspended_in: [%s], basis: {note: {en: Own}}%s, extension: {period: 1d, max: 2}}", i,
			pick("starts", "open", "open", step("start")), step("stop"), pick("responsible", "owner", "owner", "party"), pick("suspended", "", "s0", "s1"), pick("lapse", "", "", ", lapse: close"))
	}
	if sub {
		line("subs:\n  - {name: part, title: {en: P}, procedure: random, max: %d%s}", rapid.IntRange(1, 2).Draw(t, "max"), pick("done", "", ", done: close"))
	}
	return b.String()
}

// TestAgreesWithTheReference compares what is found in random procedures with a walk as simple as can be.
func TestAgreesWithTheReference(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		src := draw(t)
		p, err := procedure.Load("a.yaml", []byte(src))
		if err != nil {
			t.Skip(err)
		}
		r := refer(p)
		compared++
		found := map[string]bool{}
		for _, f := range soundness.Check(p, soundness.Options{Find: func(string) *procedure.Procedure { return p }}) {
			for name, line := range lines(src) {
				if line == f.Line {
					found[f.Rule+" "+name] = true
				}
			}
		}
		var got, want []string
		for fault := range found {
			if rule, _, _ := strings.Cut(fault, " "); slices.Contains(compare(), rule) && !strings.Contains(fault, "open-after-end c") {
				got = append(got, fault)
			}
		}
		for fault := range r.faults {
			want = append(want, fault)
		}
		// Where a matter can stand without any clock, one whose clocks all stand still is left to the second look.
		worse := func(fault string) bool {
			state, ok := strings.CutPrefix(fault, "only-suspended ")
			return ok && r.faults["state-without-clock "+state]
		}
		got, want = slices.DeleteFunc(got, worse), slices.DeleteFunc(want, worse)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("faults (-reference +found):\n%s\n%s", diff, src)
		}
		dead(t, p, r, found, src)
	})
	if compared < 20 {
		t.Errorf("only %d procedures could be loaded", compared)
	}
}

// compare are the rules that the reference knows by their definition.
func compare() []string {
	return []string{"state-without-clock", "only-suspended", "nobody-can-act", "no-way-to-an-end", "lapse-blocked", "done-blocked",
		"extension-without-clock", "back-without-referral", "open-after-end"}
}

// dead compares which states and steps are found to be out of reach.
func dead(t *rapid.T, p *procedure.Procedure, r *reference, found map[string]bool, src string) {
	reached := map[string]bool{}
	for _, s := range r.all {
		reached[s.state] = true
	}
	near := map[string]bool{}
	for _, s := range p.Steps {
		for _, from := range s.From {
			near[s.To] = near[s.To] || reached[from]
		}
	}
	for _, s := range p.States {
		if want := !reached[s.Name] && !near[s.Name]; found["unreachable-state "+s.Name] != want {
			t.Fatalf("unreachable-state %s: found %v, reference %v\n%s", s.Name, !want, want, src)
		}
	}
	for _, s := range p.Steps {
		named := found["dead-step "+s.Name] || found["guard-never-holds "+s.Name]
		if r.fired[s.Name] && named {
			t.Fatalf("%s can be taken and is called dead\n%s", s.Name, src)
		}
		for _, rule := range []string{"back-without-referral", "extension-without-clock", "open-after-end"} {
			named = named || found[rule+" "+s.Name]
		}
		named = named || s.Name == "close" && (slices.ContainsFunc(p.Clocks, func(c procedure.Clock) bool { return found["lapse-blocked "+c.Name] }) || found["done-blocked part"])
		if !r.fired[s.Name] && !named && slices.ContainsFunc(s.From, func(from string) bool { return reached[from] }) {
			t.Fatalf("%s can never be taken and nothing is found\n%s", s.Name, src)
		}
	}
}

// lines are the lines by the name that is declared there.
func lines(src string) map[string]int {
	out := map[string]int{}
	for i, line := range strings.Split(src, "\n") {
		if rest, ok := strings.CutPrefix(line, "  - {name: "); ok {
			name, _, _ := strings.Cut(rest, ",")
			out[name] = i + 1
		}
	}
	return out
}
