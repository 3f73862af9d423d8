package demo

import (
	"container/heap"
	"context"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// begin puts the first event of every matter into the queue, and answers how many matters an earlier filling
// has lodged: those go on as they stand.
func (r *runner) begin(ctx context.Context, lives []*life) (int, error) {
	known, err := r.known(ctx)
	if err != nil {
		return 0, err
	}
	arrived := 0
	for _, l := range lives {
		found := false
		if len(known) > 0 {
			if found, err = r.resume(ctx, l, known); err != nil {
				return 0, err
			}
		}
		if found {
			arrived++
			r.plan(l)
		} else {
			heap.Push(&r.queue, event{move: move{at: l.at}, life: l})
		}
	}
	return arrived, nil
}

// sign is by what a matter is known again. Its number is no sign: who comes after an interruption gets another.
type sign struct {
	opened int64 // milliseconds since 1970
	title  string
}

// known are the numbers of the matters that are there already.
func (r *runner) known(ctx context.Context) (map[sign]string, error) {
	known := map[sign]string{}
	for cursor := ""; ; {
		q := casework.Query{Order: casework.Newest, Limit: 200, Cursor: cursor}
		rows, next, err := r.service.List(ctx, office.Actor{System: true}, q, "")
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			known[sign{row.Opened.UnixMilli(), row.Title}] = row.Number
		}
		if cursor = next; cursor == "" {
			return known, nil
		}
	}
}

// resume takes up a matter as it stands; false when it is not lodged yet.
func (r *runner) resume(ctx context.Context, l *life, known map[sign]string) (bool, error) {
	body, _, story, err := lodging(r.seed, l.arrival, l.procedure, r.cast, r.hours.place)
	if err != nil {
		return false, err
	}
	number, ok := known[sign{l.at.Truncate(time.Millisecond).UnixMilli(), body.Title}]
	if !ok {
		return false, nil
	}
	entries, err := r.service.Store.Entries(ctx, number)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		l.record(&e.Act)
	}
	l.story = story
	l.matter, err = r.service.Store.Matter(ctx, number)
	return true, err
}
