package meeting

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAnAgendaIsRead(t *testing.T) {
	items, found := ParseAgenda("09:00-09:20 通报一季度情况 | 省人力资源和社会保障厅\n\n 9：20 至 9：50  三个市作交流发言\n部署下一步工作｜张三\n10:00 Closing\n")
	want := []Item{
		{"09:00", "09:20", "通报一季度情况", "省人力资源和社会保障厅"},
		{"09:20", "09:50", "三个市作交流发言", ""},
		{"", "", "部署下一步工作", "张三"},
		{"10:00", "", "Closing", ""},
	}
	if diff := cmp.Diff(want, items); diff != "" || len(found) > 0 {
		t.Errorf("%s\n%v", diff, found)
	}
}

func TestWhatIsAboutAnAgenda(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "-1:empty",
		" \n\n":                  "-1:empty",
		"25:00 一":                "0:time",
		"09:00-08:00 一":          "0:end",
		"09:00-09:00 一":          "0:end",
		"09:00-10:00 一\n09:30 二": "1:overlap",
		"09:00 一\n08:30 二":       "1:order",
		"09:00-09:10":            "0:title",
		"09:00-10:00 一\n通报\n10:00-10:30 三": "",
		"2026年工作 | 某局":                     "",
		"3.15 晚会情况":                        "",
	} {
		_, found := ParseAgenda(text)
		if got := rulesOf(found); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	items, _ := ParseAgenda("08:50-09:10 一\n09:10-11:30 二\n三")
	if got := rulesOf(Outside(items, "09:00", "11:00")); got != "0:outside 1:outside" {
		t.Error(got)
	}
	if got := Outside(items, "", ""); got != nil {
		t.Error(got)
	}
	if items, found := ParseAgenda(strings.Repeat("一\n", maxItems+1)); len(items) != maxItems || rulesOf(found) != "-1:too-long" {
		t.Errorf("%d items, %v", len(items), found)
	}
}

func rulesOf(found []Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, strings.TrimSpace(string(rune('0'+f.Item))+":"+f.Rule))
		if f.Item < 0 {
			all[len(all)-1] = "-1:" + f.Rule
		}
	}
	return strings.Join(all, " ")
}

func TestAnAgendaThatIsWrittenIsReadAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[一-龥a-z|｜ ]{0,12}[一-龥]`)
		clock := rapid.StringMatching(`([01][0-9]|2[0-3]):[0-5][0-9]`)
		var items []Item
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			it := Item{Title: oneLine(word.Draw(t, "title"))}
			if rapid.Bool().Draw(t, "who") {
				it.Who = oneLine(word.Draw(t, "who"))
			}
			if rapid.Bool().Draw(t, "start") {
				it.Start = clock.Draw(t, "from")
				if rapid.Bool().Draw(t, "end") {
					it.End = clock.Draw(t, "to")
				}
			}
			items = append(items, it)
		}
		got, _ := ParseAgenda(FormatAgenda(items))
		if diff := cmp.Diff(items, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestTimesAreTidied(t *testing.T) {
	for typed, want := range map[string]string{"9:00": "09:00", "09：30": "09:30", "900": "09:00", "1430": "14:30", "9点": "09:00", "9点半": "09:30", "14点5分": "14点5分",
		"": "", "soon": "soon", "25:00": "25:00", "99": "99", "09:00": "09:00"} {
		if got := TidyTime(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestWhoComesIsRead(t *testing.T) {
	got := ParsePeople("张三 副局长\n李四　办公室主任\n\n王五\nJane Smith, deputy head\nAnna Lee\n 赵六，科长 \n")
	want := []Person{{"张三", "副局长"}, {"李四", "办公室主任"}, {"王五", ""}, {"Jane Smith", "deputy head"}, {"Anna Lee", ""}, {"赵六", "科长"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
