package fault_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/internal/store/postgres/pgtest"
)

// transfers is what move, backup and restore print with --json.
type transfers struct {
	Origin   string           `json:"origin"`
	Entries  int64            `json:"entries"`
	Tables   map[string]int64 `json:"tables"`
	Rows     int64            `json:"rows"`
	Missing  int64            `json:"missing"`
	Resumed  bool             `json:"resumed"`
	There    bool             `json:"there"`
	Finished bool             `json:"finished"`
	Audit    report           `json:"audit"`

	Checkpoint string `json:"checkpoint"`
}

// command runs a command of the program with --json. code is its exit code.
func command(t *testing.T, name string, args ...string) (r transfers, code int, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(program, append([]string{name, "--json"}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if out.Len() > 0 {
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatalf("%s prints %.300q: %v", name, &out, err)
		}
	}
	return r, cmd.ProcessState.ExitCode(), errs.String()
}

// grow lodges so many matters, some of them with a step, without the way over HTTP.
func (d database) grow(t *testing.T, matters int) {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB, c.Key = d.db, d.key
	core, err := server.OpenCore(ctx, c, time.Now)
	must(t, err)
	defer core.Close()
	s := core.Service
	var wg sync.WaitGroup
	slots := make(chan struct{}, 64)
	for i := range matters {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			l := casework.Lodging{Procedure: "people-mediation", Unit: "t", Title: fmt.Sprint("第 ", i, " 件"),
				Fields:  map[string]any{"kind": "other", "facts": strings.Repeat("f", 1+i%2000), "request": "r"},
				Parties: []casework.Party{{Role: "applicant", Name: "n", Phone: "13800000001"}}}
			if _, err := s.Lodge(ctx, office.Actor{Resident: true}, l, fmt.Sprint("key ", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// vkey is the file of the database's verifier key.
func (d database) vkey() string {
	c := config.Config{DB: d.db, Key: d.key}
	return c.VKeyFile()
}

// refuses serves the database, which must not work.
func (d database) refuses(t *testing.T, want string) {
	t.Helper()
	out, err := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, d.arguments()...)...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), want) {
		t.Fatalf("serving it: %v, %.400s, want %q", err, out, want)
	}
}

// A move is killed at any moment, often; then it is let go to its end. Nothing is lost, the source was never
// open to changes beside the target, and the target never before it was complete.
func TestAMoveKilledAtAnyMomentGoesOn(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 3
	}
	from := sqlite(filepath.Join(t.TempDir(), "from.db"))
	from.furnish(t)
	from.grow(t, 700) // one group of rows in each table, as up to 2,000 would be
	n := 0
	for _, c := range []struct {
		name   string
		target func() database
	}{
		{"to another SQLite file", func() database {
			n++
			return sqlite(filepath.Join(t.TempDir(), fmt.Sprint("to", n, ".db")))
		}},
		{"to PostgreSQL", func() database { return database{db: pgtest.Database(t), key: filepath.Join(t.TempDir(), "log.key")} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := c.target()
			began := time.Now()
			want := moved(t, from, to)
			took := time.Since(began)
			to = c.target()
			unfinished, resumed := 0, 0
			for range kills {
				reopen(t, from)
				killMove(t, from, to, rand.N(took))
				r, code, stderr := command(t, "move", "--from", from.db, "--to", to.db, "--key", from.vkey())
				if r.Resumed {
					resumed++
				}
				if code != 0 || !r.Finished || !r.Audit.OK || !maps.Equal(r.Tables, want.Tables) {
					t.Fatalf("after a kill the move ends with %d %s\n%+v", code, stderr, r)
				}
				if !r.There {
					unfinished++
				}
				to = c.target()
			}
			if unfinished == 0 || resumed == 0 && kills > 5 {
				t.Errorf("of %d moves %d were killed before their end, and %d of those had begun", kills, unfinished, resumed)
			}
			t.Logf("of %d moves, each of about %v, %d were killed before their end, %d of them had begun", kills, took, unfinished, resumed)
			reopen(t, from)
		})
	}
}

// moved moves to the end.
func moved(t *testing.T, from, to database) transfers {
	t.Helper()
	r, code, stderr := command(t, "move", "--from", from.db, "--to", to.db, "--key", from.vkey())
	if code != 0 || !r.Finished || !r.Audit.OK {
		t.Fatalf("move: %d %s %+v", code, stderr, r)
	}
	from.refuses(t, "moved to")
	return r
}

// reopen takes the mark of a move away, if there is one.
func reopen(t *testing.T, d database) {
	t.Helper()
	out, err := exec.Command(program, "move", "--reopen", "--from", d.db).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "nothing to reopen") {
		t.Fatalf("reopen: %v %s", err, out)
	}
}

// killMove begins a move and kills it after a time.
func killMove(t *testing.T, from, to database, after time.Duration) {
	t.Helper()
	cmd := exec.Command(program, "move", "--from", from.db, "--to", to.db, "--key", from.vkey())
	must(t, cmd.Start())
	time.Sleep(after)
	_ = cmd.Process.Kill() // it may have ended
	_ = cmd.Wait()
}

