package browser

import (
	"context"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"luoshi/test/pages"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "keep the pictures of /design as they are now")

// portrait is how the parts looked when their pictures were kept.
type portrait struct {
	// Fonts is what the letters of the machine measure. Where they measure otherwise, pictures cannot be compared.
	Fonts string `json:"fonts"`
	// Boxes are the sections of /design by language and screen, in CSS pixels.
	Boxes map[string][]box `json:"boxes"`
}

// box is where a section lies on its page.
type box struct {
	ID     string `json:"id"`
	X      int    `json:"x"`
	Y      int    `json:"y"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func looks() []screen {
	return []screen{{"phone-light", 390, 844, "light"}, {"phone-dark", 390, 844, "dark"}, {"desktop-light", 1280, 900, "light"}, {"desktop-dark", 1280, 900, "dark"}}
}

func design(t *testing.T, lang string) *Tab {
	t.Helper()
	srv := httptest.NewServer(pages.New(t).Handler)
	t.Cleanup(srv.Close)
	b := Open(t, srv.URL, lang)
	b.Go("/design?lang=" + lang)
	return b
}

// still lets nothing move, so that two pictures of the same page are the same.
func (b *Tab) still(s screen) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(s.width, s.height), chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		_, err := cdp.Call(ctx, at, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: s.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// fonts measures letters in the fonts that the pages come to have on this machine, and names the browser.
const fonts = `(() => {
	const of = getComputedStyle(document.body).fontFamily, mono = getComputedStyle(document.querySelector('code')).fontFamily;
	const pen = document.createElement('canvas').getContext('2d');
	const measure = (font) => { pen.font = font; return ['Every matter is answered', '件件有着落'].map((s) => pen.measureText(s).width.toFixed(2)).join(' '); };
	const version = navigator.userAgent.match(/Chrome\/(\d+)/)[1];
	return [version, measure('100px ' + of), measure('700 100px ' + of), measure('100px ' + mono)].join(', ');
})()`

const sections = `[...document.querySelectorAll('.design section')].map((s) => {
	const r = s.getBoundingClientRect();
	return {id: s.id, x: Math.round(r.x + scrollX), y: Math.round(r.y + scrollY), width: Math.round(r.width), height: Math.round(r.height)};
})`

// Every part in every state looks as its kept picture does. Machines have different fonts: where they measure
// otherwise than those of the pictures, the places and widths of the parts are compared and their heights roughly.
// go test ./test/browser -run TestPartsLook -update keeps what is seen now; the pictures are a quarter of the size.
func TestPartsLookAsTheyWereKept(t *testing.T) {
	file := filepath.Join("testdata", "design.json")
	kept := portrait{Boxes: map[string][]box{}}
	if b, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(b, &kept); err != nil {
			t.Fatal(err)
		}
	} else if !*update {
		t.Fatal(err)
	}
	now := portrait{Boxes: map[string][]box{}}
	for _, lang := range []string{"zh", "en"} {
		b := design(t, lang)
		now.Fonts = js[string](b, fonts)
		for _, s := range looks() {
			name := lang + "-" + s.name
			b.still(s)
			now.Boxes[name] = js[[]box](b, sections)
			seen := b.picture()
			switch {
			case *update:
				write(t, filepath.Join("testdata", "design-"+name+".png"), seen)
			case kept.Fonts == now.Fonts:
				compare(t, name, kept.Boxes[name], now.Boxes[name], read(t, filepath.Join("testdata", "design-"+name+".png")), seen)
			default:
				compareBoxes(t, name, kept.Boxes[name], now.Boxes[name])
			}
		}
		b.quiet()
	}
	if *update {
		out, err := json.Marshal(now)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(out, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if kept.Fonts != now.Fonts {
		t.Logf("the pictures were made with other fonts or another browser (%s; here %s): only boxes were compared", kept.Fonts, now.Fonts)
	}
}

func TestLargeTypeIsChosenByTheAddress(t *testing.T) {
	b := design(t, "en")
	b.Go("/design?type=large")
	if size := js[string](b, `getComputedStyle(document.documentElement).fontSize`); size != "20px" {
		t.Errorf("large type is %s", size)
	}
}

// A dialog asks and a second press does nothing, with and without script.
func TestADialogOpensWithoutScript(t *testing.T) {
	b := design(t, "en")
	b.do(chromedp.Func(func(ctx context.Context, at *chromedp.Target) error {
		_, err := cdp.Call(ctx, at, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	b.Go("/design")
	open := `document.querySelector('#d-ask').matches(':popover-open')`
	if js[bool](b, open) {
		t.Fatal("the dialog is open before it was asked for")
	}
	b.do(chromedp.Click(chromedp.CSS(`[popovertarget="d-ask"][aria-haspopup]`)))
	if !js[bool](b, open) {
		t.Error("the dialog did not open")
	}
	if at := js[string](b, `document.activeElement.textContent`); at != "Not yet" {
		t.Errorf("the focus is on %q, not on what changes nothing", at)
	}
	b.shoot("en-design-dialog")
	b.do(chromedp.Click(chromedp.CSS(`#d-ask [popovertargetaction="hide"]`)))
	if js[bool](b, open) {
		t.Error("the dialog did not close")
	}
}

func TestASecondPressSendsNothing(t *testing.T) {
	b := design(t, "en")
	sent := js[int](b, `(() => {
		let sent = 0;
		const form = document.querySelector('#d-ask form');
		addEventListener('submit', (e) => { if (!e.defaultPrevented) sent++; e.preventDefault(); });
		const button = form.querySelector('button.main');
		button.click(); button.click();
		return button.hasAttribute('data-busy') ? sent : -1;
	})()`)
	if sent != 1 {
		t.Errorf("two presses sent %d times (-1: nothing shows that it is being done)", sent)
	}
}
