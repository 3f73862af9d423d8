package meeting

import (
	"context"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// EntryOf is the meeting of a number as it stands in the list of the office that has it: that of the meeting, or of an
// invitation. One that the actor may not read with its content is NotFound.
func EntryOf(ctx context.Context, s *casework.Service, a office.Actor, number string) (Entry, error) {
	branches, err := s.Branches(ctx, a, []string{number})
	if err != nil {
		return Entry{}, err
	}
	if len(branches) == 0 || branches[0].Rules.Procedure.ID != Procedure && branches[0].Rules.Procedure.ID != Invited {
		return Entry{}, &casework.Error{Kind: casework.NotFound, Code: "no-such-meeting",
			Text: procedure.Text{"zh": "没有这个会议，或者您无权查看。", "en": "There is no such meeting, or it is not yours to see."}}
	}
	shown, err := s.ShownIn(ctx, a, branches)
	return entry(branches[0], branches[0].Matter.Unit, shown[branches[0].Matter.Number]), err
}

// ArrivalsIn are those that the history of an invitation has.
func ArrivalsIn(history []*casework.Entry) []Arrival {
	var inv Invitation
	for _, e := range history {
		if e.Act.Kind == casework.Stepped {
			inv.take(e)
		}
	}
	return inv.Arrivals
}
