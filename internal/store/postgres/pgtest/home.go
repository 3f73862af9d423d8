package pgtest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// home is the folder of a cluster. It is gone when the process is, whatever ended that.
type home struct {
	dir      string
	lock     *os.File       // held while the process lives
	watchdog *exec.Cmd      // sees the process end
	lifeline io.WriteCloser // its standard input
}

// prefix of the folders in the folder for temporary files.
const prefix = "luoshi-postgres-"

// newHome makes a folder that belongs to the user of PostgreSQL, and removes those nobody needs any more.
func newHome(p programs) (*home, error) {
	removeStale()
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return nil, err
	}
	h := &home{dir: dir}
	if err := h.guard(p); err != nil {
		h.end()
		return nil, err
	}
	return h, nil
}

func (h *home) guard(p programs) (err error) {
	if h.lock, err = lock(h.dir); err != nil {
		return err
	}
	if err := p.own(h.dir); err != nil {
		return err
	}
	return h.watch(p)
}

// watchdog ends every server in the folder and removes it, as soon as nobody can write to its standard input
// any more: the system closes that with the last process that had it, which is ours alone.
const watchdog = `cat >/dev/null
for file in "$1"/*/postmaster.pid; do
	read -r pid <"$file" && kill -QUIT "$pid" || continue
	for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" || break; sleep 0.1; done
	kill -KILL "$pid"
done
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`

func (h *home) watch(p programs) (err error) {
	h.watchdog = exec.Command("/bin/sh", "-c", watchdog, "sh", h.dir)
	h.watchdog.Dir = "/"
	h.watchdog.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: p.user}
	if h.lifeline, err = h.watchdog.StdinPipe(); err != nil {
		return err
	}
	if err := h.watchdog.Start(); err != nil {
		return fmt.Errorf("cannot watch over the PostgreSQL server for tests: %w", err)
	}
	return nil
}

// end has the watchdog do its work now, and waits for it.
func (h *home) end() {
	if h.lifeline != nil {
		h.lifeline.Close()
		h.watchdog.Wait()
		h.lifeline = nil
	}
	os.RemoveAll(h.dir) // what the watchdog could not, or there was none
	if h.lock != nil {
		h.lock.Close()
	}
}

// lockName is the file that tells whether a folder is in use.
const lockName = "in-use"

func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// removeStale removes what is left when a watchdog was killed too. A server that still runs there ends by
// itself when it finds its folder gone, within a minute.
func removeStale() {
	all, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range all {
		at, err := os.Stat(dir)
		if err != nil || time.Since(at.ModTime()) < time.Minute { // may be in the making
			continue
		}
		if f, err := lock(dir); err == nil {
			os.RemoveAll(dir)
			f.Close()
		}
	}
}
