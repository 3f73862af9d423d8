package procedure_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
)

func TestInWhichStatesClocksRun(t *testing.T) {
	src, err := os.ReadFile("prose/testdata/stall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load("stall.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	runs := func(clock string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, slices.Sorted(maps.Keys(p.Running()[p.Clock(clock)]))); d != "" {
			t.Errorf("%s: %s", clock, d)
		}
	}
	runs("decide", "examining", "incomplete", "lodged") // the office's; suspended is open, an end stops it
	runs("papers", "incomplete")                        // the party's, over with its own lapse
	p.Clock("papers").Lapse = ""
	runs("papers", "dropped", "incomplete") // a party's goes on after an end that does not stop it
	p.Clock("papers").Responsible = procedure.ResponsibleOwner
	runs("papers", "incomplete")
}
