package web

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// entryView is one line of a matter's history.
type entryView struct {
	Seq      int
	Time     string
	What     string
	Who      string
	State    string // after the act, when it changed
	Unit     string // when it changed
	Assignee string // when it changed
	Clocks   []string
	Subs     []subLine // opened or ended
	Content  contentView
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

// contentView is what was said, by and about whom.
type contentView struct {
	Title   string
	Fields  []fieldView
	Parties []partyView
	Note    string
}

// Empty reports whether there is nothing to show.
func (c contentView) Empty() bool {
	return c.Title == "" && len(c.Fields) == 0 && len(c.Parties) == 0 && c.Note == ""
}

type fieldView struct{ Label, Text string }

type partyView struct{ Role, Name, Phone, Address string }

// entryViews shows the history, oldest first. receipts is the address below which receipts are found;
// content tells whether the reader may see content at all.
func (v words) entryViews(f *casework.File, receipts string, content bool) []entryView {
	views := make([]entryView, len(f.Entries))
	var before casework.Act
	for i, e := range f.Entries {
		views[i] = v.entryView(f, e, before, content)
		views[i].Receipt = fmt.Sprintf("%s/%d", receipts, e.Act.Seq)
		views[i].Told, views[i].Issued = v.papers(f, e.Act.Seq, strings.TrimSuffix(receipts, "receipts")+"documents")
		before = e.Act
	}
	return views
}

func (v words) entryView(f *casework.File, e *casework.Entry, before casework.Act, content bool) entryView {
	act := &e.Act
	rules := f.RulesAt(act.Seq)
	p := rules.Procedure
	view := entryView{Seq: act.Seq, Time: v.recorded(act.Time, f.Rules.Location), Who: v.who(act.Actor, p),
		Rule: act.Rule, Content: v.content(e.Content, p), Fold: act.Kind == casework.Lodged, Subs: v.subLines(act, p)}
	if act.Parent != nil && act.Actor.As == "party" {
		view.Who = v.t("who.whole-party") // their role is one in the other matter
	}
	view.What, view.Remedy = v.what(act, p)
	if act.Migration != nil {
		view.Reason = act.Migration.Reason.In(v.lang)
	}
	if act.State != before.State {
		view.State = v.state(p, act.State)
	}
	if act.Unit != before.Unit {
		view.Unit = v.unit(act.Unit)
	}
	if act.Assignee != before.Assignee && act.Assignee != "" {
		view.Assignee = v.account(act.Assignee)
	}
	for _, op := range act.Clocks {
		by := rules
		if act.Kind == casework.Migrated && op.Op == "stop" {
			by = f.RulesAt(act.Seq - 1) // only the former version may know it
		}
		if s := v.clockOp(op, by); s != "" {
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

func (v words) what(act *casework.Act, p *procedure.Procedure) (what, remedy string) {
	switch act.Kind {
	case casework.Lodged:
		if act.Parent != nil {
			return v.t("entry.part"), ""
		}
		return v.t("entry.lodged"), ""
	case casework.Warned:
		return v.t("entry.warned"), ""
	case casework.Lapsed:
		return v.t("entry.lapsed"), ""
	case casework.SubEnded:
		return v.t("entry.sub-ended"), ""
	case casework.Recomputed:
		return v.t("entry.recomputed"), ""
	case casework.CodeAsked:
		return v.t("entry.code-asked"), ""
	case casework.CodeIssued:
		return v.t("entry.code-issued"), ""
	case casework.Corrected:
		if len(act.Names) > 0 {
			return v.t("entry.corrected", act.Names[0]), ""
		}
	case casework.Erased:
		return v.t("entry.erased"), ""
	case casework.Migrated:
		return v.t("entry.migrated", p.Title.In(v.lang), p.Version), ""
	}
	st := p.Step(act.Step)
	if st == nil {
		return act.Step, ""
	}
	if st.Adverse {
		remedy = st.Remedy.In(v.lang)
	}
	return st.Title.In(v.lang), remedy
}

func (v words) who(a casework.ActorRef, p *procedure.Procedure) string {
	switch a.As {
	case "staff":
		return v.account(a.Login)
	case "party":
		if r := p.PartyRole(a.Party); r != nil {
			return r.Title.In(v.lang)
		}
		return a.Party
	case "system":
		return v.t("who.system")
	}
	return v.t("who.resident")
}

func (v words) state(p *procedure.Procedure, name string) string {
	if st := p.State(name); st != nil {
		return st.Title.In(v.lang)
	}
	return name
}

// clockOp says what an act did to a clock. That all clocks stop at an end needs no words.
func (v words) clockOp(op casework.ClockOp, rules *casework.Rules) string {
	rule := rules.Procedure.Clock(cmp.Or(op.To, op.Clock))
	if rule == nil {
		return ""
	}
	title, due := rule.Title.In(v.lang), v.moment(op.Due, rules.Location)
	switch op.Op {
	case "start":
		return v.t("op.start", title, due)
	case "stop":
		return v.t("op.stop", title)
	case "suspend":
		return v.t("op.suspend", title)
	case "resume":
		return v.t("op.resume", title, due)
	case "extend":
		return v.t("op.extend", title, due)
	case "recompute":
		return v.t("op.recompute", title, due, v.moment(op.WasDue, rules.Location))
	case "warn", "lapse":
		return v.fellDue(op, title, rule.Responsible == procedure.ResponsibleParty, rules.Location)
	case "carry":
		switch {
		case op.WasDue != "":
			return v.t("op.carry-changed", title, v.moment(op.WasDue, rules.Location), due)
		case op.Due != "":
			return v.t("op.carry", title, due)
		}
		return v.t("op.carry-suspended", title)
	}
	return ""
}

// fellDue says that a clock will run out or has, and when that fell due, which may be before it was recorded. A
// party that lets its time pass is not late.
func (v words) fellDue(op casework.ClockOp, title string, party bool, loc *time.Location) string {
	unit, at := v.unit(op.Unit), v.recorded(op.At, loc)
	switch {
	case op.Op == "warn" && party:
		return v.t("op.warn-party", title, at)
	case op.Op == "warn":
		return v.t("op.warn", title, unit, at)
	case op.At == "": // recorded by an older program
		return v.t("op.lapse-old", title, unit)
	case party:
		return v.t("op.lapse-party", title, at)
	}
	return v.t("op.lapse", title, unit, at)
}

// content shows fields in the order the procedure declares them.
func (v words) content(c casework.Content, p *procedure.Procedure) contentView {
	view := contentView{Title: c.Title, Note: c.Note, Fields: v.fieldViews(p, c.Fields), Parties: v.partyViews(p, c.Parties)}
	return view
}

func (v words) fieldViews(p *procedure.Procedure, fields map[string]any) []fieldView {
	var views []fieldView
	for i := range p.Fields {
		fd := &p.Fields[i]
		if value, ok := fields[fd.Name]; ok {
			views = append(views, fieldView{Label: fd.Title.In(v.lang), Text: v.value(fd, value)})
		}
	}
	return views
}

func (v words) partyViews(p *procedure.Procedure, parties []casework.Party) []partyView {
	var views []partyView
	for _, party := range parties {
		role := party.Role
		if r := p.PartyRole(party.Role); r != nil {
			role = r.Title.In(v.lang)
		}
		views = append(views, partyView{Role: role, Name: party.Name, Phone: party.Phone, Address: party.Address})
	}
	return views
}
