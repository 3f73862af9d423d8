package casework

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"luoshi/internal/office"
)

// Worklist is a restriction of the list of matters that a member of staff keeps under a name. It never holds words of
// a search: a name that somebody searches for again and again would be a list of persons.
type Worklist struct {
	Login string
	Name  string
	Query string // as the pages write it; they alone understand it
	Added string // as an act writes a time
}

// Bounds of what somebody keeps.
const (
	MaxWorklists = 20
	MaxName      = 40  // characters of the name of a worklist or of a text for replies
	maxQuery     = 500 // bytes
)

// KeepWorklist keeps a worklist under a name; one of that name is replaced.
func (s *Service) KeepWorklist(ctx context.Context, a office.Actor, name, query string) error {
	if a.Account == nil {
		return errSession()
	}
	name, err := shortName(name)
	if err != nil {
		return err
	}
	if len(query) > maxQuery {
		return invalid("query", "too-long", "筛选条件太长，请减少一些。", "The filter is too long; leave something out.")
	}
	have, err := s.Worklists(ctx, a)
	if err != nil {
		return err
	}
	if len(have) >= MaxWorklists && !slices.ContainsFunc(have, func(w Worklist) bool { return w.Name == name }) {
		return invalid("name", "too-many", "最多保存 20 个清单，请先删除一个。", "You keep 20 lists, and that is as many as there may be. Delete one first.")
	}
	return storeError(s.Store.PutWorklist(ctx, Worklist{Login: a.Account.Login, Name: name, Query: query, Added: FormatTime(s.Now())}))
}

// Worklists are those the account keeps, the oldest first.
func (s *Service) Worklists(ctx context.Context, a office.Actor) ([]Worklist, error) {
	if a.Account == nil {
		return nil, nil
	}
	lists, err := s.Store.Worklists(ctx, a.Account.Login)
	return lists, storeError(err)
}

// DropWorklist forgets one; that there is none is no fault.
func (s *Service) DropWorklist(ctx context.Context, a office.Actor, name string) error {
	if a.Account == nil {
		return errSession()
	}
	return storeError(s.Store.DropWorklist(ctx, a.Account.Login, name))
}

// shortName is a name of one line as it is kept.
func shortName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", invalid("name", "required", "请填写名称。", "Give it a name.")
	case utf8.RuneCountInString(name) > MaxName:
		return "", invalid("name", "too-long", "名称最多 40 个字。", "The name may have 40 characters at most.")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", invalid("name", "one-line", "名称里有不能显示的字符，请重新填写。", "The name has a character that cannot be shown; type it anew.")
	}
	return name, nil
}
