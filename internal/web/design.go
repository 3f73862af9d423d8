package web

import (
	"net/http"

	"luoshi/internal/web/part"
)

// designPage shows what pages are made of, in every state. It is there in a demonstration only.
type designPage struct {
	frame
	Colours  []string // names of tokens
	Buttons  []sample[part.Button]
	Fields   []sample[input]
	Problems []sample[[]problem]
	Statuses []sample[part.Status]
	Clocks   []sample[clockView]
	Entries  sample[[]entryView]
	Tables   []sample[*part.Table]
	Notes    []sample[part.Note]
	Progress []sample[part.Progress]
	Dialogs  []sample[part.Dialog]
	Empty    sample[part.Empty]
	Tabs     sample[part.Tabs]
	Pages    []sample[part.Pages]
	Keys     sample[part.Keys]
	Facts    sample[contentView]
}

func (*designPage) template() string { return "design" }

// sample is a part as it is shown and how it is made. Its snippet is written from the value itself, so that it cannot
// differ from what is shown.
type sample[T any] struct {
	Of   T
	Name string // of the state
}

// Snippet is Go that makes the part.
func (s sample[T]) Snippet() string { return literal(s.Of) }

func (s *site) design(w http.ResponseWriter, r *http.Request) error {
	if len(s.demo) == 0 {
		return errNoPage()
	}
	v := s.words(languageOf(r))
	p := &designPage{Colours: []string{"paper", "sheet", "plain-paper", "line", "edge", "soft", "ink", "accent", "tint", "late", "late-paper",
		"soon", "soon-paper", "good", "good-paper"}}
	p.Title = v.t("design.title")
	v.designForms(p)
	v.designMatter(p)
	v.designWays(p)
	return s.render(w, r, http.StatusOK, p)
}

func (v words) designForms(p *designPage) {
	button := func(state string, b part.Button) {
		b.Label = v.t("design.save")
		p.Buttons = append(p.Buttons, sample[part.Button]{b, v.t("design.is." + state)})
	}
	button("main", part.Button{Class: "main"})
	button("quiet", part.Button{})
	button("danger", part.Button{Class: "danger"})
	button("plain", part.Button{Class: "plain"})
	button("disabled", part.Button{ID: "b-why", Why: v.t("design.why")})
	button("busy", part.Button{Class: "main", Busy: true})

	field := func(state string, in input) {
		p.Fields = append(p.Fields, sample[input]{in, v.t("design.is." + state)})
	}
	name := v.t("design.name")
	field("usual", input{ID: "d-name", Name: "name", Label: name, Kind: "string", Required: true, Value: v.t("design.person")})
	field("hint", input{ID: "d-tel", Name: "tel", Label: v.t("design.tel"), Kind: "tel", Hint: v.t("design.tel-hint")})
	field("wrong", input{ID: "d-wrong", Name: "wrong", Label: name, Kind: "string", Required: true, Error: v.t("design.name-missing")})
	field("text", input{ID: "d-text", Name: "text", Label: v.t("design.what"), Kind: "text"})
	options := []option{{Value: "a", Label: v.t("design.meet"), Chosen: true}, {Value: "b", Label: v.t("design.video")}}
	field("choice", input{ID: "d-choice", Name: "choice", Label: v.t("design.how"), Kind: "choice", Required: true, Options: options,
		About: map[string]string{"a": v.t("design.meet-hint")}})
	field("several", input{ID: "d-several", Name: "several", Label: v.t("design.how"), Kind: "several", Options: options})
	field("tick", input{ID: "d-tick", Name: "tick", Label: v.t("design.agree"), Kind: "tick", Required: true})
	field("select", input{ID: "d-select", Name: "select", Label: v.t("design.how"), Kind: "select", Required: true, Options: options})
	field("date", input{ID: "d-date", Name: "date", Label: v.t("design.day"), Kind: "date", Required: true, Value: "2026-03-05"})
	field("file", input{ID: "d-file", Name: "file", Label: v.t("design.file"), Kind: "file", Hint: v.t("design.file-hint"), Accept: "image/*"})
	p.Problems = append(p.Problems, sample[[]problem]{[]problem{{ID: "d-wrong", Text: v.t("design.name-missing")}}, v.t("design.is.usual")})
}

