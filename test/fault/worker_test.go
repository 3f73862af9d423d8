package fault_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/job"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/internal/store/postgres/pgtest"
)

// core opens the database in this process, at a time that now tells.
func (d database) core(t *testing.T, now func() time.Time) *server.Core {
	t.Helper()
	c := config.Default()
	c.DB, c.Key = d.db, d.key
	core, err := server.OpenCore(t.Context(), c, now)
	must(t, err)
	return core
}

// lodgeMany lodges matters, in turn at each of the services.
func lodgeMany(t *testing.T, matters int, services ...*casework.Service) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range matters {
		wg.Go(func() {
			_, err := services[i%len(services)].Lodge(context.Background(), office.Actor{Resident: true}, casework.Lodging{Procedure: "people-mediation",
				Unit: "t", Title: fmt.Sprint("matter ", i), Fields: map[string]any{"kind": "other", "facts": "f", "request": "r"},
				Parties: []casework.Party{{Role: "applicant", Name: "n"}}}, "")
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// operations lists what the system recorded of the clocks of every matter, by number.
func operations(t *testing.T, s *casework.Service) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	must(t, s.Store.Snapshot(t.Context(), func(v casework.Snapshot) error {
		return v.Histories(t.Context(), func(e casework.Stored) error {
			if err := e.Decode(); err != nil {
				return err
			}
			all := out[e.Number]
			if e.Act.Actor.As == "system" {
				for _, op := range e.Act.Clocks {
					all = append(all, strings.TrimSpace(fmt.Sprint(op.Op, " ", op.Clock, " ", op.At, op.Due)))
				}
			}
			out[e.Number] = all
			return nil
		})
	}))
	return out
}

// each checks that the system recorded exactly this of every matter.
func each(t *testing.T, s *casework.Service, matters int, want ...string) {
	t.Helper()
	all := operations(t, s)
	for num, got := range all {
		if !slices.Equal(got, want) {
			t.Errorf("%s: recorded are %q, want %q", num, got, want)
		}
	}
	if len(all) != matters {
		t.Errorf("%d matters, want %d", len(all), matters)
	}
}

func TestAWorkerThatIsKilledMissesAndDoublesNothing(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		d := sqlite(filepath.Join(t.TempDir(), "luoshi.db"))
		d.furnish(t)
		killWorkers(t, d, 80*time.Millisecond)
	})
	t.Run("postgres", func(t *testing.T) {
		d := database{db: pgtest.URL(t), key: filepath.Join(t.TempDir(), "log.key")}
		d.furnish(t)
		killWorkers(t, d, 400*time.Millisecond)
	})
}

// killWorkers starts servers over a database where much has fallen due, and kills them in the middle of it, after a
// time of at most about long: as often as it takes to meet a worker at work several times, sooner each round.
func killWorkers(t *testing.T, d database, long time.Duration) {
	const more, enough = 600, 3
	past := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	matters, lives, met := 0, 0, 0
	for round := 0; met < enough; round++ {
		if round == 8 {
			t.Fatalf("%d lives of the server, and only %d were ended while it recorded", lives, met)
		}
		core := d.core(t, func() time.Time { return past })
		lodgeMany(t, more, core.Service)
		must(t, core.Close())
		matters += more
		for all, done := 3*matters, 3*matters-2*more; done < all; lives++ {
			p := d.start(t)
			time.Sleep(rand.N(long))
			p.kill()
			before := done
			if done = int(d.audit(t).Entries); before < done && done < all {
				met++
			} else if done == before {
				long += long / 2
			}
		}
		long /= 2
	}
	core := d.core(t, time.Now)
	defer core.Close()
	if n, _, err := job.Record(t.Context(), core.Service); n != 0 || err != nil {
		t.Errorf("%d entries more (%v)", n, err)
	}
	each(t, core.Service, matters, "warn acceptance 2026-03-04T16:00:00.000Z", "lapse acceptance 2026-03-05T16:00:00.000Z")
	t.Logf("%d lives of the server, %d of them ended while it recorded", lives, met)
}

// Three nodes on one database: their workers run at once, while the time goes on, matters are lodged and a year's
// days off are loaded at one of them.
func TestWorkersOfSeveralNodesRecordEachThingOnce(t *testing.T) {
	const matters = 150
	d := database{db: pgtest.URL(t), key: filepath.Join(t.TempDir(), "log.key")}
	d.furnish(t)
	var clock atomic.Int64
	now := func() time.Time { return time.UnixMilli(clock.Load()) }
	at := func(s string) {
		m, err := time.Parse("2006-01-02 15:04 -0700", s+" +0800")
		must(t, err)
		clock.Store(m.UnixMilli())
	}
	at("2026-12-31 09:00") // a working day before a year that is not published
	var services []*casework.Service
	for range 3 {
		core := d.core(t, now)
		t.Cleanup(func() { core.Close() })
		services = append(services, core.Service)
	}
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	for _, s := range services {
		working.Go(func() {
			for ctx.Err() == nil {
				if _, _, err := job.Record(ctx, s); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	settled := func() {
		t.Helper()
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			rows, err := services[0].Store.Wakes(t.Context(), 1)
			must(t, err)
			stale, err := services[0].Stale(t.Context(), 1)
			must(t, err)
			if len(stale) == 0 && (len(rows) == 0 || rows[0].At.After(now())) {
				return
			}
		}
		t.Error("the workers do not come to an end")
	}
	lodgeMany(t, matters, services...) // three working days: until 5 January, were the 1st a working day
	settled()
	file := `{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`
	if _, err := services[1].AddCalendar(t.Context(), office.Actor{System: true}, "cn", strings.NewReader(file)); err != nil {
		t.Error(err)
	}
	settled()
	for _, s := range []string{"2027-01-04 23:59", "2027-01-05 00:00", "2027-01-05 08:00", "2027-01-06 00:00", "2027-01-20 00:00"} {
		at(s)
		settled()
	}
	stop()
	working.Wait()
	each(t, services[2], matters, "recompute acceptance 2027-01-06", "warn acceptance 2027-01-05T16:00:00.000Z", "lapse acceptance 2027-01-06T16:00:00.000Z")
	d.audit(t)
}
