package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"luoshi/internal/casework"
)

// ahead bounds how many rows are read and not yet done: what the run holds in memory.
const ahead = 4096

// chunk is how many rows are planned together, so that the offices they name are made in one transaction.
const chunk = 1024

// fate is what became of a row.
type fate struct {
	task   task
	kind   fateKind
	reason string // of a rejection
	err    error  // stops the run: the row's turn comes again in the next one
}

type fateKind int

const (
	imported fateKind = iota
	rejected
	skipped
	stopped
)

// Stopped says that a run ended early and what to do. What was done before stays done.
type Stopped struct {
	Row   int // the first that was not done
	Cause error
}

func (e *Stopped) Error() string {
	return fmt.Sprintf("stopped before row %d: %v; run the same command again to go on from there", e.Row, e.Cause)
}

// Unwrap gives the cause.
func (e *Stopped) Unwrap() error { return e.Cause }

// Run imports the rows. Rows are carried out by many workers at once, so that their changes share
// transactions; the steps of one row follow one another. A row that cannot be taken is rejected and the run
// goes on. When the store can take nothing more or ctx ends, the error is a *Stopped; the result counts
// what was done.
func (m *Import) Run(ctx context.Context) (Result, error) {
	began := time.Now()
	out, err := newRejects(m.options.Rejects, m.table.Columns)
	if err != nil {
		return Result{}, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	window := make(chan struct{}, ahead)
	tasks := make(chan task, chunk)
	fates := make(chan fate, chunk)
	var readErr error
	go func() {
		defer close(tasks)
		readErr = m.read(ctx, window, tasks)
	}()
	go func() {
		m.work(ctx, tasks, fates)
		close(fates)
	}()

	c := collector{m: m, out: out, window: window, stop: stop}
	c.collect(fates)
	if err := out.close(); err != nil && c.failed == nil {
		c.failed = err
	}
	r := c.result
	r.Took = time.Since(began)
	r.Root = m.offices.root
	r.Unseen = unseen(m.service, r.Root, m.actor.Account.Login)
	switch {
	case c.failed != nil:
		return r, &Stopped{c.row + 1, c.failed}
	case readErr != nil:
		return r, &Stopped{c.row + 1, readErr}
	}
	return r, nil
}

// read plans the rows of the file, chunk by chunk, and hands them to the workers.
func (m *Import) read(ctx context.Context, window chan struct{}, tasks chan<- task) error {
	for first, end := 0, false; !end; first += chunk {
		planned, err := m.plan(ctx, first)
		if err != nil {
			return err
		}
		for _, t := range planned {
			select {
			case window <- struct{}{}:
				tasks <- t
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		end = len(planned) < chunk
	}
	return nil
}

// plan reads the chunk of rows that begins at first, counted from 0, and makes the offices they name. It is
// shorter than a chunk only at the end.
func (m *Import) plan(ctx context.Context, first int) ([]task, error) {
	planned := make([]task, 0, chunk)
	content := newSummary()
	for len(planned) < chunk && (m.options.Limit == 0 || first+len(planned) < m.options.Limit) {
		row, err := m.table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading the CSV file: %w", err)
		}
		t := m.bound.plan(row, m.offices, m.service.Now())
		t.seq = first + len(planned)
		content.add(row)
		planned = append(planned, t)
	}
	if len(planned) == 0 {
		return nil, nil
	}
	if sum := content.sum(); m.marks.known(ctx, first, sum) {
		for i := range planned {
			planned[i].known = true
		}
	} else {
		last := &planned[len(planned)-1]
		last.chunk, last.first = sum, first
	}
	return planned, m.offices.make(ctx)
}

func (m *Import) work(ctx context.Context, tasks <-chan task, fates chan<- fate) {
	var workers sync.WaitGroup
	for range m.options.Workers {
		workers.Go(func() {
			for t := range tasks {
				if ctx.Err() != nil {
					fates <- fate{task: t, kind: stopped, err: context.Cause(ctx)}
					continue
				}
				// A row that was begun is brought to its end: stopping is for the rows after it.
				fates <- m.carryOut(context.WithoutCancel(ctx), t)
			}
		})
	}
	workers.Wait()
}

// carryOut lodges a row and takes its steps. Each act carries its own idempotency key, so that a row is
// taken up where an earlier run left it.
func (m *Import) carryOut(ctx context.Context, t task) fate {
	switch {
	case t.reject != "":
		return fate{task: t, kind: rejected, reason: t.reject}
	case t.skip, t.known:
		return fate{task: t, kind: skipped}
	}
	out, err := m.service.Lodge(ctx, m.actor, t.lodging, t.key)
	if err != nil {
		return failed(t, "", err)
	}
	did := fate{task: t, kind: skipped}
	if !out.Repeated {
		did.kind = imported
	}
	num := out.Matter.Number
	if out.Repeated && len(t.steps) > 0 {
		// What has ended needs no further step; asking for each would read its history as often.
		if now, err := m.service.Store.Matter(ctx, num); err == nil && now.Ended != "" {
			return did
		}
	}
	for i, step := range t.steps {
		out, err := m.service.TakeStep(ctx, m.actor, num, step, fmt.Sprintf("%s step %d %s", t.key, i+1, step.Step))
		if err != nil {
			return failed(t, fmt.Sprintf("lodged as %s, but not step %s: ", num, step.Step), err)
		}
		if !out.Repeated {
			did.kind = imported
		}
	}
	return did
}

// failed tells a fault of the row, which is rejected, from one of the store, which stops the run.
func failed(t task, before string, err error) fate {
	switch e := casework.AsError(err); e.Kind {
	case casework.Invalid, casework.NotAllowed, casework.NotFound, casework.Conflict:
		return fate{task: t, kind: rejected, reason: before + e.Error()}
	case casework.KeyReused:
		return fate{task: t, kind: rejected, reason: before +
			"a row with this identity was imported before with other content; the row or the mapping has changed since"}
	default:
		return fate{task: t, kind: stopped, err: err}
	}
}

// collector counts fates in the order of the file.
type collector struct {
	m      *Import
	out    *rejects
	window chan struct{}
	stop   context.CancelCauseFunc
	result Result
	row    int // number of the last row that is done with all before it
	failed error
	unsure bool // a row of this chunk was rejected for what may be otherwise in the next run
}

func (c *collector) collect(fates <-chan fate) {
	waiting := map[int]fate{} // at most `ahead`: the window opens only in the order of the file
	next := 0
	for f := range fates {
		if f.kind == stopped {
			c.stop(f.err)
		}
		waiting[f.task.seq] = f
		for f, ok := waiting[next]; ok; f, ok = waiting[next] {
			delete(waiting, next)
			next++
			<-c.window
			c.count(f)
		}
	}
}

func (c *collector) count(f fate) {
	if f.kind == stopped {
		if c.failed == nil {
			c.failed = f.err
		}
		return
	}
	r := &c.result
	r.Rows++
	switch f.kind {
	case imported:
		r.Imported++
	case skipped:
		r.Skipped++
	case rejected:
		r.Rejected++
		c.unsure = c.unsure || f.task.unsure || f.task.reject == ""
		if err := c.out.add(f.task.row, f.reason); err != nil && c.failed == nil {
			c.failed = fmt.Errorf("writing the file of rejects: %w", err)
			c.stop(c.failed)
		}
	}
	if c.failed == nil {
		c.row = f.task.row.Number
	}
	c.mark(f.task)
	if c.m.options.Progress != nil {
		c.m.options.Progress(f.task.row.Offset, r.Rows)
	}
}

// mark notes at the last row of a chunk that all of it is done.
func (c *collector) mark(t task) {
	if t.chunk == "" {
		return
	}
	if !c.unsure && c.failed == nil {
		if err := c.m.marks.put(context.Background(), t.first, t.chunk); err != nil {
			c.failed = err
			c.stop(err)
		}
	}
	c.unsure = false
}
