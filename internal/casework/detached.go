package casework

import "time"

// NewDetached is a service that takes staff and rules from what it is given and not from the store, to play with
// procedures that are not published. Of several rules of one procedure the last is the newest. The store needs what
// Lodge, TakeStep, Wake and Read use: commits, matters and entries, serials, readings.
func NewDetached(store Store, staff *Staff, rules []*Rules, now func() time.Time) *Service {
	s := &Service{Store: store, Now: now}
	s.serials.blocks = make(map[int]*block)
	laws := make(map[string]*Rules, 2*len(rules))
	for _, r := range rules {
		laws[r.Procedure.Key()], laws[r.Procedure.ID] = r, r
	}
	s.staff.Store(staff)
	s.laws.Store(&laws)
	return s
}
