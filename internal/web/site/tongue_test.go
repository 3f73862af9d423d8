package site

import (
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

func TestTextsInAnotherLanguageAreMarkedOnThePage(t *testing.T) {
	zh := Words{Lang: "zh"}
	ask := zh.Say(procedure.Text{"en": "Ask"})
	for _, c := range []struct{ what, page, want string }{
		{"in a sentence", "<p>您可以做" + ask + "。</p>", `<p>您可以做<span lang="en">Ask</span>。</p>`},
		{"twice in a list", "<dd>" + ask + "、" + ask + "</dd>", `<dd><span lang="en">Ask</span>、<span lang="en">Ask</span></dd>`},
		{"in an attribute", `<a aria-label="` + ask + `">x</a>`, `<a aria-label="Ask">x</a>`},
		{"in an option", `<option value="a" selected>` + ask + "</option>", `<option value="a" selected lang="en">Ask</option>`},
		{"in the title", "<title>" + ask + " · 落实</title><h1>" + ask + "</h1>", `<title>Ask · 落实</title><h1><span lang="en">Ask</span></h1>`},
		{"in the middle of an option", "<option>一 " + ask + "</option>", "<option>一 Ask</option>"},
		{"in a box to write in", "<textarea>" + ask + "</textarea>", "<textarea>Ask</textarea>"},
		{"cut before its end", "<p>" + strings.TrimSuffix(ask, tongueEnd) + "</p><p>" + ask + "</p>", `<p><span lang="en">Ask</span></p><p><span lang="en">Ask</span></p>`},
		{"at the end of the page", ask, `<span lang="en">Ask</span>`},
		{"made up by somebody", "<p>" + tongueMark + "\U000E0022\U000E003E\U000E0061b" + tongueEnd + "</p>", `<p><span lang="a">b</span></p>`},
		{"nothing marked", "<p>问</p>", "<p>问</p>"},
	} {
		if got := string(speak([]byte(c.page))); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}

func TestTextsInTheLanguageOfThePageAreNot(t *testing.T) {
	both := procedure.Text{"zh": "问", "en": "Ask"}
	for lang, want := range map[string]string{"zh": "问", "en": "Ask"} {
		if got := (Words{Lang: lang}).Say(both); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := (Words{Lang: "en"}).Say(nil); got != "" {
		t.Errorf("no text is %q", got)
	}
	if got := string(speak([]byte((Words{Lang: "en"}).Say(procedure.Text{"fr-CA": "Demander"})))); got != `<span lang="fr-ca">Demander</span>` {
		t.Error(got)
	}
}

func TestMarksStayInShownTextAndNothingElseThatActs(t *testing.T) {
	ask := Words{Lang: "zh"}.Say(procedure.Text{"en": "Ask\u202e"})
	if got := string(speak([]byte(shown("\u202e" + ask)))); got != `[U+202E]<span lang="en">Ask[U+202E]</span>` {
		t.Error(got)
	}
	long := tongueMark + strings.Repeat("\U000E0061", 200)
	if got := shown(long); strings.Contains(got, "\U000E0061") {
		t.Errorf("hidden letters stay hidden: %q", got)
	}
}
