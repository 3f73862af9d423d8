package sqlite_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/storetest"
)

// The database refuses the second of two matters that are written together, when the first is written already:
// nothing stays of the first, and those who wrote at the same time do not suffer.
func TestAFaultOfTheDatabaseInTheMiddleOfAGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "luoshi.db")
	d := storetest.NewDesk(t, openAt(path))
	whole := d.Lodged(t, "joint", "t1").Matter.Number
	clerk := office.Actor{Account: d.Staff().Accounts["clerk@t1"]}
	raw := openRaw(t, path)
	if _, err := raw.Exec("CREATE TRIGGER broken BEFORE INSERT ON matter WHEN NEW.procedure LIKE 'joint-opinion%' BEGIN SELECT RAISE(ABORT, 'broken'); END"); err != nil {
		t.Fatal(err)
	}
	ask := func(key string) error {
		_, err := d.TakeStep(t.Context(), clerk, whole, casework.StepCommand{Step: "ask", Fields: map[string]any{"question": "whose?"}, Sub: &casework.SubOpening{Unit: "t2"}}, key)
		return err
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if i%4 == 0 {
				if err := ask(fmt.Sprint("key ", i)); err == nil || casework.KindOf(err) != casework.Internal {
					t.Errorf("the step is answered %v", err)
				}
			} else if _, err := d.Lodge(t.Context(), office.Actor{Resident: true}, d.Example(t, "petition", "t1"), ""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if m, err := d.Store.Matter(t.Context(), whole); err != nil || m.Version != 1 || m.State != "handling" {
		t.Errorf("the matter stands at %+v (%v)", m, err)
	}
	if n, err := d.Store.Size(t.Context()); n != 16 || err != nil {
		t.Errorf("the log has %d entries (%v)", n, err)
	}
	if _, err := raw.Exec("DROP TRIGGER broken"); err != nil {
		t.Fatal(err)
	}
	if err := ask("key 0"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if r, err := d.Audit(t.Context(), nil, d.Key.VerifierKey()); err != nil || !r.OK {
		t.Errorf("audit: %+v (%v)", r, err)
	}
}
