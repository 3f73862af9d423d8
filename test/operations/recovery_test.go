package operations_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/store/postgres/pgtest"
)

// settings are the lines of the page's postgresql.conf. Servers of pgtest stand beside the archive.
func settings(t testing.TB) (all []string) {
	t.Helper()
	for line := range strings.Lines(page(t).block(t, "postgresql.conf")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " = ")
		value = strings.ReplaceAll(strings.Trim(value, "'"), "/srv/archive", "../archive")
		all = append(all, name+"="+value)
	}
	return all
}

func TestAPostgresServerIsRecoveredToANamedMoment(t *testing.T) {
	c := pgtest.Start(t, settings(t)...)
	w := newWalk(t, c)
	w.prepare(t)
	o := found(t, built(t, builtPresent), w.places.Replace("postgres://luoshi:choose-one@db.example.org:5432/luoshi?sslmode=verify-full"))
	p := serve(t, built(t, builtPresent), o.db, o.key, "127.0.0.1:0")
	p.lodge(t, "before the base backup", 4)
	w.runAsPostgres(t, "base-backup")
	p.lodge(t, "before the import", 3)
	at := p.read(t, "/log/checkpoint")
	w.runAsPostgres(t, "mark")
	lost := p.lodge(t, "the import", 5)
	w.save(t, p)
	p.stop(t)
	archived(t, w)
	c.Kill()

	w.runAsPostgres(t, "recover")
	recovered := c.Fork(t, w.path("/srv/recovered"))
	promoted(t, recovered)
	db := strings.ReplaceAll(o.db, fmt.Sprint(":", c.Port), fmt.Sprint(":", recovered.Port))
	earlier := filepath.Join(t.TempDir(), "earlier.txt")
	must(t, os.WriteFile(earlier, at, 0o600))
	if r := green(t, built(t, builtPresent), db, o.vkey, "--since", earlier); r.Entries != 7 {
		t.Errorf("%d entries were recovered; 7 were lodged before the moment", r.Entries)
	}
	missing(t, db, o.vkey, w.path("/srv/backup/checkpoint.txt"), 7)

	t.Run("with its key it can go on, and those who lost something lodge again", func(t *testing.T) {
		p := serve(t, built(t, builtPresent), db, o.key, "127.0.0.1:0")
		again := p.lodge(t, "the import", 5)
		p.stop(t)
		if string(again[0].Receipt) == string(lost[0].Receipt) {
			t.Error("nothing was lost")
		}
		green(t, built(t, builtPresent), db, o.vkey, "--since", earlier)
		if r := audit(t, built(t, builtPresent), db, o.vkey, "--since", w.path("/srv/backup/checkpoint.txt")); r.OK {
			t.Error("a second history of the same length is taken for the first")
		}
	})
}

// missing audits with a checkpoint that is newer than the database, which must be found, and nothing else.
func missing(t testing.TB, db, vkey, checkpoint string, entries int64) {
	t.Helper()
	r := audit(t, built(t, builtPresent), db, vkey, "--since", checkpoint)
	if r.OK || r.Entries != entries || len(r.Faults) != 1 || r.Faults[0].Kind != "log" {
		t.Errorf("with a newer checkpoint: %+v", r)
	}
	t.Logf("audit says: %+v", r.Faults)
}

// archived waits until the write-ahead log up to the mark is in the archive.
func archived(t testing.TB, w *walk) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		all, err := filepath.Glob(w.path("/srv/archive/*"))
		must(t, err)
		newest := 0
		for _, file := range all {
			if !strings.Contains(file, ".backup") {
				newest++
			}
		}
		if newest >= 3 { // before the base backup, up to its end, up to the mark
			return
		}
	}
	t.Fatalf("the archive stays behind: %s", w.cluster.Log())
}

// promoted waits until a recovered server takes changes.
func promoted(t testing.TB, c *pgtest.Cluster) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		out, err := c.Command("psql", "-Atc", "SELECT pg_is_in_recovery()", c.URL("postgres")).Output()
		if err == nil && string(out) == "f\n" {
			return
		}
	}
	t.Fatalf("it does not leave recovery: %s", c.Log())
}
