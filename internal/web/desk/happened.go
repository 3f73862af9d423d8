package desk

import (
	"strings"

	"luoshi/internal/casework"
)

// happened reads what the address of a worklist asks for of the past, such as ended.2026-05, and says it in words.
func (s *Pages) happened(v words, text string) (h casework.Happened, said string, err error) {
	if text == "" {
		return h, "", nil
	}
	what, name, _ := strings.Cut(text, ".")
	p, by, ok := s.Service.Period(name)
	switch what {
	case casework.Opened, casework.Ended, casework.BecameLate:
	default:
		ok = false
	}
	if !ok {
		return h, "", &casework.Error{Kind: casework.NotFound, Code: "no-such-period",
			Text: map[string]string{"zh": "没有这个时段的清单。可以从“概览”打开最近 12 个月或 52 周的清单。", "en": "There is no list for this time. The overview opens those of the last 12 months or 52 weeks."}}
	}
	return casework.Happened{What: what, From: p.From.UnixMilli(), To: p.To.UnixMilli()}, v.T("desk.happened-"+what, v.period(p, by)), nil
}
