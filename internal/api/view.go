package api

import (
	"encoding/json"
	"time"

	"luoshi/internal/calendar"
	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/procedure"
)

// Clock is a clock as shown: its dates with the computation.
type Clock struct {
	Name            string          `json:"name"`
	Title           string          `json:"title"`
	Status          string          `json:"status" enum:"running,suspended,stopped"`
	Running         bool            `json:"running"`
	Target          string          `json:"target" doc:"end after suspension and extension, before rolling; empty while suspended"`
	Due             string          `json:"due" doc:"legal end, rolled"`
	Provisional     bool            `json:"provisional" doc:"a day counted lies in a year whose holidays are not published"`
	Calendar        string          `json:"calendar" doc:"version of the calendar by which the dates were computed, see /v1/calendars"`
	Warn            string          `json:"warn,omitempty" doc:"when its warning falls due"`
	Warned          string          `json:"warned,omitempty" doc:"when its warning was recorded"`
	Late            bool            `json:"late"`
	ResponsibleUnit string          `json:"responsible_unit"`
	Basis           procedure.Basis `json:"basis"`
	Explanation     []calendar.Line `json:"explanation"`
	Why             []Cause         `json:"why,omitempty" doc:"why it stood still or was extended, as recorded; in the explanation too"`
}

// Cause is why a clock stood still or was extended.
type Cause struct {
	Op     string `json:"op" enum:"suspend,extend"`
	Seq    int    `json:"seq" doc:"of the entry"`
	Reason string `json:"reason,omitempty" doc:"what the procedure says"`
	Field  string `json:"field,omitempty" doc:"field with the proof or the reason"`
	Value  any    `json:"value,omitempty"`
}

// clocks shows the clocks of a matter. by gives the rules that a clock runs or ran by; late is as of now.
func clocks(m *casework.Matter, by func(*casework.Clock) *casework.Rules, lang string, now time.Time) ([]Clock, error) {
	out := make([]Clock, 0, len(m.Clocks))
	for i := range m.Clocks {
		c := &m.Clocks[i]
		rules := by(c)
		rule := rules.Procedure.Clock(c.Name)
		_, lines, err := rules.Explain(rule, c, lang)
		if err != nil {
			return nil, err
		}
		end := c.DueAt(rules.Location)
		out = append(out, Clock{Name: c.Name, Title: rule.Title.In(lang), Status: c.Status, Running: c.Status == casework.Running,
			Target: c.Target, Due: c.Due, Provisional: rules.Unsure(c), Calendar: c.Calendar,
			Warn: c.Warn, Warned: c.Warned, Late: c.Lapsed != "" || !end.IsZero() && !end.After(now),
			ResponsibleUnit: m.Responsible(c), Basis: rules.InForce(rule, c).Basis, Explanation: lines})
	}
	return out, nil
}

// whyClocks adds why clocks stood still or were extended.
func whyClocks(views []Clock, f *casework.File, lang string) {
	for i := range views {
		if f.Matter.Foreign(&f.Matter.Clocks[i]) {
			continue
		}
		for _, c := range f.Causes(views[i].Name) {
			cause := Cause{Op: c.Op, Seq: c.Seq, Reason: c.Reason.In(lang), Value: c.Value}
			if c.Field != nil {
				cause.Field = c.Field.Name
			}
			views[i].Why = append(views[i].Why, cause)
			views[i].Explanation = append(views[i].Explanation, c.Line(lang))
		}
	}
}

// Receipt is a receipt as its own JSON, see doc/log-format.md.
type Receipt = json.RawMessage

func receiptJSON(r *ledger.Receipt) (Receipt, error) {
	b, err := r.JSON()
	return b, err
}

// Recorded answers an act that was recorded: it is durable when this is sent.
type Recorded struct {
	MatterState
	Procedure string          `json:"procedure"`
	Seq       int             `json:"seq" doc:"sequence number of the entry within the matter"`
	QueryCode string          `json:"query_code,omitempty" doc:"shown this once: with the number it lets the party follow the matter"`
	Receipt   *ledger.Receipt `json:"receipt" doc:"see doc/log-format.md"`
	Clocks    []Clock         `json:"clocks"`
	Opened    *Opened         `json:"opened,omitempty" doc:"the sub-matter that was opened with it"`
	Each      []*Opened       `json:"opened_each,omitempty" doc:"those that were opened at several offices"`
}

