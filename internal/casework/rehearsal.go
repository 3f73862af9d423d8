package casework

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"luoshi/internal/office"
)

// Rehearsal says what a migration would do, or has done, to all matters that run by the old version.
type Rehearsal struct {
	From    string       `json:"from"` // id@version
	To      string       `json:"to"`
	Plan    string       `json:"plan"` // hash of both versions and the mapping; Migrate asks for it
	Matters int64        `json:"matters"`
	Fit     int64        `json:"fit"`
	Changed int64        `json:"changed"` // of those that fit: how many get another due date
	Unfit   []UnfitCount `json:"unfit"`   // why the others do not fit, most frequent first
	// Migrated is how many were migrated, and Done whether none is left that fits. Both are of a migration only.
	Migrated int64 `json:"migrated"`
	Done     bool  `json:"done"`
}

// UnfitCount is one reason why matters do not fit. A matter may have several.
type UnfitCount struct {
	Misfit
	Matters  int64    `json:"matters"`
	Examples []string `json:"examples"` // numbers of some of them
}

// maxExamples is how many numbers a reason names.
const maxExamples = 10

// MigrationOptions bounds a run over many matters. The zero value has no bounds.
type MigrationOptions struct {
	Until    time.Time             // no new page of matters is begun after this; zero: to the end
	Progress func(done, all int64) // called after each page; all is how many there were at the beginning
}

// How many matters are read at once, and how many are looked at side by side, so that what is written shares
// transactions.
const (
	migrationPage    = 200
	migrationWorkers = 64
)

// Rehearse looks at every matter that runs by the old version and says whether it could go on under the new
// one. It writes nothing.
func (s *Service) Rehearse(ctx context.Context, a office.Actor, p *Plan, o MigrationOptions) (*Rehearsal, error) {
	if !s.MayPublish(a) {
		return nil, ErrNotAuthor()
	}
	r := newRehearsal(p)
	_, err := s.eachRunning(ctx, r, o, func(num string) (passage, error) {
		m, _, err := s.load(ctx, office.Actor{System: true}, num)
		if err != nil || !runsBy(m, p) {
			return passage{gone: true}, err
		}
		act, misfits := s.movingAct(a, m, p, s.Now())
		return passage{act: act, misfits: misfits}, nil
	})
	return r, err
}

// Migrate brings every matter that fits under the new version, with an entry in each. plan is the hash that the
// rehearsal gave: another one is refused, for then what would be done is not what was rehearsed. It may be
// stopped at any moment and run again: what has been migrated is no longer among those that run by the old
// version. Matters that changed since are looked at anew.
func (s *Service) Migrate(ctx context.Context, a office.Actor, p *Plan, plan string, o MigrationOptions) (*Rehearsal, error) {
	switch {
	case !s.MayPublish(a):
		return nil, ErrNotAuthor()
	case plan != p.Hash:
		return nil, fail(Conflict, "plan-changed", "预演之后规程或对应表有了变化，没有迁移任何事项。请重新预演。",
			"Since the rehearsal a version or the mapping has changed; no matter was migrated. Rehearse again.")
	}
	r := newRehearsal(p)
	for {
		before := r.Migrated
		ended, err := s.eachRunning(ctx, r, o, func(num string) (passage, error) { return s.move(ctx, a, num, p) })
		if err != nil || !ended {
			return r, err
		}
		// What was lodged meanwhile at a node that had not heard of the new version runs by the old one.
		left, err := s.running(ctx, r.From)
		if r.Done = left <= r.Matters-r.Fit; r.Done || err != nil || r.Migrated == before {
			return r, err
		}
		again := newRehearsal(p)
		again.Migrated, again.Matters, again.Fit, again.Changed = r.Migrated, r.Migrated, r.Migrated, r.Changed
		r = again
	}
}

func newRehearsal(p *Plan) *Rehearsal {
	return &Rehearsal{From: p.From.Procedure.Key(), To: p.To.Procedure.Key(), Plan: p.Hash, Unfit: []UnfitCount{}}
}

func runsBy(m *Matter, p *Plan) bool { return m.Ended == "" && m.Procedure == p.From.Procedure.Key() }

// passage is what became of one matter.
type passage struct {
	num      string
	gone     bool // it does not run by the old version any more
	act      Act
	misfits  []Misfit
	migrated bool
}

