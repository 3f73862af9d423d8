package report

import (
	"regexp"
	"slices"
	"strings"
)

// block is what one speaker says without interruption: the rest of a paragraph, and the paragraphs that go on with it.
type block struct {
	speaker  extent   // the name; empty when it is the meeting
	parts    []extent // of paragraphs, in order
	strong   bool     // said as a demand (强调、要求、部署 …), not as a statement
	decides  bool     // 要求、明确: what follows is to be done in whatever form it is said
	resolved bool     // 决定、议定: what follows is decided
	speech   bool     // a speech, not only something said in reporting or in talk
	overview bool     // in the first paragraph, which sums up
	counted  extent   // what stands between verb and text: 三点要求
	frame    extent   // who and how
	minutes  bool     // all that follows is what was decided
	table    table    // a table of tasks, which stands for itself
}

// speechVerbs introduce what somebody says; the longer ones come first.
func speechVerbs() []string {
	return []string{"强调指出", "强调", "指出", "要求", "表示", "提出", "明确", "部署", "安排", "认为", "决定", "议定", "商定", "号召", "提醒",
		"叮嘱", "希望", "说", "讲", "谈", "嘱咐", "表态", "审定", "确定", "批示", "拍板"}
}

// subjectWords stand for the meeting or for the one who spoke last.
func subjectWords() []string {
	return []string{"会议", "大会", "全会", "会上", "双方", "他", "她", "与会人员", "与会", "会商", "会议还", "座谈会", "例会", "推进会", "调度会", "批示", "指示", "重要批示", "重要指示"}
}

var (
	// gap is what may stand between who speaks and the verb.
	gap = regexp.MustCompile(`^(?:同志|(?:常务)?副?(?:书记|省长|市长|县长|区长|镇长|乡长|主任|局长|厅长|部长|校长|院长|董事长|总经理|经理|主席|处长|科长|所长|矿长|厂长|总裁)|总书记|总理|委员长)?(?:同志)?(?:（[^（）]*）)?` +
		`(?:(?:在|就|主持|出席|对|代表|围绕|从|结合|针对|作|受|传达|听取|向|带领|以|通过|充分|肯定|分析|总结|深入|逐项|逐一|听取)[^。；]*?)?` +
		`(?:[^，。；]{0,4}并)?(?:讲话|致辞|发言|时|上|中|后|作了|作出|作|进行了|还|又|也|则|再次|特别|反复|最后|进一步|明确|着重|强调|分别|随后|同时|郑重|一并|首先|继而|为此|，|具体|重点|当场|现场|当即)*$`)
	lead = regexp.MustCompile(`^(?:就[^，]*，|针对[^，]*，|围绕[^，]*，|对[^，]*，|为[^，]*，|最后，?|随后，?|同时，?|会上，?|会议最后，?|会后，?|当天，?|期间，?|其间，?|据此，?|为此，?|在[^，]*(?:上|时|后|中)，?|听取[^，]*后，?|[^，。]{0,12}[0-9]{1,2}日(?:上午|下午)?，)`)
	// complement is what may stand between the verb and the mark that opens the speech.
	complement = regexp.MustCompile(`^(?:了|如下|以下|出|明确)?[^，。：；“”]{0,14}?(?:要求|意见|部署|安排|建议|措施|任务|希望|工作|事项|方面|[0-9一二三四五六七八九十两几]+(?:点|条|项|个))[^，。：；“”]{0,6}(?:，|：|。)`)
	narrative  = regexp.MustCompile(`^(?:(?:出席|列席|参加|缺席|请假|记录|主持|分送|抄送|主送|印发)(?:人员|人)?：|会上|会前|会后|当天|据悉|据了解|来自|参加会议|出席会议|会议还|会议由|会议以|会议听取|会议传达|会议学习|会议审议|会议通报|会议宣读|会议观看|会议集中|此前|日前|记者|与会|各[^，。]{0,24}(?:参加|出席|列席)|[^。；]{0,200}(?:参加会议|出席会议|列席会议|参加了会议|参加座谈|作了发言|作交流发言|作了交流发言|参加|参会|到会|列席|收听收看|收看)。?$)`)
)

