package browser

import (
	"cmp"
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

	"luoshi/examples"
	"luoshi/internal/config"
	"luoshi/internal/demo"
	"luoshi/internal/intake"
	"luoshi/internal/server"
	"luoshi/internal/web"
	"luoshi/procedures"
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
	tall := screen{"desktop", 1280, 1400, "light"} // of long pages: what one sees of them first
	matter := func(b *Tab) {
		b.Go("/desk")
		b.Click(".row-title")
		js[bool](b, `document.querySelector('details.step')?.setAttribute('open', ''), true`)
	}
	search := func(words string) func(*Tab) {
		return func(b *Tab) {
			b.Go("/desk")
			js[bool](b, `words.value = '`+words+`', document.querySelector('.filter summary').click(), show.value = 'all', true`)
			b.Click(".filter button.main")
		}
	}
	at := func(path string) func(*Tab) { return func(b *Tab) { b.Go(path) } }
	return []picture{
		{"desk-matter.png", "en", "clerk", matter, deskScreen("light")},
		{"desk-matter-zh.png", "zh", "clerk", matter, deskScreen("light")},
		{"desk.png", "en", "boston-works-head", at("/desk"), tall},
		{"desk-zh.png", "zh", "boston-works-head", at("/desk"), tall},
		{"overview.png", "en", "boston-head", at("/desk/overview"), tall},
		{"overview-zh.png", "zh", "boston-head", at("/desk/overview"), tall},
		{"search.png", "en", "chicago-head", search("garbage alley"), tall},
		{"start.png", "en", "", at("/"), phoneScreen("light")},
		{"start-zh.png", "zh", "", at("/"), phoneScreen("light")},
		{"services.png", "en", "", at("/services"), tall},
		{"services-zh.png", "zh", "", at("/services"), tall},
		{"guide.png", "en", "", at("/guide/dispute"), phoneScreen("light")},
		{"guide-zh.png", "zh", "", at("/guide/dispute"), phoneScreen("light")},
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
//
// Those of the desk show the requests that two cities have published. Where the files are not at hand, in ../shared/data
// beside the project or where LUOSHI_DATA says, these pictures stay as they are.
func TestPictures(t *testing.T) {
	if !*refresh {
		t.Skip("asked for with -pictures")
	}
	srv, doors := demoProvince(t)
	first := Open(t, "about:blank", "zh")
	first.Go("")
	for _, p := range pictures() {
		t.Run(p.file, func(t *testing.T) {
			b := first.apart(t, srv.URL)
			b.out = images
			b.look(p.screen)
			b.cookies(&http.Cookie{Name: "luoshi_lang", Value: p.lang})
			if p.who != "" {
				i := slices.IndexFunc(doors.Accounts, func(a demo.Access) bool { return a.Login == p.who })
				if i < 0 {
					t.Skipf("%s works with real requests, and their files are not at hand", p.who)
				}
				b.cookies(entered(t, srv.URL+"/login", url.Values{"login": {p.who}, "password": {doors.Accounts[i].Password}})...)
			}
			p.open(b)
			b.screenful = p.screen.height > phoneScreen("light").height
			b.shoot(p.file[:len(p.file)-len(".png")])
		})
	}
}

// demoMatters are enough to fill a worklist.
const demoMatters = 600

// realRows is how many requests of each city are shown: enough for every office to have some.
const realRows = 8_000

// demoProvince is the province of `luoshi demo --with boston,chicago`, with who can sign in there.
func demoProvince(t *testing.T) (*httptest.Server, *demo.File) {
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
	must(province.Fill(ctx, func(int, int) {}))
	people := demo.Visitors()
	for _, source := range demo.Sources() {
		file, err := os.Open(filepath.Join(cmp.Or(os.Getenv("LUOSHI_DATA"), filepath.Join("..", "..", "..", "shared", "data")), source.File))
		if err != nil {
			t.Logf("no requests of %s: %v", source.Name, err)
			continue
		}
		must(bringIn(t, core, source, file))
		people = append(people, source.Hired(core.Service)...)
	}
	doors := &demo.File{}
	doors.Complete(people)
	must(demo.Admit(ctx, core.Service, doors, people))
	var shown []web.DemoAccount
	for _, a := range doors.Accounts {
		shown = append(shown, web.DemoAccount{Login: a.Login, Password: a.Password, Role: a.Role, Unit: a.Unit})
	}
	handler, err := server.Handler(core, slog.New(slog.DiscardHandler), shown)
	must(err)
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return srv, doors
}

// bringIn imports the first requests of a file as luoshi import does.
func bringIn(t *testing.T, core *server.Core, source demo.Source, file *os.File) error {
	t.Helper()
	defer file.Close()
	text, err := examples.FS.ReadFile(source.Mapping)
	if err != nil {
		return err
	}
	table, bound, err := intake.Match(source.Mapping, text, file)
	if err != nil {
		return err
	}
	im, err := intake.New(t.Context(), core.Service, table, bound, intake.Options{Procedures: procedures.FS, Limit: realRows,
		Rejects: filepath.Join(t.TempDir(), "rejects.csv")})
	if err != nil {
		return err
	}
	if err := source.Hire(t.Context(), core.Service, func(at map[string]string) (string, error) { return im.Office(t.Context(), at) }); err != nil {
		return err
	}
	_, err = im.Run(t.Context())
	return err
}
