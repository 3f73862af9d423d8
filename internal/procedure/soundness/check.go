package soundness

import (
	"cmp"
	"errors"
	"slices"

	"luoshi/internal/procedure"
)

// Options say what is known beside the declaration.
type Options struct {
	// Kinds are the kinds of unit and their roles. Nil: it is not asked whether kinds exist and roles have holders.
	Kinds *procedure.Kinds
	// Find gives the newest version of another procedure, for sub-matters and for matters that go on in it, or
	// nil if there is none. A nil Find gives a warning for each.
	Find func(id string) *procedure.Procedure
	// Most is how many situations are walked before the procedure is called too large; 0: 400,000.
	Most int
}

// mostSituations is the default of Options.Most. Packs have some hundreds.
const mostSituations = 400_000

// CheckSource loads a declaration and checks it. The procedure is nil when it could not be loaded; the findings
// are those of Load or those of Check, in the order of the text.
func CheckSource(name string, src []byte, o Options) (*procedure.Procedure, []procedure.Finding) {
	p, err := procedure.Load(name, src)
	var found *procedure.Errors
	if errors.As(err, &found) {
		return nil, *found
	}
	return p, Check(p, o)
}

// Check finds everything that is unsound in a loaded procedure, in the order of the text. No finding of severity
// error: it is sound as far as doc/procedures.md says; no warning either: all of that was proved.
func Check(p *procedure.Procedure, o Options) []procedure.Finding {
	c := &checker{p: p, o: o}
	c.text()
	if len(p.Clocks) > mostClocks {
		c.error("clocks", ruleTooLarge, nil, say("时限超过 %[1]d 个，请拆分规程", "there are more than %[1]d clocks; split the procedure", mostClocks))
	} else if m := newModel(p, o); m == nil {
		c.tooLarge()
	} else if w := walk(m); w == nil {
		c.tooLarge()
	} else {
		c.verdicts(w)
	}
	slices.SortStableFunc(c.found, func(a, b procedure.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return c.found
}

func (o Options) most() int {
	if o.Most > 0 {
		return o.Most
	}
	return mostSituations
}

// checker collects findings.
type checker struct {
	p     *procedure.Procedure
	o     Options
	found []procedure.Finding
}

func (c *checker) report(path, rule, severity string, way []procedure.Move, words procedure.Text) {
	f := c.p.At(path, rule, severity, words)
	f.Path = way
	c.found = append(c.found, f)
}

func (c *checker) error(path, rule string, way []procedure.Move, words procedure.Text) {
	c.report(path, rule, procedure.SeverityError, way, words)
}

func (c *checker) warn(path, rule string, way []procedure.Move, words procedure.Text) {
	c.report(path, rule, procedure.SeverityWarning, way, words)
}

func (c *checker) tooLarge() {
	c.error("states", ruleTooLarge, nil, say(
		"状态、时限、办理人、子事项和条件组合出的情形超过 %[1]d 种，没有走完，所以什么都没有证明。请拆分规程，或者减少条件。",
		"states, clocks, people, sub-matters and guards combine in more than %[1]d situations; not all were walked, so nothing is proved. Split the procedure or use fewer guards", c.o.most()))
}

// text runs the rules that need no walk.
func (c *checker) text() {
	c.kindsExist()
	c.exposed()
	c.undeclaredAdverse()
	c.endedRules()
	c.guardChoices()
	c.blindParties()
	c.subMatters()
	c.continuations()
}

// verdicts runs the rules over everything that was walked.
func (c *checker) verdicts(w *walked) {
	v := &verdict{checker: c, walked: w, doubts: map[int]*doubt{}}
	v.reached()
	v.extensions()
	v.fired()
	v.situations()
	v.completion()
	v.clocksStart()
	v.holders()
	v.notProved()
}
