package report

import "strings"

// Surnames of one and of two characters, the common ones of the Hundred Family Surnames and those that the census adds.
const surnames = "谌亓佘佟邸妥撒呼哈昝脱母赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱丘骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越夔隆师巩聂晁勾敖融冷辛阚那简饶曾沙养鞠须丰巢关蒯相查后荆红游权逯盖益桓公仉督岳帅缑亢况郈有琴商牟佘佴伯赏墨哈谯年爱阳佟付代覃冼原由仝信修闫邝涂揭青苑初展鹿战生敬展来芦区门衣战才禤植晋楚揣冮冀麦訾邰隋苟但占栗樵藏藤粟俎缐庆庹禚肇鲜佐冶闾巨於麴蹇宾杲鞏剧楼汝郄郇郐郯鄢仵苌乜钭绳侴尉佀蔄茆矫菅笪褟撖檀寻侍戢沐锁锺雒霄缴闪贠"

// rareSurnames are those that are mostly other words: they count right behind a post only.
const rareSurnames = "铁水海风智银税泰才候木英修买奉凡库开化南北西户斯线回牙布依逢豆盘渠练浩"

const longSurnames = "欧阳 上官 司马 诸葛 东方 夏侯 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 端木 长孙 宇文 独孤 南宫 百里 呼延 轩辕 申屠 澹台 鲜于 闾丘 太史"

// afterName are words that follow a name and belong to it in no case.
func afterName() []string {
	return []string{"出席", "主持", "讲话", "强调", "指出", "要求", "表示", "参加", "列席", "在", "就", "作", "代表", "对", "从", "围绕", "会见",
		"宣布", "宣读", "传达", "通报", "汇报", "介绍", "发言", "率", "同", "和", "与", "及", "等", "分别", "先后", "共同", "一行", "陪同",
		"总结", "部署", "提出", "到会", "致辞", "致词", "致", "因", "受", "为", "向", "说", "关于", "还", "又", "也", "最后", "随后", "主", "结合",
		"听取", "安排", "明确", "调研", "带队", "深入", "点评", "解读", "签署", "担任", "任", "兼", "谈", "讲", "回顾", "同志", "书记", "省长", "市长", "县长",
		"区长", "主任", "局长", "厅长", "部长", "校长", "院长", "出", "参", "列", "赴", "来到", "前往", "将", "已", "认为", "做", "针对", "要", "继续",
		"充分", "首先", "进行", "以", "于", "逐一", "一一", "当场", "现场", "视频", "线上", "通过", "牵头", "负责", "召集", "召开", "领", "组织", "指挥", "下达", "交代"}
}

// verbsAfterName are those of afterName that no given name runs into.
func verbsAfterName() []string {
	return []string{"在讲话", "在会", "在主", "在总", "强调", "指出", "要求", "表示", "介绍", "主持", "出席", "代表", "致辞", "发言", "汇报", "传达", "宣读",
		"说，", "说：", "就", "对", "通报", "作了", "作出", "作工", "作具", "作总", "谈到", "认为"}
}

// notNames are words of reports that begin with a character that is a surname too.
func notNames() []string {
	return []string{"会议", "全会", "全省", "全市", "全县", "全区", "全国", "全体", "全会", "任务", "成员", "相关", "有关", "经济", "安全", "平安",
		"应急", "常委", "常务", "国务", "国家", "公安", "农业", "农村", "山西", "江苏", "广东", "东部", "宣传", "党委", "党组", "党中", "支部", "干部",
		"关于", "年初", "都要", "万元", "高度", "高质", "文明", "文化", "时间", "方案", "方面", "双方", "全面", "石油", "林业", "水利", "水务", "金融",
		"信访", "应当", "程序", "通报", "通过", "路长", "司法", "有力", "别是", "由", "来", "和", "与", "从", "要", "相", "后", "于", "向", "师", "那",
		"单位", "明确", "项目", "集团", "管理", "经办", "施工", "利用", "常态", "和省", "和市", "邮政", "教育", "审计", "财政", "康复", "民政",
		"生态", "居民", "广大", "区委", "区长", "区政", "连续", "查处", "包括", "查找", "强化", "加", "易地", "经", "门", "生", "初", "国", "公司", "中心", "机构", "部门", "小组", "办公", "带队", "率队", "连夜", "连日", "应邀", "受邀", "亲自", "到会", "全程", "现场", "因事", "受托", "委托", "以上", "等人", "重要", "文章", "社论", "批示", "指示", "安排", "精神", "讲话", "选举", "的", "代表", "一行", "先后", "再次", "共同", "分别", "同志"}
}

