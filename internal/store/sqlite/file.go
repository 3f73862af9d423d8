package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"luoshi/internal/casework"
)

// PutFile implements casework.FileStore. Each part has its turn in the writer, so that nobody waits for a whole file.
// If the process dies in between, the file is not whole, which nobody finds, and is removed when it expires.
func (s *Store) PutFile(ctx context.Context, u casework.Upload, data []byte) error {
	if _, err := s.Upload(ctx, u.ID); !errors.Is(err, casework.ErrNotFound) {
		return err
	}
	err := s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		return w.exec(ctx, "file-insert", u.ID, u.Name, u.MediaType, u.Kind, u.Size, u.SHA256, u.Expires.UnixMilli())
	})
	for part := 0; err == nil && part*casework.FilePart < len(data); part++ {
		rest := data[part*casework.FilePart:]
		err = s.inWriter(ctx, func(ctx context.Context, w *batch) error {
			return w.exec(ctx, "file-part-put", u.ID, part, rest[:min(len(rest), casework.FilePart)])
		})
	}
	if err != nil {
		return err
	}
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error { return w.exec(ctx, "file-whole", u.ID) })
}

// Upload implements casework.FileStore.
func (s *Store) Upload(ctx context.Context, id string) (casework.Upload, error) {
	var u casework.Upload
	var expires int64
	err := s.reads["file-read"].QueryRowContext(ctx, id).Scan(&u.Name, &u.MediaType, &u.Kind, &u.Size, &u.SHA256, &expires)
	if u.ID = id; expires > 0 {
		u.Expires = time.UnixMilli(expires)
	}
	return u, mapError(err)
}

// FileData implements casework.FileStore.
func (s *Store) FileData(ctx context.Context, id string) ([]byte, error) {
	parts, err := listOf(ctx, s, "file-parts", func(rows *sql.Rows) (data []byte, err error) { return data, rows.Scan(&data) }, id)
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
	err = s.reads["upload-waiting"].QueryRowContext(ctx).Scan(&n)
	return n, mapError(err)
}

// DropUploads implements casework.FileStore. Where there are none the writer is left alone.
func (s *Store) DropUploads(ctx context.Context, now time.Time) (n int, err error) {
	if err := s.reads["upload-expired"].QueryRowContext(ctx, now.UnixMilli()).Scan(&n); err != nil || n == 0 {
		return 0, mapError(err)
	}
	return n, s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		w.erased = true
		if err := w.exec(ctx, "upload-part-drop", now.UnixMilli()); err != nil {
			return err
		}
		return w.exec(ctx, "upload-drop", now.UnixMilli())
	})
}

// free refuses a change whose fresh files are no uploads any more, before anything is written.
func (w *batch) free(ctx context.Context, p *part) error {
	for _, id := range p.change.Fresh {
		err := w.c.stmts["file-free"].QueryRowContext(ctx, id).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return casework.ErrFileUsed
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// files keeps those that an entry names for its matter, and removes those that were erased with their last entry.
func (w *batch) files(ctx context.Context, p *part) error {
	type step struct {
		name string
		ids  []string
		of   bool // the matter
	}
	for _, st := range []step{{"file-keep", p.change.Fresh, false}, {"file-use-put", p.change.Files, true},
		{"file-use-drop", p.change.Release, true}, {"file-part-drop", p.change.Release, false}, {"file-drop", p.change.Release, false}} {
		for _, id := range st.ids {
			args := []any{id}
			if st.of {
				args = append(args, p.id)
			}
			if err := w.exec(ctx, st.name, args...); err != nil {
				return err
			}
		}
	}
	return nil
}
