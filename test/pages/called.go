package pages

import (
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/procedures"
)

// Called is a meeting of the province with its invitations, in every state that an invitation can have before the meeting.
type Called struct {
	Number   string // of the meeting
	Branch   string // of the invitation of the county, which sets up a venue of its own
	Above    string // of the office in Qingshi, which sits there
	Main     string // of the hotline centre, which comes to the main venue
	Declined string // of the office in Liuhe
	Silent   string // of the city, which has not answered
}

// Callers puts the procedures of meetings into force where they are not, and adds those who call meetings and go to them:
// "caller", a clerk of the province, "cityhall" of the city, and "qingshi" of the office in Qingshi.
func (s *Stand) Callers(t testing.TB) {
	t.Helper()
	for _, name := range []string{"invitation.yaml", "meeting.yaml"} {
		if s.Service.Rules(strings.TrimSuffix(name, ".yaml")) != nil {
			continue
		}
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Service.Publish(t.Context(), name, src); err != nil {
			t.Fatal(err)
		}
	}
	password, err := office.HashPassword(Password)
	if err != nil {
		t.Fatal(err)
	}
	for login, unit := range map[string]string{"caller": "p", "cityhall": "s", "qingshi": "t"} {
		a := office.Account{Login: login, Name: "会务人员", Grants: []office.Grant{{Role: "clerk", Unit: unit}}}
		if err := s.Service.Store.PutAccount(t.Context(), a, password, office.TokenHash("lst_"+login)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Service.ReloadStaff(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Call calls a meeting on the day that comes so many days after the present one.
func (s *Stand) Call(t testing.TB, title string, days int) Called {
	t.Helper()
	zone := s.Service.Rules("meeting").Location
	day := s.Service.Now().In(zone).AddDate(0, 0, days).Format(time.DateOnly)
	today := s.Service.Now().In(zone).Format(time.DateOnly)
	out, err := s.Service.Lodge(t.Context(), s.Actor("caller"), casework.Lodging{Procedure: "meeting", Unit: "p", Channel: "web", Title: title,
		Fields: map[string]any{"held_on": day, "begins": "09:00", "ends": "11:30", "form": "video", "place": "主楼二层，第一会议室", "reaches": "county",
			"attends": "分管负责人", "contact": "0571-0000000", "chair": "钱七", "agenda": "09:00-09:20 通报情况 | 示例省\n09:20-10:30 部署下一步工作"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	m := Called{Number: out.Matter.Number}
	invited := s.step(t, "caller", m.Number, casework.StepCommand{Step: "invite", Fields: map[string]any{"reply_by": today},
		Sub: &casework.SubOpening{Units: []string{"c", "t", "h", "u", "s"}}})
	for i, number := range []*string{&m.Branch, &m.Above, &m.Main, &m.Declined, &m.Silent} {
		*number = invited.Each[i].Matter.Number
	}
	accept := func(login, number, seat, place, who string) {
		fields := map[string]any{"seat": seat, "coming": who}
		if place != "" {
			fields["branch_place"] = place
		}
		s.step(t, login, number, casework.StepCommand{Step: "accept", Fields: fields})
	}
	accept("clerk", m.Branch, "own", "县政府 302", "王明 县长\n李芳 办公室主任")
	accept("qingshi", m.Above, "above", "", "赵强 所长")
	accept("cityhall", m.Main, "main", "", "孙丽 主任\n周杰 副主任")
	s.step(t, "clerk", m.Declined, casework.StepCommand{Step: "decline", Note: "当天有防汛任务。"})
	return m
}

func (s *Stand) step(t testing.TB, login, number string, cmd casework.StepCommand) *casework.Outcome {
	t.Helper()
	out, err := s.Service.TakeStep(t.Context(), s.Actor(login), number, cmd, "")
	if err != nil {
		t.Fatalf("%s of %s: %v", cmd.Step, number, err)
	}
	return out
}