// move migrates one matter, or says why it does not fit.
func (s *Service) move(ctx context.Context, a office.Actor, num string, p *Plan) (done passage, err error) {
	_, err = s.rerun(func() (*Outcome, error) {
		m, rules, err := s.load(ctx, office.Actor{System: true}, num)
		if err != nil || !runsBy(m, p) {
			done = passage{gone: true}
			return nil, err
		}
		act, misfits := s.movingAct(a, m, p, s.Now())
		if len(misfits) == 0 { // what has fallen due under the old version is recorded under it
			seen := m.Version
			if m, _, err = s.settle(ctx, m, rules); err != nil {
				return nil, err
			}
			if !runsBy(m, p) {
				done = passage{gone: true}
				return nil, nil
			}
			if m.Version != seen {
				act, misfits = s.movingAct(a, m, p, s.Now())
			}
		}
		done = passage{act: act, misfits: misfits}
		if len(misfits) > 0 {
			return nil, nil
		}
		e, err := NewEntry(act, Content{})
		if err != nil {
			return nil, err
		}
		c := s.change(m, e, p.To, nil)
		if len(p.Map.Drop) > 0 || !slices.Equal(m.Kept, c.Matter.Kept) {
			c.Tokens = SearchTokens(c.Matter)
		}
		done.migrated = true
		return s.commit(ctx, c)
	})
	return done, err
}

// eachRunning does work for every matter that runs by the old version, page by page, and notes what became of
// each. It answers false when it ran out of time.
func (s *Service) eachRunning(ctx context.Context, r *Rehearsal, o MigrationOptions, work func(num string) (passage, error)) (bool, error) {
	open := true
	q := Query{Scope: office.Actor{System: true}.ReadScope(s.Tree()), Procedure: r.From, Open: &open, Order: Newest, Limit: migrationPage}
	all, err := s.running(ctx, r.From)
	if err != nil {
		return false, err
	}
	done := int64(0)
	for {
		if !o.Until.IsZero() && s.Now().After(o.Until) {
			return false, nil
		}
		rows, next, err := s.Store.List(ctx, q)
		if err != nil {
			return false, storeError(err)
		}
		passages, err := sideBySide(rows, work)
		for _, p := range passages {
			r.note(p)
		}
		if err != nil {
			return false, err
		}
		if done += int64(len(rows)); o.Progress != nil {
			o.Progress(done, max(done, all))
		}
		if q.Cursor = next; next == "" {
			return true, nil
		}
	}
}

// sideBySide works on the matters of a page, many at once, and gives what became of those before the first
// fault, in their order.
func sideBySide(rows []Row, work func(num string) (passage, error)) ([]passage, error) {
	passages, errs := make([]passage, len(rows)), make([]error, len(rows))
	places := make(chan struct{}, migrationWorkers)
	var wg sync.WaitGroup
	for i, row := range rows {
		places <- struct{}{}
		wg.Go(func() {
			passages[i], errs[i] = work(row.Number)
			passages[i].num = row.Number
			<-places
		})
	}
	wg.Wait()
	var fault error
	for i := range passages {
		if errs[i] == nil {
			continue
		}
		passages[i].gone = true
		if fault == nil {
			fault = errs[i]
		}
	}
	return passages, fault
}

// note counts what became of one matter.
func (r *Rehearsal) note(p passage) {
	if p.gone {
		return
	}
	r.Matters++
	if p.migrated {
		r.Migrated++
	}
	if len(p.misfits) == 0 {
		r.Fit++
		if slices.ContainsFunc(p.act.Clocks, func(op ClockOp) bool { return op.WasDue != "" }) {
			r.Changed++
		}
		return
	}
	for _, m := range p.misfits {
		i := slices.IndexFunc(r.Unfit, func(u UnfitCount) bool { return u.Code == m.Code && u.Name == m.Name })
		if i < 0 {
			i = len(r.Unfit)
			r.Unfit = append(r.Unfit, UnfitCount{Misfit: m, Examples: []string{}})
		}
		u := &r.Unfit[i]
		u.Matters++
		if len(u.Examples) < maxExamples {
			u.Examples = append(u.Examples, p.num)
		}
	}
	slices.SortStableFunc(r.Unfit, func(a, b UnfitCount) int {
		return cmp.Or(cmp.Compare(b.Matters, a.Matters), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name))
	})
}

// running is how many matters run by a version now.
func (s *Service) running(ctx context.Context, key string) (n int64, err error) {
	counts, err := s.Store.Counts(ctx, office.Actor{System: true}.ReadScope(s.Tree()))
	for _, c := range counts {
		if c.Open && c.Procedure == key {
			n += c.N
		}
	}
	return n, storeError(err)
}
