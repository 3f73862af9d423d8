package media

import (
	"errors"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// Type is what a file is.
type Type struct {
	Kind      string // image, pdf, document, audio or video, as procedures say in accept
	MediaType string // as it is served
	Ext       string // with the dot; what its name ends with
}

// Why a file is not taken.
var (
	ErrEmpty   = errors.New("the file is empty")
	ErrUnknown = errors.New("the file is of no kind that is taken")
	ErrDamaged = errors.New("the file is damaged")
	ErrMacros  = errors.New("the file holds a program (macros)")
	ErrBomb    = errors.New("the file would become far too large when it is opened")
)

// text is plain text. What looks like a table or JSON is text too: a letter may well have a comma in every line.
var text = Type{"document", "text/plain", ".txt"}

// types are the kinds that are taken, by what the library calls them.
var types = map[string]Type{
	"image/jpeg":                {"image", "image/jpeg", ".jpg"},
	"image/png":                 {"image", "image/png", ".png"},
	"image/vnd.mozilla.apng":    {"image", "image/png", ".png"},
	"image/webp":                {"image", "image/webp", ".webp"},
	"image/heic":                {"image", "image/heic", ".heic"},
	"image/heif":                {"image", "image/heif", ".heif"},
	"application/pdf":           {"pdf", "application/pdf", ".pdf"},
	"text/plain":                text,
	"text/csv":                  text,
	"text/tab-separated-values": text,
	"application/json":          text,
	"audio/mpeg":                {"audio", "audio/mpeg", ".mp3"},
	"audio/mp4":                 {"audio", "audio/mp4", ".m4a"},
	"audio/x-m4a":               {"audio", "audio/mp4", ".m4a"},
	"audio/aac":                 {"audio", "audio/aac", ".aac"},
	"audio/amr":                 {"audio", "audio/amr", ".amr"},
	"audio/wav":                 {"audio", "audio/wav", ".wav"},
	"audio/ogg":                 {"audio", "audio/ogg", ".ogg"},
	"application/ogg":           {"audio", "audio/ogg", ".ogg"},
	"video/mp4":                 {"video", "video/mp4", ".mp4"},
	"video/x-m4v":               {"video", "video/mp4", ".mp4"},
	"video/quicktime":           {"video", "video/quicktime", ".mov"},
	"video/webm":                {"video", "video/webm", ".webm"},
	"video/3gpp":                {"video", "video/3gpp", ".3gp"},
	"video/3gpp2":               {"video", "video/3gpp2", ".3g2"},
}

// Look says what a file is. The error is one of those above.
func Look(data []byte) (Type, error) {
	if len(data) == 0 {
		return Type{}, ErrEmpty
	}
	found := mimetype.Detect(data)
	name, _, _ := strings.Cut(found.String(), ";")
	t, ok := types[name]
	switch {
	case inside(found, "application/zip"):
		return document(data)
	case !ok:
		return Type{}, ErrUnknown
	case t.MediaType == "image/jpeg" || t.MediaType == "image/png":
		return t, dimensions(data)
	}
	return t, nil
}

// inside reports whether a type is a form of another one.
func inside(found *mimetype.MIME, of string) bool {
	for ; found != nil; found = found.Parent() {
		if found.Is(of) {
			return true
		}
	}
	return false
}