// nameAt reads a name that begins at i: surname and one or two characters, or parts joined by ·. known are names met
// elsewhere, which decide before the forms do.
func (s *source) nameAt(i, end int, behindPost bool) (extent, bool) {
	if dotted, ok := s.dottedName(i, end); ok {
		return dotted, true
	}
	surname := 0
	if i+2 < end && isHan(s.at(i)) && strings.Contains(" "+longSurnames+" ", " "+string(s.norm[i:i+2])+" ") {
		surname = 2
	} else if i < end && (strings.ContainsRune(surnames, s.at(i)) || behindPost && strings.ContainsRune(rareSurnames, s.at(i))) {
		surname = 1
	}
	if surname == 0 || s.otherWord(i, end, behindPost) || s.postBehind(i+surname, end) > 0 { // 任副总经理
		return extent{}, false
	}
	for _, given := range []int{2, 1} {
		e := extent{i, i + surname + given}
		if e.end <= end && s.allHan(e) && s.nameEnds(e.end, end) {
			runsOn := s.begins(e.end-1, end, s.lex.verbsAfterName) > 0 || strings.ContainsRune("在就对并还等作", s.at(e.end-1)) || s.postBehind(e.end-1, end) > 0
			if shorter := (extent{i, e.end - 1}); given == 2 && runsOn && s.nameEnds(shorter.end, end) {
				return shorter, true // 上官澄|在讲话中
			}
			return e, true
		}
	}
	if spaced := (extent{i, i + surname + 2}); spaced.end <= end && s.at(i+surname) == ' ' && isHan(s.at(i+surname+1)) && s.nameEnds(spaced.end, end) {
		return spaced, true // two characters set apart, as in printed lists
	}
	return extent{}, false
}

// otherWord tells that a word of reports begins at i and no name. Behind a post, before a mark, three characters whose first
// only may be such a word are a name: 副县长国宏利，.
func (s *source) otherWord(i, end int, behindPost bool) bool {
	n := s.begins(i, end, s.lex.notNames)
	if n == 1 && behindPost && i+3 < end && strings.ContainsRune("国门生初经加师那相后", s.at(i)) && !isHan(s.at(i+3)) {
		return false
	}
	return n > 0
}

// nameEnds tells whether what follows a name can follow one.
func (s *source) nameEnds(i, end int) bool {
	return i >= end || !isHan(s.at(i)) || s.begins(i, end, s.lex.afterName) > 0 || s.postBehind(i, end) > 0
}

func (s *source) allHan(e extent) bool {
	for i := e.start; i < e.end; i++ {
		if !isHan(s.at(i)) {
			return false
		}
	}
	return true
}

// namesPost tells that the first part of a name holds a post: 市长艾力·买买提.
func (s *source) namesPost(i, end int) bool {
	for k := i + 1; k <= end && k-i < 7; k++ {
		if s.closes(i, k, s.lex.postEnds) > 0 {
			return true
		}
	}
	return false
}

// nameBetween reads a name with a surname that is rare, or mostly another word (副省长向思齐), by what stands around it: a
// post before, and what people do behind it.
func (s *source) nameBetween(i, end int) (extent, bool) {
	for _, n := range []int{2, 3} {
		e := extent{i, i + n}
		if e.end < end && s.allHan(e) && s.starts(e.end, end, []string{"主持", "出席", "讲话", "强调", "指出", "要求", "作", "在会上", "在会议", "宣读", "传达", "通报", "汇报",
			"讲了", "提出", "表示", "致辞", "发言", "介绍", "代表", "参加", "列席"}) > 0 {
			word := s.begins(i, end, s.lex.notNames) > n-2 || s.contains(e, "会", "分", "别", "的", "据", "按", "照") // 到会, 分别
			return e, !word && s.begins(i, end, s.lex.afterName) < n-1 && s.begins(i, end, s.lex.postEnds) == 0 && s.closes(i, e.end, s.lex.postEnds) == 0
		}
	}
	return extent{}, false
}

// dottedName reads 艾力·买买提 and the like.
func (s *source) dottedName(i, end int) (extent, bool) {
	dot := func(r rune) bool { return r == '·' || r == '•' || r == '・' }
	k, dots := i, 0
	for k < end && k-i < 16 && (isHan(s.at(k)) || dot(s.at(k))) {
		if dot(s.at(k)) {
			if dots++; k-i > 5 && dots == 1 {
				return extent{}, false
			}
		} else if dots > 0 && s.begins(k, end, s.lex.afterName) > 0 {
			break
		}
		k++
	}
	return extent{i, k}, dots > 0 && !s.namesPost(i, k) && k > i+2 && !dot(s.at(k-1))
}
