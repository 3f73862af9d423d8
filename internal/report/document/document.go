// Package document takes the main text out of what an office has at hand: plain text, a saved news page, a Word
// file, a PDF file.
//
// It gives the words as they stand there and changes none; what surrounds them (menus, scripts, formats) stays out.
// It must never give half a text: what it cannot read to the end, it refuses with a Problem that says what to do.
package document

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Bounds of one file. A report has a few thousand characters; these leave room for a whole book of minutes.
const (
	MaxBytes = 20 << 20 // of the file
	maxText  = 1 << 19  // of the text in it, in bytes of UTF-8: some 170,000 characters
)

// PDF turns a PDF file into UTF-8 text. ErrNoPDF when the machine has nothing that can.
type PDF func(ctx context.Context, file []byte) ([]byte, error)

// Errors that a PDF function gives for what a person can do something about.
var (
	ErrNoPDF     = errors.New("no reader of PDF files")
	ErrLockedPDF = errors.New("the PDF file asks for a password")
)

// Document is the main text of a file.
type Document struct {
	Text      string    // paragraphs, each ended by a line break; the title is the first line if there is one
	Published time.Time // as the page's own description says; zero when it does not say
}

// Read finds out what the file is by its content and takes the text out. Errors are Problems, or the context's.
func Read(ctx context.Context, file []byte, pdf PDF) (Document, error) {
	switch {
	case len(bytes.TrimSpace(file)) == 0:
		return Document{}, problem(Empty)
	case len(file) > MaxBytes:
		return Document{}, problem(TooLarge)
	}
	d, err := readKind(ctx, file, pdf)
	if err != nil {
		return Document{}, err
	}
	if len(d.Text) > maxText {
		return Document{}, problem(TooLarge)
	}
	d.Text = tidy(d.Text)
	if strings.TrimSpace(d.Text) == "" {
		return Document{}, problem(Empty)
	}
	return d, nil
}

func readKind(ctx context.Context, file []byte, pdf PDF) (Document, error) {
	switch {
	case bytes.HasPrefix(file, []byte("%PDF-")):
		return readPDF(ctx, file, pdf)
	case bytes.HasPrefix(file, []byte("PK\x03\x04")), bytes.HasPrefix(file, []byte("PK\x05\x06")):
		return readWord(file)
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return Document{}, problem(oldWord(file))
	case bytes.HasPrefix(file, []byte("{\\rtf")):
		return Document{}, problem(OldWord)
	}
	text, err := decode(file)
	if err != nil {
		return Document{}, err
	}
	if isPage(text) {
		return readPage(text)
	}
	return Document{Text: withoutNote(text)}, nil
}

// withoutNote drops a first line that begins with #: a remark about the file that whoever keeps it made.
func withoutNote(text string) string {
	if note, rest, found := strings.Cut(text, "\n"); found && strings.HasPrefix(note, "#") {
		return rest
	}
	return text
}

// oldWord tells a Word file under a password from a Word file of before 2007: both are the same kind of container,
// and the first has a stream of this name (ECMA-376 encryption, MS-OFFCRYPTO 2.3.4.4).
func oldWord(file []byte) Kind {
	name := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	if bytes.Contains(file, name) {
		return Locked
	}
	return OldWord
}

// readPDF asks the given function. A file without text in it is a scan.
func readPDF(ctx context.Context, file []byte, pdf PDF) (Document, error) {
	if pdf == nil {
		return Document{}, problem(NoPDF)
	}
	text, err := pdf(ctx, file)
	switch {
	case ctx.Err() != nil:
		return Document{}, ctx.Err()
	case errors.Is(err, ErrNoPDF):
		return Document{}, problem(NoPDF)
	case errors.Is(err, ErrLockedPDF):
		return Document{}, problem(Locked)
	case err != nil:
		return Document{}, problem(Broken)
	case len(text) > maxText:
		return Document{}, problem(TooLarge)
	case len(bytes.TrimSpace(text)) == 0:
		return Document{}, problem(Scan)
	}
	return Document{Text: joinLines(string(text))}, nil
}

// joinLines makes paragraphs of the lines of a page: a line goes on in the next unless it ends a sentence, or one of them
// belongs to a table, or the next one is indented or blank. Only line breaks, the indent and numbers of pages are dropped.
func joinLines(text string) string {
	var b strings.Builder
	lines := withoutPages(text)
	widest := 0
	for _, line := range lines {
		widest = max(widest, len([]rune(strings.TrimSpace(line))))
	}
	for i, line := range lines {
		words := strings.TrimSpace(line)
		b.WriteString(words)
		short := len([]rune(words)) < widest*3/4
		if i == len(lines)-1 || short || indented(lines[i+1]) || columns.MatchString(words) || columns.MatchString(strings.TrimSpace(lines[i+1])) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

var (
	// pageNumber stands alone at the foot of a page.
	pageNumber = regexp.MustCompile(`^(?:[-—–·] ?)?[0-9]{1,3}(?: ?[-—–·])?$|^第 ?[0-9]{1,3} ?页(?:[,，/ ]*共 ?[0-9]{1,3} ?页)?$`)
	// columns are what a line of a table has: three cells or more.
	columns = regexp.MustCompile(`\S(?: {2,}|\t)\S.*\S(?: {2,}|\t)\S`)
)

// withoutPages are the lines without the ends of pages: number and blank lines around it.
func withoutPages(text string) []string {
	var out []string
	pages := strings.Split(text, "\f")
	for i, page := range pages {
		lines := strings.Split(page, "\n")
		blank := func(line string) bool {
			line = strings.TrimSpace(line)
			return line == "" || pageNumber.MatchString(line)
		}
		for len(lines) > 0 && blank(lines[len(lines)-1]) && i+1 < len(pages) {
			lines = lines[:len(lines)-1]
		}
		for len(lines) > 0 && blank(lines[0]) && i > 0 {
			lines = lines[1:]
		}
		out = append(out, lines...)
	}
	return out
}

func indented(line string) bool {
	return strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\u3000")
}

// tidy drops what no reader sees: carriage returns, marks of byte order, other control characters.
func tidy(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n', r == '\t':
			return r
		case r == '\ufeff', r == '\u200b', r == '\u00ad', unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
}
