package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// maxWordXML bounds what word/document.xml may unpack to: a small archive can hold a file of any size.
const maxWordXML = 32 << 20

// errTooMuch stops the unpacking.
var errTooMuch = errors.New("more than the bound")

// readWord takes the paragraphs out of a DOCX file (ECMA-376 part 1, 17.3): w:p with its w:t, w:tab and w:br. Text that
// was deleted while changes were tracked (w:delText) is not in it.
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
	var b strings.Builder
	decoder := xml.NewDecoder(r)
	inText := 0
	for b.Len() <= maxText {
		token, err := decoder.Token()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				inText++
			case "tab":
				b.WriteByte('\t')
			case "br", "cr":
				b.WriteByte('\n')
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inText--
			case "p":
				b.WriteByte('\n')
			}
		case xml.CharData:
			if inText > 0 {
				b.Write(t)
			}
		}
	}
	return "", errTooMuch
}
