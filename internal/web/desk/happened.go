package desk

import "luoshi/internal/casework"

// happened reads what the address of a worklist asks for of the past, such as ended.2026-05, and says it in words.
func (s *Pages) happened(v words, text string) (h casework.Happened, said string, err error) {
	if text == "" {
		return h, "", nil
	}
	h, p, by, err := s.Service.HappenedIn(text)
	if err != nil {
		return h, "", err
	}
	return h, v.T("desk.happened-"+h.What, v.period(p, by)), nil
}
