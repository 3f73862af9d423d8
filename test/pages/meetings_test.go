package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
)

// meetingForm is a meeting that can be kept, with something else instead.
func meetingForm(key string, instead ...string) url.Values {
	form := url.Values{"key": {key}, "unit": {"s"}, "title": {"安全生产会议"}, "f.held_on": {time.Now().AddDate(0, 0, 9).Format(time.DateOnly)}, "f.begins": {"900"}, "f.ends": {"11点"},
		"f.form": {"video"}, "f.place": {"三楼会议室"}, "f.attends": {"分管负责人"},
		"a.from": {"9:00", ""}, "a.until": {"9:30", ""}, "a.what": {"通报情况", "部署工作"}, "a.who": {"市应急局", ""}}
	for i := 0; i < len(instead); i += 2 {
		form.Set(instead[i], instead[i+1])
	}
	return form
}

// meet has the city keep a meeting and gives its number.
func (c *client) meet(key string) string {
	c.t.Helper()
	a := c.must(http.StatusSeeOther, c.post("/desk/meetings/new", meetingForm(key)))
	number, _, _ := strings.Cut(strings.TrimPrefix(a.header.Get("Location"), "/desk/meetings/"), "?")
	return number
}

func TestAMeetingIsPlannedAndNothingTypedIsLost(t *testing.T) {
	s := New(t)
	s.Meetings(t)
	city := newClient(t, serve(t, s))
	city.signIn("city")
	typed := []string{"安全生产会议", "三楼会议室", "分管负责人", "通报情况", "市应急局", "部署工作"}
	over := city.must(http.StatusUnprocessableEntity, city.post("/desk/meetings/new", meetingForm("k1", "f.held_on", "2020-01-01")))
	holds(t, over, append(typed, "set today or a later one", `href="#m-held_on"`)...)
	bad := city.must(http.StatusUnprocessableEntity, city.post("/desk/meetings/new", meetingForm("k1", "f.begins", "soon", "f.place", "")))
	holds(t, bad, append(typed[2:], `value="soon"`, `href="#m-begins"`, `href="#m-place"`)...)
	turned := city.must(http.StatusUnprocessableEntity, city.post("/desk/meetings/new", meetingForm("k1", "f.begins", "11:00", "f.ends", "9:00")))
	holds(t, turned, append(typed, "The end must lie after the beginning.", `href="#m-ends"`)...)
	empty := meetingForm("k1", "a.what", "", "a.from", "", "a.until", "", "a.who", "")
	holds(t, city.must(http.StatusUnprocessableEntity, city.post("/desk/meetings/new", empty)), `href="#m-agenda"`)
	for do, want := range map[string]string{"more": `id="a-5-what"`, "down.1": `id="a-1-what" name="a.what" value="部署工作"`, "drop.1": `id="a-1-what" name="a.what" value="部署工作"`} {
		holds(t, city.must(http.StatusOK, city.post("/desk/meetings/new", meetingForm("k1", "do", do))), want, "三楼会议室")
	}
	late := city.must(http.StatusOK, city.post("/desk/meetings/new", meetingForm("k1", "do", "preview", "f.begins", "10:00")))
	holds(t, late, "It begins before the meeting does.")
	number := city.meet("k1")
	if again := city.meet("k1"); again != number {
		t.Errorf("sent twice it is %s and %s", number, again)
	}
	holds(t, city.must(http.StatusConflict, city.post("/desk/meetings/new", meetingForm("k1", "title", "另一个会议"))), "另一个会议")
	holds(t, city.must(http.StatusOK, city.get("/desk/meetings/"+number)), "09:00–11:00", "09:00–09:30", "市应急局", "own video system")
	if m, err := s.Service.Store.Matter(t.Context(), number); err != nil || m.Fields["agenda"] != "09:00-09:30 通报情况 | 市应急局\n部署工作\n" || m.Fields["begins"] != "09:00" || m.Fields["ends"] != "11:00" {
		t.Errorf("%v, %v", m.Fields, err)
	}
}

