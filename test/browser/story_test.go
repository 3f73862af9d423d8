package browser

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/limit"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web"
	told "luoshi/test/story"
)

// TestStoriesThroughThePages goes through the main story of every procedure by clicking, in both languages: on a phone in
// Chinese, at a desk in English. After each act the page must say the state and the days that the story expects.
func TestStoriesThroughThePages(t *testing.T) {
	first := Open(t, "about:blank", "zh")
	first.Go("")
	all, err := told.LoadAll("../story/testdata")
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(s *told.Story) bool { return !s.Main })
	password, err := office.HashPassword(storyPassword)
	if err != nil {
		t.Fatal(err)
	}
	worlds := told.NewGrounds(t.Context(), t.TempDir(), password, all)
	keys := textKeys(t)
	t.Run("in", func(t *testing.T) {
		for _, lang := range []string{"zh", "en"} {
			t.Run(lang, func(t *testing.T) {
				t.Parallel()
				g := newGround(t, first, lang, worlds, keys)
				for _, s := range all {
					t.Run(s.Name, func(t *testing.T) { g.tell(t, s) })
				}
			})
		}
	})
}

// storyPassword is that of every account in the stories.
const storyPassword = "a story of a matter"

// ground is where the stories happen in one language: a server whose world is another for each story, and a tab.
type ground struct {
	lang   string
	worlds *told.Grounds
	keys   []string
	tab    *Tab
	pages  atomic.Pointer[http.Handler]
}

func newGround(t *testing.T, first *Tab, lang string, worlds *told.Grounds, keys []string) *ground {
	t.Helper()
	g := &ground{lang: lang, worlds: worlds, keys: keys}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*g.pages.Load()).ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	g.tab = first.apart(t, srv.URL)
	g.tab.cookies(&http.Cookie{Name: "luoshi_lang", Value: lang})
	size := deskScreen("light")
	if lang == "zh" {
		size = phoneScreen("light")
	}
	g.tab.look(size)
	return g
}

// telling is one story on its way through the pages.
type telling struct {
	*Tab
	*ground
	s       *told.Story
	w       *told.World
	numbers map[string]string // of the matters, by name
	codes   map[string]string // query codes, by person and number
	staff   map[string]*http.Cookie
	now     string // who is at the screen
	signed  bool   // somebody has signed in by the form, and followed by the form
	follows bool
}

