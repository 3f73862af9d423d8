package report

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"luoshi/internal/report/document"
)

// Span is a piece of the source: Text is exactly the runes from Start up to, not including, End. The zero Span stands
// for what the source does not say, and is null in JSON.
type Span struct {
	Start, End int
	Text       string
}

// IsZero tells that the source does not say it.
func (s Span) IsZero() bool { return s.Start == s.End }

// MarshalJSON gives the words alone.
func (s Span) MarshalJSON() ([]byte, error) {
	if s.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(s.Text)
}

// Role is what somebody did at the meeting.
type Role string

// The roles.
const (
	Chair    Role = "chair"    // 主持
	Speaker  Role = "speaker"  // 讲话、强调、指出、要求
	Reporter Role = "reporter" // 汇报、作报告、发言、介绍、通报
	Attendee Role = "attendee" // 出席、参加、列席
)

// Person is somebody, or a group without names, who took part. One that did different things in different phases of a
// meeting stands there once for each.
type Person struct {
	Name  Span   `json:"name"` // zero for a group
	Posts []Span `json:"posts"`
	Roles []Role `json:"roles"`
	Phase Span   `json:"phase"`
}

// Form is how the meeting was held.
type Form struct {
	// Kind is in-person, video, telephone or mixed; nil when no meeting is told of.
	Kind  *string `json:"kind"`
	Video bool    `json:"video"` // pictures were transmitted
	// DownTo is the lowest level that it was extended to, 市, 县 or 乡; nil when it was not.
	DownTo *string `json:"down_to"`
	Sites  []Span  `json:"sites"` // venues besides the main one, as named
}

// Decision is one series of instructions and who gave it.
type Decision struct {
	Speaker   Span   `json:"speaker"` // the name; zero when the meeting as such is the one who speaks
	LeadIn    Span   `json:"lead_in"`
	Announced *int   `json:"announced"` // how many the lead-in says there are
	Items     []Item `json:"items"`
}

// UnitRole says which part a unit has in an item.
type UnitRole string

// The parts of units.
const (
	Lead        UnitRole = "lead"        // 牵头
	Support     UnitRole = "support"     // 配合
	Responsible UnitRole = "responsible" // 负责、责任单位, or the one who is told to do it
)

// Unit is an office named in an item.
type Unit struct {
	Span
	Role UnitRole
}

// Item is one instruction. Its Span is from the ordinal, or the first word, to before the mark that closes it.
type Item struct {
	Span
	Ordinal    Span
	Units      []Unit
	Due        *Due
	Quantities []Quantity
	Items      []Item
}

// MarshalJSON puts the parts of units beside their names, in the same order.
func (i Item) MarshalJSON() ([]byte, error) {
	names, roles := []Span{}, []UnitRole{}
	for _, u := range i.Units {
		names, roles = append(names, u.Span), append(roles, u.Role)
	}
	return json.Marshal(struct {
		Ordinal    Span       `json:"ordinal"`
		Text       string     `json:"text"`
		Start      int        `json:"start"`
		End        int        `json:"end"`
		Units      []Span     `json:"units"`
		UnitRoles  []UnitRole `json:"unit_roles"`
		Due        *Due       `json:"due"`
		Quantities []Quantity `json:"quantities"`
		Items      []Item     `json:"items"`
	}{i.Ordinal, i.Text, i.Start, i.End, names, roles, i.Due, notNil(i.Quantities), notNil(i.Items)})
}

// Report is what was understood.
type Report struct {
	Text      string     `json:"text"` // the main text as extracted; all places are in its runes
	Title     Span       `json:"title"`
	Lede      Span       `json:"lede"`
	Source    Span       `json:"source"`
	Byline    Span       `json:"byline"`
	Date      *Date      `json:"date"`
	TimeOfDay Span       `json:"time_of_day"`
	Place     Span       `json:"place"`
	Form      Form       `json:"form"`
	People    []Person   `json:"people"`
	Decisions []Decision `json:"decisions"`
	Findings  []Finding  `json:"findings"`
}

// Open reads a file of any kind that package document knows. Errors are *document.Problem, or the context's.
func Open(ctx context.Context, file []byte, pdf document.PDF) (*Report, error) {
	d, err := document.Read(ctx, file, pdf)
	if err != nil {
		return nil, err
	}
	r := Read(d.Text, d.Published)
	switch {
	case !chinese(d.Text):
		return nil, &document.Problem{Kind: document.NoChinese}
	case len(r.Decisions) == 0 && r.Form.Kind == nil, tale(d.Text):
		return nil, &document.Problem{Kind: document.NoMeeting}
	}
	return r, nil
}

// talk is how people speak in tales: a sentence ends within the quotation marks.
var talk = regexp.MustCompile(`[。！？…][”」]`)

// tale tells a story from a report by what is said in it: two sentences of talk or more, and three in a thousand
// characters. Reports quote words and phrases.
func tale(text string) bool {
	said := len(talk.FindAllStringIndex(text, -1))
	return said > 1 && said*1000 >= 3*utf8.RuneCountInString(text)
}

// chinese tells whether at least a third of the letters are Chinese characters.
func chinese(text string) bool {
	letters, han := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.Is(unicode.Han, r) {
				han++
			}
		}
	}
	return han*3 >= letters && han > 0
}

// Read reads a text. published is when it was published, if something beside the text says so; otherwise zero.
// Invalid UTF-8 is replaced first. It never fails: a text that says nothing gives a Report that says nothing.
func Read(text string, published time.Time) *Report {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	s := newSource(text)
	h := readHeader(s, published)
	m := readMentions(s, h)
	blocks := readSpeech(s, h, m)
	r := &Report{Text: text, Title: h.title, Lede: h.lede, Source: h.source, Byline: h.byline, Date: h.date,
		TimeOfDay: h.timeOfDay, Place: h.place, Form: readForm(s, h)}
	r.Decisions, r.Findings = readDecisions(s, blocks, h.year)
	r.People = readPeople(s, h, m, blocks)
	r.Decisions, r.Findings, r.People = notNil(r.Decisions), notNil(r.Findings), notNil(r.People)
	return r
}

// notNil makes lists that are empty [] in JSON, and not null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
