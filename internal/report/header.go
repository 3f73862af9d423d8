package report

import (
	"regexp"
	"strings"
	"time"
)

// header is what stands around the text of a report and in its first sentences.
type header struct {
	title, lede, source, byline, timeOfDay, place Span
	date                                          *Date
	year                                          yearFrom
	body                                          []extent // paragraphs that tell, in order
	head                                          []extent // lines above them
}

const (
	maxTitle  = 80  // runes; a longer first line is text
	maxHead   = 8   // lines above the text
	maxFooter = 200 // runes; a longer line is no line of a footer
)

// footer begins what pages put under a report.
var footer = regexp.MustCompile(`^(?:[•·]|扫描二维码|手机网址|手机版|新闻投递|责任编辑|责编|扫一扫|【?纠错|终审|初审|审核[：:]|一审|编辑[：:]|相关链接|相关新闻|相关阅读|打印本页|关闭窗口|分享到|上一篇|下一篇|版权|返回顶部|\[?纠错)|论坛：|网址：`)

// navigation is what pages put above a report.
var navigation = regexp.MustCompile(`^(?:您?的?(?:当前|现在|所在)[^，。]{0,6}(?:位置|在)|(?:字体|字号)[^，。]{0,12}$|打印|纠错|分享|收藏|收听|请打开|微信|扫一扫|首页|返回|关闭|视力保护|【字|无障碍|登录|注册)`)

// caption is a line that explains a picture.
var caption = regexp.MustCompile(`^(?:图为|图[一二三0-9]|上图|下图|▲|△)|(?:摄|供图|摄影)[）。]?$`)

var (
	ledeMark   = regexp.MustCompile(`^(?:\[|【|〔)?(?:导读|导语|摘要|核心提示|内容提要|核心阅读)(?:\]|】|〕|：)`)
	sourceName = regexp.MustCompile(`来源(?:于)?： ?([^ ，。；|（）]+?)(?:浏览|点击|阅读|发布|作者|编辑|时间|日期|字体|字号|[0-9]{4}|[ ，。；|（）]|$)`)
	dateline   = regexp.MustCompile(`^(?:（)?(本报|本台|本网|新华社|中新社|中新网|人民网|[一-龥]{2,8}(?:日报|晚报|新闻网|网|电视台))(?:记者)?[^，。；（）]{0,14}?(?:讯|电)(?:）)?`)
	writer     = regexp.MustCompile(`(?:记者|通讯员|作者|撰稿|文/)[ ：]*[一-龥·]{2,5}(?:(?: |、|，)+(?:(?:通讯员|实习生|记者) ?)?[一-龥·]{2,5})*`)
	otherLabel = regexp.MustCompile(`文章|来源|日期|发布|点击|更新|浏览|编辑|责任|时间|阅读|语音`)
	closing    = regexp.MustCompile(`（([^（）]{2,40})）$`)
	momentWord = regexp.MustCompile(`^(凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚|深夜|全天)`)
	venueLine  = regexp.MustCompile(`^(?:会议)?地 ?点： ?([^，。； ]{2,30})`)
	venue      = regexp.MustCompile(`在([^，。；、在“”（）！ ]{1,20}?)(?:主持|隆重|顺利|胜利|正式)?(?:召开|举行|举办|开幕|出席|开了)`)
)

// readHeader finds them. published is the zero time when only the text can tell.
func readHeader(s *source, published time.Time) header {
	var h header
	h.readLines(s)
	h.readYear(s, published)
	h.readOrigin(s)
	h.readMoment(s)
	return h
}

// readLines parts the lines above from the paragraphs that tell, and leaves out captions and what stands below.
func (h *header) readLines(s *source) {
	for i, p := range s.paras {
		switch {
		case len(h.body) > 0 && p.length() <= maxFooter && footer.MatchString(s.text(p)):
			if below := s.paras[i:]; !tells(s, below) {
				return
			}
		case len(h.body) == 0 && navigation.MatchString(s.text(p)):
		case len(h.body) == 0 && i < maxHead && isHead(s, p):
			if len(h.head) == 0 && p.length() <= maxTitle {
				h.title = s.span(p)
			}
			h.head = append(h.head, p)
		case p.length() <= maxTitle && caption.MatchString(s.text(p)):
		case ledeMark.MatchString(s.text(p)) && h.lede.IsZero():
			mark := s.find(ledeMark, p)[0]
			h.lede = s.span(s.trim(extent{mark.end, p.end}))
			h.head = append(h.head, p)
		case len(h.body) > 0 && i+1 < len(s.paras) && isHeading(s, p):
		default:
			h.body = append(h.body, p)
		}
	}
	if h.lede.IsZero() && len(h.body) > 0 {
		h.lede = s.span(h.body[0])
	}
}

