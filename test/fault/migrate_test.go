package fault_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"luoshi/internal/store/postgres/pgtest"
	"luoshi/procedures"
)

// migration is what `luoshi migrate --json` prints.
type migration struct {
	Plan     string `json:"plan"`
	Matters  int64  `json:"matters"`
	Fit      int64  `json:"fit"`
	Migrated int64  `json:"migrated"`
	Done     bool   `json:"done"`
}

// second publishes version 2 of the mediation, with another period, and gives the arguments that migrate to it.
func (d database) second(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	text, err := procedures.FS.ReadFile("people-mediation.yaml")
	must(t, err)
	changed := strings.NewReplacer("\nversion: 1\n", "\nversion: 2\n", "period: 3wd", "period: 7wd").Replace(string(text))
	file, mapping := filepath.Join(dir, "2.yaml"), filepath.Join(dir, "map.yaml")
	must(t, os.WriteFile(file, []byte(changed), 0o600))
	must(t, os.WriteFile(mapping, []byte("format: luoshi-migration/1\nprocedure: people-mediation\nfrom: 1\nto: 2\nreason: {zh: 改了。, en: Changed.}\n"), 0o600))
	if out, err := exec.Command(program, append([]string{"publish", file}, d.arguments()...)...).CombinedOutput(); err != nil {
		t.Fatalf("publish: %s", out)
	}
	return append([]string{"migrate", "--from", "people-mediation@1", "--to", "people-mediation@2", "--map", mapping, "--json"}, d.arguments()...)
}

func migrated(t *testing.T, args ...string) migration {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	var m migration
	if err := cmd.Run(); err != nil || json.Unmarshal(out.Bytes(), &m) != nil {
		t.Fatalf("migrate: %v\n%s%s", err, &out, &errs)
	}
	return m
}

func TestAMigrationKilledAnywhereGoesOn(t *testing.T) {
	d := sqlite(filepath.Join(t.TempDir(), "luoshi.db"))
	d.furnish(t)
	const matters = 3000
	d.grow(t, matters)
	args := d.second(t)
	before := d.audit(t)
	began := time.Now()
	rehearsed := migrated(t, append(args, "--rehearse")...)
	took := time.Since(began) // with starting, which depends on the machine and what else it does
	if rehearsed.Matters != matters || rehearsed.Fit != matters || d.audit(t).Entries != before.Entries {
		t.Fatalf("rehearsed %+v", rehearsed)
	}
	args = append(args, "--plan", rehearsed.Plan)
	kills, last := 0, before.Entries
	for after := took / 4; last < before.Entries+matters; { // later and later, until it is killed while it writes
		cmd := exec.Command(program, args...)
		must(t, cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-ended:
		case <-time.After(after + rand.N(took/16)):
			must(t, cmd.Process.Kill())
			<-ended
		}
		r := d.audit(t)
		switch {
		case r.Entries == last:
			after += took / 16
		case r.Entries < before.Entries+matters:
			kills++
		}
		last = r.Entries
	}
	done := migrated(t, args...)
	r := d.audit(t)
	if !done.Done || r.Entries != before.Entries+matters || r.Matters != matters {
		t.Errorf("at the end %+v, %+v", done, r)
	}
	if kills == 0 {
		t.Error("it was never killed half-way")
	}
	t.Logf("killed %d times half-way, %d entries in all", kills, r.Entries)
}

// Two nodes serve and take steps while the command migrates beside them.
func TestAMigrationBesideTwoNodes(t *testing.T) {
	d := database{db: pgtest.URL(t), key: filepath.Join(t.TempDir(), "luoshi.key")}
	d.furnish(t)
	const matters = 400
	d.grow(t, matters)
	args := d.second(t)
	nodes := []*process{d.start(t), d.start(t)}
	var wg sync.WaitGroup
	for i, p := range nodes {
		wg.Go(func() {
			for j := range 40 {
				a, err := p.lodge("beside", 10, "")
				if err != nil || a.status != 201 {
					t.Errorf("node %d lodges: %d %s %v", i, a.status, a.raw, err)
					return
				}
				if a, err = p.call("POST", "/v1/matters/"+a.Number+"/steps/accept", map[string]any{}, bearer(clerkToken)...); err != nil || a.status != 200 {
					t.Errorf("node %d step %d: %d %s %v", i, j, a.status, a.raw, err)
				}
			}
		})
	}
	first := migrated(t, args...)
	wg.Wait()
	again := migrated(t, args...)
	if first.Migrated < matters || !again.Done {
		t.Errorf("first %+v, again %+v", first, again)
	}
	for _, p := range nodes {
		p.stop(t)
	}
	if r := d.audit(t); r.Matters != matters+80 || r.Entries < 2*matters+160+first.Migrated-matters {
		t.Errorf("%+v", r)
	}
	if left := migrated(t, append(args, "--rehearse")...); left.Matters != 0 {
		t.Errorf("%d matters still run by the old version", left.Matters)
	}
}
