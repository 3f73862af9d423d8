package storetest

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"luoshi/internal/casework"
)

// migrateTogether migrates at two nodes at once, while clerks act and somebody lodges at a node that has not heard
// of the new version.
func migrateTogether(t *testing.T, d *Desk) {
	deaf := d.node(t)
	clerk := d.staff(t, "clerk@t1")
	var nums []string
	for range 60 {
		nums = append(nums, d.Lodged(t, "probe", "t1").Matter.Number)
	}
	_, err := d.Publish(background(), "probe.yaml", renamedProbe(t))
	must(t, err)
	other := d.node(t)
	p := d.plan(t, "probe@1", "probe@2", probeMapping)
	var migrated atomic.Int64
	var wg sync.WaitGroup
	for _, node := range []*casework.Service{d.Service, other} {
		wg.Go(func() {
			r, err := node.Migrate(background(), system(), p, p.Hash, casework.MigrationOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			migrated.Add(r.Migrated)
		})
	}
	for i := range 3 {
		wg.Go(func() {
			for j, num := range nums {
				if j%3 != i {
					continue
				}
				if _, err := deaf.TakeStep(background(), clerk, num, casework.StepCommand{Step: "tell", Note: fmt.Sprint(i, j)}, ""); err != nil {
					t.Errorf("tell %s: %v", num, err)
				}
			}
		})
	}
	wg.Wait()
	late, err := deaf.Lodge(background(), resident(), d.Example(t, "probe", "t2"), "")
	must(t, err)
	wantLate := 1
	if late.Matter.Procedure == "probe@1" { // the deaf node lodged by what it knew: the next run takes it along
		wantLate = 2
		r := d.migrated(t, p)
		migrated.Add(r.Migrated)
	}
	for num, text := range d.everything(t) {
		var m casework.Matter
		must(t, json.Unmarshal([]byte(text), &m))
		want := 3 // lodged, told, migrated
		if num == late.Matter.Number {
			want = wantLate
		}
		if m.Procedure != "probe@2" || m.Version != want {
			t.Errorf("%s is at version %d of %s", num, m.Version, m.Procedure)
		}
	}
	if n := migrated.Load(); n != int64(len(nums))+1 && n != int64(len(nums)) {
		t.Errorf("%d were migrated", n)
	}
	d.green(t)
}
