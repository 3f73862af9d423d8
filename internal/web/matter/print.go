package matter

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// printPage is everything there is about a matter as its reader may see it, on one sheet after the other.
type printPage struct {
	site.Frame
	Number      string
	Heading     string
	Back        string
	Contents    []chapter
	Facts       []FieldView // the head: procedure, state, office, dates
	Parties     []PartyView
	Content     ContentView
	Withheld    bool // the reader checks, and does not see what is personal
	Whole       *RelatedView
	Course      []CourseView
	Parts       []RelatedView
	Clocks      []ClockView
	Entries     []EntryView
	Disclosures []DisclosureView
	Receipts    []sealView
	VKey        string
	Origin      string
	Command     string
	By          string // who printed it, and in which capacity
	At          string // when
}

func (*printPage) Template() string { return "print" }

// chapter is a line of the list of contents.
type chapter struct {
	ID, Title string
	Mark      string // its number with what stands between it and the title: "1. ", "一、"
}

// sealView is where an entry stands in the log: what its receipt proves.
type sealView struct {
	Seq   int
	Time  string // as the act has it, in UTC
	What  string
	Index int64
	Hash  string
}

// chapters are the parts of the document in their order; those without content are left out by has.
func (v Words) chapters(has map[string]bool) []chapter {
	numerals := []string{"一", "二", "三", "四", "五", "六", "七", "八", "九"}
	var list []chapter
	for _, id := range []string{"head", "said", "parts", "course", "clocks", "entries", "read", "receipts"} {
		if !has[id] {
			continue
		}
		mark := fmt.Sprintf("%d. ", len(list)+1)
		if v.Lang == "zh" {
			mark = numerals[len(list)] + "、"
		}
		list = append(list, chapter{ID: id, Mark: mark, Title: v.T("print." + id)})
	}
	return list
}

// Mark is the number of a chapter, for its heading.
func (p *printPage) Mark(id string) string {
	for _, c := range p.Contents {
		if c.ID == id {
			return c.Mark
		}
	}
	return ""
}

// Printed reads the matter, which is recorded as every reading is, and shows all of it.
func (s *Pages) Printed(w http.ResponseWriter, r *http.Request, a office.Actor, number, back string) error {
	f, err := s.Service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, s.newPrintPage(s.Words(site.LanguageOf(r)), a, f, back))
}

func (s *Pages) newPrintPage(v Words, a office.Actor, f *casework.File, back string) *printPage {
	m, p := f.Matter, f.Procedure
	content := a.Party != nil || a.ReadScope(v.Staff.Tree).Content().Covers(m.Unit, m.Number)
	page := &printPage{Number: m.Number, Heading: m.Title, Back: back, Facts: v.headFacts(f), Withheld: !content,
		Content: v.Content(casework.Content{Fields: m.Fields}, p), Parties: v.partyViews(p, m.Parties),
		Course: v.Course(f), Whole: s.Whole(v, f), Parts: s.Parts(v, f), Clocks: v.WhyClocks(v.ClockViews(m, f.RulesOf, s.Service.Now()), f),
		Entries: v.printedEntries(f, back, content), Disclosures: v.Disclosures(f), Receipts: v.seals(f),
		VKey: s.VKey, Origin: s.Service.Origin, Command: "luoshi verify --key '" + s.VKey + "' receipt.json",
		At: v.Clock(s.Service.Now(), f.Rules.Location)}
	page.Title, page.Paper = m.Number, v.T("print.running", m.Number)
	if page.Heading == "" {
		page.Heading = v.Say(p.Title)
	}
	if a.Account != nil {
		page.Staff = v.Account(a.Account.Login)
		page.By = page.Staff
	} else {
		page.Party, page.By = true, v.partyRole(f, a.Party.Role)
	}
	page.Contents = v.chapters(map[string]bool{"head": true, "said": true, "parts": page.Whole != nil || len(page.Parts) > 0, "course": len(page.Course) > 0,
		"clocks": true, "entries": true, "read": true, "receipts": true})
	return page
}

func (v Words) partyRole(f *casework.File, role string) string {
	if r := f.Procedure.PartyRole(role); r != nil {
		role = v.Say(r.Title)
	}
	return v.T("print.party", role)
}

// headFacts are what stands above everything else.
func (v Words) headFacts(f *casework.File) []FieldView {
	m, p, loc := f.Matter, f.Procedure, f.Rules.Location
	var facts []FieldView
	add := func(key, text string) {
		if text != "" {
			facts = append(facts, FieldView{Label: v.T(key), Text: text})
		}
	}
	add("print.number", m.Number)
	add("print.procedure", v.T("print.version", v.Say(p.Title), p.Version))
	add("print.state", v.State(p, m.State))
	add("print.unit", v.Unit(m.Unit))
	if m.Assignee != "" {
		add("print.assignee", v.Account(m.Assignee))
	}
	opened := v.Recorded(m.Opened, loc)
	if m.Channel != "" {
		opened += " · " + v.Channel(m.Channel)
	}
	add("matter.opened", opened)
	if m.Source != nil {
		add("matter.source", v.Source(m.Source))
	}
	if m.Ended != "" {
		add("matter.ended", v.Recorded(m.Ended, loc))
		if until := v.KeptUntil(f); until != "" {
			add("matter.kept", until)
		}
	}
	add("print.zone", loc.String())
	return facts
}

// printedEntries is the history with everything in sight: documents with their text, nothing folded. What was said at
// the lodging is not said twice when it stands unchanged above.
func (v Words) printedEntries(f *casework.File, back string, content bool) []EntryView {
	views := v.EntryViews(f, back+"/receipts", content)
	for i := range views {
		view := &views[i]
		view.Receipt, view.Issued = "", nil
		for _, d := range f.Papers[view.Seq].Documents {
			view.Issued = append(view.Issued, issuedView{Title: v.Say(d.Document.Title), Body: v.Say(d.Body)})
		}
		if view.Fold && restated(f) {
			view.Content = ContentView{Note: view.Content.Note}
		} else {
			view.Fold = false
		}
	}
	return views
}

// restated reports whether title, fields and parties of the first entry stand in the matter as they were said.
func restated(f *casework.File) bool {
	first, m := f.Entries[0].Content, f.Matter
	for name, value := range first.Fields {
		if !reflect.DeepEqual(value, m.Fields[name]) {
			return false
		}
	}
	return first.Title == m.Title && slices.Equal(first.Parties, m.Parties) && len(first.Fields)+len(first.Parties) > 0
}

// seals are the hashes that the receipts of the entries hold.
func (v Words) seals(f *casework.File) []sealView {
	var views []sealView
	for _, e := range f.Entries {
		hash := ledger.EntryHash(e.ActBytes)
		what, _ := v.What(&e.Act, f.RulesAt(e.Act.Seq).Procedure)
		views = append(views, sealView{e.Act.Seq, e.Act.Time, what, e.Index, hex.EncodeToString(hash[:])})
	}
	return views
}

// Source says where an imported matter came from, with the time in the words of the page.
func (v Words) Source(src *casework.Source) string {
	parts := []string{src.System, v.SourceID(src.ID)}
	if src.Time != "" {
		parts = append(parts, v.SourceTime(src.Time))
	}
	return strings.Join(parts, " · ")
}
