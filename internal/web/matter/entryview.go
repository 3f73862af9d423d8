package matter

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// EntryView is one line of a matter's history.
type EntryView struct {
	Seq      int
	Time     string
	What     string
	Who      string
	State    string // after the act, when it changed
	Onward   string // title of the other procedure in which the matter went on
	Unit     string // when it changed
	Assignee string // when it changed
	Clocks   []string
	Subs     []subLine // opened or ended
	Content  ContentView
	Fold     bool   // content is shown elsewhere on the page too
	Hidden   bool   // the reader may not see the content
	Erased   bool   // the content was erased
	Remedy   string // what the party can do about an adverse act
	Rule     string // under which content was erased
	Reason   string // why the rules changed
	Receipt  string // address
	Told     []toldView
	Issued   []issuedView
}

// ContentView is what was said, by and about whom.
type ContentView struct {
	Title   string
	Fields  []FieldView
	Parties []PartyView
	Note    string
}

// Empty reports whether there is nothing to show.
func (c ContentView) Empty() bool {
	return c.Title == "" && len(c.Fields) == 0 && len(c.Parties) == 0 && c.Note == ""
}

// FieldView is a fact with its name.
type FieldView struct {
	Label, Text string
	Files       []FileView // instead of Text
}

// PartyView is one of the people of a matter.
type PartyView struct{ Role, Name, Phone, Address string }

// EntryViews shows the history, oldest first. receipts is the address below which receipts are found;
// content tells whether the reader may see content at all.
func (v Words) EntryViews(f *casework.File, receipts string, content bool) []EntryView {
	views := make([]EntryView, len(f.Entries))
	var before casework.Act
	for i, e := range f.Entries {
		views[i] = v.entryView(f, e, before, content)
		views[i].Receipt = fmt.Sprintf("%s/%d", receipts, e.Act.Seq)
		views[i].Told, views[i].Issued = v.papers(f, e.Act.Seq, strings.TrimSuffix(receipts, "receipts")+"documents")
		before = e.Act
	}
	return views
}

func (v Words) entryView(f *casework.File, e *casework.Entry, before casework.Act, content bool) EntryView {
	act := &e.Act
	rules := f.RulesAt(act.Seq)
	p := rules.Procedure
	view := EntryView{Seq: act.Seq, Time: v.Recorded(act.Time, f.Rules.Location), Who: v.who(act.Actor, p),
		Rule: act.Rule, Content: v.Content(e.Content, p), Fold: act.Kind == casework.Lodged, Subs: v.subLines(act, p)}
	if act.Parent != nil && act.Actor.As == "party" {
		view.Who = v.T("who.whole-party") // their role is one in the other matter
	}
	view.What, view.Remedy = v.What(act, p)
	if act.Migration != nil {
		view.Reason = v.Say(act.Migration.Reason)
	}
	if act.State != before.State || act.Continues != nil {
		view.State = v.State(f.RulesAfter(e).Procedure, act.State)
	}
	if act.Continues != nil {
		v.onwardEntry(&view, f.RulesAfter(e).Procedure, &e.Content)
	}
	if act.Unit != before.Unit {
		view.Unit = v.Unit(act.Unit)
	}
	if act.Assignee != before.Assignee && act.Assignee != "" {
		view.Assignee = v.Account(act.Assignee)
	}
	by := rules
	for _, op := range act.Clocks {
		if act.Continues != nil && op.Op == "start" {
			by = f.RulesAfter(e) // from here on they are those of the other procedure
		}
		then := by
		if act.Kind == casework.Migrated && op.Op == "stop" {
			then = f.RulesAt(act.Seq - 1) // only the former version may know it
		}
		if s := v.clockOp(op, then); s != "" {
			view.Clocks = append(view.Clocks, s)
		}
	}
	if e.Erased() {
		view.Hidden = !content || !f.Viewer.Staff && officeOnly(p, act)
		view.Erased = !view.Hidden
	}
	return view
}

// officeOnly reports whether the procedure keeps the content of the act to the office.
func officeOnly(p *procedure.Procedure, act *casework.Act) bool {
	if act.Kind == casework.Lodged {
		return false
	}
	st := p.Step(act.Step)
	return st == nil || st.Visible == procedure.VisibleOffice
}

