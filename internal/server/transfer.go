package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/store/transfer"
)

// TransferProgress is how far a move, backup or restore is.
type TransferProgress = transfer.Progress

// TransferReport is what a move, backup or restore did.
type TransferReport struct {
	Origin     string                `json:"origin"`
	Entries    int64                 `json:"entries"`
	Checkpoint string                `json:"checkpoint"` // the newest, signed
	Tables     map[string]int64      `json:"tables"`     // rows
	Rows       int64                 `json:"rows"`
	Bytes      int64                 `json:"bytes"` // copied by this run
	Seconds    float64               `json:"seconds"`
	Resumed    bool                  `json:"resumed,omitzero"`  // an earlier run had begun
	There      bool                  `json:"there,omitzero"`    // everything was there already: nothing was copied
	Missing    int64                 `json:"missing,omitzero"`  // entries the older checkpoint covers and the copy has not
	MovedTo    string                `json:"moved_to,omitzero"` // what was backed up is kept elsewhere now
	Finished   bool                  `json:"finished"`          // the copy may be used
	KeyFile    string                `json:"key_file,omitzero"`
	Encrypted  bool                  `json:"encrypted,omitzero"`
	Audit      *casework.AuditReport `json:"audit,omitzero"`
}

func (r *TransferReport) take(c transfer.Result, begun time.Time) {
	r.Origin, r.Entries, r.Checkpoint = c.Head.Origin, c.Head.Size, string(c.Head.Checkpoint)
	r.Tables, r.Rows, r.Bytes = c.Tables, c.Rows, c.Bytes
	r.Resumed = c.Resumed
	r.Seconds = float64(time.Since(begun).Milliseconds()) / 1000
}

// transferable is a store whose content can be copied.
type transferable interface {
	database
	Source(ctx context.Context, hold bool) (transfer.Source, error)
	Target(ctx context.Context) (transfer.Target, error)
}

func openTransferable(ctx context.Context, c config.Config, readOnly bool) (transferable, error) {
	s, err := openStore(ctx, c, readOnly)
	if err != nil {
		return nil, err
	}
	t, ok := s.(transferable)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%s cannot be copied by this program", c.Shown()), s.Close())
	}
	return t, nil
}

// usable refuses a database that a move or restore has not finished filling, and for changes also one whose
// log is kept elsewhere by now. It says so before anything is made; a store that several write to asks again
// when it is sealed.
func usable(ctx context.Context, s database, forChanges bool) error {
	names := []string{transfer.Into}
	if forChanges {
		names = transfer.Closing()
	}
	settings := map[string]string{}
	for _, name := range names {
		value, err := s.Meta(ctx, name)
		switch {
		case err == nil:
			settings[name] = value
		case !errors.Is(err, casework.ErrNotFound):
			return err
		}
	}
	return transfer.Closed(settings)
}

// movedTo is the place where a database's log is kept now, "" if it was not moved away.
func movedTo(ctx context.Context, s casework.Store) (string, error) {
	to, err := s.Meta(ctx, transfer.Moved)
	return to, ignoreNotFound(err)
}

func ignoreNotFound(err error) error {
	if errors.Is(err, casework.ErrNotFound) {
		return nil
	}
	return err
}

// place is a database's name in a mark: what does not depend on the current folder, and no password.
func place(c config.Config) string {
	path, ok := c.File()
	if !ok {
		return c.Shown()
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return "sqlite:" + path
}

// there refuses a SQLite file that is not there, which opening would make.
func there(c config.Config) error {
	if path, ok := c.File(); ok {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("there is no database %s that can be read", path)
		}
	}
	return nil
}

// filling says how a target is filled.
type filling struct {
	to    config.Config
	vkeys []string
	show  func(TransferProgress)
	begun time.Time
	whole func() error // whether the source was read to a good end; nil: it needs no asking
	there func() error // whether a target that holds this very log holds everything, so that nothing need be done
}

// fill copies and audits. The target stays marked.
func (r *TransferReport) fill(ctx context.Context, src transfer.Source, dst transfer.Target, f filling) error {
	result, err := transfer.Copy(ctx, src, dst, f.show)
	if errors.Is(err, transfer.ErrThere) {
		r.There = true
		err = f.there()
	}
	if err == nil && f.whole != nil {
		err = f.whole()
	}
	if err == nil {
		r.Audit, err = auditCopy(ctx, f.to, result.Head.Checkpoint, f.vkeys)
	}
	r.take(result, f.begun)
	return err
}

func openTarget(ctx context.Context, c config.Config) (transferable, transfer.Target, error) {
	s, err := openTransferable(ctx, c, false)
	if err != nil {
		return nil, nil, err
	}
	dst, err := s.Target(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, dst, nil
}

// auditCopy audits a database that was just filled. It must have the source's newest checkpoint.
func auditCopy(ctx context.Context, c config.Config, checkpoint []byte, vkeys []string) (*casework.AuditReport, error) {
	store, err := openStore(ctx, c, true)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	have, err := store.Checkpoint(ctx)
	if err := ignoreNotFound(err); err != nil {
		return nil, err
	}
	if string(have) != string(checkpoint) {
		return nil, errors.New("the newest checkpoint of the copy is not that of its source: remove the target and begin again")
	}
	s, err := casework.NewService(ctx, store, store.Origin(), store.Origin(), nil, time.Now)
	if err != nil {
		return nil, err
	}
	return s.Audit(ctx, nil, vkeys...)
}

// publishKeys puts the verifier keys beside a SQLite file, where audit looks for them, if none are there. On
// PostgreSQL they stand beside the signing key, and come with it.
func publishKeys(c config.Config, vkeys []string) error {
	_, isFile := c.File()
	if _, err := os.Stat(c.VKeyFile()); !isFile || err == nil || len(vkeys) == 0 {
		return nil
	}
	return publish(c.VKeyFile(), strings.Join(vkeys, "\n")+"\n")
}
