package fault_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/server"
)

const aboveToken = "token of a clerk of the county"

// join adds procedures that open matters of each other, and a clerk who handles all of them.
func (d database) join(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB, c.Key = d.db, d.key
	core, err := server.OpenCore(ctx, c, time.Now)
	must(t, err)
	defer core.Close()
	above := office.Account{Login: "above", Name: "above", Grants: []office.Grant{{Role: "clerk", Unit: "c"}}}
	must(t, core.Service.Store.PutAccount(ctx, above, "", office.TokenHash(aboveToken)))
	files, err := filepath.Glob("../../internal/store/storetest/testdata/joint*.yaml")
	must(t, err)
	for _, file := range files {
		source, err := os.ReadFile(file)
		must(t, err)
		must(t, put(ctx, core.Service, filepath.Base(file), source))
	}
}

// joint is a step that opened a sub-matter, and what it was answered with; empty when no answer came back.
type joint struct{ whole, key, part string }

// ask opens an opinion and gives its number, "" when that is not known.
func (p *process) ask(whole, key string) (string, error) {
	body := map[string]any{"fields": map[string]any{"question": "谁管？"}, "sub": map[string]any{"unit": "c"}}
	a, err := p.call("POST", "/v1/matters/"+whole+"/steps/ask", body, append(bearer(aboveToken), "Idempotency-Key", key)...)
	if err != nil {
		return "", err
	}
	if a.status != 200 {
		return "", fmt.Errorf("%d %s", a.status, a.raw)
	}
	var opened struct {
		Opened struct{ Number string }
	}
	err = json.Unmarshal(a.raw, &opened)
	return opened.Opened.Number, err
}

// Sub-matters are opened and end in several matters at once while the server is killed. Whatever the moment, the one
// matter and the other know of each other, or neither does: audit compares them.
func TestKilledWhileSubMattersBeginAndEnd(t *testing.T) {
	lives := 15
	if testing.Short() {
		lives = 3
	}
	d := sqlite(filepath.Join(t.TempDir(), "luoshi.db"))
	d.furnish(t)
	d.join(t)
	var opened []joint
	p := d.start(t)
	for life := range lives {
		opened = append(opened, p.beginAndEnd(life)...)
		d.audit(t)
		p = d.start(t)
		for i, o := range opened {
			part, err := p.ask(o.whole, o.key)
			if err != nil || o.part != "" && part != o.part {
				t.Errorf("%s again: %s, first %s (%v)", o.key, part, o.part, err)
			}
			opened[i].part = part
		}
	}
	p.stop(t)
	r := d.audit(t)
	parts := map[string]bool{}
	for _, o := range opened {
		parts[o.part] = true
	}
	if len(opened) < lives || len(parts) != len(opened) || r.Matters < int64(len(parts)) {
		t.Errorf("%d steps in %d lives opened %d sub-matters, of %d matters in all", len(opened), lives, len(parts), r.Matters)
	}
	t.Logf("%d lives, %d sub-matters, %d entries", lives, len(parts), r.Entries)
}

// beginAndEnd does so from four clients until the process is killed. It gives the steps that were asked for.
func (p *process) beginAndEnd(life int) (opened []joint) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for client := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				a, err := p.call("POST", "/v1/matters", map[string]any{"procedure": "joint", "unit": "c", "title": "两个单位的事",
					"fields": map[string]any{"facts": "都有问题"}, "parties": []map[string]any{{"role": "applicant", "name": "张三"}}}, bearer(aboveToken)...)
				if err != nil || a.status != 201 {
					return
				}
				var parts []string
				for n := range 2 {
					o := joint{whole: a.Number, key: fmt.Sprintf("life %d client %d matter %d part %d", life, client, i, n)}
					o.part, err = p.ask(o.whole, o.key)
					mu.Lock()
					opened = append(opened, o)
					mu.Unlock()
					if err != nil {
						return
					}
					parts = append(parts, o.part)
				}
				var both sync.WaitGroup
				for _, part := range parts {
					both.Go(func() {
						p.call("POST", "/v1/matters/"+part+"/steps/give", map[string]any{"fields": map[string]any{"opinion": "不归我们"}}, bearer(aboveToken)...)
					})
				}
				both.Wait()
			}
		})
	}
	time.Sleep(30*time.Millisecond + rand.N(60*time.Millisecond))
	p.kill()
	wg.Wait()
	return opened
}

// put puts a procedure of the stores' tests into force as it is: these try what runs, and not all of them are sound.
func put(ctx context.Context, s *casework.Service, name string, source []byte) error {
	p, err := procedure.Load(name, source)
	if err == nil {
		err = s.Store.PutProcedure(ctx, p.Key(), casework.Published{Source: source})
	}
	if err != nil {
		return err
	}
	return s.ReloadProcedures(ctx)
}
