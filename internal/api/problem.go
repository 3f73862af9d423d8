package api

import (
	"net/http"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"
)

// Problem is an error answer: problem details after RFC 9457, with a stable code and, per field, what is
// wrong. It never repeats values that were sent: they may be personal.
type Problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Code    string         `json:"code"`
	Detail  string         `json:"detail"`
	Errors  []ProblemField `json:"errors,omitempty"`
	Current *MatterState   `json:"current,omitempty" doc:"with 409: where the matter stands now"`
	// Findings are what is wrong with a procedure or a mapping that was sent.
	Findings []procedure.Finding `json:"findings,omitempty"`

	retryAfter string
}

// ProblemField is what is wrong with one member of the request.
type ProblemField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// MatterState is where a matter stands.
type MatterState struct {
	Number   string `json:"number"`
	Version  int    `json:"version"`
	State    string `json:"state"`
	Unit     string `json:"unit"`
	Assignee string `json:"assignee,omitempty"`
	Changed  string `json:"changed"`
}

func (p *Problem) Error() string               { return p.Detail }
func (p *Problem) GetStatus() int              { return p.Status }
func (p *Problem) ContentType(_ string) string { return "application/problem+json" }
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter != "" {
		h.Set("Retry-After", p.retryAfter)
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="luoshi"`)
	}
	return h
}

var statuses = map[casework.ErrorKind]int{
	casework.Internal: http.StatusInternalServerError, casework.NotFound: http.StatusNotFound,
	casework.Invalid: http.StatusUnprocessableEntity, casework.NotAllowed: http.StatusForbidden,
	casework.Conflict: http.StatusConflict, casework.KeyReused: http.StatusUnprocessableEntity,
	casework.Unavailable: http.StatusServiceUnavailable, casework.Unknown: http.StatusServiceUnavailable,
	casework.TooMany: http.StatusTooManyRequests,
}

// problem turns an error into an answer in the language of who asks. The cause of an internal error goes to
// the log and not into the answer.
func (a *API) problem(err error, lang string) error {
	e := casework.AsError(err)
	if e.Kind == casework.Internal || e.Kind == casework.Unavailable || e.Kind == casework.Unknown {
		a.Log.Error("request failed", "code", e.Code, "cause", e.Cause)
	}
	p := &Problem{Type: "about:blank", Status: statuses[e.Kind], Code: e.Code, Detail: e.Text.In(lang)}
	if e.Code == "bad-token" || e.Code == "sign-in-needed" {
		p.Status = http.StatusUnauthorized
	}
	p.Title = http.StatusText(p.Status)
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{f.Field, f.Code, f.Text.In(lang)})
	}
	p.Findings = findings(casework.Findings(err), lang)
	if m := e.Current; m != nil {
		p.Current = &MatterState{m.Number, m.Version, m.State, m.Unit, m.Assignee, m.Changed}
	}
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		p.retryAfter = "10"
	}
	return p
}

// UseProblems makes huma's own errors (a body that does not fit the schema, an unknown media type) the same
// kind of answer. It sets a hook of huma's and is called once, by the program's start.
func UseProblems() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code(status), Detail: msg}
		for _, err := range errs {
			f := ProblemField{Code: "schema", Message: err.Error()}
			if d, ok := err.(huma.ErrorDetailer); ok {
				detail := d.ErrorDetail()
				f.Field, f.Message = strings.TrimPrefix(detail.Location, "body."), detail.Message
			}
			p.Errors = append(p.Errors, f)
		}
		return p
	}
}

func code(status int) string {
	return strings.ToLower(strings.ReplaceAll(http.StatusText(status), " ", "-"))
}

var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// languageOf chooses zh or en for who asks.
func languageOf(accept string) string {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return "en"
	}
	_, i, _ := languages.Match(tags...)
	return []string{"zh", "en"}[i]
}
