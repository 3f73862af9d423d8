package postgres

import (
	"context"

	"luoshi/internal/casework"
)

// Feed implements casework.FeedStore.
func (s *Store) Feed(ctx context.Context, login string) (casework.Feed, error) {
	return s.feed(ctx, "feed-read", login)
}

// FeedByHash implements casework.FeedStore.
func (s *Store) FeedByHash(ctx context.Context, hash string) (casework.Feed, error) {
	return s.feed(ctx, "feed-by-hash", hash)
}

func (s *Store) feed(ctx context.Context, query, key string) (f casework.Feed, err error) {
	err = s.row(ctx, query, key).Scan(&f.Login, &f.Hash, &f.Lang, &f.Made)
	return f, mapError(err)
}

// PutFeed implements casework.FeedStore.
func (s *Store) PutFeed(_ context.Context, f casework.Feed) error {
	return s.put(casework.News{}, statement{"feed-put", []any{f.Login, f.Hash, f.Lang, f.Made}})
}

// DropFeed implements casework.FeedStore.
func (s *Store) DropFeed(_ context.Context, login string) error {
	return s.put(casework.News{}, statement{"feed-drop", []any{login}})
}
