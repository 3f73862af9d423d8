package report_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/report"
	"luoshi/internal/report/document"
)

// nothingInvented checks every string of a result against the text: spans at their places, the others anywhere, and
// that items lie inside the text, in order and within their parents.
func nothingInvented(t interface {
	Helper()
	Errorf(string, ...any)
}, r *report.Report) {
	t.Helper()
	runes := []rune(r.Text)
	at := func(what, words string, start, end int) {
		if start < 0 || end < start || end > len(runes) || string(runes[start:end]) != words {
			t.Errorf("%s %q is not the text at %d–%d", what, words, start, end)
		}
	}
	walk(reflect.ValueOf(*r), func(v reflect.Value) {
		switch x := v.Interface().(type) {
		case report.Span:
			at("span", x.Text, x.Start, x.End)
		case report.Due:
			at("due", x.Text, x.Start, x.End)
		case report.Quantity:
			at("quantity", x.Text, x.Start, x.End)
			if !strings.Contains(x.Text, x.Unit) {
				t.Errorf("unit %q is not in %q", x.Unit, x.Text)
			}
		case report.Date:
			at("date", string(runes[min(max(x.Start, 0), len(runes)):min(max(x.End, 0), len(runes))]), x.Start, x.End)
		case report.Finding:
			if x.Start < 0 || x.End <= x.Start || x.End > len(runes) {
				t.Errorf("finding %s at %d–%d", x.Rule, x.Start, x.End)
			}
		}
	})
	for _, d := range r.Decisions {
		if len(d.Items) == 0 {
			t.Errorf("a decision without items")
		}
		inOrder(t, d.Items, 0, len(runes))
	}
}

func inOrder(t interface{ Errorf(string, ...any) }, items []report.Item, from, to int) {
	for _, i := range items {
		if i.Start < from || i.End > to || i.Start >= i.End {
			t.Errorf("item %d–%d lies outside of %d–%d", i.Start, i.End, from, to)
		}
		inOrder(t, i.Items, i.Start, i.End)
		from = i.End
	}
}

// walk visits every struct of a value.
func walk(v reflect.Value, visit func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		visit(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	}
}

