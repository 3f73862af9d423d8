package author

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/trial"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// tryStartPage is where an author chooses what to try.
type tryStartPage struct {
	site.Frame
	Procedures []site.ProcedureCard
}

func (*tryStartPage) Template() string { return "trystart" }

func (s *Pages) tryable(v words) []site.ProcedureCard {
	var cards []site.ProcedureCard
	for _, c := range s.Cards(v.Words.Words) {
		c.Path = "/desk/procedures/" + strings.TrimPrefix(c.Path, "/procedures/") + "/try"
		cards = append(cards, c)
	}
	return cards
}

// tryPage is a matter that is played through.
type tryPage struct {
	site.Frame
	Heading string
	Version int
	Key     string // what the form carries
	Source  string
	Start   string
	Moves   string
	Look    string
	Count   int

	Now      string
	Today    string // as a date input takes it
	Next     string // when the next thing falls due; empty: nothing does
	Problem  string
	Opening  *openForm // nil once the matter is open
	Matters  []triedMatter
	Number   string
	State    string
	Unit     string
	Assignee string
	Ended    bool
	Diagram  template.HTML
	Clocks   []matter.ClockView
	Choices  []choiceView
	Content  matter.ContentView
	Entries  []matter.EntryView
}

func (*tryPage) Template() string { return "try" }

// triedMatter is the matter, or one below it.
type triedMatter struct {
	Number, Title, State string
	Shown                bool
}

// openForm asks for what begins the matter.
type openForm struct {
	Problems []site.Problem
	By       *site.Input
	Inputs   []*site.Input
	Parties  []matter.PartySection
}

// choiceView is what one person could do.
type choiceView struct {
	Name     string
	Steps    []triedStep
	Withheld []matter.WithheldView
}

// triedStep is a step as a part of the one form of the page.
type triedStep struct {
	matter.StepForm
	Do string // value of the button
}

func (s *Pages) newTryPage(ctx context.Context, v words, a office.Actor, sit *sitting, typed url.Values, refused *refusal) (*tryPage, error) {
	p := sit.play.Procedure
	page := &tryPage{Heading: v.Say(p.Title), Version: p.Version, Key: sit.key, Source: sit.source, Start: sit.start.UTC().Format(time.RFC3339), Count: len(sit.moves)}
	page.Title, page.Staff = v.T("try.title"), v.Account(a.Account.Login)
	moves, err := json.Marshal(sit.moves)
	if err != nil {
		return nil, err
	}
	page.Moves = string(moves)
	if sit.moves == nil {
		page.Moves = ""
	}
	play := New(s.Over(sit.play.Service())) // what is shown comes from the trial alone
	v = play.words(v.Lang)
	v.Invented = true
	loc := play.Service.Rules(p.Key()).Location
	page.Now, page.Today = v.Clock(sit.play.Now(), loc), sit.play.Now().In(loc).Format(time.DateOnly)
	if next := sit.play.NextDue(); !next.IsZero() {
		page.Next = v.Clock(next, loc)
	}
	if refused != nil {
		page.Problem = v.problemOf(refused.err)
	}
	if sit.shown() == "" {
		page.Diagram = template.HTML(diagram.SVG(p, diagram.Options{Lang: v.Lang})) // escaped where it is drawn
		page.Opening = play.openForm(v, sit, typed, refused)
		return page, nil
	}
	return page, play.showTried(ctx, v, sit, page, refused)
}

// showTried shows one of the matters of the trial.
func (s *Pages) showTried(ctx context.Context, v words, sit *sitting, page *tryPage, refused *refusal) error {
	f, err := sit.play.File(ctx, sit.shown())
	if err != nil {
		return err
	}
	m, p := f.Matter, f.Procedure
	page.Look, page.Number, page.State, page.Unit, page.Ended = m.Number, m.Number, v.State(p, m.State), v.Unit(m.Unit), m.Ended != ""
	if m.Assignee != "" {
		page.Assignee = v.Account(m.Assignee)
	}
	page.Diagram = template.HTML(diagram.SVG(p, diagram.Options{Lang: v.Lang, State: m.State, Path: taken(f)})) // escaped where it is drawn
	page.Clocks = v.WhyClocks(v.ClockViews(m, f.RulesOf, sit.play.Now()), f)
	page.Content = v.Content(casework.Content{Title: m.Title, Fields: m.Fields, Parties: m.Parties}, p)
	page.Entries = v.EntryViews(f, "", true)
	for i := range page.Entries {
		v.unlink(&page.Entries[i], f)
	}
	slices.Reverse(page.Entries)
	if err := v.triedMatters(ctx, sit, page); err != nil {
		return err
	}
	choices, err := sit.play.Choices(ctx, m.Number)
	for i := range choices {
		page.Choices = append(page.Choices, s.choiceView(v, &choices[i], i, refused))
	}
	return err
}

// unlink takes away addresses: of what is tried there are none. Documents are shown in their place.
func (v words) unlink(e *matter.EntryView, f *casework.File) {
	e.Receipt = ""
	for i := range e.Subs {
		e.Subs[i].Path = ""
	}
	for i, d := range f.Papers[e.Seq].Documents {
		e.Issued[i].Path, e.Issued[i].Body = "", v.Say(d.Body)
	}
}

