package desk

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

// repliesPage is the texts for replies of the offices somebody works for, and one of them to write.
type repliesPage struct {
	site.Frame
	Replies  []replyRow
	Nothing  part.Empty // when there are none
	Edit     replyForm
	Places   []matter.FieldView // placeholders and what they stand for
	Problems []site.Problem
	Kept     bool
	None     bool // there is no office whose texts they may change
}

func (*repliesPage) Template() string { return "templates" }

// replyRow is a text as the list shows it. Unit is the name of its office, where there are several.
type replyRow struct {
	ID, UnitCode, Unit, Name, Path, For, Body, Changed string
}

// replyForm is a text as it is written. ID is empty for a new one.
type replyForm struct {
	ID, Name, Body string
	UnitCode       string // of one that is there: it stays with its unit
	Unit           string
	Units          []site.Option
	Any            bool // for all procedures
	Steps          []site.Group
}

// Replies shows the texts for replies that an office keeps.
func (s *Pages) Replies(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	q := r.URL.Query()
	page, err := s.newRepliesPage(r.Context(), v, a, casework.Reply{Unit: q.Get("unit"), ID: q.Get("id")})
	if err != nil {
		return err
	}
	page.Kept = q.Get("kept") != ""
	return s.Render(w, r, http.StatusOK, page)
}

// newRepliesPage shows a text to change when edit names one that is there, else edit itself.
func (s *Pages) newRepliesPage(ctx context.Context, v words, a office.Actor, edit casework.Reply) (*repliesPage, error) {
	all, err := s.Service.Replies(ctx, a)
	if err != nil {
		return nil, err
	}
	page := &repliesPage{Places: v.replyPlaces(), Nothing: part.Empty{Title: v.T("reply.none"), Text: v.T("reply.none-do")}, None: len(s.Service.ReplyUnits(a)) == 0}
	page.Title, page.Staff = v.T("reply.title"), v.Account(a.Account.Login)
	for _, x := range all {
		if edit.ID == x.ID && edit.Unit == x.Unit && edit.Name+edit.Body == "" {
			edit = x
		}
		page.Replies = append(page.Replies, replyRow{ID: x.ID, UnitCode: x.Unit, Unit: v.Unit(x.Unit), Name: x.Name, For: s.replyFor(v, x), Body: x.Body, Changed: v.Account(x.Login),
			Path: "/desk/templates?" + url.Values{"unit": {x.Unit}, "id": {x.ID}}.Encode() + "#edit"})
	}
	page.Edit = s.replyForm(v, a, edit)
	return page, nil
}

func (v words) replyPlaces() []matter.FieldView {
	var views []matter.FieldView
	for _, name := range casework.ReplyPlaces() {
		views = append(views, matter.FieldView{Label: "{" + name + "}", Text: v.T("reply.place-" + name)})
	}
	return views
}

// replyFor says for what a text is offered.
func (s *Pages) replyFor(v words, x casework.Reply) string {
	rules := s.Service.Rules(x.Procedure)
	if rules == nil {
		return v.T("reply.any")
	}
	title := v.Say(rules.Procedure.Title)
	if st := rules.Procedure.Step(x.Step); st != nil {
		return title + " · " + v.Say(st.Title)
	}
	return title
}

func (s *Pages) replyForm(v words, a office.Actor, x casework.Reply) replyForm {
	form := replyForm{ID: x.ID, Name: x.Name, Body: x.Body, Any: x.Procedure == ""}
	if x.ID != "" {
		form.UnitCode, form.Unit = x.Unit, v.Unit(x.Unit)
	}
	for _, code := range s.Service.ReplyUnits(a) {
		form.Units = append(form.Units, site.Option{Value: code, Label: v.Unit(code), Chosen: code == x.Unit})
	}
	published := s.Service.Published()
	for _, id := range slices.Sorted(maps.Keys(published)) {
		p := published[id]
		g := site.Group{Label: v.Say(p.Title), Options: []site.Option{{Value: id + "/", Label: v.T("reply.all-steps", v.Say(p.Title)), Chosen: x.Procedure == id && x.Step == ""}}}
		for i := range p.Steps {
			if st := &p.Steps[i]; writes(p, st) {
				g.Options = append(g.Options, site.Option{Value: id + "/" + st.Name, Label: v.Say(st.Title), Chosen: x.Procedure == id && x.Step == st.Name})
			}
		}
		form.Steps = append(form.Steps, g)
	}
	return form
}

