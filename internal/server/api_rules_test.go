package server

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/store/storetest"
)

// lamps publishes the small procedure of the store's tests and lodges its example.
func (f *fixture) lamps() (path, number, code string) {
	f.t.Helper()
	source := strings.Replace(storetest.Lamp, "units: [township, county]", "units: [justice-office]", 1)
	if err := put(context.Background(), f.svc, "lamp.yaml", []byte(source)); err != nil {
		f.t.Fatal(err)
	}
	_, p, _ := f.do("GET", "/v1/procedures/lamp", nil)
	body := p["example"].(map[string]any)
	body["unit"] = "t1"
	status, m, _ := f.do("POST", "/v1/matters", body)
	if status != 201 {
		f.t.Fatalf("%d %v", status, m)
	}
	number = m["number"].(string)
	return "/v1/matters/" + number, number, m["query_code"].(string)
}

// clerk takes a step; the answer's status must be the one wanted.
func (f *fixture) step(want int, path, step string, body map[string]any) map[string]any {
	f.t.Helper()
	status, m, _ := f.do("POST", path+"/steps/"+step, body, "Authorization", "Bearer "+clerkToken)
	if status != want {
		f.t.Fatalf("%s: %d %v", step, status, m)
	}
	return m
}

func TestGuardsAndRequiredFieldsOverTheAPI(t *testing.T) {
	f := newFixture(t)
	path, _, _ := f.lamps()
	refused := f.step(403, path, "mend", map[string]any{})
	if refused["code"] != "guard" || refused["detail"] != "Look first." {
		t.Errorf("%v", refused)
	}
	_, file, _ := f.do("GET", path, nil, "Authorization", "Bearer "+clerkToken)
	if got := fmt.Sprint(file["withheld"]); got != "[map[name:mend reason:Look first. title:Mend]]" {
		t.Errorf("withheld %s", got)
	}
	f.step(200, path, "look", map[string]any{})
	_, file, _ = f.do("GET", path, nil, "Authorization", "Bearer "+clerkToken)
	var asked string
	for _, st := range file["steps"].([]any) {
		if s := st.(map[string]any); s["name"] == "mend" {
			asked = fmt.Sprint(s["fields"])
		}
	}
	if asked != "[map[name:mended-on required:true] map[name:metres required:true]]" {
		t.Errorf("mend asks for %s", asked)
	}
	refused = f.step(422, path, "mend", map[string]any{"fields": map[string]any{"mended-on": "2026-03-03", "metres": -1}})
	if e := refused["errors"].([]any)[0].(map[string]any); e["field"] != "fields.metres" || e["code"] != "out-of-range" {
		t.Errorf("%v", refused)
	}
	f.step(200, path, "mend", map[string]any{"fields": map[string]any{"mended-on": "2026-03-03", "metres": 12.5}})
	_, file, _ = f.do("GET", path, nil, "Authorization", "Bearer "+clerkToken)
	if got := file["fields"].(map[string]any)["metres"]; got != 12.5 {
		t.Errorf("metres %v", got)
	}
}

func TestFieldsGoToThoseWhoSeeThem(t *testing.T) {
	f := newFixture(t)
	path, number, code := f.lamps()
	f.step(200, path, "look", map[string]any{"fields": map[string]any{"diagnosis": "diagnosis-again"}})
	for who, headers := range map[string][]string{
		"inner":   {"Authorization", "Bearer " + clerkToken},
		"whisper": {"Luoshi-Number", number, "Luoshi-Query-Code", code},
	} {
		for _, route := range []string{path, path + "/receipts/1", path + "/receipts/2", "/v1/matters"} {
			_, answer, _ := f.do("GET", route, nil, headers...)
			text := fmt.Sprint(answer)
			for _, field := range []string{"inner", "whisper", "diagnosis"} {
				shown := strings.Contains(text, field+"-words") || strings.Contains(text, field+"-again")
				if want := field == who && route == path; shown != want {
					t.Errorf("who sees %s, %s: %s shown %v", who, route, field, shown)
				}
			}
		}
	}
}