func (g *ground) tell(t *testing.T, s *told.Story) {
	w, err := g.worlds.Open(t.Context(), s, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Core.Close() }()
	pages, err := web.New(web.Options{Service: w.Service(), VKey: w.Core.Key.VerifierKey(), Codes: limit.New(time.Hour, 5, w.Now),
		Passwords: limit.New(time.Hour, 5, w.Now), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	g.pages.Store(&pages)
	g.tab.t = t
	g.tab.forget()
	s2 := &telling{Tab: g.tab, ground: g, s: s, w: w, numbers: map[string]string{}, codes: map[string]string{}, staff: map[string]*http.Cookie{}}
	defer s2.Go("/verify") // no page of the story goes on asking
	began := time.Now()
	for i := range s.Acts {
		s2.act(i+1, &s.Acts[i])
	}
	s2.quiet()
	t.Logf("measure: story %s in %s: %d acts in %.1f s", s.Name, g.lang, len(s.Acts), time.Since(began).Seconds())
}

func (l *telling) service() *casework.Service { return l.w.Service() }

func (l *telling) act(n int, a *told.Act) {
	l.t.Helper()
	if err := l.w.Until(l.t.Context(), a.Time, func(*casework.Outcome) error { return nil }); err != nil {
		l.t.Fatal(err)
	}
	at := fmt.Sprintf("act %d (%s)", n, a.At)
	refused := a.Expect != nil && a.Expect.Refused != ""
	switch {
	case a.By == "":
		l.lookOn(a.Is())
	case a.Lodge != nil:
		l.lodge(at, a)
	case refused && !wrongAnswer(a.Expect.Refused):
		l.notOffered(at, a)
	case a.Step != "":
		l.step(a)
	case a.Code != "":
		l.giveCode(a)
	}
	if refused {
		return
	}
	l.learn()
	l.compare(at, a)
}

// wrongAnswer tells what a form is sent back for from what is not offered in the first place.
func wrongAnswer(code string) bool {
	return !slices.Contains([]string{"not-allowed", "wrong-state", "unknown-step", "guard", "extension-spent", "clock-not-running",
		"no-such-matter", "wrong-number-or-code", "waits", "too-many-subs"}, code)
}

// learn notes the numbers of sub-matters that were opened.
func (l *telling) learn() {
	l.t.Helper()
	known := []string{l.numbers[told.Main]}
	for i := 0; i < len(known) && known[i] != ""; i++ {
		m := l.matter(known[i])
		for _, part := range m.Subs {
			known = append(known, part.Number)
			if !slices.Contains(slices.Collect(maps.Values(l.numbers)), part.Number) {
				name := part.Name
				for n := 2; l.numbers[name] != ""; n++ {
					name = fmt.Sprint(part.Name, "-", n)
				}
				l.numbers[name] = part.Number
			}
		}
	}
}

func (l *telling) matter(number string) *casework.Matter {
	l.t.Helper()
	m, err := l.service().Store.Matter(l.t.Context(), number)
	if err != nil {
		l.t.Fatal(err)
	}
	return m
}

// seen is what a page of a matter says.
type seen struct {
	Status int      `json:"status"`
	State  string   `json:"state"`
	Lead   string   `json:"lead"`
	Steps  []string `json:"steps"`
	Clocks []struct {
		Title, Text string
		Past, Still bool
	} `json:"clocks"`
	Faults []string `json:"faults"`
}

// see reads the page that is open, and looks for text that nobody should see.
func (l *telling) see() *seen {
	l.t.Helper()
	asked, err := json.Marshal([]any{[]any{"texts", l.keys}})
	if err != nil {
		l.t.Fatal(err)
	}
	js[bool](l.Tab, checks)
	var s seen
	if err := json.Unmarshal([]byte(js[string](l.Tab, fmt.Sprintf(`JSON.stringify({
		status: performance.getEntriesByType('navigation')[0].responseStatus,
		state: document.querySelector('#h-now .tag, .file p > .tag.plain')?.innerText ?? '',
		lead: document.querySelector('.now .lead')?.innerText ?? '',
		steps: [...document.querySelectorAll('details.step[id]')].map((e) => e.id.slice(5)),
		clocks: [...document.querySelectorAll('.clock')].map((e) => ({Title: e.querySelector('.clock-title').innerText, Text: e.innerText,
			Past: e.classList.contains('past'), Still: e.classList.contains('still')})),
		faults: JSON.parse(luoshiChecks.faults(...%s)),
	})`, asked))), &s); err != nil {
		l.t.Fatal(err)
	}
	for _, fault := range s.Faults {
		l.t.Errorf("%s: %s", js[string](l.Tab, `location.pathname`), fault)
	}
	return &s
}

// compare asks whether the page says what the story expects. When the act took the matter out of the sight of whoever did
// it, somebody else looks.
func (l *telling) compare(at string, a *told.Act) {
	l.t.Helper()
	number := l.numbers[a.Is()]
	if number == "" {
		return
	}
	page := l.see()
	if page.State == "" {
		l.lookOn(a.Is())
		page = l.see()
	}
	m := l.matter(number)
	p := l.service().Rules(m.Procedure).Procedure
	state := m.State
	if e := a.Expect; e != nil && e.State != "" {
		state = e.State
	}
	st := p.State(state)
	if want := st.Title.In(l.lang); page.State != want {
		l.t.Errorf("%s: the page says that it stands at %q, expected %q", at, page.State, want)
	}
	if want := st.Public.In(l.lang); page.Lead != "" && page.Lead != want {
		l.t.Errorf("%s: the page says %q, expected %q", at, page.Lead, want)
	}
	if a.Expect != nil {
		l.days(at, a.Expect.Due, p, page)
		l.offered(at, a.Expect, page)
	}
}

// days asks for each clock whether the page has its day.
func (l *telling) days(at string, due map[string]string, p *procedure.Procedure, page *seen) {
	l.t.Helper()
	for name, want := range due {
		title, said, open := p.Clock(name).Title.In(l.lang), "", 0
		for _, c := range page.Clocks {
			if c.Title == title && !c.Past {
				said, open = c.Text, open+1
				if c.Still != (want == casework.Suspended) {
					l.t.Errorf("%s: the page says of %s: %s", at, name, c.Text)
				}
			}
		}
		switch want {
		case casework.Stopped, "none":
			if open > 0 {
				l.t.Errorf("%s: on the page %s goes on: %s", at, name, said)
			}
		case casework.Suspended:
			if open != 1 {
				l.t.Errorf("%s: the page shows %s %d times", at, name, open)
			}
		default:
			if day := l.day(want); !strings.Contains(said, day) {
				l.t.Errorf("%s: the page does not say %s of %s: %q", at, day, name, said)
			}
		}
	}
}

// day is a day, or a day and an hour, as the pages write it.
func (l *telling) day(want string) string {
	form, zh, en := time.DateOnly, "2006年1月2日 ", " 2 Jan 2006"
	if len(want) > len(time.DateOnly) {
		form, zh, en = "2006-01-02 15:04", "2006年1月2日 15:04", "2 Jan 2006, 15:04"
	}
	t, err := time.Parse(form, want)
	if err != nil {
		l.t.Fatal(err)
	}
	if l.lang == "zh" {
		return t.Format(zh)
	}
	return t.Format(en)
}

// offered compares the steps on the page with those that its reader is expected to have.
func (l *telling) offered(at string, e *told.Expect, page *seen) {
	l.t.Helper()
	for _, step := range e.May[l.now] {
		if !slices.Contains(page.Steps, step) {
			l.t.Errorf("%s: %s is not offered %s, only %q", at, l.now, step, page.Steps)
		}
	}
	for _, step := range e.MayNot[l.now] {
		if slices.Contains(page.Steps, step) {
			l.t.Errorf("%s: %s is offered %s", at, l.now, step)
		}
	}
}

// written is a value as somebody types it.
func written(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