// attended tells who was where.
var attended = regexp.MustCompile(`在主会场|在(?:各)?分会场|设(?:立|置|有)?分会场|(?:参加|出席|列席)(?:了)?会议`)

// speech follows the speakers through the text.
type speech struct {
	s      *source
	m      *mentions
	last   extent // who spoke or took the floor last
	blocks []block
	open   bool // the last block may go on in the next paragraph
	// announced tells that the last line was 会议强调 alone: the next paragraph is the speech, however it begins
	announced bool
}

// readSpeech cuts the text into blocks.
func readSpeech(s *source, h header, m *mentions) []block {
	sp := &speech{s: s, m: m}
	for i := 0; i < len(h.body); i++ {
		p := h.body[i]
		before := len(sp.blocks)
		if t, n := s.tableAt(h.body[i:]); n > 0 {
			sp.blocks, sp.open = append(sp.blocks, block{table: t}), false
			i += n - 1
			continue
		}
		sp.paragraph(p)
		for k := before; i == 0 && k < len(sp.blocks); k++ {
			sp.blocks[k].overview = true
		}
	}
	return sp.blocks
}

// paragraph goes through its sentences: a frame opens a block, everything after it up to the next frame belongs to it.
func (sp *speech) paragraph(p extent) {
	sentences := sp.s.sentences(p)
	current := -1
	if sp.announced {
		sp.announced, current = false, len(sp.blocks)-1
		sp.blocks[current].parts = append(sp.blocks[current].parts, extent{p.start, p.start})
	} else if len(sp.blocks) > 0 {
		if current = sp.goesOn(p); current >= 0 {
			sp.blocks[current].parts = append(sp.blocks[current].parts, extent{p.start, p.start})
		}
	}
	if b, ok := sp.alone(p); ok {
		sp.blocks, sp.open, sp.announced = append(sp.blocks, b), true, true
		return
	}
	for i, sentence := range sentences {
		if b, from, ok := sp.frame(sentence); ok && (current < 0 || !sp.blocks[current].minutes) {
			sp.blocks = append(sp.blocks, b)
			current = len(sp.blocks) - 1
			sp.blocks[current].parts = []extent{{from, sentence.end}}
			continue
		}
		if current >= 0 && (i == 0 || !sp.tellsAgain(sentence)) {
			parts := sp.blocks[current].parts
			parts[len(parts)-1].end = sentence.end
			continue
		}
		current = -1
		sp.takesFloor(sentence)
	}
	sp.open = current >= 0
}

// tellsAgain finds a sentence in which the reporter speaks: people or the meeting do something that is no speech.
func (sp *speech) tellsAgain(sentence extent) bool {
	text := sp.s.text(sentence)
	if narrative.MatchString(text) || attended.MatchString(text) && !strings.Contains(text, "要") {
		return true
	}
	x, ok := sp.m.startingAt(sentence.start)
	return ok && x.name.end < sentence.end && sp.s.begins(x.name.end, sentence.end, sp.s.lex.afterName) > 0
}

// goesOn tells which speech a paragraph without a frame goes on with, -1 when it is none: it begins with a demand, with
// what is to be done, or with an ordinal. A higher ordinal may wait for it in an earlier speech of the same person.
func (sp *speech) goesOn(p extent) int {
	last := len(sp.blocks) - 1
	if m, ok := sp.s.markerAt(p.start, p, true); ok {
		if sp.open && (m.n <= 1 || sp.waitsFor(last, m, false)) || m.n > 1 && sp.waitsFor(last, m, true) {
			return last
		}
		for k := last - 1; k >= max(0, last-3) && sp.s.text(sp.blocks[k].speaker) == sp.s.text(sp.blocks[last].speaker); k-- {
			if sp.waitsFor(k, m, true) {
				return k
			}
		}
		return -1
	}
	if !sp.open || sp.tellsAgain(sp.s.sentences(p)[0]) {
		return -1
	}
	first := sp.s.split(p, "。；")[0]
	if sp.blocks[last].minutes {
		return last
	}
	if len(sp.s.demands(first)) > 0 || sp.s.begins(p.start, p.end, sp.s.lex.imperatives) > 0 || len(sp.s.leadingUnits(first, actingUnit)) > 0 {
		return last
	}
	return -1
}