func TestWhoIsInvitedAndByWhom(t *testing.T) {
	s := New(t)
	s.Meetings(t)
	address := serve(t, s)
	city, head, town := newClient(t, address), newClient(t, address), newClient(t, address)
	city.signIn("city")
	head.signIn("cityhead")
	town.signIn("town")
	number := city.meet("k2")
	base, day := "/desk/meetings/"+number, time.Now().AddDate(0, 0, 5).Format(time.DateOnly)
	invite := func(version string, more ...string) url.Values {
		form := url.Values{"version": {version}, "key": {"invite " + version + strings.Join(more, "")}, "f.reply_by": {day}}
		for i := 0; i < len(more); i += 2 {
			form.Add(more[i], more[i+1])
		}
		return form
	}
	holds(t, city.must(http.StatusUnprocessableEntity, city.post(base+"/invite", invite("1"))), `href="#invite-kinds"`)
	holds(t, city.must(http.StatusOK, city.post(base+"/invite", invite("1", "find", "yongning", "do", "find"))), "Baisha Town", "Found")
	holds(t, city.must(http.StatusOK, city.post(base+"/invite", invite("1", "kind", "township", "area", "d", "sub-units", "v1", "do", "count"))), "5 offices would be invited")
	city.must(http.StatusSeeOther, city.post(base+"/invite", invite("1", "kind", "township", "area", "d", "sub-units", "v1")))
	// Two at once: whoever comes second is shown what was done, and keeps what was chosen.
	holds(t, head.must(http.StatusConflict, head.post(base+"/invite", invite("1", "kind", "township"))), `value="township" checked`)
	// An office is not invited twice.
	holds(t, head.must(http.StatusUnprocessableEntity, head.post(base+"/invite", invite("2", "sub-units", "v1"))), "has one already")
	page := city.must(http.StatusOK, city.get(base))
	holds(t, page, "Ask the 5 that have not answered")
	own := town.must(http.StatusOK, town.get("/desk/meetings"))
	holds(t, own, "安全生产会议", "09:00–11:00", "三楼会议室", "Not answered", "Answer by")
	town.must(http.StatusNotFound, town.get(base))
	town.must(http.StatusNotFound, town.get(base+"/print/notice"))
	town.must(http.StatusNotFound, town.post(base+"/invite", invite("2", "sub-units", "v2")))
	mediator := newClient(t, address)
	mediator.signIn("mediator")
	mediator.must(http.StatusForbidden, mediator.get("/desk/meetings/new"))
	urged := city.must(http.StatusSeeOther, city.post(base+"/urge", url.Values{"key": {"u"}, "note": {"请今天回复"}}))
	holds(t, city.must(http.StatusOK, city.get(strings.Split(urged.header.Get("Location"), "#")[0])), "5 offices were asked")
	invitation := regexp.MustCompile(`/desk/meetings/\d{4}-[0-9X-]+`).FindString(own.body)
	holds(t, town.must(http.StatusOK, town.get(invitation)), "You were asked for the answer", "请今天回复")
}

func TestAMeetingHasOneDraftOfDirectives(t *testing.T) {
	s := New(t)
	s.Meetings(t)
	city := newClient(t, serve(t, s))
	city.signIn("city")
	number := city.meet("k3")
	take := func(step string, fields map[string]any, units ...string) {
		t.Helper()
		cmd := casework.StepCommand{Step: step, Fields: fields}
		if len(units) > 0 {
			cmd.Sub = &casework.SubOpening{Units: units}
		}
		if _, err := s.Service.TakeStep(t.Context(), s.Actor("city"), number, cmd, ""); err != nil {
			t.Fatal(err)
		}
	}
	take("invite", map[string]any{"reply_by": time.Now().AddDate(0, 0, 3).Format(time.DateOnly)}, "c", "d")
	take("hold", nil)
	holds(t, city.must(http.StatusOK, city.get("/desk/meetings/"+number)), "Write the minutes first")
	take("write-minutes", map[string]any{"minutes": "一要排查隐患。县司法局牵头，列出清单。二要压实责任，层层签订责任书。"})
	form := url.Values{"meeting": {number}}
	path := city.must(http.StatusSeeOther, city.post("/desk/reports", form)).header.Get("Location")
	if again := city.must(http.StatusSeeOther, city.post("/desk/reports", form)).header.Get("Location"); again != path || !strings.HasSuffix(path, number) {
		t.Errorf("%s and %s", path, again)
	}
	holds(t, city.must(http.StatusOK, city.get(path)), "What was understood: 2", `href="/desk/meetings/`+number+`"`, "安全生产会议")
	holds(t, city.must(http.StatusOK, city.get("/desk/meetings/"+number)), path)
	other := newClient(t, city.url)
	other.signIn("county2")
	other.must(http.StatusNotFound, other.post("/desk/reports", form))
}
