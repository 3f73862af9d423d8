package browser

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"
	"luoshi/procedures"
	"luoshi/test/pages"
)

func TestThePagesOfProceduresInTheBrowser(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		t.Run(lang, func(t *testing.T) {
			srv := httptest.NewServer(pages.New(t).Handler)
			t.Cleanup(srv.Close)
			b := Open(t, srv.URL, lang)
			b.Go("/procedures?lang=" + lang)
			for _, id := range []string{"petition", "people-mediation", "hotline-order"} {
				b.Go("/procedures/" + id)
				b.readable(id)
			}
			b.Go("/procedures/petition?version=1&state=answered")
			if n := js[int](b, `document.querySelectorAll('#luoshi-state-answered.luoshi-now, #state-answered.now').length`); n != 2 {
				t.Errorf("the present state is marked %d times, not in picture and list", n)
			}
			b.quiet()
		})
	}
}

// readable measures the picture: every text lies in its box, no text over another, nothing smaller than 12 pixels.
func (b *Tab) readable(name string) {
	b.t.Helper()
	for _, s := range screens() {
		b.look(s)
		if faults := js[string](b, unreadable); faults != "" {
			b.t.Errorf("%s on %s: %s", name, s.name, faults)
		}
	}
	b.phone()
}

const unreadable = `(() => {
	const faults = [], texts = [...document.querySelectorAll('.luoshi-diagram text')];
	if (texts.length < 10) faults.push('there is no picture');
	const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
	for (const group of document.querySelectorAll('.luoshi-state, .luoshi-start')) {
		const box = group.querySelector('rect').getBoundingClientRect();
		for (const text of group.querySelectorAll('text')) {
			const r = text.getBoundingClientRect();
			if (r.left < box.left || r.right > box.right || r.top < box.top || r.bottom > box.bottom) faults.push('out of its box: ' + text.textContent);
		}
	}
	const rects = texts.map((t) => t.getBoundingClientRect());
	for (let i = 0; i < texts.length; i++) {
		if (parseFloat(getComputedStyle(texts[i]).fontSize) < 12) faults.push('too small: ' + texts[i].textContent);
		for (let j = 0; j < i; j++) if (over(rects[i], rects[j])) faults.push(texts[i].textContent + ' over ' + texts[j].textContent);
	}
	return faults.join('; ');
})()`

// bpmn-js is what people open such files with.
func TestBPMNOpensInItsViewer(t *testing.T) {
	viewer, err := os.ReadFile(filepath.Join("..", "..", "node_modules", "bpmn-js", "dist", "bpmn-viewer.production.min.js"))
	if err != nil {
		missing(t, "node_modules/bpmn-js (npm ci)")
	}
	all, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	b := Open(t, "about:blank", "zh")
	b.Go("")
	js[bool](b, string(viewer)+`;true`)
	for _, p := range all {
		for _, lang := range p.Languages {
			doc, err := diagram.BPMN(p, lang)
			if err != nil {
				t.Fatal(err)
			}
			said := js[string](b, `(async (xml) => {
				document.body.innerHTML = '<div id="c" style="width:1200px;height:800px"></div>';
				const viewer = new BpmnJS({container: '#c'});
				const {warnings} = await viewer.importXML(xml);
				const drawn = document.querySelectorAll('.djs-shape, .djs-connection').length;
				return warnings.map((w) => w.message).join('; ') || (drawn > 10 ? '' : 'only ' + drawn + ' things are drawn');
			})(`+strconv.Quote(strings.ToValidUTF8(string(doc), "?"))+`)`)
			if said != "" {
				t.Errorf("%s in %s: %s", p.ID, lang, said)
			}
		}
	}
}
