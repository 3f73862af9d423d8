package casework

import (
	"context"
	"errors"

	"luoshi/internal/office"
)

// Feed is the address under which a member of staff reads their meetings in a calendar of their own. Of the secret in it
// only the hash is kept, as of a token: whoever has the address reads with it, so a new one stops the one before.
type Feed struct {
	Login string
	Hash  string
	Lang  string // in which it speaks: a calendar asks in no language
	Made  string // as an act writes a time
}

// feedMark keeps the secret of a feed from being taken for that of a session or of a token: none is found by another's.
const feedMark = "calendar feed\x00"

// NewFeed makes the account a feed and answers with its secret, which is shown once. The one before stops.
func (s *Service) NewFeed(ctx context.Context, a office.Actor, lang string) (secret string, err error) {
	if a.Account == nil {
		return "", errSession()
	}
	secret = office.NewToken()
	return secret, storeError(s.Store.PutFeed(ctx, Feed{Login: a.Account.Login, Hash: office.TokenHash(feedMark + secret), Lang: lang, Made: FormatTime(s.Now())}))
}

// FeedOf is the account's feed, nil when it has none.
func (s *Service) FeedOf(ctx context.Context, a office.Actor) (*Feed, error) {
	if a.Account == nil {
		return nil, errSession()
	}
	f, err := s.Store.Feed(ctx, a.Account.Login)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return &f, storeError(err)
}

// StopFeed ends it; that there is none is no fault.
func (s *Service) StopFeed(ctx context.Context, a office.Actor) error {
	if a.Account == nil {
		return errSession()
	}
	return storeError(s.Store.DropFeed(ctx, a.Account.Login))
}

// ActorByFeed is the account that a feed's secret belongs to, and the language of the feed. NotFound says that it is none,
// or one of an account that is disabled.
func (s *Service) ActorByFeed(ctx context.Context, secret string) (a office.Actor, lang string, err error) {
	f, err := s.Store.FeedByHash(ctx, office.TokenHash(feedMark+secret))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return office.Actor{}, "", storeError(err)
	}
	if err == nil {
		a, err = s.staffActor(f.Login)
	}
	if err != nil {
		return office.Actor{}, "", fail(NotFound, "no-such-feed", "这个日历地址已停用。请在工作台的“我的日历”里重新生成。",
			"This calendar address is no longer in use. Make a new one at the desk, under “My calendar”.")
	}
	return a, f.Lang, nil
}