func (a *API) recorded(out *casework.Outcome, lang string) (*Recorded, error) {
	m := out.Matter
	recorded, err := time.Parse(time.RFC3339, out.Entry.Act.Time)
	if err != nil {
		return nil, err
	}
	cl, err := clocks(m, func(c *casework.Clock) *casework.Rules { return a.Service.Rules(m.RulesOf(c)) }, lang, recorded) // as of then, so that a repeat answers the same
	if err != nil {
		return nil, err
	}
	return &Recorded{MatterState: MatterState{m.Number, m.Version, m.State, m.Unit, m.Assignee, m.Changed}, Procedure: m.Procedure,
		Seq: out.Entry.Act.Seq, QueryCode: out.Code, Receipt: out.Receipt, Clocks: cl, Opened: opened(out.Opened), Each: openedEach(out.Each)}, nil
}

// Step is a lawful next step.
type Step struct {
	Name    string               `json:"name"`
	Title   string               `json:"title"`
	To      string               `json:"to,omitempty"`
	Note    string               `json:"note"`
	Fields  []procedure.FieldUse `json:"fields,omitempty"`
	Assign  string               `json:"assign,omitempty"`
	Refer   string               `json:"refer,omitempty"`
	Adverse bool                 `json:"adverse,omitempty"`
	Opens   *StepOpens           `json:"opens,omitempty" doc:"the sub-matter that it opens"`
	Tells   []StepTells          `json:"tells,omitempty" doc:"what the system then does in sub-matters that have not ended, where it is lawful"`
	Onward  *StepOnward          `json:"onward,omitempty" doc:"the procedure in which the matter goes on with it, and what that asks for"`
}

// Withheld is a step that the reader could take if its condition held.
type Withheld struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Reason string `json:"reason" doc:"why it cannot be taken now"`
}

// Entry is one entry of the history, as far as the reader may see it.
type Entry struct {
	Seq     int                 `json:"seq"`
	Time    string              `json:"time"`
	Kind    casework.Kind       `json:"kind"`
	Step    string              `json:"step,omitempty"`
	Title   string              `json:"title,omitempty"`
	Actor   casework.ActorRef   `json:"actor"`
	State   string              `json:"state"`
	Unit    string              `json:"unit"`
	Names   []int               `json:"names,omitempty"`
	Opens   *SubLink            `json:"opens,omitempty" doc:"the sub-matter that it opened"`
	Each    []*SubLink          `json:"opens_each,omitempty" doc:"those that it opened at several offices"`
	Ended   *SubLink            `json:"ended,omitempty" doc:"the sub-matter whose end it records"`
	EndEach []*SubLink          `json:"ended_each,omitempty" doc:"those that ended with it, by what it told them"`
	Rule    string              `json:"rule,omitempty"`
	Version string              `json:"procedure,omitempty" doc:"the version of the procedure, where the entry sets it"`
	Moved   *casework.Migration `json:"migration,omitempty" doc:"how the matter came under another version"`
	Onward  *casework.Passage   `json:"continues,omitempty" doc:"how the matter went on in another procedure"`
	Opening map[string]any      `json:"opening,omitempty" doc:"what that procedure asked for"`
	Note    string              `json:"note,omitempty"`
	Fields  map[string]any      `json:"fields,omitempty"`
	Clocks  []casework.ClockOp  `json:"clocks,omitempty"`
	Erased  bool                `json:"erased,omitempty"`
	Index   int64               `json:"index" doc:"leaf index in the log"`
	Receipt string              `json:"receipt" doc:"path of the receipt"`

	Notices   []Notice   `json:"notices,omitempty" doc:"what was told with it, to the reader or, for staff, to anybody"`
	Documents []Document `json:"documents,omitempty" doc:"what was issued with it"`
}

