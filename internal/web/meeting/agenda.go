package meeting

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	meetings "luoshi/internal/casework/meeting"
)

// agendaForm is an agenda as rows to fill in.
type agendaForm struct {
	Rows  []agendaRow
	Error string
}

// agendaRow is one row, with the names of its inputs and what is to be said of it.
type agendaRow struct {
	N                      int // 1 for the first
	ID                     string
	From, Until, What, Who string
	Said                   []string
}

// Rows that a form has at first, that one button adds, and that it has at most.
const (
	firstRows = 4
	moreRows  = 3
	maxRows   = 100
)

// agendaItems reads the rows of a form: the lists of their inputs run side by side. Rows without anything are left out.
func agendaItems(form url.Values) []meetings.Item {
	at := func(name string, i int) string {
		if values := form[name]; i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	var items []meetings.Item
	n := min(max(len(form["a.what"]), len(form["a.from"])), maxRows)
	for i := range n {
		it := meetings.Item{Start: at("a.from", i), End: at("a.until", i), Title: at("a.what", i), Who: at("a.who", i)}
		if it != (meetings.Item{}) {
			items = append(items, it)
		}
	}
	return items
}

// edit does what a button of a row says: up.N, down.N or drop.N, of the rows that are filled in; or adds room.
func editAgenda(items []meetings.Item, do string) []meetings.Item {
	what, of, _ := strings.Cut(do, ".")
	n, err := strconv.Atoi(of)
	if i := n - 1; err == nil && i >= 0 && i < len(items) {
		switch what {
		case "up":
			if i > 0 {
				items[i-1], items[i] = items[i], items[i-1]
			}
		case "down":
			if i+1 < len(items) {
				items[i+1], items[i] = items[i], items[i+1]
			}
		case "drop":
			items = slices.Delete(items, i, i+1)
		}
	}
	return items
}

// agendaRows are the rows of items with what was found about them, and room for more.
func (v words) agendaRows(items []meetings.Item, found []meetings.Finding, room int) []agendaRow {
	rows := make([]agendaRow, max(len(items)+room, firstRows))
	for i := range rows {
		rows[i].N, rows[i].ID = i+1, "a-"+strconv.Itoa(i+1)
		if i < len(items) {
			it := items[i]
			rows[i].From, rows[i].Until, rows[i].What, rows[i].Who = it.Start, it.End, it.Title, it.Who
		}
	}
	for _, f := range found {
		if f.Item >= 0 && f.Item < len(items) {
			rows[f.Item].Said = append(rows[f.Item].Said, v.Say(f.Text))
		}
	}
	return rows
}

// checked reads items as the meeting will, with everything there is to say about them.
func checked(items []meetings.Item, begins, ends string) ([]meetings.Item, []meetings.Finding) {
	read, found := meetings.ParseAgenda(meetings.FormatAgenda(items))
	if len(items) == 0 {
		return nil, nil
	}
	return read, append(found, meetings.Outside(read, begins, ends)...)
}
