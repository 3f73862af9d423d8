package report

import (
	"regexp"
	"strings"
)

// notModal are words that begin with 要 and ask for nothing.
func notModal() []string {
	return []string{"要求", "要素", "要点", "要害", "要件", "要么", "要是", "要案", "要地", "要道", "要义", "要闻", "要塞", "要职", "要不然", "要务",
		"要紧", "要领，", "要事", "要目", "要员"}
}

// stillModal are exceptions to them.
func stillModal() []string {
	return []string{"要求真", "要求新", "要求实", "要点面", "要务必", "要务实", "要紧盯", "要紧扣", "要紧紧", "要紧抓", "要紧密", "要紧跟", "要紧急",
		"要紧贴", "要紧围", "要紧而", "要闻令", "要闻风", "要闻汛", "要件件", "要事事", "要事前", "要事先", "要地毯", "要目标", "要义无", "要案结",
		"要案案", "要点对", "要点线", "要点名", "要职责", "要员工", "要道路"}
}

// isModal tells whether 要 stands at i and demands something.
func (s *source) isModal(i, end int) bool {
	return i < end && s.at(i) == '要' && (s.begins(i, end, s.lex.notModal) == 0 || s.begins(i, end, s.lex.stillModal) > 0)
}

// beforeModal are adverbs that may stand between the beginning of a clause and 要.
func beforeModal() []string {
	return []string{"还", "也", "更", "都", "就", "则", "又", "既", "同时", "此外", "另外", "特别是", "尤其", "尤其是", "今后", "下一步", "当前", "始终",
		"首先", "我们", "大家", "关键", "关键是", "重点", "重点是", "并", "务必", "同时也", "同时还", "同样", "尤其要", "对此", "为此", "因此", "一定", "接下来"}
}

// hardModals demand too, but in statements they only explain; they count where something is demanded.
func hardModals() []string {
	return []string{"必须", "务必", "不得", "严禁", "绝不", "决不"}
}

// subjectOfModal finds who is told to do something and the word that tells.
var subjectOfModal = regexp.MustCompile(`^([^，。；：“”]{0,40}?(?:部门|单位|地区|各地|地方|各级|政府|党委|党组|厅|局|委|办|市|州|县|区|乡镇|街道|乡|镇|村|干部|同志|机关|企业|人员|负责人|学校|医院|法院|检察院|公安|组织|班子|书记|院校|代表|委员|中心|社区|组|队|站|所|公司|集团|全省|全市|全县|全区|全校|全厅|全局|上下|战线|系统|方面|各方|党员|成员|部队|社会|主体|一把手|银行|机构|领导|责任人|委员会|办公室|指挥部|工会|妇联|团委|大队|支队|总队|民警|辅警|干警|民辅警|科室|处室|书记处|处|支部|总支|专班|协会|学会|者|师|生)(?:（[^（）]*）)?)(?:都|均|也|还|更)?(?:要|必须|务必|不得|应当|应该|须)`)

// demands finds the instructions in a stretch between two full stops or semicolons, in clauses with 要 or another word
// that demands: each from the beginning of its clause up to the next or to the end.
func (s *source) demands(e extent) []extent {
	var starts []int
	clauses := s.split(e, "，：")
	for k, clause := range clauses {
		clause = s.trim(clause)
		bare, ok := s.demandAt(clause, k == 0)
		if !ok || len(starts) > 0 && !bare {
			continue
		}
		if k > 0 && s.leadsTo(clauses[k-1]) { // 对…的，要…: one demand
			if len(starts) > 0 {
				continue
			}
			clause.start = s.trim(clauses[k-1]).start
		}
		starts = append(starts, clause.start)
	}
	return s.cut(e, starts)
}

// cut makes items of a stretch: each from where it starts up to the next or to the end.
func (s *source) cut(e extent, starts []int) []extent {
	var out []extent
	for i, start := range starts {
		end := e.end
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		out = append(out, s.closed(extent{start, end}))
	}
	return out
}

// leadsTo tells a clause that names what the next one is about.
func (s *source) leadsTo(clause extent) bool {
	clause = s.trim(clause)
	return clause.length() > 1 && (s.starts(clause.start, clause.end, []string{"对", "针对"}) > 0 || s.at(clause.end-1) == '的' || s.contains(clause, "作为")) && !s.contains(clause, "了")
}

// demandAt tells whether a clause demands; bare when it is addressed to nobody. first is the first of its stretch, where
// also a thing can be the subject: 政策措施要及时出台.
func (s *source) demandAt(clause extent, first bool) (bare, ok bool) {
	i := clause.start
	for range 2 {
		i += s.begins(i, clause.end, s.lex.beforeModal)
	}
	if s.isModal(i, clause.end) {
		return !s.adds(clause.start), !seen.MatchString(s.text(extent{i, clause.end}))
	}
	if first && s.starts(clause.start, clause.end, hardModals()) > 0 {
		return false, true
	}
	if !s.contains(clause, "要", "必须", "务必", "不得", "应", "须") { // most clauses; the pattern is dear
		return false, false
	}
	if g := s.find(subjectOfModal, clause); g != nil {
		modal := g[0].end - 1
		return false, s.at(modal) != '要' || s.isModal(modal, clause.end)
	}
	return false, first && clause.length() >= minThing && s.thingMust(clause)
}

