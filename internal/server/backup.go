package server

import (
	"context"
	"errors"
	"io"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/store/transfer"
)

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
	if r.MovedTo, err = movedTo(ctx, s); err != nil {
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
