package server

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/transfer"
)

// kept is a database with a unit, an account and two matters, with its key beside it and nobody using it.
type kept struct {
	config.Config
	key *ledger.Key
}

func newKept(t *testing.T) kept {
	t.Helper()
	k := kept{Config: configOf("sqlite:"+filepath.Join(t.TempDir(), "from.db"), "")}
	k.use(t, func(core *Core) {
		furnish(t, core)
		k.key = core.Key
		for i := range 2 {
			l := exampleLodging(t, core.Service, "people-mediation", "t")
			if _, err := core.Service.Lodge(t.Context(), office.Actor{Resident: true}, l, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
	})
	k.account(t, false)
	return k
}

func configOf(db, key string) config.Config {
	c := config.Default()
	c.DB, c.Key = db, key
	return c
}

// use opens the database for writing, as a server does.
func (k kept) use(t *testing.T, f func(*Core)) {
	t.Helper()
	core, err := OpenCore(t.Context(), k.Config, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	f(core)
}

// account puts an account, of which the log knows nothing.
func (k kept) account(t *testing.T, disabled bool) {
	t.Helper()
	k.use(t, func(core *Core) {
		a := office.Account{Login: "wang", Name: "Wang", Disabled: disabled}
		if err := core.Service.Store.PutAccount(t.Context(), a, "", ""); err != nil {
			t.Fatal(err)
		}
	})
}

func (k kept) moveTo(t *testing.T, to config.Config, open bool) (TransferReport, error) {
	t.Helper()
	return Move(t.Context(), MoveOptions{From: k.Config, To: to, VKeys: []string{k.key.VerifierKey()}, KeepSourceOpen: open})
}

func targets(t *testing.T) map[string]config.Config {
	return map[string]config.Config{
		"a SQLite file": configOf("sqlite:"+filepath.Join(t.TempDir(), "to.db"), ""),
		"PostgreSQL":    configOf(pgtest.URL(t), filepath.Join(t.TempDir(), "log.key")),
	}
}

// A trial copy has the same newest checkpoint as its source, and other accounts by the time of the real move.
func TestACopyMadeForATrialIsNotMovedTo(t *testing.T) {
	for name, to := range targets(t) {
		t.Run(name, func(t *testing.T) {
			from := newKept(t)
			if r, err := from.moveTo(t, to, true); err != nil || !r.Finished || r.There {
				t.Fatalf("the trial copy: %+v, %v", r, err)
			}
			from.account(t, true)
			for _, open := range []bool{false, true} {
				r, err := from.moveTo(t, to, open)
				if !errors.Is(err, transfer.ErrThere) || !strings.Contains(err.Error(), "Name a new, empty database") || r.Finished {
					t.Errorf("moving to it: %+v, %v", r, err)
				}
			}
			from.account(t, true) // it was not closed
			other := configOf("sqlite:"+filepath.Join(t.TempDir(), "other.db"), "")
			if r, err := from.moveTo(t, other, false); err != nil || !r.Finished || r.There {
				t.Fatalf("moving to an empty one: %+v, %v", r, err)
			}
			if r, err := from.moveTo(t, other, false); err != nil || !r.Finished || !r.There {
				t.Errorf("the same move again: %+v, %v", r, err)
			}
			if err := Reopen(t.Context(), from.Config); err != nil {
				t.Fatal(err)
			}
			if r, err := from.moveTo(t, other, false); !errors.Is(err, transfer.ErrThere) {
				t.Errorf("the same move once the source was open again: %+v, %v", r, err)
			}
		})
	}
}

func TestARestoreThatIsThereAlreadyIsComparedWithTheBackup(t *testing.T) {
	from := newKept(t)
	file := filepath.Join(t.TempDir(), "backup")
	backup := func() {
		t.Helper()
		if _, err := Backup(t.Context(), BackupOptions{From: from.Config, File: file, Force: true, VKeys: []string{from.key.VerifierKey()}}); err != nil {
			t.Fatal(err)
		}
	}
	backup()
	all := targets(t)
	restore := func(to config.Config) (TransferReport, error) {
		return Restore(t.Context(), RestoreOptions{File: file, To: to})
	}
	for name, to := range all {
		if r, err := restore(to); err != nil || !r.Finished || r.There {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		if r, err := restore(to); err != nil || !r.Finished || !r.There {
			t.Errorf("%s, the same again: %+v, %v", name, r, err)
		}
	}
	from.account(t, true)
	backup()
	for name, to := range all {
		r, err := restore(to)
		if !errors.Is(err, transfer.ErrThere) || !strings.Contains(err.Error(), "in the backup (account)") || r.Finished {
			t.Errorf("%s, a backup with another account: %+v, %v", name, r, err)
		}
	}
}

// A server that found the database free before somebody began to fill it must not begin afterwards.
func TestAServerDoesNotBeginInADatabaseThatIsFilled(t *testing.T) {
	c := configOf(pgtest.URL(t), filepath.Join(t.TempDir(), "log.key"))
	node, err := openStore(t.Context(), c, false)
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	if err := usable(t.Context(), node, true); err != nil {
		t.Fatal(err)
	}
	to, dst, err := openTarget(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if err := dst.Begin(t.Context(), nil, transfer.Mark{Origin: "o.invalid/log", Run: "a"}); err != nil {
		t.Fatal(err)
	}
	key, err := ledger.NewKey("n.invalid/log")
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Seal(context.Background(), key); !errors.Is(err, transfer.ErrUnfinished) {
		t.Errorf("sealing answers %v", err)
	}
	if _, err := OpenCore(t.Context(), c, time.Now); !errors.Is(err, transfer.ErrUnfinished) {
		t.Errorf("a new server answers %v", err)
	}
}