func (v words) triedMatters(ctx context.Context, sit *sitting, page *tryPage) error {
	for _, number := range sit.play.Matters() {
		f, err := sit.play.File(ctx, number)
		if err != nil {
			return err
		}
		page.Matters = append(page.Matters, triedMatter{number, v.Say(f.Procedure.Title), v.State(f.Procedure, f.Matter.State), number == page.Number})
	}
	return nil
}

// taken is the way that the matter has gone.
func taken(f *casework.File) []procedure.Move {
	var path []procedure.Move
	for _, e := range f.Entries {
		switch {
		case e.Act.Kind == casework.Lodged:
			path = append(path, procedure.Move{Event: procedure.EventOpen, State: e.Act.State})
		case e.Act.Kind == casework.Stepped:
			path = append(path, procedure.Move{Event: e.Act.Step, State: e.Act.State})
		}
	}
	return path
}

func (s *Pages) choiceView(v words, c *trial.Choice, i int, refused *refusal) choiceView {
	view := choiceView{Name: c.Name}
	if c.Party != "" {
		view.Name = c.Party
		if r := c.File.Procedure.PartyRole(c.Party); r != nil {
			view.Name = v.Say(r.Title)
		}
	}
	for j, st := range c.Steps {
		view.Steps = append(view.Steps, s.triedStep(v, c, st, fmt.Sprintf("c%d-%d-", i, j), refused))
	}
	for _, w := range c.Withheld {
		view.Withheld = append(view.Withheld, matter.WithheldView{Title: v.Say(w.Step.Title), Why: v.problemOf(w.Why)})
	}
	return view
}

// triedStep is the form of a step, filled in with what would do, under names that keep it apart from the others.
func (s *Pages) triedStep(v words, c *trial.Choice, st *procedure.Step, id string, refused *refusal) triedStep {
	choice := c.By + " " + st.Name
	step := triedStep{Do: "take " + choice}
	if refused != nil && refused.choice == choice {
		step.StepForm = s.StepAgain(v.Words, c.File, st, "", &matter.Typed{Step: st.Name, Form: refused.form, Err: refused.err})
	} else {
		step.StepForm = s.StepForm(v.Words, c.File, st, "", s.suggested(v, c, st))
	}
	step.Name = id
	for _, in := range step.Inputs {
		v.standIn(in)
		in.Name, in.ID = choice+"/"+in.Name, id+in.ID
	}
	for i := range step.Problems {
		step.Problems[i].ID = id + step.Problems[i].ID
	}
	return step
}

// standIn asks, in place of files, whether one shall count as handed in: a trial keeps none.
func (v words) standIn(in *site.Input) {
	if in.Files == nil {
		return
	}
	in.Kind, in.Name, in.Label, in.Hint = "tick", in.Files.Carry, v.T("try.file", in.Label), v.T("try.file-hint")
	if in.Value != "" {
		in.Value = "true"
	}
	in.Files = nil
}

// suggested fills in what a step needs, so that it can be tried with one press.
func (s *Pages) suggested(v words, c *trial.Choice, st *procedure.Step) url.Values {
	form := url.Values{}
	f := c.File
	for _, use := range f.Asks(st) {
		if fd := f.Procedure.Field(use.Name); use.Required && fd.Type == procedure.TypeFile {
			form.Set(site.CarriedFiles(use.Name), "true")
		} else if use.Required {
			form.Set("f."+use.Name, v.invent(f.Procedure.Field(use.Name), s.Service.Now().In(f.Rules.Location)))
		}
	}
	if st.Note == procedure.NoteRequired {
		form.Set("note", v.T("try.note"))
	}
	if st.Assign == "choose" {
		unit := f.Matter.Unit
		for _, a := range s.Service.Candidates(st.AssignRole, unit) {
			if form.Get("assignee") == "" || a.Grants[0].Unit == unit {
				form.Set("assignee", a.Login)
			}
		}
	}
	if st.Refer == "choose" {
		form.Set("unit", firstOption(s.UnitInput(v.Words, f, st, "", url.Values{})))
	}
	for _, in := range s.SubInputs(v.Words, f, st, "", url.Values{}) {
		if in.Required {
			form.Set(in.Name, firstOption(in))
		}
	}
	s.suggestOnward(v, form, f, st)
	return form
}

// suggestOnward fills in what the procedure asks for in which the step goes on.
func (s *Pages) suggestOnward(v words, form url.Values, f *casework.File, st *procedure.Step) {
	w := f.Wanted(st)
	if w == nil {
		return
	}
	for _, in := range s.OnwardInputs(v.Words, f, st, "", url.Values{}) {
		switch {
		case !in.Required:
		case in.Kind == "select" && len(in.Groups) > 0:
			form.Set(in.Name, firstOption(in))
		default:
			form.Set(in.Name, in.Label)
		}
	}
	for _, use := range w.Fields {
		form.Set("o.f."+use.Name, v.invent(w.Rules.Procedure.Field(use.Name), s.Service.Now().In(w.Rules.Location)))
	}
}

func firstOption(in *site.Input) string {
	for _, g := range in.Groups {
		for _, o := range g.Options {
			return o.Value
		}
	}
	return ""
}

// invent is a value that the field takes, where one can be told from its type.
func (v words) invent(f *procedure.Field, now time.Time) string {
	switch f.Type {
	case procedure.TypeChoice:
		return f.Choices[0].Value
	case procedure.TypeDate:
		return now.Format(time.DateOnly)
	case procedure.TypeBoolean:
		return "true"
	case procedure.TypeInteger, procedure.TypeNumber:
		return "1"
	}
	return v.T("try.text")
}
