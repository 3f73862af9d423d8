package calendar

import "strconv"

// ISO is p as a duration of ISO 8601: "PT24H", "P15D", "P2M", "P1Y", and "PT0S" for at once. Working days have no
// form there: ok is false.
func (p Period) ISO() (duration string, ok bool) {
	n := strconv.Itoa(p.N)
	switch p.Unit {
	case AtOnce:
		return "PT0S", true
	case Hour:
		return "PT" + n + "H", true
	case Day:
		return "P" + n + "D", true
	case Month:
		return "P" + n + "M", true
	case Year:
		return "P" + n + "Y", true
	}
	return "", false
}
