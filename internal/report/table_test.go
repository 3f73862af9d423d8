package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/report"
)

// A plan that was handed out: each line is an item, whose offices and limit stand in columns.
func TestLinesOfATable(t *testing.T) {
	const text = "某市召开防汛会议\n\n6月2日，某市召开防汛会议。会上印发了任务分工。\n" +
		"序号\t任务\t牵头单位\t配合单位\t完成时限\n1\t排查水库隐患\t市水利局\t市应急局、市财政局\t6月10日前\n2\t清理排水管网\t市住建局\t\t2025年6月\n3\t值守\t各县区政府\t市气象局\t长期坚持\n" +
		"一等奖\t第一分公司\t运行二班\n二等奖\t检修公司\t电气班\n"
	type line struct{ Ordinal, Due, Words, Units string }
	var got []line
	for _, d := range report.Read(text, time.Time{}).Decisions {
		if !d.Speaker.IsZero() {
			t.Errorf("said by %q", d.Speaker.Text)
		}
		for _, i := range d.Items {
			l := line{Ordinal: i.Ordinal.Text}
			if i.Due != nil {
				l.Due, l.Words = i.Due.Value, i.Due.Text
			}
			for _, u := range i.Units {
				l.Units += string(u.Role) + " " + u.Text + " "
			}
			got = append(got, l)
		}
	}
	want := []line{
		{"1", "--06-10", "6月10日前", "lead 市水利局 support 市应急局 support 市财政局 "},
		{"2", "2025-06-30", "2025年6月", "lead 市住建局 "},
		{"3", "", "长期坚持", "lead 各县区政府 support 市气象局 "},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestTheFormsOfASpeech(t *testing.T) {
	const head = "某县召开会议\n\n3月5日，某县召开工作会议，县委书记王建军出席会议并讲话，县长李华作部署。\n"
	type decision struct {
		Speaker string
		Items   []string
	}
	for name, c := range map[string]struct {
		text string
		want []decision
	}{
		"a series goes on after a remark": {
			"王建军强调，一要快。二要好。\n他同时指出，有的地方行动慢。\n三要实。四要严。",
			[]decision{{"王建军", []string{"一要快", "二要好", "三要实", "四要严"}}}},
		"the first item begins within a clause": {
			"王建军要求各单位一是查清底数；二是补齐短板。", []decision{{"王建军", []string{"一是查清底数", "二是补齐短板"}}}},
		"a heading ends an item": {
			"王建军强调，一要快。\n二要好。\n\n压实责任\n\n李华要求，要细化分工。",
			[]decision{{"王建军", []string{"一要快", "二要好"}}, {"李华", []string{"要细化分工"}}}},
		"five of a kind": {
			"王建军强调，要做到“三个到位”：责任到位，层层签状；措施到位，逐项销号；保障到位，经费先行。",
			[]decision{{"王建军", []string{"责任到位，层层签状", "措施到位，逐项销号", "保障到位，经费先行"}}}},
		"a surname and a post": {"李副县长强调，要细化分工。李华县长要求，要按时报数。", []decision{{"李华", []string{"要细化分工"}}, {"李华", []string{"要按时报数"}}}},
		"what was found wrong": {"王建军指出，检查发现一些问题，主要是：一是责任不实；二是底数不清。", nil},
		"behind 要求":            {"会议要求认真学习会议精神，抓好落实。", []decision{{"", []string{"认真学习会议精神，抓好落实"}}}},
		"offices told apart":   {"会议要求，各地要每周调度，县教育局月底前报方案。", []decision{{"", []string{"各地要每周调度", "县教育局月底前报方案"}}}},
	} {
		var got []decision
		for _, d := range report.Read(head+c.text, time.Time{}).Decisions {
			got = append(got, decision{d.Speaker.Text, outline(d.Items, "")})
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
}
