package casework

import (
	"context"
	"math"
	"slices"
	"time"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Progress is how far a matter has come by the roll-up of its procedure, counted over all its parts.
type Progress struct {
	Percent int     `json:"percent"`          // 0 to 100
	Done    bool    `json:"done"`             // it has ended as its procedure calls done
	Gone    bool    `json:"gone,omitempty"`   // it has ended elsewhere and does not count
	Number  float64 `json:"number,omitempty"` // reported by it and its parts together, where numbers are added up
	Target  float64 `json:"target,omitempty"` // what the number is to reach
	Parts   int     `json:"parts,omitempty"`  // that count, at all levels
	Ended   int     `json:"ended,omitempty"`  // of those, the ones that are done
	Late    int     `json:"late,omitempty"`   // of itself and all below that have not ended: past a day on which they had to be done
	Soon    int     `json:"soon,omitempty"`   // of them: warned of
}

// Branch is a matter with its sub-matters.
type Branch struct {
	Matter   *Matter
	Rules    *Rules
	Sub      string // what the whole calls it; empty for the first
	Progress Progress
	Own      Light     // of the matter alone
	Parts    []*Branch // in the order in which they were opened
	Hidden   int       // sub-matters counted in Progress that the reader may not see
}

// Light says how a matter stands against its clocks.
type Light string

// The lights. A clock of the unit that issued the matter is not that of the unit that has it.
const (
	LightEnded  Light = "ended"
	LightGreen  Light = "green"
	LightYellow Light = "yellow" // a warning fell due
	LightRed    Light = "red"    // a time ran out
)

// nearDays is how near the last day of a directive is when its light turns yellow without a warning.
const nearDays = 3 * 24 * time.Hour

// MaxTree bounds the matters that are read for a tree.
const MaxTree = 20_000

// Trees reads matters with everything below them and counts how far they have come. Matters that the actor may not
// read are left out.
func (s *Service) Trees(ctx context.Context, a office.Actor, numbers []string) ([]*Branch, error) {
	scope := a.ReadScope(s.Tree()).Content()
	roots, err := s.branches(ctx, numbers)
	if err != nil {
		return nil, err
	}
	roots = slices.DeleteFunc(roots, func(b *Branch) bool { return !scope.Covers(b.Matter.Unit, b.Matter.Number) })
	read := len(roots)
	for level := roots; len(level) > 0; {
		if level, err = s.nextLevel(ctx, level); err != nil {
			return nil, err
		}
		if read += len(level); read > MaxTree {
			return nil, fail(Invalid, "too-many", "下级事项太多，请一件一件看。", "There are too many parts; look at one at a time.")
		}
	}
	now := s.Now()
	for _, b := range roots {
		b.count(now)
		b.limit(scope)
	}
	return roots, nil
}

// branches reads matters in the given order.
func (s *Service) branches(ctx context.Context, numbers []string) ([]*Branch, error) {
	all, err := s.Store.Matters(ctx, numbers)
	if err != nil {
		return nil, storeError(err)
	}
	var out []*Branch
	for _, num := range numbers {
		m := all[num]
		if m == nil {
			continue
		}
		rules, err := s.rulesOf(ctx, m)
		if err != nil {
			return nil, err
		}
		out = append(out, &Branch{Matter: m, Rules: rules})
	}
	return out, nil
}

// nextLevel reads the sub-matters of the branches.
func (s *Service) nextLevel(ctx context.Context, level []*Branch) ([]*Branch, error) {
	type place struct {
		whole *Branch
		sub   string
	}
	var numbers []string
	places := map[string]place{}
	for _, b := range level {
		for _, part := range b.Matter.Subs {
			if _, twice := places[part.Number]; !twice {
				numbers = append(numbers, part.Number)
				places[part.Number] = place{b, part.Name}
			}
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	below, err := s.branches(ctx, numbers)
	for _, b := range below {
		at := places[b.Matter.Number]
		b.Sub = at.sub
		at.whole.Parts = append(at.whole.Parts, b)
	}
	return below, err
}

// count works out the progress of a branch from below.
func (b *Branch) count(now time.Time) {
	for _, part := range b.Parts {
		part.count(now)
	}
	b.Own = b.light(now)
	b.Progress = b.rolled()
	switch b.Own {
	case LightRed:
		b.Progress.Late++
	case LightYellow:
		b.Progress.Soon++
	}
	for _, part := range b.Parts {
		b.Progress.Late += part.Progress.Late
		b.Progress.Soon += part.Progress.Soon
	}
}

// light is how the matter alone stands.
func (b *Branch) light(now time.Time) Light {
	if b.Matter.Ended != "" {
		return LightEnded
	}
	light := LightGreen
	for i := range b.Matter.Clocks {
		c := &b.Matter.Clocks[i]
		if !c.duty() || !c.Open() {
			continue
		}
		if c.Lapsed != "" || late(b.Rules, *c, now) {
			return LightRed
		}
		// A day so near that nobody was warned of it: whoever set it knew, and who looks at many may not.
		near := c.Until != "" && c.DueAt(b.Rules.Location).Before(now.Add(nearDays))
		if warn := c.WarnAt(b.Rules.Location); near || c.Warned != "" || !warn.IsZero() && !warn.After(now) {
			light = LightYellow
		}
	}
	return light
}

// LastDay is when the matter has to be done, or, when that clock does not run, what is due next of the unit that has it;
// zero for nothing.
func (b *Branch) LastDay() time.Time {
	for i := range b.Matter.Clocks {
		if c := &b.Matter.Clocks[i]; c.Until != "" && c.Open() && !b.Matter.Foreign(c) {
			return c.DueAt(b.Rules.Location)
		}
	}
	return b.Matter.NextDueAt(b.Rules.Location)
}

// rolled is the progress by the rule of the procedure; without one, that nothing is known.
func (b *Branch) rolled() Progress {
	r := b.Rules.Procedure.Rollup
	if r == nil {
		return Progress{Done: b.Matter.Ended != ""}
	}
	m := b.Matter
	p := Progress{Done: m.Ended != "" && slices.Contains(r.Done, m.State), Number: amount(m.Fields[r.Number]), Target: amount(m.Fields[r.Target])}
	p.Gone = m.Ended != "" && !p.Done
	var parts []*Branch
	for _, part := range b.Parts {
		if slices.Contains(r.Subs, part.Sub) && !part.Progress.Gone {
			parts = append(parts, part)
			p.Parts += 1 + part.Progress.Parts
			p.Ended += part.Progress.Ended
			if part.Progress.Done {
				p.Ended++
			}
			p.Number += part.Progress.Number
		}
	}
	p.Percent = b.percent(r, parts, &p)
	if p.Done {
		p.Percent = 100
	}
	return p
}

func (b *Branch) percent(r *procedure.Rollup, parts []*Branch, p *Progress) int {
	rule := r.RuleFor(b.Matter.Fields)
	switch {
	case rule == procedure.RollSum && p.Target > 0:
		return bounded(100 * p.Number / p.Target)
	case len(parts) == 0 || rule == procedure.RollSum:
		return bounded(amount(b.Matter.Fields[r.Progress]))
	}
	var sum, weights float64
	for _, part := range parts {
		if rule == procedure.RollAll {
			weights++
			if part.Progress.Done {
				sum += 100
			}
			continue
		}
		weight := part.weight()
		weights += weight
		sum += weight * float64(part.Progress.Percent)
	}
	return bounded(sum / weights)
}

// weight is how much a part counts in its whole.
func (b *Branch) weight() float64 {
	if r := b.Rules.Procedure.Rollup; r != nil && r.Weight != "" {
		if w := amount(b.Matter.Fields[r.Weight]); w > 0 {
			return w
		}
	}
	return 1
}

// bounded is a percentage rounded down, so that what is not done never shows as 100.
func bounded(percent float64) int { return int(math.Floor(min(max(percent, 0), 100))) }

// amount is the value of a field as a number; 0 for none. Stored matters come back from JSON with one kind of number.
func amount(value any) float64 {
	switch v := value.(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	}
	return 0
}

// limit takes out of the branch what the reader may not see; it stays counted.
func (b *Branch) limit(scope office.Scope) {
	b.Parts = slices.DeleteFunc(b.Parts, func(part *Branch) bool {
		hidden := !scope.Covers(part.Matter.Unit, part.Matter.Number)
		if hidden {
			b.Hidden++
		}
		return hidden
	})
	for _, part := range b.Parts {
		part.limit(scope)
	}
}
