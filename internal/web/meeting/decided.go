package meeting

import (
	"context"
	"encoding/json"

	"luoshi/internal/casework"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
)

// decidedView is how what a meeting decided goes on as directives.
type decidedView struct {
	Form   bool // a draft can be made
	None   bool // there is neither a report nor minutes yet
	Number string
	Unit   string
	Draft  string // address; "" when there is none
	Issued []issuedRow
}

// issuedRow is a directive that was issued from the meeting.
type issuedRow struct {
	Number, Path, Title, Unit string
	Light                     tag
}

// issuedFrom is what a draft says of itself that a meeting shows.
type issuedFrom struct {
	Issued []string `json:"issued"`
}

// decided finds the draft of a meeting and what was issued from it. It is nil for those who issue nothing.
func (s *Pages) decided(ctx context.Context, v words, a office.Actor, m *meetings.Meeting) (*decidedView, error) {
	f := m.File
	switch f.Matter.State {
	case "held", "minuted", "closed":
	default:
		return nil, nil
	}
	view := &decidedView{Number: f.Matter.Number, Unit: f.Matter.Unit, None: meetings.Decisions(f.Matter) == ""}
	d, err := s.Service.Draft(ctx, a, casework.Directives, meetings.DraftID(f.Matter.Number))
	if casework.KindOf(err) == casework.NotFound && err != nil {
		for _, unit := range s.Service.IssuingUnits(a, casework.Directives) {
			view.Form = view.Form || unit == f.Matter.Unit
		}
		if !view.Form {
			return nil, nil
		}
		return view, nil
	}
	if err != nil {
		return nil, err
	}
	view.Draft = "/desk/reports/" + d.ID
	var from issuedFrom
	if err := json.Unmarshal(d.Doc, &from); err != nil {
		return nil, err
	}
	trees, err := s.Service.Trees(ctx, a, from.Issued)
	for _, b := range trees {
		view.Issued = append(view.Issued, issuedRow{Number: b.Matter.Number, Path: "/desk/directives/" + b.Matter.Number,
			Title: b.Matter.Title, Unit: v.Unit(b.Matter.Unit), Light: v.light(b)})
	}
	return view, err
}

// light says how a directive stands, as a tag.
func (v words) light(b *casework.Branch) tag {
	switch {
	case b.Own == casework.LightEnded && b.Progress.Done:
		return tag{"good", v.T("directives.light-done")}
	case b.Own == casework.LightEnded:
		return tag{"plain", v.T("directives.light-gone")}
	case b.Own == casework.LightRed:
		return tag{"late", v.T("directives.light-late")}
	case b.Progress.Late > 0:
		return tag{"late", v.T("directives.light-below", b.Progress.Late)}
	case b.Own == casework.LightYellow || b.Progress.Soon > 0:
		return tag{"soon", v.T("directives.light-soon")}
	}
	return tag{"good", v.T("directives.light-good")}
}
