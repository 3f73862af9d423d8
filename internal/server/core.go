// Package server builds the parts and runs them. It is the only place that names a concrete store.
package server

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/procedure"
	"luoshi/internal/store/postgres"
	"luoshi/internal/store/sqlite"
	"luoshi/procedures"
)

// Core is an open store with its service and key: what every command that writes needs.
type Core struct {
	Service *casework.Service
	Key     *ledger.Key
	store   database
}

// database is what this package asks of a store beyond what casework does.
type database interface {
	casework.Store
	// Origin is the log's name, "" before the first Seal.
	Origin() string
	// Seal makes the store ready for changes, signed with key.
	Seal(ctx context.Context, key *ledger.Key) error
}

// OpenCore opens the database for writing, making key and log, and on SQLite the database, when they are new.
func OpenCore(ctx context.Context, c config.Config, now func() time.Time) (*Core, error) {
	store, err := openStore(ctx, c, false)
	if err != nil {
		return nil, err
	}
	core := &Core{store: store}
	if err := core.open(ctx, c, now); err != nil {
		store.Close()
		return nil, err
	}
	return core, nil
}

// openStore is the one place where a database's address chooses its store.
func openStore(ctx context.Context, c config.Config, readOnly bool) (database, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if path, ok := c.File(); ok {
		return opened(sqlite.Open(ctx, sqlite.Options{Path: path, ReadOnly: readOnly, Readers: 8}))
	}
	return opened(postgres.Open(ctx, postgres.Options{URL: c.DB, ReadOnly: readOnly, Readers: 8}))
}

// opened keeps a store that is not there from looking like one.
func opened[S database](store S, err error) (database, error) {
	if err != nil {
		return nil, err
	}
	return store, nil
}

func (k *Core) open(ctx context.Context, c config.Config, now func() time.Time) error {
	if err := usable(ctx, k.store, true); err != nil {
		return err
	}
	keyFile := c.KeyFile()
	origin, err := k.origin(c, keyFile)
	if err != nil {
		return err
	}
	if k.store.Origin() != "" {
		if _, err := os.Stat(keyFile); errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("the database has a log, but its signing key %s is missing: restore the key file or name it with --key", keyFile)
		}
	}
	if k.Key, err = ledger.LoadOrCreateKey(keyFile, origin); err != nil {
		return err
	}
	if err := k.store.Seal(ctx, k.Key); err != nil {
		return err
	}
	if err := publish(c.VKeyFile(), k.Key.VerifierKey()+"\n"); err != nil {
		return err
	}
	secret, err := k.secret(keyFile)
	if err != nil {
		return err
	}
	if k.Service, err = casework.NewService(ctx, k.store, origin, k.Key.Name(), secret, now); err != nil {
		return err
	}
	k.Service.MaxFile = c.MaxFile
	if k.Service.Kinds, err = kinds(c.Kinds); err != nil {
		return err
	}
	return k.Service.KeepCalendars(ctx)
}

// kinds are the kinds of unit of a file, or those that come with the program for "".
func kinds(file string) (*procedure.Kinds, error) {
	if file == "" {
		return procedure.LoadKinds("kinds.yaml", procedures.Kinds)
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return procedure.LoadKinds(file, src)
}

// publish puts the verifier key, which is public, beside the database or its key for whoever audits there.
func publish(path, text string) error {
	if have, err := os.ReadFile(path); err == nil && string(have) == text {
		return nil
	}
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// origin is the log's name: the database's, or for a new log the configured one, or a random one. An empty
// database beside a key that exists is more often a wrong address than a new beginning, and a second history of
// the key's log must not begin by accident; whoever means it names the log.
func (k *Core) origin(c config.Config, keyFile string) (string, error) {
	switch have := k.store.Origin(); {
	case have == "" && c.Origin == "":
		if name := keyName(keyFile); name != "" {
			return "", fmt.Errorf("the key %s belongs to the log %s, but this database is empty: is its address right? To begin that log anew, say --origin %s", keyFile, name, name)
		}
		return "luoshi.invalid/" + strings.ToLower(rand.Text()[:12]), nil
	case have == "":
		return c.Origin, nil
	case c.Origin != "" && c.Origin != have:
		return "", fmt.Errorf("the log's origin is %q and cannot be changed to %q", have, c.Origin)
	default:
		return have, nil
	}
}

// keyName reads the name of an existing signing key, "" if there is none: the third part of a signed-note
// key. What is wrong with the file, if anything, is said where it is loaded.
func keyName(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	parts := strings.SplitN(strings.TrimSpace(string(b)), "+", 4)
	if len(parts) < 4 || parts[0] != "PRIVATE" || parts[1] != "KEY" {
		return ""
	}
	return parts[2]
}

// secret is what query codes are derived with. It comes from the signing key's file, which is outside the
// database, so that a stolen database gives no codes.
func (k *Core) secret(keyFile string) ([]byte, error) {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("luoshi query code"))
	return mac.Sum(nil), nil
}

// Close ends the store.
func (k *Core) Close() error { return k.store.Close() }

// MovedTo is the place where the log of s is kept now, "" if it was not moved away.
func MovedTo(ctx context.Context, s *casework.Service) (string, error) {
	return movedTo(ctx, s.Store)
}

// OpenReadOnly opens a database for audit. It needs no key and changes nothing.
func OpenReadOnly(ctx context.Context, c config.Config, now func() time.Time) (*casework.Service, error) {
	store, err := openStore(ctx, c, true)
	if err != nil {
		return nil, err
	}
	err = usable(ctx, store, false)
	var s *casework.Service
	if err == nil {
		s, err = casework.NewService(ctx, store, store.Origin(), store.Origin(), nil, now)
	}
	if err != nil {
		store.Close()
		return nil, err
	}
	return s, nil
}
