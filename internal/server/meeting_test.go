package server

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/procedures"
)

// called is a meeting of a province with n townships in counties of ten, all invited; the first is the meeting's number.
type called struct {
	*Core
	clerk  office.Actor
	number string
	day    string
	calls  map[string]string // number of the invitation by unit
}

func newCalled(t testing.TB, n int) *called {
	t.Helper()
	ctx := t.Context()
	k := newCore(t)
	for _, name := range []string{"invitation.yaml", "meeting.yaml"} {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Service.Publish(ctx, name, src); err != nil {
			t.Fatal(err)
		}
	}
	var units []office.Unit
	var towns []string
	name := func(s string) map[string]string { return map[string]string{"zh": s, "en": s} }
	for i := range n {
		county := fmt.Sprintf("c%03d", i/10)
		if i%10 == 0 {
			units = append(units, office.Unit{Code: county, Parent: "p", Kind: "county", Name: name("County " + county)})
		}
		town := fmt.Sprintf("v%04d", i)
		units, towns = append(units, office.Unit{Code: town, Parent: county, Kind: "township", Name: name("Town " + town)}), append(towns, town)
	}
	if err := k.Service.Store.PutUnits(ctx, units); err != nil {
		t.Fatal(err)
	}
	for login, g := range map[string]office.Grant{"caller": {Role: "clerk", Unit: "p"}, "county": {Role: "clerk", Unit: "c000"}, "town": {Role: "clerk", Unit: "v0001"}} {
		if err := k.Service.Store.PutAccount(ctx, office.Account{Login: login, Name: login, Grants: []office.Grant{g}}, "", ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Service.ReloadStaff(ctx); err != nil {
		t.Fatal(err)
	}
	m := &called{Core: k, clerk: office.Actor{Account: k.Service.Staff().Accounts["caller"]}, calls: map[string]string{},
		day: time.Now().AddDate(0, 0, 10).Format(time.DateOnly)}
	out, err := k.Service.Lodge(ctx, m.clerk, casework.Lodging{Procedure: "meeting", Unit: "p", Title: "Meeting", Fields: map[string]any{"held_on": m.day,
		"begins": "09:00", "ends": "11:00", "form": "video", "place": "Main hall", "agenda": "09:00-09:20 A | p\n09:10-09:50 B\n"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	m.number = out.Matter.Number
	m.invite(t, append([]string{"c000"}, towns...)...)
	return m
}

func (m *called) invite(t testing.TB, units ...string) {
	t.Helper()
	out, err := m.Service.TakeStep(t.Context(), m.clerk, m.number, casework.StepCommand{Step: "invite", Sub: &casework.SubOpening{Units: units},
		Fields: map[string]any{"reply_by": time.Now().AddDate(0, 0, 5).Format(time.DateOnly)}}, "")
	if err != nil {
		t.Fatal(err)
	}
	for i, unit := range units {
		m.calls[unit] = out.Each[i].Matter.Number
	}
}

func (m *called) act(login string) office.Actor {
	return office.Actor{Account: m.Service.Staff().Accounts[login]}
}

// take takes a step in the invitation of a unit.
func (m *called) take(t testing.TB, a office.Actor, unit, step, note string, fields map[string]any) {
	t.Helper()
	if _, err := m.Service.TakeStep(t.Context(), a, m.calls[unit], casework.StepCommand{Step: step, Note: note, Fields: fields}, ""); err != nil {
		t.Fatal(err)
	}
}

func TestAMeetingIsReadWithItsVenuesAnswersAndArrivals(t *testing.T) {
	m := newCalled(t, 12)
	county, system := m.act("county"), office.Actor{System: true}
	m.take(t, county, "c000", "accept", "", map[string]any{"seat": "own", "branch_place": "County hall", "coming": "张三 县长\n李四 局长"})
	m.take(t, county, "v0000", "accept", "", map[string]any{"seat": "above", "coming": "王五 镇长"})
	m.take(t, county, "v0001", "decline", "防汛", nil)
	m.take(t, county, "v0002", "accept", "", map[string]any{"seat": "main", "coming": "赵六"})
	m.take(t, m.clerk, "v0003", "changed", "", map[string]any{"held_on": m.day, "reply_by": m.day})
	m.take(t, county, "v0004", "accept", "", map[string]any{"seat": "main", "coming": "钱七"})
	m.take(t, m.clerk, "v0004", "changed", "", map[string]any{"held_on": m.day, "reply_by": m.day})
	m.take(t, system, "v0000", "arrive", "", map[string]any{"person_name": "王五", "person_post": "镇长"})
	m.take(t, county, "v0000", "arrive", "", map[string]any{"person_name": "王五", "person_post": "镇长"})
	m.take(t, m.clerk, "v0001", "arrive", "", map[string]any{"person_name": "孙八"})

	got, err := meeting.Of(t.Context(), m.Service, m.clerk, m.number)
	if err != nil {
		t.Fatal(err)
	}
	sites := []meeting.Site{{Unit: "p", Main: true, Place: "Main hall", Invited: 1, Coming: 1}, {Unit: "c000", Place: "County hall", Invited: 2, Coming: 3, Arrived: 2}}
	if diff := cmp.Diff(sites, got.Sites); diff != "" {
		t.Error(diff)
	}
	if len(got.Agenda) != 2 || len(got.Findings) != 1 || got.Findings[0].Rule != meeting.RuleOverlap || !got.On(m.day) {
		t.Errorf("%+v %+v", got.Agenda, got.Findings)
	}
	want := meeting.Totals{Offices: 13, Coming: 3, Declined: 1, NotAnswered: 9, People: 4, Arrived: 2}
	if diff := cmp.Diff(want, got.Totals()); diff != "" {
		t.Error(diff)
	}
	by := map[string]*meeting.Invitation{}
	for _, inv := range got.Invitations {
		by[inv.Unit] = inv
	}
	if x := by["v0001"]; x.Declined != "防汛" || x.Site != 1 || x.Arrivals[0].By != "caller" || x.Answer != meeting.Declined {
		t.Errorf("declined, and came: %+v", x)
	}
	if x := by["v0000"]; len(x.Arrivals) != 1 || x.Arrivals[0].By != meeting.ByDoor || x.Site != 1 {
		t.Errorf("recorded twice: %+v", x)
	}
	if x := by["v0004"]; !x.Asked || x.Answer != meeting.NotAnswered || x.Coming != nil || x.Site != -1 || by["v0003"].Asked {
		t.Errorf("asked again: %+v", x)
	}
}

func TestNobodySeesAMeetingByItsInvitation(t *testing.T) {
	m := newCalled(t, 3)
	if _, err := meeting.Of(t.Context(), m.Service, m.act("town"), m.number); casework.KindOf(err) != casework.NotFound {
		t.Errorf("the town reads the meeting: %v", err)
	}
	if _, err := meeting.Of(t.Context(), m.Service, m.act("town"), m.calls["v0001"]); casework.AsError(err).Code != meeting.NoMeeting {
		t.Errorf("an invitation is taken for a meeting: %v", err)
	}
	for login, want := range map[string]string{"caller": "called:" + m.number, "town": "invited:" + m.calls["v0001"], "clerk": ""} {
		list, err := meeting.List(t.Context(), m.Service, m.act(login), m.day, m.day)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, e := range list {
			if said = "called:" + e.Number; e.Invited {
				said = "invited:" + e.Number
			}
			if e.Begins != "09:00" || e.Place != "Main hall" || e.Caller != "p" {
				t.Errorf("%s: %+v", login, e)
			}
		}
		if said != want {
			t.Errorf("%s: %q, want %q", login, said, want)
		}
	}
	if list, err := meeting.List(t.Context(), m.Service, m.clerk, "2020-01-01", "2020-12-31"); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestAnOfficeIsInvitedOnceAndNoDayIsOver(t *testing.T) {
	m := newCalled(t, 3)
	again := casework.StepCommand{Step: "invite", Sub: &casework.SubOpening{Units: []string{"v0001"}}, Fields: map[string]any{"reply_by": m.day}}
	_, err := m.Service.TakeStep(t.Context(), m.clerk, m.number, again, "")
	if e := casework.AsError(err); e.Kind != casework.Invalid || len(e.Fields) != 1 || e.Fields[0].Code != "has-one" || e.Fields[0].Field != "sub.unit" {
		t.Errorf("invited twice: %v", err)
	}
	m.take(t, m.clerk, "v0001", "call-off", "", nil)
	if _, err := m.Service.TakeStep(t.Context(), m.clerk, m.number, again, ""); err != nil {
		t.Errorf("after it was called off: %v", err)
	}
	over := casework.Lodging{Procedure: "meeting", Unit: "p", Title: "Meeting", Fields: map[string]any{"held_on": "2020-01-01", "begins": "09:00", "form": "video", "place": "x", "agenda": "A"}}
	if _, err := m.Service.Lodge(t.Context(), m.clerk, over, ""); casework.AsError(err).Kind != casework.Invalid {
		t.Errorf("a day that is over: %v", err)
	}
}

// BenchmarkReadMeeting reads a meeting of which every tenth office has answered and one person has come, and says how
// long that takes for each invitation.
func BenchmarkReadMeeting(b *testing.B) {
	for _, n := range []int{100, 1352} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := newCalled(b, n)
			for i := 0; i < n; i += 10 {
				unit := fmt.Sprintf("v%04d", i)
				m.take(b, m.clerk, unit, "arrive", "", map[string]any{"person_name": "王五"})
			}
			ctx := context.Background()
			for b.Loop() {
				if got, err := meeting.Of(ctx, m.Service, m.clerk, m.number); err != nil || len(got.Invitations) != n+1 {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/invitation")
		})
	}
}
