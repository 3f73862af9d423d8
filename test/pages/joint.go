package pages

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"luoshi/internal/office"
)

// Join adds two townships with a clerk each, and procedures of which one opens matters of the
// others. The logins are one and two.
func (s *Stand) Join(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	name := func(s string) map[string]string { return map[string]string{"zh": s, "en": s} }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Service.Store.PutUnits(ctx, []office.Unit{{Code: "t1", Parent: "c", Kind: "township", Name: name("First township")},
		{Code: "t2", Parent: "c", Kind: "township", Name: name("Second township")}}))
	password, err := office.HashPassword(Password)
	must(err)
	for login, unit := range map[string]string{"one": "t1", "two": "t2"} {
		must(s.Service.Store.PutAccount(ctx, office.Account{Login: login, Name: login, Grants: []office.Grant{{Role: "clerk", Unit: unit}}}, password, ""))
	}
	must(s.Service.ReloadStaff(ctx))
	files, err := filepath.Glob("../../internal/store/storetest/testdata/joint*.yaml")
	must(err)
	for _, file := range files {
		src, err := os.ReadFile(file)
		must(err)
		_, err = s.Service.Publish(ctx, filepath.Base(file), src)
		must(err)
	}
}
