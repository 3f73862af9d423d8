package report

import (
	"regexp"
	"sort"
	"strings"
)

const unitEnds = `厅|局|委员会|委|办公室|办|部门|部|院|处室|处|室|中心|总队|支队|大队|队|公司|集团|政府|党委|党组|机关|街道|乡镇|村委会|居委会|社区|学校|单位|市|县|区|州|旗|各地|地方|地区|银行|站|所|专班|小组|组|指挥部|企业|协会|工会|妇联|团委|联合会|法院|检察院|镇|乡|村|医院|科|社|园区|林场|农场|商会|联|管委会|分局|电网|铁塔|各级|残联`

// unitActs are words that follow an office that is told something; doingUnit has those, too, that also tell what it did.
const unitActs = `要|必须|务必|负责|会同|牵头|配合|须|应当|应|于|每|按|今年|明年|年内|年底|汛前|立即|尽快|分别|抓紧|不得|在|月底前?|月末|季度|在?[0-9]{1,4}(?:月|年|个|日|天|小时)|在?[一二三四五六七八九十]{1,3}月|督促|组织`

var (
	unitName    = regexp.MustCompile(`^(?:[^，。；：“”《》、的了是将把]{0,24}?)(?:` + unitEnds + `)(?:（[^（）]{1,12}）)?(?:党组|主要负责同志|主要负责人|负责同志|负责人)?$`)
	responsible = regexp.MustCompile(`(责任|牵头|主办|承办|配合|协办|协同|参与)(?:单位|部门)(?:为|是)?：? ?([^；。）\n：]{2,80})`)
	byUnit      = regexp.MustCompile(`由([^，。；：]{2,60}?)(牵头|负责|承担|督办|组织|会同|统筹|督促|按|挂牌|实施|汇总|具体|予以|进行|逐|每|在|于|主办|审核|统一|定期)`)
	leadUnit    = regexp.MustCompile(`^(?:由)?([^，。；：]{2,60}?)(?:负责)?(?:牵头|主办)`)
	coUnit      = regexp.MustCompile(`^([^，。；：]{2,80}?)(?:积极|密切|全力|共同|分别)?(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:配合|参与|协同|协办)`)
	withUnit    = regexp.MustCompile(`(?:会同|联合)([^，。；：]{2,60}?)(?:等|，|；|。|开展|制定|组织|做|抓|在|于|对|按|建立|完成|[0-9]|$)`)
	actingUnit  = regexp.MustCompile(`^([^，。；：“”]{2,40}?)(?:等)?(?:` + unitActs + `)`)
	doingUnit   = regexp.MustCompile(`^([^，。；：“”]{2,40}?)(?:等)?(?:` + unitActs + `|实行|实施|开展|落实|做好|抓好|完成|制定|建立|加强|启动|安排|拿出|提出|保障|承担|统筹|指导|对)`)
)

// units finds the offices of an item and their parts, in the order of the text.
func (s *source) units(e extent) []Unit {
	var found []Unit
	add := func(at extent, role UnitRole) {
		for _, part := range s.unitParts(at) {
			s.addUnit(&found, part, role)
		}
	}
	for _, g := range s.findIf(s.contains(e, "单位", "部门"), responsible, e) {
		role := Responsible
		switch s.text(g[1]) {
		case "牵头", "主办", "承办":
			role = Lead
		case "配合", "协办", "协同", "参与":
			role = Support
		}
		add(g[2], role)
	}
	for _, clause := range s.split(e, "，；。：") {
		clause = s.trim(s.afterOrdinal(clause))
		first := func(re *regexp.Regexp, role UnitRole, needs ...string) bool {
			if len(needs) > 0 && !s.contains(clause, needs...) {
				return false
			}
			before := len(found)
			if g := s.find(re, clause); g != nil {
				add(g[1], role)
			}
			return len(found) > before
		}
		_ = first(leadUnit, Lead, "牵头", "主办") || first(coUnit, Support, "配合", "参与", "协同", "协办") || first(actingUnit, Responsible)
		first(byUnit, Responsible, "由")
		first(withUnit, Support, "会同", "联合")
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].Start < found[j].Start })
	return found
}

// afterOrdinal drops an ordinal at the beginning of a clause.
func (s *source) afterOrdinal(e extent) extent {
	if m, ok := s.markerAt(e.start, e, true); ok {
		return extent{min(m.after, e.end), e.end}
	}
	return e
}

// addUnit takes a name once, if it is one.
func (s *source) addUnit(found *[]Unit, at extent, role UnitRole) {
	at = s.trim(at)
	if s.at(at.start) == '由' || s.at(at.start) == '请' {
		at.start++
	}
	if at.end > at.start && s.at(at.end-1) == '等' {
		at.end--
	}
	task := s.isModal(at.start, at.end) ||
		s.begins(at.start, at.end, s.lex.imperatives) > 0 && at.length() > 4 && s.starts(at.start, at.end, []string{"组织", "依法"}) == 0
	if at.length() < 2 || task || !unitName.MatchString(s.text(at)) {
		return
	}
	for _, u := range *found {
		if at.start < u.End && u.Start < at.end {
			return
		}
	}
	*found = append(*found, Unit{s.span(at), role})
}

// leadingUnits cuts a stretch into what each office is told: 甲局3月底前…，乙局…. Empty when it does not begin with one
// or tells nothing to be done.
func (s *source) leadingUnits(e extent, acting *regexp.Regexp) []extent {
	var starts []int
	for i, clause := range s.split(e, "，") {
		clause = s.trim(clause)
		g := s.find(acting, clause)
		acts := g != nil && s.allUnits(g[1])
		if i == 0 && !acts {
			return nil
		}
		if acts {
			starts = append(starts, clause.start)
		}
	}
	if strings.ContainsAny(s.text(e), "了已") || factual.MatchString(s.text(e)) {
		return nil
	}
	return s.cut(e, starts)
}

// unitParts cuts a list of offices at commas, and at 和 where an office stands on both sides of it: 省住房和城乡建设厅
// is one.
func (s *source) unitParts(e extent) []extent {
	var parts []extent
	for _, part := range s.split(e, "、，") {
		for i := part.start + 1; i+1 < part.end; i++ {
			left, right := s.trim(extent{part.start, i}), s.trim(extent{i + 1, part.end})
			if strings.ContainsRune("和及与", s.at(i)) && unitName.MatchString(s.text(left)) && unitName.MatchString(s.text(right)) {
				parts = append(parts, left)
				part.start = i + 1
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// allUnits tells whether a place lists offices only.
func (s *source) allUnits(e extent) bool {
	parts := s.unitParts(e)
	for _, part := range parts {
		if part = s.trim(part); part.length() < 2 || !unitName.MatchString(s.text(part)) {
			return false
		}
	}
	return len(parts) > 0
}
