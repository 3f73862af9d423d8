package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

func TestAnErasureIsFollowedByAVacuum(t *testing.T) {
	address := pgtest.Database(t)
	d := storetest.NewDesk(t, openAt(address))
	out := d.Lodged(t, "probe", "t1")
	staff := func(login string) office.Actor { return office.Actor{Account: d.Staff().Accounts[login]} }
	d.Take(t, staff("clerk@t1"), out.Matter.Number, "finish", func(c *casework.StepCommand) { c.Note = "a note" })

	raw, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close(context.Background())
	clean := func() (n int) {
		t.Helper()
		err := raw.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_user_tables
			WHERE relname IN ('entry', 'matter', 'search') AND vacuum_count > 0 AND n_dead_tup = 0`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := clean(); n != 0 {
		t.Fatalf("%d tables were vacuumed before anything was erased", n)
	}
	if _, err := d.Erase(t.Context(), staff("head@t1"), out.Matter.Number, "a rule"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return clean() == 3 })
}
