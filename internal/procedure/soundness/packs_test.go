package soundness_test

import (
	"io/fs"
	"os"
	"testing"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/soundness"
	"luoshi/procedures"
)

// kinds are those that come with the product.
func kinds(t testing.TB) *procedure.Kinds {
	t.Helper()
	k, err := procedure.LoadKinds("kinds.yaml", procedures.Kinds)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// withPacks are options that know the kinds and packs of the product.
func withPacks(t testing.TB) soundness.Options {
	t.Helper()
	all, err := procedure.LoadFS(procedures.FS)
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("testdata/to-and-fro.yaml") // leads back into the small declaration
	if err != nil {
		t.Fatal(err)
	}
	fro, err := procedure.Load("to-and-fro.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, fro)
	return soundness.Options{Kinds: kinds(t), Find: func(id string) *procedure.Procedure {
		for _, p := range all {
			if p.ID == id {
				return p
			}
		}
		return nil
	}}
}

func TestPacksAreSound(t *testing.T) {
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no packs: %v", err)
	}
	for _, name := range names {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		o := withPacks(t)
		o.Most = 20_000 // so that all packs together are checked well within a second
		_, found := soundness.CheckSource(name, src, o)
		for _, f := range found {
			if f.Severity == procedure.SeverityWarning {
				t.Logf("warning: %v", f)
				continue
			}
			t.Errorf("%v\n%s\n%v", f, f.In("zh"), f.Path)
		}
	}
}
