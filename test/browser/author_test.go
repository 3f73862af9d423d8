package browser

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/procedures"
	"luoshi/test/pages"
)

// authorStory is what an author reads, in one language.
type authorStory struct {
	lang                                             string
	refused, published, needed, fits, done, timeline string
}

// An author publishes a second version on the page and brings a running matter under it.
func TestAnAuthorPublishesAndMigratesInTheBrowser(t *testing.T) {
	for _, s := range []authorStory{
		{"zh", "没有发布", "已发布：people-mediation@2", "需要一份对应表", "共 1 件正在办理：1 件可以转", "已转 1 件。", "办理规则有变化"},
		{"en", "Not published", "Published: people-mediation@2", "running matters need a mapping", "1 running matters: 1 fit", "1 were migrated.", "The rules changed"},
	} {
		t.Run(s.lang, func(t *testing.T) {
			stand := pages.New(t)
			srv := httptest.NewServer(stand.Handler)
			t.Cleanup(srv.Close)
			b := Open(t, srv.URL, s.lang)
			if b.axe == "" {
				missing(t, "node_modules/axe-core (npm ci)")
			}
			b.phone()
			b.Go("/?lang=" + s.lang)
			number := disputed(t, stand)
			s.publish(b, mediationAtTwo(t))
			s.migrate(b)
			b.Click(`form[action="/logout"] button`)
			signedIn(b, "clerk", "/desk/m/"+number)
			b.Shows(s.timeline)
			b.Check(s.lang + "-matter-migrated")
		})
	}
}

func (s authorStory) publish(b *Tab, text string) {
	b.t.Helper()
	signedIn(b, "author", "/desk/procedures")
	form := `form[action="/desk/procedures"]`
	b.Fill(form, "source", strings.Replace(text, "calendar:", "calender:", 1))
	b.Click(form + " button.main")
	b.Shows(s.refused, "unknown-member")
	b.Check(s.lang + "-procedures-refused")
	b.Fill(form, "source", text)
	b.Click(form + " button.main")
	b.Shows(s.published)
	b.Check(s.lang + "-procedures-published")
}

func (s authorStory) migrate(b *Tab) {
	b.t.Helper()
	b.Click(`a[href="/desk/procedures/people-mediation/migrate"]`)
	form := `form[action$="/rehearse"]`
	b.Click(form + " button.main")
	b.Shows(s.needed)
	b.Check(s.lang + "-migrate-needed")
	b.Fill(form, "map", "format: luoshi-migration/1\nprocedure: people-mediation\nfrom: 1\nto: 2\nreason: {zh: 期限改了。, en: The time has changed.}\n")
	b.Click(form + " button.main")
	b.Shows(s.fits)
	b.Check(s.lang + "-migrate-rehearsed")
	b.Click(`form[action$="/migrate"] button.main`)
	b.Shows(s.done)
	b.Check(s.lang + "-migrate-done")
}

// signedIn signs in and goes on to a page of the desk.
func signedIn(b *Tab, login, path string) {
	b.t.Helper()
	b.Go("/login?next=" + path)
	b.Fill(`form.narrow`, "login", login)
	b.Fill(`form.narrow`, "password", pages.Password)
	b.Click(`form.narrow button.main`)
}

// disputed is the number of a matter that runs by the version that comes with the product.
func disputed(t *testing.T, stand *pages.Stand) string {
	t.Helper()
	text, err := json.Marshal(stand.Service.Published()["people-mediation"].Example)
	if err != nil {
		t.Fatal(err)
	}
	var l casework.Lodging
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatal(err)
	}
	l.Procedure, l.Unit = "people-mediation", "t"
	out, err := stand.Service.Lodge(t.Context(), office.Actor{Resident: true}, l, "")
	if err != nil {
		t.Fatal(err)
	}
	return out.Matter.Number
}

func mediationAtTwo(t testing.TB) string {
	t.Helper()
	text, err := procedures.FS.ReadFile("people-mediation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("\nversion: 1\n", "\nversion: 2\n", "period: 3wd", "period: 7wd").Replace(string(text))
}
