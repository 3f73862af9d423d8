//go:build linux

package fault_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"luoshi/internal/store/postgres/pgtest"

	"filippo.io/age"
)

// checkpoint saves the log's newest checkpoint into a file.
func (p *process) checkpoint(t *testing.T, file string) string {
	t.Helper()
	a, err := p.call("GET", "/log/checkpoint", nil)
	must(t, err)
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	must(t, os.WriteFile(file, a.raw, 0o600))
	return file
}

// A backup that is made while others lodge is of one moment: the restored log is sound and continues every
// checkpoint from before. One from afterwards tells how many acknowledged entries it has forgotten.
func TestABackupWhileOthersLodge(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to func(t *testing.T) database
	}{
		{"from a SQLite file into another", onFile, onFile},
		{"from PostgreSQL into a SQLite file", onServer, onFile},
		{"from a SQLite file into PostgreSQL", onFile, onServer},
	} {
		t.Run(c.name, func(t *testing.T) { backupUnderLoad(t, c.from(t), c.to) })
	}
}

func onFile(t *testing.T) database { return sqlite(filepath.Join(t.TempDir(), "luoshi.db")) }

func onServer(t *testing.T) database {
	return database{db: pgtest.Database(t), key: filepath.Join(t.TempDir(), "log.key")}
}

func backupUnderLoad(t *testing.T, from database, empty func(t *testing.T) database) {
	dir := t.TempDir()
	from.furnish(t)
	p := from.start(t)
	ctx, stop := context.WithCancel(context.Background())
	var load sync.WaitGroup
	lodged := make(chan struct{}, 100_000)
	for client := range 4 {
		load.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := fmt.Sprint(client, " ", i)
				if a, err := p.lodge(key, 500, key); err != nil || a.status != 201 {
					t.Errorf("%s: %d %v", key, a.status, err)
					return
				}
				lodged <- struct{}{}
			}
		})
	}
	wait := func(n int) {
		for range n {
			<-lodged
		}
	}
	wait(200)
	before := p.checkpoint(t, filepath.Join(dir, "before"))
	file := filepath.Join(dir, "backup")
	wrote, code, stderr := command(t, "backup", "--db", from.db, "--key", from.vkey(), file)
	if code != 0 || wrote.Entries < 200 {
		t.Fatalf("backup: %d %s %+v", code, stderr, wrote)
	}
	for range len(lodged) {
		<-lodged
	}
	wait(20)
	after := p.checkpoint(t, filepath.Join(dir, "after"))
	stop()
	load.Wait()
	p.stop(t)

	good := empty(t)
	r, code, stderr := command(t, "restore", "--db", good.db, "--since", before, file)
	if code != 0 || !r.Finished || !r.Audit.OK || r.Missing != 0 || r.Entries != wrote.Entries || r.Audit.Entries != wrote.Entries {
		t.Fatalf("restore: %d %s %+v", code, stderr, r)
	}
	serves(t, from, good)

	forgetful := empty(t)
	r, code, stderr = command(t, "restore", "--db", forgetful.db, "--since", after, file)
	if code != 1 || r.Finished || r.Audit.OK || r.Missing < 20 || !strings.Contains(r.Audit.Faults[0].Text, "not a continuation") {
		t.Fatalf("restore that has forgotten entries: %d %s %+v", code, stderr, r)
	}
	forgetful.refuses(t, "has not finished")
	if r, code, stderr := command(t, "restore", "--db", forgetful.db, file); code != 0 || !r.Finished || !r.Resumed {
		t.Errorf("the same without --since: %d %s %+v", code, stderr, r)
	}
	serves(t, from, forgetful)
}

// serves serves a restored database with the key of the one it was made from: what was lodged is known, and
// the log goes on.
func serves(t *testing.T, from, d database) {
	t.Helper()
	from.keysTo(t, d)
	p := d.start(t)
	known, err := p.lodge("0 0", 500, "0 0")
	must(t, err)
	fresh, err := p.lodge("恢复以后", 0, "afterwards")
	must(t, err)
	p.stop(t)
	if known.status != 201 || fresh.status != 201 || known.Number >= fresh.Number {
		t.Errorf("restored: %d %s, %d %s", known.status, known.raw, fresh.status, fresh.raw)
	}
	d.audit(t)
}

// A disk that fills up leaves no half backup under its name, nor the earlier one destroyed.
func TestABackupOntoAFullDisk(t *testing.T) {
	from := sqlite(filepath.Join(t.TempDir(), "luoshi.db"))
	from.furnish(t)
	from.grow(t, 400)
	fails := func(t *testing.T, dir string, cmd *exec.Cmd) {
		file := filepath.Join(dir, "backup")
		must(t, os.WriteFile(file, []byte("the one from yesterday"), 0o600))
		out, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "luoshi backup:") {
			t.Fatalf("%v, %s", err, out)
		}
		left, err := os.ReadDir(dir)
		must(t, err)
		if b, _ := os.ReadFile(file); string(b) != "the one from yesterday" || len(left) != 1 {
			t.Errorf("left is %v, the earlier backup is %.40q", left, b)
		}
		t.Logf("%s", out)
	}
	t.Run("a small file system", func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
			t.Skipf("a file system can be mounted by root only: %v", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		fails(t, dir, exec.Command(program, "backup", "--db", from.db, "--force", filepath.Join(dir, "backup")))
	})
	t.Run("a limit on the size of files", func(t *testing.T) {
		dir := t.TempDir()
		fails(t, dir, exec.Command("sh", "-c", `ulimit -f 64; exec "$0" "$@"`, program, "backup", "--db", from.db, "--force", filepath.Join(dir, "backup")))
	})
}

func TestABackupIsOfItsOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	from := sqlite(at("luoshi.db"))
	from.furnish(t)
	from.grow(t, 50)
	mine, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	must(t, os.WriteFile(at("mine"), []byte(mine.String()+"\n"), 0o600))
	must(t, os.WriteFile(at("other"), []byte(other.String()+"\n"), 0o600))
	must(t, os.WriteFile(at("pass"), []byte("three brown dogs\n"), 0o600))
	restore := func(t *testing.T, file string, want int, says string, args ...string) {
		t.Helper()
		to := sqlite(filepath.Join(t.TempDir(), "to.db"))
		r, code, stderr := command(t, "restore", append([]string{"--db", to.db, file}, args...)...)
		if code != want || (code == 0) != r.Finished || !strings.Contains(stderr, says) {
			t.Errorf("restore: %d %s %+v", code, stderr, r)
		}
		if _, err := os.Stat(strings.TrimPrefix(to.db, "sqlite:")); want != 0 && err == nil {
			t.Error("a database was made of a backup that was refused")
		}
	}
	backup := func(t *testing.T, file string, args ...string) {
		t.Helper()
		if _, code, stderr := command(t, "backup", append([]string{"--db", from.db, file}, args...)...); code != 0 {
			t.Fatalf("%d %s", code, stderr)
		}
	}
	t.Run("nobody else may read it, and the signing key is not inside", func(t *testing.T) {
		backup(t, at("plain"))
		info, err := os.Stat(at("plain"))
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v", info.Mode())
		}
		f, err := os.Open(at("plain"))
		must(t, err)
		defer f.Close()
		z, err := gzip.NewReader(f)
		must(t, err)
		b, err := io.ReadAll(z)
		must(t, err)
		key, err := os.ReadFile(at("luoshi.db.key"))
		must(t, err)
		if bytes.Contains(b, bytes.TrimSpace(key)) || bytes.Contains(b, []byte("PRIVATE+KEY")) || !bytes.Contains(b, []byte("第 7 件")) {
			t.Error("the signing key is in the backup, or the matters are not")
		}
		restore(t, at("plain"), 0, "")
	})
	t.Run("for a recipient", func(t *testing.T) {
		backup(t, at("sealed"), "--recipient", mine.Recipient().String())
		b, err := os.ReadFile(at("sealed"))
		must(t, err)
		if !bytes.HasPrefix(b, []byte("age-encryption.org/v1\n")) {
			t.Errorf("it begins with %.40q", b)
		}
		restore(t, at("sealed"), 0, "", "--identity", at("mine"))
		restore(t, at("sealed"), 1, "another key", "--identity", at("other"))
		restore(t, at("sealed"), 1, "--identity FILE")
	})
	t.Run("with a passphrase", func(t *testing.T) {
		backup(t, at("phrase"), "--passphrase-file", at("pass"))
		restore(t, at("phrase"), 0, "", "--passphrase-file", at("pass"))
	})
	t.Run("one that is there is not replaced unless asked to", func(t *testing.T) {
		_, code, stderr := command(t, "backup", "--db", from.db, at("plain"))
		if code != 1 || !strings.Contains(stderr, "--force") {
			t.Errorf("%d %s", code, stderr)
		}
		backup(t, at("plain"), "--force")
	})
	t.Run("a damaged one is refused before anything is changed", func(t *testing.T) {
		b, err := os.ReadFile(at("plain"))
		must(t, err)
		must(t, os.WriteFile(at("cut"), b[:len(b)-9], 0o600))
		restore(t, at("cut"), 1, "cut off")
		b[len(b)/2] ^= 0x10
		must(t, os.WriteFile(at("bad"), b, 0o600))
		restore(t, at("bad"), 1, "damaged")
		if _, code, stderr := command(t, "restore", "--check", at("bad")); code != 1 || !strings.Contains(stderr, "damaged") {
			t.Errorf("%d %s", code, stderr)
		}
		if _, code, stderr := command(t, "restore", "--check", at("plain")); code != 0 {
			t.Errorf("%d %s", code, stderr)
		}
	})
	t.Run("through a pipe", func(t *testing.T) {
		to := sqlite(at("piped.db"))
		out, err := exec.Command("sh", "-c", `"$0" backup --db "$1" - | "$0" restore --db "$2" -`, program, from.db, to.db).CombinedOutput()
		if err != nil {
			t.Errorf("%v %s", err, out)
		}
		if r := to.audit(t); r.Matters != 50 {
			t.Errorf("%+v", r)
		}
	})
}

// A restore is killed at any moment and goes on.
func TestARestoreKilledGoesOn(t *testing.T) {
	dir := t.TempDir()
	from := sqlite(filepath.Join(dir, "from.db"))
	from.furnish(t)
	from.grow(t, 1500)
	file := filepath.Join(dir, "backup")
	if _, code, stderr := command(t, "backup", "--db", from.db, file); code != 0 {
		t.Fatal(stderr)
	}
	to := sqlite(filepath.Join(dir, "to.db"))
	resumed := false
	for try := range 20 {
		cmd := exec.Command(program, "restore", "--db", to.db, file)
		must(t, cmd.Start())
		time.Sleep(time.Duration(40+20*try) * time.Millisecond)
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		if unfinished(to) {
			resumed = true
			break
		}
	}
	r, code, stderr := command(t, "restore", "--db", to.db, file)
	if code != 0 || !r.Finished || r.Resumed != resumed || !resumed || r.Entries != 1500 {
		t.Errorf("%d %s %+v, resumed %v", code, stderr, r, resumed)
	}
	to.audit(t)
}
