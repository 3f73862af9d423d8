package author

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/trial"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

const (
	maxMoves = 1 << 20 // bounds the moves that travel in a form, in bytes of JSON

	// A trial begins when its page was opened; what is outside of these years was not written by this program.
	firstYear, lastYear = 2000, 2200
)

// sitting is a trial with all that a form carries from one page to the next: nothing of it is kept here.
type sitting struct {
	key    string // of a published procedure, id@version; empty: source is tried
	source string // a declaration that is not published
	start  time.Time
	moves  []trial.Move
	look   string // number of the matter on the page; empty: the first

	play *trial.Trial
}

// TryStart chooses what to try.
func (s *Pages) TryStart(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	v := s.words(site.LanguageOf(r))
	page := &tryStartPage{}
	page.Title, page.Staff = v.T("try.title"), v.Account(a.Account.Login)
	page.Procedures = s.tryable(v)
	return s.Render(w, r, http.StatusOK, page)
}

// TryPublished begins a trial of a published version, the newest unless the address names one.
func (s *Pages) TryPublished(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	key := r.PathValue("id")
	if version := r.URL.Query().Get("version"); version != "" {
		key += "@" + version
	}
	rules := s.Service.Rules(key)
	if rules == nil {
		return site.ErrNoPage()
	}
	sit := &sitting{key: rules.Procedure.Key(), start: s.Service.Now()}
	v := s.words(site.LanguageOf(r))
	if err := s.seat(r.Context(), v, a, sit); err != nil {
		return err
	}
	page, err := s.newTryPage(r.Context(), v, a, sit, url.Values{}, nil)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, page)
}

// Try plays the moves of the form again and makes one more.
func (s *Pages) Try(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Uploaded(r, "source")
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	sit, err := s.sittingOf(form)
	if err != nil {
		return err
	}
	err = s.seat(r.Context(), v, a, sit)
	if found := casework.Findings(err); found != nil { // what cannot be read cannot be tried: say why
		page, err := s.checked(v, a, form)
		if err != nil {
			return err
		}
		return s.Render(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	refused := s.turn(r.Context(), sit, form)
	if refused != nil && refused.err.Kind == casework.Internal {
		return refused.err
	}
	page, err := s.newTryPage(r.Context(), v, a, sit, form, refused)
	if err != nil {
		return err
	}
	code := http.StatusOK
	if refused != nil {
		code = http.StatusUnprocessableEntity
	}
	return s.Render(w, r, code, page)
}

func (s *Pages) sittingOf(form url.Values) (*sitting, error) {
	sit := &sitting{key: form.Get("procedure"), source: form.Get("source"), look: form.Get("look"), start: s.Service.Now()}
	if t, err := time.Parse(time.RFC3339, form.Get("start")); err == nil && firstYear <= t.Year() && t.Year() <= lastYear {
		sit.start = t
	}
	text := form.Get("moves")
	if len(text) > maxMoves {
		return nil, site.Unreadable(nil)
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &sit.moves); err != nil {
			return nil, site.Unreadable(err)
		}
	}
	switch do, number, _ := strings.Cut(form.Get("do"), " "); do {
	case "look":
		sit.look = number
	case "undo":
		sit.moves = sit.moves[:max(0, len(sit.moves)-1)]
	case "again":
		sit.moves, sit.look = nil, ""
	}
	return sit, nil
}

// seat plays the moves so far.
func (s *Pages) seat(ctx context.Context, v words, a office.Actor, sit *sitting) error {
	set := trial.Setting{Kinds: s.Service.Kinds, Calendars: s.Service.Calendars(), Start: sit.start, Lang: v.Lang,
		Find: func(id string) *procedure.Procedure { return s.Service.Published()[id] }}
	if sit.key != "" {
		rules := s.Service.Rules(sit.key)
		if rules == nil {
			return site.ErrNoPage()
		}
		set.Procedure = rules.Procedure
	} else {
		p, found, err := s.Service.Check(a, "source", []byte(sit.source))
		if err != nil {
			return err
		}
		if p == nil {
			all := procedure.Errors(found)
			return &all
		}
		set.Procedure = p
	}
	var err error
	sit.play, err = trial.Play(ctx, set, sit.moves)
	return err
}

// refusal is a move that was not accepted, with what was typed.
type refusal struct {
	choice string // prefix of the form, see choiceKey
	form   url.Values
	err    *casework.Error
}

// turn makes the move that the pressed button stands for, if it is one.
func (s *Pages) turn(ctx context.Context, sit *sitting, form url.Values) *refusal {
	do, choice, _ := strings.Cut(form.Get("do"), " ")
	var m trial.Move
	switch do {
	case "next":
		m = trial.Move{Until: trial.Next}
	case "until":
		m = trial.Move{Until: cmp.Or(form.Get("until"), "-")}
	case "open":
		m = openingMove(sit.play.Procedure, inner(form, choice))
		m.By = form.Get("by")
	case "take":
		by, step, _ := strings.Cut(choice, " ")
		m = stepMove(step, inner(form, choice))
		m.By, m.Matter = by, sit.shown()
	default:
		return nil
	}
	if err := sit.play.Take(ctx, m); err != nil {
		return &refusal{choice, inner(form, choice), casework.AsError(err)}
	}
	sit.moves = append(sit.moves, m)
	return nil
}

// shown is the number of the matter on the page.
func (sit *sitting) shown() string {
	all := sit.play.Matters()
	for _, n := range all {
		if n == sit.look {
			return n
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return ""
}

// inner is the part of a form below a prefix, under the names that a form of its own would have.
func inner(form url.Values, prefix string) url.Values {
	out := url.Values{}
	for name, values := range form {
		if rest, ok := strings.CutPrefix(name, prefix+"/"); ok {
			out[rest] = values
		}
	}
	return out
}

func stepMove(step string, form url.Values) trial.Move {
	cmd := matter.CommandOf(step, form)
	return trial.Move{Step: step, Fields: cmd.Fields, Note: cmd.Note, Unit: cmd.Unit, Assignee: cmd.Assignee, Sub: cmd.Sub, Onward: cmd.Onward}
}

func openingMove(p *procedure.Procedure, form url.Values) trial.Move {
	l := matter.LodgingOf(p, form)
	return trial.Move{Step: procedure.EventOpen, Unit: l.Unit, Channel: form.Get("channel"), Title: l.Title, Fields: l.Fields, Parties: l.Parties}
}
