package diagram_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"
	"luoshi/procedures"
)

var update = flag.Bool("update", false, "write the pictures into testdata")

// every is the packs and a procedure with all constructs.
func every(t testing.TB) []*procedure.Procedure {
	t.Helper()
	all, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	return append(all, stall(t))
}

func stall(t testing.TB) *procedure.Procedure {
	t.Helper()
	src, err := os.ReadFile("../prose/testdata/stall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load("stall.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// way is one through the stall procedure that ends when a time is up.
func way() []procedure.Move {
	return []procedure.Move{{Event: "open", State: "lodged"}, {Event: "examine", State: "examining"},
		{Event: "ask-kitchen", State: "examining"}, {Event: "ask-papers", State: "incomplete"}, {Event: "lapse papers", State: "dropped"}}
}

func TestGolden(t *testing.T) {
	p := stall(t)
	for _, lang := range p.Languages {
		bpmn, err := diagram.BPMN(p, lang)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string][]byte{
			"stall-" + lang + ".svg":      diagram.SVG(p, diagram.Options{Lang: lang}),
			"stall-" + lang + "-path.svg": diagram.SVG(p, diagram.Options{Lang: lang, State: "incomplete", Path: way()}),
			"stall-" + lang + ".bpmn":     bpmn,
		} {
			golden(t, name, got)
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got; go test -update writes it anew):\n%s", name, d)
	}
}

// texts reads an SVG: its texts by class, and the ids.
func texts(t *testing.T, svg []byte) (all string, ids []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), ids
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.CharData:
			b.WriteString(strings.TrimSpace(string(x)))
		case xml.StartElement:
			for _, a := range x.Attr {
				if a.Name.Local == "id" {
					ids = append(ids, a.Value)
				}
			}
		}
	}
}

// squeezed is a text without what is lost where lines break.
func squeezed(s string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "\n", "").Replace(s)
}

func TestThePictureShowsEverything(t *testing.T) {
	for _, p := range every(t) {
		for _, lang := range p.Languages {
			t.Run(p.ID+"/"+lang, func(t *testing.T) {
				svg := diagram.SVG(p, diagram.Options{Lang: lang})
				all, ids := texts(t, svg)
				all = squeezed(all)
				shows := func(words string) {
					if !strings.Contains(all, squeezed(words)) {
						t.Errorf("%q is not shown", words)
					}
				}
				shows(p.Title.In(lang))
				shows(p.OpenersIn(lang))
				for _, s := range p.States {
					shows(s.Title.In(lang))
					if !slices.Contains(ids, "luoshi-state-"+s.Name) {
						t.Errorf("the state %s has no id", s.Name)
					}
				}
				for _, s := range p.Steps {
					shows(s.Title.In(lang))
					shows(p.WhoIn(s.By, lang))
				}
				for _, c := range p.Clocks {
					shows(c.Title.In(lang))
					shows(c.Length(p, &c.Rule, lang))
				}
				for _, s := range p.Subs {
					shows(s.Title.In(lang))
				}
				if slices.Sort(ids); len(slices.Compact(slices.Clone(ids))) != len(ids) {
					t.Errorf("an id comes twice: %v", ids)
				}
			})
		}
	}
}

// What the pages' security policy forbids, and what could reach out.
func TestThePictureHasNeitherStyleNorScript(t *testing.T) {
	for _, p := range every(t) {
		svg := string(diagram.SVG(p, diagram.Options{Lang: "zh"}))
		for _, bad := range []string{"<style", "style=", "<script", "href", "<foreignObject", "url("} {
			if strings.Contains(svg, bad) {
				t.Errorf("%s: the picture has %s", p.ID, bad)
			}
		}
		for _, want := range []string{`role="img"`, "<title id=", "<desc id=", "viewBox="} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: the picture has no %s", p.ID, want)
			}
		}
	}
}

func TestAPathAndAStateAreMarked(t *testing.T) {
	p := stall(t)
	svg := string(diagram.SVG(p, diagram.Options{Lang: "en", State: "incomplete", Path: way()}))
	marked := map[string]string{}
	for _, m := range regexp.MustCompile(`<g class="luoshi-state([^"]*)" id="luoshi-state-([a-z]+)">`).FindAllStringSubmatch(svg, -1) {
		marked[m[2]] = strings.TrimSpace(m[1])
	}
	want := map[string]string{"lodged": "luoshi-on", "examining": "luoshi-on", "incomplete": "luoshi-on luoshi-now",
		"dropped": "luoshi-end luoshi-on", "granted": "luoshi-end", "refused": "luoshi-end"}
	if d := cmp.Diff(want, marked); d != "" {
		t.Error(d)
	}
	for i, title := range []string{"Brought", "Begin to examine", "Ask the health", "Ask for papers", "When time is up:"} {
		if want := fmt.Sprintf(">%d. %s", i+1, title); !strings.Contains(svg, want) {
			t.Errorf("the picture does not count %s", want)
		}
	}
	if !strings.Contains(svg, "It stands here now") {
		t.Error("the present state is not said in words")
	}
	plain := string(diagram.SVG(p, diagram.Options{Lang: "en"}))
	if strings.Contains(plain, "luoshi-on") || strings.Contains(plain, "luoshi-now") {
		t.Error("without a path and a state something is marked")
	}
}

func BenchmarkSVG(b *testing.B) {
	for _, p := range every(b) {
		b.Run(p.ID, func(b *testing.B) {
			for b.Loop() {
				diagram.SVG(p, diagram.Options{Lang: "zh"})
			}
		})
	}
}
