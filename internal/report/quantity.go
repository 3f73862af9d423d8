package report

import (
	"regexp"
	"strconv"
	"strings"
)

// Quantity is a number with what it counts, as named: 200万亩 is 2000000 亩.
type Quantity struct {
	Text  string  `json:"text"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"` // a piece of Text; "" when a number stands alone, % for shares
	Start int     `json:"start"`
	End   int     `json:"end"`
}

var quantity = regexp.MustCompile(`(百分之)?([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?:万|亿|千万|百万)?|[一二两三四五六七八九十百千]+(?:万|亿)?)(余|多)?` +
	`(%|％|个百分点|万元|亿元|元|亩|公顷|公里|千米|米|平方米|立方米|吨|万吨|公斤|千克|度|千瓦时|兆瓦|个工作日|工作日|小时|分钟|天|户|人次|人|名|家|所|座|台|套|条|项|件|起|处|个乡镇|个村|个县|个市|个|次|倍|眼|张|辆|艘|头|只|株|支|批|场|期|轮|遍)`)

// quantities finds the amounts in a place. Chinese numbers count from two characters or with a unit that is no
// figure of speech, so that 一个, 一批 and 两手 stay what they are.
func (s *source) quantities(e extent) []Quantity {
	var out []Quantity
	for _, g := range s.findIf(strings.ContainsAny(s.text(e), "0123456789一二两三四五六七八九十百"), quantity, e) {
		digits, unit := s.text(g[2]), s.text(g[4])
		arabic := isDigit(s.at(g[2].start))
		if !arabic && (g[2].length() < 2 || s.at(g[2].start-1) == '第') && !s.measures(unit) {
			continue
		}
		if previous := s.at(g[0].start - 1); arabic && (isDigit(previous) || previous == '.' || previous == '第') {
			continue
		}
		value, ok := number(digits)
		if !ok {
			continue
		}
		if g[1].length() > 0 {
			unit = ""
		}
		for _, big := range []string{"万", "亿"} {
			if rest, cut := strings.CutPrefix(unit, big); cut {
				factor, _ := number("1" + big)
				value, unit = value*factor, rest
			}
		}
		out = append(out, Quantity{s.span(g[0]).Text, rounded(value), s.unitWord(g[4], unit), g[0].start, g[0].end})
	}
	return out
}

// measures tells that one of a unit is an amount and not a manner of speaking.
func (s *source) measures(unit string) bool {
	return unit == "小时" || unit == "工作日" || unit == "个工作日" || unit == "个月" || unit == "分钟"
}

// unitWord is the unit as it stands in the source, without the number word before it.
func (s *source) unitWord(at extent, unit string) string {
	n := len([]rune(unit))
	return string(s.runes[at.end-n : at.end])
}

// rounded drops what multiplying decimals leaves: 1.1 times 10000 is 11000.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		return v
	}
	return r
}
