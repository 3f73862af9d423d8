package fault_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/store/postgres/pgtest"
)

// onPostgres is a fresh database on a cluster of the test's own, with a key file beside it.
func onPostgres(t *testing.T, c *pgtest.Cluster) database {
	t.Helper()
	d := database{db: c.Database(t), key: filepath.Join(t.TempDir(), "log.key")}
	d.furnish(t)
	return d
}

func TestTheServerOutlivesItsDatabase(t *testing.T) {
	c := pgtest.Start(t, "fsync=on")
	d := onPostgres(t, c)
	p := d.start(t)
	first, err := p.lodge("数据库还在", 0, "before")
	must(t, err)
	if first.status != 201 {
		t.Fatalf("%d %s", first.status, first.raw)
	}
	c.Kill()
	began := time.Now()
	while, err := p.lodge("数据库不在", 0, "while")
	must(t, err)
	t.Logf("without a database it is answered within %v", time.Since(began))
	if while.status != 503 || while.kind != "application/problem+json" || while.Problem != "database-away" || !strings.Contains(while.Detail, "nothing was recorded") {
		t.Errorf("lodging without a database is answered %d %s %s", while.status, while.kind, while.raw)
	}
	for _, path := range []string{"/healthz", "/v1/matters", "/v1/matters/" + first.Number} {
		if a, err := p.call("GET", path, nil, bearer(clerkToken)...); err != nil || a.status != 503 {
			t.Errorf("GET %s without a database is answered %d %.200s %v", path, a.status, a.raw, err)
		}
	}
	c.Restart(t)
	second := eventually(t, p, "数据库不在", "while")
	again, err := p.lodge("数据库还在", 0, "before")
	must(t, err)
	if again.status != 201 || again.Number != first.Number || again.Code != first.Code || !bytes.Equal(again.Receipt, first.Receipt) {
		t.Errorf("the first request again: %d %s, before %s", again.status, again.raw, first.raw)
	}
	for _, path := range []string{"/healthz", "/v1/matters", "/v1/matters/" + second.Number} {
		if a, err := p.call("GET", path, nil, bearer(clerkToken)...); err != nil || a.status != 200 {
			t.Errorf("GET %s afterwards is answered %d %.200s %v", path, a.status, a.raw, err)
		}
	}
	p.stop(t)
	if r := d.audit(t); r.Matters != 2 {
		t.Errorf("%d matters", r.Matters)
	}
	if strings.Contains(p.stderr.String(), c.Password) {
		t.Errorf("the password is in the server's log: %s", &p.stderr)
	}
}

// eventually sends the same request until it goes through, without a restart.
func eventually(t *testing.T, p *process, title, key string) answer {
	t.Helper()
	var a answer
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var err error
		if a, err = p.lodge(title, 0, key); err == nil && a.status == 201 {
			return a
		}
	}
	t.Fatalf("it is still answered %d %s", a.status, a.raw)
	return a
}

// A connection is cut in COMMIT. While the database can still be reached the program finds out what became of
// it; when it cannot, it says that it does not know. The same request again gives the one answer there is.
func TestACommitThatIsCutOffIsRecordedOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		blow blow
		want string // code of the problem; "" for an answer as if nothing had happened
	}{
		{"after it reached the database", blow{arrives: true}, ""},
		{"before it reached the database", blow{}, ""},
		{"after it reached a database that is gone then", blow{arrives: true, shuts: true}, "outcome-unknown"},
		{"before it reached a database that is gone then", blow{shuts: true}, "outcome-unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // most of the time is waiting
			cutOff(t, c.blow, c.want)
		})
	}
}

func cutOff(t *testing.T, b blow, want string) {
	cluster := pgtest.Start(t)
	direct := onPostgres(t, cluster)
	between := newProxy(t, fmt.Sprintf("127.0.0.1:%d", cluster.Port))
	through := direct
	through.db = strings.Replace(direct.db, fmt.Sprintf(":%d/", cluster.Port), fmt.Sprintf(":%d/", between.port()), 1)
	p := through.start(t)
	before, err := p.lodge("先来的", 0, "first")
	must(t, err)
	if before.status != 201 {
		t.Fatalf("through the proxy: %d %s", before.status, before.raw)
	}
	between.cutNextCommit(b)
	cut, err := p.lodge("被切断的", 0, "cut")
	must(t, err)
	t.Logf("answered %d %s", cut.status, cut.Detail)
	if want == "" && cut.status != 201 || want != "" && (cut.status != 503 || cut.Problem != want || !strings.Contains(cut.Detail, "same idempotency key")) {
		t.Errorf("it is answered %d %s, want %q", cut.status, cut.raw, want)
	}
	if n := between.cuts(); n != 1 {
		t.Errorf("%d connections were cut at a COMMIT", n)
	}
	between.reopen()
	again := eventually(t, p, "被切断的", "cut")
	once, err := p.lodge("被切断的", 0, "cut")
	must(t, err)
	if once.Number != again.Number || once.Code != again.Code || !bytes.Equal(once.Receipt, again.Receipt) || want == "" && cut.Number != once.Number {
		t.Errorf("answers differ: %s, %s, %s", cut.raw, again.raw, once.raw)
	}
	p.stop(t)
	if r := direct.audit(t); r.Matters != 2 || r.Entries != 2 {
		t.Errorf("%d matters, %d entries, want 2", r.Matters, r.Entries)
	}
}

func TestKilledUnderLoadOnPostgreSQL(t *testing.T) {
	lives := 8
	if testing.Short() {
		lives = 2
	}
	t.Run("the program", func(t *testing.T) {
		d := onPostgres(t, pgtest.Start(t))
		d.killOften(t, lives, func(p *process, life int, m *memory) {
			load(p, life, m, 400*time.Millisecond, p.kill)
			d.audit(t)
		})
	})
	t.Run("the database", func(t *testing.T) {
		c := pgtest.Start(t, "fsync=on")
		d := onPostgres(t, c)
		d.killOften(t, lives, func(p *process, life int, m *memory) {
			load(p, life, m, 400*time.Millisecond, func() {
				c.Kill()
				c.Restart(t)
			})
			d.audit(t)
		})
	})
}
