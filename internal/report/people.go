package report

import (
	"regexp"
	"slices"
	"sort"
	"strings"
)

var (
	phaseWord   = regexp.MustCompile(`(第[一二三四五六七八九十]{1,2}(?:阶段|次全体|节|单元|个?阶段))(?:会议)?`)
	groupWord   = regexp.MustCompile(`^(?:会议|会上|其中|随后)?，?([^。；：]{2,140}?)(?:在主会场|在分会场|在各分会场|分别|以视频形式|通过视频)?(参加|参会|出席|列席|(?:作|进行)了?(?:交流|表态|典型)?(?:发言|汇报)|汇报了|介绍了|通报了)`)
	present     = regexp.MustCompile(`^(?:参加|出席|列席|参会)(?:会议)?(?:人员|领导|同志)?：`)
	chairWord   = "主持"
	speechWord  = regexp.MustCompile(`讲话|致辞|致词|发言|作(?:了|出)?(?:具体|工作|全面|动员|专题)?(?:部署|安排|动员)|讲了?意见`)
	reportWords = []string{"汇报", "作工作报告", "作报告", "作了报告", "作主题报告", "作专题报告", "报告工作", "报告了", "交流发言", "表态发言", "通报", "介绍", "说明", "传达", "宣读", "解读", "作了分析", "进行了分析"}
	attendWords = []string{"出席", "参加", "列席", "参会", "收看"}
)

// readPeople tells who did what, from the sentences of the reporter and the frames of speeches.
func readPeople(s *source, h header, m *mentions, blocks []block) []Person {
	c := &cast{s: s, m: m, index: map[string]int{}}
	for _, b := range blocks {
		for _, p := range b.parts {
			if p.length() > 0 {
				c.speeches, c.ends = append(c.speeches, p.start), append(c.ends, p.end)
			}
		}
	}
	sort.Ints(c.speeches)
	sort.Ints(c.ends)
	for _, p := range append(append([]extent{}, h.head...), h.body...) {
		for _, sentence := range s.sentences(p) {
			c.sentence(c.told(sentence))
		}
	}
	for _, b := range blocks {
		if b.speaker.length() > 0 && b.speech {
			c.give(c.mentionAt(b.speaker), Speaker, extent{})
		}
	}
	c.fillPosts()
	return c.people
}

// cast collects people.
type cast struct {
	s              *source
	m              *mentions
	people         []Person
	index          map[string]int // name and phase → place in people
	speeches, ends []int          // where speeches begin and end, in order
}

// told is the part of a sentence that the reporter tells: before the speech in it, if any.
func (c *cast) told(sentence extent) extent {
	if i := sort.SearchInts(c.speeches, sentence.start); i < len(c.speeches) && c.speeches[i] < sentence.end {
		return extent{sentence.start, c.speeches[i]}
	}
	if i := sort.SearchInts(c.ends, sentence.start+1); i < len(c.ends) && c.speeches[i] < sentence.start {
		return extent{sentence.start, sentence.start} // within a speech
	}
	return sentence
}

func (c *cast) mentionAt(name extent) mention {
	if x, ok := c.m.startingAt(name.start); ok {
		return x
	}
	return mention{name: name, start: name.start}
}

// sentence gives roles: each person has the verbs that follow the name up to the next person; those who stand in a row
// (、) share them.
func (c *cast) sentence(e extent) {
	if e.length() <= 0 {
		return
	}
	row := []mention{}
	list := c.m.within(e)
	if present.MatchString(c.s.text(e)) {
		for _, x := range list {
			c.give(x, Attendee, extent{})
		}
		return
	}
	for i, x := range list {
		row = append(row, x)
		next := e.end
		if i+1 < len(list) {
			next = list[i+1].start
		}
		words := extent{x.name.end, max(x.name.end, next)}
		if i+1 < len(list) && c.inRow(words) {
			continue
		}
		c.giveAll(row, words)
		row = row[:0]
	}
	for _, half := range c.s.split(e, "；") {
		if named := c.m.within(half); len(named) == 0 || c.s.contains(half, "负责同志", "负责人", "有关部门", "成员") {
			c.group(half, named)
		}
	}
}

func (c *cast) inRow(words extent) bool {
	text := strings.TrimSpace(c.s.text(words))
	return text == "、" || text == "和" || text == "，" || text == "与" || text == "及" || text == ""
}