// File is a matter as the reader may see it.
type File struct {
	MatterState
	Procedure   string                `json:"procedure"`
	StateTitle  string                `json:"state_title"`
	Where       string                `json:"where" doc:"where it stands, in one sentence"`
	Opened      string                `json:"opened"`
	Ended       string                `json:"ended,omitempty"`
	KeptUntil   string                `json:"kept_until,omitempty" doc:"last day on which the content of the ended matter is kept; then the system erases it"`
	Channel     string                `json:"channel,omitempty"`
	Source      *casework.Source      `json:"source,omitempty"`
	UnitName    string                `json:"unit_name"`
	Title       string                `json:"title"`
	Fields      map[string]any        `json:"fields"`
	Parties     []casework.Party      `json:"parties"`
	Clocks      []Clock               `json:"clocks"`
	Course      []Channel             `json:"course" doc:"the procedures that the matter went through, oldest first"`
	Issuer      string                `json:"issuer,omitempty" doc:"the office that issued it"`
	Parent      *Related              `json:"parent,omitempty" doc:"the matter that this one is part of"`
	Subs        []Related             `json:"subs" doc:"its sub-matters, oldest first"`
	Steps       []Step                `json:"steps" doc:"what the reader may do now"`
	Withheld    []Withheld            `json:"withheld,omitempty" doc:"what the reader could do, but for a condition of the procedure"`
	Entries     []Entry               `json:"entries"`
	Disclosures []casework.Disclosure `json:"disclosures" doc:"who read the personal data"`
}

func (a *API) file(f *casework.File, lang string) (*File, error) {
	m, p := f.Matter, f.Procedure
	cl, err := clocks(m, f.RulesOf, lang, a.Service.Now())
	if err != nil {
		return nil, err
	}
	whyClocks(cl, f, lang)
	unit, _ := a.Service.Tree().Unit(m.Unit)
	state := p.State(m.State)
	out := &File{MatterState: MatterState{m.Number, m.Version, m.State, m.Unit, m.Assignee, m.Changed}, Procedure: m.Procedure,
		StateTitle: state.Title.In(lang), Where: state.Public.In(lang), Opened: m.Opened, Ended: m.Ended, Channel: m.Channel,
		Source: m.Source, UnitName: unit.Label(lang), Title: m.Title, Fields: m.Fields, Parties: m.Parties, Clocks: cl,
		Steps: []Step{}, Entries: []Entry{}, Disclosures: append([]casework.Disclosure{}, f.Disclosures...)}
	if !f.KeptUntil.IsZero() {
		out.KeptUntil = f.Rules.LastDay(f.KeptUntil)
	}
	for _, st := range f.Steps {
		out.Steps = append(out.Steps, Step{st.Name, st.Title.In(lang), st.To, st.Note, f.Asks(st), st.Assign, st.Refer, st.Adverse, stepOpens(p, st, lang), a.stepTells(p, st, lang), stepOnward(f, st, lang)})
	}
	for _, w := range f.Withheld {
		out.Withheld = append(out.Withheld, Withheld{w.Step, p.Step(w.Step).Title.In(lang), w.In(lang)})
	}
	out.Parent, out.Subs, out.Course = a.parent(f, lang), a.subs(f, lang), course(f, lang)
	for _, e := range f.Entries {
		view := entry(e, f.RulesAt(e.Act.Seq).Procedure, lang)
		view.Notices, view.Documents = papers(f, e.Act.Seq, lang)
		out.Entries = append(out.Entries, view)
	}
	return out, nil
}

func entry(e *casework.Entry, p *procedure.Procedure, lang string) Entry {
	act := &e.Act
	v := Entry{Seq: act.Seq, Time: act.Time, Kind: act.Kind, Step: act.Step, Actor: act.Actor, State: act.State, Unit: act.Unit,
		Names: act.Names, Opens: subLink(act.Opens), Each: subLinks(act.OpensEach), Ended: subLink(act.Ended), EndEach: subLinks(act.EndedEach), Rule: act.Rule, Version: act.Procedure, Moved: act.Migration,
		Onward: act.Continues, Opening: e.Content.Opening, Note: e.Content.Note, Fields: e.Content.Fields, Clocks: act.Clocks, Erased: e.Erased(),
		Index: e.Index, Receipt: receiptPath(act.Matter, act.Seq)}
	if st := p.Step(act.Step); st != nil {
		v.Title = st.Title.In(lang)
	}
	return v
}
