package procedure_test

import (
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

// FuzzGuard: whatever stands in a guard, it is refused with a place or gives an answer; knowing less never turns one
// answer into the other.
func FuzzGuard(f *testing.F) {
	for _, guard := range []string{
		`fields.kind == "old"`, `fields.count > 3 && has(fields.place)`, `matter.taken("repair") % 2 == 0`, `1 / fields.count == 1`,
		`fields.place.matches("(a+)+$")`, `[1, 2, 3].exists(x, x == fields.count)`, `fields.place + fields.place + fields.place == ""`,
		`matter.parties("applicant") > 1 ? fields.lit : !fields.lit`, `"a" in {"a": 1}`, `duration("1h") > duration("1m")`, `fields`, `matter == matter`,
		strings.Repeat("(", 100), strings.Repeat("!", 200) + "fields.lit", strings.Repeat(`fields.place + `, 300) + `"" == ""`, "true\x00", "\xff",
	} {
		f.Add(guard, int64(2), "x", true)
	}
	f.Fuzz(func(t *testing.T, guard string, count int64, place string, lit bool) {
		if strings.ContainsAny(guard, "\r\n") || strings.Contains(guard, "#") && !strings.Contains(guard, "'") {
			t.Skip("another YAML")
		}
		p, err := procedure.Load("a.yaml", []byte(guardDeclaration(t, strings.ReplaceAll(guard, "'", "''"))))
		if err != nil {
			return // FuzzLoad looks at refusals
		}
		g := p.Step("repair").Guard
		if g == nil {
			return
		}
		facts := &procedure.Facts{Fields: map[string]any{"count": count, "place": place, "lit": lit}, Taken: map[string]int{"repair": int(count % 4)}}
		held, err := g.Holds(facts)
		known, vague := g.Weigh(facts, nil), g.Weigh(facts, g.Uses())
		switch {
		case err != nil && known != procedure.Fails, err == nil && held != (known == procedure.Always), known == procedure.Perhaps:
			t.Errorf("%q: holds %v, %v; weighed %v", guard, held, err, known)
		case vague != procedure.Perhaps && vague != known:
			t.Errorf("%q: %v when nothing is known, %v when all is", guard, vague, known)
		}
	})
}