// waitsFor tells whether a speech has an ordinal of the kind, next the one before: otherwise the number belongs to a
// heading.
func (sp *speech) waitsFor(k int, m marker, next bool) bool {
	parts := sp.blocks[k].parts
	for _, have := range sp.s.ordinals(parts[max(0, len(parts)-within):]) {
		if (have.kind == m.kind || inline(have.kind) && inline(m.kind)) && (!next && !have.weak || have.n == m.n-1) {
			return true
		}
	}
	return false
}

// takesFloor notes who a following 他 or an omitted subject means.
func (sp *speech) takesFloor(sentence extent) {
	if x, ok := sp.m.startingAt(sentence.start); ok {
		sp.last = x.name
	}
	if x, ok := sp.speakerOf(sentence); ok {
		sp.last = x
	}
}

// speakerOf is who gives a speech in a sentence of the reporter.
func (sp *speech) speakerOf(sentence extent) (extent, bool) {
	for _, x := range sp.m.within(sentence) {
		rest := sp.s.text(extent{x.name.end, sp.clauseEnd(x.name.end, sentence.end)})
		if strings.Contains(rest, "讲话") || strings.Contains(rest, "部署") || strings.Contains(rest, "安排") || strings.Contains(rest, "主持") || strings.Contains(rest, "说") ||
			strings.Contains(rest, "作出") && (strings.Contains(rest, "批示") || strings.Contains(rest, "指示")) {
			return x.name, true
		}
	}
	return extent{}, false
}

func (sp *speech) clauseEnd(i, end int) int {
	for end = min(end, i+maxPosts); i < end && !strings.ContainsRune("，。；", sp.s.at(i)); {
		i++
	}
	return i
}

// maxAlone is how long a line is that only says who speaks, in runes.
const maxAlone = 12

// alone reads such a line: 会议强调, 某某指出：.
func (sp *speech) alone(p extent) (block, bool) {
	if p.length() > maxAlone {
		return block{}, false
	}
	end := p.end
	if sp.s.at(end-1) == '：' {
		end--
	}
	n := sp.s.closes(p.start, end, sp.s.lex.speechVerbs)
	if n == 0 {
		return block{}, false
	}
	speaker, ok := sp.subject(extent{p.start, end - n})
	return sp.blockOf(p, speaker, extent{end - n, end}, extent{}), ok
}

// maxFrame bounds how far into a sentence the speech may begin, in runes: people with many posts take a hundred.
const maxFrame = 400

// frame finds who speaks and where the speech begins in a sentence.
func (sp *speech) frame(sentence extent) (block, int, bool) {
	for i := sentence.start; i < min(sentence.end, sentence.start+maxFrame); i++ {
		n := sp.s.begins(i, sentence.end, sp.s.lex.speechVerbs)
		if n == 0 || sp.quoted(sentence.start, i) || sp.s.ends(sentence.start, i, []string{"批示", "决策"}) > 0 && sp.s.contains(extent{sentence.start, i}, "传达", "按照", "落实", "贯彻", "根据") {
			continue
		}
		from, counted, ok := sp.opens(i+n, sentence.end)
		if !ok {
			continue
		}
		speaker, ok := sp.subject(extent{sentence.start, i})
		if !ok {
			continue
		}
		if again := sp.s.starts(from, sentence.end, []string{"强调", "指出", "要求"}); again > 0 && sp.s.isModal(from+again, sentence.end) {
			from += again // 提出要求，强调要…
		}
		b := sp.blockOf(extent{sentence.start, from}, speaker, extent{i, i + n}, counted)
		if speaker.length() > 0 {
			sp.last = speaker
		}
		before := extent{max(sentence.start, speaker.end), i}
		if b.counted.length() <= 0 && announcement.MatchString(sp.s.text(before)) { // 围绕两个方面作了部署。
			b.counted = before
		}
		return b, from, true
	}
	if g := sp.s.find(minuted, sentence); g != nil && !sp.quoted(sentence.start, g[0].start) {
		return block{frame: sentence, counted: g[0], strong: true, decides: true, resolved: true, minutes: true}, sentence.end, true
	}
	return block{}, 0, false
}

