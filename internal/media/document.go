package media

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
)

// Bounds of a document, which is an archive of files: what an office writes stays far below.
const (
	maxUnpacked = 256 << 20 // bytes, as the archive itself says
	maxPacked   = 10_000    // files
)

// document says what an archive is by what is in it. Nothing is unpacked but the few bytes that name an ODT.
func document(data []byte) (Type, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Type{}, ErrDamaged
	}
	if len(archive.File) > maxPacked {
		return Type{}, ErrBomb
	}
	found, unpacked := Type{}, uint64(0)
	for i, f := range archive.File {
		if unpacked += min(f.UncompressedSize64, maxUnpacked+1); unpacked > maxUnpacked {
			return Type{}, ErrBomb
		}
		switch name := strings.ToLower(f.Name); {
		case strings.HasSuffix(name, "vbaproject.bin"), strings.HasPrefix(name, "basic/"), strings.HasPrefix(name, "scripts/"):
			return Type{}, ErrMacros
		case name == "word/document.xml":
			found = Type{"document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"}
		case name == "xl/workbook.xml":
			found = Type{"document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"}
		case i == 0 && name == "mimetype" && begins(f, "application/vnd.oasis.opendocument.text"):
			found = Type{"document", "application/vnd.oasis.opendocument.text", ".odt"}
		}
	}
	if found.Kind == "" {
		return Type{}, ErrUnknown
	}
	return found, nil
}

// begins reports whether a small file of an archive holds exactly a text.
func begins(f *zip.File, text string) bool {
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, int64(len(text))+1))
	return err == nil && string(b) == text
}
