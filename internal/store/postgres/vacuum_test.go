package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

// erased is a log with a matter that has content, a way to erase that, and a look at whether VACUUM has taken away
// all that was before in the three tables.
func erased(t *testing.T, address string) (raw *pgx.Conn, erase func(), clean func() bool) {
	t.Helper()
	d := storetest.NewDesk(t, openAt(address))
	out := d.Lodged(t, "probe", "t1")
	staff := func(login string) office.Actor { return office.Actor{Account: d.Staff().Accounts[login]} }
	d.Take(t, staff("clerk@t1"), out.Matter.Number, "finish", func(c *casework.StepCommand) { c.Note = "a note" })
	raw, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close(context.Background()) })
	var vacuumed, dead int
	look := func() {
		t.Helper()
		for _, table := range []string{"entry", "matter", "search"} { // counts anew, for the other counts come late
			if _, err := raw.Exec(t.Context(), "ANALYZE "+table); err != nil {
				t.Fatal(err)
			}
		}
		err := raw.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE vacuum_count > 0), sum(n_dead_tup) FROM pg_stat_user_tables
			WHERE relname IN ('entry', 'matter', 'search')`).Scan(&vacuumed, &dead)
		if err != nil {
			t.Fatal(err)
		}
	}
	if look(); vacuumed != 0 {
		t.Fatalf("%d tables were vacuumed before anything was erased", vacuumed)
	}
	erase = func() {
		t.Helper()
		if _, err := d.Erase(t.Context(), staff("head@t1"), out.Matter.Number, "a rule"); err != nil {
			t.Fatal(err)
		}
	}
	return raw, erase, func() bool { look(); return vacuumed == 3 && dead == 0 }
}

func TestAnErasureIsFollowedByAVacuum(t *testing.T) {
	_, erase, clean := erased(t, pgtest.Database(t))
	erase()
	waitFor(t, clean)
}

// Until then the dump still sees what was erased, and a VACUUM would leave it where it is.
func TestTheVacuumWaitsForWhoeverSeesWhatWasErased(t *testing.T) {
	address := pgtest.Database(t)
	_, erase, clean := erased(t, address)
	dump, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer dump.Close(context.Background())
	count := "SELECT count(*) FROM entry WHERE content IS NOT NULL"
	var before, after int
	if _, err := dump.Exec(t.Context(), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
		t.Fatal(err)
	}
	if err := dump.QueryRow(t.Context(), count).Scan(&before); err != nil {
		t.Fatal(err)
	}
	erase()
	time.Sleep(time.Second)
	if err := dump.QueryRow(t.Context(), count).Scan(&after); err != nil || after != before || before == 0 {
		t.Fatalf("the dump saw %d contents, and then %d (%v)", before, after, err)
	}
	if clean() {
		t.Error("all is said to be gone while somebody sees it")
	}
	if _, err := dump.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, clean)
}

func TestTheVacuumComesBackToATableThatWasLocked(t *testing.T) {
	raw, erase, clean := erased(t, pgtest.Database(t))
	tx, err := raw.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "LOCK TABLE search IN SHARE UPDATE EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	erase()
	time.Sleep(500 * time.Millisecond)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	waitFor(t, clean)
}
