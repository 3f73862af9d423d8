package report

import (
	"regexp"
	"strings"
)

var (
	meetingWord = regexp.MustCompile(`(?:^|[^社协委工商联妇])会(?:议|上|场|，|。|；|在|由|以|采|开|召|举|$)|(?:座谈|动员|推进|部署|调度|现场|工作|交流|研讨|视频|电话|调研|培训|例|全|大)会`)
	mixedForm   = regexp.MustCompile(`线上(?:\+|＋|和|与|、)?线下|(?:现场|线下)(?:会议)?(?:\+|＋|和|与|、|加)(?:视频|线上|网络)|(?:视频|线上)(?:\+|＋|和|与|、|加)(?:现场|线下)`)
	phoneForm   = regexp.MustCompile(`电话会`)
	heldWord    = regexp.MustCompile(`召开|开了|到会|举行|举办|召集|主持|出席|参加会议|列席`)
	reaches     = regexp.MustCompile(`(?:开到|开至|延伸到|延伸至|直达|直通|覆盖到|覆盖至|贯通到|连通到|直开到|套开到|视频连线(?:到|至)?各|接到|下延到|扩大到)了?([^，。；]{1,20})`)
	branches    = regexp.MustCompile(`([^，。；]{1,40}?)(?:均|都|分别|同步|也|共|同时)*(?:设|设立|设置|设有|开设|作为|为)(?:了)?[^，。；]{0,10}?分会场`)
	atBranches  = regexp.MustCompile(`([^，。；]{1,40}?)(?:分管|主要|有关|相关)?(?:负责同志|负责人|同志|干部|人员)?在(?:各|本|当)?[^，。；在]{0,10}?分会场`)
	mainSite    = regexp.MustCompile(`(?:主会场)(?:设在|设于|在)([^，。；、]{1,20})`)
	bracketed   = regexp.MustCompile(`省（(?:自治)?区、(?:直辖)?市）|自治区、直辖市|计划单列市|直辖市|省、市、自治区|省市区`)
	levelOfTown = regexp.MustCompile(`乡|镇|街道|苏木|社区|行政村|村`)
	levelOfCty  = regexp.MustCompile(`县|区|旗|市县`)
	levelOfCity = regexp.MustCompile(`市|州|盟|地区|地级`)
)

// readForm tells how the meeting was held, from the lines above and the sentences that speak of meetings and venues.
func readForm(s *source, h header) Form {
	f := Form{Sites: []Span{}}
	formHints := []string{"会场", "视频", "电视", "电话", "形式", "方式", "线", "开到", "开至", "直", "延", "覆盖", "贯通", "连通", "接到", "扩大", "现场"}
	held := false // once a meeting is told of, most sentences say nothing more about how it was held
	kinds := map[string]bool{}
	for i, p := range append(append([]extent{}, h.head...), h.body...) {
		for _, sentence := range s.sentences(p) {
			text := s.text(sentence)
			if !strings.Contains(text, "会") || held && !containsAny(text, formHints) || !meetingWord.MatchString(text) {
				continue
			}
			if heldWord.MatchString(text) {
				held = true
			}
			f.readSites(s, sentence)
			if i < len(h.head)+2 || branches.MatchString(text) || reaches.MatchString(text) || formWord.MatchString(text) {
				text = s.ownMeeting(sentence)
				kinds["mixed"] = kinds["mixed"] || mixedForm.MatchString(text)
				kinds["video"] = kinds["video"] || heldByVideo(text)
				kinds["telephone"] = kinds["telephone"] || phoneForm.MatchString(text)
			}
		}
	}
	for _, kind := range []string{"mixed", "video", "telephone"} {
		if kinds[kind] {
			f.Kind, f.Video = &kind, kind != "telephone"
			return f
		}
	}
	if kind := "in-person"; held { // nothing was transmitted, or the report would say so
		f.Kind = &kind
	}
	return f
}

// ownMeeting leaves out clauses about another meeting, whose words were passed on or that was watched.
func (s *source) ownMeeting(sentence extent) string {
	var b strings.Builder
	for _, clause := range s.split(sentence, "，；。") {
		if !s.contains(clause, "传达", "学习", "精神", "收听收看") || s.contains(clause, "召开", "举行") {
			b.WriteString(s.text(clause) + "，")
		}
	}
	return b.String()
}

