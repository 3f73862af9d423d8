package feed

import (
	"fmt"

	"luoshi/internal/procedure"
)

// texts is one text in the languages of the product, with places for what is put in.
type texts = procedure.Text

type vocabulary struct {
	name, category, offTitle, declinedTitle, above, off, declined, answerBy, when, caller, attends, contact, agenda, page texts
}

func words() vocabulary {
	return vocabulary{
		name:          texts{"zh": "会议", "en": "Meetings"},
		category:      texts{"zh": "会议", "en": "Meeting"},
		offTitle:      texts{"zh": "已取消：%s", "en": "Cancelled: %s"},
		declinedTitle: texts{"zh": "已请假：%s", "en": "Declined: %s"},
		above:         texts{"zh": "上级单位的分会场", "en": "The branch venue of an office above"},
		off:           texts{"zh": "会议取消了，不用参加。", "en": "The meeting was cancelled; nobody need come."},
		declined:      texts{"zh": "本单位已经请假。", "en": "Your office has declined."},
		answerBy:      texts{"zh": "还没有回复，请在 %s 前回复。", "en": "Not answered yet. Please answer by %s."},
		when:          texts{"zh": "时间：%s（%s）", "en": "When: %s (%s)"},
		caller:        texts{"zh": "召集单位：%s", "en": "Called by: %s"},
		attends:       texts{"zh": "要谁参加：%s", "en": "Who is to come: %s"},
		contact:       texts{"zh": "会务电话：%s", "en": "Telephone of the organisers: %s"},
		agenda:        texts{"zh": "议程：\n%s", "en": "Agenda:\n%s"},
		page:          texts{"zh": "回复、材料和签到：%s（请在网页上回复，日历里的“接受”送不到召集单位）", "en": "Answer, papers and attendance: %s (answer on the page; what is pressed in the calendar does not reach the office)"},
	}
}

func (r Reader) say(text texts, args ...any) string {
	if len(args) == 0 {
		return text.In(r.Lang)
	}
	return fmt.Sprintf(text.In(r.Lang), args...)
}
