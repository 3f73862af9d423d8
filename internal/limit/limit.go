// Package limit slows down those who guess. It counts failed attempts per network address, and only
// failures, so that guessing from elsewhere never locks out the real holder.
//
// A query code is 80 random bits: it is always checked, and only the refusals are slowed down. A password
// can be guessed: beyond the limit, from that address and for that login, it is not even checked (Blocked).
package limit

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Failures limits failed attempts per address. The zero value is not usable; see New.
type Failures struct {
	every rate.Limit
	burst int
	now   func() time.Time

	mu   sync.Mutex
	seen map[source]*entry
}

// source is where failures come from and whom they are about ("" for all together).
type source struct {
	from  netip.Prefix
	about string
}

type entry struct {
	limiter *rate.Limiter
	last    time.Time
}

// maxSeen bounds the memory: beyond it, the addresses not seen for longest are forgotten.
const maxSeen = 10_000

// New allows burst failures at once and then one per every.
func New(every time.Duration, burst int, now func() time.Time) *Failures {
	return &Failures{every: rate.Every(every), burst: burst, now: now, seen: map[source]*entry{}}
}

// Blocked reports whether the next failure would be one too many. It records nothing.
func (f *Failures) Blocked(r *http.Request, about string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.seen[source{prefix(r), about}]
	return e != nil && e.limiter.TokensAt(f.now()) < 1
}

// Failed records one failed attempt and reports whether it was one too many.
func (f *Failures) Failed(r *http.Request, about string) (tooMany bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	key := source{prefix(r), about}
	e := f.seen[key]
	if e == nil {
		f.forget(now)
		e = &entry{limiter: rate.NewLimiter(f.every, f.burst)}
		f.seen[key] = e
	}
	e.last = now
	return !e.limiter.AllowN(now, 1)
}

// forget drops addresses whose allowance is whole again, once there are many.
func (f *Failures) forget(now time.Time) {
	if len(f.seen) < maxSeen {
		return
	}
	for key, e := range f.seen {
		if e.limiter.TokensAt(now) >= float64(f.burst) {
			delete(f.seen, key)
		}
	}
	for key := range f.seen { // still full: all are guessing now
		if len(f.seen) < maxSeen {
			return
		}
		delete(f.seen, key)
	}
}

// prefix is the address, or for IPv6 its /64, since one household or attacker has a whole /64.
func prefix(r *http.Request) netip.Prefix {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}
	}
	bits := 32
	if addr = addr.Unmap(); addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits)
	return p
}
