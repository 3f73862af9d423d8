package design

import (
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// designPage shows what pages are made of, in every state. It is there in a demonstration only.
type designPage struct {
	site.Frame
	Colours  []string // names of tokens
	Buttons  []sample[part.Button]
	Fields   []sample[site.Input]
	Problems []sample[[]site.Problem]
	Statuses []sample[part.Status]
	Clocks   []sample[matter.ClockView]
	Entries  sample[[]matter.EntryView]
	Tables   []sample[*part.Table]
	Notes    []sample[part.Note]
	Progress []sample[part.Progress]
	Dialogs  []sample[part.Dialog]
	Empty    sample[part.Empty]
	Tabs     sample[part.Tabs]
	Pages    []sample[part.Pages]
	Keys     sample[part.Keys]
	Facts    sample[matter.ContentView]
}

func (*designPage) Template() string { return "design" }

// sample is a part as it is shown and how it is made. Its snippet is written from the value itself, so that it cannot
// differ from what is shown.
type sample[T any] struct {
	Of   T
	Name string // of the state
}

// Snippet is Go that makes the part.
func (s sample[T]) Snippet() string { return literal(s.Of) }

// Design shows every part in every state; where real matters are there is no such page.
func (s *Pages) Design(w http.ResponseWriter, r *http.Request) error {
	if len(s.Demo) == 0 {
		return site.ErrNoPage()
	}
	v := s.words(site.LanguageOf(r))
	p := &designPage{Colours: []string{"paper", "sheet", "plain-paper", "line", "edge", "soft", "ink", "accent", "tint", "late", "late-paper",
		"soon", "soon-paper", "good", "good-paper"}}
	p.Title = v.T("design.title")
	v.designForms(p)
	v.designMatter(p)
	v.designWays(p)
	return s.Render(w, r, http.StatusOK, p)
}

func (v words) designForms(p *designPage) {
	button := func(state string, b part.Button) {
		b.Label = v.T("design.save")
		p.Buttons = append(p.Buttons, sample[part.Button]{b, v.T("design.is." + state)})
	}
	button("main", part.Button{Class: "main"})
	button("quiet", part.Button{})
	button("danger", part.Button{Class: "danger"})
	button("plain", part.Button{Class: "plain"})
	button("disabled", part.Button{ID: "b-why", Why: v.T("design.why")})
	button("busy", part.Button{Class: "main", Busy: true})

	field := func(state string, in site.Input) {
		p.Fields = append(p.Fields, sample[site.Input]{in, v.T("design.is." + state)})
	}
	name := v.T("design.name")
	field("usual", site.Input{ID: "d-name", Name: "name", Label: name, Kind: "string", Required: true, Value: v.T("design.person")})
	field("hint", site.Input{ID: "d-tel", Name: "tel", Label: v.T("design.tel"), Kind: "tel", Hint: v.T("design.tel-hint")})
	field("wrong", site.Input{ID: "d-wrong", Name: "wrong", Label: name, Kind: "string", Required: true, Error: v.T("design.name-missing")})
	field("text", site.Input{ID: "d-text", Name: "text", Label: v.T("design.what"), Kind: "text"})
	options := []site.Option{{Value: "a", Label: v.T("design.meet"), Chosen: true}, {Value: "b", Label: v.T("design.video")}}
	field("choice", site.Input{ID: "d-choice", Name: "choice", Label: v.T("design.how"), Kind: "choice", Required: true, Options: options,
		About: map[string]string{"a": v.T("design.meet-hint")}})
	field("several", site.Input{ID: "d-several", Name: "several", Label: v.T("design.how"), Kind: "several", Options: options})
	field("tick", site.Input{ID: "d-tick", Name: "tick", Label: v.T("design.agree"), Kind: "tick", Required: true})
	field("select", site.Input{ID: "d-select", Name: "select", Label: v.T("design.how"), Kind: "select", Required: true, Options: options})
	field("date", site.Input{ID: "d-date", Name: "date", Label: v.T("design.day"), Kind: "date", Required: true, Value: "2026-03-05"})
	field("file", site.Input{ID: "d-file", Name: "file", Label: v.T("design.file"), Kind: "file", Hint: v.T("design.file-hint"), Accept: "image/*"})
	files := func(id, wrong string, items ...site.FileItem) site.Input {
		return site.Input{ID: id, Name: "f.photo", Label: v.T("design.file"), Kind: "files", Accept: "image/jpeg,image/png,image/webp", Error: wrong,
			Files: &site.FileInput{Carry: "file.photo", Drop: "drop.photo", Most: 3, Camera: true, Items: items,
				Says: v.T("files.says", procedure.AcceptedIn([]string{procedure.AcceptImage}, v.Lang), v.FileSize(10<<20), 3)}}
	}
	field("files", files("d-files", "", site.FileItem{ID: "a", Value: "a 1 a", Name: v.T("design.photo") + ".jpg", Size: v.FileSize(840 << 10)}))
	field("files-wrong", files("d-files-wrong", casework.AsError(casework.ErrFileTooLarge(10 << 20)).Fields[0].Text.In(v.Lang)))
	p.Problems = append(p.Problems, sample[[]site.Problem]{[]site.Problem{{ID: "d-wrong", Text: v.T("design.name-missing")}}, v.T("design.is.usual")})
}

func (v words) designMatter(p *designPage) {
	for _, kind := range []string{"", "here", "soon", "late", "good"} {
		p.Statuses = append(p.Statuses, sample[part.Status]{part.Status{Class: kind, Text: v.T("design.status-" + kind)}, v.T("design.status-" + kind)})
	}
	day := v.IsoDay("2026-03-05")
	clock := func(state string, c matter.ClockView) {
		c.Title, c.Responsible = v.T("design.clock"), v.T("design.office")
		if c.Open {
			c.Date, c.Target, c.Due, c.Lines, c.Basis = day, day, day, []string{v.T("design.line-1", v.IsoDay("2026-02-26")), v.T("design.line-2", day)}, v.T("design.basis")
		}
		p.Clocks = append(p.Clocks, sample[matter.ClockView]{c, v.T("design.is." + state)})
	}
	running := v.T("clock.running")
	clock("left", matter.ClockView{Open: true, Status: running, Left: v.T("left.days", 12)})
	clock("today", matter.ClockView{Open: true, Status: running, Left: v.T("left.today"), Soon: true})
	clock("late", matter.ClockView{Open: true, Status: running, Left: v.T("left.late", 2), Late: true})
	clock("provisional", matter.ClockView{Open: true, Status: running, Left: v.T("left.days", 40), Provisional: true})
	clock("suspended", matter.ClockView{Open: true, Status: v.T("clock.suspended"), Why: []string{v.T("design.waits")}})
	clock("stopped", matter.ClockView{Status: v.T("clock.stopped", day)})

	p.Entries = sample[[]matter.EntryView]{Of: []matter.EntryView{
		{Seq: 1, What: v.T("entry.lodged"), Time: v.IsoDay("2026-02-26"), Who: v.T("design.person"), State: v.T("design.state-1")},
		{Seq: 2, What: v.T("design.accepted"), Time: v.IsoDay("2026-02-27"), Who: v.T("design.office"), State: v.T("design.status-here"),
			Clocks: []string{v.T("design.clock-began", day)}, Content: matter.ContentView{Note: v.T("design.note")}, Remedy: v.T("design.remedy")}}}
	p.Facts = sample[matter.ContentView]{Of: matter.ContentView{Fields: []matter.FieldView{{Label: v.T("design.what"), Text: v.T("design.leak")}, {Label: v.T("design.day"), Text: day}}}}

	table := &part.Table{Caption: v.T("design.table"), Columns: []part.Column{{Title: v.T("read.unit")}, {Title: v.T("desk.state")}, {Title: v.T("design.days"), Number: true}}}
	table.Add(part.Cell{Text: v.T("design.office"), Path: "#table"}, part.Cell{Status: &part.Status{Class: "here", Text: v.T("design.status-here")}}, part.Cell{Text: "12"})
	table.Add(part.Cell{Text: v.T("design.office-2")}, part.Cell{Status: &part.Status{Class: "good", Text: v.T("design.status-good")}}, part.Cell{Text: "3"})
	p.Tables = []sample[*part.Table]{{table, v.T("design.is.usual")}}
}

func (v words) designWays(p *designPage) {
	for _, kind := range []part.Kind{part.Good, part.Info, part.Warn, part.Bad} {
		n := part.Note{Kind: kind, Title: v.T("design.note-" + string(kind)), Text: v.T("design.note-" + string(kind) + "-text")}
		p.Notes = append(p.Notes, sample[part.Note]{n, v.T("design.is." + string(kind))})
	}
	steps := []string{v.T("design.what"), v.T("design.who"), v.T("design.look"), v.T("design.send")}
	p.Progress = []sample[part.Progress]{{part.NewProgress(v.T("design.steps"), 1, steps...), v.T("design.is.usual")}}
	dialog := part.Dialog{ID: "d-ask", Open: v.T("design.close"), Title: v.T("design.close-ask"), Text: v.T("design.close-text"), Action: "/design",
		Confirm: v.T("design.close"), Cancel: v.T("design.back"), Danger: true}
	p.Dialogs = []sample[part.Dialog]{{dialog, v.T("design.is.danger")}}
	p.Empty = sample[part.Empty]{Of: part.Empty{Title: v.T("design.nothing"), Text: v.T("design.nothing-text"), Path: "#empty", Link: v.T("design.all")}}
	p.Tabs = sample[part.Tabs]{Of: part.Tabs{Label: v.T("design.views"), Items: []part.Tab{{Title: v.T("design.all"), Path: "#tabs", Count: "204", Here: true},
		{Title: v.T("design.is.today"), Path: "#tabs", Count: "3"}, {Title: v.T("design.is.late"), Path: "#tabs", Count: "1"}}}}
	p.Pages = []sample[part.Pages]{{part.Pages{Previous: "#pages", Next: "#pages", Where: v.T("design.where")}, v.T("design.is.usual")}}
	p.Keys = sample[part.Keys]{Of: part.Keys{Keys: []part.Key{{Press: []string{"j", "k"}, Does: v.T("design.key-move")}, {Press: []string{"Enter"}, Does: v.T("design.key-open")},
		{Press: []string{"/"}, Does: v.T("design.key-search")}}}}
}
