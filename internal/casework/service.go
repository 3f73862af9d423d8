package casework

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"luoshi/internal/number"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Service runs the verbs. Its members are set by NewService and then only read, but for the office tree
// and the procedures, which are replaced whole.
type Service struct {
	Store  Store
	Origin string           // of the log
	Key    string           // name of the log's verifier key
	Now    func() time.Time // the only clock
	// MaxFile is how many bytes a file may have; 0: DefaultMaxFile.
	MaxFile int64
	Kinds   *procedure.Kinds // of unit, for the check of what is to be published; nil: kinds and holders of roles are not checked

	secret    []byte // of this installation: query codes are derived from it and the idempotency key
	staff     atomic.Pointer[Staff]
	laws      atomic.Pointer[map[string]*Rules] // by id@version, and by id for the newest version
	loading   sync.Mutex                        // of laws and calendars: what is read later is newer
	calendars atomic.Pointer[Calendars]
	serials   serials
	signIns   chan struct{}      // one place for each password check under way
	unread    pendingDisclosures // readings that could not be written yet
	hub       hub                // of those who want to hear of changes
}

// maxSignIns is how many passwords are checked at once.
const maxSignIns = 4

// Staff is the office tree and the accounts as they are now.
type Staff struct {
	Tree     *office.Tree
	Accounts map[string]*office.Account
}

// NewService loads units, accounts and published procedures from the store.
func NewService(ctx context.Context, s Store, origin, key string, secret []byte, now func() time.Time) (*Service, error) {
	v := &Service{Store: s, Origin: origin, Key: key, Now: now, secret: secret, signIns: make(chan struct{}, maxSignIns)}
	v.serials.blocks = make(map[int]*block)
	if err := v.ReloadStaff(ctx); err != nil {
		return nil, err
	}
	return v, v.ReloadProcedures(ctx)
}

// ReloadStaff reads units and accounts again, after they changed.
func (s *Service) ReloadStaff(ctx context.Context) error {
	units, err := s.Store.Units(ctx)
	if err != nil {
		return err
	}
	tree, err := office.NewTree(units)
	if err != nil {
		return err
	}
	accounts, err := s.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	staff := &Staff{Tree: tree, Accounts: make(map[string]*office.Account, len(accounts))}
	for i := range accounts {
		staff.Accounts[accounts[i].Login] = &accounts[i]
	}
	s.staff.Store(staff)
	return nil
}

// ReloadProcedures reads the published procedures and the calendars again, after one was published or loaded.
func (s *Service) ReloadProcedures(ctx context.Context) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	sources, err := s.Store.Procedures(ctx)
	if err != nil {
		return err
	}
	stored, err := s.Store.Calendars(ctx) // after the procedures, which name only calendars that are there
	if err != nil {
		return err
	}
	calendars, err := newCalendars(stored)
	if err != nil {
		return err
	}
	laws := make(map[string]*Rules, 2*len(sources))
	texts, err := s.loadedAll(sources)
	if err != nil {
		return err
	}
	for key, published := range sources {
		p := texts[key]
		r, err := NewRules(p, calendars)
		if err != nil {
			return fmt.Errorf("published procedure %s: %w", key, err)
		}
		r.By, r.At = published.By, published.At
		laws[p.Key()] = r
		if newest := laws[p.ID]; newest == nil || newest.Procedure.Version < p.Version {
			laws[p.ID] = r
		}
	}
	s.laws.Store(&laws)
	s.calendars.Store(calendars)
	return nil
}

// loadedAll reads published versions, several at once: a start waits for them.
func (s *Service) loadedAll(sources map[string]Published) (map[string]*procedure.Procedure, error) {
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	read := make(map[string]*procedure.Procedure, len(sources))
	for key, published := range sources {
		work.Go(func() error {
			p, err := s.loaded(key, published.Source)
			if err != nil {
				return fmt.Errorf("published procedure %s: %w", key, err)
			}
			mu.Lock()
			defer mu.Unlock()
			read[key] = p
			return nil
		})
	}
	return read, work.Wait()
}

