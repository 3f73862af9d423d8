package postgres

import (
	"context"
	"fmt"
	"time"

	"luoshi/internal/casework"

	"github.com/jackc/pgx/v5"
)

// PutFile implements casework.FileStore. It does not wait for the head of the log, which a large file would hold up, for
// it writes no entry: one that comes to a log that was moved away is no part of what was moved, and no entry names it.
func (s *Store) PutFile(ctx context.Context, u casework.Upload, data []byte) error {
	if s.write == nil {
		return errReadOnly
	}
	return mapWrite(s.twice(ctx, s.write, func() error {
		return pgx.BeginFunc(ctx, s.write, func(tx pgx.Tx) error {
			if err := s.refuseClosed(ctx, tx); err != nil {
				return fmt.Errorf("%w: %w", casework.ErrClosed, err)
			}
			tag, err := tx.Exec(ctx, s.queries["file-insert"], s.log, u.ID, u.Name, u.MediaType, u.Kind, u.Size, u.SHA256, u.Expires.UnixMilli())
			if err != nil || tag.RowsAffected() == 0 {
				return err
			}
			for part := 0; part*casework.FilePart < len(data); part++ {
				rest := data[part*casework.FilePart:]
				if _, err := tx.Exec(ctx, s.queries["file-part-put"], s.log, u.ID, part, rest[:min(len(rest), casework.FilePart)]); err != nil {
					return err
				}
			}
			_, err = tx.Exec(ctx, s.queries["file-whole"], s.log, u.ID)
			return err
		})
	}))
}

// Upload implements casework.FileStore.
func (s *Store) Upload(ctx context.Context, id string) (casework.Upload, error) {
	var u casework.Upload
	var expires int64
	err := s.row(ctx, "file-read", id).Scan(&u.Name, &u.MediaType, &u.Kind, &u.Size, &u.SHA256, &expires)
	if u.ID = id; expires > 0 {
		u.Expires = time.UnixMilli(expires)
	}
	return u, mapError(err)
}

// FileData implements casework.FileStore.
func (s *Store) FileData(ctx context.Context, id string) ([]byte, error) {
	parts, err := listOf(ctx, s, "file-parts", pgx.RowTo[[]byte], id)
	if err == nil && len(parts) == 0 {
		err = casework.ErrNotFound
	}
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all, err
}

// Waiting implements casework.FileStore.
func (s *Store) Waiting(ctx context.Context) (n int64, err error) {
	err = s.row(ctx, "upload-waiting").Scan(&n)
	return n, mapError(err)
}

// DropUploads implements casework.FileStore. It has the head of the log, so that no entry comes to name one meanwhile.
func (s *Store) DropUploads(ctx context.Context, now time.Time) (n int, err error) {
	if err := s.row(ctx, "upload-expired", now.UnixMilli()).Scan(&n); err != nil || n == 0 {
		return 0, mapError(err)
	}
	err = s.put(casework.News{}, statement{"upload-part-drop", []any{now.UnixMilli()}}, statement{"upload-drop", []any{now.UnixMilli()}})
	if err == nil {
		s.committer.vacuum.ask()
	}
	return n, err
}

// files keeps those that entries name for their matters, and removes those that were erased with their last entry.
func (w *batch) files() {
	var fresh, named, released []string
	var of, releasedBy []int64
	for _, r := range w.changes {
		fresh = append(fresh, r.change.Fresh...)
		for _, id := range r.change.Files {
			named, of = append(named, id), append(of, r.id)
		}
		for _, id := range r.change.Release {
			released, releasedBy = append(released, id), append(releasedBy, r.id)
		}
	}
	if len(fresh) > 0 {
		w.add("file-keep", fresh)
	}
	if len(named) > 0 {
		w.add("file-use-put", named, of)
	}
	if len(released) > 0 {
		w.add("file-use-drop", released, releasedBy)
		w.add("file-part-drop", released)
		w.add("file-drop", released)
	}
}
