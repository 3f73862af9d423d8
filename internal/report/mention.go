package report

import (
	"sort"
	"strings"
)

// mention is one place where somebody is named, with the posts directly before the name.
type mention struct {
	name  extent
	posts []extent
	start int // where the posts begin, or the name
}

// mentions are all of them, in order.
type mentions struct {
	list  []mention
	s     *source
	taken []bool      // runes that belong to a name
	at    map[int]int // where posts or a name begin → its place in list, once all are found
}

// postEnds are the words that a post ends with.
func postEnds() []string {
	return []string{"书记", "主任", "省长", "市长", "县长", "区长", "州长", "盟长", "旗长", "乡长", "镇长", "主席", "部长", "厅长", "局长",
		"院长", "检察长", "秘书长", "总理", "委员", "委员长", "常委", "总书记", "司令员", "政委", "政治委员", "校长", "园长", "所长", "处长",
		"科长", "股长", "站长", "队长", "支队长", "总队长", "大队长", "组长", "组成员", "会长", "理事长", "董事长", "总经理", "经理", "行长", "社长",
		"总编辑", "馆长", "台长", "站长", "村长", "专员", "巡视员", "调研员", "督学", "督察", "总工程师", "工程师", "总经济师", "总规划师",
		"总会计师", "监察专员", "指挥长", "总指挥", "指挥", "负责人", "负责同志", "代表", "教授", "专家", "党组成员", "成员", "署长", "司长", "关长",
		"台长", "参谋长", "主官", "领导", "顾问", "秘书", "法官", "检察官", "干事", "网格长", "河长", "林长", "路长", "校董", "院士", "主任委员", "首席", "召集人", "总裁", "总监", "总审计师",
		"总农艺师", "指导员", "教导员", "厂长", "矿长", "庭长", "教务长", "监事", "监事长", "董事", "团长", "班长", "大使", "参赞"}
}

// readMentions finds names after posts, at the beginning of clauses before a verb of speech or attendance, and then
// every other place of the names that were found.
func readMentions(s *source, h header) *mentions {
	m := &mentions{s: s, taken: make([]bool, len(s.norm)), at: map[int]int{}}
	known := map[string]bool{}
	for _, p := range append(append([]extent{}, h.head...), h.body...) {
		for i := p.start; i < p.end; i++ {
			if s.closes(p.start, i, s.lex.postEnds) > 0 && !s.wordGoesOn(i, p.end) {
				name, ok := s.nameAt(i, p.end, true)
				if !ok {
					name, ok = s.nameBetween(i, p.end)
				}
				if ok {
					m.add(name, p)
					known[s.text(name)] = true
					i = name.end - 1
					continue
				}
			}
			if clauseStart(s.at(i-1)) || i == p.start {
				if name, ok := s.nameAt(i, p.end, false); ok && !s.placeName(name) && (s.acts(s.rowEnd(name.end, p.end), p.end) || s.postBehind(name.end, p.end) > 0 || m.inRow(i)) {
					m.add(name, p)
					known[s.text(name)] = true
				}
			}
		}
	}
	for _, p := range append(append([]extent{}, h.head...), h.body...) {
		m.addKnown(known, p)
	}
	sort.Slice(m.list, func(i, j int) bool { return m.list[i].name.start < m.list[j].name.start })
	for i, x := range m.list {
		m.at[x.start], m.at[x.name.start] = i, i
	}
	return m
}

// wordGoesOn tells that what looks like the end of a post is the beginning of another word: 书记处, 主任会议, 代表团.
func (s *source) wordGoesOn(i, end int) bool {
	return strings.ContainsRune("处会室级们团制长", s.at(i)) || s.starts(i, end, []string{"大会", "单位", "小组", "干部", "班子", "部门", "办公"}) > 0
}

func clauseStart(r rune) bool {
	return r == 0 || strings.ContainsRune("，。；：、！？\n （）\t》", r)
}

// acts tells whether what follows is what people at a meeting do.
func (s *source) acts(i, end int) bool {
	return s.starts(i, end, []string{"强调", "指出", "要求", "出席", "主持", "讲话", "在讲话", "在会上", "在会议", "在总结", "作讲话", "作了讲话",
		"作总结", "作部署", "作具体", "作工作", "作报告", "作专题", "作重要", "作安排", "代表", "表示", "说", "提出", "传达", "宣读", "通报", "参加", "列席",
		"对", "就", "最后", "还", "分别", "等出席", "等参加", "在主持", "作动员", "作交流", "作表态", "发言", "汇报", "安排", "部署", "致辞", "并"}) > 0
}

// rowEnd is where a row of names ends, as in 某某、某某、某某参加会议.
func (s *source) rowEnd(i, end int) int {
	for s.at(i) == '、' {
		next, ok := s.nameAt(i+1, end, false)
		if !ok {
			break
		}
		i = next.end
	}
	return i
}

// postBehind gives the length of the post that stands behind a name: 某某总经理指出.
func (s *source) postBehind(i, end int) int {
	n := s.begins(i, end, s.lex.postsBehind)
	if n == 0 || s.wordGoesOn(i+n, end) {
		return 0
	}
	return n
}

