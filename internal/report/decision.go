package report

import (
	"regexp"
	"strings"
)

// announcement is how a lead-in says how many follow: 五方面工作, 三点要求, 四个相统一.
var announcement = regexp.MustCompile(`([一二两三四五六七八九十]{1,3}|[0-9]{1,2})(?:(?:个|大|项|点|条|件)(?:方面|重点|关键|环节|问题|要求|意见|任务|措施|工作|建议|希望|事项|统一|坚持|到位|强化|必须|文章|事|相[一-龥]{2}|层面|举措|战役|行动|工程|确保|抓|突出|着力|关系|原则|目标|机制|转变|底线|关口|提升|加强|坚决|体系|抓手|导向|专项|注重|更加|聚焦|紧盯|全面)+|点|项|条|方面|件事|句话)`)

// mostAnnounced keeps amounts apart from announcements.
const mostAnnounced = 20

// telling are words of a lead-in after which a series tells what was or is, and asks for nothing.
var telling = regexp.MustCompile(`成绩|成效|取得|涉及|特点|原因|问题，?主要|一些问题|发现|主要表现|薄弱|存在的|回顾|亮点|情况是|表现在|教训|经验|优势|形势|不足|变化|机遇|挑战`)

// asking are words of a lead-in after which a series asks.
var asking = regexp.MustCompile(`要抓|要做|要求|意见|任务|做好|抓好|落实|部署|安排`)

// decisions gathers them over the blocks.
type decisions struct {
	s        *source
	years    yearFrom
	list     []Decision
	overview []bool // of each in list: the one demand by which the first paragraph sums up the others
	findings []Finding
}

// readDecisions finds in every block the series with ordinals, and between them the demands without.
func readDecisions(s *source, blocks []block, years yearFrom) ([]Decision, []Finding) {
	d := &decisions{s: s, years: years}
	for _, b := range blocks {
		d.block(b)
	}
	return d.withoutOverview(), d.findings
}

// withoutOverview drops what the first paragraph says in advance, if the decisions themselves follow.
func (d *decisions) withoutOverview() []Decision {
	var kept []Decision
	for i, x := range d.list {
		if !d.overview[i] || i == len(d.list)-1 {
			kept = append(kept, x)
		}
	}
	return kept
}