// What says in words what was done, and what a party can do against it.
func (v Words) What(act *casework.Act, p *procedure.Procedure) (what, remedy string) {
	switch act.Kind {
	case casework.Lodged:
		if act.Parent != nil {
			return v.T("entry.part"), ""
		}
		return v.T("entry.lodged"), ""
	case casework.Warned:
		return v.T("entry.warned"), ""
	case casework.Lapsed:
		return v.T("entry.lapsed"), ""
	case casework.SubEnded:
		return v.T("entry.sub-ended"), ""
	case casework.Recomputed:
		return v.T("entry.recomputed"), ""
	case casework.CodeAsked:
		return v.T("entry.code-asked"), ""
	case casework.CodeIssued:
		return v.T("entry.code-issued"), ""
	case casework.Corrected:
		if len(act.Names) > 0 {
			return v.T("entry.corrected", act.Names[0]), ""
		}
	case casework.Erased:
		return v.T("entry.erased"), ""
	case casework.Migrated:
		return v.T("entry.migrated", v.Say(p.Title), p.Version), ""
	}
	st := p.Step(act.Step)
	if st == nil {
		return act.Step, ""
	}
	if st.Adverse {
		remedy = v.Say(st.Remedy)
	}
	return v.Say(st.Title), remedy
}

func (v Words) who(a casework.ActorRef, p *procedure.Procedure) string {
	switch a.As {
	case "staff":
		return v.Account(a.Login)
	case "party":
		if r := p.PartyRole(a.Party); r != nil {
			return v.Say(r.Title)
		}
		return a.Party
	case "system":
		return v.T("who.system")
	}
	return v.T("who.resident")
}

// State is the title of a state.
func (v Words) State(p *procedure.Procedure, name string) string {
	if st := p.State(name); st != nil {
		return v.Say(st.Title)
	}
	return name
}

// clockOp says what an act did to a clock. That all clocks stop at an end needs no words.
func (v Words) clockOp(op casework.ClockOp, rules *casework.Rules) string {
	rule := rules.Procedure.Clock(cmp.Or(op.To, op.Clock))
	if rule == nil {
		return ""
	}
	title, due := v.Say(rule.Title), v.Moment(op.Due, rules.Location)
	switch op.Op {
	case "start":
		return v.T("op.start", title, due)
	case "stop":
		return v.T("op.stop", title)
	case "suspend":
		return v.T("op.suspend", title)
	case "resume":
		return v.T("op.resume", title, due)
	case "extend":
		return v.T("op.extend", title, due)
	case "recompute":
		return v.T("op.recompute", title, due, v.Moment(op.WasDue, rules.Location))
	case "warn", "lapse":
		return v.fellDue(op, title, rule.Responsible == procedure.ResponsibleParty, rules.Location)
	case "carry":
		switch {
		case op.WasDue != "":
			return v.T("op.carry-changed", title, v.Moment(op.WasDue, rules.Location), due)
		case op.Due != "":
			return v.T("op.carry", title, due)
		}
		return v.T("op.carry-suspended", title)
	}
	return ""
}

// fellDue says that a clock will run out or has, and when that fell due, which may be before it was recorded. A
// party that lets its time pass is not late.
func (v Words) fellDue(op casework.ClockOp, title string, party bool, loc *time.Location) string {
	unit, at := v.Unit(op.Unit), v.Recorded(op.At, loc)
	switch {
	case op.Op == "warn" && party:
		return v.T("op.warn-party", title, at)
	case op.Op == "warn":
		return v.T("op.warn", title, unit, at)
	case op.At == "": // recorded by an older program
		return v.T("op.lapse-old", title, unit)
	case party:
		return v.T("op.lapse-party", title, at)
	}
	return v.T("op.lapse", title, unit, at)
}

// Content shows fields in the order the procedure declares them.
func (v Words) Content(c casework.Content, p *procedure.Procedure) ContentView {
	view := ContentView{Title: c.Title, Note: c.Note, Fields: v.FieldViews(p, c.Fields), Parties: v.partyViews(p, c.Parties)}
	return view
}

// FieldViews are the declared fields that have a value, in the order of the declaration.
func (v Words) FieldViews(p *procedure.Procedure, fields map[string]any) []FieldView {
	var views []FieldView
	for i := range p.Fields {
		fd := &p.Fields[i]
		if value, ok := fields[fd.Name]; ok {
			views = append(views, FieldView{Label: v.Say(fd.Title), Text: v.Value(fd, value), Files: v.fileViews(fd, value)})
		}
	}
	return views
}

func (v Words) partyViews(p *procedure.Procedure, parties []casework.Party) []PartyView {
	var views []PartyView
	for _, party := range parties {
		role := party.Role
		if r := p.PartyRole(party.Role); r != nil {
			role = v.Say(r.Title)
		}
		views = append(views, PartyView{Role: role, Name: party.Name, Phone: party.Phone, Address: party.Address})
	}
	return views
}
