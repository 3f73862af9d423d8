package casework

import (
	"context"

	"luoshi/internal/office"
)

// StepAll takes the same step in each of several matters, each as a command of its own under a key of its own: what is
// refused for one is done for the others. It answers in how many it was taken, and with what was refused.
func (s *Service) StepAll(ctx context.Context, a office.Actor, numbers []string, cmd StepCommand, key string) (taken int, refused []*Error) {
	cmd.Version = 0
	errs := make([]error, len(numbers))
	s.several(len(numbers), func(i int) {
		own := key
		if own != "" {
			own += " " + numbers[i]
		}
		_, errs[i] = s.TakeStep(ctx, a, numbers[i], cmd, own)
	})
	for _, err := range errs {
		if err != nil {
			refused = append(refused, AsError(err))
			continue
		}
		taken++
	}
	return taken, refused
}

// Meetings is the procedure by which offices call meetings.
const Meetings = "meeting"

// SeesMeetings reports whether the actor is staff of an office and meetings are in force.
func (s *Service) SeesMeetings(a office.Actor) bool {
	return a.Account != nil && s.Rules(Meetings) != nil && !a.ReadScope(s.Tree()).Content().Empty()
}
