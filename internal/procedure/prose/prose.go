// Package prose reads a procedure aloud: in plain Chinese or English, in short sentences, from the law it rests on to
// how long it is kept. Everything that is declared is said; a test walks the types of the language to keep that
// true. It must never say what the declaration does not.
package prose

import (
	"fmt"
	"io"
	"strings"

	"luoshi/internal/procedure"
)

// Options say how a procedure is read.
type Options struct {
	Lang  string           // zh or en
	Kinds *procedure.Kinds // titles of kinds of unit; nil: their names stand
}

// Write writes the procedure in words, as plain text in UTF-8. The error is the writer's.
func Write(w io.Writer, p *procedure.Procedure, o Options) error {
	r := &reader{p: p, lang: o.Lang, kinds: o.Kinds, running: p.Running(), told: map[string]bool{}}
	r.top()
	r.opening()
	r.parties()
	r.fields()
	r.states()
	r.clocks()
	r.subs()
	r.notices()
	r.documents()
	r.progress()
	r.sight()
	r.retention()
	_, err := io.WriteString(w, r.b.String())
	return err
}

// reader holds what was said so far.
type reader struct {
	p       *procedure.Procedure
	lang    string
	kinds   *procedure.Kinds
	b       strings.Builder
	running map[*procedure.Clock]map[string]bool
	told    map[string]bool // steps that were described
}

// say picks the sentence of the language; both take the same arguments, by number.
func (r *reader) say(zh, en string, args ...any) string {
	s := en
	if r.lang == "zh" {
		s = zh
	}
	if len(args) > 0 {
		return fmt.Sprintf(s, args...)
	}
	return s
}

// line writes one line, indented by two spaces for each level.
func (r *reader) line(level int, s string) {
	for i, part := range strings.Split(strings.TrimRight(s, "\n"), "\n") {
		r.b.WriteString(strings.Repeat("  ", level))
		if i > 0 {
			r.b.WriteString("  ")
		}
		r.b.WriteString(part + "\n")
	}
}

// heading begins a part.
func (r *reader) heading(zh, en string) {
	r.b.WriteString("\n" + r.say(zh, en) + "\n\n")
}

// in is a text in the language.
func (r *reader) in(t procedure.Text) string { return t.In(r.lang) }

// list joins words.
func (r *reader) list(words []string) string { return strings.Join(words, r.say("、", ", ")) }

// quoted puts a title in quotation marks.
func (r *reader) quoted(s string) string { return "“" + s + "”" }

// each applies f to a list and joins the result.
func each[T any](r *reader, list []T, f func(T) string) string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = f(x)
	}
	return r.list(words)
}

func (r *reader) state(name string) string {
	if s := r.p.State(name); s != nil {
		return r.quoted(r.in(s.Title))
	}
	return name
}

func (r *reader) step(name string) string {
	if name == procedure.EventOpen {
		return r.say("提出", "bringing the matter")
	}
	if s := r.p.Step(name); s != nil {
		return r.quoted(r.in(s.Title))
	}
	return name
}

func (r *reader) clock(name string) string {
	if c := r.p.Clock(name); c != nil {
		return r.quoted(r.in(c.Title))
	}
	return name
}

func (r *reader) field(name string) string {
	if f := r.p.Field(name); f != nil {
		return r.quoted(r.in(f.Title))
	}
	return name
}

func (r *reader) party(role string) string {
	if p := r.p.PartyRole(role); p != nil {
		return r.in(p.Title)
	}
	return role
}

func (r *reader) sub(name string) string {
	if s := r.p.Sub(name); s != nil {
		return r.quoted(r.in(s.Title))
	}
	return name
}

func (r *reader) kind(kind string) string { return r.kinds.In(kind, r.lang) }

// basis is the rule of law, how sure it is, and the note.
func (r *reader) basis(b procedure.Basis) string {
	var parts []string
	if b.Law != "" {
		law := r.say("依据：%[1]s", "By %[1]s", b.Law)
		if b.Article != "" {
			law += r.say("第%[1]s条", ", article %[1]s", b.Article)
		}
		switch b.Status {
		case procedure.StatusVerified:
			law += r.say("（已核对）", " (checked)")
		case procedure.StatusWeak:
			law += r.say("（待核实：来自转述）", " (to be confirmed: second-hand)")
		default:
			law += r.say("（待核实：凭记忆）", " (to be confirmed: from memory)")
		}
		parts = append(parts, law+r.say("。", "."))
	} else {
		parts = append(parts, r.say("没有法律依据。", "There is no rule of law."))
	}
	if note := r.in(b.Note); note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, r.say("", " "))
}

// top says what the procedure is and by which law.
func (r *reader) top() {
	p := r.p
	r.line(0, r.in(p.Title))
	r.line(0, r.say("规程 %[1]s，第%[2]d版。", "Procedure %[1]s, version %[2]d.", p.ID, p.Version))
	r.b.WriteString("\n")
	r.line(0, r.in(p.Summary))
	if need := r.in(p.Need); need != "" {
		r.line(0, r.say("首页上写作：%[1]s", "On the start page: %[1]s", need))
	}
	if words := r.in(p.Words); words != "" {
		r.line(0, r.say("也可以用这些词找到：%[1]s", "Also found by: %[1]s", words))
	}
	r.line(0, r.say("文字用%[1]s写成。日子按日历“%[2]s”计算，时间按%[3]s。", "It is written in %[1]s. Days are counted by the calendar “%[2]s”, in the time of %[3]s.",
		each(r, p.Languages, r.language), p.Calendar, p.TimeZone))
	for _, b := range p.Basis {
		r.line(0, r.basis(b))
	}
	r.hand()
}

// hand says what to have at hand, and what there is against the outcome.
func (r *reader) hand() {
	if len(r.p.Bring) > 0 {
		r.line(0, r.say("要准备的：%[1]s。", "What to have at hand: %[1]s.", each(r, r.p.Bring, func(b procedure.Bring) string {
			if b.Needed() {
				return r.in(b.Title)
			}
			return r.in(b.Title) + r.say("（有就带上）", " (if there is any)")
		})))
	}
	if disagree := r.in(r.p.Disagree); disagree != "" {
		r.line(0, r.say("对结果不服：%[1]s", "Who does not agree with the outcome: %[1]s", disagree))
	}
}

func (r *reader) language(tag string) string {
	switch tag {
	case "zh":
		return r.say("中文", "Chinese")
	case "en":
		return r.say("英文", "English")
	}
	return tag
}