// formWord is how a report says in passing how the meeting was held.
var formWord = regexp.MustCompile(`(?:以|采取|采用|通过)[^，。；]{0,12}(?:形式|方式)|视频会议|电视电话会|视频(?:连线|参加|参会|出席)|分会场`)

// heldByVideo keeps apart a meeting by video and one about videos.
func heldByVideo(text string) bool {
	return videoMeeting.MatchString(text) || phoneAndTV.MatchString(text)
}

var (
	videoMeeting = regexp.MustCompile(`视频(?:会|调度|会商|形式|方式|连线|参加|参会|出席|工作会|推进会)|以视频|视频[一-龥]{0,8}会议|(?:以|采取|通过|采用)[^，。；]{0,8}(?:视频|线上|远程|网络)[^，。；]{0,6}(?:形式|方式|召开)|线上(?:会议|召开)`)
	phoneAndTV   = regexp.MustCompile(`电视(?:电话|会)`)
)

// readSites finds how far down the meeting went and where else it was held.
func (f *Form) readSites(s *source, sentence extent) {
	for _, g := range s.findIf(s.contains(sentence, "到", "至", "直", "连线"), reaches, sentence) {
		f.reach(s.level(g[1]))
	}
	if !s.contains(sentence, "会场") {
		return
	}
	for _, re := range []*regexp.Regexp{branches, atBranches} {
		for _, g := range s.findAll(re, sentence, -1) {
			site := s.siteStart(g[1])
			f.reach(s.level(site))
			if re == atBranches {
				f.reach(s.level(s.listBefore(sentence, g[1])))
			}
			for _, part := range s.split(site, "、和及与") {
				part = s.trim(part)
				if s.at(part.end-1) == '以' && s.at(part.end) == '及' {
					part.end--
				}
				if part.length() > 0 && s.isSite(part) {
					f.addSite(s.span(part))
				}
			}
		}
	}
	if g := s.find(mainSite, sentence); g != nil {
		f.addSite(s.span(g[1]))
	}
}

// listBefore is the list of those who took part at branches, of which a match has the last part only.
func (s *source) listBefore(sentence, match extent) extent {
	before := extent{sentence.start, match.end}
	for _, g := range s.findAll(mainVenue, before, -1) {
		before.start = g[0].end
	}
	return before
}

var mainVenue = regexp.MustCompile(`主会场(?:[^，。；]{0,8}(?:参加|参会|出席|收听|收看)[^，。；]*)?`)

// siteStart drops the words before the places: 会议在, 并在, 同时在.
func (s *source) siteStart(e extent) extent {
	for i := e.end - 1; i > e.start; i-- {
		if s.at(i-1) == '在' || s.at(i-1) == '到' {
			return extent{i, e.end}
		}
	}
	return e
}

// isSite tells a place from another subject of the sentence.
func (s *source) isSite(e extent) bool {
	if s.contains(e, "领导", "书记", "主任", "负责", "成员") {
		return false
	}
	return levelOfTown.MatchString(s.text(e)) || levelOfCty.MatchString(s.text(e)) || levelOfCity.MatchString(s.text(e)) ||
		s.contains(e, "省", "兵团")
}

func (f *Form) addSite(site Span) {
	for _, known := range f.Sites {
		if known.Start == site.Start {
			return
		}
	}
	f.Sites = append(f.Sites, site)
}

// level is the lowest level that the words name; "" when they name none below the province.
func (s *source) level(e extent) string {
	text := bracketed.ReplaceAllString(s.text(e), "")
	switch {
	case levelOfTown.MatchString(text):
		return "乡"
	case levelOfCty.MatchString(text):
		return "县"
	case levelOfCity.MatchString(text):
		return "市"
	}
	return ""
}

// reach keeps the lowest of the levels.
func (f *Form) reach(level string) {
	depth := map[string]int{"": 0, "市": 1, "县": 2, "乡": 3}
	if level == "" || f.DownTo != nil && depth[*f.DownTo] >= depth[level] {
		return
	}
	f.DownTo = &level
}
