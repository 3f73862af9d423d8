package matter

import (
	"luoshi/internal/casework"
)

// ShownView is what is seen in a sub-matter of the matter that it is part of.
type ShownView struct {
	Title    string // of the procedure of the whole
	State    string
	Sentence string // where the whole stands, for everybody
	Fields   []FieldView
	Changed  string // when one of the fields last changed since this matter began; "" if none did
	Later    bool   // that was after the office that has this matter last acted
}

func (v Words) shown(of *casework.Shown, f *casework.File) *ShownView {
	p := of.Rules.Procedure
	view := &ShownView{Title: v.Say(p.Title), Later: of.Later}
	if of.State != nil {
		view.State, view.Sentence = v.Say(of.State.Title), v.Say(of.State.Public)
	}
	for _, fd := range of.Fields {
		value, ok := of.Values[fd.Name]
		switch {
		case ok:
			view.Fields = append(view.Fields, FieldView{Label: v.Say(fd.Title), Text: v.Value(fd, value), Files: v.fileViews(fd, value)})
		case of.Erased:
			view.Fields = append(view.Fields, FieldView{Label: v.Say(fd.Title), Text: v.T("whole.erased")})
		}
	}
	if of.Changed > f.Matter.Opened {
		view.Changed = v.Recorded(of.Changed, f.Rules.Location)
	}
	return view
}
