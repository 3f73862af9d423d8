package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/store/storetest"
)

// TestCountsOfStepsAreAddedToADatabaseWithout takes the counts out of a file, as it was before there were any, and
// runs the migration that brings it forward: audit, which folds every history anew, finds nothing.
func TestCountsOfStepsAreAddedToADatabaseWithout(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	d := storetest.NewDesk(t, openAt(path))
	rapid.Check(t, func(rt *rapid.T) {
		if n, _ := d.Store.Size(t.Context()); n < 200 {
			d.WalkIn(t, rt, d.OneProcedure()) // there were no others then
		}
	})
	if err := d.Store.Close(); err != nil {
		t.Fatal(err)
	}
	raw := openRaw(t, path)
	r, err := raw.Exec(`UPDATE matter SET doc = CAST(substr(CAST(doc AS TEXT), 1, instr(CAST(doc AS TEXT), ',"taken":') - 1) || '}' AS BLOB)
		WHERE instr(CAST(doc AS TEXT), ',"taken":') > 0`)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.RowsAffected(); n < 10 || err != nil {
		t.Fatalf("%d matters had counts (%v)", n, err)
	}
	text, err := os.ReadFile("migrations/0002_taken.sql") // alone: those after it have been run
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(string(text)); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	s, err := casework.NewService(t.Context(), openAt(path)(t, d.Key), storetest.Origin, d.Key.Name(), []byte("a secret of the test, 32 bytes lo"), d.Time)
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Audit(t.Context(), nil, d.Key.VerifierKey())
	if err != nil || !report.OK {
		t.Errorf("%+v (%v)", report, err)
	}
}