// isHead tells a line that is no sentence.
func isHead(s *source, p extent) bool {
	last := s.at(p.end - 1)
	if p.length() <= maxTitle && s.find(isoDate, p) != nil && !s.contains(p, "。", "，") { // 发布日期：… 来源：… 阅读次数：
		return true
	}
	return p.length() <= maxTitle && !strings.ContainsRune("；，：", last) && !s.contains(p, "。") && !dateline.MatchString(s.text(p)) &&
		!ledeMark.MatchString(s.text(p)) && !caption.MatchString(s.text(p))
}

// maxHeading is how long a line between paragraphs may be that only says what follows.
const maxHeading = 30

// isHeading tells such a line: no mark ends it, no number begins it, and it is no line of a table.
func isHeading(s *source, p extent) bool {
	if p.length() > maxHeading || strings.ContainsRune("。；：，！？…）】”", s.at(p.end-1)) || s.contains(p, "。", "；", "：") || s.cells(p) != nil {
		return false
	}
	_, numbered := s.markerAt(p.start, p, true)
	return !numbered && s.closes(p.start, p.end, s.lex.speechVerbs) == 0
}

// tells finds a paragraph among lines.
func tells(s *source, lines []extent) bool {
	for _, p := range lines {
		if p.length() > 40 && s.at(p.end-1) == '。' {
			return true
		}
	}
	return false
}

// readYear takes the day of publication from what is known beside the text, or from the lines above it.
func (h *header) readYear(s *source, published time.Time) {
	if !published.IsZero() {
		h.year.published = day{published.Year(), int(published.Month()), published.Day()}
		return
	}
	for _, p := range h.head {
		if g := s.find(isoDate, p); g != nil && p.start != h.titleStart() {
			d := day{s.count(g[1]), s.count(g[2]), s.count(g[3])}
			if d.valid() && d.month > 0 && d.day > 0 {
				h.year.published = d
				return
			}
		}
	}
}

// learnYear takes the day of the meeting, when its year is written, for the day from which limits are counted.
func (h *header) learnYear(s *source) {
	if h.date == nil || h.year.published.year != 0 {
		return
	}
	if g := s.find(longDate, extent{h.date.Start, h.date.End}); g != nil && g[1].length() > 0 {
		h.year.published = day{s.count(g[1]), s.count(g[2]), s.count(g[3])}
	}
}

func (h *header) titleStart() int {
	if h.title.IsZero() {
		return -1
	}
	return h.title.Start
}

// readOrigin finds who publishes and who wrote: above the text, at its beginning, in brackets at its end.
func (h *header) readOrigin(s *source) {
	for _, p := range h.head {
		if p.start == h.titleStart() {
			continue
		}
		if g := s.find(sourceName, p); g != nil && h.source.IsZero() {
			h.source = s.span(g[1])
		}
		if g := s.find(writer, p); g != nil && h.byline.IsZero() && !caption.MatchString(s.text(p)) {
			if other := s.find(otherLabel, g[0]); other != nil { // 作者：某某  来源：某报
				g[0] = s.trim(extent{g[0].start, other[0].start})
			}
			if s.find(writer, g[0]) != nil {
				h.byline = s.span(g[0])
			}
		}
	}
	if len(h.body) == 0 {
		return
	}
	first := h.body[0]
	opening := extent{first.start, min(first.end, first.start+50)}
	if g := s.find(dateline, opening); g != nil && h.source.IsZero() {
		h.source = s.span(g[1])
	}
	if g := s.find(writer, opening); g != nil && h.byline.IsZero() {
		h.byline = s.span(g[0])
	}
	for i := len(h.body) - 1; i >= max(0, len(h.body)-2); i-- {
		h.readClosing(s, h.body[i])
	}
}

// readClosing reads （记者 某某）, （来源：某报） or （某处 某某） at the end of a paragraph.
func (h *header) readClosing(s *source, p extent) {
	g := s.find(closing, p)
	if g == nil || s.at(g[0].start-1) != '。' && g[0].start != p.start {
		return
	}
	if from := s.find(sourceName, g[1]); from != nil {
		if h.source.IsZero() {
			h.source = s.span(from[1])
		}
		return
	}
	if h.byline.IsZero() {
		h.byline = s.span(s.trim(g[1]))
	}
}

// readMoment finds day, time of day and place in the first paragraphs.
func (h *header) readMoment(s *source) {
	first := h.body[:min(2, len(h.body))]
	for _, p := range append(append([]extent{}, first...), h.head...) {
		if h.date == nil && p.start != h.titleStart() {
			h.date = s.meetingDate(p, h.year)
			h.learnYear(s)
			if h.date != nil && h.timeOfDay.IsZero() {
				if g := s.find(momentWord, extent{h.date.End, p.end}); g != nil {
					h.timeOfDay = s.span(g[1])
				}
			}
		}
		for _, re := range []*regexp.Regexp{venueLine, venue} {
			if g := s.find(re, p); g != nil && h.place.IsZero() && !s.contains(g[1], "时期", "期间", "之际", "之年", "开局", "征程", "背景", "关头", "时刻", "形势", "基础", "会场", "会上", "会议上") && !isDigit(s.at(g[1].start)) {
				h.place = s.span(g[1])
			}
		}
	}
}
