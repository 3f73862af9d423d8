package casework

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"time"

	"luoshi/internal/office"
)

// maxListed bounds the matters of the public list, and listedAfter says how long one stays there after it has ended.
const (
	maxListed   = 2000
	listedAfter = 30 * 24 * time.Hour
)

// list notes since when the procedure shows the matter to everybody, of those procedures that do so by a condition. That
// follows from the procedure, so it is done beside the fold, after it. Nothing of a matter that was erased is listed.
func (s *Service) list(m *Matter, a *Act, rules *Rules) {
	public := rules.Procedure.Public
	at := time.UnixMilli(millis(a.Time))
	switch {
	case public == nil || public.When == "" || a.Kind == Erased || !public.Shown(s.factsAt(m, at)):
		m.Listed = ""
	case m.Listed == "":
		m.Listed = a.Time
	}
}

// listedToken is the token under which a matter is found that is listed for the public: one for those that are open, one
// for each month of those that have ended. It is "" for one that is not.
func listedToken(m *Matter) string {
	switch {
	case m.Listed == "":
		return ""
	case m.Ended == "":
		return tokenListed("open")
	}
	return tokenListed(m.Ended[:len("2006-01")])
}

func tokenListed(which string) string { return "listed0x" + hex.EncodeToString([]byte(which)) }

// Listed are the matters that are listed for the public now, or that ended while they were, within 30 days: of a unit and
// those below it, or of all for "". The one listed last comes first. What is known of them is what Public gives.
func (s *Service) Listed(ctx context.Context, unit string) ([]*PublicView, error) {
	now := s.Now()
	q := Query{Scope: office.Actor{System: true}.ReadScope(s.Tree()), Order: Newest, Limit: 200}
	if unit != "" {
		if q.Below = s.Tree().Below(unit); len(q.Below) == 0 {
			return nil, nil
		}
	}
	var views []*PublicView
	for _, token := range listedTokens(now) {
		q.Tokens, q.Cursor = []string{token}, ""
		all, err := s.mattersOf(ctx, q, maxListed-len(views))
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			rules := s.Rules(m.Procedure)
			over := m.Ended != "" && now.UnixMilli()-m.EndedAt() > listedAfter.Milliseconds()
			if m.Listed == "" || over || rules == nil || !rules.Procedure.Public.Shown(s.facts(m)) {
				continue
			}
			if v := publicView(m, rules, now); unit == "" || v.Unit != "" { // whose it is, is not always said
				views = append(views, v)
			}
		}
	}
	slices.SortFunc(views, func(a, b *PublicView) int {
		return cmp.Or(b.Listed.Compare(a.Listed), cmp.Compare(b.Number, a.Number))
	})
	return views, nil
}

// listedTokens are that of open matters and those of the months in which one ended that is still shown.
func listedTokens(now time.Time) []string {
	tokens := []string{tokenListed("open")}
	for t := now.Add(-listedAfter).UTC(); ; t = time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC) {
		if t.After(now) {
			return tokens
		}
		tokens = append(tokens, tokenListed(t.Format("2006-01")))
	}
}
