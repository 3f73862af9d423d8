package browser

import (
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"luoshi/internal/config"
	"luoshi/internal/demo"
	"luoshi/internal/server"
)

// province serves a small demo province, and gives the password of each of its visitors.
func province(t *testing.T, matters int) (url string, passwords map[string]string) {
	t.Helper()
	c, clock := config.Default(), &demo.Clock{}
	c.DB = "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	core, err := server.OpenCore(t.Context(), c, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close() })
	if err := core.PublishPacks(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := demo.Open(t.Context(), core.Service, clock, demo.Options{Seed: 1, Matters: matters})
	if err != nil {
		t.Fatal(err)
	}
	file := &demo.File{}
	file.Complete(demo.Visitors())
	if err := demo.Admit(t.Context(), core.Service, file, demo.Visitors()); err != nil {
		t.Fatal(err)
	}
	if err := core.Service.ReloadStaff(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.Fill(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	handler, err := server.Handler(core, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	passwords = map[string]string{}
	for _, a := range file.Accounts {
		passwords[a.Login] = a.Password
	}
	return srv.URL, passwords
}

// A head looks from the province down to a township, and each number opens as many rows as it says.
func TestTheOverviewInTheBrowser(t *testing.T) {
	url, passwords := province(t, 600)
	for _, lang := range []string{"zh", "en"} {
		t.Run(lang, func(t *testing.T) {
			b := Open(t, url, lang)
			if b.axe == "" {
				missing(t, "node_modules/axe-core (npm ci)")
			}
			b.phone()
			b.Go("/?lang=" + lang)
			in := func(login string) {
				b.Go("/login?next=/desk/overview")
				b.Fill(`form.narrow`, "login", login)
				b.Fill(`form.narrow`, "password", passwords[login])
				b.Click(`form.narrow button.main`)
			}
			in("supervisor")
			b.Go("/desk/overview")
			b.Check(lang + "-overview-province")
			for _, unit := range []string{"9701", "970101"} { // city, county
				b.Click(`a[href="/desk/overview?unit=` + unit + `"]`)
				b.numbersLead(`.figures a`)
			}
			b.Check(lang + "-overview-county")
			b.Go("/desk/overview?unit=970101&by=week")
			b.Check(lang + "-overview-weeks")
			b.Click(`form[action="/logout"] button`)
			in("petition-head")
			b.numbersLead(`.loads td a`)
			b.Check(lang + "-overview-people")
		})
	}
}

// numbersLead follows the first numbers that a page can show the rows of, and comes back.
func (b *Tab) numbersLead(selector string) {
	b.t.Helper()
	type number struct {
		Href string
		N    int
	}
	for _, n := range js[[]number](b, `[...document.querySelectorAll('`+selector+`')].map((a) => ({Href: a.getAttribute('href'),
		N: Number((a.querySelector('.big') ?? a).textContent.replaceAll(',', ''))})).filter((n) => n.N <= 30).slice(0, 6)`) {
		here := js[string](b, `location.pathname + location.search`)
		b.Go(n.Href)
		if rows := js[int](b, `document.querySelectorAll('.rowitem').length`); rows != n.N {
			b.t.Errorf("%s shows %d rows, the overview said %d", n.Href, rows, n.N)
		}
		b.Go(here)
	}
}