// loaded is a published version, which is read only once: its text never changes.
func (s *Service) loaded(key string, source []byte) (*procedure.Procedure, error) {
	if laws := s.laws.Load(); laws != nil {
		if have := (*laws)[key]; have != nil && have.Procedure.Hash == procedure.HashOf(source) {
			return have.Procedure, nil
		}
	}
	return procedure.Load(key+".yaml", source)
}

// Staff is the tree and accounts as they are now; do not change it.
func (s *Service) Staff() *Staff { return s.staff.Load() }

// Tree is the office tree as it is now.
func (s *Service) Tree() *office.Tree { return s.staff.Load().Tree }

// Rules finds a published procedure by id@version, or its newest version by id; nil if there is none.
func (s *Service) Rules(key string) *Rules { return (*s.laws.Load())[key] }

// Declaration is the text of a published procedure as its author wrote it, by the key of its rules.
func (s *Service) Declaration(ctx context.Context, p *procedure.Procedure) ([]byte, error) {
	sources, err := s.Store.Procedures(ctx)
	if err != nil {
		return nil, err
	}
	source, ok := sources[p.Key()]
	if !ok {
		return nil, ErrNotFound
	}
	return source.Source, nil
}

// rulesOf are the rules a matter runs by. Another node may have published them a moment ago.
func (s *Service) rulesOf(ctx context.Context, m *Matter) (*Rules, error) {
	if r := s.Rules(m.Procedure); r != nil {
		return r, nil
	}
	err := s.ReloadProcedures(ctx)
	if r := s.Rules(m.Procedure); r != nil {
		return r, nil
	}
	e := fail(Unavailable, "procedure-unknown", "这台服务器的程序还不能读取该事项所用的规程。没有记录任何内容；请稍后再试，或由管理员升级程序。",
		"The program on this server cannot read the procedure of this matter yet. Nothing was recorded; try again later, or have the program upgraded.")
	e.Cause = err
	return nil, e
}

// Published lists the newest version of every published procedure, by id.
func (s *Service) Published() map[string]*procedure.Procedure {
	out := map[string]*procedure.Procedure{}
	for key, r := range *s.laws.Load() {
		if key == r.Procedure.ID {
			out[key] = r.Procedure
		}
	}
	return out
}

func (s *Service) ends(procedure, state string) bool {
	r := s.Rules(procedure)
	if r == nil {
		return false
	}
	st := r.Procedure.State(state)
	return st != nil && st.End
}

// serials hands out the numbers of new matters: one after the other within a year, from blocks that the store
// has reserved for this process. A failed change leaves a gap, and so does the end of a process with a block
// begun: a process with little to do therefore asks for one at a time, a busy one for more and more.
type serials struct {
	mu     sync.Mutex
	blocks map[int]*block // by year
}

// block is what is left of the serials reserved last.
type block struct {
	next, end int64 // [next, end) are free
	size      int64 // of the block when it was reserved
	asked     time.Time
}

const (
	maxBlock  = 64          // serials in a block
	busyBlock = time.Second // a block used up within this time is followed by one of double the size
	// What is left of a block after this time is let go, so that numbers stay near the order of time when
	// several nodes give them.
	staleBlock = 5 * time.Second
)

func (s *Service) nextNumber(ctx context.Context, year int) (string, error) {
	s.serials.mu.Lock()
	defer s.serials.mu.Unlock()
	b := s.serials.blocks[year]
	if b == nil {
		b = &block{}
		s.serials.blocks[year] = b
	}
	if b.next == b.end || s.Now().Sub(b.asked) > staleBlock {
		if err := s.reserve(ctx, b, year); err != nil {
			return "", err
		}
	}
	n := b.next
	b.next++
	return number.Format(year, int(n))
}

// reserve fills the block anew.
func (s *Service) reserve(ctx context.Context, b *block, year int) error {
	now, size := s.Now(), int64(1)
	if b.size > 0 && now.Sub(b.asked) < busyBlock {
		size = min(2*b.size, maxBlock)
	}
	first, err := s.Store.Serials(ctx, year, size)
	if err != nil {
		return err
	}
	*b = block{next: first, end: first + size, size: size, asked: now}
	return nil
}