// Killed after the source was closed and before the target was opened to changes, nobody may write anywhere,
// until the same command has ended the move.
func TestAMoveKilledBetweenItsLastTwoMarksIsEnded(t *testing.T) {
	dir := t.TempDir()
	from, to := sqlite(filepath.Join(dir, "from.db")), sqlite(filepath.Join(dir, "to.db"))
	from.furnish(t)
	from.grow(t, 20)
	first := moved(t, from, to)
	mark, err := json.Marshal(map[string]string{"origin": first.Origin, "checkpoint": first.Checkpoint})
	must(t, err)
	raw, err := sql.Open("sqlite", filepath.Join(dir, "to.db"))
	must(t, err)
	_, err = raw.Exec("INSERT INTO meta (name, value) VALUES ('move-into', ?)", mark)
	must(t, errors.Join(err, raw.Close()))
	from.refuses(t, "moved to")
	to.refuses(t, "has not finished")
	_, code, stderr := command(t, "move", "--from", from.db, "--to", "sqlite:"+filepath.Join(dir, "elsewhere.db"))
	if code != 1 || !strings.Contains(stderr, "already") {
		t.Errorf("a move to a third place: %d %s", code, stderr)
	}
	if r := moved(t, from, to); !r.Resumed || !maps.Equal(r.Tables, first.Tables) {
		t.Errorf("%+v", r)
	}
	from.keysTo(t, to)
	p := to.start(t)
	a, err := p.lodge("在新的地方", 0, "new")
	must(t, err)
	p.stop(t)
	if a.status != 201 {
		t.Errorf("%d %s", a.status, a.raw)
	}
	_, code, stderr = command(t, "move", "--from", from.db, "--to", to.db)
	if code != 1 || !strings.Contains(stderr, "two histories") {
		t.Errorf("moving again after the new place has gone on: %d %s", code, stderr)
	}
}

// What is being filled cannot be used, and goes on only with the source it was begun with.
func TestAnUnfinishedMoveIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	from, to := sqlite(filepath.Join(dir, "from.db")), sqlite(filepath.Join(dir, "to.db"))
	from.furnish(t)
	from.grow(t, 1500)
	for try := 0; ; try++ {
		killMove(t, from, to, time.Duration(50+30*try)*time.Millisecond)
		r, code, _ := command(t, "audit", "--db", to.db, "--key", from.vkey())
		if code != 0 && !r.Finished && unfinished(to) {
			break
		}
		if try == 20 {
			t.Fatal("no move could be killed in the middle")
		}
		reopen(t, from)
		must(t, os.RemoveAll(filepath.Join(dir, "to.db")))
		must(t, os.RemoveAll(filepath.Join(dir, "to.db-wal")))
	}
	to.refuses(t, "has not finished")
	if out, err := exec.Command(program, "backup", "--db", to.db, "--key", from.vkey(), filepath.Join(dir, "b")).CombinedOutput(); err == nil || !strings.Contains(string(out), "has not finished") {
		t.Errorf("backing it up: %v %s", err, out)
	}
	p := from.start(t)
	lodged, err := p.lodge("其间又来一件", 0, "meanwhile")
	must(t, err)
	if lodged.status != 201 {
		t.Fatalf("the source of an unfinished move is answered %d %s", lodged.status, lodged.raw)
	}
	p.stop(t)
	_, code, stderr := command(t, "move", "--from", from.db, "--to", to.db)
	if code != 1 || !strings.Contains(stderr, "the source has changed since") || !strings.Contains(stderr, "remove the target") {
		t.Errorf("going on with a source that has changed: %d %s", code, stderr)
	}
	to.refuses(t, "has not finished")
}

func unfinished(d database) bool {
	out, _ := exec.Command(program, "account", "list", "--db", d.db).CombinedOutput()
	return strings.Contains(string(out), "has not finished")
}

func TestAMoveIsRefused(t *testing.T) {
	dir := t.TempDir()
	from, other := sqlite(filepath.Join(dir, "from.db")), sqlite(filepath.Join(dir, "other.db"))
	from.furnish(t)
	other.furnish(t)
	p := from.start(t)
	for _, c := range []struct {
		name     string
		from, to database
		code     int
		want     string
	}{
		{"while the source is served", from, sqlite(filepath.Join(dir, "to.db")), 1, "another process is writing"},
		{"into another log", other, from, 1, "another process is writing"},
		{"from what is not there", sqlite(filepath.Join(dir, "none.db")), other, 2, "no verifier key"},
		{"onto itself", other, other, 1, "the same database"},
		{"to nowhere", other, database{db: "oracle:x"}, 2, "--to: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, code, stderr := command(t, "move", "--from", c.from.db, "--to", c.to.db)
			if code != c.code || !strings.Contains(stderr, c.want) {
				t.Errorf("%d %s, want %q", code, stderr, c.want)
			}
		})
	}
	p.stop(t)
	t.Run("into another log that is not served", func(t *testing.T) {
		_, code, stderr := command(t, "move", "--from", other.db, "--to", from.db)
		if code != 1 || !strings.Contains(stderr, "another log") {
			t.Errorf("%d %s", code, stderr)
		}
	})
}

