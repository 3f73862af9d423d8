package pages

import (
	"fmt"
	"testing"

	"luoshi/internal/office"
	"luoshi/procedures"
)

// MeetingPacks puts meetings and invitations into force.
func (s *Stand) MeetingPacks(t testing.TB) {
	t.Helper()
	for _, name := range []string{"invitation.yaml", "meeting.yaml"} {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Service.Publish(t.Context(), name, src); err != nil {
			t.Fatal(err)
		}
	}
}

// Meetings puts meetings, invitations and directives into force, and adds what a city needs to call a meeting: a second
// county, and towns in both. The logins beside those of the stand are "city" and "cityhead" for the city s, "county2"
// for the county d, and "town" for the first town of the county c, v1. Twelve offices can be invited by "all counties"
// and "all towns": two counties, six towns of c and four of d.
func (s *Stand) Meetings(t testing.TB) {
	t.Helper()
	s.Directives(t)
	s.MeetingPacks(t)
	units := []office.Unit{{Code: "d", Parent: "s", Kind: "county", Name: map[string]string{"zh": "永宁县", "en": "Yongning County"}}}
	towns := []struct{ code, parent, zh, en string }{
		{"v1", "c", "青石镇", "Qingshi Town"}, {"v2", "c", "柳河乡", "Liuhe Township"}, {"v3", "c", "石桥镇", "Shiqiao Town"},
		{"v4", "c", "东岭乡", "Dongling Township"}, {"v5", "c", "西湾镇", "Xiwan Town"}, {"v6", "c", "南坪乡", "Nanping Township"},
		{"w1", "d", "白沙镇", "Baisha Town"}, {"w2", "d", "云山乡", "Yunshan Township"}, {"w3", "d", "清溪镇", "Qingxi Town"}, {"w4", "d", "金坪镇", "Jinping Town"},
	}
	for _, x := range towns {
		units = append(units, office.Unit{Code: x.code, Parent: x.parent, Kind: "township", Name: map[string]string{"zh": x.zh, "en": x.en}})
	}
	if err := s.Service.Store.PutUnits(t.Context(), units); err != nil {
		t.Fatal(err)
	}
	password, err := office.HashPassword(Password)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range []struct{ login, role, unit string }{{"city", "clerk", "s"}, {"cityhead", "head", "s"}, {"county2", "clerk", "d"}, {"town", "clerk", "v1"}} {
		a := office.Account{Login: x.login, Name: fmt.Sprintf("吴%d", i+1), Grants: []office.Grant{{Role: x.role, Unit: x.unit}}}
		if err := s.Service.Store.PutAccount(t.Context(), a, password, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Service.ReloadStaff(t.Context()); err != nil {
		t.Fatal(err)
	}
}
