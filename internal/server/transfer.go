package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
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
	Resumed    bool                  `json:"resumed,omitzero"` // an earlier run had begun
	There      bool                  `json:"there,omitzero"`   // everything was there already
	Missing    int64                 `json:"missing,omitzero"` // entries the older checkpoint covers and the copy has not
	Finished   bool                  `json:"finished"`         // the copy may be used
	KeyFile    string                `json:"key_file,omitzero"`
	Encrypted  bool                  `json:"encrypted,omitzero"`
	Audit      *casework.AuditReport `json:"audit,omitzero"`
}

func (r *TransferReport) take(c transfer.Result, begun time.Time) {
	r.Origin, r.Entries, r.Checkpoint = c.Head.Origin, c.Head.Size, string(c.Head.Checkpoint)
	r.Tables, r.Rows, r.Bytes = c.Tables, c.Rows, c.Bytes
	r.Resumed, r.There = c.Resumed, c.There
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
// log is kept elsewhere by now: two places that go on with one log would give it two histories.
func usable(ctx context.Context, s database, forChanges bool) error {
	_, err := s.Meta(ctx, transfer.Into)
	if err == nil {
		return errors.New("a move or restore into this database has not finished: run the same luoshi move or luoshi restore again")
	}
	if !errors.Is(err, casework.ErrNotFound) || !forChanges {
		return ignoreNotFound(err)
	}
	to, err := s.Meta(ctx, transfer.Moved)
	if err == nil {
		return fmt.Errorf("this log was moved to %s and must not be written in two places: use it there. If nothing was ever recorded there, luoshi move --reopen gives this database free again", to)
	}
	return ignoreNotFound(err)
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

// MoveOptions says what is moved where.
type MoveOptions struct {
	From, To       config.Config
	VKeys          []string // that are trusted in the audit
	KeepSourceOpen bool     // the source may go on being written
	DespiteFaults  bool     // finish although the audit finds faults
	Progress       func(TransferProgress)
}

// Move copies everything into an empty database, audits it there, and closes the source to changes. Nobody may
// write to the source meanwhile. Run again after a crash, at any moment, it goes on.
func Move(ctx context.Context, o MoveOptions) (TransferReport, error) {
	begun := time.Now()
	r := TransferReport{KeyFile: o.To.KeyFile()}
	if place(o.From) == place(o.To) {
		return r, errors.New("source and target are the same database")
	}
	from, src, err := holdSource(ctx, o.From)
	if err != nil {
		return r, fmt.Errorf("the source: %w", err)
	}
	defer from.Close()
	defer src.Close()
	if err := departedTo(ctx, from, place(o.To)); err != nil {
		return r, fmt.Errorf("the source: %w", err)
	}
	to, dst, err := openTarget(ctx, o.To)
	if err != nil {
		return r, fmt.Errorf("the target: %w", err)
	}
	defer to.Close()
	defer dst.Close()
	f := filling{to: o.To, vkeys: o.VKeys, show: o.Progress, begun: begun}
	if err := r.fill(ctx, src, dst, f); err != nil || !r.Audit.OK && !o.DespiteFaults {
		return r, err
	}
	if !o.KeepSourceOpen { // before the target may be used: never are both open to changes
		if err := src.Depart(ctx, place(o.To)); err != nil {
			return r, fmt.Errorf("the source: %w", err)
		}
	}
	if err := dst.Finish(ctx); err != nil {
		return r, fmt.Errorf("the target: %w", err)
	}
	r.Finished = true
	return r, publishKeys(o.To, o.VKeys)
}

// filling says how a target is filled.
type filling struct {
	to    config.Config
	vkeys []string
	show  func(TransferProgress)
	begun time.Time
	whole func() error // whether the source was read to a good end; nil: it needs no asking
}

// fill copies and audits. The target stays marked.
func (r *TransferReport) fill(ctx context.Context, src transfer.Source, dst transfer.Target, f filling) error {
	result, err := transfer.Copy(ctx, src, dst, f.show)
	if err == nil && f.whole != nil && !result.There {
		err = f.whole()
	}
	if err == nil {
		r.Audit, err = auditCopy(ctx, f.to, result.Head.Checkpoint, f.vkeys)
	}
	r.take(result, f.begun)
	return err
}

// Reopen lets a database be written again whose log was moved away.
func Reopen(ctx context.Context, c config.Config) error {
	s, src, err := holdSource(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	defer src.Close()
	if _, err := s.Meta(ctx, transfer.Moved); err != nil {
		if errors.Is(err, casework.ErrNotFound) {
			return errors.New("this log was not moved away: there is nothing to reopen")
		}
		return err
	}
	return src.Depart(ctx, "")
}

// holdSource opens a database that nobody else may write to until it is closed.
func holdSource(ctx context.Context, c config.Config) (transferable, transfer.Source, error) {
	if err := there(c); err != nil {
		return nil, nil, err
	}
	s, err := openTransferable(ctx, c, false)
	if err != nil {
		return nil, nil, err
	}
	if err := usable(ctx, s, false); err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	src, err := s.Source(ctx, true)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, src, nil
}

// departedTo refuses a source whose log is kept elsewhere than at the place it is now moved to. A move that
// was cut off near its end finds the mark of its own.
func departedTo(ctx context.Context, s database, to string) error {
	have, err := s.Meta(ctx, transfer.Moved)
	if err == nil && have != to {
		return fmt.Errorf("this log was moved to %s already: move it from there. If nothing was ever recorded there, luoshi move --reopen gives this database free again", have)
	}
	return ignoreNotFound(err)
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

// BackupOptions says what is backed up where.
type BackupOptions struct {
	From           config.Config
	File           string    // where to; "-" is Out
	Out            io.Writer // standard output
	Force          bool      // an existing file may be replaced
	VKeys          []string  // verifier keys that go into the header
	Recipients     []string  // age recipients
	RecipientsFile string
	PassphraseFile string
	Program        string // version, for the header
	Progress       func(TransferProgress)
}

// Backup writes everything a database holds, as of one moment, into one file. A running server is not disturbed.
func Backup(ctx context.Context, o BackupOptions) (r TransferReport, err error) {
	begun := time.Now()
	to, err := transfer.Recipients(o.Recipients, o.RecipientsFile, o.PassphraseFile)
	if err != nil {
		return r, err
	}
	r.Encrypted = len(to) > 0
	if err := there(o.From); err != nil {
		return r, err
	}
	s, err := openTransferable(ctx, o.From, true)
	if err != nil {
		return r, err
	}
	defer s.Close()
	if err := usable(ctx, s, false); err != nil {
		return r, err
	}
	src, err := s.Source(ctx, false)
	if err != nil {
		return r, err
	}
	defer src.Close()
	b := transfer.Backup{Program: o.Program, VKeys: o.VKeys, Recipients: to, Now: begun, Show: o.Progress}
	result, err := backup(ctx, src, b, o)
	r.take(result, begun)
	r.Finished = err == nil
	return r, err
}

func backup(ctx context.Context, src transfer.Source, b transfer.Backup, o BackupOptions) (transfer.Result, error) {
	if o.File == "-" {
		return transfer.Write(ctx, o.Out, src, b)
	}
	f, err := transfer.Create(o.File, o.Force)
	if err != nil {
		return transfer.Result{}, err
	}
	result, err := transfer.Write(ctx, f, src, b)
	if err != nil {
		return result, errors.Join(err, f.Drop())
	}
	return result, f.Keep()
}

// RestoreOptions says what is restored where.
type RestoreOptions struct {
	File           string    // the backup; "-" is In
	In             io.Reader // standard input
	To             config.Config
	VKeys          []string // that are trusted in the audit; none: those that the backup names
	Since          []byte   // an older signed checkpoint that the log must continue, or nil
	IdentityFile   string
	PassphraseFile string
	CheckOnly      bool // read the backup to its end, touch no database
	DespiteFaults  bool // finish although the audit finds faults
	Progress       func(TransferProgress)
}

// Restore fills an empty database from a backup and audits it. A backup that is damaged is refused before
// anything is changed, unless it comes from standard input. Run again after a crash it goes on.
func Restore(ctx context.Context, o RestoreOptions) (r TransferReport, err error) {
	begun := time.Now()
	if o.CheckOnly || o.File != "-" {
		if r, err = check(ctx, o); err != nil || o.CheckOnly {
			return r, err
		}
	}
	r.KeyFile = o.To.KeyFile()
	in, src, err := openBackup(o)
	if err != nil {
		return r, err
	}
	defer in.Close()
	if len(o.VKeys) == 0 {
		o.VKeys = src.Header.VKeys
	}
	if len(o.VKeys) == 0 && src.Header.Size > 0 {
		return r, errors.New("the backup names no verifier key, without which it cannot be audited: give --key")
	}
	s, dst, err := openTarget(ctx, o.To)
	if err != nil {
		return r, err
	}
	defer s.Close()
	defer dst.Close()
	f := filling{to: o.To, vkeys: o.VKeys, show: o.Progress, begun: begun, whole: src.End}
	if err := r.fill(ctx, src, dst, f); err != nil {
		if o.File == "-" && errors.As(err, new(*transfer.Damage)) {
			err = fmt.Errorf("%w; what was begun in %s cannot be used: remove it", err, o.To.Shown())
		}
		return r, err
	}
	if err := r.compare(ctx, o); err != nil || !r.Audit.OK && !o.DespiteFaults {
		return r, err
	}
	if err := dst.Finish(ctx); err != nil {
		return r, err
	}
	r.Finished = true
	return r, publishKeys(o.To, o.VKeys)
}

// check reads the whole backup.
func check(ctx context.Context, o RestoreOptions) (r TransferReport, err error) {
	begun := time.Now()
	in, src, err := openBackup(o)
	if err != nil {
		return r, err
	}
	defer in.Close()
	head, err := src.Head(ctx)
	if err == nil {
		err = src.Verify(ctx)
	}
	result := transfer.Result{Head: head, Tables: head.Rows}
	for _, n := range head.Rows {
		result.Rows += n
	}
	r.take(result, begun)
	return r, err
}

func openBackup(o RestoreOptions) (io.Closer, *transfer.Reader, error) {
	ids, err := transfer.Identities(o.IdentityFile, o.PassphraseFile)
	if err != nil {
		return nil, nil, err
	}
	in := io.NopCloser(o.In)
	if o.File != "-" {
		if in, err = os.Open(o.File); err != nil {
			return nil, nil, err
		}
	}
	r, err := transfer.Open(in, ids...)
	if err != nil {
		return nil, nil, errors.Join(err, in.Close())
	}
	return in, r, nil
}

// compare looks whether the restored log continues an older checkpoint, and how many entries are missing if
// it does not reach it.
func (r *TransferReport) compare(ctx context.Context, o RestoreOptions) error {
	if o.Since == nil {
		return nil
	}
	store, err := openStore(ctx, o.To, true)
	if err != nil {
		return err
	}
	defer store.Close()
	if old, err := ledger.OpenCheckpoint(o.Since, o.VKeys...); err == nil && old.Origin == r.Origin {
		r.Missing = max(0, old.Size-r.Entries)
	}
	if _, err := ledger.CheckConsistency(ctx, o.Since, r.Entries, store, o.VKeys...); err != nil {
		r.Audit.OK = false
		r.Audit.Faults = append(r.Audit.Faults, casework.Fault{Kind: "log", Text: "not a continuation of the older checkpoint: " + err.Error()})
	}
	return nil
}
