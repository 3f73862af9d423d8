package meeting

import (
	"fmt"
	"regexp"
	"strings"

	"luoshi/internal/procedure"
)

// Item is one thing on an agenda.
type Item struct {
	Start, End string // "HH:MM"; "" when none is given
	Title      string
	Who        string // the office or the person whose turn it is; may be empty
}

// Finding is something about an agenda that whoever plans the meeting should look at. It forbids nothing.
type Finding struct {
	Item int    // index of the item; -1: the agenda as a whole
	Rule string // one of the Rule constants
	Text procedure.Text
}

// The rules of findings.
const (
	RuleTime     = "time"     // what looks like a time is none
	RuleTitle    = "title"    // nothing says what it is about
	RuleEnd      = "end"      // it ends before it begins
	RuleOverlap  = "overlap"  // it begins before the one before has ended
	RuleOrder    = "order"    // it begins before the one before begins
	RuleOutside  = "outside"  // it begins before the meeting, or ends after it
	RuleEmpty    = "empty"    // there is no item
	RuleTooLong  = "too-long" // there are more items than anybody reads
	maxItems     = 200
	separatesWho = "|"
)

// spans is a time, or two with something between them, at the beginning of a line.
var spans = regexp.MustCompile(`^([0-9]{1,2})[:：]([0-9]{2})(?:\s*(?:-|－|–|—|~|～|至|到|to)+\s*([0-9]{1,2})[:：]([0-9]{2}))?(?:\s+|$|[,，、])`)

// ParseAgenda reads an agenda as the field of that name holds it, a line for each item: a time or a span of time, what
// it is about, and behind a vertical bar whose turn it is; all but what it is about may be missing. Every line that is
// not blank gives an item, also one with a finding.
func ParseAgenda(text string) ([]Item, []Finding) {
	var items []Item
	var found []Finding
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if len(items) == maxItems {
			return items, append(found, finding(-1, RuleTooLong, fmt.Sprintf("议程超过 %d 项，后面的没有列出。", maxItems),
				fmt.Sprintf("There are more than %d items; what follows is not listed.", maxItems)))
		}
		it, faults := parseItem(line, len(items))
		items, found = append(items, it), append(found, faults...)
	}
	if len(items) == 0 {
		found = append(found, finding(-1, RuleEmpty, "议程还是空的。", "The agenda is empty."))
	}
	return items, append(found, order(items)...)
}

// parseItem reads a line.
func parseItem(line string, at int) (Item, []Finding) {
	var it Item
	var found []Finding
	rest := line
	if m := spans.FindStringSubmatch(line); m != nil {
		rest = strings.TrimSpace(line[len(m[0]):])
		var ok bool
		if it.Start, ok = clock(m[1], m[2]); !ok {
			found = append(found, badTime(at, m[1]+":"+m[2]))
		}
		if m[3] != "" {
			if it.End, ok = clock(m[3], m[4]); !ok {
				found = append(found, badTime(at, m[3]+":"+m[4]))
			}
		}
	}
	rest = strings.ReplaceAll(rest, "｜", separatesWho)
	title, who, _ := strings.Cut(rest, separatesWho)
	it.Title, it.Who = strings.TrimSpace(title), strings.TrimSpace(strings.ReplaceAll(who, separatesWho, "、"))
	if it.Title == "" {
		found = append(found, finding(at, RuleTitle, "没有写这一项的内容。", "Nothing says what this item is about."))
	}
	return it, found
}

// clock is a time of day as "HH:MM", or false when there is no such time.
func clock(hour, minute string) (string, bool) {
	if len(hour) == 1 {
		hour = "0" + hour
	}
	t := hour + ":" + minute
	return t, ValidTime(t)
}

// TidyTime writes a time of day as it is kept, "09:00", when it was typed as 9:00, 9：00, 900 or 9点; all else stays.
func TidyTime(typed string) string {
	s := strings.NewReplacer("：", ":", "点半", ":30", "点", ":", "分", "", " ", "").Replace(strings.TrimSpace(typed))
	if strings.HasSuffix(s, ":") {
		s += "00"
	}
	if n := len(s); !strings.Contains(s, ":") && (n == 3 || n == 4) {
		s = s[:n-2] + ":" + s[n-2:]
	}
	hour, minute, _ := strings.Cut(s, ":")
	if t, ok := clock(hour, minute); ok {
		return t
	}
	return typed
}

// ValidTime reports whether t is a time of day, "HH:MM" by the 24-hour clock.
func ValidTime(t string) bool {
	return len(t) == 5 && t[2] == ':' && t >= "00:00" && t <= "23:59" && t[3] <= '5' &&
		strings.Trim(t[:2]+t[3:], "0123456789") == ""
}

func badTime(at int, t string) Finding {
	return finding(at, RuleTime, "“"+t+"”不是一天里的时间，请写成 09:00 这样。", "“"+t+"” is no time of day; write it like 09:00.")
}

// order says where the times of items run against each other.
func order(items []Item) []Finding {
	var found []Finding
	last := Item{}
	for i, it := range items {
		if it.Start != "" && it.End != "" && it.End <= it.Start {
			found = append(found, finding(i, RuleEnd, "结束的时间不晚于开始的时间。", "It ends before it begins."))
		}
		switch {
		case it.Start == "":
			continue
		case last.Start != "" && it.Start < last.Start:
			found = append(found, finding(i, RuleOrder, "开始得比前一项还早。", "It begins before the item above begins."))
		case last.End != "" && it.Start < last.End:
			found = append(found, finding(i, RuleOverlap, "前一项还没有结束，这一项就开始了。", "It begins before the item above has ended."))
		}
		last = it
	}
	return found
}

// Outside says which items lie outside the meeting, which begins and ends at these times of day; "" is not known.
func Outside(items []Item, begins, ends string) []Finding {
	var found []Finding
	for i, it := range items {
		switch {
		case begins != "" && it.Start != "" && it.Start < begins:
			found = append(found, finding(i, RuleOutside, "比会议开始的时间还早。", "It begins before the meeting does."))
		case ends != "" && max(it.Start, it.End) > ends:
			found = append(found, finding(i, RuleOutside, "超过了会议预计结束的时间。", "It runs past the end of the meeting."))
		}
	}
	return found
}

func finding(at int, rule, zh, en string) Finding {
	return Finding{Item: at, Rule: rule, Text: procedure.Text{"zh": zh, "en": en}}
}

// FormatAgenda writes items as ParseAgenda reads them.
func FormatAgenda(items []Item) string {
	var b strings.Builder
	for _, it := range items {
		parts := []string{it.Start}
		if it.Start != "" && it.End != "" {
			parts[0] += "-" + it.End
		}
		parts = append(parts, oneLine(it.Title))
		if it.Who != "" {
			parts = append(parts, separatesWho, oneLine(it.Who))
		}
		b.WriteString(strings.TrimSpace(strings.Join(parts, " ")) + "\n")
	}
	return b.String()
}

// oneLine keeps what is typed into one line of an agenda apart from what the line is made of.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("|", "／", "｜", "／").Replace(s)), " ")
}
