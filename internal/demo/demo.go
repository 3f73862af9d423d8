package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Options say what province to make. They count only when it is begun.
type Options struct {
	Seed    int64
	Matters int
	// Until is the end of the simulated time; zero: now. Matters come during the three years before it.
	Until time.Time
}

// mark is what the installation remembers of its demo: enough to go on with a filling that was interrupted.
type mark struct {
	Seed    int64     `json:"seed"`
	Matters int       `json:"matters"`
	Until   time.Time `json:"until"`
	Nonce   string    `json:"nonce"` // in the idempotency keys, so that nobody outside can know them
	Done    bool      `json:"done"`
}

// markName is the setting of the store that holds the mark.
const markName = "demo"

// zone is the time zone of the offices.
const zone = "Asia/Shanghai"

// Province is the demo province of one installation.
type Province struct {
	service *casework.Service
	clock   *Clock
	mark    mark
	roster  []office.Account
}

// Open finds the demo province of an installation, or begins one: its offices and staff. An
// installation that holds offices or entries of its own is refused. Procedures are published by the caller.
func Open(ctx context.Context, s *casework.Service, clock *Clock, o Options) (*Province, error) {
	p := &Province{service: s, clock: clock}
	text, err := s.Store.Meta(ctx, markName)
	switch {
	case errors.Is(err, casework.ErrNotFound):
		if err := p.begin(ctx, o); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	default:
		if err := json.Unmarshal([]byte(text), &p.mark); err != nil {
			return nil, fmt.Errorf("the setting %q of the database: %w", markName, err)
		}
	}
	units := Units()
	p.roster = roster(units, p.mark.Seed)
	if p.mark.Done {
		return p, nil
	}
	return p, p.settle(ctx, units)
}

// begin marks an empty installation.
func (p *Province) begin(ctx context.Context, o Options) error {
	size, err := p.service.Store.Size(ctx)
	if err != nil {
		return err
	}
	if size > 0 || p.service.Tree().Len() > 0 {
		return errors.New("the database holds offices or matters that are not of a demo: name another folder")
	}
	if o.Until.IsZero() {
		o.Until = p.clock.Now()
	}
	p.mark = mark{Seed: o.Seed, Matters: o.Matters, Until: o.Until.UTC().Truncate(time.Millisecond), Nonce: rand.Text()}
	return p.remember(ctx)
}

func (p *Province) remember(ctx context.Context) error {
	b, err := json.Marshal(p.mark)
	if err != nil {
		return err
	}
	return p.service.Store.PutMeta(ctx, markName, string(b))
}

// settle puts the offices and those who work there in place; what is there already stays.
func (p *Province) settle(ctx context.Context, units []office.Unit) error {
	s := p.service
	if s.Tree().Len() < len(units) {
		if err := s.Store.PutUnits(ctx, units); err != nil {
			return err
		}
	}
	if err := p.hire(ctx); err != nil {
		return err
	}
	return s.ReloadStaff(ctx)
}

// hire adds the accounts that are missing, side by side so that they share transactions.
func (p *Province) hire(ctx context.Context) error {
	have := p.service.Staff().Accounts
	errs := make(chan error, len(p.roster))
	n := 0
	for _, a := range p.roster {
		if have[a.Login] == nil {
			n++
			go func() { errs <- p.service.Store.PutAccount(ctx, a, "", "") }()
		}
	}
	var err error
	for range n {
		err = errors.Join(err, <-errs)
	}
	return err
}

// Filled reports whether the province has all its matters.
func (p *Province) Filled() bool { return p.mark.Done }

// Matters is how many matters the province gets.
func (p *Province) Matters() int { return p.mark.Matters }

// Fill plays three years of matters, or what is missing of them, and tells how many have come. Nobody else may
// use the service meanwhile: it runs on simulated time. When ctx ends it stops between two entries, and the
// next Fill goes on there.
func (p *Province) Fill(ctx context.Context, progress func(done, all int)) error {
	if p.mark.Done {
		return nil
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	s := p.service
	store := s.Store
	s.Store = newTurnstile(store)
	defer func() { s.Store = store; p.clock.Release() }()

	staff := s.Staff()
	h := hours{calendar.China(), place}
	c := newCast(staff.Tree, staff.Accounts, p.roster)
	reg := newRegistry(p.mark.Seed, p.mark.Until.AddDate(-3, 0, 0), p.mark.Until, h, s.Published(), c)
	if len(reg.procedures) == 0 {
		return errors.New("no published procedure is received by an office of the demo: publish one first")
	}
	published := s.Published()
	var lives []*life
	for _, a := range reg.arrivals(p.mark.Matters) {
		lives = append(lives, &life{arrival: a, procedure: published[a.procedure], taken: map[string]int{}})
	}
	r := &runner{mover: &mover{p.mark.Seed, s, c, h}, clock: p.clock, mark: p.mark, slots: make(chan struct{}, inFlight)}
	if err := r.run(ctx, lives, progress); err != nil {
		return err
	}
	s.Store = store
	if err := p.meet(ctx, c, place); err != nil {
		return err
	}
	if err := p.gather(ctx, c, place); err != nil {
		return err
	}
	p.mark.Done = true
	return p.remember(ctx)
}