func (c *cast) giveAll(row []mention, words extent) {
	text := c.s.text(words)
	if strings.HasPrefix(text, "在") && !strings.HasPrefix(text, "在会") && !strings.HasPrefix(text, "在主") && !strings.HasPrefix(text, "在讲") &&
		!strings.HasPrefix(text, "在第") && !strings.HasPrefix(text, "在分") && !strings.HasPrefix(text, "在总") && !containsAny(text, []string{"主持", "出席", "会场"}) {
		return // 某某在别处讲话: a mention
	}
	if strings.HasPrefix(text, "提出的") || strings.HasPrefix(text, "同志提出的") {
		return
	}
	called := false // what was called stands behind: 主持召开会议，传达…
	for k, clause := range c.s.split(words, "，；。") {
		ct := c.s.text(clause)
		if k > 0 && (called || c.s.begins(clause.start, clause.end, c.s.lex.goesOnDoing) == 0) {
			if containsAny(ct, attendWords) && !called { // a list of those who were there
				c.giveEach(row, Attendee, extent{})
			}
			continue // somebody else does it
		}
		called = called || strings.Contains(ct, "召开")
		var phase extent
		if g := c.s.find(phaseWord, clause); g != nil {
			phase = g[0]
		}
		for _, x := range row {
			if strings.Contains(ct, chairWord) && !strings.Contains(ct, "主持词") && !strings.Contains(ct, "在主持") {
				c.give(x, Chair, phase)
			}
			if containsAny(ct, reportWords) && !strings.Contains(ct, "听取") {
				c.give(x, Reporter, phase)
			}
			if speaks(ct) {
				c.give(x, Speaker, extent{})
			}
			if containsAny(ct, attendWords) && !strings.Contains(ct, "主持") {
				c.give(x, Attendee, phase)
			}
		}
	}
}

func (c *cast) giveEach(row []mention, role Role, phase extent) {
	for _, x := range row {
		c.give(x, role, phase)
	}
}

// goesOnDoing are words with which a clause begins that goes on about the person of the one before.
func goesOnDoing() []string {
	return []string{"并", "对", "就", "围绕", "代表", "出席", "主持", "讲话", "作", "提出", "强调", "汇报", "通报", "介绍", "传达", "宣读", "致辞", "在",
		"发表", "参加", "列席", "部署", "总结", "发言", "还", "随后", "听取", "向", "带领", "从", "结合", "现场", "同时"}
}

// speaks tells a speech from talk of one: 传达…讲话精神, 学习…重要讲话.
func speaks(text string) bool {
	text = strings.ReplaceAll(text, "》的讲话", "》讲话")
	for _, w := range []string{"重要讲话精神", "讲话精神", "的重要讲话", "的讲话", "重要讲话和"} {
		text = strings.ReplaceAll(text, w, "")
	}
	return speechWord.MatchString(text) && !strings.Contains(text, "交流发言") && !strings.Contains(text, "表态发言")
}

func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// give adds a role to a person, in a phase.
func (c *cast) give(x mention, role Role, phase extent) {
	key := c.s.text(x.name) + "\n" + c.s.text(extent{max(0, phase.start), max(0, phase.end)})
	i, known := c.index[key]
	if !known {
		i = len(c.people)
		c.index[key] = i
		c.people = append(c.people, Person{Name: c.s.span(x.name), Posts: c.posts(x), Phase: c.s.span(phase)})
	}
	p := &c.people[i]
	if !slices.Contains(p.Roles, role) {
		p.Roles = append(p.Roles, role)
	}
	if len(p.Posts) == 0 {
		p.Posts = c.posts(x)
	}
}

func (c *cast) posts(x mention) []Span {
	out := []Span{}
	for _, p := range x.posts {
		out = append(out, c.s.span(p))
	}
	return out
}

// fillPosts gives those who were introduced elsewhere the posts named there.
func (c *cast) fillPosts() {
	posts := map[string][]Span{}
	for _, x := range c.m.list {
		if name := c.s.text(x.name); len(x.posts) > 0 && posts[name] == nil {
			posts[name] = c.posts(x)
		}
	}
	for i := range c.people {
		p := &c.people[i]
		if known := posts[c.s.text(extent{p.Name.Start, p.Name.End})]; len(p.Posts) == 0 && known != nil {
			p.Posts = known
		}
	}
}

// group takes those who attended or reported without being named, as they are called.
func (c *cast) group(e extent, named []mention) {
	from := e.start
	if len(named) > 0 {
		last := named[len(named)-1].name.end
		from = last
		if r := c.s.at(last); r == '，' || r == '、' {
			from = last + 1
		}
	}
	g := c.s.find(groupWord, extent{from, e.end})
	if g == nil {
		return
	}
	role := Attendee
	if !containsAny(c.s.text(g[2]), attendWords) {
		role = Reporter
	}
	who := c.s.trim(g[1])
	for _, clause := range c.s.split(who, "，") { // what was held before them is no part of them
		if clause.end < who.end && (c.s.contains(clause, "召开", "举行", "会议", "了", "传达", "听取", "学习") || longDate.MatchString(c.s.text(clause))) {
			who.start = clause.end + 1
		}
	}
	for n := 1; n > 0; who.end -= n {
		n = c.s.ends(who.start, who.end, []string{"在会上", "在会议上", "先后", "依次", "也", "一并"})
	}
	if c.s.at(who.end-1) == '工' && c.s.at(who.end) == '作' { // 工作汇报
		return
	}
	if !c.s.contains(who, "同志", "负责人", "成员", "干部", "人员", "代表", "书记", "市长", "厅", "局", "委", "部门", "单位", "市", "县", "支部", "领导", "主任") {
		return
	}
	c.people = append(c.people, Person{Posts: []Span{c.s.span(who)}, Roles: []Role{role}})
}
