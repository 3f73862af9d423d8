package demo

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"luoshi/internal/casework"
)

// inFlight is how many changes may wait for the store at once; they share its transactions.
const inFlight = 256

// event is a move of one matter, or its lodging when it has no matter yet.
type event struct {
	move
	life *life
}

// queue holds what will happen, earliest first; at the same time the matter with the lower index goes first.
type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if c := q[i].at.Compare(q[j].at); c != 0 {
		return c < 0
	}
	return q[i].life.i < q[j].life.i
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(event)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	*q = (*q)[:last]
	return e
}

// runner plays the events in the order of their times. A verb is computed while no other is; the store writes
// the changes of many together.
type runner struct {
	*mover
	clock *Clock
	mark  mark
	queue queue

	slots chan struct{}
	wg    sync.WaitGroup
	mu    sync.Mutex
	fault error // the first; nothing new begins after it
}

func (r *runner) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault == nil {
		r.fault = err
	}
}

func (r *runner) failed() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault
}

// run plays everything up to the end of the simulated time.
func (r *runner) run(ctx context.Context, lives []*life, progress func(done, all int)) error {
	arrived, err := r.begin(ctx, lives)
	if err != nil {
		return err
	}
	for r.queue.Len() > 0 && r.failed() == nil && ctx.Err() == nil {
		e := heap.Pop(&r.queue).(event)
		if e.at.After(r.mark.Until) {
			break
		}
		if e.life.matter == nil {
			arrived++
			progress(arrived, len(lives))
		}
		r.play(ctx, e)
	}
	r.wg.Wait()
	return errors.Join(ctx.Err(), r.failed())
}

// result is what a verb answered.
type result struct {
	out *casework.Outcome
	err error
}

// play begins a verb, waits until its change is computed and plans what comes after it.
func (r *runner) play(ctx context.Context, e event) {
	l := e.life
	r.clock.Set(e.at)
	change, answer := make(chan *casework.Change, 1), make(chan result, 1)
	r.slots <- struct{}{}
	r.wg.Add(1)
	go func() {
		defer r.wg.Done()
		out, err := r.verb(announcing(ctx, change), e)
		if err != nil && ctx.Err() == nil {
			r.fail(fmt.Errorf("the %d. matter, %s at %s: %w", l.i, what(e), e.at.Format(time.DateTime), err))
		}
		answer <- result{out, err}
		<-r.slots
	}()
	select {
	case c := <-change:
		r.follow(l, c)
	case a := <-answer:
		select { // both may be ready
		case c := <-change:
			r.follow(l, c)
		default:
			if a.err == nil {
				r.fail(fmt.Errorf("the %d. matter, %s: nothing was written", l.i, what(e)))
			}
		}
	}
}

func what(e event) string {
	switch {
	case e.life.matter == nil:
		return "lodging by " + e.life.procedure.Key()
	case e.cmd.Step == "":
		return e.life.matter.Number + ", a clock runs out"
	}
	return e.life.matter.Number + ", step " + e.cmd.Step
}

func (r *runner) verb(ctx context.Context, e event) (*casework.Outcome, error) {
	l := e.life
	switch {
	case l.matter == nil:
		body, actor, story, err := lodging(r.seed, l.arrival, l.procedure, r.cast, r.hours.place)
		if err != nil {
			return nil, err
		}
		l.story = story // the runner reads it only after this verb has announced itself
		return r.service.Lodge(ctx, actor, body, fmt.Sprintf("demo %s %d", r.mark.Nonce, l.i))
	case e.cmd.Step == "":
		return r.service.Wake(ctx, l.matter.Number)
	}
	return r.service.TakeStep(ctx, e.actor, l.matter.Number, e.cmd, "")
}

// follow takes up what was done and puts what comes next into the queue.
func (r *runner) follow(l *life, c *casework.Change) {
	l.matter = c.Matter
	l.record(&c.Entry.Act)
	r.plan(l)
}

func (r *runner) plan(l *life) {
	if m, ok := r.next(l); ok {
		heap.Push(&r.queue, event{m, l})
	}
}
