package pages

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Join adds two townships with a clerk each, and procedures of which one opens matters of the
// others, and in which matters of each other go on. The logins are one and two.
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
	for _, some := range []string{"joint*", "channel-*", "gathering*"} {
		files, err := filepath.Glob("../../internal/store/storetest/testdata/" + some + ".yaml")
		must(err)
		for _, file := range files {
			src, err := os.ReadFile(file)
			must(err)
			must(put(ctx, s.Service, filepath.Base(file), src))
		}
	}
}

// Gather has the county call both townships of Join to a gathering, with one paper, and gives its number and those of the
// calls.
func (s *Stand) Gather(t testing.TB, paper []byte) (whole string, calls []string) {
	t.Helper()
	ctx, clerk := context.Background(), s.Actor("clerk")
	file, err := s.Service.TakeFile(ctx, clerk, "水情.png", paper, "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Service.Lodge(ctx, clerk, casework.Lodging{Procedure: "gathering", Unit: "c", Channel: "web", Title: "防汛会", Fields: map[string]any{
		"agenda": "一、水情。\n二、物资。", "place": "县政府三楼会议室", "reply_by": "2099-01-10", "material": []any{file.ID}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	out, err = s.Service.TakeStep(ctx, clerk, out.Matter.Number, casework.StepCommand{Step: "call", Sub: &casework.SubOpening{Units: []string{"t1", "t2"}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range out.Each {
		calls = append(calls, part.Matter.Number)
	}
	return out.Matter.Number, calls
}

// put puts a procedure of the stores' tests into force as it is: these try what runs, and not all of them are sound.
func put(ctx context.Context, s *casework.Service, name string, source []byte) error {
	p, err := procedure.Load(name, source)
	if err == nil {
		err = s.Store.PutProcedure(ctx, p.Key(), casework.Published{Source: source})
	}
	if err != nil {
		return err
	}
	return s.ReloadProcedures(ctx)
}
