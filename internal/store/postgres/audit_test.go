package postgres_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

// evidence says which columns audit answers for.
func evidence() map[string][]string {
	return map[string][]string{
		"entry":      strings.Fields("act content salt content_salt commitment matter seq idx request_key"),
		"tile":       strings.Fields("data level idx"),
		"checkpoint": strings.Fields("signed size"),
		"matter":     strings.Fields("procedure state open unit assignee version opened due wake provisional title doc id"),
		"tally":      strings.Fields("unit procedure state open n"),
		"log":        strings.Fields("size"),
	}
}

// archive is a database with a log of several full tiles: lodged side by side, walked through steps, late,
// corrected, erased; and a checkpoint from before half of it was there.
func archive(t *testing.T) (address string, early []byte, key *ledger.Key) {
	t.Helper()
	address = pgtest.Database(t)
	d := storetest.NewDesk(t, openAt(address))
	rapid.Check(t, func(rt *rapid.T) {
		if n, _ := d.Store.Size(t.Context()); n < 160 {
			d.Walk(t, rt)
		}
	})
	early, err := d.Store.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 560 {
		wg.Go(func() {
			l := d.Example(t, []string{"petition", "probe"}[i%2], []string{"t1", "t2", "c"}[i%3])
			out, err := d.Lodge(t.Context(), resident(), l, fmt.Sprint("key ", i))
			if err != nil {
				t.Error(err)
			} else if i%20 == 1 {
				d.Take(t, office.Actor{Account: d.Staff().Accounts["clerk@c"]}, out.Matter.Number, "assign")
			}
		})
	}
	wg.Wait()
	d.Wait(20 * 24 * time.Hour)
	late, err := d.Store.Wakes(t.Context(), 40)
	if err != nil || len(late) < 40 {
		t.Fatalf("%d matters are late (%v)", len(late), err)
	}
	for _, w := range late {
		wg.Go(func() {
			if _, err := d.Wake(t.Context(), w.Number); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, err := d.Store.Size(t.Context()); n < 600 || err != nil {
		t.Fatalf("only %d entries (%v)", n, err)
	}
	return address, early, d.Key
}

// auditor opens a database for audit, and beside it as somebody with all rights would.
type auditor struct {
	*casework.Service
	raw  *pgx.Conn
	vkey string
}

func newAuditor(t *testing.T, address, vkey string) *auditor {
	t.Helper()
	s, err := postgres.Open(t.Context(), postgres.Options{URL: address, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	v, err := casework.NewService(t.Context(), s, s.Origin(), s.Origin(), nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close(context.Background()) })
	a := &auditor{v, raw, vkey}
	a.exec(t, "CREATE SCHEMA kept")
	for table := range evidence() {
		a.exec(t, fmt.Sprintf("CREATE TABLE kept.%s AS SELECT * FROM %[1]s", table))
	}
	return a
}

func (a *auditor) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := a.raw.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// restore puts everything back as it was.
func (a *auditor) restore(t *testing.T, tables ...string) {
	t.Helper()
	if len(tables) == 0 {
		tables = slices.Collect(maps.Keys(evidence()))
	}
	for _, table := range tables {
		a.exec(t, "DELETE FROM "+table)
		a.exec(t, fmt.Sprintf("INSERT INTO %s SELECT * FROM kept.%[1]s", table))
	}
}

func (a *auditor) audit(t *testing.T, since []byte) *casework.AuditReport {
	t.Helper()
	r, err := a.Audit(t.Context(), since, a.vkey)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAudit(t *testing.T) {
	address, early, key := archive(t)
	a := newAuditor(t, address, key.VerifierKey())
	if r := a.audit(t, early); !r.OK {
		t.Fatalf("before any change: %+v", r.Faults[0])
	}
	t.Run("one byte changed anywhere is found", func(t *testing.T) { oneByte(t, a) })
	t.Run("damage is found", func(t *testing.T) { damage(t, a) })
	t.Run("a log cut back or continued by another hand is found", func(t *testing.T) { cutBack(t, a) })
	t.Run("a log that does not match its head is not written to", func(t *testing.T) { notSealed(t, a, address, key) })
	if r := a.audit(t, early); !r.OK {
		t.Errorf("after everything was put back: %+v", r.Faults[0])
	}
}

// changed gives, by type, the value with one byte changed, and which values have one. $2 and $3 choose.
func changed(column, kind string) (value, has string) {
	switch kind {
	case "bytea":
		return fmt.Sprintf("set_byte(%[1]s, $2 %% length(%[1]s), get_byte(%[1]s, $2 %% length(%[1]s)) # $3)", column), "length(" + column + ") > 0"
	case "text":
		return fmt.Sprintf("overlay(%[1]s placing chr(ascii(substr(%[1]s, 1 + $2 %% length(%[1]s))) # 1) from 1 + $2 %% length(%[1]s) for 1)", column), column + " <> ''"
	case "boolean":
		return "NOT " + column, "true"
	case "integer":
		return column + " # ($3 << (8 * ($2 % 3)))", column + " IS NOT NULL"
	}
	return column + " # ($3::bigint << (8 * ($2 % 7)))", column + " IS NOT NULL"
}

func oneByte(t *testing.T, a *auditor) {
	times := 3
	if testing.Short() {
		times = 1
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for table, columns := range evidence() {
		for _, column := range columns {
			for range times {
				hit := a.flip(t, r, table, column)
				report, err := a.Audit(t.Context(), nil, a.vkey)
				switch {
				case err != nil:
					t.Errorf("%s.%s (seed %d): audit fails: %v", table, column, seed, err)
				case report.OK:
					t.Errorf("%s.%s (seed %d): not found", table, column, seed)
				case !slices.ContainsFunc(report.Faults, func(f casework.Fault) bool { return hit == "" || f.Matter == hit }):
					t.Errorf("%s.%s (seed %d): %s is not named: %+v", table, column, seed, hit, report.Faults[:min(3, len(report.Faults))])
				}
				a.restore(t, table)
			}
		}
	}
}

// flip changes one byte of one value, and gives the number of the matter that audit must name, if any. A key
// that is there already is refused by the database itself: then another one is tried.
func (a *auditor) flip(t *testing.T, r *rand.Rand, table, column string) (hit string) {
	t.Helper()
	ctx := t.Context()
	var kind string
	if err := a.raw.QueryRow(ctx, "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2", "public."+table, column).Scan(&kind); err != nil {
		t.Fatal(err)
	}
	value, has := changed(column, kind)
	value = strings.NewReplacer("$2", "$2::integer", "$3::bigint", "$3::integer::bigint", "$3 ", "$3::integer ", "$3)", "$3::integer)").Replace(value)
	has += " AND $2::integer + $3::integer >= 0" // both are known to every statement
	if table == "tally" {
		has += " AND n <> 0" // one that came down to nothing says nothing
	}
	of := map[string]string{"entry": "matter", "matter": "id"}[table]
	if of == "" || of == column {
		of = "0"
	}
	for range 50 {
		var id int64
		err := a.raw.QueryRow(ctx, fmt.Sprintf(`UPDATE %[1]s SET %[2]s = %[3]s WHERE ctid = (SELECT ctid FROM %[1]s WHERE %[4]s
			ORDER BY ctid OFFSET $1::integer %% (SELECT greatest(count(*), 1) FROM %[1]s WHERE %[4]s) LIMIT 1) RETURNING %[5]s::bigint`,
			table, column, value, has, of), r.Int32N(1<<30), r.Int32N(1<<30), 1+r.Int32N(127)).Scan(&id)
		if err == nil {
			return number.OfID(id)
		}
		if !strings.Contains(err.Error(), "23505") && !strings.Contains(err.Error(), "22") {
			t.Fatalf("%s.%s: %v", table, column, err)
		}
	}
	t.Fatalf("%s.%s: no value could be changed", table, column)
	return ""
}
