package operations_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// replicate starts Litestream beside the server, as the page does.
func (w *walk) replicate(t testing.TB) *process {
	t.Helper()
	p := &process{cmd: w.shell(t, "replicate")}
	p.cmd.Stdout, p.cmd.Stderr = &p.stderr, &p.stderr
	must(t, p.cmd.Start())
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			p.end(syscall.SIGKILL)
		}
	})
	return p
}

// end ends a process that is no server.
func (p *process) end(by syscall.Signal) error {
	p.cmd.Process.Signal(by)
	return p.cmd.Wait()
}

// copied waits until the replica has the sure first entries, which checkpoint covers; it may have one more. A file
// that appears in the replica has all that was committed before the file before it appeared.
func (w *walk) copied(t testing.TB, p *process, key string) (sure int64, checkpoint []byte) {
	t.Helper()
	for round := range 3 {
		before := w.newest(t)
		if round == 2 {
			sure, checkpoint = size(t, p), p.read(t, "/log/checkpoint")
		}
		p.lodge(t, fmt.Sprint(key, round), 1)
		for deadline := time.Now().Add(patience); w.newest(t) <= before; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the replica stays at %s", before)
			}
		}
	}
	return sure, checkpoint
}

// newest is the name of the replica's newest file, which is the number of its last change.
func (w *walk) newest(t testing.TB) (name string) {
	t.Helper()
	all, err := filepath.Glob(w.path("/srv/replica/luoshi/ltx/0/*.ltx"))
	must(t, err)
	for _, file := range all {
		name = max(name, filepath.Base(file))
	}
	return name
}

func TestLitestreamBesideAServerGivesEverythingBack(t *testing.T) {
	built(t, builtLitestream)
	w := newWalk(t, nil)
	w.furnish(t)
	w.write(t, "litestream.yml", w.text(t, "litestream.yml"))
	p := w.start(t, "serve")
	copier := w.replicate(t)
	p.lodge(t, "at first", 20)
	then, earlier := w.copied(t, p, "copied at first")
	moment := time.Now().UTC().Truncate(time.Second).Add(time.Second) // it is told by its second
	time.Sleep(time.Until(moment) + 50*time.Millisecond)

	write(t, p, "under load", 2*time.Second)
	copier.end(syscall.SIGKILL)
	write(t, p, "while nobody copies", 300*time.Millisecond)
	copier = w.replicate(t)
	write(t, p, "copied again", 500*time.Millisecond)
	sure, newest := w.copied(t, p, "copied at last")
	acknowledged := size(t, p)
	w.save(t, p)
	p.kill() // the machine is lost
	copier.end(syscall.SIGKILL)
	must(t, os.Remove(w.path("/srv/luoshi/luoshi.db")))
	vkey, restored := w.path("/srv/luoshi/luoshi.db.vkey"), int64(0)

	t.Run("the newest state has everything acknowledged", func(t *testing.T) {
		w.run(t, "replica-restore")
		db := "sqlite:" + w.path("/srv/luoshi/newest.db")
		since := filepath.Join(t.TempDir(), "newest.txt")
		must(t, os.WriteFile(since, newest, 0o600))
		r := green(t, built(t, builtPresent), db, vkey, "--since", since)
		if restored = r.Entries; restored < sure || restored > acknowledged {
			t.Errorf("%d entries; %d were copied for sure, of %d", restored, sure, acknowledged)
		}
		if r := audit(t, built(t, builtPresent), db, vkey, "--since", w.path("/srv/backup/checkpoint.txt")); r.OK != (restored == acknowledged) {
			t.Errorf("of %d entries %d are there, and audit says: %+v", acknowledged, restored, r)
		}
		t.Logf("%d entries of %d acknowledged", restored, acknowledged)
	})
	t.Run("an earlier moment has what was there then", func(t *testing.T) {
		w.run(t, "replica-restore", "newest.db", "earlier.db", " -o ", " -timestamp "+moment.Format(time.RFC3339)+" -o ")
		since := filepath.Join(t.TempDir(), "then.txt")
		must(t, os.WriteFile(since, earlier, 0o600))
		db := "sqlite:" + w.path("/srv/luoshi/earlier.db")
		r := green(t, built(t, builtPresent), db, vkey, "--since", since)
		if r.Entries < then || r.Entries > then+1 {
			t.Errorf("%d entries; there were %d, and one on its way", r.Entries, then)
		}
		missing(t, db, vkey, w.path("/srv/backup/checkpoint.txt"), r.Entries)
	})
	t.Run("the restored file can go on", func(t *testing.T) {
		db := "sqlite:" + w.path("/srv/luoshi/newest.db")
		next := serve(t, built(t, builtPresent), db, w.path("/srv/luoshi/luoshi.db.key"), "127.0.0.1:0")
		next.lodge(t, "in the restored office", 3)
		next.stop(t)
		if r := green(t, built(t, builtPresent), db, vkey); r.Entries != restored+3 {
			t.Errorf("%d entries", r.Entries)
		}
	})
	t.Run("only its owner reads the copies", func(t *testing.T) {
		must(t, filepath.Walk(w.folder, func(path string, info os.FileInfo, err error) error {
			if err == nil && info.Mode().IsRegular() && strings.Contains(path, "/replica/") && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			return err
		}))
	})
}

// write lodges from many clients for a while, enough that the write-ahead log is written back by both programs.
func write(t testing.TB, p *process, prefix string, during time.Duration) {
	t.Helper()
	out, err := exec.Command(built(t, builtPresent), "bench", "lodge", "--url", p.url, "--clients", "8", "--seconds", fmt.Sprint(during.Seconds())).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", prefix, err, out)
	}
}

// size is how many entries the server has acknowledged, while nobody writes.
func size(t testing.TB, p *process) (n int64) {
	t.Helper()
	if _, err := fmt.Sscanf(string(p.read(t, "/healthz")), "ok %d", &n); err != nil {
		t.Fatal(err)
	}
	return n
}