func TestReasonsNoticesAndDocumentsOverTheAPI(t *testing.T) {
	f := newFixture(t)
	path, number, code := f.lamps()
	party := []string{"Luoshi-Number", number, "Luoshi-Query-Code", code, "Accept-Language", "en"}
	f.step(200, path, "dig", map[string]any{"fields": map[string]any{"permit": "A-7"}})
	_, file, _ := f.do("GET", path, nil, party...)
	clock := file["clocks"].([]any)[0].(map[string]any)
	want := []any{map[string]any{"op": "suspend", "seq": 2.0, "reason": "Works do not count.", "field": "permit", "value": "A-7"}}
	if diff := cmp.Diff(want, clock["why"]); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(fmt.Sprint(clock["explanation"]), "Works do not count. Permit: A-7") {
		t.Errorf("the explanation does not say why: %v", clock["explanation"])
	}
	f.step(200, path, "fill", map[string]any{})
	f.step(200, path, "look", map[string]any{})
	f.step(200, path, "mend", map[string]any{"note": "good as new", "fields": map[string]any{"mended-on": "2026-03-03", "metres": 12.5}})
	_, file, _ = f.do("GET", path, nil, party...)
	entry := file["entries"].([]any)[4].(map[string]any)
	notices, documents := entry["notices"].([]any), entry["documents"].([]any)
	if len(notices) != 2 || !strings.Contains(fmt.Sprint(notices[0]), "12.5 m, 3 March 2026") || !strings.Contains(fmt.Sprint(notices[1]), "whisper-words") {
		t.Errorf("notices %v", notices)
	}
	document := documents[0].(map[string]any)["path"].(string)
	status, text, _ := f.do("GET", document, nil, party...)
	if status != 200 || text["body"] != number+": (not shown to you) A-7 good as new" || text["title"] != "Record" {
		t.Errorf("%d %v", status, text)
	}
	for _, nothing := range []string{path + "/documents/5/slip", path + "/documents/4/record", path + "/documents/99/record"} {
		if status, answer, _ := f.do("GET", nothing, nil, party...); status != 404 || answer["code"] != "no-such-document" {
			t.Errorf("%s: %d %v", nothing, status, answer)
		}
	}
	if status, _, _ := f.do("GET", document, nil); status != 401 {
		t.Errorf("without a code a document is given: %d", status)
	}
	if status, _, _ := f.do("GET", document, nil, "Authorization", "Bearer lst_other"); status != 404 {
		t.Errorf("another office is given a document: %d", status)
	}
}

func TestPublicView(t *testing.T) {
	f := newFixture(t)
	_, number, _ := f.lamps()
	status, v, _ := f.do("GET", "/v1/public/"+number, nil, "Accept-Language", "en")
	clocks := v["clocks"].([]any)
	if len(clocks) != 1 || clocks[0].(map[string]any)["due"] == "" {
		t.Errorf("clocks %v", clocks)
	}
	v["clocks"] = nil
	want := map[string]any{"number": number, "procedure": "lamp@1", "procedure_title": "Street lamp", "state": "lodged", "state_title": "Received",
		"where": "It waits for repair.", "unit": "t1", "unit_name": "T1", "clocks": nil, "fields": map[string]any{"place": "村口"}}
	if diff := cmp.Diff(want, v); status != 200 || diff != "" {
		t.Errorf("%d %s", status, diff)
	}
	_, dispute, _ := f.do("POST", "/v1/matters", f.example())
	_, unknown, _ := f.do("GET", "/v1/public/2026-09999999-X", nil)
	status, closed, _ := f.do("GET", "/v1/public/"+dispute["number"].(string), nil)
	if diff := cmp.Diff(unknown, closed); status != 404 || diff != "" {
		t.Errorf("%d: a procedure without a public view answers otherwise than an unknown number: %s", status, diff)
	}
	for range 10 {
		status, _, _ = f.do("GET", "/v1/public/2026-09999999-X", nil)
	}
	if status != 429 {
		t.Errorf("guessing goes on: %d", status)
	}
	if status, _, _ = f.do("GET", "/v1/public/"+number, nil); status != 200 {
		t.Errorf("the right number is refused after guesses of others: %d", status)
	}
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
