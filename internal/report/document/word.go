package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// maxWordXML bounds what word/document.xml may unpack to: a small archive can hold a file of any size.
const maxWordXML = 32 << 20

// errTooMuch stops the unpacking.
var errTooMuch = errors.New("more than the bound")

// readWord takes the paragraphs out of a DOCX file (ECMA-376 part 1, 17.3 and 17.4): w:p with its w:t, w:tab and w:br, and
// a line for each row w:tr of a table. Text that was deleted while changes were tracked (w:delText) is not in it.
func readWord(file []byte) (Document, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return Document{}, problem(Broken)
	}
	for _, f := range archive.File {
		if f.Name != "word/document.xml" {
			continue
		}
		if f.Flags&1 != 0 { // the archive itself is encrypted
			return Document{}, problem(Locked)
		}
		part, err := f.Open()
		if err != nil {
			return Document{}, problem(Broken)
		}
		defer func() { _ = part.Close() }()
		content := &bounded{part, maxWordXML}
		text, err := paragraphs(content)
		switch {
		case errors.Is(err, errTooMuch), err != nil && content.left <= 0: // the decoder tells its own reasons for an early end
			return Document{}, problem(TooLarge)
		case err != nil:
			return Document{}, problem(Broken)
		}
		return Document{Text: text}, nil
	}
	return Document{}, problem(NotWord)
}

// bounded reads up to a number of bytes and then fails, so that what is cut is never taken for the whole.
type bounded struct {
	from io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooMuch
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.from.Read(p)
	b.left -= int64(n)
	return n, err
}

func paragraphs(r io.Reader) (string, error) {
	decoder := xml.NewDecoder(r)
	w := wordText{}
	for w.size <= maxText {
		token, err := decoder.Token()
		if err == io.EOF {
			return w.out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "Fallback" { // the same text once more, for older programs
				if err := decoder.Skip(); err != nil {
					return "", err
				}
				continue
			}
			w.start(t.Name.Local)
		case xml.EndElement:
			w.end(t.Name.Local)
		case xml.CharData:
			if w.inText > 0 {
				w.write(string(t))
			}
		}
	}
	return "", errTooMuch
}

// wordText collects the lines of a document. Paragraphs lie within cells of tables, and within each other (text boxes).
type wordText struct {
	out    strings.Builder
	size   int // of all that was written, to bound it
	inText int
	open   []*strings.Builder // paragraphs, the outermost first
	rows   [][][]string       // of the tables around, the outermost first: the cells of the row that is read, their paragraphs
}

func (w *wordText) start(name string) {
	switch name {
	case "p":
		w.open = append(w.open, &strings.Builder{})
	case "t":
		w.inText++
	case "tab":
		w.write(map[bool]string{true: " ", false: "\t"}[len(w.rows) > 0])
	case "br", "cr":
		w.write(map[bool]string{true: " ", false: "\n"}[len(w.rows) > 0])
	case "tr":
		w.rows = append(w.rows, nil)
	case "tc":
		if last := len(w.rows) - 1; last >= 0 {
			w.rows[last] = append(w.rows[last], nil)
		}
	}
}

func (w *wordText) end(name string) {
	switch name {
	case "t":
		w.inText--
	case "p":
		if last := len(w.open) - 1; last >= 0 {
			text := w.open[last].String()
			w.open = w.open[:last]
			w.line(text)
		}
	case "tr":
		if last := len(w.rows) - 1; last >= 0 {
			row := w.rows[last]
			w.rows = w.rows[:last]
			for _, line := range linesOf(row) {
				w.line(line)
			}
		}
	}
}

func (w *wordText) write(text string) {
	w.size += len(text)
	if last := len(w.open) - 1; last >= 0 {
		w.open[last].WriteString(text)
	}
}

// line ends a paragraph: in the cell around it, or in the text.
func (w *wordText) line(text string) {
	w.size++
	if last := len(w.rows) - 1; last >= 0 {
		if cells := w.rows[last]; len(cells) > 0 {
			cells[len(cells)-1] = append(cells[len(cells)-1], text)
			return
		}
	}
	w.out.WriteString(text + "\n")
}

// A cell with more is text that was laid out in a table, and no entry of it.
const (
	maxCellParagraphs = 3
	maxCellText       = 600 // bytes, some 200 characters
)

// linesOf is a row of a table: one line with a tab between its cells, or the paragraphs of its cells one after the other
// when the table only lays out a text.
func linesOf(row [][]string) []string {
	var cells, all []string
	filled, layout := 0, false
	for _, paragraphs := range row {
		kept := slices.DeleteFunc(slices.Clone(paragraphs), func(p string) bool { return strings.TrimSpace(p) == "" })
		all = append(all, kept...)
		cell := strings.Join(kept, " ")
		layout = layout || len(kept) > maxCellParagraphs || len(cell) > maxCellText || strings.Contains(cell, "\t")
		if cell != "" {
			filled++
		}
		cells = append(cells, cell)
	}
	if layout || filled < 2 {
		return all
	}
	return []string{strings.Join(cells, "\t")}
}
