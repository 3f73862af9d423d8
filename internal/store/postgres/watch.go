package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"luoshi/internal/casework"

	"github.com/jackc/pgx/v5"
)

const (
	// silence is how long nothing may come before it is asked whether the connection is still there, and how
	// long the answer may take.
	silence = 15 * time.Second
	// pollEvery is how often a database without notifications is asked whether its log has grown.
	pollEvery = time.Second
	// pollStaff is after how many such questions units, accounts and procedures are looked at again: they are
	// not in the log.
	pollStaff = 30
)

// Watch implements casework.Watcher, over a connection of its own: with LISTEN, or by asking again and again
// where the database has no notifications. It ends with an error when the connection breaks off; a new Watch
// begins with All.
func (s *Store) Watch(ctx context.Context, f func(casework.News)) error {
	if !s.notify {
		return s.poll(ctx, f)
	}
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return mapError(err)
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		conn.Close(end)
	}()
	// LISTEN takes no parameters, so it is not among the queries.
	if _, err := conn.Exec(ctx, fmt.Sprintf("LISTEN luoshi_%d", s.log)); refused(err) {
		return s.poll(ctx, f)
	} else if err != nil {
		return mapError(err)
	}
	return s.listen(ctx, conn, silence, f)
}

// listen hears on one goroutine and tells on the other, so that notifications do not pile up in the server
// while f is busy.
func (s *Store) listen(ctx context.Context, conn *pgx.Conn, silence time.Duration, f func(casework.News)) error {
	inbox := casework.NewInbox()
	heard := make(chan error, 1)
	told, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer stop()
		heard <- s.hear(told, conn, silence, inbox)
	}()
	_ = inbox.Deliver(told, f) // it ends because hear did, or with ctx
	err := <-heard
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return mapError(err)
}

// hear puts every notification into the inbox, until the connection breaks off. After a silence it makes sure
// that there was nothing to hear: a connection can be gone without a word, and a pooler in between can hand it
// to somebody else.
func (s *Store) hear(ctx context.Context, conn *pgx.Conn, silence time.Duration, inbox *casework.Inbox) error {
	size, err := s.sizeOver(ctx, conn)
	if err != nil {
		return err
	}
	missed := true
	for {
		wait, cancel := context.WithTimeout(ctx, silence)
		n, err := conn.WaitForNotification(wait)
		cancel()
		switch {
		case err == nil:
			inbox.Put(casework.DecodeNews(n.Payload))
			missed = false
			continue
		case ctx.Err() != nil:
			return ctx.Err()
		case conn.IsClosed() || !errors.Is(err, context.DeadlineExceeded):
			return err
		}
		now, err := s.sizeOver(ctx, conn)
		if err != nil {
			return err
		}
		if now != size && missed {
			inbox.Put(casework.News{All: true})
		}
		size, missed = now, true
	}
}

// sizeOver asks for the size of the log over the connection, and not for ever.
func (s *Store) sizeOver(ctx context.Context, q querier) (size int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	err = q.QueryRow(ctx, s.queries["log-size"], s.log).Scan(&size)
	if errors.Is(err, pgx.ErrNoRows) { // before the first Seal
		return 0, nil
	}
	return size, err
}

// poll asks for the size of the log again and again.
func (s *Store) poll(ctx context.Context, f func(casework.News)) error {
	size, err := s.sizeOver(ctx, s.pool)
	if err != nil {
		return mapError(err)
	}
	f(casework.News{All: true})
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		now, err := s.sizeOver(ctx, s.pool)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return mapError(err)
		case now != size:
			f(casework.News{All: true})
		case n%pollStaff == 0:
			f(casework.News{Staff: true, Procedures: true})
		}
		size = now
	}
}

// findNotify finds out whether the database passes notifications on. Some that speak PostgreSQL's language do
// not, and a server that only follows another one does not either.
func (s *Store) findNotify(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, s.queries["news-try"])
	s.notify = err == nil
	if refused(err) {
		return nil
	}
	return err
}

// refused reports whether the database does not know notifications: not supported, no such statement, no such
// function, nothing but reading.
func refused(err error) bool {
	switch stateOf(err) {
	case "0A000", "42601", "42883", readOnlyServer:
		return true
	}
	return false
}

// queueNews adds the notification of n to the statements.
func (s *Store) queueNews(b *pgx.Batch, n casework.News) {
	if !s.notify || n.Empty() {
		return
	}
	b.Queue(s.queries["news-send"], s.log, n.Encode())
}
