package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/store/transfer"
)

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
	departed, err := departedTo(ctx, from, place(o.To))
	if err != nil {
		return r, fmt.Errorf("the source: %w", err)
	}
	to, dst, err := openTarget(ctx, o.To)
	if err != nil {
		return r, fmt.Errorf("the target: %w", err)
	}
	defer to.Close()
	defer dst.Close()
	f := filling{to: o.To, vkeys: o.VKeys, show: o.Progress, begun: begun, there: func() error { return ended(departed) }}
	if err := r.fill(ctx, src, dst, f); err != nil || !r.Audit.OK && !o.DespiteFaults {
		return r, err
	}
	if r.There {
		r.Finished = true
		return r, publishKeys(o.To, o.VKeys)
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

// ended refuses a target that holds the log already, unless an earlier run of this very move put it there: that
// one closed the source, which therefore has not changed since. A copy that was made for another purpose may be
// behind in what changes without an entry, although its newest checkpoint is the source's.
func ended(departed bool) error {
	if departed {
		return nil
	}
	return fmt.Errorf("%w. It was copied before, and not by a move that closed the source: accounts, units, procedures, settings and the list of who has read what may have changed since, which no entry shows. Name a new, empty database, or empty this one", transfer.ErrThere)
}

// Reopen lets a database be written again whose log was moved away.
func Reopen(ctx context.Context, c config.Config) error {
	s, src, err := holdSource(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	defer src.Close()
	switch to, err := movedTo(ctx, s); {
	case err != nil:
		return err
	case to == "":
		return errors.New("this log was not moved away: there is nothing to reopen")
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
func departedTo(ctx context.Context, s database, to string) (bool, error) {
	have, err := movedTo(ctx, s)
	if err == nil && have != "" && have != to {
		return false, fmt.Errorf("this log was moved to %s already: move it from there. If nothing was ever recorded there, luoshi move --reopen gives this database free again", have)
	}
	return have != "", err
}
