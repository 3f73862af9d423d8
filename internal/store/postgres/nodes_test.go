package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

// secret is what nodes have in common outside the database, beside the key.
const secret = "what all nodes of an installation share"

// nodes opens a log, furnishes it, and gives a service at each of n nodes, and the key.
func nodes(t *testing.T, url string, n int) ([]*casework.Service, *storetest.Desk) {
	t.Helper()
	d := storetest.NewDesk(t, openAt(url))
	all := make([]*casework.Service, n)
	for i := range all {
		var err error
		all[i], err = casework.NewService(t.Context(), openAt(url)(t, d.Key), storetest.Origin, d.Key.Name(), []byte(secret), d.Time)
		if err != nil {
			t.Fatal(err)
		}
	}
	return all, d
}

// tamper executes a statement beside the store, as somebody with access to the database could; $1 is the log.
func tamper(t *testing.T, url, statement string, args ...any) {
	t.Helper()
	at, err := config.ParsePostgres(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(t.Context(), at.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(t.Context(), statement, append([]any{at.Log}, args...)...); err != nil {
		t.Fatal(err)
	}
}

func resident() office.Actor { return office.Actor{Resident: true} }

func everything(s *casework.Service) office.Scope {
	return office.Actor{System: true}.ReadScope(s.Tree())
}

// proved checks a receipt as its holder would.
func proved(t *testing.T, out *casework.Outcome, key *ledger.Key) {
	t.Helper()
	b, err := json.Marshal(out.Receipt)
	if err != nil {
		t.Error(err)
	} else if r := ledger.Verify(b, key.VerifierKey()); !r.Proved {
		t.Errorf("the receipt of %s does not verify: %+v", out.Matter.Number, r)
	}
}

func TestNodesWriteOneLogWithoutGaps(t *testing.T) {
	const writers, each = 64, 5
	all, d := nodes(t, pgtest.URL(t), 2)
	var mu sync.Mutex
	var wg sync.WaitGroup
	given := map[string]bool{}
	answered := map[int64]ledger.Hash{}
	for w := range writers {
		wg.Go(func() {
			for range each {
				node, other := all[w%2], all[1-w%2]
				out, err := node.Lodge(t.Context(), resident(), d.Example(t, "petition", "t1"), "")
				if err != nil {
					t.Error(err)
					return
				}
				proved(t, out, d.Key)
				if m, err := other.Store.Matter(t.Context(), out.Matter.Number); err != nil || m.Version != 1 {
					t.Errorf("the other node does not see %s: %v", out.Matter.Number, err)
				}
				mu.Lock()
				given[out.Matter.Number], answered[out.Entry.Index] = true, out.Entry.Commitment
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	stored, err := all[0].Store.Commitments(t.Context(), 0, writers*each+1)
	if err != nil || len(stored) != writers*each || len(given) != writers*each || len(answered) != writers*each {
		t.Fatalf("%d entries stored, %d answered, %d numbers given (%v)", len(stored), len(answered), len(given), err)
	}
	for i, c := range stored {
		if answered[int64(i)] != c {
			t.Errorf("leaf %d is not the entry that was answered with it", i)
		}
	}
	for i, node := range all {
		if r, err := node.Audit(t.Context(), nil, d.Key.VerifierKey()); err != nil || !r.OK {
			t.Errorf("node %d: audit %+v (%v)", i, r, err)
		}
	}
}

func TestANodeSeesAtOnceWhatAnotherHasDone(t *testing.T) {
	all, d := nodes(t, pgtest.URL(t), 2)
	a, b := all[0], all[1]
	counts := func(s *casework.Service) []casework.Count {
		t.Helper()
		out, err := s.Store.Counts(t.Context(), everything(s))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for i := range 20 {
		out, err := all[i%2].Lodge(t.Context(), resident(), d.Example(t, "petition", []string{"t1", "t2"}[i%2]), "")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(counts(a), counts(b), cmpopts.SortSlices(func(x, y casework.Count) bool { return x.Unit < y.Unit })); d != "" {
			t.Fatalf("after %d matters the nodes count differently: %s", i+1, d)
		}
		for n, node := range all {
			rows, _, err := node.Store.List(t.Context(), casework.Query{Scope: everything(node), Order: casework.Newest})
			if err != nil || len(rows) != i+1 || !slices.ContainsFunc(rows, func(r casework.Row) bool { return r.Number == out.Matter.Number }) {
				t.Fatalf("node %d lists %d matters after %s was lodged (%v)", n, len(rows), out.Matter.Number, err)
			}
		}
	}
}

func TestOfTwoNodesOneWinsAVersion(t *testing.T) {
	all, d := nodes(t, pgtest.URL(t), 2)
	for range 10 {
		lodged, err := all[0].Lodge(t.Context(), resident(), d.Example(t, "probe", "t1"), "")
		if err != nil {
			t.Fatal(err)
		}
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				clerk := office.Actor{Account: all[i%2].Staff().Accounts["clerk@t1"]}
				_, errs[i] = all[i%2].TakeStep(t.Context(), clerk, lodged.Matter.Number, casework.StepCommand{Step: "assign", Version: 1, Assignee: "officer@t1"}, "")
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch kind := casework.KindOf(err); {
			case err == nil:
				won++
			case kind != casework.Conflict:
				t.Errorf("a loser is told: %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d of %d steps at one version won", won, len(errs))
		}
	}
}

func TestARepeatedRequestGetsTheFirstAnswerAtEveryNode(t *testing.T) {
	all, d := nodes(t, pgtest.URL(t), 2)
	l := d.Example(t, "petition", "t1")
	first, err := all[0].Lodge(t.Context(), resident(), l, "one key")
	if err != nil {
		t.Fatal(err)
	}
	again, err := all[1].Lodge(t.Context(), resident(), l, "one key")
	if err != nil || !again.Repeated || again.Code != first.Code {
		t.Fatalf("the other node answers %+v, %v", again, err)
	}
	if d := cmp.Diff(first.Receipt, again.Receipt); d != "" {
		t.Error(d)
	}
	t.Run("sent to both at once it is one matter", func(t *testing.T) {
		var wg sync.WaitGroup
		numbers := make([]string, 20)
		for i := range numbers {
			wg.Go(func() {
				out, err := all[i%2].Lodge(t.Context(), resident(), l, "another key")
				if err != nil {
					t.Error(err)
					return
				}
				numbers[i] = out.Matter.Number
			})
		}
		wg.Wait()
		if slices.Sort(numbers); numbers[0] == "" || numbers[0] != numbers[19] {
			t.Errorf("the answers name %v", slices.Compact(numbers))
		}
	})
}

func TestANodeThatWroteNothingServesTheWholeTree(t *testing.T) {
	url := pgtest.URL(t)
	all, d := nodes(t, url, 2)
	tiles := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			want, err := all[0].Store.ServeTile(t.Context(), path)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if got, err := all[1].Store.ServeTile(t.Context(), path); err != nil || string(got) != string(want) {
				t.Errorf("%s differs between the nodes (%v)", path, err)
			}
		}
	}
	many(t, all[0], d, 300)
	tiles("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1")
	many(t, all[0], d, 300)
	tiles("tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2")
	if _, err := all[1].Store.ServeTile(t.Context(), "tile/0/002.p/89"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("beyond the log: %v", err)
	}
	t.Run("and writes on when it is thousands of entries behind", func(t *testing.T) {
		many(t, all[0], d, 4300)
		out, err := all[1].Lodge(t.Context(), resident(), d.Example(t, "petition", "t1"), "")
		if err != nil {
			t.Fatal(err)
		}
		proved(t, out, d.Key)
		if out.Entry.Index != 4900 {
			t.Errorf("leaf %d", out.Entry.Index)
		}
	})
}

// many lodges n matters at a node, 64 at a time.
func many(t *testing.T, s *casework.Service, d *storetest.Desk, n int) {
	t.Helper()
	l := d.Example(t, "petition", "t1")
	var wg sync.WaitGroup
	next := make(chan int)
	for range 64 {
		wg.Go(func() {
			for range next {
				if _, err := s.Lodge(t.Context(), resident(), l, ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

func TestALogThatIsNotTheSignedOneIsNotWrittenTo(t *testing.T) {
	for name, c := range map[string]struct{ statement, want string }{
		"an entry was changed": {"UPDATE entry SET commitment = salt WHERE log = $1 AND idx = 3", "does not match its newest signed checkpoint"},
		"an entry is missing":  {"DELETE FROM entry WHERE log = $1 AND idx = 3", "its head says"},
		"an older copy was restored": {"WITH a AS (DELETE FROM entry WHERE log = $1 AND idx > 0), b AS (DELETE FROM checkpoint WHERE log = $1 AND size > 1) " +
			"UPDATE log SET size = 1 WHERE log = $1", "an older copy was restored"},
		"another log was restored": {"UPDATE log SET origin = 'elsewhere.invalid/log' WHERE log = $1", "elsewhere.invalid/log"},
		"it was moved":             {"INSERT INTO meta (log, name, value) VALUES ($1, 'moved-to', 'sqlite:new.db')", "moved to sqlite:new.db"},
		"it is being filled":       {"INSERT INTO meta (log, name, value) VALUES ($1, 'move-into', '{}')", "has not finished"},
	} {
		t.Run(name, func(t *testing.T) {
			url := pgtest.URL(t)
			all, d := nodes(t, url, 2)
			many(t, all[1], d, 2)
			many(t, all[0], d, 2) // node 1 does not know these yet
			tamper(t, url, c.statement)
			_, err := all[1].Lodge(t.Context(), resident(), d.Example(t, "petition", "t1"), "")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("a lodging answers %v", err)
			}
		})
	}
}

func TestALogIsSealedByOneKey(t *testing.T) {
	url := pgtest.URL(t)
	all, d := nodes(t, url, 1)
	many(t, all[0], d, 1)
	other, err := ledger.NewKey("other.invalid/log")
	if err != nil {
		t.Fatal(err)
	}
	s, err := postgres.Open(t.Context(), postgres.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Origin() != storetest.Origin {
		t.Errorf("the origin is %q", s.Origin())
	}
	for _, c := range []struct {
		key  *ledger.Key
		want string
	}{{other, "name the right key file"}, {storetest.NewKey(t), "the newest checkpoint"}, {d.Key, ""}} {
		err := s.Seal(t.Context(), c.key)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("sealing answers %v", err)
		}
	}
}

func TestLogsOfOneDatabaseDoNotSeeEachOther(t *testing.T) {
	first, second := pgtest.URL(t), pgtest.URL(t)
	a, da := nodes(t, first, 1)
	b, db := nodes(t, second, 1)
	many(t, a[0], da, 3)
	many(t, b[0], db, 2)
	for i, s := range []*casework.Service{a[0], b[0]} {
		rows, _, err := s.Store.List(t.Context(), casework.Query{Scope: everything(s), Tokens: nil, Order: casework.Newest})
		if err != nil || len(rows) != 3-i {
			t.Errorf("log %d lists %d matters (%v)", i, len(rows), err)
		}
		if n, err := s.Store.Size(t.Context()); n != int64(3-i) || err != nil {
			t.Errorf("log %d has %d entries (%v)", i, n, err)
		}
		if first, err := s.Store.Serials(t.Context(), 2026, 1); err != nil || first > 10 {
			t.Errorf("log %d gives serial %d (%v)", i, first, err)
		}
	}
}
