package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the only clock of an installation with a demo province: simulated while it fills, afterwards the
// real one. It is safe for concurrent use. The zero Clock shows the real time.
type Clock struct {
	simulated atomic.Pointer[time.Time]
}

// Now is the simulated time, or the real time when none is set.
func (c *Clock) Now() time.Time {
	if t := c.simulated.Load(); t != nil {
		return *t
	}
	return time.Now()
}

// Set stops the clock at t.
func (c *Clock) Set(t time.Time) { c.simulated.Store(&t) }

// Release goes back to the real time.
func (c *Clock) Release() { c.simulated.Store(nil) }
