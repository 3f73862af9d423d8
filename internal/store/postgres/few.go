package postgres

import (
	"context"

	"luoshi/internal/number"
)

// When hardly any of the matters are such as asked for (a rare state, one person's), their numbers are
// collected first and looked for in the index of words. A number costs far less than a look at a matter.
const (
	firstFew = 256  // collected numbers that are looked for at first
	collect  = 5000 // numbers that are collected at once
)

// byMatters looks for the words in those matters that are in the places, or one person's.
func (s *search) byMatters(ctx context.Context) error {
	span := s.among.All // numbers that are searched for matters; half of what should hold enough, for they lie unevenly
	if s.among.Matching > collect {
		span = collect * s.among.All / s.among.Matching / 2
	}
	portion := float64(firstFew)
	for s.missing() > 0 {
		more, err := s.begin(ctx)
		if err != nil || !more {
			return err
		}
		ids, err := s.collect(ctx, span)
		if err != nil {
			return err
		}
		if len(ids) < collect/4 {
			span = wider(span)
		}
		for len(ids) > 0 && s.missing() > 0 {
			n := min(len(ids), int(portion))
			hits, err := s.numbers(ctx, "list-search-few", n, s.l.Tokens, s.places(ids[n-1], ids[0]+1), ids[:n])
			if err != nil {
				return err
			}
			if len(hits) > 0 {
				if err := s.look(ctx, hits); err != nil {
					return err
				}
			}
			ids, portion = ids[n:], portion*s.growth(len(hits))
		}
	}
	return nil
}

// wider is the span after one that held hardly any such matters. A year's numbers are the most that are collected
// at once.
func wider(span int64) int64 { return 4 * min(span, number.FirstID(1)/4) }

// collect gives the next matters that are in the places, or one person's, newest first.
func (s *search) collect(ctx context.Context, span int64) (ids []int64, err error) {
	low := int64(0)
	if s.l.Assignee != "" {
		ids, err = s.numbers(ctx, "list-search-assignee", collect, low, s.high, s.l.Assignee)
	} else {
		if s.among.Matching > collect {
			low = max(s.high-span, yearOf(s.high-1))
		}
		var units, procedures, states []string
		for p := range s.among.Places {
			units, procedures, states = append(units, p.Unit), append(procedures, p.Procedure), append(states, p.State)
		}
		ids, err = s.numbers(ctx, "list-search-places", collect, low, s.high, units, procedures, states)
	}
	if s.high = low; len(ids) == collect {
		s.high = ids[collect-1]
	}
	return ids, err
}
