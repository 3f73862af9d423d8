package matter

import (
	"slices"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
	"luoshi/procedures"
	"luoshi/ui"
)

func petition(t *testing.T) *casework.Rules {
	t.Helper()
	src, err := procedures.FS.ReadFile("petition.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load("petition.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := casework.NewRules(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func testWords(t *testing.T, lang string) Words {
	t.Helper()
	tree, err := office.NewTree([]office.Unit{{Code: "q", Kind: "petition-bureau", Name: map[string]string{"zh": "信访局", "en": "Petition Bureau"}}})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := site.LoadTexts(ui.FS)
	if err != nil {
		t.Fatal(err)
	}
	return Words{Words: site.Words{Lang: lang, Texts: texts, Staff: &casework.Staff{Tree: tree}}}
}

// A period of 15 days from 16 September 2026 ends on 1 October, within the national holiday.
func clockOverHoliday(t *testing.T, rules *casework.Rules, name string) (*casework.Matter, *procedure.Clock) {
	t.Helper()
	rule := rules.Procedure.Clock(name)
	c := casework.Clock{Name: name, Status: casework.Running, From: "2026-09-16T02:00:00.000Z"}
	d, err := rules.Deadline(rule, &c)
	if err != nil {
		t.Fatal(err)
	}
	c.Target, c.Due, c.Provisional = d.Target.String(), d.Due.String(), d.Provisional
	return &casework.Matter{Unit: "q", Clocks: []casework.Clock{c}}, rule
}

func TestAnOfficesDutyIsShownWithTheEarlierDate(t *testing.T) {
	rules := petition(t)
	m, rule := clockOverHoliday(t, rules, "first-answer")
	if m.Clocks[0].Target != "2026-10-01" || m.Clocks[0].Due <= m.Clocks[0].Target {
		t.Fatalf("the case does not cross the holiday: %+v", m.Clocks[0])
	}
	now := time.Date(2026, 10, 5, 4, 0, 0, 0, time.UTC)
	view := testWords(t, "en").clockView(m, rules, rule, &m.Clocks[0], now)
	if view.Date != "Thu 1 Oct 2026" || view.Latest == "" || view.Late || view.Responsible != "Petition Bureau" || len(view.Lines) < 4 {
		t.Errorf("%+v", view)
	}
	late := testWords(t, "zh").clockView(m, rules, rule, &m.Clocks[0], now.AddDate(0, 1, 0))
	if !late.Late || late.Left == "" || late.Date != "2026年10月1日 周四" {
		t.Errorf("%+v", late)
	}
}

func TestAPartysRightIsShownWithTheLaterDate(t *testing.T) {
	rules := petition(t)
	m, rule := clockOverHoliday(t, rules, "ask-review")
	view := testWords(t, "en").clockView(m, rules, rule, &m.Clocks[0], time.Date(2026, 10, 5, 4, 0, 0, 0, time.UTC))
	if view.Date != view.Due || view.Latest != "" || view.Responsible != "the parties" {
		t.Errorf("%+v", view)
	}
	over := testWords(t, "en").clockView(m, rules, rule, &m.Clocks[0], time.Date(2027, 1, 5, 4, 0, 0, 0, time.UTC))
	if over.Late || over.Left != "the time is over" {
		t.Errorf("a right that was not used is shown as lateness: %+v", over)
	}
	if Nearest(nil, m, rules) != nil {
		t.Error("what a party may do is shown as the office's duty")
	}
}

func TestASuspendedAndAProvisionalClockSaySo(t *testing.T) {
	rules := petition(t)
	m, rule := clockOverHoliday(t, rules, "rereview")
	c := m.Clocks[0]
	c.Status, c.Target, c.Due = casework.Suspended, "", ""
	c.Suspensions = []casework.Span{{From: "2026-09-20T02:00:00.000Z"}}
	v := testWords(t, "en")
	view := v.clockView(m, rules, rule, &c, time.Now())
	if view.Status != v.T("clock.suspended") || !view.Open || view.Date != "" || view.Late || len(view.Lines) == 0 {
		t.Errorf("%+v", view)
	}
	c = m.Clocks[0]
	c.Provisional, c.Calendar = true, rules.Calendar.Version()
	if !v.clockView(m, rules, rule, &c, time.Now()).Provisional {
		t.Error("a provisional date is not marked")
	}
}

func TestDaysLeftCountCivilDaysAndLatenessStartsAtMidnight(t *testing.T) {
	v := testWords(t, "en")
	loc := petition(t).Location
	end := time.Date(2026, 5, 8, 0, 0, 0, 0, loc) // the period ends with 7 May
	for _, c := range []struct {
		now  time.Time
		text string
		late bool
	}{
		{time.Date(2026, 5, 5, 23, 59, 0, 0, loc), "2 days left", false},
		{time.Date(2026, 5, 6, 0, 0, 0, 0, loc), "1 day left", false},
		{time.Date(2026, 5, 7, 23, 59, 59, 0, loc), "due today", false},
		{time.Date(2026, 5, 8, 0, 0, 0, 0, loc), "1 day late", true},
		{time.Date(2026, 5, 10, 12, 0, 0, 0, loc), "3 days late", true},
	} {
		text, late, _ := v.Left(c.now, end, loc)
		if text != c.text || late != c.late {
			t.Errorf("at %s: %s, late %v", c.now, text, late)
		}
	}
}

func TestOfficesAreListedByAreaAndOnlyThoseThatCanTakeIt(t *testing.T) {
	unit := func(code, parent, kind, to string) office.Unit {
		return office.Unit{Code: code, Parent: parent, Kind: kind, Name: map[string]string{"zh": code}, ValidTo: to}
	}
	tree, err := office.NewTree([]office.Unit{unit("p", "", "province", ""), unit("s", "p", "city", ""), unit("c", "s", "county", ""),
		unit("t1", "c", "justice-office", ""), unit("t2", "c", "justice-office", "2020-01-01"), unit("t3", "c", "justice-office", "")})
	if err != nil {
		t.Fatal(err)
	}
	v := Words{Words: site.Words{Lang: "zh", Staff: &casework.Staff{Tree: tree}}}
	groups := v.unitGroups([]string{"justice-office"}, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), "t1", "t3")
	if len(groups) != 1 || groups[0].Label != "s · c" || !slices.Equal(groups[0].Options, []site.Option{{Value: "t1", Label: "t1", Chosen: true}}) {
		t.Errorf("%+v", groups)
	}
}
