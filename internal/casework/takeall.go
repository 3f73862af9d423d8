package casework

import (
	"context"

	"luoshi/internal/office"
)

// Took is what became of one of many matters in each of which the same step was to be taken.
type Took struct {
	Number string
	Seq    int    // of the entry
	Err    *Error // why it was not taken
}

// MaxTaken is how many matters TakeAll takes at once.
const MaxTaken = 2000

// TakeAll takes the same step in each of the matters. Each is a command of its own, under a key of its own: what is
// refused for one is done for the others.
func (s *Service) TakeAll(ctx context.Context, a office.Actor, numbers []string, cmd StepCommand, key string) ([]Took, error) {
	if len(numbers) > MaxTaken {
		return nil, invalid("matters", "too-many", "一次最多 2000 件。", "At most 2,000 matters can be taken at once.")
	}
	out := make([]Took, len(numbers))
	s.several(len(numbers), func(i int) {
		out[i].Number = numbers[i]
		own := key
		if own != "" {
			own += " " + numbers[i]
		}
		done, err := s.TakeStep(ctx, a, numbers[i], cmd, own)
		if err != nil {
			out[i].Err = AsError(err)
			return
		}
		out[i].Seq = done.Entry.Act.Seq
	})
	return out, nil
}

// Urge is the step, of directives and of invitations, by which the office that issued one reminds the office that has it.
const Urge = "urge"

// Urgent are the directives below a branch, and itself, that are late or due soon and of which the actor may remind now,
// the late ones first.
func (s *Service) Urgent(a office.Actor, b *Branch) []*Branch {
	var late, soon []*Branch
	b.Each(func(_ int, x *Branch) {
		if x.Own != LightRed && x.Own != LightYellow || !s.may(a, x, Urge) {
			return
		}
		if x.Own == LightRed {
			late = append(late, x)
		} else {
			soon = append(soon, x)
		}
	})
	all := append(late, soon...)
	return all[:min(len(all), MaxTaken)]
}

func (s *Service) may(a office.Actor, b *Branch, step string) bool {
	for _, st := range s.LawfulSteps(a, b.Matter) {
		if st.Name == step {
			return true
		}
	}
	return false
}

// Warnings are, of the matters of rows, those of which the system has recorded that a time of their office soon runs out,
// and that are not late: when that was recorded. Rows whose procedure warns of nothing are not read.
func (s *Service) Warnings(ctx context.Context, rows []Row) (map[string]string, error) {
	var numbers []string
	now := s.Now()
	for _, row := range rows {
		if rules := s.Rules(row.Procedure); row.Open && row.Due.After(now) && rules != nil && rules.warns() {
			numbers = append(numbers, row.Number)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	all, err := s.Store.Matters(ctx, numbers)
	if err != nil {
		return nil, storeError(err)
	}
	warned := map[string]string{}
	for num, m := range all {
		for i := range m.Clocks {
			if c := &m.Clocks[i]; c.Open() && c.duty() && c.Warned != "" && c.Lapsed == "" {
				warned[num] = max(warned[num], c.Warned)
			}
		}
	}
	return warned, nil
}

// warns reports whether a clock of the office has a warning.
func (r *Rules) warns() bool {
	for i := range r.Procedure.Clocks {
		if k := &r.Procedure.Clocks[i]; k.Warn != "" && k.Responsible != "party" {
			return true
		}
	}
	return false
}