// made are the texts of testdata/made.
func made(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/made/*.txt")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d texts in testdata/made: %v", len(files), err)
	}
	texts := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(f)] = string(b)
	}
	return texts
}

func TestNothingIsInventedInTheMadeTexts(t *testing.T) {
	for name, text := range made(t) {
		t.Run(name, func(t *testing.T) { nothingInvented(t, report.Read(text, time.Time{})) })
	}
}

// Texts put together of pieces that the reader looks for, in any order.
func TestNothingIsInventedWhateverTheText(t *testing.T) {
	pieces := []string{"一要", "二要", "三要", "一是", "二是", "第一，", "第二，", "首先，", "最后，", "（一）", "（二）", "1.", "2、", "①", "一抓", "二抓",
		"要加强领导", "各级各部门要", "省财政厅", "3月底前", "10个工作日内", "由市教育局牵头", "，", "。", "；", "：", "\n", " ", "“", "”", "《", "（", "）",
		"市长王建军", "强调，", "指出，", "会议要求：", "重点做好五方面工作：", "四个相统一", "坚持快与好相统一，", "不少于200万亩", "2月30日", "17日至18日",
		"在太原召开", "会议以视频形式开到乡镇一级", "出席会议并讲话", "主持第一阶段会议", "他", "（责任单位：市应急局）", "来源：某报", "十", "万", "%", "百分之五", "😀", "é"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
		nothingInvented(t, report.Read(text, time.Time{}))
		nothingInvented(t, report.Read(text, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)))
	})
}

func FuzzRead(f *testing.F) {
	for _, text := range made(f) {
		f.Add(text)
	}
	f.Add("一要\xff。二要（一）1.1.1")
	f.Fuzz(func(t *testing.T, text string) {
		r := report.Read(text, time.Time{})
		nothingInvented(t, r)
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	})
}

// outline gives the words of items, sub-items indented.
func outline(items []report.Item, indent string) (lines []string) {
	for _, i := range items {
		lines = append(lines, indent+i.Text)
		lines = append(lines, outline(i.Items, indent+"  ")...)
	}
	return lines
}

func TestFormsOfSeries(t *testing.T) {
	const frame = "某市召开工作会议。市长王建军强调，"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"numbers with 要":                 {"一要快；二要好。", []string{"一要快", "二要好"}},
		"numbers with 是 over paragraphs": {"抓好三件事。\n一是查清底数。要逐户走。要造册。\n二是补齐短板。", []string{"一是查清底数。要逐户走。要造册", "  要逐户走", "  要造册", "二是补齐短板"}},
		"first, second":                  {"第一，查；第二，改；最后，验收。", []string{"第一，查", "第二，改", "最后，验收"}},
		"firstly":                        {"首先抓排查，其次抓整改，最后抓验收。", []string{"首先抓排查", "其次抓整改", "最后抓验收"}},
		"brackets with numbers inside":   {"做好以下工作：\n（一）查。\n1.查人员；\n2.查设备。\n（二）改。", []string{"（一）查。\n1.查人员；\n2.查设备", "  1.查人员", "  2.查设备", "（二）改"}},
		"verbs":                          {"一抓项目，二抓要素，三抓作风。", []string{"一抓项目", "二抓要素", "三抓作风"}},
		"要 with semicolons":              {"要压实责任；要严格执法；要加强宣传。", []string{"要压实责任", "要严格执法", "要加强宣传"}},
		"a series in an item":            {"一要防：一是备料；二是备人。二要撤。", []string{"一要防：一是备料；二是备人", "  一是备料", "  二是备人", "二要撤"}},
		"two series":                     {"一要快；二要好。在落实上，一要实；二要细。", []string{"一要快", "二要好", "一要实", "二要细"}},
		"offices with dates":             {"市教育局3月底前印发方案，市财政局4月10日前拨付资金。", []string{"市教育局3月底前印发方案", "市财政局4月10日前拨付资金"}},
		"dashes":                         {"做好以下工作：\n——压实责任。要签责任书。\n——排查隐患。", []string{"——压实责任。要签责任书", "——排查隐患"}},
		"both … and":                     {"要健全机制，既要管当前，又要管长远。", []string{"要健全机制，既要管当前，又要管长远"}},
		"no series in facts":             {"去年取得三方面成绩：一是粮食增产；二是群众增收；三是环境变好。", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range report.Read(frame+c.text, time.Time{}).Decisions {
				if d.Speaker.Text != "王建军" {
					t.Errorf("said by %q", d.Speaker.Text)
				}
				got = append(got, outline(d.Items, "")...)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestMiscountsAreFindings(t *testing.T) {
	for text, want := range map[string][]string{
		"会议强调，抓好三方面工作：一要快；二要好。":                    {"count"},
		"会议强调，抓好两方面工作：一要快；二要好。":                    nil,
		"会议强调，一要快；二要好；四要实。":                        {"gap"},
		"会议强调，二要好；三要实。":                            {"start"},
		"会议强调，要做到“四个相统一”，坚持甲乙相统一，坚持丙丁相统一，坚持戊己相统一。": {"count"},
	} {
		r := report.Read(text, time.Time{})
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule)
			if f.In("zh") == "" || f.In("en") == "" || f.In("zh") == f.In("en") {
				t.Errorf("%s has no words in one of the languages", f.Rule)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: findings %v, want %v", text, got, want)
		}
	}
}

// Years come from the publication and from nowhere else.
func TestYears(t *testing.T) {
	const text = "某市召开工作会议\n\n12月30日，某市在市政府召开工作会议。会议要求，市教育局1月底前报方案，市财政局12月31日前拨款，市审计局明年3月底前审结。"
	for name, c := range map[string]struct {
		published time.Time
		want      []string
	}{
		"unknown":         {time.Time{}, []string{"--12-30", "--01-31", "--12-31", "--03-31"}},
		"the day after":   {time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC), []string{"2023-12-30", "--01-31", "2023-12-31", "2024-03-31"}},
		"in the new year": {time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), []string{"2023-12-30", "2024-01-31", "2024-12-31", "2025-03-31"}},
	} {
		r := report.Read(text, c.published)
		got := []string{r.Date.Value}
		for _, i := range r.Decisions[0].Items {
			got = append(got, i.Due.Value)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
}

func TestUnitsDuesAndQuantities(t *testing.T) {
	r := report.Read("会议要求，一要整治隐患，由市应急局牵头，市住房和城乡建设局、市公安局配合，6月15日前排查1.2万家企业；"+
		"二要落实帮扶。（责任单位：市民政局；完成时限：30个工作日内）", time.Time{})
	if len(r.Decisions) != 1 || len(r.Decisions[0].Items) != 2 {
		t.Fatalf("%+v", r.Decisions)
	}
	first, second := r.Decisions[0].Items[0], r.Decisions[0].Items[1]
	var units []string
	for _, u := range append(slices.Clone(first.Units), second.Units...) {
		units = append(units, string(u.Role)+" "+u.Text)
	}
	want := []string{"lead 市应急局", "support 市住房和城乡建设局", "support 市公安局", "responsible 市民政局"}
	if d := cmp.Diff(want, units); d != "" {
		t.Errorf("units (-want +got)\n%s", d)
	}
	if first.Due == nil || first.Due.Value != "--06-15" || second.Due == nil || second.Due.Value != "30wd" {
		t.Errorf("dues %+v %+v", first.Due, second.Due)
	}
	if len(first.Quantities) != 1 || first.Quantities[0].Value != 12000 || first.Quantities[0].Unit != "家" {
		t.Errorf("quantities %+v", first.Quantities)
	}
}

func TestPeopleByPhase(t *testing.T) {
	r := report.Read("某省召开政法工作会议\n\n2月19日下午，某省政法工作会议在省会议中心召开。省委书记何建国出席会议并讲话。\n"+
		"省委常委、政法委书记商立言主持第一阶段会议，并在第二阶段会议作工作报告。副省长艾力·买买提主持第二阶段会议。", time.Time{})
	var got []string
	for _, p := range r.People {
		line := p.Name.Text + " " + p.Phase.Text
		for _, post := range p.Posts {
			line += " " + post.Text
		}
		for _, role := range p.Roles {
			line += " " + string(role)
		}
		got = append(got, line)
	}
	want := []string{"何建国  省委书记 speaker attendee", "商立言 第一阶段会议 省委常委 政法委书记 chair", "商立言 第二阶段会议 省委常委 政法委书记 reporter",
		"艾力·买买提 第二阶段会议 副省长 chair"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// The members of the result are those that readers of it rely on.
func TestJSON(t *testing.T) {
	b, err := json.Marshal(report.Read("会议强调，一要快。", time.Time{}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"text":"会议强调，一要快。","title":null,"lede":"会议强调，一要快。","source":null,"byline":null,"date":null,"time_of_day":null,"place":null,` +
		`"form":{"kind":null,"video":false,"down_to":null,"sites":[]},"people":[],` +
		`"decisions":[{"speaker":null,"lead_in":null,"announced":null,"items":[{"ordinal":"一","text":"一要快","start":5,"end":8,"units":[],"unit_roles":[],"due":null,"quantities":[],"items":[]}]}],` +
		`"findings":[]}`
	if d := cmp.Diff(want, string(b)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestWhatIsNoReport(t *testing.T) {
	novel := strings.Repeat("夜里下了一场雨，院子里的石榴花落了一地。她推开窗，远处的山还在雾里。", 200)
	for name, c := range map[string]struct {
		text string
		want document.Kind
	}{
		"English": {"The committee met on Monday and decided to repair the bridge. " + strings.Repeat("Nothing else was said. ", 40), document.NoChinese},
		"a novel": {novel, document.NoMeeting},
		"a novel with a meeting in it": {"第一章 夜雨\n\n“这条路要修，一定要修。”镇长王大年说。\n“修路要钱，钱从哪里来？”父亲坐在门槛上，头也不抬。\n" +
			"第二天上午，村里开会，村主任李有田主持会议。老支书站起来说，一是要凑钱，二是要出工。\n王大年强调，要让路修到每家门口。“雨又下大了。”她想。\n", document.NoMeeting},
		"people and no meeting": {"公园里的菊花开了\n\n周末，市民王建军带着孩子来看花。园林局局长李华介绍，今年的菊花比往年开得早。\n", document.NoMeeting},
		"empty":                 {" \n\t", document.Empty},
	} {
		r, err := report.Open(context.Background(), []byte(c.text), nil)
		var p *document.Problem
		if !errors.As(err, &p) || p.Kind != c.want || r != nil {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// BenchmarkRead reads twenty pages at once, of 800 characters each as documents of offices have them.
func BenchmarkRead(b *testing.B) {
	var all strings.Builder
	texts := made(b)
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range texts {
			if !yield(name) {
				return
			}
		}
	})
	const pages, page = 20, 800
	for i := 0; len([]rune(all.String())) < pages*page; i++ {
		all.WriteString(texts[names[i%len(names)]] + "\n")
	}
	text := string([]rune(all.String())[:pages*page])
	for b.Loop() {
		report.Read(text, time.Time{})
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N)/pages, "ms/page")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/20pages")
}

// Texts made to be slow, of the size of the largest that is taken: their time grows with their length and not with its
// square, or the tests would be stopped.
func TestTheLargestTextsEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of the quick run")
	}
	for _, piece := range []string{"一要快；二要好；", "会议强调，一要快。\n", "市长王建军强调，要快。", "首先，", "（一）1.①", "要快，", "要快。", "“《（", "，",
		"市长王建军、", "省财政厅、", "一、", "一抓", "的", "\n一要\n"} {
		nothingInvented(t, report.Read(strings.Repeat(piece, (1<<19)/len(piece)), time.Time{}))
	}
}
