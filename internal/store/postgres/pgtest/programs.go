package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// programs is where PostgreSQL is installed, and as whom it runs.
type programs struct {
	dir  string
	user *syscall.Credential // nil: as this process
}

// oldest is the first version of PostgreSQL that Luoshi runs on.
const oldest = 15

var errMissing = errors.New("tests need PostgreSQL 15 or newer: on Debian run scripts/need.sh postgres (apt-get install postgresql), " +
	"elsewhere put initdb and postgres into PATH, or name a running server in " + Env)

// findPrograms looks in PATH, then for the newest version where Debian installs them: not in PATH.
func findPrograms() (programs, error) {
	var p programs
	if at, err := exec.LookPath("initdb"); err == nil {
		if at, err = filepath.EvalSymlinks(at); err == nil { // beside it are the others
			p.dir = filepath.Dir(at)
		}
	}
	if p.dir == "" {
		best := oldest - 1
		all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well formed
		for _, at := range all {
			dir := filepath.Dir(at)
			if v, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil && v > best {
				best, p.dir = v, dir
			}
		}
	}
	if p.dir == "" {
		return p, errMissing
	}
	if _, err := os.Stat(filepath.Join(p.dir, "postgres")); err != nil {
		return p, fmt.Errorf("%w (%s has initdb, but not postgres)", errMissing, p.dir)
	}
	if os.Geteuid() != 0 {
		return p, nil
	}
	var err error
	p.user, err = ordinaryUser()
	return p, err
}

// ordinaryUser is whom PostgreSQL runs as when the tests run as root, for which it refuses to start.
func ordinaryUser() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres: make one (useradd --system postgres), or run the tests as another user")
}

// own hands a file or folder to the user PostgreSQL runs as.
func (p programs) own(path string) error {
	if p.user == nil {
		return nil
	}
	return os.Chown(path, int(p.user.Uid), int(p.user.Gid))
}
