package server

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// newGatheringFixture also has a gathering at the province with one paper, to which both offices are called.
func newGatheringFixture(t *testing.T) (f *fixture, whole, paper string, calls []string) {
	t.Helper()
	f = newJointFixture(t)
	for _, name := range []string{"gathering.yaml", "gathering-call.yaml"} {
		src, err := os.ReadFile("../store/storetest/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := put(t.Context(), f.svc, name, src); err != nil {
			t.Fatal(err)
		}
	}
	status, sent := f.sendFile("water.png", smallPicture(t), bearer("above")...)
	if status != 201 {
		t.Fatalf("%d %v", status, sent)
	}
	paper = sent["id"].(string)
	status, out, _ := f.do("POST", "/v1/matters", map[string]any{"procedure": "gathering", "unit": "p", "title": "Flood", "fields": map[string]any{
		"agenda": "Water.", "place": "Hall", "reply_by": "2099-01-10", "material": []any{paper}}}, bearer("above")...)
	if status != 201 {
		t.Fatalf("%d %v", status, out)
	}
	whole = out["number"].(string)
	status, out, _ = f.do("POST", "/v1/matters/"+whole+"/steps/call", map[string]any{"sub": map[string]any{"units": []any{"t1", "t2"}}}, bearer("above")...)
	if status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	for _, part := range out["opened_each"].([]any) {
		calls = append(calls, part.(map[string]any)["number"].(string))
	}
	return f, whole, paper, calls
}

func TestASubMatterShowsFieldsOfTheWhole(t *testing.T) {
	f, whole, paper, calls := newGatheringFixture(t)
	status, m, _ := f.do("GET", "/v1/matters/"+calls[0], nil, bearer("clerk")...)
	if status != 200 {
		t.Fatalf("%d %v", status, m)
	}
	parent := m["parent"].(map[string]any)
	shown := parent["shown"].(map[string]any)
	fields := shown["fields"].([]any)
	file := fields[2].(map[string]any)["value"].([]any)[0].(map[string]any)
	if parent["number"] != nil || len(fields) != 3 || file["id"] != paper || file["name"] != "water.png" || shown["changed"] == nil {
		t.Errorf("the whole %s is shown as %v", whole, parent)
	}
	delete(shown, "fields")
	delete(shown, "changed")
	want := map[string]any{"procedure": "gathering", "title": "Gathering", "state": "called", "state_title": "Called", "where": "The offices are called.",
		"changed_after_last_act": false}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"name": "place", "title": "Place", "type": "string", "value": "Hall"}, fields[1]); diff != "" {
		t.Error(diff)
	}
	if resp, data := f.get("/v1/matters/"+calls[0]+"/files/"+paper, bearer("clerk")...); resp.StatusCode != 200 || !bytes.Equal(data, smallPicture(t)) {
		t.Errorf("the paper: %s, %d bytes", resp.Status, len(data))
	}
	for _, c := range []struct{ number, login string }{{whole, "clerk"}, {calls[0], "other"}} {
		if resp, _ := f.get("/v1/matters/"+c.number+"/files/"+paper, bearer(c.login)...); resp.StatusCode != 404 {
			t.Errorf("the paper in %s for %s: %s", c.number, c.login, resp.Status)
		}
	}
}

func TestAStepTellsSubMatters(t *testing.T) {
	f, whole, _, calls := newGatheringFixture(t)
	path := "/v1/matters/" + whole
	_, m, _ := f.do("GET", path, nil, bearer("above")...)
	tells := map[string]any{}
	for _, st := range m["steps"].([]any) {
		if st := st.(map[string]any); st["tells"] != nil {
			tells[st["name"].(string)] = st["tells"]
		}
	}
	tell := func(step, does string) []any {
		return []any{map[string]any{"sub": "call", "title": "Call", "step": step, "does": does}}
	}
	if diff := cmp.Diff(map[string]any{"put-off": tell("changed", "Put off"), "hold": tell("close", "Close"), "cancel": tell("call-off", "Call off")}, tells); diff != "" {
		t.Error(diff)
	}
	status, p, _ := f.do("POST", path+"/steps/put-off", map[string]any{"fields": map[string]any{"reply_by": "2020-01-01"}}, bearer("above")...)
	if errs, _ := p["errors"].([]any); status != 422 || len(errs) != 1 || errs[0].(map[string]any)["field"] != "fields.reply_by" {
		t.Errorf("a day that is over: %d %v", status, p)
	}
	if status, p, _ := f.do("POST", path+"/steps/cancel", map[string]any{}, bearer("above")...); status != 200 {
		t.Fatalf("%d %v", status, p)
	}
	_, m, _ = f.do("GET", path, nil, bearer("above")...)
	entries := m["entries"].([]any)
	want := []any{map[string]any{"sub": "call", "number": calls[0]}, map[string]any{"sub": "call", "number": calls[1]}}
	if diff := cmp.Diff(want, entries[len(entries)-1].(map[string]any)["ended_each"]); diff != "" || len(entries) != 3 {
		t.Errorf("%d entries: %s", len(entries), diff)
	}
	if status, m, _ := f.do("GET", "/v1/matters/"+calls[0], nil, bearer("clerk")...); status != 200 || m["state"] != "off" {
		t.Errorf("the call: %d %v", status, m)
	}
}
