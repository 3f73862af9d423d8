package report

import (
	"regexp"
	"slices"
	"strings"
)

// line is one line of a table of tasks, cut into cells.
type line struct {
	at    extent
	cells []extent
}

// table is a plan that was handed out with what was said: who does what until when, a line for each.
type table struct {
	head []extent // the titles of the columns; empty when the first line is a task already
	rows []line
}

const (
	leastCells = 3
	leastRows  = 2
)

var (
	columnUnit = regexp.MustCompile(`责任|牵头|主办|承办|配合|协办|单位|部门`)
	columnDue  = regexp.MustCompile(`时限|时间|期限|完成`)
	rowNote    = regexp.MustCompile(`(?:责任|牵头|配合|完成)(?:单位|部门|时限|时间)：`)
	cellDue    = regexp.MustCompile(`^(?:(` + digit + `{4})年|(今年|明年|本年|当年))?(` + digit + `{1,3})月(?:(` + digit + `{1,3})日|(底|末)|(上旬|中旬|下旬))?$`)
)

// cells cuts a line at tabs, or else at wide spaces and rows of spaces; nil when it is no line of a table.
func (s *source) cells(p extent) []extent {
	var out []extent
	start, tabs := p.start, slices.Contains(s.runes[p.start:p.end], '\t')
	for i := p.start; i < p.end; i++ {
		gap := i
		for gap < p.end && s.norm[gap] == ' ' && (!tabs || gap == i) {
			gap++
		}
		if tabs && s.runes[i] != '\t' || !tabs && gap-i < 2 && s.runes[i] != '\u3000' {
			continue
		}
		out = append(out, s.trim(extent{start, i}))
		start, i = gap, gap-1
	}
	if out = append(out, s.trim(extent{start, p.end})); len(out) < leastCells {
		return nil
	}
	return out
}

// tableAt reads a table of tasks that begins with the first of the paragraphs, and how many of them it takes: 0 when
// there is none. Other tables, of names or prizes, have neither limits nor offices that answer for a line.
func (s *source) tableAt(paragraphs []extent) (table, int) {
	var t table
	for _, p := range paragraphs {
		cells := s.cells(p)
		if cells == nil || len(t.rows) > 0 && max(len(cells), len(t.rows[0].cells))-min(len(cells), len(t.rows[0].cells)) > 1 ||
			len(t.rows) > 0 && s.at(t.rows[len(t.rows)-1].at.end-1) == '。' {
			break
		}
		t.rows = append(t.rows, line{p, cells})
	}
	n := len(t.rows)
	if n < leastRows {
		return table{}, 0
	}
	titles := s.text(t.rows[0].at)
	if columnUnit.MatchString(titles) && columnDue.MatchString(titles) && !rowNote.MatchString(titles) && !strings.ContainsAny(titles, "0123456789") {
		t.head, t.rows = t.rows[0].cells, t.rows[1:]
		return t, n
	}
	tasks := 0
	for _, r := range t.rows {
		if rowNote.MatchString(s.text(r.at)) || len(s.dues(r.at, yearFrom{})) > 0 {
			tasks++
		}
	}
	if tasks*2 < n {
		return table{}, 0
	}
	return t, n
}

// table adds a decision of the lines of a table.
func (d *decisions) table(b block) {
	out := Decision{Speaker: d.s.span(b.speaker)}
	for _, r := range b.table.rows {
		out.Items = append(out.Items, d.task(b.table, r))
	}
	if len(out.Items) > 0 {
		d.list, d.overview = append(d.list, out), append(d.overview, false)
	}
}

// task is an item whose offices and limit stand in columns.
func (d *decisions) task(t table, r line) Item {
	ordinal := extent{}
	if first := r.cells[0]; d.s.count(first) > 0 || d.s.find(rowNumber, first) != nil {
		ordinal = first
	}
	it := d.item(r.at, r.at, ordinal, nil)
	it.Units = nil
	for k, cell := range r.cells {
		title := ""
		if len(t.head) == len(r.cells) {
			title = d.s.text(t.head[k])
		}
		if role, ok := columnRole(title, d.s.allUnits(cell)); ok {
			for _, part := range d.s.unitParts(cell) {
				d.s.addUnit(&it.Units, part, role)
			}
		} else if title == "" {
			it.Units = append(it.Units, d.s.units(cell)...)
		}
		if it.Due == nil && columnDue.MatchString(title) && !columnUnit.MatchString(title) {
			it.Due = d.cellDue(cell)
		}
	}
	return it
}

// rowNumber is how lines are numbered where not by a plain number.
var rowNumber = regexp.MustCompile(`^(?:[0-9]{1,3}\.?|（[一二三四五六七八九十0-9]{1,3}）)$`)

// columnRole is the part that the offices of a column have. Without titles, a cell of offices alone names who does it.
func columnRole(title string, offices bool) (UnitRole, bool) {
	switch {
	case title == "":
		return Responsible, offices
	case strings.Contains(title, "牵头") || strings.Contains(title, "主办") || strings.Contains(title, "承办"):
		return Lead, true
	case strings.Contains(title, "配合") || strings.Contains(title, "协办") || strings.Contains(title, "协同"):
		return Support, true
	}
	return Responsible, columnUnit.MatchString(title) && !columnDue.MatchString(title)
}

// cellDue is the limit that a cell of its own column names, also without 前; nil for an empty cell.
func (d *decisions) cellDue(cell extent) *Due {
	if cell = d.s.trim(cell); cell.length() == 0 {
		return nil
	}
	due := Due{Text: d.s.span(cell).Text, Start: cell.start, End: cell.end}
	if g := d.s.find(cellDue, cell); g != nil {
		if value := d.s.dueDate(g, d.years); value != "-" {
			due.Value = value
		}
	}
	return &due
}
