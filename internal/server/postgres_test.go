package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/postgres/pgtest"
)

// Two nodes with copies of one key file serve one database: what one lodges the other reads, the receipts of
// both belong to one log, and a query code opens the matter at either.
func TestTwoNodesServeOneDatabase(t *testing.T) {
	const each = 20
	ctx := context.Background()
	db := pgtest.URL(t)
	keys := [2]string{filepath.Join(t.TempDir(), "log.key"), filepath.Join(t.TempDir(), "log.key")}
	var nodes [2]*Core
	for i := range nodes {
		c := config.Default()
		c.DB, c.Key = db, keys[i]
		if i > 0 {
			copyKey(t, keys[1], keys[0])
		}
		core, err := OpenCore(ctx, c, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { core.Close() })
		nodes[i] = core
		if i == 0 {
			furnish(t, core)
		}
	}
	type lodged struct{ number, code string }
	out := make(chan lodged, 2*each)
	var wg sync.WaitGroup
	for n, core := range nodes {
		for i := range each {
			wg.Go(func() {
				o, err := core.Service.Lodge(ctx, office.Actor{Resident: true}, exampleLodging(t, core.Service, "people-mediation", "t"), fmt.Sprint(n, " ", i))
				if err != nil {
					t.Error(err)
					return
				}
				if b, err := o.Receipt.JSON(); err != nil || !ledger.Verify(b, nodes[1-n].Key.VerifierKey()).Proved {
					t.Errorf("node %d: the receipt is not proved (%v)", n, err)
				}
				out <- lodged{o.Matter.Number, o.Code}
			})
		}
	}
	wg.Wait()
	close(out)
	numbers := map[string]bool{}
	for l := range out {
		numbers[l.number] = true
		for n, core := range nodes {
			if _, err := core.Service.PartyByCode(ctx, l.number, l.code); err != nil {
				t.Errorf("node %d does not know the query code of %s: %v", n, l.number, err)
			}
		}
	}
	if len(numbers) != 2*each {
		t.Errorf("%d numbers for %d matters", len(numbers), 2*each)
	}
	report, err := nodes[0].Service.Audit(ctx, nil, nodes[1].Key.VerifierKey())
	if err != nil || !report.OK || report.Entries != 2*each {
		t.Errorf("audit: %+v %v", report, err)
	}
}

func copyKey(t *testing.T, to, from string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func furnish(t *testing.T, k *Core) {
	t.Helper()
	ctx := context.Background()
	if err := k.Service.Store.PutUnits(ctx, []office.Unit{{Code: "t", Kind: "justice-office", Name: map[string]string{"zh": "司法所"}}}); err != nil {
		t.Fatal(err)
	}
	if err := k.Service.ReloadStaff(ctx); err != nil {
		t.Fatal(err)
	}
	publishMediation(t, k.Service)
}

func TestANodeWithoutTheKeyOfTheLogIsRefused(t *testing.T) {
	ctx := context.Background()
	c := config.Default()
	c.DB, c.Key = pgtest.URL(t), filepath.Join(t.TempDir(), "log.key")
	core, err := OpenCore(ctx, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	core.Close()
	c.Key = filepath.Join(t.TempDir(), "another.key")
	if _, err := OpenCore(ctx, c, time.Now); err == nil || !strings.Contains(err.Error(), "its signing key "+c.Key+" is missing") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(c.Key); err == nil {
		t.Error("a second key was made for the log")
	}
}

func TestReadingNeedsALogThatIsThere(t *testing.T) {
	c := config.Default()
	c.DB = pgtest.Database(t)
	if _, err := OpenReadOnly(context.Background(), c, time.Now); err == nil || !strings.Contains(err.Error(), "it holds nothing of Luoshi") {
		t.Errorf("%v", err)
	}
}
