package limit

import (
	"net/http"
	"testing"
	"time"
)

func from(addr string) *http.Request { return &http.Request{RemoteAddr: addr} }

func TestFailuresAreCountedPerAddressAndLogin(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := New(time.Minute, 3, func() time.Time { return now })
	a, sameHouse, b := from("[2001:db8::1]:1"), from("[2001:db8::2]:9"), from("192.0.2.1:1")
	for i := range 5 {
		if got, want := f.Failed(a, "clerk"), i >= 3; got != want {
			t.Errorf("failure %d: too many is %v", i+1, got)
		}
	}
	for name, c := range map[string]struct {
		r       *http.Request
		about   string
		blocked bool
	}{
		"the guesser":            {a, "clerk", true},
		"another port, same /64": {sameHouse, "clerk", true},
		"another login":          {a, "head", false},
		"another address":        {b, "clerk", false},
	} {
		if got := f.Blocked(c.r, c.about); got != c.blocked {
			t.Errorf("%s: blocked is %v", name, got)
		}
	}
	now = now.Add(time.Minute)
	if f.Blocked(a, "clerk") {
		t.Error("still blocked after the allowance came back")
	}
}

func TestMemoryIsBoundedWhileManyGuess(t *testing.T) {
	f := New(time.Hour, 1, time.Now)
	for i := range maxSeen + 500 {
		f.Failed(from("192.0.2.1:1"), string(rune(0x4e00+i)))
	}
	if len(f.seen) > maxSeen {
		t.Errorf("%d sources are remembered", len(f.seen))
	}
}
