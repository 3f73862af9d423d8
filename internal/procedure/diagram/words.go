package diagram

import (
	"fmt"

	"luoshi/internal/procedure"
)

// say is the fixed words of the pictures.
func say(lang, key string, args ...any) string {
	words := map[string]procedure.Text{
		"start":      {"zh": "提出", "en": "Brought"},
		"end":        {"zh": "结束", "en": "End"},
		"here":       {"zh": "现在在这里", "en": "It stands here now"},
		"suspended":  {"zh": "（在此暂停）", "en": "(stands still here)"},
		"lapse":      {"zh": "期满未办：%s", "en": "When time is up: %s"},
		"ended":      {"zh": "“%s”全部办结后", "en": "When every “%s” has ended"},
		"ended-do":   {"zh": "“%s”全部办结后：%s", "en": "When every “%s” has ended: %s"},
		"opens":      {"zh": "另立：%s", "en": "Opens: %s"},
		"goes-on":    {"zh": "转入规程：%s", "en": "Goes on as: %s"},
		"waits":      {"zh": "须先办结：%s", "en": "Only after: %s"},
		"tells":      {"zh": "同时告知：%s", "en": "Tells: %s"},
		"told":       {"zh": "由上面的事项带动", "en": "Told by the matter above"},
		"condition":  {"zh": "符合条件时", "en": "If conditions are met"},
		"title":      {"zh": "%s：流程图", "en": "%s: how it goes"},
		"desc":       {"zh": "从提出到结束，共%d个状态、%d个环节、%d个时限。同一内容的文字见规程页面。", "en": "From beginning to end: %d states, %d steps, %d time limits. The page of the procedure says the same in words."},
		"key-state":  {"zh": "状态", "en": "State"},
		"key-end":    {"zh": "结束", "en": "End"},
		"key-lapse":  {"zh": "期满，由系统办理", "en": "Time is up; the system acts"},
		"key-clock":  {"zh": "在此计算的时限", "en": "Time limit that runs here"},
		"key-stay":   {"zh": "可办，状态不变", "en": "Can be done; state stays"},
		"key-sub":    {"zh": "另立的事项", "en": "Matter opened beside it"},
		"doc-by":     {"zh": "由谁办理：%s", "en": "By: %s"},
		"doc-law":    {"zh": "依据：%s", "en": "Basis: %s"},
		"doc-tbc":    {"zh": "%s（依据待核实）", "en": "%s (to be confirmed)"},
		"limit":      {"zh": "%s：%s", "en": "%s: %s"},
		"doc-cal":    {"zh": "按日历“%s”计算。", "en": "Counted by the calendar “%s”."},
		"doc-remedy": {"zh": "救济：%s", "en": "Remedy: %s"},
		"late":       {"zh": "逾期，由系统记录", "en": "Late; the system records it"},
	}
	text := words[key].In(lang)
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}
