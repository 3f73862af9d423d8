package report

import (
	"regexp"
	"strings"
)

var (
	unityEnd  = regexp.MustCompile(`(相(?:统一|结合|促进|协调|衔接|贯通|融合|适应|一致))$`)
	unityLead = regexp.MustCompile(`([二两三四五六七八九十])个“?(相[一-龥]{2})”?`)
	alikeLead = regexp.MustCompile(`“([二两三四五六七八九十])个([一-龥]{2,4})”(?:要求|目标|工作法|原则|标准)?(?:，|：|，?即：?)`)
)

// leastAlike is how many clauses of one form make a row.
const leastAlike = 3

// row takes clauses of one form as a series without ordinals; false when there are none.
func (d *decisions) row(b block, stretch extent, row, lead []extent) bool {
	if row == nil {
		return false
	}
	out := Decision{Speaker: d.s.span(b.speaker)}
	for _, e := range row {
		out.Items = append(out.Items, d.item(e, e, extent{}, nil))
	}
	if lead != nil {
		out.LeadIn = d.s.span(d.s.closed(extent{stretch.start, row[0].start}))
		n := d.s.count(lead[1])
		out.Announced = &n
		if n != len(row) {
			d.findings = append(d.findings, miscounted(lead[0], n, len(row)))
		}
	}
	d.list, d.overview = append(d.list, out), append(d.overview, false)
	return true
}

// preface announces demands without saying one: 扎实做好以下几项工作。
var preface = regexp.MustCompile(`(?:以下|如下)[^，。；：]{0,6}(?:工作|事项|方面|任务|要求|问题|重点)$`)

// parallel finds stretches that all begin with the same word, where something is asked: 讲政治，…；讲法治，…；讲效率，….
func (d *decisions) parallel(b block, whole extent) (row []extent) {
	if !b.strong {
		return nil
	}
	for _, part := range d.s.split(whole, "；") {
		part = d.s.closed(d.s.trim(part))
		if part.length() < 4 || d.s.at(part.start) == '要' || len(row) > 0 && d.s.at(part.start) != d.s.at(row[0].start) {
			return nil
		}
		row = append(row, part)
	}
	if len(row) < leastAlike || factual.MatchString(d.s.text(whole)) {
		return nil
	}
	return row
}

// unities finds a row of clauses that end alike, 坚持甲与乙相统一，坚持丙与丁相统一，…, and what announces it, if anything
// does.
func (d *decisions) unities(stretch extent) (row, lead []extent) {
	word := ""
	for _, clause := range d.s.split(stretch, "，：") {
		clause = d.s.trim(clause)
		g := d.s.find(unityEnd, clause)
		if g == nil || word != "" && d.s.text(g[1]) != word {
			if len(row) > 0 {
				break
			}
			continue
		}
		word = d.s.text(g[1])
		row = append(row, clause)
	}
	if len(row) < leastAlike {
		return nil, nil
	}
	return row, d.s.find(unityLead, extent{stretch.start, row[0].start})
}

// alike finds what “五个到位”： announces: as many stretches or clauses as it says, each with the word, or all but few.
func (d *decisions) alike(stretch extent) (row, lead []extent) {
	if !d.s.contains(stretch, "”") {
		return nil, nil
	}
	if lead = d.s.find(alikeLead, stretch); lead == nil {
		return nil, nil
	}
	word, rest := d.s.text(lead[2]), extent{lead[0].end, stretch.end}
	for _, marks := range []string{"；", "，", "、"} {
		row = row[:0]
		for _, part := range d.s.split(rest, marks) {
			if part = d.s.closed(part); part.length() <= len([]rune(word)) || !strings.Contains(d.s.text(part), word) {
				break
			}
			row = append(row, part)
		}
		if len(row) >= leastAlike || len(row) == d.s.count(lead[1]) && len(row) > 1 {
			return row, lead
		}
	}
	return nil, nil
}
