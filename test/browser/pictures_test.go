package browser

import (
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"luoshi/internal/config"
	"luoshi/internal/demo"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/internal/web"
)

var refresh = flag.Bool("pictures", false, "take the pictures of README and doc anew, from the pages as they are")

// images is where the pictures lie.
var images = filepath.Join("..", "..", "doc", "img")

// picture is one of them.
type picture struct {
	file, lang, who string
	open            func(b *Tab) // from the page of who, to what is shown
	screen          screen
}

func pictures() []picture {
	matter := func(b *Tab) {
		b.Go("/desk")
		b.Click(".row-title")
		js[bool](b, `document.querySelector('details.step')?.setAttribute('open', ''), true`)
	}
	at := func(path string) func(*Tab) { return func(b *Tab) { b.Go(path) } }
	return []picture{
		{"desk-matter.png", "en", "clerk", matter, deskScreen("light")},
		{"desk-matter-zh.png", "zh", "clerk", matter, deskScreen("light")},
		{"desk.png", "en", "clerk", at("/desk"), deskScreen("light")},
		{"desk-zh.png", "zh", "clerk", at("/desk"), deskScreen("light")},
		{"start.png", "en", "", at("/"), phoneScreen("light")},
		{"start-zh.png", "zh", "", at("/"), phoneScreen("light")},
		{"procedure.png", "en", "", at("/procedures/people-mediation"), deskScreen("light")},
	}
}

// Every picture that is shown can be taken anew, and none lies about that is not shown.
func TestPicturesOfTheDocumentsAreThoseThatCanBeTaken(t *testing.T) {
	var shown []string
	for _, doc := range []string{"../../README.md", "../../README.zh.md", "../../doc/*.md"} {
		files, err := filepath.Glob(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`\]\((?:doc/)?img/([^)]+)\)`).FindAllSubmatch(text, -1) {
				shown = append(shown, string(m[1]))
			}
		}
	}
	for _, name := range shown {
		if !slices.ContainsFunc(pictures(), func(p picture) bool { return p.file == name }) {
			t.Errorf("%s is shown and nothing takes it anew", name)
		}
	}
	files, err := os.ReadDir(images)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(shown, f.Name()) {
			t.Errorf("%s is shown nowhere", f.Name())
		}
	}
}

// TestPictures takes the pictures when it is asked to:
//
//	go test ./test/browser -run TestPictures$ -pictures
func TestPictures(t *testing.T) {
	if !*refresh {
		t.Skip("asked for with -pictures")
	}
	srv, clerk := demoProvince(t)
	first := Open(t, "about:blank", "zh")
	first.Go("")
	for _, p := range pictures() {
		b := first.apart(t, srv.URL)
		b.out = images
		b.look(p.screen)
		b.cookies(&http.Cookie{Name: "luoshi_lang", Value: p.lang})
		if p.who != "" {
			b.cookies(entered(t, srv.URL+"/login", url.Values{"login": {clerk.Login}, "password": {clerk.Password}})...)
		}
		p.open(b)
		b.shoot(p.file[:len(p.file)-len(".png")])
	}
}

// demoMatters are enough to fill a worklist.
const demoMatters = 600

// demoProvince is the province of `luoshi demo`, with a clerk to sign in as.
func demoProvince(t *testing.T) (*httptest.Server, demo.Access) {
	t.Helper()
	ctx, clock := t.Context(), &demo.Clock{}
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	core, err := server.OpenCore(ctx, c, clock.Now)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	t.Cleanup(func() { core.Close() })
	must(core.PublishPacks(ctx))
	province, err := demo.Open(ctx, core.Service, clock, demo.Options{Seed: 1, Matters: demoMatters})
	must(err)
	doors := &demo.File{}
	doors.Complete(demo.Visitors())
	must(demo.Admit(ctx, core.Service, doors, demo.Visitors()))
	must(province.Fill(ctx, func(int, int) {}))
	var shown []web.DemoAccount
	for _, a := range doors.Accounts {
		shown = append(shown, web.DemoAccount{Login: a.Login, Password: a.Password, Role: a.Role, Unit: a.Unit})
	}
	handler, err := server.Handler(core, slog.New(slog.DiscardHandler), shown)
	must(err)
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	i := slices.IndexFunc(doors.Accounts, func(a demo.Access) bool { return a.Role == office.RoleClerk })
	if i < 0 {
		t.Fatal("the demo has no clerk")
	}
	return srv, doors.Accounts[i]
}
