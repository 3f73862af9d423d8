package fault_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// memory is what clients sent and what they were told, over all lives of the server.
type memory struct {
	mu   sync.Mutex
	sent map[string]answer // by idempotency key; status 0: no answer came back
}

func (m *memory) note(key string, a answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[key] = a
}

func TestKilledUnderLoadNothingIsLostOrDoubled(t *testing.T) {
	lives := 50
	if testing.Short() {
		lives = 5
	}
	d := sqlite(filepath.Join(t.TempDir(), "luoshi.db"))
	d.furnish(t)
	d.killOften(t, lives, func(p *process, life int, m *memory) {
		load(p, life, m, 60*time.Millisecond, p.kill)
		d.audit(t)
	})
}

// killOften gives the database several lives, each of which end ends under load. What clients were told in
// it must be true in the next, which then comes under load itself, and at the end everything is there once.
func (d database) killOften(t *testing.T, lives int, end func(p *process, life int, m *memory)) {
	t.Helper()
	all := &memory{sent: map[string]answer{}}
	unanswered := 0
	p := d.start(t)
	for life := range lives {
		now := &memory{sent: map[string]answer{}}
		end(p, life, now)
		p.kill()
		p = d.start(t)
		unanswered += resend(t, p, now)
		for key, a := range now.sent {
			all.note(key, a)
		}
	}
	if len(all.sent) < 5*lives {
		t.Errorf("only %d lodgings in %d lives: no load", len(all.sent), lives)
	}
	numbers := map[string]string{}
	for key, a := range all.sent {
		if other := numbers[a.Number]; other != "" {
			t.Errorf("%s and %s both got %s", key, other, a.Number)
		}
		numbers[a.Number] = key
	}
	p.stop(t)
	r := d.audit(t)
	if r.Matters != int64(len(all.sent)) {
		t.Errorf("%d matters for %d lodgings", r.Matters, len(all.sent))
	}
	t.Logf("%d lives, %d lodgings, %d of them without an answer at first, %d entries", lives, len(all.sent), unanswered, r.Entries)
}

// load lodges and takes steps from eight clients and has something killed in the middle of it,
// soon, or after a time of at most about long.
func load(p *process, life int, m *memory, long time.Duration, kill func()) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for client := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				key := fmt.Sprintf("life %d client %d request %d", life, client, i)
				m.note(key, answer{})
				a, err := p.lodge(key, 500, key)
				if err != nil || a.status == 503 { // not done, or not known to be done
					return
				}
				m.note(key, a)
				if i%2 == 0 {
					p.call("POST", "/v1/matters/"+a.Number+"/steps/accept", map[string]any{"note": "x"}, bearer(clerkToken)...)
				}
			}
		})
	}
	time.Sleep(5*time.Millisecond + rand.N(long))
	kill()
	close(stop)
	wg.Wait()
}

// resend sends every request of a life again. What was acknowledged must be answered with the same number,
// code and receipt; what was not is recorded now, once. It returns how many were not.
func resend(t *testing.T, p *process, m *memory) (unanswered int) {
	t.Helper()
	var wg sync.WaitGroup
	for key, first := range m.sent {
		if first.status == 0 {
			unanswered++
		}
		wg.Go(func() {
			again, err := p.lodge(key, 500, key)
			switch {
			case err != nil || again.status != 201:
				t.Errorf("%s again: %d %s %v", key, again.status, again.raw, err)
			case first.status == 0:
			case first.status != 201:
				t.Errorf("%s: %d %s", key, first.status, first.raw)
			case again.Number != first.Number || again.Code != first.Code || again.Code == "":
				t.Errorf("%s: first %s %s, again %s %s", key, first.Number, first.Code, again.Number, again.Code)
			case !bytes.Equal(again.Receipt, first.Receipt):
				t.Errorf("%s: the receipt differs:\n%s\n%s", key, first.Receipt, again.Receipt)
			}
			m.note(key, again)
		})
	}
	wg.Wait()
	return unanswered
}