// postsBehind are the posts that are said behind a name, too.
func postsBehind() []string {
	var out []string
	for _, post := range strings.Fields("书记 省长 市长 县长 区长 镇长 乡长 主任 局长 厅长 部长 校长 院长 董事长 总经理 经理 主席 处长 科长 所长 矿长 厂长 总裁") {
		out = append(out, post, "副"+post, "常务副"+post)
	}
	return append(out, "总工程师", "委员长")
}

// inRow tells that a name stands right before, as in 某某、某某出席.
func (m *mentions) inRow(i int) bool {
	return m.s.at(i-1) == '、' && len(m.list) > 0 && m.list[len(m.list)-1].name.end == i-1
}

// placeName keeps out places and offices that begin with a surname: 郑州市, 吉林省.
func (s *source) placeName(e extent) bool {
	return strings.ContainsRune("省市县区州厅局委办校院台部镇乡村", s.at(e.end-1))
}

// add takes a name once.
func (m *mentions) add(name extent, p extent) {
	for i := name.start; i < name.end; i++ {
		if m.taken[i] {
			return
		}
	}
	for i := name.start; i < name.end; i++ {
		m.taken[i] = true
	}
	posts, start := m.s.postsBefore(name.start, p.start)
	if n := len(m.list); len(posts) == 0 && n > 0 && m.list[n-1].name.end == name.start-1 && m.s.at(name.start-1) == '、' {
		posts = m.list[n-1].posts // 副县长某某、某某
	}
	if n := m.s.postBehind(name.end, p.end); len(posts) == 0 && n > 0 {
		posts = []extent{{name.end, name.end + n}}
	}
	m.list = append(m.list, mention{name, posts, start})
}

// addKnown finds the names that were met once wherever else they stand.
func (m *mentions) addKnown(known map[string]bool, p extent) {
	for i := p.start; i < p.end; i++ {
		for n := 4; n >= 2; n-- {
			if i+n <= p.end && known[string(m.s.norm[i:i+n])] {
				m.add(extent{i, i + n}, p)
				i += n - 1
				break
			}
		}
	}
}

// maxPosts bounds the posts of one person, in runes.
const maxPosts = 100

// postsBefore reads the posts that end where a name begins, back to the beginning of the clause or to a word that
// leads to them.
func (s *source) postsBefore(end, floor int) ([]extent, int) {
	start := end
	floor = max(floor, end-maxPosts)
	for start > floor {
		r := s.at(start - 1)
		if strings.ContainsRune("，。；：！？\n “”《》\t要用把将", r) || r == '）' && !s.closesInside(start-1, floor) {
			break
		}
		if s.ends(floor, start, []string{"会议由", "由", "听取", "听取了", "邀请了", "会上", "随后", "其中", "随着", "邀请", "陪同", "同"}) > 0 {
			break
		}
		if strings.ContainsRune("日时", r) && start-2 >= floor && (isDigit(s.at(start - 2))) {
			break
		}
		start--
	}
	for { // words before the posts that tell when
		n := s.starts(start, end, []string{"当天", "上午", "下午", "日前", "近日", "会前", "会后", "会议最后", "最后", "其间", "期间", "今天", "昨天"})
		if n == 0 {
			break
		}
		start += n
	}
	var posts []extent
	first := end
	parts := s.split(extent{start, end}, "、")
	for k := len(parts) - 1; k >= 0; k-- {
		part := s.trim(parts[k])
		if s.closes(part.start, part.end, s.lex.postEnds) == 0 {
			break // another person, or another word of the sentence
		}
		posts, first = append([]extent{part}, posts...), part.start
	}
	return posts, first
}

// closesInside tells a bracket within a post, as in 县（市、区）长, from one that ends something else.
func (s *source) closesInside(i, floor int) bool {
	for k := i; k >= floor && i-k < 12; k-- {
		if s.at(k) == '（' {
			return k > floor && isHan(s.at(k-1)) && isHan(s.at(i+1)) && !s.contains(extent{k, i}, "记者", "通讯员")
		}
	}
	return false
}

// startingAt is the mention whose posts or name begin at i.
func (m *mentions) startingAt(i int) (mention, bool) {
	k, ok := m.at[i]
	if !ok {
		return mention{}, false
	}
	return m.list[k], true
}

// withSurname is the last mention before i of somebody with a surname.
func (m *mentions) withSurname(surname rune, i int) (mention, bool) {
	for k := sort.Search(len(m.list), func(k int) bool { return m.list[k].name.start >= i }) - 1; k >= 0; k-- {
		if m.s.at(m.list[k].name.start) == surname {
			return m.list[k], true
		}
	}
	return mention{}, false
}

// within are the mentions in a place.
func (m *mentions) within(e extent) []mention {
	var out []mention
	first := sort.Search(len(m.list), func(k int) bool { return m.list[k].name.start >= e.start })
	for _, x := range m.list[first:] {
		if x.name.end > e.end {
			break
		}
		out = append(out, x)
	}
	return out
}
