package server

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/procedures"

	"github.com/google/go-cmp/cmp"
)

// called has a meeting of the province p to which t1 comes with a venue of its own, and t2 has not answered. It gives the
// numbers of the meeting and of the invitation of t1.
func (f *fixture) called() (number, invitation string) {
	f.t.Helper()
	for _, name := range []string{"invitation.yaml", "meeting.yaml"} {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			f.t.Fatal(err)
		}
		if err := put(f.t.Context(), f.svc, name, src); err != nil {
			f.t.Fatal(err)
		}
	}
	for login, role := range map[string]string{"auditor": office.RoleAuditor, "operator": office.RoleOperator, "superior": office.RoleSupervisor} {
		a := office.Account{Login: login, Name: login, Grants: []office.Grant{{Role: role, Unit: "p"}}}
		if err := f.svc.Store.PutAccount(f.t.Context(), a, "", office.TokenHash("lst_"+login)); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := f.svc.ReloadStaff(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	day := time.Now().AddDate(0, 0, 9).Format(time.DateOnly)
	status, m, _ := f.do("POST", "/v1/matters", map[string]any{"procedure": "meeting", "unit": "p", "title": "会", "fields": map[string]any{"held_on": day, "begins": "09:00",
		"form": "video", "place": "主楼", "agenda": "09:00-09:20 情况 | P\n讨论"}}, bearer("above")...)
	if status != 201 {
		f.t.Fatalf("%d %v", status, m)
	}
	number = m["number"].(string)
	status, m, _ = f.do("POST", "/v1/matters/"+number+"/steps/invite", map[string]any{"fields": map[string]any{"reply_by": day}, "sub": map[string]any{"units": []any{"t1", "t2"}}}, bearer("above")...)
	if status != 200 {
		f.t.Fatalf("%d %v", status, m)
	}
	invitation = m["opened_each"].([]any)[0].(map[string]any)["number"].(string)
	for step, fields := range map[string]map[string]any{"accept": {"seat": "own", "branch_place": "302", "coming": "王明 所长\n李芳"}} {
		if status, m, _ := f.do("POST", "/v1/matters/"+invitation+"/steps/"+step, map[string]any{"fields": fields}, bearer("clerk")...); status != 200 {
			f.t.Fatalf("%d %v", status, m)
		}
	}
	if _, err := f.svc.TakeStep(f.t.Context(), office.Actor{System: true}, invitation, casework.StepCommand{Step: "arrive", Fields: map[string]any{"person_name": "李芳"}}, ""); err != nil {
		f.t.Fatal(err)
	}
	return number, invitation
}

func TestAMeetingByAPI(t *testing.T) {
	f := newJointFixture(t)
	number, invitation := f.called()
	status, m, _ := f.do("GET", "/v1/meetings/"+number, nil, bearer("above")...)
	if status != 200 {
		t.Fatalf("%d %v", status, m)
	}
	got := fmt.Sprintln(m["agenda"], m["sites"])
	want := fmt.Sprintln([]any{map[string]any{"begins": "09:00", "ends": "09:20", "title": "情况", "who": "P"}, map[string]any{"title": "讨论"}},
		[]any{map[string]any{"unit": "p", "main": true, "place": "主楼", "invited": 0, "coming": 0, "arrived": 0},
			map[string]any{"unit": "t1", "main": false, "place": "302", "invited": 1, "coming": 2, "arrived": 1}})
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	invitations := m["invitations"].([]any)
	first, second := invitations[0].(map[string]any), invitations[1].(map[string]any)
	arrived, _ := first["arrivals"].([]any)
	if first["number"] != invitation || first["answer"] != "coming" || first["site"] != "t1" || len(first["coming"].([]any)) != 2 || len(arrived) != 1 ||
		arrived[0].(map[string]any)["name"] != "李芳" || arrived[0].(map[string]any)["by"] != "door" {
		t.Errorf("%v", first)
	}
	if second["unit"] != "t2" || second["answer"] != nil || second["site"] != nil {
		t.Errorf("%v", second)
	}
}

func TestMeetingsAreListedByDay(t *testing.T) {
	f := newJointFixture(t)
	number, invitation := f.called()
	rows := func(query, login string) []any {
		t.Helper()
		status, list, _ := f.do("GET", "/v1/meetings?"+query, nil, bearer(login)...)
		if status != 200 {
			t.Fatalf("%d %v", status, list)
		}
		return list["items"].([]any)
	}
	if got := rows("", "above"); len(got) != 1 || got[0].(map[string]any)["number"] != number || got[0].(map[string]any)["invited"] != false {
		t.Errorf("who called it: %v", got)
	}
	if got := rows("", "clerk"); len(got) != 1 || got[0].(map[string]any)["number"] != invitation || got[0].(map[string]any)["answer"] != "coming" {
		t.Errorf("who is invited: %v", got)
	}
	if got := rows("unit=t2", "above"); len(got) != 1 || got[0].(map[string]any)["unit"] != "t2" {
		t.Errorf("of an office below: %v", got)
	}
	if got := rows("unit=p", "clerk"); len(got) != 0 {
		t.Errorf("of an office above: %v", got)
	}
	tomorrow := time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	if a, b := rows("until="+tomorrow, "above"), rows("from="+tomorrow, "above"); len(a) != 0 || len(b) != 1 {
		t.Errorf("by day: %v, %v", a, b)
	}
	if status, p, _ := f.do("GET", "/v1/meetings?from=yesterday", nil, bearer("above")...); status != 422 {
		t.Errorf("no date: %d %v", status, p)
	}
	for range 2 {
		f.again(number)
	}
	seen, cursor := 0, ""
	for range 4 {
		_, page, _ := f.do("GET", "/v1/meetings?limit=2&cursor="+cursor, nil, bearer("above")...)
		seen += len(page["items"].([]any))
		if cursor = page["next"].(string); cursor == "" {
			break
		}
	}
	if seen != 3 || cursor != "" {
		t.Errorf("page by page: %d meetings", seen)
	}
}

// again plans another meeting like the one of that number.
func (f *fixture) again(number string) {
	f.t.Helper()
	_, m, _ := f.do("GET", "/v1/matters/"+number, nil, bearer("above")...)
	fields := m["fields"].(map[string]any)
	delete(fields, "reply_by")
	if status, p, _ := f.do("POST", "/v1/matters", map[string]any{"procedure": "meeting", "unit": "p", "title": "又一次", "fields": fields}, bearer("above")...); status != 201 {
		f.t.Fatalf("%d %v", status, p)
	}
}

// Every route of meetings, and everybody who could ask.
func TestWhoMayReadMeetings(t *testing.T) {
	f := newJointFixture(t)
	number, invitation := f.called()
	who := []string{"above", "superior", "auditor", "operator", "clerk", "other", "nobody", ""}
	for path, want := range map[string][]int{
		"/v1/meetings":                                {200, 200, 200, 200, 200, 200, 401, 401},
		"/v1/meetings/" + number:                      {200, 200, 200, 404, 404, 404, 401, 401},
		"/v1/meetings/" + number + "/meeting.ics":     {200, 200, 404, 404, 404, 404, 401, 401},
		"/v1/meetings/" + invitation + "/meeting.ics": {200, 200, 404, 404, 200, 404, 401, 401},
		"/v1/meetings/" + invitation:                  {404, 404, 404, 404, 404, 404, 401, 401},
	} {
		for i, login := range who {
			status, body := f.text(path, login)
			if status != want[i] {
				t.Errorf("%s as %q: %d instead of %d", path, login, status, want[i])
			}
			if readsNames := login == "above" || login == "superior"; !readsNames && strings.Contains(body, "李芳") {
				t.Errorf("%s as %q names who came", path, login)
			}
			if login != "above" && login != "superior" && login != "clerk" && login != "other" && strings.Contains(body, "会") {
				t.Errorf("%s as %q gives the title", path, login)
			}
		}
	}
	read, err := f.svc.Store.Disclosures(t.Context(), number)
	if err != nil || len(read) != 2 {
		t.Errorf("recorded readings: %v, %v", read, err)
	}
}

// text asks as somebody and gives what came.
func (f *fixture) text(path, login string) (int, string) {
	f.t.Helper()
	r, err := http.NewRequest(http.MethodGet, f.url+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	if login != "" {
		r.Header.Set("Authorization", "Bearer lst_"+login)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