func (d *decisions) block(b block) {
	if len(b.table.rows) > 0 {
		d.table(b)
		return
	}
	parts := b.parts[:0:0]
	for _, p := range b.parts {
		if p.length() > 0 {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return
	}
	at := parts[0].start
	after := false // a demand came before in this block
	for _, r := range d.s.readRuns(parts, d.s.markers(parts)) {
		first, last := r.items[0], r.items[len(r.items)-1]
		end := d.s.lastEnd(parts, r, last)
		d.s.setEnds(parts, r.items, end)
		d.s.setInnerEnds(parts, r.items)
		intro := d.leadIn(b, parts, first.start, at)
		after = d.plain(b, parts, extent{at, intro.start}, after)
		if d.asks(b, intro, r) {
			d.series(b, intro, r)
			after = true
		}
		at = max(d.s.withNote(d.s.closed(extent{last.start, end}).end), end, first.start)
	}
	d.plain(b, parts, extent{at, parts[len(parts)-1].end}, after)
}

// leadIn is what introduces a series: the words before its first item, back to the full stop before, or the sentence
// that ends there. It is empty when the series begins at once.
func (d *decisions) leadIn(b block, parts []extent, first, floor int) extent {
	p, k := partOf(parts, first)
	from := max(p.start, floor)
	if first == from { // the paragraph begins with it
		if k > 0 && floor < parts[k-1].end {
			sentences := d.s.sentences(extent{max(parts[k-1].start, floor), parts[k-1].end})
			if len(sentences) > 0 {
				return sentences[len(sentences)-1]
			}
		}
		return extent{first, first}
	}
	sentences := d.s.sentences(extent{from, first})
	if len(sentences) == 0 {
		return extent{first, first}
	}
	last := sentences[len(sentences)-1]
	if halves := d.s.split(last, "；"); len(halves) > 1 && halves[len(halves)-1].length() > 1 {
		last = d.s.trim(halves[len(halves)-1])
	}
	return last
}

// introduces tells whether a sentence announces what follows it.
func (d *decisions) introduces(e extent) bool {
	return d.s.at(e.end-1) == '：' || announcement.MatchString(d.s.text(e)) || d.s.contains(e, "以下", "如下")
}

// asks keeps out series that only tell: what was achieved, why, how things stand.
func (d *decisions) asks(b block, intro extent, r *run) bool {
	if r.kind == "要" {
		return true
	}
	demands := 0
	for _, n := range r.items {
		words := extent{n.after, max(n.after, n.end)}
		if len(d.s.demands(words)) > 0 || d.s.imperative(words, d.s.lex.imperatives) || len(d.s.leadingUnits(words, actingUnit)) > 0 {
			demands++
		}
	}
	demanded := intro.length() > 0 && len(d.s.demands(d.s.closed(intro))) > 0
	if intro.length() > 0 && telling.MatchString(d.s.text(intro)) && !b.decides && !demanded {
		return demands == len(r.items)
	}
	return b.strong || demands*2 >= len(r.items) || demanded || intro.length() > 0 && asking.MatchString(d.s.text(intro))
}

// series adds a decision of the items of a series.
func (d *decisions) series(b block, intro extent, r *run) {
	out := Decision{Speaker: d.s.span(b.speaker)}
	words := d.s.closed(intro)
	if words.length() <= 0 || d.s.at(words.end) == '。' && !d.introduces(intro) {
		words = d.s.closed(b.counted)
		words.start += d.s.starts(words.start, words.end, []string{"了", "出了"})
	}
	if words.length() > 2 {
		out.LeadIn = d.s.span(d.shortLead(words))
	}
	out.Announced = d.announced(words, len(r.items))
	out.Items = d.items(r.items)
	d.gaps(r.items)
	d.list, d.overview = append(d.list, out), append(d.overview, false)
}

// shortLead keeps the clause that announces, when there is one.
func (d *decisions) shortLead(words extent) extent {
	clauses := d.s.split(words, "，；")
	last := d.s.trim(clauses[len(clauses)-1])
	if last.length() > 0 && announcement.MatchString(d.s.text(last)) {
		return last
	}
	return words
}

// announced reads how many a lead-in announces, and notes when others were found.
func (d *decisions) announced(words extent, found int) *int {
	if words.length() <= 0 {
		return nil
	}
	all := d.s.findAll(announcement, words, -1)
	if len(all) == 0 {
		return nil
	}
	g := all[len(all)-1]
	n := d.s.count(g[1])
	if n == 0 && d.s.text(g[1]) == "两" {
		n = 2
	}
	if n < 2 || n > mostAnnounced || d.s.at(g[0].start-1) == '“' || d.s.at(g[0].start-1) == '第' {
		return nil
	}
	if n != found {
		d.findings = append(d.findings, miscounted(g[0], n, found))
	}
	return &n
}

// gaps notes ordinals that do not follow each other.
func (d *decisions) gaps(items []*node) {
	for i, n := range items {
		switch {
		case i == 0 && n.n > 1:
			d.findings = append(d.findings, startsLate(n.ordinal, n.n))
		case i > 0 && n.n != items[i-1].n+1 && n.n != 1:
			d.findings = append(d.findings, leapt(n.ordinal, items[i-1].n, n.n))
		}
		d.gaps(n.children)
	}
}

func (d *decisions) items(nodes []*node) []Item {
	var out []Item
	for _, n := range nodes {
		at := d.s.closed(extent{n.start, n.end})
		at.end = d.s.withNote(at.end)
		own := at
		var inner []Item
		if len(n.children) > 0 {
			inner = d.items(n.children)
			own.end = n.children[0].start
		} else {
			inner = d.within(n, at)
		}
		out = append(out, d.item(at, own, n.ordinal, inner))
	}
	return out
}

// within finds the demands that an item goes on with after its first sentence.
func (d *decisions) within(n *node, at extent) []Item {
	var out []Item
	for i, part := range d.s.split(extent{n.after, at.end}, "。；！\n") {
		if i == 0 {
			continue
		}
		for _, e := range d.s.demands(d.s.trim(part)) {
			out = append(out, d.item(e, e, extent{}, nil))
		}
	}
	if len(out) < 2 { // one sentence that goes on is the item itself
		return nil
	}
	return out
}

// item fills one in; own is the part of it in which units, limits and amounts are its own.
func (d *decisions) item(at, own, ordinal extent, inner []Item) Item {
	it := Item{Span: d.s.span(at), Ordinal: d.s.span(ordinal), Items: inner, Units: d.s.units(own)}
	dues := d.s.dues(own, d.years)
	if len(dues) > 0 {
		it.Due = &dues[0]
	}
	for _, q := range d.s.quantities(own) {
		if it.Due == nil || q.End <= it.Due.Start || q.Start >= it.Due.End {
			it.Quantities = append(it.Quantities, q)
		}
	}
	return it
}

// note is what stands in brackets behind an item: （责任单位：某局；完成时限：6月底前）.
var note = regexp.MustCompile(`^[。；]?（(?:责任|牵头|主办|承办|配合|完成时[限间]|时限)[^（）\n]{2,160}）`)

// withNote moves the end of an item behind its note.
func (s *source) withNote(end int) int {
	if g := s.find(note, extent{end, min(len(s.norm), end+170)}); g != nil {
		return g[0].end
	}
	return end
}

// plain finds the demands without ordinals in a stretch of a block, and tells whether there were some.
func (d *decisions) plain(b block, parts []extent, where extent, after bool) bool {
	var places []extent
	for _, p := range parts {
		p = extent{max(p.start, where.start), min(p.end, where.end)}
		if p.length() <= 0 {
			continue
		}
		goesOn := false // the last demand may have another sentence
		sentences := d.s.sentences(p)
		for k, sentence := range sentences {
			whole := d.s.closed(sentence)
			if row, lead := d.alike(whole); d.row(b, whole, row, lead) {
				goesOn, after = false, true
				continue
			}
			if row := d.parallel(b, whole); d.row(b, whole, row, nil) {
				goesOn, after = false, true
				continue
			}
			for i, stretch := range d.s.split(sentence, "。；！？") {
				if k+1 < len(sentences) && d.s.contains(stretch, "下") && preface.MatchString(d.s.text(d.s.closed(stretch))) { // what follows is asked
					continue
				}
				if stretch = d.s.closed(d.s.trim(stretch)); stretch.length() < 2 {
					continue
				}
				if row, lead := d.unities(stretch); d.row(b, stretch, row, lead) {
					goesOn, after = false, true
					continue
				}
				if goesOn && i == 0 && d.s.imperative(stretch, d.s.lex.furtherImperatives) && len(d.s.demands(stretch)) == 0 {
					places[len(places)-1].end = d.s.closed(sentence).end
					break
				}
				found, demanded := d.plainIn(b, stretch, k == 0)
				known := d.s.lex.imperatives
				if b.decides {
					known = d.s.lex.furtherImperatives
				}
				if len(found) == 0 && (after || len(places) > 0) && d.s.imperative(stretch, known) {
					found = []extent{stretch}
				}
				places = append(places, found...)
				goesOn = demanded || goesOn && len(found) == 0 && i > 0
			}
		}
	}
	var items []Item
	for _, e := range places {
		if e = d.s.closed(e); e.length() > 1 {
			e.end = d.s.withNote(e.end)
			items = append(items, d.item(e, e, extent{}, nil))
		}
	}
	if len(items) > 0 {
		d.list = append(d.list, Decision{Speaker: d.s.span(b.speaker), Items: items})
		d.overview = append(d.overview, b.overview && len(items) == 1)
	}
	return after || len(items) > 0
}

// plainIn finds them in one stretch; demanded tells that they stand in a sentence with 要. In what is decided or told
// to offices no 要 is needed. first is the first sentence of a paragraph's speech.
func (d *decisions) plainIn(b block, stretch extent, first bool) (found []extent, demanded bool) {
	if found := d.s.demands(stretch); len(found) > 0 {
		return d.s.apart(found), true
	}
	if b.strong && d.s.mustHard(stretch) {
		return []extent{stretch}, false
	}
	if b.strong {
		acting := actingUnit
		if b.decides {
			acting = doingUnit
		}
		if told := d.s.leadingUnits(stretch, acting); len(told) > 0 {
			return told, false
		}
	}
	if b.resolved && first {
		return []extent{stretch}, false
	}
	if b.decides {
		if limited := d.limited(stretch); len(limited) > 0 {
			return limited, false
		}
		if d.s.imperative(stretch, d.s.lex.imperatives) {
			return []extent{stretch}, false
		}
	}
	return nil, false
}

// apart cuts what a named office is told for itself from the demand on all before it: 各地要…，省政府督查室年底前….
func (s *source) apart(demands []extent) []extent {
	var out []extent
	for _, e := range demands {
		if bare, _ := s.demandAt(extent{e.start, s.split(e, "，")[0].end}, true); bare {
			out = append(out, e)
			continue
		}
		starts := []int{e.start}
		for i, clause := range s.split(e, "，") {
			clause = s.trim(clause)
			if g := s.find(doingUnit, clause); i > 0 && g != nil && s.allUnits(g[1]) && namedUnit.MatchString(s.text(g[1])) {
				starts = append(starts, clause.start)
			}
		}
		out = append(out, s.cut(e, starts)...)
	}
	return out
}

// namedUnit is an office by its own name.
var namedUnit = regexp.MustCompile(`^(?:省|市|县|区|州|镇|乡)[^各有相主]+(?:厅|局|委|办|办公室|室|院|部|中心|队|公司|政府|法院|检察院)$`)

// limited cuts a stretch into clauses that each have a limit: 甲类5日内…，乙类10日内….
func (d *decisions) limited(stretch extent) []extent {
	if factual.MatchString(d.s.text(stretch)) || strings.Contains(d.s.text(stretch), "了") {
		return nil
	}
	var out []extent
	for i, clause := range d.s.split(stretch, "，") {
		clause = d.s.trim(clause)
		switch {
		case len(d.s.dues(clause, d.years)) > 0 && (i == 0 || len(out) > 0):
			out = append(out, clause)
		case len(out) > 0:
			out[len(out)-1].end = clause.end
		case d.s.contains(stretch, "不超过", "不得"):
			return []extent{stretch}
		}
	}
	return out
}
