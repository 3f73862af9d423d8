package server

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/procedures"
)

// newCore opens a fresh database with one township office and the embedded procedures.
func newCore(t testing.TB) *Core {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	k, err := OpenCore(ctx, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	units := []office.Unit{
		{Code: "p", Kind: "province", Name: map[string]string{"zh": "省", "en": "Province"}},
		{Code: "t", Parent: "p", Kind: "justice-office", Name: map[string]string{"zh": "司法所", "en": "Justice office"}},
	}
	if err := k.Service.Store.PutUnits(ctx, units); err != nil {
		t.Fatal(err)
	}
	clerk := office.Account{Login: "clerk", Name: "Clerk", Grants: []office.Grant{{Role: "clerk", Unit: "t"}, {Role: "mediator", Unit: "t"}, {Role: "head", Unit: "t"}}}
	if err := k.Service.Store.PutAccount(ctx, clerk, "", ""); err != nil {
		t.Fatal(err)
	}
	if err := k.Service.ReloadStaff(ctx); err != nil {
		t.Fatal(err)
	}
	publishMediation(t, k.Service)
	return k
}

// publishMediation publishes people's mediation, after the procedures in which its matters can go on.
func publishMediation(t testing.TB, s *casework.Service) {
	t.Helper()
	for _, name := range []string{"judicial-confirmation.yaml", "labour-arbitration.yaml", "labour-inspection.yaml", "labour-mediation.yaml", "court-mediation.yaml",
		"people-mediation.yaml"} {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Publish(context.Background(), name, src); err != nil {
			t.Fatal(err)
		}
	}
}

func exampleLodging(t testing.TB, s *casework.Service, id, unit string) casework.Lodging {
	t.Helper()
	b, err := json.Marshal(s.Published()[id].Example)
	if err != nil {
		t.Fatal(err)
	}
	var l casework.Lodging
	if err := json.Unmarshal(b, &l); err != nil {
		t.Fatal(err)
	}
	l.Procedure, l.Unit = id, unit
	return l
}

func TestLodgedMatterHasVerifyingReceiptAndGreenAudit(t *testing.T) {
	ctx := context.Background()
	k := newCore(t)
	out, err := k.Service.Lodge(ctx, office.Actor{Resident: true}, exampleLodging(t, k.Service, "people-mediation", "t"), "key-1")
	if err != nil {
		t.Fatal(err)
	}
	b, err := out.Receipt.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if r := ledger.Verify(b, k.Key.VerifierKey()); !r.Proved || r.Number != out.Matter.Number {
		t.Fatalf("receipt not proved: %+v", r)
	}
	if _, err := k.Service.PartyByCode(ctx, out.Matter.Number, out.Code); err != nil {
		t.Fatalf("query code: %v", err)
	}
	clerk := office.Actor{Account: k.Service.Staff().Accounts["clerk"]}
	for range 3 {
		f, err := k.Service.Read(ctx, clerk, out.Matter.Number)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Steps) == 0 {
			t.Fatalf("the clerk can do nothing in state %s", f.Matter.State)
		}
		t.Log(f.Matter.State, f.Steps[0].Name, f.Matter.Clocks)
		if _, err := k.Service.TakeStep(ctx, clerk, out.Matter.Number, casework.StepCommand{Step: f.Steps[0].Name, Note: "note", Assignee: "clerk", Version: f.Matter.Version}, ""); err != nil {
			t.Log(err)
			break
		}
	}
	report, err := k.Service.Audit(ctx, nil, k.Key.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK {
		t.Fatalf("audit: %+v", report.Faults)
	}
	rows, _, err := k.Service.List(ctx, clerk, casework.Query{}, "")
	if err != nil || len(rows) != 1 {
		t.Fatalf("rows %v %v", rows, err)
	}
	rows, _, err = k.Service.List(ctx, clerk, casework.Query{}, out.Matter.Title)
	if err != nil || len(rows) != 1 {
		t.Fatalf("search rows %v %v", rows, err)
	}
}