// A whole history goes to PostgreSQL, is served there and grows, and comes back: receipts verify all along,
// repeated requests get their first answers, and what was read by whom is still known.
func TestAHistoryGoesToPostgresAndBack(t *testing.T) {
	dir := t.TempDir()
	first := sqlite(filepath.Join(dir, "first.db"))
	first.furnish(t)
	there := database{db: second(t, pgtest.Database(t)), key: filepath.Join(dir, "there.key")}
	back := sqlite(filepath.Join(dir, "back.db"))
	answers := map[string]answer{}
	live := func(d database, round string) {
		p := d.start(t)
		defer p.stop(t)
		for key, a := range answers {
			again, err := p.lodge(key, 700, key)
			must(t, err)
			if again.Number != a.Number || again.Code != a.Code || again.Code == "" || !bytes.Equal(again.Receipt, a.Receipt) {
				t.Errorf("%s again: %s %s, first %s %s", key, again.Number, again.Code, a.Number, a.Code)
			}
			reading, err := p.call("GET", "/v1/matters/"+a.Number, nil, "Luoshi-Number", a.Number, "Luoshi-Query-Code", a.Code)
			must(t, err)
			if reading.status != 200 || !strings.Contains(string(reading.raw), `"login":"clerk"`) {
				t.Errorf("the party reads %d %.300s", reading.status, reading.raw)
			}
		}
		for i := range 20 {
			key := fmt.Sprint(round, " ", i)
			a, err := p.lodge(key, 700, key)
			must(t, err)
			if a.status != 201 {
				t.Fatalf("%s: %d %s", key, a.status, a.raw)
			}
			for _, prior := range answers {
				if prior.Number == a.Number {
					t.Errorf("the number %s was given twice", a.Number)
				}
			}
			answers[key] = a
			read, err := p.call("GET", "/v1/matters/"+a.Number, nil, bearer(clerkToken)...)
			must(t, err)
			step, err := p.call("POST", "/v1/matters/"+a.Number+"/steps/accept", map[string]any{"note": "x"}, bearer(clerkToken)...)
			must(t, err)
			if read.status != 200 || step.status != 200 {
				t.Errorf("%s: reading %d, step %d %s", key, read.status, step.status, step.raw)
			}
		}
		found, err := p.call("GET", "/v1/matters?q="+url.QueryEscape(round), nil, bearer(clerkToken)...)
		must(t, err)
		if n := strings.Count(string(found.raw), `"number"`); n != 20 {
			t.Errorf("%d matters are found by %q: %.300s", n, round, found.raw)
		}
	}
	live(first, "maple")
	up := moved(t, first, there)
	first.keysTo(t, there)
	there.audit(t)
	live(there, "birch")
	down := moved(t, there, back)
	there.keysTo(t, back)
	live(back, "aspen")
	if r := back.audit(t); r.Matters != 60 || r.Entries != 120 {
		t.Errorf("%+v", r)
	}
	if up.Tables["entry"] != 40 || down.Tables["entry"] != 80 || down.Tables["disclosure"] != 40 || up.Tables["account"] != 2 || down.Tables["account"] != 2 {
		t.Errorf("there %v, back %v", up.Tables, down.Tables)
	}
	vkey, err := os.ReadFile(first.vkey())
	must(t, err)
	for key, a := range answers {
		if r := ledger.Verify(a.Receipt, strings.TrimSpace(string(vkey))); !r.Proved {
			t.Errorf("the receipt of %s: %s", key, r.Reason)
		}
	}
	// From the file back again at once: nothing but the settings of the databases themselves may differ.
	again := database{db: pgtest.Database(t), key: filepath.Join(dir, "again.key")}
	if r := moved(t, back, again); r.Tables["entry"] != 120 || r.Tables["disclosure"] != 60 {
		t.Errorf("%v", r.Tables)
	}
}

// second names the second log of a database.
func second(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	q := u.Query()
	q.Set("luoshi_log", "2")
	u.RawQuery = q.Encode()
	return u.String()
}

// keysTo copies the key files of a log to where another database's are, as whoever moves it does.
func (d database) keysTo(t *testing.T, to database) {
	t.Helper()
	from, at := config.Config{DB: d.db, Key: d.key}, config.Config{DB: to.db, Key: to.key}
	for a, b := range map[string]string{from.KeyFile(): at.KeyFile(), from.VKeyFile(): at.VKeyFile()} {
		text, err := os.ReadFile(a)
		must(t, err)
		must(t, os.WriteFile(b, text, 0o600))
	}
}
