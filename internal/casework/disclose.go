package casework

import (
	"context"
	"errors"
	"sync"
	"time"

	"luoshi/internal/office"
)

// pendingDisclosures are readings that could not be written because the disk was full. They are written as
// soon as there is space; what is lost if the process dies before is said in doc/design.md.
type pendingDisclosures struct {
	mu   sync.Mutex
	list []Disclosure
}

// maxPending bounds the memory; beyond it, reading stops until there is space.
const maxPending = 10_000

// disclose records that staff read what is personal in the matter.
func (s *Service) disclose(ctx context.Context, a office.Actor, m *Matter) error {
	if a.Account == nil || !s.mayReadContent(a, m) || m.Title == "" && len(m.Fields)+len(m.Parties) == 0 {
		return nil
	}
	return s.recordReading(ctx, a, m.Number, m.Unit)
}

// discloseIn records that staff read in a sub-matter what is personal in the whole, unless that of this day is recorded.
func (s *Service) discloseIn(ctx context.Context, a office.Actor, whole, part *Matter) error {
	if a.Account == nil {
		return nil
	}
	if read, err := s.readToday(ctx, a, whole); read || err != nil {
		return err
	}
	return s.recordReading(ctx, a, whole.Number, part.Unit)
}

// recordReading records that staff who may read a unit's matters read one.
func (s *Service) recordReading(ctx context.Context, a office.Actor, number, unit string) error {
	now := s.Now()
	d := Disclosure{Matter: number, Login: a.Account.Login, Unit: unitOf(a, s.Tree(), unit),
		Day: now.UTC().Format(time.DateOnly), First: FormatTime(now)}
	err := s.Store.Disclose(ctx, d)
	if (errors.Is(err, ErrFull) || errors.Is(err, ErrAway) || errors.Is(err, ErrUnknown)) && s.unread.keep(d) {
		return nil
	}
	return err
}

// unitOf is the unit of the grant by which the account reads the matter.
func unitOf(a office.Actor, t *office.Tree, unit string) string {
	for _, g := range a.Account.Grants {
		if g.Unit == office.Everywhere || t.Within(unit, g.Unit) {
			return g.Unit
		}
	}
	return ""
}

func (p *pendingDisclosures) keep(d Disclosure) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.list) >= maxPending {
		return false
	}
	p.list = append(p.list, d)
	return true
}

// MakeUpDisclosures writes the readings that could not be written before.
func (s *Service) MakeUpDisclosures(ctx context.Context) error {
	s.unread.mu.Lock()
	list := s.unread.list
	s.unread.list = nil
	s.unread.mu.Unlock()
	for i, d := range list {
		if err := s.Store.Disclose(ctx, d); err != nil {
			for _, d := range list[i:] {
				s.unread.keep(d)
			}
			return err
		}
	}
	return nil
}
