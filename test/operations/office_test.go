package operations_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/store/postgres/pgtest"
)

func TestAnOfficeOnSQLite(t *testing.T) {
	w := newWalk(t, nil)
	w.furnish(t)
	p := w.start(t, "serve")
	p.lodge(t, "before the backup", 5)
	if out := w.run(t, "watch"); out != "ok 5\n5 entries in 5 matters, 0 erased: sound\n" {
		t.Errorf("it says %q", out)
	}
	metrics, err := os.ReadFile(w.path("/srv/luoshi/metrics.txt"))
	must(t, err)
	for _, name := range []string{`luoshi_http_answers_total{route="POST /v1/matters",status="201"} 5`, "luoshi_http_seconds_bucket", "luoshi_log_entries 5"} {
		if !strings.Contains(string(metrics), name) {
			t.Errorf("the metrics have no %s", name)
		}
	}
	if out := w.run(t, "backup"); !strings.Contains(out, "5") {
		t.Error(out)
	}
	older, err := os.ReadFile(w.path("/srv/backup/checkpoint.txt"))
	must(t, err)
	p.lodge(t, "after the backup", 3)
	w.save(t, p)
	db, vkey := "sqlite:"+w.path("/srv/luoshi/luoshi.db"), w.path("/srv/luoshi/luoshi.db.vkey")
	if r := green(t, built(t, builtPresent), db, vkey, "--since", w.path("/srv/backup/checkpoint.txt")); r.Matters != 8 {
		t.Errorf("%d matters of 8", r.Matters)
	}
	t.Run("a backup that has forgotten entries is not restored unasked", func(t *testing.T) {
		said := w.fails(t, "restore", "--passphrase-file", "--since "+w.path("/srv/backup/checkpoint.txt")+" --passphrase-file")
		if !strings.Contains(said, "3") {
			t.Error(said)
		}
	})
	t.Run("it is when its operator insists, and serves with the key", func(t *testing.T) {
		must(t, os.WriteFile(w.path("/srv/backup/checkpoint.txt"), older, 0o600))
		if out := w.run(t, "restore"); !strings.Contains(out, "5 entries in 5 matters, 0 erased: sound") {
			t.Error(out)
		}
		p.stop(t)
		db := "sqlite:" + w.path("/srv/luoshi/restored.db")
		restored := serve(t, built(t, builtPresent), db, w.path("/srv/luoshi/restored.db.key"), "127.0.0.1:0")
		restored.lodge(t, "in the restored office", 1)
		restored.stop(t)
		green(t, built(t, builtPresent), db, vkey)
	})
	t.Run("without its key it does not go on", func(t *testing.T) {
		said := refused(t, built(t, builtPresent), db, w.path("/srv/luoshi/gone.key"))
		if !strings.Contains(said, "its signing key") || !strings.Contains(said, "is missing") {
			t.Error(said)
		}
	})
}

func TestTheServiceFileStartsWhatThePageStarts(t *testing.T) {
	w := page(t)
	if unit := w.block(t, "luoshi.service"); !strings.Contains(unit, "\nExecStart=/usr/local/bin/"+w.block(t, "serve")) {
		t.Error(unit)
	}
}

func TestAnOfficeMovesToPostgresAndIsServedByTwoNodes(t *testing.T) {
	c := pgtest.Start(t)
	w := newWalk(t, c)
	w.furnish(t)
	p := w.start(t, "serve")
	p.lodge(t, "on SQLite", 4)
	p.stop(t)
	w.prepare(t)
	if out := w.run(t, "move"); !strings.Contains(out, "4 entries in 4 matters, 0 erased: sound") {
		t.Error(out)
	}
	first, second := w.start(t, "node"), w.start(t, "node", w.path("127.0.0.1:8080"), "127.0.0.1:0")
	lodged := append(first.lodge(t, "at the first node", 3), second.lodge(t, "at the second node", 3)...)
	if again := second.lodge(t, "at the first node", 3); again[2].Number != lodged[2].Number {
		t.Errorf("%s, again %s", lodged[2].raw, again[2].raw)
	}
	w.save(t, second)
	t.Run("the auditor may read, and nothing else", func(t *testing.T) {
		if out := w.run(t, "audit-postgres"); !strings.Contains(out, "10 entries in 10 matters, 0 erased: sound") {
			t.Error(out)
		}
		said := w.fails(t, "node", "luoshi@", "luoshi_audit@", first.url[len("http://"):], "127.0.0.1:0")
		if !strings.Contains(said, "rights") {
			t.Error(said)
		}
	})
	t.Run("a database that was away is found again", func(t *testing.T) {
		c.Kill()
		if a, err := send(first.client, first.url+"/v1/matters", "while it was away", "", lodging("x")); err != nil || a.status != 503 {
			t.Errorf("%d %s %v", a.status, a.raw, err)
		}
		c.Restart(t)
		for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
			a, err := send(first.client, first.url+"/v1/matters", "while it was away", "", lodging("x"))
			if err == nil && a.status == 201 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d %s %v: %s", a.status, a.raw, err, &first.stderr)
			}
		}
		second.lodge(t, "afterwards", 1)
	})
	first.stop(t)
	second.stop(t)
}

// prepare makes the roles and the database of the page.
func (w *walk) prepare(t testing.TB) {
	t.Helper()
	psql := w.cluster.Command("psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", w.cluster.URL("postgres"))
	psql.Stdin = strings.NewReader(w.text(t, "roles"))
	finish(t, "roles", psql)
	address := w.path("db.example.org:5432")
	must(t, os.WriteFile(filepath.Join(w.folder, ".pgpass"), []byte(address+":*:luoshi:choose-one\n"+address+":*:luoshi_audit:choose-another\n"), 0o600))
}
