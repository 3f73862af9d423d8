package procedure_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
)

// withGuard loads the sound declaration with a guard on its step and some fields to ask for.
func withGuard(t testing.TB, guard string) *procedure.Guard {
	t.Helper()
	src := overlay(sound(t), `fields:
  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: count, title: {zh: 数量, en: Count}, type: integer, class: plain, seen_by: [staff]}
  - {name: lit, title: {zh: 亮, en: Lit}, type: boolean, class: plain, seen_by: [staff]}
  - name: kind
    title: {zh: 种类, en: Kind}
    type: choice
    choices: [{value: old, title: {zh: 旧, en: Old}}, {value: new, title: {zh: 新, en: New}}]
    class: plain
    seen_by: [staff]
steps:
  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: ["role:clerk"], note: optional, guard: '`+guard+`'}
`)
	p, err := procedure.Load("a.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p.Step("repair").Guard
}

func TestGuardReads(t *testing.T) {
	field := func(name string) procedure.GuardUse { return procedure.GuardUse{Field: name} }
	taken := procedure.GuardUse{Function: "taken", Argument: "repair"}
	for _, test := range []struct {
		guard string
		want  []procedure.GuardRead
	}{
		{`fields.kind == "old" || fields.kind in ["new"]`, []procedure.GuardRead{{GuardUse: field("kind"), Value: true, Texts: []string{"old", "new"}}}},
		{`has(fields.place)`, []procedure.GuardRead{{GuardUse: field("place"), Present: true}}},
		{`has(fields.kind) && fields.kind.startsWith("o")`, []procedure.GuardRead{{GuardUse: field("kind"), Present: true, Value: true, Free: true}}},
		{`fields.kind < "o"`, []procedure.GuardRead{{GuardUse: field("kind"), Value: true, Free: true}}},
		{`2 > matter.taken("repair")`, []procedure.GuardRead{{GuardUse: taken, Value: true, Numbers: []int64{2}}}},
		{`matter.taken("repair") * 2 == 4`, []procedure.GuardRead{{GuardUse: taken, Value: true, Free: true}}},
		{`matter.taken("repair") == 1 && matter.taken("repair") == fields.count`, []procedure.GuardRead{
			{GuardUse: taken, Value: true, Numbers: []int64{1}, Free: true}, {GuardUse: field("count"), Value: true, Free: true}}},
		{`fields.lit == true`, []procedure.GuardRead{{GuardUse: field("lit"), Value: true}}},
	} {
		if diff := cmp.Diff(test.want, withGuard(t, test.guard).Reads()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.guard, diff)
		}
	}
}

func TestGuardWeighed(t *testing.T) {
	count, place := procedure.GuardUse{Field: "count"}, procedure.GuardUse{Field: "place"}
	taken := procedure.GuardUse{Function: "taken", Argument: "repair"}
	for _, test := range []struct {
		guard   string
		unknown []procedure.GuardUse
		want    procedure.Outcome
	}{
		{`fields.kind == "old"`, nil, procedure.Always},
		{`fields.kind == "new"`, nil, procedure.Never},
		{`1 / fields.count == 1`, nil, procedure.Fails},
		{`fields.count > 5`, []procedure.GuardUse{count}, procedure.Perhaps},
		{`1 / fields.count == 1`, []procedure.GuardUse{count}, procedure.Perhaps},
		{`fields.kind == "new" && fields.count > 5`, []procedure.GuardUse{count}, procedure.Never},
		{`fields.kind == "old" || fields.count > 5`, []procedure.GuardUse{count}, procedure.Always},
		{`fields.kind == "old" && fields.count > 5`, []procedure.GuardUse{count}, procedure.Perhaps},
		{`fields.place.contains("x") ? true : true`, []procedure.GuardUse{place}, procedure.Perhaps},
		{`matter.taken("repair") > 3`, []procedure.GuardUse{taken}, procedure.Perhaps},
		{`matter.taken("repair") > 3 && fields.kind == "new"`, []procedure.GuardUse{taken}, procedure.Never},
		{`has(fields.place)`, []procedure.GuardUse{count}, procedure.Never},
	} {
		facts := &procedure.Facts{Fields: map[string]any{"kind": "old"}}
		if got := withGuard(t, test.guard).Weigh(facts, test.unknown); got != test.want {
			t.Errorf("%s: %v, want %v", test.guard, got, test.want)
		}
	}
}
