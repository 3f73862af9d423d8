package author

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"
	"luoshi/internal/procedure/prose"
	"luoshi/internal/web/site"
)

// checkPage is what an author sees of a declaration that is not published yet: what is wrong with it and where, the
// picture with the way to one of the findings, and the declaration read aloud.
type checkPage struct {
	site.Frame
	Source   string
	Checked  bool
	Summary  string
	Sound    bool // nothing forbids to publish it
	Findings []checkedFinding
	Shown    string // number of the finding whose way is marked
	Way      string
	Diagram  template.HTML // empty when the text cannot be read
	Prose    string
	Lines    []sourceLine
	Rules    []ruleText
}

func (*checkPage) Template() string { return "check" }

// checkedFinding is a finding with what the page links it to.
type checkedFinding struct {
	findingView
	Number int // from 1
	Line   int // 0: it has no place
	Shown  bool
}

// sourceLine is one line of the declaration.
type sourceLine struct {
	Number int
	Text   string
	Found  string // numbers of the findings there
	Shown  bool
}

// ruleText explains a rule of which a finding was made.
type ruleText struct{ Name, Text string }

// CheckForm shows the empty form, or the published declaration that the address names.
func (s *Pages) CheckForm(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	source := ""
	if rules := s.Service.Rules(r.URL.Query().Get("procedure")); rules != nil {
		b, err := s.Service.Declaration(r.Context(), rules.Procedure)
		if err != nil {
			return err
		}
		source = string(b)
	}
	return s.Render(w, r, http.StatusOK, s.newCheckPage(s.words(site.LanguageOf(r)), a, source))
}

func (s *Pages) newCheckPage(v words, a office.Actor, source string) *checkPage {
	page := &checkPage{Source: source}
	page.Title, page.Staff = v.T("check.title"), v.Account(a.Account.Login)
	return page
}

// Check says what is wrong with a declaration, without keeping it.
func (s *Pages) Check(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Uploaded(r, "source")
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	page, err := s.checked(v, a, form)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, page)
}

// checked is the page for a text that was sent.
func (s *Pages) checked(v words, a office.Actor, form url.Values) (*checkPage, error) {
	source := form.Get("source")
	p, found, err := s.Service.Check(a, "source", []byte(source))
	if err != nil {
		return nil, err
	}
	page := s.newCheckPage(v, a, source)
	page.Checked, page.Sound = true, !slices.ContainsFunc(found, isError)
	page.Summary = v.checkSummary(found)
	shown := slices.IndexFunc(found, func(f procedure.Finding) bool { return len(f.Path) > 0 })
	if n, err := strconv.Atoi(form.Get("finding")); err == nil && n >= 1 && n <= len(found) {
		shown = n - 1
	}
	for i, f := range v.findings(found) {
		if p != nil {
			f.Way = v.way(p, found[i].Path)
		}
		page.Findings = append(page.Findings, checkedFinding{f, i + 1, found[i].Line, i == shown})
	}
	page.Lines, page.Rules = sourceLines(source, found, shown), v.ruleTexts(found)
	if p == nil {
		return page, nil
	}
	var path []procedure.Move
	if shown >= 0 {
		path = found[shown].Path
		page.Shown, page.Way = strconv.Itoa(shown+1), v.way(p, path)
	}
	page.Diagram = template.HTML(diagram.SVG(p, diagram.Options{Lang: v.Lang, Path: path})) // escaped where it is drawn; a test keeps it free of script
	var b bytes.Buffer
	if err := prose.Write(&b, p, prose.Options{Lang: v.Lang, Kinds: s.Service.Kinds}); err != nil {
		return nil, err
	}
	page.Prose = b.String()
	return page, nil
}

func isError(f procedure.Finding) bool { return f.Severity == procedure.SeverityError }

func (v words) checkSummary(found []procedure.Finding) string {
	faults := 0
	for _, f := range found {
		if isError(f) {
			faults++
		}
	}
	switch {
	case faults > 0 && faults == len(found):
		return v.T("check.only-faults", faults)
	case faults > 0:
		return v.T("check.faults", faults, len(found)-faults)
	case len(found) > 0:
		return v.T("check.warnings", len(found))
	}
	return v.T("check.sound")
}

// way says in titles which way leads to a finding.
func (v words) way(p *procedure.Procedure, path []procedure.Move) string {
	parts := make([]string, len(path))
	for i, m := range path {
		parts[i] = v.event(p, m.Event) + " → " + v.State(p, m.State)
	}
	return strings.Join(parts, v.T("check.then"))
}

// event is the title of what happens on a way.
func (v words) event(p *procedure.Procedure, event string) string {
	kind, name, _ := strings.Cut(event, " ")
	switch {
	case event == procedure.EventOpen:
		return v.T("check.open")
	case kind == "lapse" && p.Clock(name) != nil:
		return v.T("check.lapse", v.Say(p.Clock(name).Title))
	case kind == "ended" && p.Sub(name) != nil:
		return v.T("check.ended", v.Sub(p, name))
	case p.Step(event) != nil:
		return v.Say(p.Step(event).Title)
	}
	return event
}

// sourceLines numbers the lines and marks those where something was found.
func sourceLines(source string, found []procedure.Finding, shown int) []sourceLine {
	texts := strings.Split(strings.TrimSuffix(source, "\n"), "\n")
	if len(source) > procedure.MaxSource {
		return nil // it is not read either
	}
	lines := make([]sourceLine, len(texts))
	for i, text := range texts {
		lines[i] = sourceLine{Number: i + 1, Text: text}
	}
	for i, f := range found {
		if f.Line < 1 || f.Line > len(lines) {
			continue
		}
		l := &lines[f.Line-1]
		if l.Found != "" {
			l.Found += ", "
		}
		l.Found += strconv.Itoa(i + 1)
		l.Shown = l.Shown || i == shown
	}
	return lines
}

// ruleTexts explains each rule once, in the order of the findings.
func (v words) ruleTexts(found []procedure.Finding) []ruleText {
	var rules []ruleText
	for _, f := range found {
		if !slices.ContainsFunc(rules, func(r ruleText) bool { return r.Name == f.Rule }) {
			rules = append(rules, ruleText{f.Rule, v.T("rule." + f.Rule)})
		}
	}
	return rules
}
