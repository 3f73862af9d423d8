package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/store/transfer"
)

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
	f := filling{to: o.To, vkeys: o.VKeys, show: o.Progress, begun: begun, whole: src.End,
		there: func() error { return restored(ctx, src, s) }}
	if err := r.fill(ctx, src, dst, f); err != nil {
		if o.File == "-" && !r.There && errors.As(err, new(*transfer.Damage)) {
			err = fmt.Errorf("%w; what was begun in %s cannot be used: remove it", err, o.To.Shown())
		}
		return r, err
	}
	if err := r.compare(ctx, o); err != nil || !r.Audit.OK && !o.DespiteFaults {
		return r, err
	}
	if !r.There {
		if err := dst.Finish(ctx); err != nil {
			return r, err
		}
	}
	r.Finished = true
	return r, publishKeys(o.To, o.VKeys)
}

// restored refuses a target that holds the backup's log already, unless it holds everything else of it too.
func restored(ctx context.Context, backup transfer.Source, s transferable) error {
	have, err := s.Source(ctx, false)
	if err != nil {
		return err
	}
	defer have.Close()
	names, err := transfer.Differing(ctx, backup, have)
	if err != nil || len(names) == 0 {
		return err
	}
	return fmt.Errorf("%w. But what changes without an entry is another one there than in the backup (%s), and was not restored: name a new, empty database, or empty this one", transfer.ErrThere, strings.Join(names, ", "))
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