// minuted is how minutes lead to what was decided: 现将会议议定事项纪要如下：.
var minuted = regexp.MustCompile(`(?:议定|决定|纪要|明确|确定)[^。；，]{0,14}(?:如下|以下事项)[^。；，]{0,6}：$`)

// blockOf opens a speech; the verb tells how much it asks.
func (sp *speech) blockOf(frame, speaker, at, counted extent) block {
	verb := sp.s.text(at)
	inSpeech := sp.s.contains(extent{max(frame.start, speaker.end), at.start}, "讲话", "致辞", "主持")
	return block{speaker: speaker, counted: counted, frame: frame,
		speech:   inSpeech || !slices.Contains([]string{"认为", "说", "表示", "希望", "谈", "批示"}, verb),
		strong:   !slices.Contains([]string{"指出", "认为", "说", "表示", "希望"}, verb),
		decides:  slices.Contains([]string{"要求", "明确", "部署", "安排", "提出"}, verb) || resolves(verb),
		resolved: resolves(verb)}
}

// resolves tells the verbs by which a meeting decides.
func resolves(verb string) bool {
	return slices.Contains([]string{"决定", "议定", "商定", "审定", "确定", "拍板"}, verb)
}

// quoted tells whether i stands within quotation marks or brackets that open after start.
func (sp *speech) quoted(start, i int) bool {
	depth := 0
	for k := start; k < i; k++ {
		switch {
		case strings.ContainsRune("“《（‘", sp.s.at(k)):
			depth++
		case strings.ContainsRune("”》）’", sp.s.at(k)):
			depth--
		}
	}
	return depth > 0
}

// opens tells where the speech begins after a verb: behind a comma or colon, behind 三点要求，, or at once with 要.
func (sp *speech) opens(i, end int) (from int, counted extent, ok bool) {
	switch r := sp.s.at(i); {
	case i >= end:
		return 0, extent{}, false
	case sp.s.ends(i-2, i, []string{"批示"}) > 0: // 作出批示：, and nothing else
		return i + 1, extent{}, r == '：'
	case sp.s.at(i-1) == '讲' || sp.s.at(i-1) == '谈': // 讲了三点意见：, and nothing else
	case r == '，' && sp.s.ends(i-2, i, []string{"部署", "安排"}) > 0: // 作部署，会议由…主持 tells on
		return i + 1, extent{}, sp.begins(i+1, end)
	case r == '，' || r == '：':
		return i + 1, extent{}, true
	case sp.s.ends(i-2, i, []string{"要求"}) > 0 && sp.tells(extent{i, end}):
		return i, extent{}, true
	case r == '。' && sp.s.ends(i-2, i, []string{"部署", "安排", "要求"}) > 0:
		next := sp.s.trim(extent{i + 1, min(len(sp.s.norm), i+16)})
		_, ok := sp.s.markerAt(next.start, next, false)
		return i + 1, extent{}, ok
	case sp.s.isModal(i, end):
		return i, extent{}, true
	case sp.s.ends(i-2, i, []string{"决定"}) > 0 && sp.s.starts(i, end, []string{"将", "对", "从", "由", "把", "在", "成立",
		"开展", "自", "按", "提请", "于", "设立", "授予", "给予", "任命", "撤销", "追加", "印发", "启动", "建立", "实施", "同意", "以"}) > 0:
		return i - 2, extent{}, true
	}
	if g := sp.s.find(complement, extent{i, end}); g != nil {
		plain := sp.s.at(g[0].end-1) == '，' && sp.s.ends(i-2, i, []string{"部署", "安排"}) > 0 // 安排四季度工作，某某主持
		return g[0].end, extent{i, g[0].end - 1}, !plain || sp.begins(g[0].end, end)
	}
	return 0, extent{}, false
}

