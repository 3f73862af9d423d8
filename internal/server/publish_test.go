package server

import (
	"context"
	"strings"
	"testing"

	"luoshi/internal/office"
	"luoshi/procedures"
)

// authors adds an author to the fixture and gives the packs' mediation at version 2, changed.
func (f *fixture) authors(pairs ...string) (auth []string, source string) {
	f.t.Helper()
	ctx := context.Background()
	a := office.Account{Login: "author", Name: "author", Grants: []office.Grant{{Role: office.RoleAuthor, Unit: office.Everywhere}}}
	if err := f.svc.Store.PutAccount(ctx, a, "", office.TokenHash("lst_author")); err != nil {
		f.t.Fatal(err)
	}
	if err := f.svc.ReloadStaff(ctx); err != nil {
		f.t.Fatal(err)
	}
	text, err := procedures.FS.ReadFile("people-mediation.yaml")
	if err != nil {
		f.t.Fatal(err)
	}
	source = string(text)
	for i, pairs := 0, append([]string{"\nversion: 1\n", "\nversion: 2\n"}, pairs...); i < len(pairs); i += 2 {
		if !strings.Contains(source, pairs[i]) {
			f.t.Fatalf("%q does not occur", pairs[i])
		}
		source = strings.ReplaceAll(source, pairs[i], pairs[i+1])
	}
	return []string{"Authorization", "Bearer lst_author"}, source
}

func TestAuthorsPublishAndOthersSeeTheVersions(t *testing.T) {
	f := newFixture(t)
	auth, source := f.authors()
	if status, p, _ := f.do("POST", "/v1/procedures", map[string]any{"source": source}); status != 401 {
		t.Errorf("without a token: %d %v", status, p)
	}
	if status, p, _ := f.do("POST", "/v1/procedures", map[string]any{"source": source}, "Authorization", "Bearer "+clerkToken); status != 403 || p["code"] != "not-author" {
		t.Errorf("by a clerk: %d %v", status, p)
	}
	status, p, h := f.do("POST", "/v1/procedures", map[string]any{"source": strings.Replace(source, "calendar:", "calender:", 1)}, auth...)
	found, _ := p["findings"].([]any)
	if status != 422 || p["code"] != "unsound" || h.Get("Content-Type") != "application/problem+json" || len(found) < 2 || found[0].(map[string]any)["line"] == nil {
		t.Errorf("unsound: %d %v", status, p)
	}
	status, p, _ = f.do("POST", "/v1/procedures", map[string]any{"source": source}, auth...)
	if status != 201 || p["id"] != "people-mediation" || p["version"] != 2.0 || p["already"] != false || p["warnings"] == nil {
		t.Fatalf("published: %d %v", status, p)
	}
	if status, p, _ = f.do("POST", "/v1/procedures", map[string]any{"source": source}, auth...); status != 201 || p["already"] != true {
		t.Errorf("again: %d %v", status, p)
	}
	path := "/v1/procedures/people-mediation/versions"
	for who, c := range map[string]struct {
		headers       []string
		by, at, count bool
	}{
		"anybody": {nil, false, true, false}, "a clerk": {[]string{"Authorization", "Bearer " + clerkToken}, true, true, false}, "the author": {auth, true, true, true},
	} {
		status, p, _ := f.do("GET", path, nil, c.headers...)
		items, _ := p["items"].([]any)
		if status != 200 || len(items) != 2 {
			t.Fatalf("%s: %d %v", who, status, p)
		}
		v := items[1].(map[string]any)
		if (v["publisher"] == "author") != c.by || (v["published"] != nil) != c.at || (v["running"] != nil) != c.count || v["version"] != 2.0 {
			t.Errorf("%s sees %v", who, v)
		}
	}
	if status, p, _ := f.do("GET", "/v1/procedures/nope/versions", nil); status != 404 || p["code"] != "no-such-procedure" {
		t.Errorf("no such procedure: %d %v", status, p)
	}
}

