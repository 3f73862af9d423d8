package server

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/ledger"
)

// newChannelFixture has procedures in which matters of each other go on.
func newChannelFixture(t *testing.T) *fixture {
	t.Helper()
	f := newJointFixture(t)
	files, err := filepath.Glob("../store/storetest/testdata/channel-*.yaml")
	if err != nil || len(files) != 3 {
		t.Fatalf("%v (%v)", files, err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := put(t.Context(), f.svc, filepath.Base(file), src); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func TestAMatterGoesOnInAnotherProcedure(t *testing.T) {
	f := newChannelFixture(t)
	_, p, _ := f.do("GET", "/v1/procedures/channel-talk", nil)
	body := p["example"].(map[string]any)
	body["unit"] = "t1"
	status, out, _ := f.do("POST", "/v1/matters", body)
	if status != 201 {
		t.Fatalf("%d %v", status, out)
	}
	path := "/v1/matters/" + out["number"].(string)
	code := []string{"Luoshi-Number", out["number"].(string), "Luoshi-Query-Code", out["query_code"].(string)}
	_, m, _ := f.do("GET", path, nil, bearer("clerk")...)
	var offered any
	for _, st := range m["steps"].([]any) {
		if st := st.(map[string]any); st["name"] == "go-on" {
			offered = st["onward"]
		}
	}
	want := map[string]any{"procedure": "channel-ruling@1", "title": "Ruling", "unit": "choose",
		"fields": []any{map[string]any{"name": "ground", "required": true}, map[string]any{"name": "inside", "required": true}}}
	if diff := cmp.Diff(any(want), offered); diff != "" {
		t.Fatal(diff)
	}
	step := map[string]any{"onward": map[string]any{"unit": "t2", "fields": map[string]any{"ground": "law"}}}
	status, bad, _ := f.do("POST", path+"/steps/go-on", step, bearer("clerk")...)
	if errs, _ := bad["errors"].([]any); status != 422 || len(errs) != 1 || errs[0].(map[string]any)["field"] != "onward.fields.inside" {
		t.Fatalf("without a field: %d %v", status, bad)
	}
	step["onward"].(map[string]any)["fields"].(map[string]any)["inside"] = "x"
	status, done, _ := f.do("POST", path+"/steps/go-on", step, bearer("clerk")...)
	if status != 200 || done["procedure"] != "channel-ruling@1" || done["state"] != "filed" || len(done["clocks"].([]any)) != 4 {
		t.Fatalf("%d %v", status, done)
	}
	receipt, _ := json.Marshal(done["receipt"])
	if r := ledger.Verify(receipt, f.key.VerifierKey()); !r.Proved {
		t.Errorf("the receipt: %+v", r)
	}
	status, m, _ = f.do("GET", path, nil, code...)
	if status != 200 || m["procedure"] != "channel-ruling@1" {
		t.Fatalf("the party reads %d %v", status, m)
	}
	var course []string
	for _, c := range m["course"].([]any) {
		c := c.(map[string]any)
		course = append(course, c["procedure"].(string)+" "+c["unit"].(string))
	}
	if diff := cmp.Diff([]string{"channel-talk@1 t1", "channel-ruling@1 t2"}, course); diff != "" {
		t.Error(diff)
	}
	entry := m["entries"].([]any)[1].(map[string]any)
	if diff := cmp.Diff(any(map[string]any{"ground": "law"}), entry["opening"]); diff != "" {
		t.Error(diff)
	}
	if entry["title"] != "Have it decided" || entry["continues"].(map[string]any)["from"] != "channel-talk@1" {
		t.Errorf("the entry: %v", entry)
	}
}
