package soundness

import (
	"fmt"
	"strings"

	"luoshi/internal/procedure"
)

// thing is something declared, as findings name it: by name in English, by title and name in Chinese.
type thing struct {
	name  string
	title procedure.Text
}

func (t thing) in(lang string) string {
	if zh := t.title["zh"]; lang == "zh" && zh != "" {
		return "“" + zh + "”（" + t.name + "）"
	}
	if lang == "zh" {
		return "“" + t.name + "”"
	}
	return fmt.Sprintf("%q", t.name)
}

// things are listed.
type things []thing

func (l things) in(lang string) string {
	out := make([]string, len(l))
	for i, t := range l {
		out[i] = t.in(lang)
	}
	if lang == "zh" {
		return strings.Join(out, "、")
	}
	return strings.Join(out, ", ")
}

// say fills the arguments into the words of both languages; both name them by number, %[1]s.
func say(zh, en string, args ...any) procedure.Text {
	return procedure.Text{"zh": fill("zh", zh, args), "en": fill("en", en, args)}
}

func fill(lang, format string, args []any) string {
	in := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case interface{ in(string) string }:
			in[i] = a.in(lang)
		case procedure.Text:
			in[i] = a.In(lang)
		default:
			in[i] = a
		}
	}
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, in...)
}