func TestAuthorsCheckWithoutPublishing(t *testing.T) {
	f := newFixture(t)
	auth, source := f.authors()
	const path = "/v1/procedures/check"
	if status, p, _ := f.do("POST", path, map[string]any{"source": source}); status != 401 {
		t.Errorf("without a token: %d %v", status, p)
	}
	if status, p, _ := f.do("POST", path, map[string]any{"source": source}, "Authorization", "Bearer "+clerkToken); status != 403 || p["code"] != "not-author" {
		t.Errorf("by a clerk: %d %v", status, p)
	}
	status, p, _ := f.do("POST", path, map[string]any{"source": source}, auth...)
	if found, ok := p["findings"].([]any); status != 200 || p["ok"] != true || !ok || len(found) != 0 {
		t.Errorf("sound: %d %v", status, p)
	}
	late := strings.Replace(source, "starts: [accept]", "starts: [assign]", 1)
	status, p, _ = f.do("POST", path, map[string]any{"source": late}, append(auth, "Accept-Language", "zh")...)
	found, _ := p["findings"].([]any)
	if status != 200 || p["ok"] != false || len(found) != 3 {
		t.Fatalf("unsound: %d %v", status, p)
	}
	first := found[0].(map[string]any)
	before, _, _ := strings.Cut(late, "- name: accepted")
	if way := first["path"].([]any); first["rule"] != "state-without-clock" || first["line"] != float64(1+strings.Count(before, "\n")) || len(way) != 2 || !strings.Contains(first["message"].(string), "时限") {
		t.Errorf("the first finding: %v", first)
	}
	if status, p, _ := f.do("POST", path, map[string]any{"source": ""}, auth...); status != 200 || p["ok"] != false {
		t.Errorf("nothing: %d %v", status, p)
	}
	if f.svc.Rules("people-mediation").Procedure.Version != 1 {
		t.Error("it was published")
	}
}

func TestAuthorsRehearseAndMigrate(t *testing.T) {
	f := newFixture(t)
	_, lodged, _ := f.do("POST", "/v1/matters", f.example())
	auth, source := f.authors("period: 30d", "period: 40d")
	if status, p, _ := f.do("POST", "/v1/procedures", map[string]any{"source": source}, auth...); status != 201 {
		t.Fatalf("published: %d %v", status, p)
	}
	rehearsals, migrations := "/v1/procedures/people-mediation/rehearsals", "/v1/procedures/people-mediation/migrations"
	body := map[string]any{"from": 1, "to": 2}
	if status, p, _ := f.do("POST", rehearsals, body, auth...); status != 422 || p["code"] != "mapping" || p["findings"] == nil {
		t.Errorf("without a mapping: %d %v", status, p)
	}
	body["map"] = "format: luoshi-migration/1\nprocedure: people-mediation\nfrom: 1\nto: 2\nreason: {zh: 改了。, en: Changed.}\n"
	for _, path := range []string{rehearsals, migrations} {
		if status, p, _ := f.do("POST", path, body, "Authorization", "Bearer "+clerkToken); status != 403 || p["code"] != "not-author" {
			t.Errorf("%s by a clerk: %d %v", path, status, p)
		}
	}
	status, r, _ := f.do("POST", rehearsals, body, auth...)
	if status != 200 || r["matters"] != 1.0 || r["fit"] != 1.0 || r["migrated"] != 0.0 || len(r["unfit"].([]any)) != 0 {
		t.Fatalf("rehearsed: %d %v", status, r)
	}
	if status, p, _ := f.do("POST", migrations, body, auth...); status != 409 || p["code"] != "plan-changed" {
		t.Errorf("without the plan: %d %v", status, p)
	}
	body["plan"] = r["plan"]
	if status, r, _ = f.do("POST", migrations, body, auth...); status != 200 || r["migrated"] != 1.0 || r["done"] != true {
		t.Fatalf("migrated: %d %v", status, r)
	}
	number := lodged["number"].(string)
	status, m, _ := f.do("GET", "/v1/matters/"+number, nil, "Luoshi-Number", number, "Luoshi-Query-Code", lodged["query_code"].(string))
	if status != 200 || m["procedure"] != "people-mediation@2" {
		t.Fatalf("the matter: %d %v", status, m)
	}
	e := m["entries"].([]any)[1].(map[string]any)
	moved, _ := e["migration"].(map[string]any)
	if e["kind"] != "migrated" || e["procedure"] != "people-mediation@2" || moved["from"] != "people-mediation@1" || moved["reason"].(map[string]any)["en"] != "Changed." {
		t.Errorf("the entry: %v", e)
	}
	if report, err := f.svc.Audit(context.Background(), nil, f.key.VerifierKey()); err != nil || !report.OK {
		t.Errorf("audit: %+v %v", report, err)
	}
}
