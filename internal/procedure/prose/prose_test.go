package prose_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/prose"
	"luoshi/procedures"
)

var update = flag.Bool("update", false, "write the readings into testdata")

func stall(t *testing.T) *procedure.Procedure {
	t.Helper()
	src, err := os.ReadFile("testdata/stall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load("stall.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func read(t *testing.T, p *procedure.Procedure, lang string) string {
	t.Helper()
	kinds, err := procedure.LoadKinds("kinds.yaml", procedures.Kinds)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := prose.Write(&b, p, prose.Options{Lang: lang, Kinds: kinds}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	all, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(all, stall(t)) {
		for _, lang := range p.Languages {
			t.Run(p.ID+"/"+lang, func(t *testing.T) {
				file, got := filepath.Join("testdata", p.ID+"-"+lang+".txt"), read(t, p, lang)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(string(want), got); d != "" {
					t.Errorf("-want +got (go test ./internal/procedure/prose -args -update writes it anew):\n%s", d)
				}
			})
		}
	}
}

func TestWhatIsNotSureIsSaid(t *testing.T) {
	p := stall(t)
	for _, want := range []string{"依据：摊位办法第9条（待核实：凭记忆）", "依据：摊位办法第3条（待核实：来自转述）", "依据：市容条例第14条（已核对）", "没有法律依据。本单位自己定的。"} {
		if !strings.Contains(read(t, p, "zh"), want) {
			t.Errorf("the reading does not say %q", want)
		}
	}
}

func TestAWriterThatFails(t *testing.T) {
	broken := errors.New("paper is out")
	if err := prose.Write(failing{broken}, stall(t), prose.Options{Lang: "zh"}); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
