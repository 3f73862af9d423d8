package part

// Table is a table that becomes a list of cards on a phone. The first cell of a row names it. Template "table".
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]Cell
}

// Column is the head of a column.
type Column struct {
	Title  string
	Number bool // its cells are numbers, set to the right
}

// Cell is text, a link or a status. Label and Number are the column's: Add sets them.
type Cell struct {
	Text   string
	Path   string
	Status *Status
	Label  string
	Number bool
}

// Add adds a row; cells without a column are left out.
func (t *Table) Add(cells ...Cell) {
	n := min(len(cells), len(t.Columns))
	for i, c := range t.Columns[:n] {
		cells[i].Label, cells[i].Number = c.Title, c.Number
	}
	t.Rows = append(t.Rows, cells[:n])
}
