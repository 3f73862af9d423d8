package report

import (
	"encoding/json"
	"fmt"
)

// Finding is something that does not add up in a text, or that was understood only in part.
type Finding struct {
	Rule       string // count, gap, start
	Start, End int    // the words it is about
	zh, en     string
}

// In is the sentence in "zh" or "en".
func (f Finding) In(lang string) string {
	if lang == "zh" {
		return f.zh
	}
	return f.en
}

// MarshalJSON gives the message in both languages.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Rule    string `json:"rule"`
		Message string `json:"message"`
		Chinese string `json:"message_zh"`
		Start   int    `json:"start"`
		End     int    `json:"end"`
	}{f.Rule, f.en, f.zh, f.Start, f.End})
}

// miscounted: the lead-in announces another number than there are items.
func miscounted(at extent, announced, found int) Finding {
	return Finding{"count", at.start, at.end,
		fmt.Sprintf("文中说有 %d 项，读到 %d 项。请对照原文。", announced, found),
		fmt.Sprintf("the text announces %d and %d were found; compare with the text", announced, found)}
}

// leapt: an ordinal does not follow the one before.
func leapt(at extent, before, now int) Finding {
	return Finding{"gap", at.start, at.end,
		fmt.Sprintf("序号从 %d 到 %d 不连续。请对照原文。", before, now),
		fmt.Sprintf("the ordinals go from %d to %d; compare with the text", before, now)}
}

// startsLate: a series does not begin with its first ordinal.
func startsLate(at extent, first int) Finding {
	return Finding{"start", at.start, at.end,
		fmt.Sprintf("这一组从第 %d 项开始，前面的没有读到。请对照原文。", first),
		fmt.Sprintf("this series begins with number %d; what comes before was not found; compare with the text", first)}
}
