package web

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
)

// printPage is everything there is about a matter as its reader may see it, on one sheet after the other.
type printPage struct {
	frame
	Number      string
	Heading     string
	Back        string
	Contents    []chapter
	Facts       []fieldView // the head: procedure, state, office, dates
	Parties     []partyView
	Content     contentView
	Withheld    bool // the reader checks, and does not see what is personal
	Whole       *relatedView
	Parts       []relatedView
	Clocks      []clockView
	Entries     []entryView
	Disclosures []disclosureView
	Receipts    []sealView
	VKey        string
	Origin      string
	Command     string
	By          string // who printed it, and in which capacity
	At          string // when
}

func (*printPage) template() string { return "print" }

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
func (v words) chapters(has map[string]bool) []chapter {
	numerals := []string{"一", "二", "三", "四", "五", "六", "七", "八", "九"}
	var list []chapter
	for _, id := range []string{"head", "said", "parts", "clocks", "entries", "read", "receipts"} {
		if !has[id] {
			continue
		}
		mark := fmt.Sprintf("%d. ", len(list)+1)
		if v.lang == "zh" {
			mark = numerals[len(list)] + "、"
		}
		list = append(list, chapter{ID: id, Mark: mark, Title: v.t("print." + id)})
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

func (s *site) minePrint(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.printed(w, r, a, a.Party.Matter, "/m")
}

func (s *site) matterPrint(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	number := r.PathValue("number")
	return s.printed(w, r, a, number, "/desk/m/"+number)
}

// printed reads the matter, which is recorded as every reading is, and shows all of it.
func (s *site) printed(w http.ResponseWriter, r *http.Request, a office.Actor, number, back string) error {
	f, err := s.service.Read(r.Context(), a, number)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, s.newPrintPage(s.words(languageOf(r)), a, f, back))
}

func (s *site) newPrintPage(v words, a office.Actor, f *casework.File, back string) *printPage {
	m, p := f.Matter, f.Procedure
	content := a.Party != nil || a.ReadScope(v.staff.Tree).Content().Covers(m.Unit, m.Number)
	page := &printPage{Number: m.Number, Heading: m.Title, Back: back, Facts: v.headFacts(f), Withheld: !content,
		Content: v.content(casework.Content{Fields: m.Fields}, p), Parties: v.partyViews(p, m.Parties),
		Whole: s.whole(v, f), Parts: s.parts(v, f), Clocks: v.whyClocks(v.clockViews(m, f.RulesOf, s.service.Now()), f),
		Entries: v.printedEntries(f, back, content), Disclosures: v.disclosures(f), Receipts: v.seals(f),
		VKey: s.vkey, Origin: s.service.Origin, Command: "luoshi verify --key '" + s.vkey + "' receipt.json",
		At: v.clock(s.service.Now(), f.Rules.Location)}
	page.Title, page.Paper = m.Number, v.t("print.running", m.Number)
	if page.Heading == "" {
		page.Heading = p.Title.In(v.lang)
	}
	if a.Account != nil {
		page.Staff = v.account(a.Account.Login)
		page.By = page.Staff
	} else {
		page.Party, page.By = true, v.partyRole(f, a.Party.Role)
	}
	page.Contents = v.chapters(map[string]bool{"head": true, "said": true, "parts": page.Whole != nil || len(page.Parts) > 0,
		"clocks": true, "entries": true, "read": true, "receipts": true})
	return page
}

func (v words) partyRole(f *casework.File, role string) string {
	if r := f.Procedure.PartyRole(role); r != nil {
		role = r.Title.In(v.lang)
	}
	return v.t("print.party", role)
}

// headFacts are what stands above everything else.
func (v words) headFacts(f *casework.File) []fieldView {
	m, p, loc := f.Matter, f.Procedure, f.Rules.Location
	var facts []fieldView
	add := func(key, text string) {
		if text != "" {
			facts = append(facts, fieldView{v.t(key), text})
		}
	}
	add("print.number", m.Number)
	add("print.procedure", v.t("print.version", p.Title.In(v.lang), p.Version))
	add("print.state", v.state(p, m.State))
	add("print.unit", v.unit(m.Unit))
	if m.Assignee != "" {
		add("print.assignee", v.account(m.Assignee))
	}
	opened := v.recorded(m.Opened, loc)
	if m.Channel != "" {
		opened += " · " + v.channel(m.Channel)
	}
	add("matter.opened", opened)
	if m.Source != nil {
		add("matter.source", v.source(m.Source))
	}
	if m.Ended != "" {
		add("matter.ended", v.recorded(m.Ended, loc))
		if until := v.keptUntil(f); until != "" {
			add("matter.kept", until)
		}
	}
	add("print.zone", loc.String())
	return facts
}

// printedEntries is the history with everything in sight: documents with their text, nothing folded. What was said at
// the lodging is not said twice when it stands unchanged above.
func (v words) printedEntries(f *casework.File, back string, content bool) []entryView {
	views := v.entryViews(f, back+"/receipts", content)
	for i := range views {
		view := &views[i]
		view.Receipt, view.Issued = "", nil
		for _, d := range f.Papers[view.Seq].Documents {
			view.Issued = append(view.Issued, issuedView{Title: d.Document.Title.In(v.lang), Body: d.Body.In(v.lang)})
		}
		if view.Fold && restated(f) {
			view.Content = contentView{Note: view.Content.Note}
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
func (v words) seals(f *casework.File) []sealView {
	var views []sealView
	for _, e := range f.Entries {
		hash := ledger.EntryHash(e.ActBytes)
		what, _ := v.what(&e.Act, f.RulesAt(e.Act.Seq).Procedure)
		views = append(views, sealView{e.Act.Seq, e.Act.Time, what, e.Index, hex.EncodeToString(hash[:])})
	}
	return views
}

// source says where an imported matter came from, with the time in the words of the page.
func (v words) source(src *casework.Source) string {
	parts := []string{src.System, v.sourceID(src.ID)}
	if src.Time != "" {
		parts = append(parts, v.sourceTime(src.Time))
	}
	return strings.Join(parts, " · ")
}
