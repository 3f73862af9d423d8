package postgres_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

// TestCountsOfStepsAreAddedToADatabaseWithout takes the counts out of a database, as it was before there were any,
// and runs the migration that brings it forward: audit, which folds every history anew, finds nothing.
func TestCountsOfStepsAreAddedToADatabaseWithout(t *testing.T) {
	address := pgtest.Database(t)
	d := storetest.NewDesk(t, openAt(address))
	rapid.Check(t, func(rt *rapid.T) {
		if n, _ := d.Store.Size(t.Context()); n < 200 {
			d.WalkIn(t, rt, d.OneProcedure()) // there were no others then
		}
	})
	if err := d.Store.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	done, err := c.Exec(t.Context(), `UPDATE matter SET doc = substr(doc, 1, position(convert_to(',"taken":', 'UTF8') in doc) - 1) || convert_to('}', 'UTF8')
		WHERE position(convert_to(',"taken":', 'UTF8') in doc) > 0`)
	if err != nil || done.RowsAffected() < 10 {
		t.Fatalf("%d matters had counts (%v)", done.RowsAffected(), err)
	}
	text, err := os.ReadFile("migrations/0002_taken.sql") // alone: those after it have been run
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), string(text)); err != nil {
		t.Fatal(err)
	}
	s, err := casework.NewService(t.Context(), openAt(address)(t, d.Key), storetest.Origin, d.Key.Name(), []byte("a secret of the test, 32 bytes lo"), d.Time)
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Audit(t.Context(), nil, d.Key.VerifierKey())
	if err != nil || !report.OK {
		t.Errorf("%+v (%v)", report, err)
	}
}