// writes reports whether a step has an input for a longer text.
func writes(p *procedure.Procedure, st *procedure.Step) bool {
	return st.Note == "optional" || st.Note == "required" || slices.ContainsFunc(st.Fields, func(use procedure.FieldUse) bool {
		fd := p.Field(use.Name)
		return fd != nil && fd.Type == procedure.TypeText
	})
}

// KeepReply keeps a text for replies.
func (s *Pages) KeepReply(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	x := casework.Reply{Unit: form.Get("unit"), ID: form.Get("id"), Name: form.Get("name"), Body: site.Lines(form.Get("body"))}
	x.Procedure, x.Step, _ = strings.Cut(form.Get("for"), "/")
	err = s.Service.KeepReply(r.Context(), a, x)
	if err == nil {
		return &site.Redirect{Path: "/desk/templates?kept=1"}
	}
	e := casework.AsError(err)
	if e.Kind != casework.Invalid && e.Kind != casework.NotFound {
		return err
	}
	v := s.words(site.LanguageOf(r))
	if e.Kind == casework.NotFound {
		x.ID = "" // what was written is offered as a new text
	}
	page, pageErr := s.newRepliesPage(r.Context(), v, a, x)
	if pageErr != nil {
		return pageErr
	}
	for _, fe := range e.Fields {
		page.Problems = append(page.Problems, site.Problem{ID: "reply-" + fe.Field, Text: fe.Text.In(v.Lang)})
	}
	if len(e.Fields) == 0 {
		page.Problems = []site.Problem{{ID: "reply-name", Text: e.Text.In(v.Lang)}}
	}
	return s.Render(w, r, site.Status(err), page)
}

// DropReply drops one.
func (s *Pages) DropReply(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	if err := s.Service.DropReply(r.Context(), a, form.Get("unit"), form.Get("id")); err != nil {
		return err
	}
	return &site.Redirect{Path: "/desk/templates"}
}

// offerReplies lets the longer inputs of a step take a text that the office keeps for it.
func offerReplies(inputs []*site.Input, step string, texts []casework.Reply) (offered bool) {
	var options []site.Option
	for _, x := range texts {
		if x.Step == "" || x.Step == step {
			options = append(options, site.Option{Value: x.ID, Label: x.Name})
		}
	}
	for _, in := range inputs {
		if in.Kind == procedure.TypeText && len(options) > 0 {
			in.Replies, offered = options, true
		}
	}
	return offered
}

// insertReply shows the form again with a text put into one of its inputs, behind what stands there. Nothing is
// recorded, and the form keeps the version of the matter that was seen.
func (s *Pages) insertReply(w http.ResponseWriter, r *http.Request, a office.Actor, number string, form url.Values) error {
	v := s.words(site.LanguageOf(r))
	f, err := s.Service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	texts, err := s.Service.RepliesFor(r.Context(), f)
	if err != nil {
		return err
	}
	name := form.Get("insert")
	for _, x := range texts {
		if x.ID == form.Get("reply."+name) {
			form.Set(name, strings.TrimPrefix(strings.TrimRight(site.Lines(form.Get(name)), "\n")+"\n"+s.Service.FillReply(x, f, v.Lang), "\n"))
		}
	}
	cmd := matter.CommandOf(r.PathValue("step"), form)
	t := &matter.Typed{Step: cmd.Step, Form: form, Err: &casework.Error{Kind: casework.Invalid}, Seen: cmp.Or(cmd.Version, f.Matter.Version), Inserted: name}
	return s.matterAgain(w, r, a, v, f, t, http.StatusOK)
}
