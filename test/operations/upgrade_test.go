package operations_test

import (
	"context"
	"strings"
	"testing"

	"luoshi/internal/store/postgres/pgtest"

	"github.com/jackc/pgx/v5"
)

// expansion is the migration that the page shows as one that older programs go on with.
func expansion() migration {
	b, _ := readPage() // where it is missing, the tests that take the blocks say so
	return migration{"sqlite": b["expand-sqlite"], "postgres": b["expand-postgres"]}
}

// contraction is the migration that the page shows as the one after it.
func contraction() migration {
	b, _ := readPage()
	return migration{"sqlite": b["contract"], "postgres": b["contract"]}
}

func TestNodesAreUpgradedOneAfterTheOtherWhileEverybodyWorks(t *testing.T) {
	old, next := built(t, builtPresent), built(t, builtExpanded)
	o := found(t, old, pgtest.Database(t))
	first, second := free(t), free(t)
	before := serve(t, old, o.db, o.key, first)
	l := newLoad(o, "http://"+first, "http://"+second)
	l.run(t, 8)

	l.until(t, "one old node", 60)
	beforehand(t, o.db)
	after := serve(t, next, o.db, o.key, second)
	expanded(t, o.db, true)
	before.read(t, "/healthz")
	l.until(t, "an old and a new node", 200)
	before.stop(t)
	l.until(t, "a new node", 100)
	before = serve(t, old, o.db, o.key, first)
	l.until(t, "an old node that started on the new schema, and a new node", 200)
	l.stop()
	before.stop(t)
	after.stop(t)

	l.check(t)
	for build, program := range map[string]string{"old": old, "new": next} {
		r := green(t, program, o.db, o.vkey)
		if r.Matters != int64(l.lodged.Load()) || r.Entries != int64(l.lodged.Load()+l.accepted.Load()) {
			t.Errorf("the %s build finds %d matters and %d entries; acknowledged were %d lodgings and %d steps",
				build, r.Matters, r.Entries, l.lodged.Load(), l.accepted.Load())
		}
	}
	if l.turned.Load() == 0 {
		t.Error("nobody met the stopped node")
	}
	t.Logf("%d lodgings, %d steps, %d requests turned to the other node", l.lodged.Load(), l.accepted.Load(), l.turned.Load())
}

// beforehand makes the index of the expansion while everybody works, as the page says.
func beforehand(t *testing.T, address string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), address)
	must(t, err)
	defer c.Close(context.Background())
	_, create, found := strings.Cut(page(t).block(t, "expand-postgres"), "CREATE INDEX IF NOT EXISTS")
	if !found {
		t.Fatal("the page's index does not pass over one that is there")
	}
	_, err = c.Exec(t.Context(), "CREATE INDEX CONCURRENTLY"+create)
	must(t, err)
}

// expanded looks whether the expansion was applied.
func expanded(t *testing.T, address string, want bool) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), address)
	must(t, err)
	defer c.Close(context.Background())
	var n int
	must(t, c.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM pg_attribute WHERE attrelid = 'matter'::regclass AND attname = 'remark')
		+ (SELECT count(*) FROM pg_class WHERE relname = 'matter_opened')`).Scan(&n))
	if (n == 2) != want || n == 1 {
		t.Errorf("%d of the column and the index are there", n)
	}
}

func TestAfterAContractionOlderProgramsDoNotStart(t *testing.T) {
	old, next := built(t, builtPresent), built(t, builtContracted)
	o := found(t, old, pgtest.Database(t))
	before := serve(t, old, o.db, o.key, "127.0.0.1:0")
	lodged := before.lodge(t, "before", 5)
	after := serve(t, next, o.db, o.key, "127.0.0.1:0")
	t.Run("a node that runs goes on until it is stopped", func(t *testing.T) {
		lodged = append(lodged, before.lodge(t, "meanwhile", 5)...)
		before.stop(t)
	})
	t.Run("it does not start again and says why", func(t *testing.T) {
		if said := refused(t, old, o.db, o.key); !strings.Contains(said, "use a newer program") {
			t.Error(said)
		}
	})
	t.Run("the new node has everything", func(t *testing.T) {
		lodged = append(lodged, after.lodge(t, "after", 5)...)
		after.stop(t)
		if r := green(t, next, o.db, o.vkey); r.Matters != int64(len(lodged)) {
			t.Errorf("%d matters for %d lodgings", r.Matters, len(lodged))
		}
	})
}
