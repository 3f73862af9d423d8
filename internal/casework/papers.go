package casework

import (
	"slices"
	"strings"

	"luoshi/internal/calendar"
	"luoshi/internal/procedure"
)

// Papers is what was told and issued with one entry. Nothing of it is stored: it follows from the procedure and
// from the matter as it was after the entry.
type Papers struct {
	Notices   []Message
	Documents []Issued
}

// Message is a notice as it was told. Body is empty for who checks a matter without reading what is personal.
type Message struct {
	Notice        *procedure.Notice
	Subject, Body procedure.Text
}

// Issued is a document with its blanks filled in.
type Issued struct {
	Document *procedure.Document
	Body     procedure.Text
}

// papers fills in the notices and documents of a history that is not limited to the reader yet; what the reader may
// not see is left blank.
func (s *Service) papers(f *File, content bool) map[int]Papers {
	out := map[int]Papers{}
	m := &Matter{}
	erased := false
	for _, e := range f.Entries {
		was := m
		if e.Act.Continues != nil { // it is told by the procedure that the matter leaves
			was = m.clone()
			was.addContent(&Content{Fields: e.Content.Fields})
			was.Unit = e.Act.Unit
		}
		m.add(&e.Act, &e.Content, s.ends)
		erased = erased || e.Erased()
		rules := f.RulesAt(e.Act.Seq)
		st := rules.Procedure.Step(e.Act.Step)
		if e.Act.Kind != Stepped || st == nil || len(st.Notices)+len(st.Documents) == 0 {
			continue
		}
		if papers := s.papersOf(f, st, &blanks{s, f, rules, was, e, erased}, content); len(papers.Notices)+len(papers.Documents) > 0 {
			out[e.Act.Seq] = papers
		}
	}
	return out
}

func (s *Service) papersOf(f *File, st *procedure.Step, b *blanks, content bool) Papers {
	var papers Papers
	for _, name := range st.Notices {
		n := b.rules.Procedure.Notice(name)
		if !f.receives(n, b.entry.Act.Seq) {
			continue
		}
		m := Message{Notice: n, Subject: b.fill(n.Subject)}
		if content {
			m.Body = b.fill(n.Body)
		}
		papers.Notices = append(papers.Notices, m)
	}
	for _, name := range st.Documents {
		if d := b.rules.Procedure.Document(name); content && f.shows(b.entry) {
			papers.Documents = append(papers.Documents, Issued{Document: d, Body: b.fill(d.Body)})
		}
	}
	return papers
}

// receives reports whether the reader is told the notice. Staff see all of them: what was told to a party is part
// of what the office did.
func (f *File) receives(n *procedure.Notice, seq int) bool {
	return f.Viewer.Staff || slices.ContainsFunc(n.To, func(to string) bool {
		return to == procedure.ToParties || to == procedure.RelationParty+":"+f.viewerAt(seq).Party
	})
}

// blanks gives what placeholders stand for, as of one entry.
type blanks struct {
	service *Service
	file    *File
	rules   *Rules  // in force for the entry
	matter  *Matter // after the entry; where it goes on in another procedure, as it left this one
	entry   *Entry
	erased  bool // content of this entry or of one before it
}

func (b *blanks) fill(text procedure.Text) procedure.Text {
	out := procedure.Text{}
	for lang, words := range text {
		out[lang] = procedure.Fill(words, func(name string) string { return b.value(name, lang) })
	}
	return out
}

func (b *blanks) value(name, lang string) string {
	p, m := b.rules.Procedure, b.matter
	switch name {
	case procedure.PlaceNumber:
		return m.Number
	case procedure.PlaceProcedure:
		return p.Title.In(lang)
	case procedure.PlaceState:
		return p.State(m.State).Title.In(lang)
	case procedure.PlaceUnit:
		unit, ok := b.service.Tree().Unit(m.Unit)
		if !ok {
			return m.Unit
		}
		return unit.Label(lang)
	case procedure.PlaceNote:
		return b.orBlank(b.entry.Content.Note, lang) // that parties may see it was checked when the procedure was loaded
	}
	if clock, ok := strings.CutPrefix(name, procedure.PlaceDue); ok {
		return b.due(clock, lang)
	}
	return b.field(strings.TrimPrefix(name, procedure.PlaceField), lang)
}

func (b *blanks) field(name, lang string) string {
	fd := b.rules.Procedure.Field(name)
	if !b.file.viewerAt(b.entry.Act.Seq).Sees(fd) {
		return notShown().In(lang)
	}
	value, ok := b.matter.Fields[name]
	if !ok {
		return b.orBlank("", lang)
	}
	return fd.Say(value, lang)
}

// due is the day, or the hour, by which a running clock asks to act.
func (b *blanks) due(name, lang string) string {
	c := b.matter.clock(name)
	if c == nil || c.Status != Running {
		return blank
	}
	return sayMoment(c.Due, b.rules, lang)
}

func sayMoment(written string, rules *Rules, lang string) string {
	m, err := calendar.ParseMoment(written, rules.Location)
	switch {
	case err != nil:
		return written
	case m.IsInstant():
		return procedure.SayDay(calendar.DateOf(m.End()).String(), lang) + m.End().Format(" 15:04")
	}
	return procedure.SayDay(m.Date().String(), lang)
}

// blank stands where nothing was given.
const blank = "—"

func (b *blanks) orBlank(s, lang string) string {
	switch {
	case s != "":
		return s
	case b.erased:
		return text("（已删除）", "(erased)").In(lang)
	}
	return blank
}

func notShown() procedure.Text { return text("（不向您公开）", "(not shown to you)") }

// Document is the issued document of that name, or nil.
func (p Papers) Document(name string) *Issued {
	for i := range p.Documents {
		if p.Documents[i].Document.Name == name {
			return &p.Documents[i]
		}
	}
	return nil
}
