package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

func units(t *testing.T, b *bench) {
	want := []office.Unit{
		{Code: "a", Kind: "province", Name: map[string]string{"zh": "省", "en": "Province"}},
		{Code: "b", Parent: "a", Kind: "county", Name: map[string]string{"zh": "县"}, ValidFrom: "2001-01-01", ValidTo: "2025-12-31", Successors: []string{"c"}},
		{Code: "c", Parent: "a", Kind: "county", Name: map[string]string{"zh": "新县"}, ValidFrom: "2026-01-01"},
	}
	must(t, b.PutUnits(background(), want))
	check := func() {
		t.Helper()
		got, err := b.Units(background())
		must(t, err)
		byCode := cmpopts.SortSlices(func(x, y office.Unit) bool { return x.Code < y.Code })
		if d := cmp.Diff(want, got, byCode, cmpopts.EquateEmpty()); d != "" {
			t.Error(d)
		}
	}
	check()
	want[1].Name = map[string]string{"zh": "旧县"}
	must(t, b.PutUnits(background(), want[1:2])) // replaces one, leaves the others
	check()
}

func accounts(t *testing.T, b *bench) {
	a := office.Account{Login: "wang", Name: "王", Grants: []office.Grant{{Role: "clerk", Unit: "a"}, {Role: "head", Unit: "b"}}}
	must(t, b.PutAccount(background(), a, "hash-1", "token-1"))
	must(t, b.PutAccount(background(), office.Account{Login: "li", Name: "李"}, "", ""))
	a.Name, a.Grants = "王五", []office.Grant{{Role: "auditor", Unit: office.Everywhere}}
	must(t, b.PutAccount(background(), a, "", "")) // empty hashes leave what is there
	got, err := b.Accounts(background())
	must(t, err)
	if d := cmp.Diff([]office.Account{{Login: "li", Name: "李"}, a}, got, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if h, err := b.PasswordHash(background(), "wang"); h != "hash-1" || err != nil {
		t.Errorf("password hash %q, %v", h, err)
	}
	if login, err := b.LoginByToken(background(), "token-1"); login != "wang" || err != nil {
		t.Errorf("token of %q, %v", login, err)
	}
	b.noSignIn(t, "nobody", "no token")
	b.noSignIn(t, "nobody", "") // accounts without a token are not found by the empty one
	a.Disabled = true
	must(t, b.PutAccount(background(), a, "", ""))
	b.noSignIn(t, "wang", "token-1")
	if got, err = b.Accounts(background()); err != nil || len(got) != 2 || !got[1].Disabled {
		t.Errorf("a disabled account stays in the list: %v, %v", got, err)
	}
}

func (b *bench) noSignIn(t *testing.T, login, token string) {
	t.Helper()
	_, err := b.PasswordHash(background(), login)
	wantErr(t, err, casework.ErrNotFound)
	_, err = b.LoginByToken(background(), token)
	wantErr(t, err, casework.ErrNotFound)
}

func sessions(t *testing.T, b *bench) {
	in := time.Now().Add(time.Hour).Truncate(time.Second)
	staff := casework.Session{Hash: "h1", Login: "wang", Expires: in}
	party := casework.Session{Hash: "h2", Matter: "2026-00000001-8", Party: "applicant", Expires: in}
	over := casework.Session{Hash: "h3", Login: "wang", Expires: time.Now().Add(-time.Second)}
	for _, x := range []casework.Session{staff, party, over} {
		must(t, b.PutSession(background(), x, time.Now()))
	}
	for _, want := range []casework.Session{staff, party} {
		got, err := b.Session(background(), want.Hash, time.Now())
		must(t, err)
		if d := cmp.Diff(want, got, cmpopts.EquateApproxTime(time.Second)); d != "" {
			t.Error(d)
		}
	}
	for _, h := range []string{"h3", "unknown", ""} {
		_, err := b.Session(background(), h, time.Now())
		wantErr(t, err, casework.ErrNotFound)
	}
	must(t, b.EndSession(background(), "h1"))
	must(t, b.EndSession(background(), "h1")) // ending it twice is no fault
	_, err := b.Session(background(), "h1", time.Now())
	wantErr(t, err, casework.ErrNotFound)
}

func disclosures(t *testing.T, b *bench) {
	m := b.add(t, spec{})
	d := casework.Disclosure{Matter: m.Number, Login: "wang", Unit: "u", Day: "2026-03-02", First: "2026-03-02T01:00:00.000Z"}
	later, otherDay, other := d, d, d
	later.First = "2026-03-02T09:00:00.000Z"
	otherDay.Day, otherDay.First = "2026-03-03", "2026-03-03T01:00:00.000Z"
	other.Login, other.First = "li", "2026-03-02T02:00:00.000Z"
	for _, x := range []casework.Disclosure{d, later, otherDay, other, d} {
		must(t, b.Disclose(background(), x))
	}
	got, err := b.Disclosures(background(), m.Number)
	must(t, err)
	if diff := cmp.Diff([]casework.Disclosure{d, other, otherDay}, got); diff != "" {
		t.Error(diff)
	}
	another := b.add(t, spec{})
	if got, err = b.Disclosures(background(), another.Number); err != nil || len(got) != 0 {
		t.Errorf("disclosures of a matter nobody read: %v, %v", got, err)
	}
}

func procedureSources(t *testing.T, b *bench) {
	want := map[string]casework.Published{"a@1": {Source: []byte("format: x\n")},
		"a@2": {Source: []byte("bytes \x00\xff as they are\r\n"), By: "wang", At: "2026-03-02T01:00:00.000Z"}}
	for key, p := range want {
		must(t, b.PutProcedure(background(), key, p))
	}
	if b.PutProcedure(background(), "a@1", casework.Published{Source: []byte("another text"), By: "li"}) == nil {
		t.Error("a published version was replaced")
	}
	got, err := b.Procedures(background())
	must(t, err)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func meta(t *testing.T, b *bench) {
	_, err := b.Meta(background(), "colour")
	wantErr(t, err, casework.ErrNotFound)
	for _, v := range []string{"red", "绿", ""} {
		must(t, b.PutMeta(background(), "colour", v))
		if got, err := b.Meta(background(), "colour"); got != v || err != nil {
			t.Errorf("setting %q is read as %q, %v", v, got, err)
		}
	}
}
