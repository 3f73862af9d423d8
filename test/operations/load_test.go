package operations_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"luoshi/internal/ledger"
)

// load is several clients who alternate between nodes. A client that is turned away by one node asks another one
// with the same idempotency key, as a proxy before the nodes does; nothing else may go wrong.
type load struct {
	office office
	nodes  []string // addresses
	client *http.Client
	handed chan string // matters that somebody else shall accept
	ended  chan struct{}
	wait   sync.WaitGroup

	lodged, accepted, turned atomic.Int64

	mu       sync.Mutex
	receipts map[string][]byte // by number
	faults   []string
}

func newLoad(o office, nodes ...string) *load {
	return &load{office: o, nodes: nodes, handed: make(chan string, 1000), ended: make(chan struct{}), receipts: map[string][]byte{},
		client: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
}

// run starts the clients. They end with stop or with the test.
func (l *load) run(t *testing.T, clients int) {
	t.Cleanup(l.stop)
	for client := range clients {
		l.wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-l.ended:
					return
				default:
					l.act(fmt.Sprintf("client %d matter %d", client, i), client+i)
				}
			}
		})
	}
}

// stop lets the clients finish what they have begun.
func (l *load) stop() {
	select {
	case <-l.ended:
	default:
		close(l.ended)
	}
	l.wait.Wait()
	l.client.CloseIdleConnections()
}

// act lodges a matter at one node, sends the same again to the next one and finds it there, and accepts there a
// matter that maybe somebody else has lodged, also twice; the first node knows it.
func (l *load) act(key string, turn int) {
	first, ok := l.post(turn, "/v1/matters", key, "", lodging(key), 201)
	if !ok {
		return
	}
	l.lodged.Add(1)
	l.keep(key, first)
	l.again(key, first, turn+1, "/v1/matters", key, "", lodging(key), 201)
	found, ok := l.ask(turn+1, "/v1/matters?"+url.Values{"q": {key}}.Encode())
	if ok && !bytes.Contains(found.raw, []byte(first.Number)) {
		l.fault("%s: the other node finds %s", key, found.raw)
	}
	l.handed <- first.Number
	number := <-l.handed
	path, body := "/v1/matters/"+number+"/steps/accept", map[string]any{"note": "x"}
	step, ok := l.post(turn+1, path, "accept "+number, l.office.token, body, 200)
	if !ok {
		return
	}
	l.accepted.Add(1)
	l.again(number, step, turn, path, "accept "+number, l.office.token, body, 200)
	seen, ok := l.ask(turn, "/v1/matters/"+number)
	if ok && (seen.State != step.State || seen.Version != step.Version || step.Version != 2) {
		l.fault("%s: the step answers %s, the other node shows %s", number, step.raw, seen.raw)
	}
}

// post sends a request.
func (l *load) post(turn int, path, key, token string, body any, want int) (answer, bool) {
	return l.try(turn, key, want, func(node string) (answer, error) { return send(l.client, node+path, key, token, body) })
}

// ask reads as the clerk.
func (l *load) ask(turn int, path string) (answer, bool) {
	return l.try(turn, path, 200, func(node string) (answer, error) { return get(l.client, node+path, l.office.token) })
}

// try turns to a node, and to the next one as long as a node refuses the connection.
func (l *load) try(turn int, what string, want int, request func(node string) (answer, error)) (answer, bool) {
	for deadline := time.Now().Add(patience); ; turn++ {
		a, err := request(l.nodes[turn%len(l.nodes)])
		switch {
		case err == nil && a.status == want:
			return a, true
		case (errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET)) && time.Now().Before(deadline):
			// Reset is what the system does to a connection that waited to be taken in when the node stopped
			// listening: the node has not seen it.
			l.turned.Add(1)
		default:
			l.fault("%s: %d %s %v", what, a.status, a.raw, err)
			return a, false
		}
	}
}

// again sends a request a second time: the answer must be the first one.
func (l *load) again(what string, first answer, turn int, path, key, token string, body any, want int) {
	a, ok := l.post(turn, path, key, token, body, want)
	if ok && (a.Number != first.Number || a.Code != first.Code || !bytes.Equal(a.Receipt, first.Receipt)) {
		l.fault("%s: first %s, again %s", what, first.raw, a.raw)
	}
}

func (l *load) keep(key string, a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, taken := l.receipts[a.Number]; taken || a.Code == "" {
		l.faults = append(l.faults, fmt.Sprintf("%s: %s was given before, or has no query code", key, a.Number))
	}
	l.receipts[a.Number] = a.Receipt
}

func (l *load) fault(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults, fmt.Sprintf(format, args...))
}

// until waits for more lodgings under the circumstances named.
func (l *load) until(t *testing.T, circumstances string, more int64) {
	t.Helper()
	began := time.Now()
	for want := l.lodged.Load() + more; l.lodged.Load() < want; time.Sleep(5 * time.Millisecond) {
		l.mu.Lock()
		faults := len(l.faults)
		l.mu.Unlock()
		if faults > 0 || time.Since(began) > patience {
			l.stop()
			l.check(t)
			t.Fatalf("%s: %d lodgings, %d were awaited", circumstances, l.lodged.Load(), want)
		}
	}
}

// check reports what went wrong, and verifies every receipt with the office's key. The clients must have stopped.
func (l *load) check(t *testing.T) {
	t.Helper()
	for i, fault := range l.faults {
		if i == 5 {
			t.Errorf("and %d more", len(l.faults)-5)
			break
		}
		t.Error(fault)
	}
	vkey, err := os.ReadFile(l.office.vkey)
	must(t, err)
	for number, receipt := range l.receipts {
		if r := ledger.Verify(receipt, strings.TrimSpace(string(vkey))); !r.Proved {
			t.Errorf("the receipt of %s: %+v", number, r)
		}
	}
}