func (v words) designMatter(p *designPage) {
	for _, kind := range []string{"", "here", "soon", "late", "good"} {
		p.Statuses = append(p.Statuses, sample[part.Status]{part.Status{Class: kind, Text: v.t("design.status-" + kind)}, v.t("design.status-" + kind)})
	}
	day := v.isoDay("2026-03-05")
	clock := func(state string, c clockView) {
		c.Title, c.Responsible = v.t("design.clock"), v.t("design.office")
		if c.Open {
			c.Date, c.Target, c.Due, c.Lines, c.Basis = day, day, day, []string{v.t("design.line-1", v.isoDay("2026-02-26")), v.t("design.line-2", day)}, v.t("design.basis")
		}
		p.Clocks = append(p.Clocks, sample[clockView]{c, v.t("design.is." + state)})
	}
	running := v.t("clock.running")
	clock("left", clockView{Open: true, Status: running, Left: v.t("left.days", 12)})
	clock("today", clockView{Open: true, Status: running, Left: v.t("left.today"), Soon: true})
	clock("late", clockView{Open: true, Status: running, Left: v.t("left.late", 2), Late: true})
	clock("provisional", clockView{Open: true, Status: running, Left: v.t("left.days", 40), Provisional: true})
	clock("suspended", clockView{Open: true, Status: v.t("clock.suspended"), Why: []string{v.t("design.waits")}})
	clock("stopped", clockView{Status: v.t("clock.stopped", day)})

	p.Entries = sample[[]entryView]{Of: []entryView{
		{Seq: 1, What: v.t("entry.lodged"), Time: v.isoDay("2026-02-26"), Who: v.t("design.person"), State: v.t("design.state-1")},
		{Seq: 2, What: v.t("design.accepted"), Time: v.isoDay("2026-02-27"), Who: v.t("design.office"), State: v.t("design.status-here"),
			Clocks: []string{v.t("design.clock-began", day)}, Content: contentView{Note: v.t("design.note")}, Remedy: v.t("design.remedy")}}}
	p.Facts = sample[contentView]{Of: contentView{Fields: []fieldView{{v.t("design.what"), v.t("design.leak")}, {v.t("design.day"), day}}}}

	table := &part.Table{Caption: v.t("design.table"), Columns: []part.Column{{Title: v.t("read.unit")}, {Title: v.t("desk.state")}, {Title: v.t("design.days"), Number: true}}}
	table.Add(part.Cell{Text: v.t("design.office"), Path: "#table"}, part.Cell{Status: &part.Status{Class: "here", Text: v.t("design.status-here")}}, part.Cell{Text: "12"})
	table.Add(part.Cell{Text: v.t("design.office-2")}, part.Cell{Status: &part.Status{Class: "good", Text: v.t("design.status-good")}}, part.Cell{Text: "3"})
	p.Tables = []sample[*part.Table]{{table, v.t("design.is.usual")}}
}

func (v words) designWays(p *designPage) {
	for _, kind := range []part.Kind{part.Good, part.Info, part.Warn, part.Bad} {
		n := part.Note{Kind: kind, Title: v.t("design.note-" + string(kind)), Text: v.t("design.note-" + string(kind) + "-text")}
		p.Notes = append(p.Notes, sample[part.Note]{n, v.t("design.is." + string(kind))})
	}
	steps := []string{v.t("design.what"), v.t("design.who"), v.t("design.look"), v.t("design.send")}
	p.Progress = []sample[part.Progress]{{part.NewProgress(v.t("design.steps"), 1, steps...), v.t("design.is.usual")}}
	dialog := part.Dialog{ID: "d-ask", Open: v.t("design.close"), Title: v.t("design.close-ask"), Text: v.t("design.close-text"), Action: "/design",
		Confirm: v.t("design.close"), Cancel: v.t("design.back"), Danger: true}
	p.Dialogs = []sample[part.Dialog]{{dialog, v.t("design.is.danger")}}
	p.Empty = sample[part.Empty]{Of: part.Empty{Title: v.t("design.nothing"), Text: v.t("design.nothing-text"), Path: "#empty", Link: v.t("design.all")}}
	p.Tabs = sample[part.Tabs]{Of: part.Tabs{Label: v.t("design.views"), Items: []part.Tab{{Title: v.t("design.all"), Path: "#tabs", Count: "204", Here: true},
		{Title: v.t("design.is.today"), Path: "#tabs", Count: "3"}, {Title: v.t("design.is.late"), Path: "#tabs", Count: "1"}}}}
	p.Pages = []sample[part.Pages]{{part.Pages{Previous: "#pages", Next: "#pages", Where: v.t("design.where")}, v.t("design.is.usual")}}
	p.Keys = sample[part.Keys]{Of: part.Keys{Keys: []part.Key{{Press: []string{"j", "k"}, Does: v.t("design.key-move")}, {Press: []string{"Enter"}, Does: v.t("design.key-open")},
		{Press: []string{"/"}, Does: v.t("design.key-search")}}}}
}
