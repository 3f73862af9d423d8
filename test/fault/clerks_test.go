package fault_test

import (
	"path/filepath"
	"sync"
	"testing"
)

func TestOfTwoClerksAtOnceOneWinsAndTheOtherSeesWhatChanged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "luoshi.db")
	furnish(t, file)
	p := start(t, file)
	lodged, err := p.lodge("两个人同时办", 0, "key")
	must(t, err)
	path := "/v1/matters/" + lodged.Number + "/steps/"
	answers := make([]answer, 2)
	var wg sync.WaitGroup
	wg.Go(func() {
		answers[0], err = p.call("POST", path+"accept", map[string]any{"version": 1, "note": "受理"}, bearer(clerkToken)...)
	})
	var err2 error
	wg.Go(func() {
		answers[1], err2 = p.call("POST", path+"decline", map[string]any{"version": 1, "note": "不受理",
			"fields": map[string]any{"decline_ground": "in-court"}}, bearer(headToken)...)
	})
	wg.Wait()
	must(t, err)
	must(t, err2)
	won, lost, state := answers[0], answers[1], "accepted"
	if won.status == 409 {
		won, lost, state = lost, won, "declined"
	}
	if won.status != 200 {
		t.Errorf("the winner is answered %d %s", won.status, won.raw)
	}
	if lost.status != 409 || lost.kind != "application/problem+json" || lost.Problem != "stale-version" || lost.Detail == "" {
		t.Fatalf("the other is answered %d %s %s", lost.status, lost.kind, lost.raw)
	}
	if lost.Current == nil || lost.Current.Version != 2 || lost.Current.State != state {
		t.Errorf("what changed is given as %+v, want %s at version 2", lost.Current, state)
	}
	p.stop(t)
	if r := audit(t, file); r.Entries != 2 {
		t.Errorf("%d entries", r.Entries)
	}
}
