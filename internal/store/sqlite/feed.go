package sqlite

import (
	"context"
	"database/sql"

	"luoshi/internal/casework"
)

// Feed implements casework.FeedStore.
func (s *Store) Feed(ctx context.Context, login string) (casework.Feed, error) {
	return feedOf(s.reads["feed-read"].QueryRowContext(ctx, login))
}

// FeedByHash implements casework.FeedStore.
func (s *Store) FeedByHash(ctx context.Context, hash string) (casework.Feed, error) {
	return feedOf(s.reads["feed-by-hash"].QueryRowContext(ctx, hash))
}

func feedOf(row *sql.Row) (f casework.Feed, err error) {
	err = row.Scan(&f.Login, &f.Hash, &f.Lang, &f.Made)
	return f, mapError(err)
}

// PutFeed implements casework.FeedStore.
func (s *Store) PutFeed(ctx context.Context, f casework.Feed) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		return w.exec(ctx, "feed-put", f.Login, f.Hash, f.Lang, f.Made)
	})
}

// DropFeed implements casework.FeedStore.
func (s *Store) DropFeed(ctx context.Context, login string) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error { return w.exec(ctx, "feed-drop", login) })
}
