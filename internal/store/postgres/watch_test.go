package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres/pgtest"

	"github.com/jackc/pgx/v5"
)

// nodes opens stores of one new log.
func nodes(t *testing.T, n int) []*Store {
	t.Helper()
	url := pgtest.URL(t)
	key, err := ledger.NewKey("watch.invalid/log")
	if err != nil {
		t.Fatal(err)
	}
	all := make([]*Store, n)
	for i := range all {
		if all[i], err = Open(t.Context(), Options{URL: url}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { all[i].Close() })
		if err := all[i].Seal(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// watching runs a watch until the test ends.
type watching struct {
	t    *testing.T
	news chan casework.News
	done chan error
	stop context.CancelFunc
}

func watch(t *testing.T, f func(context.Context, func(casework.News)) error) *watching {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	w := &watching{t: t, news: make(chan casework.News, 100), done: make(chan error, 1), stop: stop}
	go func() {
		w.done <- f(ctx, func(n casework.News) { w.news <- n })
		close(w.done)
	}()
	t.Cleanup(func() {
		stop()
		<-w.done
	})
	if first := w.next(); !first.All {
		t.Fatalf("the first news are %+v", first)
	}
	return w
}

func (w *watching) next() casework.News {
	w.t.Helper()
	select {
	case n := <-w.news:
		return n
	case err := <-w.done:
		w.t.Fatalf("the watch ended: %v", err)
	case <-time.After(10 * time.Second):
		w.t.Fatal("no news came")
	}
	return casework.News{}
}

// putSomebody changes an account.
func putSomebody(t *testing.T, s *Store) {
	t.Helper()
	if err := s.PutAccount(t.Context(), office.Account{Login: "wang", Name: "王"}, "", ""); err != nil {
		t.Fatal(err)
	}
}

// grow makes the log longer without a word, as if the notification had been lost.
func (s *Store) grow(t *testing.T, n int) {
	t.Helper()
	if _, err := s.pool.Exec(t.Context(), `UPDATE log SET size = size + $2 WHERE log = $1`, s.log, n); err != nil {
		t.Fatal(err)
	}
}

func TestANodeHearsOfAnother(t *testing.T) {
	both := nodes(t, 2)
	w := watch(t, both[0].Watch)
	putSomebody(t, both[1])
	if n := w.next(); !n.Staff || n.All {
		t.Errorf("heard %+v", n)
	}
}

func TestALogHearsNothingOfOthers(t *testing.T) {
	mine, other := nodes(t, 1)[0], nodes(t, 1)[0]
	w := watch(t, mine.Watch)
	putSomebody(t, other)
	if err := mine.PutProcedure(t.Context(), "p@1", []byte("text")); err != nil {
		t.Fatal(err)
	}
	if n := w.next(); n.Staff || n.All || !n.Procedures {
		t.Errorf("heard %+v", n)
	}
}

func TestAWatchWhoseConnectionIsCutEnds(t *testing.T) {
	s := nodes(t, 1)[0]
	conn := connection(t, s)
	w := watch(t, func(ctx context.Context, f func(casework.News)) error { return s.listen(ctx, conn, silence, f) })
	if _, err := s.pool.Exec(t.Context(), `SELECT pg_terminate_backend($1)`, conn.PgConn().PID()); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-w.done:
		if !errors.Is(err, casework.ErrAway) {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nobody noticed")
	}
	again := watch(t, s.Watch) // and another one hears
	putSomebody(t, s)
	if n := again.next(); !n.Staff {
		t.Errorf("heard %+v", n)
	}
}

func connection(t *testing.T, s *Store) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), s.pool.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func TestASilenceDoesNotHurtTheConnection(t *testing.T) {
	const short = 20 * time.Millisecond
	s := nodes(t, 1)[0]
	conn := connection(t, s)
	if _, err := conn.Exec(t.Context(), fmt.Sprintf("LISTEN luoshi_%d", s.log)); err != nil {
		t.Fatal(err)
	}
	w := watch(t, func(ctx context.Context, f func(casework.News)) error { return s.listen(ctx, conn, short, f) })
	for range 3 {
		time.Sleep(5 * short)
		putSomebody(t, s)
		if n := w.next(); !n.Staff || n.All {
			t.Errorf("heard %+v", n)
		}
	}
}

// When the log has grown without a word, news were missed.
func TestWhatWasMissedIsNoticedAfterASilence(t *testing.T) {
	const short = 50 * time.Millisecond
	s := nodes(t, 1)[0]
	conn := connection(t, s)
	w := watch(t, func(ctx context.Context, f func(casework.News)) error { return s.listen(ctx, conn, short, f) })
	time.Sleep(5 * short)
	if len(w.news) > 0 {
		t.Errorf("heard %+v of nothing", <-w.news)
	}
	s.grow(t, 1) // nobody listens on this connection
	if n := w.next(); !n.All {
		t.Errorf("heard %+v", n)
	}
}

func TestWhereNothingIsPassedOnTheLogIsAsked(t *testing.T) {
	s := nodes(t, 1)[0]
	s.notify = false
	w := watch(t, s.Watch)
	putSomebody(t, s) // sends nothing
	s.grow(t, 3)
	if n := w.next(); !n.All {
		t.Errorf("heard %+v", n)
	}
	w.stop()
	if err := <-w.done; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
