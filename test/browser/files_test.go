package browser

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/api"
	"luoshi/internal/limit"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/upload"
	"luoshi/test/pages"

	"github.com/chromedp/chromedp"
)

// place stands in a photograph for where it was taken.
const place = "GPS 37.8706 N 112.5489 E"

// photograph is a picture as a phone takes it: large, and telling where.
func photograph(t *testing.T, name string) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 3200, 1800))
	for y := range 1800 {
		for x := range 3200 {
			m.Set(x, y, color.RGBA{uint8(x / 13), uint8(y / 8), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	comment := append([]byte{0xff, 0xfe, 0, byte(2 + len(place))}, place...)
	return saved(t, name, append(append(append([]byte{}, b.Bytes()[:2]...), comment...), b.Bytes()[2:]...))
}

func saved(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wholeSite is the pages with the API that they send files to.
func wholeSite(t *testing.T) (*pages.Stand, string) {
	t.Helper()
	stand := pages.New(t)
	mux := http.NewServeMux()
	mux.Handle("/v1/", api.New(api.Options{Service: stand.Service, Codes: limit.New(time.Hour, 5, time.Now), Uploads: upload.New(stand.Service.FileLimit()),
		VKey: stand.VKey, Log: slog.New(slog.DiscardHandler)}))
	mux.Handle("/", stand.Handler)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return stand, srv.URL
}

func (b *Tab) choose(selector string, files ...string) {
	b.t.Helper()
	b.do(chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

const attached = `document.querySelectorAll('.files [data-items] li').length`

// A photograph is taken, made smaller on the device, sent, kept with the draft, and seen by its party and a clerk.
func TestAPhotographIsHandedInOnAPhone(t *testing.T) {
	for lang, wrong := range map[string]string{"zh": "不收这种文件", "en": "A file of this kind is not taken"} {
		t.Run(lang, func(t *testing.T) {
			stand, base := wholeSite(t)
			phone := screen{"phone", 390, 844, "light"}
			b := Open(t, base, lang)
			b.look(phone)
			b.Go("/?lang=" + lang)
			b.Go("/lodge/people-mediation#q-f-evidence")
			b.choose("#f-evidence", photograph(t, "墙上的裂缝.JPG"))
			b.until(attached + " === 1")
			b.Shows("墙上的裂缝.jpg")
			b.choose("#f-evidence", saved(t, "page.png", []byte("<html><script>alert(1)</script>")))
			b.until(`document.querySelector('.files .error') !== null`)
			b.Shows(wrong, "page.png")
			b.Check(lang + "-files-lodge")
			b.look(phone)
			b.fill(t)
			b.Go("/")
			b.Go("/lodge/people-mediation#q-f-evidence") // closed and opened again
			b.until(attached + " === 1")
			b.Shows("墙上的裂缝.jpg")
			b.activate("main form button[value=check]")
			b.Shows("墙上的裂缝.jpg", "Water since March.")
			b.shoot(lang + "-files-answers")
			b.activate("main form button.main")
			number := js[string](b, `document.getElementById('number').textContent.trim()`)
			code := js[string](b, `document.getElementById('code').textContent.trim()`)
			if left := js[int](b, `new Promise((done) => { const o = indexedDB.open('luoshi files', 1); o.onsuccess = () => {
				const all = o.result.transaction('file').objectStore('file').count(); all.onsuccess = () => done(all.result); }; o.onerror = () => done(-1); })`); left != 0 {
				t.Errorf("%d files of the draft are left on the device", left)
			}
			smallerAndSilent(t, stand, number)
			party := b.apart(t, base)
			party.cookies(append(entered(t, base+"/follow", url.Values{"number": {number}, "code": {code}}), &http.Cookie{Name: "luoshi_lang", Value: lang})...)
			party.sees(lang, "/m", "party")
			clerk := b.apart(t, base)
			clerk.cookies(append(entered(t, base+"/login", url.Values{"login": {"clerk"}, "password": {pages.Password}}), &http.Cookie{Name: "luoshi_lang", Value: lang})...)
			clerk.sees(lang, "/desk/m/"+number, "clerk")
			b.mu.Lock()
			b.messages = nil // the refused file is also a message of the browser
			b.mu.Unlock()
		})
	}
}

// fill answers what else the form asks.
func (b *Tab) fill(t *testing.T) {
	t.Helper()
	said, err := json.Marshal(answers())
	if err != nil {
		t.Fatal(err)
	}
	js[int](b, fillShown+"("+string(said)+")")
	js[bool](b, `document.querySelector('main form [name=title]').dispatchEvent(new Event('input', {bubbles: true}))`)
}

// smallerAndSilent checks the file that the matter has.
func smallerAndSilent(t *testing.T, stand *pages.Stand, number string) {
	t.Helper()
	m, err := stand.Service.Store.Matter(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	files := procedure.FilesOf(m.Fields["evidence"])
	if len(files) != 1 {
		t.Fatalf("the matter has the files %v", files)
	}
	_, data, err := stand.Service.ReadFile(t.Context(), office.Actor{System: true}, number, files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || max(c.Width, c.Height) != 2560 || strings.Contains(string(data), place) {
		t.Errorf("it is %d by %d (%v); it says where it was taken: %v", c.Width, c.Height, err, strings.Contains(string(data), place))
	}
}

// sees looks at a matter with a photograph, and at that.
func (b *Tab) sees(lang, path, who string) {
	b.t.Helper()
	b.look(screen{"phone", 390, 844, "light"})
	b.Go(path)
	b.Shows("墙上的裂缝.jpg")
	js[bool](b, `document.querySelectorAll('details').forEach((d) => { d.open = true; }), document.querySelector('.attached img').scrollIntoView(), true`)
	b.until(`document.querySelector('.attached img').naturalWidth === 2560`)
	js[bool](b, `scrollTo(0, 0), true`) // else what stays at the foot of the screen lies over what is measured
	b.Check(lang + "-files-" + who)
	b.quiet()
}

// Without script the file goes with the form; a wrong one loses nothing that was typed.
func TestAPhotographIsHandedInWithoutScript(t *testing.T) {
	_, base := wholeSite(t)
	b := Open(t, base, "en")
	b.scripts(false)
	b.look(screen{"phone", 390, 844, "light"})
	b.Go("/lodge/people-mediation")
	b.fill(t)
	b.choose("#f-evidence", saved(t, "page.png", []byte("<html><script>alert(1)</script>")))
	b.activate("main form button[value=check]")
	b.Shows("A file of this kind is not taken")
	if typed := js[string](b, `document.querySelector('[name="f.facts"]').value`); typed != "Water since March." {
		t.Errorf("typed before was %q", typed)
	}
	b.shoot("en-files-wrong-without-script")
	b.choose("#f-evidence", photograph(t, "wall.jpg"))
	b.activate("main form button[value=check]")
	b.Shows("wall.jpg", "Water since March.")
	b.activate("main form button.main")
	if js[string](b, `document.getElementById('number').textContent.trim()`) == "" {
		t.Error("no number was given")
	}
	b.quiet()
}
