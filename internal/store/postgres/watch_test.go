package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres/pgtest"

	"github.com/google/go-cmp/cmp"
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
	if err := mine.PutProcedure(t.Context(), "p@1", casework.Published{Source: []byte("text")}); err != nil {
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

// listening hears on a connection of its own, with short silences; deaf, as behind a pooler that hands the
// connection to somebody else, when nobody listens there.
func listening(t *testing.T, s *Store, short time.Duration, deaf bool) *watching {
	t.Helper()
	conn := connection(t, s)
	if !deaf {
		if _, err := conn.Exec(t.Context(), fmt.Sprintf("LISTEN luoshi_%d", s.log)); err != nil {
			t.Fatal(err)
		}
	}
	return watch(t, func(ctx context.Context, f func(casework.News)) error { return s.listen(ctx, conn, short, f) })
}

// send tells of a change in a unit, by a batch that leads from one size of the log to another.
func (s *Store) send(t *testing.T, unit string, before, after int64) {
	t.Helper()
	if _, err := s.pool.Exec(t.Context(), s.queries["news-send"], s.log, encode(casework.News{Units: []string{unit}}, before, after)); err != nil {
		t.Fatal(err)
	}
}

func TestASilenceDoesNotHurtTheConnection(t *testing.T) {
	const short = 20 * time.Millisecond
	s := nodes(t, 1)[0]
	w := listening(t, s, short, false)
	for range 3 {
		time.Sleep(3 * short)
		s.send(t, "t1", 0, 0)
		n := w.next()
		for n.Staff && !n.All && len(n.Units) == 0 { // silent for long
			n = w.next()
		}
		if !slices.Contains(n.Units, "t1") || n.All {
			t.Errorf("heard %+v", n)
		}
	}
}

// When the log has grown without a word, news were missed.
func TestWhatWasMissedIsNoticedAfterASilence(t *testing.T) {
	const short = 100 * time.Millisecond
	s := nodes(t, 1)[0]
	w := listening(t, s, short, true)
	time.Sleep(2 * short)
	if len(w.news) > 0 {
		t.Errorf("heard %+v of nothing", <-w.news)
	}
	s.grow(t, 1)
	if n := w.next(); !n.All {
		t.Errorf("heard %+v", n)
	}
}

func TestStaffIsLookedAtAgainWhereNothingIsHeard(t *testing.T) {
	s := nodes(t, 1)[0]
	w := listening(t, s, 20*time.Millisecond, true)
	putSomebody(t, s)
	for range 2 { // again and again
		if n := w.next(); !n.Staff || !n.Procedures || n.All {
			t.Errorf("heard %+v", n)
		}
	}
}

// No silence is needed to notice it.
func TestABatchThatIsMissedBetweenOthersIsNoticed(t *testing.T) {
	s := nodes(t, 1)[0]
	w := listening(t, s, time.Minute, false)
	s.send(t, "t0", 0, 0)
	for n := w.next(); len(n.Units) == 0; n = w.next() { // it hears
	}
	s.send(t, "t1", 0, 2)
	s.send(t, "t3", 4, 7)
	s.send(t, "t2", 2, 4) // overtaken, not missed
	s.send(t, "t4", 8, 9) // what leads from 7 to 8 does not come
	var units []string
	n := w.next()
	for ; !n.All; n = w.next() {
		units = append(units, n.Units...)
	}
	if slices.Sort(units); !slices.Equal(units, []string{"t1", "t2", "t3", "t4"}) {
		t.Errorf("before that it heard of %v", units)
	}
}

func TestASequenceKnowsWhatIsMissing(t *testing.T) {
	at := time.Now()
	late := at.Add(overtaking)
	for name, c := range map[string]struct {
		batches [][2]int64
		overdue bool
		size    int64
	}{
		"nothing, in order":                    {[][2]int64{{5, 6}, {6, 9}}, false, 9},
		"nothing, when one overtakes another":  {[][2]int64{{6, 9}, {9, 10}, {5, 6}}, false, 10},
		"nothing, of what was there before":    {[][2]int64{{2, 4}, {4, 5}, {5, 6}}, false, 6},
		"nothing, where the log did not grow":  {[][2]int64{{5, 5}, {7, 7}, {0, 0}}, false, 5},
		"one, in front":                        {[][2]int64{{6, 9}}, true, 9},
		"one, with others before and after it": {[][2]int64{{5, 6}, {8, 9}, {9, 12}}, true, 12},
	} {
		t.Run(name, func(t *testing.T) {
			q := sequence{size: 5}
			for _, b := range c.batches {
				q.heard(b[0], b[1], at)
			}
			if q.overdue(at) {
				t.Error("overdue at once")
			}
			if got := q.overdue(late); got != c.overdue || q.size != c.size || q.ahead != nil {
				t.Errorf("overdue: %v, at %d, waiting for %v", got, q.size, q.ahead)
			}
		})
	}
}

func TestANotificationIsReadAsItWasWritten(t *testing.T) {
	n := casework.News{Units: []string{"t 1", "t2"}, Staff: true}
	if got, before, after := decode(encode(n, 7, 12)); before != 7 || after != 12 || cmp.Diff(n, got) != "" {
		t.Errorf("%+v, %d to %d", got, before, after)
	}
	for _, text := range []string{"", "1 2", `{"staff":true}`, `a b {"staff":true}`, "1 2 ", "  "} {
		if got, _, _ := decode(text); !got.All {
			t.Errorf("%q is %+v", text, got)
		}
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
