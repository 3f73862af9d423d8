package server

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"luoshi/internal/ledger"
	"luoshi/internal/office"
)

// newJointFixture also has procedures that open matters of each other, offices that handle them, and a clerk above both.
func newJointFixture(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t)
	ctx := t.Context()
	units := f.svc.Tree().All()
	for i := range units[1:] {
		units[i+1].Kind = "township"
	}
	if err := f.svc.Store.PutUnits(ctx, units); err != nil {
		t.Fatal(err)
	}
	above := office.Account{Login: "above", Name: "above", Grants: []office.Grant{{Role: "clerk", Unit: "p"}}}
	if err := f.svc.Store.PutAccount(ctx, above, "", office.TokenHash("lst_above")); err != nil {
		t.Fatal(err)
	}
	if err := f.svc.ReloadStaff(ctx); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../store/storetest/testdata/joint*.yaml")
	if err != nil || len(files) != 4 {
		t.Fatalf("%v (%v)", files, err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := put(ctx, f.svc, filepath.Base(file), src); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// joint lodges a joint matter at t1 and gives its number and query code.
func (f *fixture) joint() (number, code string) {
	f.t.Helper()
	_, p, _ := f.do("GET", "/v1/procedures/joint", nil)
	body := p["example"].(map[string]any)
	body["unit"] = "t1"
	status, out, _ := f.do("POST", "/v1/matters", body)
	if status != 201 {
		f.t.Fatalf("%d %v", status, out)
	}
	return out["number"].(string), out["query_code"].(string)
}

func bearer(login string) []string { return []string{"Authorization", "Bearer lst_" + login} }

func TestAStepOpensASubMatter(t *testing.T) {
	f := newJointFixture(t)
	number, code := f.joint()
	path := "/v1/matters/" + number
	status, p, _ := f.do("POST", path+"/steps/ask", map[string]any{"fields": map[string]any{"question": "q"}}, bearer("clerk")...)
	if errs, _ := p["errors"].([]any); status != 422 || len(errs) != 1 || errs[0].(map[string]any)["field"] != "sub.unit" {
		t.Fatalf("without a unit: %d %v", status, p)
	}
	body := map[string]any{"fields": map[string]any{"question": "q"}, "sub": map[string]any{"unit": "t2", "title": "its own title"}}
	status, out, _ := f.do("POST", path+"/steps/ask", body, append(bearer("clerk"), "Idempotency-Key", "k")...)
	if status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	opened := out["opened"].(map[string]any)
	receipt, _ := json.Marshal(opened["receipt"])
	if r := ledger.Verify(receipt, f.key.VerifierKey()); !r.Proved || r.Number != opened["number"] {
		t.Errorf("receipt of the sub-matter: %+v", r)
	}
	if opened["sub"] != "opinion" || opened["procedure"] != "joint-opinion@1" || opened["unit"] != "t2" || opened["state"] != "asked" {
		t.Errorf("opened: %v", opened)
	}
	_, again, _ := f.do("POST", path+"/steps/ask", body, append(bearer("clerk"), "Idempotency-Key", "k")...)
	a, _ := json.Marshal(out)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Errorf("the repeated request is answered\n%s\nfirst\n%s", b, a)
	}
	sub := opened["number"].(string)
	if status, m, _ := f.do("GET", "/v1/matters/"+sub, nil, bearer("other")...); status != 200 || m["title"] != "its own title" {
		t.Errorf("at the other office: %d %v", status, m)
	}
	if status, p, _ := f.do("POST", path+"/steps/finish", map[string]any{}, bearer("clerk")...); status != 403 || p["code"] != "waits" {
		t.Errorf("the end before the sub-matter's: %d %v", status, p)
	}
	f.relatedSeen(number, code, sub)
}

// relatedSeen reads both matters as everybody, before and after the sub-matter ends.
func (f *fixture) relatedSeen(number, code, sub string) {
	t := f.t
	t.Helper()
	read := func(num string, headers ...string) map[string]any {
		t.Helper()
		status, m, _ := f.do("GET", "/v1/matters/"+num, nil, headers...)
		if status != 200 {
			t.Fatalf("%s: %d %v", num, status, m)
		}
		return m
	}
	check := func(what string, related any, want string) {
		t.Helper()
		r := related.(map[string]any)
		if _, ok := r["due"]; ok {
			r["due"] = "some day"
		}
		if got, _ := json.Marshal(r); string(got) != want {
			t.Errorf("%s: %s", what, got)
		}
	}
	first := func(m map[string]any) any { return m["subs"].([]any)[0] }
	party := []string{"Luoshi-Number", number, "Luoshi-Query-Code", code}
	for _, who := range [][]string{bearer("clerk"), party} {
		check("who may not see the sub-matter", first(read(number, who...)), `{"ended":false,"sub":"opinion","title":"Opinion"}`)
	}
	full := `{"due":"some day","ended":false,"number":"` + sub + `","procedure":"joint-opinion@1","state":"asked","state_title":"Asked","sub":"opinion","title":"Opinion","unit":"t2"}`
	check("who is above both", first(read(number, bearer("above")...)), full)
	check("who may not see the matter", read(sub, bearer("other")...)["parent"], `{"ended":false}`)
	whole := `{"ended":false,"number":"` + number + `","procedure":"joint@1","state":"awaiting","state_title":"Waiting for opinions","sub":"opinion","title":"Opinion","unit":"t1"}`
	check("who is above both, from below", read(sub, bearer("above")...)["parent"], whole)
	for who, want := range map[string]string{"clerk": "", "above": sub} {
		entry := read(number, bearer(who)...)["entries"].([]any)[1].(map[string]any)
		if opens := entry["opens"].(map[string]any); opens["sub"] != "opinion" || want == "" && opens["number"] != nil || want != "" && opens["number"] != want {
			t.Errorf("the entry that opened it, for %s: %v", who, opens)
		}
	}
	if status, p, _ := f.do("POST", "/v1/matters/"+sub+"/steps/give", map[string]any{"fields": map[string]any{"opinion": "yes"}}, bearer("other")...); status != 200 {
		t.Fatalf("%d %v", status, p)
	}
	m := read(number, party...)
	check("a party, once it has ended", first(m), `{"ended":true,"sub":"opinion","title":"Opinion"}`)
	last := m["entries"].([]any)[2].(map[string]any)
	if m["state"] != "handling" || last["step"] != "resume" || last["ended"].(map[string]any)["sub"] != "opinion" {
		t.Errorf("the matter stands at %v; %v", m["state"], last)
	}
	for _, st := range read(number, bearer("clerk")...)["steps"].([]any) {
		if s := st.(map[string]any); s["name"] == "ask" && s["opens"].(map[string]any)["unit"] != "choose" {
			t.Errorf("the step is shown as %v", s)
		}
	}
}
