package server

import (
	"fmt"
	"testing"
)

// monday is the first day of the week that has begun.
func monday(f *fixture, t *testing.T, auth []string) string {
	t.Helper()
	_, o, _ := f.do("GET", "/v1/overview?by=week", nil, auth...)
	weeks := o["periods"].([]any)
	return weeks[len(weeks)-1].(map[string]any)["from"].(string)
}

// The overview says what the lists hold, within what the caller may see.
func TestTheOverviewCountsWhatTheListsHold(t *testing.T) {
	f := newFixture(t)
	for range 3 {
		f.do("POST", "/v1/matters", f.example())
	}
	auth := []string{"Authorization", "Bearer " + clerkToken}
	status, o, _ := f.do("GET", "/v1/overview", nil, auth...)
	if status != 200 || o["unit"] != "t1" || o["zone"] != "Asia/Shanghai" {
		t.Fatalf("%d %v", status, o)
	}
	total := o["total"].(map[string]any)
	for member, query := range map[string]string{"open": "", "late": "due=late", "today": "due=today", "week": "due=week", "unassigned": "assignee=none"} {
		_, list, _ := f.do("GET", "/v1/matters?below=t1&"+query, nil, auth...)
		if n := len(list["items"].([]any)); float64(n) != total[member].(float64) {
			t.Errorf("%s: %v, and %d rows", member, total[member], n)
		}
	}
	if total["open"].(float64) != 3 || total["unassigned"].(float64) != 3 {
		t.Errorf("total %v", total)
	}
	months := o["periods"].([]any)
	if last := months[len(months)-1].(map[string]any); len(months) != 12 || fmt.Sprint(last["opened"], last["ended"], last["late"]) != "3 0 0" {
		t.Errorf("months %v", months)
	}
	for _, last := range []string{months[len(months)-1].(map[string]any)["from"].(string)[:7], monday(f, t, auth)} {
		for what, want := range map[string]int{"opened": 3, "ended": 0, "late": 0} {
			if _, list, _ := f.do("GET", "/v1/matters?in="+what+"."+last, nil, auth...); len(list["items"].([]any)) != want {
				t.Errorf("%s in %s: %v", what, last, list)
			}
		}
	}
	if _, o, _ := f.do("GET", "/v1/overview?by=week", nil, auth...); len(o["periods"].([]any)) != 52 {
		t.Errorf("weeks %v", o["periods"])
	}
	if _, o, _ := f.do("GET", "/v1/overview", nil, "Authorization", "Bearer lst_other"); o["total"].(map[string]any)["open"].(float64) != 0 {
		t.Errorf("another office's overview: %v", o["total"])
	}
	for path, want := range map[string]int{"/v1/overview?unit=t2": 404, "/v1/overview?by=day": 422, "/v1/matters?due=tomorrow": 422,
		"/v1/matters?in=opened.1999-01": 404, "/v1/matters?in=lost.2026-05": 404} {
		if status, p, _ := f.do("GET", path, nil, auth...); status != want {
			t.Errorf("%s: %d %v", path, status, p)
		}
	}
	if status, p, _ := f.do("GET", "/v1/overview", nil); status != 401 && status != 403 {
		t.Errorf("nobody: %d %v", status, p)
	}
}
