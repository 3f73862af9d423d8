package server

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/api"
	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/limit"
	"luoshi/internal/office"
	"luoshi/internal/store/sqlite"
	"luoshi/internal/upload"
)

// fixture is a served API over a fresh database with two township offices.
type fixture struct {
	t   *testing.T
	url string
	svc *casework.Service
	key *ledger.Key
	log *bytes.Buffer
}

const clerkToken = "lst_clerk"

func newFixture(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(t.TempDir(), "l.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	key, err := ledger.NewKey("luoshi.invalid/test")
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Seal(ctx, key); err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, key: key, log: &bytes.Buffer{}}
	f.svc, err = casework.NewService(ctx, store, key.Name(), key.Name(), []byte("secret"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	f.fill(ctx, store)
	api.UseProblems()
	handler := api.New(api.Options{Service: f.svc, Codes: limit.New(time.Minute, 5, time.Now), Uploads: upload.New(1 << 20), VKey: key.VerifierKey(), Log: slog.New(slog.NewTextHandler(f.log, nil))})
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	f.url = srv.URL
	return f
}

func (f *fixture) fill(ctx context.Context, store *sqlite.Store) {
	name := func(s string) map[string]string { return map[string]string{"zh": s, "en": s} }
	units := []office.Unit{{Code: "p", Kind: "province", Name: name("P")},
		{Code: "t1", Parent: "p", Kind: "justice-office", Name: name("T1")}, {Code: "t2", Parent: "p", Kind: "justice-office", Name: name("T2")}}
	if err := store.PutUnits(ctx, units); err != nil {
		f.t.Fatal(err)
	}
	for login, unit := range map[string]string{"clerk": "t1", "other": "t2"} {
		a := office.Account{Login: login, Name: login, Grants: []office.Grant{{Role: "clerk", Unit: unit}, {Role: "mediator", Unit: unit}}}
		if err := store.PutAccount(ctx, a, "", office.TokenHash("lst_"+login)); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := f.svc.ReloadStaff(ctx); err != nil {
		f.t.Fatal(err)
	}
	publishMediation(f.t, f.svc)
}

// do sends a request; headers are pairs.
func (f *fixture) do(method, path string, body any, headers ...string) (int, map[string]any, http.Header) {
	f.t.Helper()
	var b []byte
	if s, ok := body.(string); ok {
		b = []byte(s)
	} else if body != nil {
		b, _ = json.Marshal(body)
	}
	req, err := http.NewRequest(method, f.url+path, bytes.NewReader(b))
	if err != nil {
		f.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		f.t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp.StatusCode, out, resp.Header
}

func (f *fixture) example() map[string]any {
	f.t.Helper()
	status, p, _ := f.do("GET", "/v1/procedures/people-mediation", nil)
	if status != 200 {
		f.t.Fatalf("procedure: %d %v", status, p)
	}
	return p["example"].(map[string]any)
}

func TestExampleOfProcedureIsACompleteLodging(t *testing.T) {
	f := newFixture(t)
	status, out, header := f.do("POST", "/v1/matters", f.example(), "Idempotency-Key", "k1")
	if status != http.StatusCreated || header.Get("Location") != "/v1/matters/"+out["number"].(string) {
		t.Fatalf("%d %v %v", status, out, header)
	}
	receipt, _ := json.Marshal(out["receipt"])
	if r := ledger.Verify(receipt, f.key.VerifierKey()); !r.Proved || r.Number != out["number"] {
		t.Fatalf("receipt: %+v", r)
	}
	clocks := out["clocks"].([]any)
	if len(clocks) == 0 {
		t.Fatal("no clock runs")
	}
	for _, member := range []string{"name", "running", "target", "due", "provisional", "responsible_unit", "basis", "explanation"} {
		if _, ok := clocks[0].(map[string]any)[member]; !ok {
			t.Errorf("clock has no %s", member)
		}
	}
	t.Run("repeated with the same key gives the first answer", func(t *testing.T) {
		status, again, _ := f.do("POST", "/v1/matters", f.example(), "Idempotency-Key", "k1")
		a, _ := json.Marshal(out)
		b, _ := json.Marshal(again)
		if status != http.StatusCreated || !bytes.Equal(a, b) {
			t.Fatalf("%d\n%s\n%s", status, a, b)
		}
	})
	t.Run("same key with another body is refused", func(t *testing.T) {
		body := f.example()
		body["title"] = "another"
		if status, p, _ := f.do("POST", "/v1/matters", body, "Idempotency-Key", "k1"); status != 422 || p["code"] != "key-reused" {
			t.Fatalf("%d %v", status, p)
		}
	})
}

func TestPartyFollowsWithNumberAndCodeOnly(t *testing.T) {
	f := newFixture(t)
	_, out, _ := f.do("POST", "/v1/matters", f.example())
	number, code := out["number"].(string), out["query_code"].(string)
	if status, m, _ := f.do("GET", "/v1/matters/"+number, nil, "Luoshi-Number", number, "Luoshi-Query-Code", strings.ToLower(code)); status != 200 || m["where"] == "" {
		t.Fatalf("with the code: %d %v", status, m)
	}
	if status, p, h := f.do("GET", "/v1/matters/"+number, nil); status != 401 || h.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("without: %d %v", status, p)
	}
	for i := range 8 { // a guesser is slowed down …
		status, _, h := f.do("GET", "/v1/matters/"+number, nil, "Luoshi-Number", number, "Luoshi-Query-Code", "AAAA-AAAA-AAAA-AAAA")
		if i < 5 && status != 404 || i >= 5 && (status != 429 || h.Get("Retry-After") == "") {
			t.Fatalf("wrong code, attempt %d: %d", i, status)
		}
	} // … and the holder is not locked out
	if status, _, _ := f.do("GET", "/v1/matters/"+number, nil, "Luoshi-Number", number, "Luoshi-Query-Code", code); status != 200 {
		t.Fatalf("the holder is locked out: %d", status)
	}
	if status, m, _ := f.do("GET", "/v1/matters", nil, "Luoshi-Number", number, "Luoshi-Query-Code", code); status != 200 || len(m["items"].([]any)) != 1 {
		t.Fatalf("list of a party: %d %v", status, m)
	}
}

func TestStaffTakeLawfulStepsOnly(t *testing.T) {
	f := newFixture(t)
	_, out, _ := f.do("POST", "/v1/matters", f.example())
	path := "/v1/matters/" + out["number"].(string)
	auth := []string{"Authorization", "Bearer " + clerkToken}
	status, list, _ := f.do("GET", "/v1/matters", nil, auth...)
	if status != 200 || len(list["items"].([]any)) != 1 {
		t.Fatalf("worklist: %d %v", status, list)
	}
	if status, p, _ := f.do("GET", path, nil, "Authorization", "Bearer lst_other"); status != 404 {
		t.Fatalf("another office sees it: %d %v", status, p)
	}
	if status, p, _ := f.do("POST", path+"/steps/close", map[string]any{}, auth...); status != 403 || p["code"] != "wrong-state" {
		t.Fatalf("unlawful step: %d %v", status, p)
	}
	if status, p, _ := f.do("POST", path+"/steps/accept", map[string]any{"version": 1}, auth...); status != 200 || p["version"].(float64) != 2 {
		t.Fatalf("lawful step: %d %v", status, p)
	}
	status, p, _ := f.do("POST", path+"/steps/assign", map[string]any{"version": 1, "assignee": "clerk"}, auth...)
	if current, _ := p["current"].(map[string]any); status != 409 || current["version"].(float64) != 2 {
		t.Fatalf("stale version: %d %v", status, p)
	}
	if status, r, _ := f.do("GET", path+"/receipts/2", nil, auth...); status != 200 || r["number"] != out["number"] {
		t.Fatalf("receipt: %d %v", status, r)
	}
}

func TestWrongInputSaysWhatToDo(t *testing.T) {
	f := newFixture(t)
	for name, body := range map[string]string{
		"no JSON": "{", "unknown member": `{"procedure":"people-mediation","unit":"t1","title":"x","nonsense":1}`,
		"wrong type": `{"procedure":1,"unit":"t1","title":"x"}`, "empty": "",
	} {
		if status, p, h := f.do("POST", "/v1/matters", body); status < 400 || status >= 500 || h.Get("Content-Type") != "application/problem+json" || p["detail"] == "" {
			t.Errorf("%s: %d %v", name, status, p)
		}
	}
	for body, want := range map[string]string{
		`{"nonsense":1}`: "unknown member /nonsense", `{"title":1}`: "/title must be a text", `{"parties":{}}`: "/parties must be a list",
		`{"title":"a","title":"b"}`: "not valid JSON", `[]`: "the body must be an object", `{"title":`: "not valid JSON",
	} {
		_, p, _ := f.do("POST", "/v1/matters", body)
		if errs, _ := json.Marshal(p["errors"]); !strings.Contains(string(errs), want) || strings.Contains(string(errs), "Go ") {
			t.Errorf("%s: %s", body, errs)
		}
	}
	status, p, _ := f.do("POST", "/v1/matters", `{"procedure":"people-mediation","unit":"p","title":""}`, "Accept-Language", "zh-CN,zh;q=0.9")
	if status != 422 || !strings.Contains(p["detail"].(string), "更正") || len(p["errors"].([]any)) < 3 {
		t.Fatalf("%d %v", status, p)
	}
}

func TestAddressesThatLeadNowhereAreProblemsToo(t *testing.T) {
	f := newFixture(t)
	for request, want := range map[string]int{
		"GET /v1/nope": 404, "GET /v1/": 404, "DELETE /v1/procedures": 405, "PUT /v1/matters": 405, "POST /log/checkpoint": 405, "GET /log/nope": 404,
	} {
		method, path, _ := strings.Cut(request, " ")
		status, p, h := f.do(method, path, nil)
		if status != want || h.Get("Content-Type") != "application/problem+json" || p["detail"] == "" || want == 405 && h.Get("Allow") == "" {
			t.Errorf("%s: %d %v %v", request, status, h, p)
		}
	}
	if status, p, _ := f.do("POST", "/v1/matters", f.example(), "Sec-Fetch-Site", "cross-site"); status != 403 || p["code"] != "cross-origin" {
		t.Errorf("another site's post: %d %v", status, p)
	}
}

func TestOpenAPIDocumentNamesEveryRoute(t *testing.T) {
	f := newFixture(t)
	_, doc, _ := f.do("GET", "/v1/openapi.json", nil)
	if doc["openapi"] != "3.1.0" {
		t.Fatalf("version %v", doc["openapi"])
	}
	paths := doc["paths"].(map[string]any)
	for _, p := range []string{"/v1/procedures", "/v1/procedures/{id}", "/v1/procedures/{id}/versions", "/v1/procedures/{id}/rehearsals",
		"/v1/procedures/{id}/migrations", "/v1/matters", "/v1/matters/{number}", "/v1/matters/{number}/steps/{step}", "/v1/matters/{number}/receipts/{seq}",
		"/v1/files", "/v1/matters/{number}/files/{file}", "/v1/meetings", "/v1/meetings/{number}", "/v1/meetings/{number}/meeting.ics"} {
		if paths[p] == nil {
			t.Errorf("no %s", p)
		}
	}
}

func TestLogsHoldNothingPersonal(t *testing.T) {
	f := newFixture(t)
	body := f.example()
	body["title"] = "PERSONALTITLE"
	_, out, _ := f.do("POST", "/v1/matters", body)
	f.do("GET", "/v1/matters/"+out["number"].(string), nil, "Luoshi-Number", out["number"].(string), "Luoshi-Query-Code", "WRONG")
	f.do("POST", "/v1/matters", `{"procedure":"people-mediation","title":"PERSONALTITLE","oops":1}`)
	for _, secret := range []string{"PERSONALTITLE", out["number"].(string), out["query_code"].(string)} {
		if strings.Contains(f.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