// mustHard tells a stretch that obliges or forbids in its first clause, whoever or whatever is meant: 未通过验收的不得开工.
func (s *source) mustHard(e extent) bool {
	clause := s.trim(s.split(e, "，")[0])
	return clause.length() <= maxHard && s.contains(clause, "必须", "不得", "严禁", "一律") && !factual.MatchString(s.text(e)) && !s.contains(clause, "了", "是")
}

// maxHard is how long such a clause is at most.
const maxHard = 30

// seen is what 要 asks to notice, and what follows tells: 要清醒看到，….
var seen = regexp.MustCompile(`^要(?:清醒|充分|同时|也)?(?:地)?(?:看到|认识到|意识到)(?:，|$)`)

// adds tells a clause that adds to the demand before it: 既要…，又要….
func (s *source) adds(i int) bool { return strings.ContainsRune("既又也更还都就", s.at(i)) }

// minThing is how long a clause about a thing is at least: 成绩要看到 only turns a phrase.
const minThing = 12

// thingMust finds 要 after a short subject of any kind. Words that end with 要, and what is or was, are none.
func (s *source) thingMust(clause extent) bool {
	for i := clause.start + 2; i < min(clause.end, clause.start+24); i++ {
		if s.isModal(i, clause.end) && !strings.ContainsRune("重主需必首只想将摘纪概提紧简扼次不快而若", s.at(i-1)) {
			return !factual.MatchString(s.text(clause)) && !s.contains(extent{clause.start, i}, "了", "是", "说", "“", "将", "把", "为", "来", "就")
		}
	}
	return false
}

// closed drops the marks and the space at the end of an item.
func (s *source) closed(e extent) extent {
	for e.end > e.start && strings.ContainsRune("，。；：、！？ \n\t", s.at(e.end-1)) {
		e.end--
	}
	return s.trim(e)
}

// imperatives are verbs and adverbs with which a sentence begins that says what is to be done without 要.
func imperatives() []string {
	return []string{"加强", "强化", "推进", "推动", "健全", "完善", "构建", "实施", "坚持", "落实", "深化", "抓好", "做好", "严格", "开展", "建立", "加快",
		"加大", "提升", "提高", "优化", "突出", "深入", "切实", "全面", "扎实", "持续", "进一步", "坚决", "确保", "严守", "守住", "压实", "狠抓", "统筹",
		"积极", "着力", "努力", "认真", "充分", "主动", "大力", "广泛", "不断", "牢固", "牢牢", "坚定", "紧盯", "聚焦", "围绕", "紧扣", "走好", "用好",
		"管好", "严厉", "依法", "及时", "有序", "稳步", "稳妥", "抓紧", "尽快", "迅速", "把", "对", "做到", "夯实", "巩固", "拓展", "培育", "扶持",
		"加固", "组织", "督促", "引导", "鼓励", "支持", "保障", "防止", "防范", "杜绝", "细化", "明确", "制定", "编制", "启动", "打造", "打好", "严控",
		"严防", "排查", "整治", "严肃", "探索", "创新", "改进", "完成", "力争", "按照", "按时", "每", "以"}
}

// furtherImperatives are more of them, with which reports also tell what was done: they count right behind a demand only.
func furtherImperatives() []string {
	return append(imperatives(), "树立", "践行", "锚定", "牢记", "弘扬", "发挥", "贯彻", "学习", "增强", "转变", "抢抓", "争取", "守牢", "筑牢", "织密", "扛牢", "扛起",
		"盯紧", "压紧", "拓宽", "激发", "营造", "挖掘", "发展", "扩大", "稳定", "稳住", "促进", "释放", "打通", "破除", "惩治", "严惩", "化解", "维护", "保护", "倡导", "宣传",
		"讲好", "服务", "善于", "敢于", "勇于", "带头", "做实", "做强", "做优", "做大", "补齐", "整合", "规范", "清理", "集中", "精心", "精准", "科学", "合理", "有效", "有力",
		"深刻", "准确", "正确", "自觉", "时刻", "常态化", "高质量", "高标准", "因地制宜", "毫不", "一以贯之", "注重", "重视", "关注", "关心", "防控", "遏制", "打击", "查处",
		"推广", "总结", "借鉴", "运用", "利用", "培养", "选拔", "锻造", "建设", "建好", "办好", "护航", "保持", "盘活", "优先", "强力", "全力", "合力", "凝聚", "汇聚",
		"动员", "发动", "依靠", "依托", "结合", "立足", "着眼", "对照", "对标", "瞄准", "谋划", "提振", "推行", "实行", "畅通", "改善", "提倡", "更加", "更好", "始终", "紧紧", "攻破", "攻坚", "扭住")
}

// factual are words by which a sentence tells what is, or was.
var factual = regexp.MustCompile(`^(?:这|该|此|目前|当前|近年|今年以来|去年|会议|据|其|他|她|我省|我市|我县|全省[^，]*已)|(?:取得了|取得(?:明显|显著|积极|良好|重要|重大|较好|一定|阶段性|历史性)|完成了|实现了|已经|增长了|达到了|达到?[0-9]|是[^，]{0,20}的(?:必然|重要|根本|关键|基础|前提)|表明|证明|离不开|来之不易)`)

// imperative tells whether a stretch says what is to be done without a word that demands: it begins with one of the words.
func (s *source) imperative(e extent, set words) bool {
	return s.begins(e.start, e.end, set) > 0 && !factual.MatchString(s.text(e))
}
