package media

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is how long a name may be, in characters, with what it ends with.
const maxName = 100

// Name is the name under which a file is kept: what somebody called it, without folders, without characters that one
// does not see or that turn the writing around, not too long, and with an ending that says what the file is.
func Name(given string, t Type) string {
	given = strings.ToValidUTF8(given, "")
	given = given[strings.LastIndexAny(given, `/\`)+1:]
	given = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) && r != zeroWidthJoiner {
			return -1
		}
		if strings.ContainsRune(`<>:"|?*`, r) { // no name of a file everywhere
			return '_'
		}
		return r
	}, given)
	base, ext := given, path.Ext(given)
	if !belongs(ext, t) {
		ext = t.Ext
	} else {
		base = strings.TrimSuffix(given, ext)
	}
	base = strings.Trim(strings.Join(strings.Fields(base), " "), ". ")
	if room := maxName - utf8.RuneCountInString(ext); utf8.RuneCountInString(base) > room {
		base = string([]rune(base)[:room])
	}
	if base = strings.TrimRight(base, ". \u200d"); base == "" {
		base = "file"
	}
	return base + ext
}

// zeroWidthJoiner holds the parts of an emoji together.
const zeroWidthJoiner = '\u200d'

// belongs reports whether a name of that type may end so.
func belongs(ext string, t Type) bool {
	ext = strings.ToLower(ext)
	if ext == t.Ext {
		return true
	}
	for _, also := range map[string][]string{
		"image/jpeg": {".jpeg", ".jpe", ".jfif"}, "image/png": {".apng"}, "image/heif": {".heic", ".hif"}, "image/heic": {".heif"},
		"text/plain": {".text", ".csv", ".tsv", ".json", ".md", ".log"}, "audio/mp4": {".mp4"}, "audio/ogg": {".oga", ".opus"},
		"audio/wav": {".wave"}, "video/mp4": {".m4v"}, "video/quicktime": {".qt"},
	}[t.MediaType] {
		if ext == also {
			return true
		}
	}
	return false
}
