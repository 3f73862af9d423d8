// Package orders makes of what was read in a report of a meeting a list of things to be carried out, which a clerk then
// puts right: merges, splits, drops, and says whose each is, by when and how one sees that it is done.
//
// A list is a value that can be written and read again as JSON. What an item says of the source is a place in it, in runes,
// so that its words can always be shown. It must not decide who may issue what, and it must not make up words: an item
// that nobody has changed says what the source says.
package orders

import (
	"slices"
	"strings"
	"unicode"

	"luoshi/internal/report"
)

// List is a report with what is to be carried out.
type List struct {
	Text    string   `json:"text"`              // of the report
	Title   string   `json:"title"`             // of the report or the meeting
	Date    string   `json:"date"`              // of the meeting, as 2006-01-02; empty when it is not known to the year
	Meeting string   `json:"meeting,omitempty"` // number of the meeting that decided it; empty when the text came from elsewhere
	Next    int      `json:"next"`              // ID of the next item
	Items   []Item   `json:"items"`             // in the order of the text, but for what a clerk moves
	Issued  []string `json:"issued"`            // numbers of what was issued, in the order of the items that were
}

// Item is one thing to be carried out.
type Item struct {
	ID      int    `json:"id"`
	Places  []Span `json:"places"`            // where the text says it; none for what a clerk adds
	Speaker string `json:"speaker,omitempty"` // who said it, as the text names them
	Inner   []Span `json:"inner,omitempty"`   // the points it has in the text, by which it can be split
	Dropped bool   `json:"dropped,omitempty"`
	Said    Said   `json:"said"`

	Title   string   `json:"title"`
	Task    string   `json:"task"`
	Measure string   `json:"measure"`
	Unit    string   `json:"unit"`             // code of the leading office, or Each of a kind
	Helpers []string `json:"helpers"`          // codes of the offices that help
	Due     string   `json:"due"`              // the last day, as 2006-01-02
	Period  string   `json:"period,omitempty"` // from which Due was computed; empty: it was set
	Reaches string   `json:"reaches"`
	Report  string   `json:"report"` // how often progress is reported: end, month or week
	Count   string   `json:"count"`  // weighted, all or sum
	Target  string   `json:"target"` // a number
}

// Said is what the text says beside the task, word by word, for the clerk to read.
type Said struct {
	Lead    []string `json:"lead,omitempty"`
	Support []string `json:"support,omitempty"`
	Due     []string `json:"due,omitempty"`
	Amounts []string `json:"amounts,omitempty"`
}

// Span is a place in the text, in runes, half-open.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Each stands before a kind of unit in Item.Unit: every office of the kind below the one that issues.
const Each = "each:"

// titleRunes is how long a title is that nobody has written.
const titleRunes = 40

// From makes a list of what was read. Each item of a series is one thing, with the points within it by which it can be
// split.
func From(r *report.Report) *List {
	l := &List{Text: r.Text, Title: strings.TrimSpace(r.Title.Text), Next: 1}
	if r.Date != nil && len(r.Date.Value) == len("2006-01-02") && r.Date.Value[0] != '-' {
		l.Date = r.Date.Value
	}
	for _, d := range r.Decisions {
		for i := range d.Items {
			l.add(&d.Items[i], d.Speaker.Text)
		}
	}
	return l
}

func (l *List) add(from *report.Item, speaker string) {
	it := Item{Speaker: speaker, Report: "end", Count: "all"}
	it.Places = []Span{{from.Start, from.End}}
	for i := range from.Items {
		it.Inner = append(it.Inner, Span{from.Items[i].Start, from.Items[i].End})
	}
	it.Task = bare(from.Text, from.Ordinal.Text)
	it.gather(from)
	l.put(it, len(l.Items))
}

// bare is the task without what only counts it: 一是, 第一，, （一）, 1. and the like.
func bare(text, ordinal string) string {
	rest, counted := strings.CutPrefix(text, ordinal)
	if !counted || ordinal == "" {
		return strings.TrimSpace(text)
	}
	if r := []rune(ordinal); unicode.Is(unicode.Han, r[len(r)-1]) {
		rest = strings.TrimPrefix(rest, "是")
	}
	return strings.TrimLeft(rest, " \u3000，、,．.：:）)")
}

// gather notes what the text says of units, days and amounts, also in the points within.
func (it *Item) gather(from *report.Item) {
	add := func(list *[]string, words string) {
		if words != "" && !slices.Contains(*list, words) {
			*list = append(*list, words)
		}
	}
	for _, u := range from.Units {
		if u.Role == report.Support {
			add(&it.Said.Support, u.Text)
		} else {
			add(&it.Said.Lead, u.Text)
		}
	}
	if from.Due != nil {
		add(&it.Said.Due, from.Due.Text)
		if it.Due+it.Period == "" {
			it.limit(from.Due.Value)
		}
	}
	for _, q := range from.Quantities {
		add(&it.Said.Amounts, q.Text)
	}
	for i := range from.Items {
		it.gather(&from.Items[i])
	}
}

// limit takes over a limit as the reader gives it: a day to the year, or a period that clocks know.
func (it *Item) limit(value string) {
	switch {
	case len(value) == len("2006-01-02") && value[0] != '-':
		it.Due = value
	case strings.HasSuffix(value, "d"), strings.HasSuffix(value, "mo"), strings.HasSuffix(value, "y"):
		it.Period = value
	}
}

// put places an item with a new ID at index i.
func (l *List) put(it Item, i int) {
	it.ID = l.Next
	l.Next++
	if it.Title == "" {
		it.Title = heading(it.Task)
	}
	l.Items = slices.Insert(l.Items, i, it)
}

// heading is the beginning of a task up to its first mark.
func heading(task string) string {
	end := strings.IndexAny(task, "。；，,;.\n")
	if end < 0 {
		end = len(task)
	}
	words := []rune(strings.TrimSpace(task[:end]))
	if len(words) > titleRunes {
		words = append(words[:titleRunes-1], '…')
	}
	return string(words)
}

// Open are the items that were not dropped.
func (l *List) Open() []*Item {
	var open []*Item
	for i := range l.Items {
		if !l.Items[i].Dropped {
			open = append(open, &l.Items[i])
		}
	}
	return open
}

// Find finds an item; nil when there is none.
func (l *List) Find(id int) *Item {
	if i := l.at(id); i >= 0 {
		return &l.Items[i]
	}
	return nil
}

func (l *List) at(id int) int {
	return slices.IndexFunc(l.Items, func(it Item) bool { return it.ID == id })
}

// Words are those of the text at a place.
func (l *List) Words(s Span) string {
	runes := []rune(l.Text)
	start, end := min(max(s.Start, 0), len(runes)), min(max(s.End, 0), len(runes))
	return string(runes[start:max(start, end)])
}
