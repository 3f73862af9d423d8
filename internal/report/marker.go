package report

import (
	"regexp"
	"strings"
)

// marker is an ordinal where an item of a series begins.
type marker struct {
	kind    string // the form: series of one form belong together
	n       int    // 0 for 最后: whatever comes next
	start   int    // where the item begins
	ordinal extent // what is shown as the ordinal
	after   int    // where its words begin
	opens   bool   // at the beginning of a paragraph
	weak    bool   // counts only together with the next of its series
}

const chineseDigits = `[一二三四五六七八九十]{1,3}`

// actionVerbs make series such as 一抓…二抓….
const actionVerbs = "抓靠查严看学强促保防控建补优提治增破立守稳扩护管改联清推重落聚压深细实快转"

// form is one way of writing ordinals. text is found at the beginning of a clause; its first group is the number, the
// whole match what precedes the words.
type form struct {
	kind     string
	text     *regexp.Regexp
	ordinal  int  // the group that is shown
	keep     int  // runes of the match that belong to the words: 要 of 一要
	headOnly bool // only where a paragraph, or the list after a colon, begins
	weak     bool
}

var forms = []form{
	{"要", regexp.MustCompile(`^(` + chineseDigits + `)(?:、)?(?:要|必须|务必)`), 1, 1, false, false},
	{"是", regexp.MustCompile(`^(` + chineseDigits + `)(?:是要|是)`), 1, 0, false, false},
	{"第", regexp.MustCompile(`^(第(` + chineseDigits + `))(?:，|、|：|是|要| |(?:个|句|件|点|条|项|步)?(?:方面|话|事|要求|意见|问题|任务|环节)?(?:，|：|是|就是))`), 1, 0, false, false},
	{"其", regexp.MustCompile(`^(其(` + chineseDigits + `))(?:，|、|：|是)`), 1, 0, false, false},
	{"（一）", regexp.MustCompile(`^(（(` + chineseDigits + `)）)、?`), 1, 0, false, false},
	{"（1）", regexp.MustCompile(`^((?:（)([0-9]{1,2})）)、?`), 1, 0, false, false},
	{"一、", regexp.MustCompile(`^((` + chineseDigits + `))(?:、|\.|，是)`), 1, 0, true, true},
	{"1.", regexp.MustCompile(`^(([0-9]{1,2}))(?:\. ?|、|．)`), 1, 0, true, true},
	{"①", regexp.MustCompile(`^([①②③④⑤⑥⑦⑧⑨⑩])`), 1, 0, false, false},
	{"抓", regexp.MustCompile(`^(` + chineseDigits + `)([` + actionVerbs + `])`), 1, 1, false, true},
}

// firstly are the words that count without a number; they stand in one series with 第二，.
var firstly = regexp.MustCompile(`^(首先|其次|再次|再者|最后)(?:，|、|：|要|是|必须)?`)