// begins tells whether an ordinal or a demand follows.
func (sp *speech) begins(i, end int) bool {
	next := sp.s.trim(sp.s.split(extent{i, end}, "，。；：")[0])
	_, ordinal := sp.s.markerAt(next.start, next, false)
	return ordinal || len(sp.s.demands(next)) > 0
}

// tells finds who is told something right behind 要求.
func (sp *speech) tells(e extent) bool {
	if sp.s.starts(e.start, e.end, []string{"各", "全", "有关", "相关"}) > 0 {
		return true
	}
	if sp.s.begins(e.start, e.end, sp.s.lex.imperatives) > 0 { // 要求认真学习…
		return true
	}
	clause := sp.s.split(e, "，。；：")[0]
	g := sp.s.find(doingUnit, clause)
	return g != nil && sp.s.allUnits(g[1])
}

// subject finds who speaks: a person, the meeting (empty), or whoever spoke last for 他.
func (sp *speech) subject(before extent) (extent, bool) {
	s := sp.s
	at := before
	for range 3 { // adverbials before the subject
		g := s.find(lead, at)
		if g == nil || g[0].length() == 0 {
			break
		}
		if _, named := sp.m.startingAt(at.start); named {
			break
		}
		at.start = g[0].end
	}
	at = s.trim(at)
	if at.length() == 0 {
		return sp.last, false
	}
	if x, ok := sp.m.startingAt(at.start); ok && x.name.end <= at.end && gap.MatchString(s.text(extent{x.name.end, at.end})) {
		return x.name, true
	}
	if n := s.starts(at.start, at.end, subjectWords()); n > 0 && gap.MatchString(s.text(extent{at.start + n, at.end})) {
		if r := s.at(at.start); r == '他' || r == '她' || s.starts(at.start, at.end, []string{"批示", "指示", "重要批示", "重要指示"}) > 0 {
			return sp.last, sp.last.length() > 0
		}
		return extent{}, true
	}
	if n := s.postBehind(at.start+1, at.end); n > 0 && gap.MatchString(s.text(extent{at.start + 1 + n, at.end})) {
		if x, ok := sp.m.withSurname(s.at(at.start), at.start); ok { // 任副总经理强调
			return x.name, true
		}
	}
	return sp.late(before)
}

// late finds a subject that stands further back: 某某出席会议并讲话，强调…; 某厅召开会议，强调….
func (sp *speech) late(before extent) (extent, bool) {
	s := sp.s
	clauses := s.split(before, "，；")
	tail := s.trim(clauses[len(clauses)-1])
	text := s.text(tail)
	if x, ok := sp.m.startingAt(tail.start); ok && x.name.end <= tail.end && gap.MatchString(s.text(extent{x.name.end, tail.end})) {
		return x.name, true
	}
	if n := s.starts(tail.start, tail.end, subjectWords()); n > 0 && gap.MatchString(s.text(extent{tail.start + n, tail.end})) {
		return extent{}, true
	}
	if text != "" && text != "并" && text != "会议" && text != "同时" && text != "并就贯彻落实会议精神" {
		return extent{}, false
	}
	whole := extent{before.start, tail.start}
	if x, ok := sp.speakerOf(whole); ok {
		return x, true
	}
	if s.contains(whole, "召开", "举行", "会议") {
		return extent{}, true
	}
	return extent{}, false
}
