package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"luoshi/internal/casework"

	"github.com/jackc/pgx/v5"
)

const (
	// silence is how long nothing may come before it is asked whether the connection is still there, and how
	// long the answer may take.
	silence = 15 * time.Second
	// quietStaff is after how many silences in a row units, accounts and procedures are looked at again. It may
	// be that the connection hears nothing: a pooler in between can hand it to somebody else.
	quietStaff = 4
	// overtaking is how long news of one batch may come after those of later ones, which other nodes send.
	overtaking = time.Second
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

// hear puts every notification into the inbox, until the connection breaks off, and notices what it has missed:
// batches by the sizes of the log that come with the news, and after a silence by asking. Units, accounts and
// procedures are not in the log, so that they are looked at again when it stays silent.
func (s *Store) hear(ctx context.Context, conn *pgx.Conn, silence time.Duration, inbox *casework.Inbox) error {
	size, err := s.sizeOver(ctx, conn)
	if err != nil {
		return err
	}
	log := sequence{size: size}
	for quiet := 0; ; {
		text, err := within(ctx, conn, log.patience(silence))
		switch {
		case err == nil:
			quiet = 0
			news, before, after := decode(text)
			inbox.Put(news)
			log.heard(before, after, time.Now())
		case ctx.Err() != nil:
			return ctx.Err()
		case conn.IsClosed() || !errors.Is(err, context.DeadlineExceeded):
			return err
		}
		switch {
		case log.overdue(time.Now()):
			inbox.Put(casework.News{All: true})
		case err != nil && log.ahead == nil:
			quiet++
			if size, err = s.sizeOver(ctx, conn); err != nil {
				return err
			}
			if size != log.size {
				inbox.Put(casework.News{All: true})
			} else if quiet%quietStaff == 0 {
				inbox.Put(casework.News{Staff: true, Procedures: true, Calendars: true})
			}
			log.size = size
		}
	}
}

// within waits for the next notification, not for ever.
func within(ctx context.Context, conn *pgx.Conn, d time.Duration) (payload string, err error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	n, err := conn.WaitForNotification(ctx)
	if err != nil {
		return "", err
	}
	return n.Payload, nil
}

// sequence follows the log from batch to batch.
type sequence struct {
	size  int64           // of the log, up to which all was heard
	ahead map[int64]int64 // batches beyond that, by the size before and after each; nil when there are none
	since time.Time       // when the one that is missing became so
}

// heard takes over what is known of a batch; a batch of nothing in the log has grown nothing.
func (q *sequence) heard(before, after int64, now time.Time) {
	if after <= q.size || after <= before {
		return
	}
	if before > q.size {
		if q.ahead == nil {
			q.ahead, q.since = map[int64]int64{}, now
		}
		q.ahead[before] = after
		return
	}
	q.size, q.since = after, now
	for next, ok := q.ahead[q.size]; ok; next, ok = q.ahead[q.size] {
		delete(q.ahead, q.size)
		q.size = next
	}
	if len(q.ahead) == 0 {
		q.ahead = nil
	}
}

// patience is how long to wait for what comes next.
func (q *sequence) patience(silence time.Duration) time.Duration {
	if q.ahead != nil {
		return min(silence, overtaking)
	}
	return silence
}

// overdue reports that a batch was missed, and goes on behind it.
func (q *sequence) overdue(now time.Time) bool {
	if q.ahead == nil || now.Sub(q.since) < overtaking {
		return false
	}
	for _, after := range q.ahead {
		q.size = max(q.size, after)
	}
	q.ahead = nil
	return true
}

// encode is what a notification carries: the size of the log before and after the batch, and the news.
func encode(n casework.News, before, after int64) string {
	return fmt.Sprintf("%d %d %s", before, after, n.Encode())
}

// decode reads what encode wrote. What it cannot read is All, of a batch that is not known.
func decode(payload string) (n casework.News, before, after int64) {
	parts := strings.SplitN(payload, " ", 3)
	if len(parts) == 3 {
		if _, err := fmt.Sscan(parts[0]+" "+parts[1], &before, &after); err == nil {
			return casework.DecodeNews(parts[2]), before, after
		}
	}
	return casework.News{All: true}, 0, 0
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
			f(casework.News{Staff: true, Procedures: true, Calendars: true})
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

// queueNews adds the notification of n, of a batch that leads from one size of the log to another, to the
// statements.
func (s *Store) queueNews(b *pgx.Batch, n casework.News, before, after int64) {
	if !s.notify || n.Empty() {
		return
	}
	b.Queue(s.queries["news-send"], s.log, encode(n, before, after))
}

// tellAll says in place of a batch's own news, which may have got lost behind its commit, that anything may have
// changed. If that gets lost too, who listens finds out by the size of the log.
func (s *Store) tellAll(before, after int64) {
	if !s.notify {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_, _ = s.write.Exec(ctx, s.queries["news-send"], s.log, encode(casework.News{All: true}, before, after))
}