// markerAt reads the ordinal that begins at i within a place. head tells that a paragraph begins there.
func (s *source) markerAt(i int, within extent, head bool) (marker, bool) {
	at := extent{i, min(within.end, i+12)}
	text := s.text(at)
	for _, f := range forms {
		g := f.text.FindStringSubmatch(text)
		if g == nil {
			continue
		}
		if f.headOnly && !head && !strings.ContainsRune("：。；", s.at(i-1)) {
			continue
		}
		places := s.find(f.text, at)
		m := marker{kind: f.kind, start: i, ordinal: places[f.ordinal], after: places[0].end - f.keep, opens: head,
			weak: f.weak && !head}
		m.n = s.ordinalNumber(places, f.kind)
		if f.kind == "抓" {
			m.kind += s.text(places[2])
		}
		if m.n > 0 && s.countsHere(m) {
			return m, true
		}
	}
	if places := s.find(firstly, at); places != nil {
		n := map[string]int{"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 0}[s.text(places[1])]
		return marker{kind: "第", n: n, start: i, ordinal: places[1], after: places[0].end, opens: head, weak: true}, true
	}
	if places := s.find(dash, at); places != nil && head {
		return marker{kind: "——", start: i, after: places[0].end, opens: true, weak: true}, true
	}
	return marker{}, false
}

// dash begins paragraphs that stand in a row without numbers.
var dash = regexp.MustCompile(`^(?:——|—|－－|--|●|■|◆|▪|•) ?`)

// ordinalNumber reads the number from the last group that is one.
func (s *source) ordinalNumber(places []extent, kind string) int {
	at := places[1]
	if len(places) > 2 && kind != "抓" {
		at = places[2]
	}
	if kind == "①" {
		return int(s.at(at.start)-'①') + 1
	}
	return s.count(at)
}

// countsHere keeps out words that only look like ordinals: 十要… as a title, decimals, 一是一.
func (s *source) countsHere(m marker) bool {
	if m.kind == "1." && isDigit(s.at(m.after)) && s.at(m.after-1) == '.' {
		return false // a decimal number
	}
	if m.kind == "是" && s.at(m.after) == '一' && s.at(m.after+1) == '，' {
		return false
	}
	return m.n <= 40
}

// markers finds the ordinals of a block that are sure to be ordinals.
func (s *source) markers(parts []extent) []marker { return s.sure(s.ordinals(parts)) }

// ordinals are all of them: at the beginning of paragraphs and of clauses, outside of quotations.
func (s *source) ordinals(parts []extent) []marker {
	var list []marker
	for _, p := range parts {
		depth := 0
		for i := p.start; i < p.end; i++ {
			head := i == p.start && s.beginsLine(i)
			if depth == 0 && (head || s.mayBegin(i) || i == p.start) {
				if m, ok := s.markerAt(i, p, head); ok {
					if first, ok := s.firstBefore(m, p, list); ok {
						list = append(list, first)
					}
					list = append(list, m)
				}
			}
			switch r := s.at(i); {
			case strings.ContainsRune("“《（‘", r):
				depth++
			case strings.ContainsRune("”》）’", r):
				depth = max(0, depth-1)
			}
		}
	}
	return list
}

// firstBefore finds the first of a series that does not begin a clause, 要求各科室一是…；二是…, once the second is met.
func (s *source) firstBefore(m marker, p extent, list []marker) (marker, bool) {
	from := max(p.start, m.start-maxFrame)
	if m.n != 2 || m.kind != "是" && m.kind != "要" {
		return marker{}, false
	}
	for k := len(list) - 1; k >= 0 && list[k].start >= from; k-- {
		if list[k].kind == m.kind {
			return marker{}, false
		}
	}
	for i := m.start - 3; i > from; i-- {
		if s.at(i) == '一' && !strings.ContainsRune("第统唯万十百之逐", s.at(i-1)) {
			if first, ok := s.markerAt(i, p, false); ok && first.kind == m.kind && first.n == 1 {
				return first, true
			}
		}
	}
	return marker{}, false
}

// mayBegin tells whether an item may begin at i: behind a mark, behind the note of the item before (责任单位：…）（二）,
// or behind 要, as in 要一抓…，二抓….
func (s *source) mayBegin(i int) bool {
	previous := s.at(i - 1)
	return clauseBreak(previous) || previous == '）' && s.at(i) == '（' ||
		previous == '要' && strings.ContainsRune("一二三四五六七八九", s.at(i)) && strings.ContainsRune(actionVerbs, s.at(i+1))
}

func clauseBreak(r rune) bool { return strings.ContainsRune("。；：，！？ 、\n", r) }

func (s *source) beginsLine(i int) bool {
	for i--; i >= 0; i-- {
		if r := s.at(i); r != ' ' && r != '\t' {
			return r == '\n'
		}
	}
	return true
}

// sure drops weak markers that stand alone: each needs a neighbour of its kind that counts one up or down.
func (s *source) sure(list []marker) []marker {
	var out []marker
	for i, m := range list {
		if !m.weak || s.hasNeighbour(list, i) {
			out = append(out, m)
		}
	}
	return out
}

// within is how many ordinals away the next of a series may be: it keeps the time linear, whatever the text.
const within = 100

func (s *source) hasNeighbour(list []marker, i int) bool {
	from := max(0, i-within)
	for k, other := range list[from:min(len(list), i+within)] {
		if k += from; k == i || other.kind != list[i].kind {
			continue
		}
		next := k > i && other.n == list[i].n+1
		before := k < i && (other.n == list[i].n-1 || list[i].n == 0)
		last := k > i && other.n == 0
		if next || before || last {
			return true
		}
	}
	return false
}
