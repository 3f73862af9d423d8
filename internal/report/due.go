package report

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Due is until when something is to be done. Value is a day as in Date, a period as `luoshi due` takes it (30d, 5wd,
// 24h, 2mo, 1y; 30min for minutes), or "" when the words name neither (汛前, 尽快).
type Due struct {
	Text  string `json:"text"`
	Value string `json:"value"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// ahead is what makes a day a limit.
const ahead = `(?:之前|以前|前|底前|末前|为止|起|完成|止)`

var (
	dueDay = regexp.MustCompile(`(?:(` + digit + `{4})年|(今年|明年|本年|当年))?(` + digit + `{1,3})月(?:(` + digit +
		`{1,3})日(?:[0-9零]{1,2}(?:时|点))?|(底|末)|(上旬|中旬|下旬)|份)?` + ahead)
	dueYear = regexp.MustCompile(`(?:(` + digit + `{4})年|(今年|明年|本年|当年|年))(?:度)?(底前|底之前|底以前|年底前|底|内|前|末前|终前)`)
	dueIn   = regexp.MustCompile(`(?:([0-9,]+|[一二两三四五六七八九十百]+)(个半|个|多个)?(工作日|小时|分钟|个月|月|天|日|周|年|星期))(?:之内|以内|内|答复|办结|办理完毕)`)
	dueWord = regexp.MustCompile(`汛期(?:来临)?(?:之)?前|汛前|主汛期前|入冬前|供暖(?:季|期)?前|采暖(?:季|期)?前|开学前|春节前|国庆(?:节)?前|节前|春耕前|(?:本|今)?(?:季度|学期|月|周)(?:末|底|内)前?|年内|年前|即日起|立即|限期内|规定(?:时间|期限|时限)内|上半年|下半年|[一二三四]季度(?:前|末|底|内)`)
)

// dues finds every limit in a place, in order.
func (s *source) dues(e extent, years yearFrom) []Due {
	var out []Due
	taken := func(e extent) bool {
		for _, d := range out {
			if e.start < d.End && d.Start < e.end {
				return true
			}
		}
		return false
	}
	add := func(e extent, value string) {
		if !taken(e) && value != "-" {
			out = append(out, Due{s.span(e).Text, value, e.start, e.end})
		}
	}
	text := s.text(e) // most stretches have no limit: a look at the words they need saves the patterns
	for _, g := range s.findIf(strings.Contains(text, "月"), dueDay, e) {
		end := g[0]
		if word := s.ends(end.start, end.end, []string{"完成", "起", "止"}); word > 0 && s.text(extent{end.end - word, end.end}) == "完成" {
			end.end -= word // the word says what is to be done, not until when
		}
		add(end, s.dueDate(g, years))
	}
	for _, g := range s.findIf(strings.ContainsAny(text, "内复结毕"), dueIn, e) {
		at := g[0]
		if word := s.ends(at.start, at.end, []string{"答复", "办结", "办理完毕"}); word > 0 {
			at.end -= word
		}
		add(at, s.period(g))
	}
	for _, g := range s.findIf(strings.Contains(text, "年"), dueYear, e) {
		add(g[0], s.endOfYear(g, years))
	}
	for _, g := range s.findAll(dueWord, e, -1) {
		add(g[0], "")
	}
	sortDues(out)
	return out
}

// findIf gives all matches if there can be any.
func (s *source) findIf(possible bool, re *regexp.Regexp, e extent) [][]extent {
	if !possible {
		return nil
	}
	return s.findAll(re, e, -1)
}

func sortDues(list []Due) {
	for i := range list { // few, and nearly in order
		for j := i; j > 0 && list[j].Start < list[j-1].Start; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// dueDate is the value of a day or a month. 3月底前 is over with the month's last day, 3月前 with the last of the month
// before.
func (s *source) dueDate(g []extent, years yearFrom) string {
	d := day{year: s.count(g[1]), month: s.count(g[3]), day: s.count(g[4])}
	if g[2].length() > 0 {
		d.year = years.named(s.text(g[2]))
	}
	if d.month < 1 || d.month > 12 {
		return "-"
	}
	switch {
	case d.day != 0:
	case g[6].length() > 0 && s.text(g[6]) == "上旬":
		d.day = 10
	case g[6].length() > 0 && s.text(g[6]) == "中旬":
		d.day = 20
	default:
		whole := s.at(g[0].end-1) == '前' && g[5].length() <= 0 && g[6].length() <= 0 && s.at(g[3].end+1) == '前'
		if whole {
			if d.month--; d.month == 0 {
				return ""
			}
		}
		d.day = lastDay(d.year, d.month)
	}
	if !d.valid() {
		return "-"
	}
	if g[2].length() > 0 {
		return d.String()
	}
	return years.coming(d).String()
}

// lastDay is the last day of a month; February of an open year has 28.
func lastDay(year, month int) int {
	if year == 0 {
		year = 2023
	}
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// named is the year that 今年 or 明年 means; 0 when the publication does not tell.
func (y yearFrom) named(word string) int {
	switch {
	case y.published.year == 0:
		return 0
	case word == "明年":
		return y.published.year + 1
	}
	return y.published.year
}

func (s *source) endOfYear(g []extent, years yearFrom) string {
	d := day{s.count(g[1]), 12, 31}
	if d.year == 0 {
		d.year = years.named(s.text(g[2]))
	} else if s.text(g[3]) == "前" {
		d.year--
	}
	return d.String()
}

// period is a length of time as `luoshi due` writes it.
func (s *source) period(g []extent) string {
	n, ok := number(s.text(g[1]))
	if !ok || n != float64(int(n)) || g[2].length() == 2 {
		return ""
	}
	units := map[string]string{"工作日": "wd", "小时": "h", "分钟": "min", "个月": "mo", "月": "mo", "天": "d", "日": "d",
		"周": "w", "星期": "w", "年": "y"}
	word := strings.TrimPrefix(s.text(g[3]), "个")
	if word == "月" && g[2].length() <= 0 && !strings.HasPrefix(s.text(g[3]), "个") {
		return ""
	}
	unit := units[word]
	if unit == "w" {
		n, unit = n*7, "d"
	}
	return fmt.Sprintf("%d%s", int(n), unit)
}
