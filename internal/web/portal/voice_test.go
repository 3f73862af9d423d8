package portal

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
	"luoshi/procedures"
	"luoshi/ui"
)

// The voice of what residents read: words of everyday, short sentences. Both limits were measured on the texts as they
// are, and set so that the next long sentence is noticed: a reader of twelve follows sentences of about this length.
const (
	mostWords      = 25 // of an English sentence
	mostCharacters = 50 // of a Chinese one, without marks
)

// spokenTo are the beginnings of the keys of texts on residents' pages.
func spokenTo() []string {
	return []string{"start.", "services.", "service.", "guide.", "onward.", "course.", "form.", "lodge.", "answers.", "draft.", "send.", "party.", "lodged.", "follow.", "lost.", "public.", "mine.", "clock.", "left.",
		"entry.", "done.", "conflict.", "step.", "read.", "document.", "error.", "verify."}
}

// officialese is what offices write and nobody says, by language.
func officialese() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`(?i)\b(pursuant|hereby|herein|hereof|hereafter|thereof|therein|thereto|whereby|aforementioned|aforesaid|notwithstanding|shall|commenc\w*|utili[sz]\w*|facilitat\w*|endeavou?r\w*|` +
			`expedit\w*|terminat\w*|ascertain\w*|rectif\w*|in accordance with|in respect of|with regard to|prior to|subsequent\w*|in the event of|in lieu of|at this juncture|for the purposes? of|` +
			`undersigned|applicable|requisite|competent authority|remit|promulgat\w*|render\w*|furnish\w*|inter alia|via|per annum|stakeholders?|leverag\w*)\b`),
		"zh": regexp.MustCompile(`兹|特此|该等|鉴于|予以|之规定|系指|依照|此复|上述|下述|知悉|悉知|敬请|谨此|烦请|贵方|贵单位|不得以|应当予|依法予|进行(处理|办理|审核|核实|操作)|相关(部门|单位|规定|事宜)|有关部门|事宜|届时|务必|均须|须知|亦|若干|如若|倘若|并非|其所|本人须|该事项|所述`),
	}
}

// excused are texts that keep such a word, with the reason.
func excused() map[string]string {
	return map[string]string{}
}

var sentenceEnd = regexp.MustCompile(`[。！？；!?;]|\.(?:\s|$)|:\s|：|\n`)

// tooLong is the first sentence beyond the limit of its language, and its length.
func tooLong(lang, text string) (string, int) {
	for _, s := range sentenceEnd.Split(text, -1) {
		n, limit := len(strings.Fields(s)), mostWords
		if lang == "zh" {
			n, limit = 0, mostCharacters
			for _, r := range s {
				if unicode.IsLetter(r) || unicode.IsNumber(r) {
					n++
				}
			}
		}
		if n > limit {
			return s, n
		}
	}
	return "", 0
}

func speaks(t *testing.T, lang, where, text string) {
	t.Helper()
	if word := officialese()[lang].FindString(text); word != "" && excused()[where] == "" {
		t.Errorf("%s (%s) says %q: %s", where, lang, word, text)
	}
	if s, n := tooLong(lang, text); n > 0 {
		t.Errorf("%s (%s) has a sentence of %d: %s", where, lang, n, s)
	}
}

func TestResidentsPagesSpeakPlainly(t *testing.T) {
	texts, err := site.LoadTexts(ui.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh", "en"} {
		n := 0
		for key, text := range texts[lang] {
			for _, begin := range spokenTo() {
				if strings.HasPrefix(key, begin) && !strings.HasSuffix(key, "-words") {
					n++
					speaks(t, lang, key, text)
				}
			}
		}
		if n < 150 {
			t.Fatalf("only %d texts were looked at", n)
		}
	}
}

// What a procedure says to residents: its title, what is asked, where a matter stands, what they can do and are told.
func TestProceduresSpeakPlainlyToResidents(t *testing.T) {
	all, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		said := map[string]procedure.Text{"summary": p.Summary, "need": p.Need}
		for _, use := range p.AsksWhenOpening() {
			fd := p.Field(use.Name)
			said["field "+fd.Name], said["hint "+fd.Name] = fd.Title, fd.Hint
		}
		for _, st := range p.States {
			said["public "+st.Name] = st.Public
		}
		for _, st := range p.Steps {
			said["remedy "+st.Name] = st.Remedy
			for _, w := range st.By {
				if strings.HasPrefix(w.Relation, procedure.RelationParty) {
					said["step "+st.Name], said["help "+st.Name] = st.Title, st.Help
				}
			}
		}
		for _, n := range p.Notices {
			if toParty(n.To) {
				said["notice "+n.Name] = n.Body
			}
		}
		for what, text := range said {
			for _, lang := range []string{"zh", "en"} {
				speaks(t, lang, p.ID+" "+what, text[lang])
			}
		}
	}
}

func TestTheListOfWordsFindsThem(t *testing.T) {
	for lang, text := range map[string]string{"en": "Pursuant to article 3 the office shall reply.", "zh": "兹对相关事宜予以答复。"} {
		if !officialese()[lang].MatchString(text) {
			t.Errorf("%s is let through", text)
		}
	}
	if s, n := tooLong("en", strings.Repeat("word ", mostWords+1)+". Short."); n != mostWords+1 || utf8.RuneCountInString(s) < 10 {
		t.Errorf("a sentence of %d words is let through", mostWords+1)
	}
	if _, n := tooLong("zh", "短。"+strings.Repeat("长", mostCharacters+1)); n != mostCharacters+1 {
		t.Error("a long Chinese sentence is let through")
	}
	if s, n := tooLong("en", "One. "+strings.Repeat("word ", 20)+". Two."); n > 0 {
		t.Errorf("%q is refused", s)
	}
}
