package server

import (
	"testing"
	"time"

	"luoshi/internal/office"
	"luoshi/procedures"
)

func TestDirectivesByAPI(t *testing.T) {
	f := newJointFixture(t)
	src, err := procedures.FS.ReadFile("directive.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := put(t.Context(), f.svc, "directive.yaml", src); err != nil {
		t.Fatal(err)
	}
	day := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	fields := map[string]any{"task": "排查路灯", "measure": "全部修好", "due_on": day}
	body := map[string]any{"issuer": "p", "directives": []any{
		map[string]any{"unit": "t1", "title": "路灯", "fields": fields, "parts": []any{map[string]any{"sub": "assist", "unit": "t2"}}},
		map[string]any{"unit": "p", "title": "自查", "fields": fields}}}
	if status, p, _ := f.do("POST", "/v1/directives", body, bearer("clerk")...); status != 403 {
		t.Errorf("by a township: %d %v", status, p)
	}
	key := append(bearer("above"), "Idempotency-Key", "once")
	status, out, _ := f.do("POST", "/v1/directives", body, key...)
	if status != 201 || len(out["items"].([]any)) != 2 {
		t.Fatalf("%d %v", status, out)
	}
	first := out["items"].([]any)[0].(map[string]any)
	if first["receipt"] == nil || len(first["parts"].([]any)) != 1 {
		t.Errorf("%v", first)
	}
	if _, again, _ := f.do("POST", "/v1/directives", body, key...); again["items"].([]any)[1].(map[string]any)["number"] != out["items"].([]any)[1].(map[string]any)["number"] {
		t.Errorf("again: %v", again)
	}
	own := out["items"].([]any)[1].(map[string]any)["number"].(string)
	for _, step := range []map[string]any{{"step": "acknowledge"}, {"step": "split", "sub": map[string]any{"units": []any{"t1", "t2"}},
		"fields": map[string]any{"part_task": "查", "part_measure": "单", "part_due_on": day}}} {
		name := step["step"].(string)
		delete(step, "step")
		status, out, _ = f.do("POST", "/v1/matters/"+own+"/steps/"+name, step, bearer("above")...)
		if status != 200 {
			t.Fatalf("%d %v", status, out)
		}
	}
	if each, _ := out["opened_each"].([]any); len(each) != 2 || each[0].(map[string]any)["receipt"] == nil {
		t.Errorf("opened: %v", out["opened_each"])
	}
	_, board, _ := f.do("GET", "/v1/directives?unit=p", nil, bearer("above")...)
	items := board["items"].([]any)
	if len(items) != 2 {
		t.Fatalf("%v", board)
	}
	for _, item := range items {
		b := item.(map[string]any)
		parts := len(b["parts"].([]any))
		if b["light"] != "green" || b["issuer"] != "p" || b["number"] == own && parts != 2 || b["number"] != own && parts != 1 {
			t.Errorf("%v", b)
		}
	}
	_, given, _ := f.do("GET", "/v1/directives?unit=t1&show=given", nil, bearer("clerk")...)
	if len(given["items"].([]any)) != 2 {
		t.Errorf("given: %v", given)
	}
	if status, p, _ := f.do("GET", "/v1/directives?unit=p", nil, bearer("clerk")...); status != 404 {
		t.Errorf("the board of an office above: %d %v", status, p)
	}
	f.listed(own)
}

// listed lists a directive for the public and reads the list without signing in.
func (f *fixture) listed(number string) {
	f.t.Helper()
	_, none, _ := f.do("GET", "/v1/listed", nil)
	if items := none["items"].([]any); len(items) != 0 {
		f.t.Errorf("%v", items)
	}
	leader := office.Account{Login: "leader", Name: "leader", Grants: []office.Grant{{Role: "supervisor", Unit: "p"}}}
	if err := f.svc.Store.PutAccount(f.t.Context(), leader, "", office.TokenHash("lst_leader")); err != nil {
		f.t.Fatal(err)
	}
	if err := f.svc.ReloadStaff(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	head := bearer("leader")
	if status, out, _ := f.do("POST", "/v1/matters/"+number+"/steps/list-publicly", map[string]any{"fields": map[string]any{"listed": true}, "note": "请大家看"}, head...); status != 200 {
		f.t.Fatalf("%d %v", status, out)
	}
	for query, want := range map[string]int{"": 1, "?unit=p": 1, "?unit=t1": 0, "?unit=none": 0} {
		status, list, _ := f.do("GET", "/v1/listed"+query, nil)
		items := list["items"].([]any)
		if status != 200 || len(items) != want {
			f.t.Errorf("%s: %d %v", query, status, list)
		}
		if len(items) == 0 {
			continue
		}
		one := items[0].(map[string]any)
		fields := one["fields"].(map[string]any)
		if one["number"] != number || one["light"] != "green" || one["since"] == "" || one["due"] == "" || fields["task"] != "排查路灯" || len(fields) != 3 || one["unit"] != "p" {
			f.t.Errorf("%v", one)
		}
	}
}
