package procedure

import (
	"fmt"
	"slices"
)

// EventOpen is the event that begins a matter; in Clock.Starts it stands beside the names of steps.
const EventOpen = "open"

// Situation is what the lawfulness of a step depends on: where the matter stands and who the actor is.
type Situation struct {
	State string
	// Roles tells whether the actor holds the role over the unit responsible for the matter. Nil: no role.
	Roles func(role string) bool
	// Superior tells it for a unit strictly above the responsible one, Referrer for the unit that referred the
	// matter last, Issuer for the unit that issued it. Nil: no role.
	Superior, Referrer, Issuer func(role string) bool
	// Relations tells whether the actor stands in the relation to the matter: party, party:<role>, assigned,
	// resident, system. Nil: no relation.
	Relations func(relation string) bool
	// Facts are what guards ask. Nil: guards are not asked, and the answer is what state and actor alone decide.
	Facts *Facts
}

// matches tells whether the actor is one of those named by w. A Who that names nobody matches nobody.
func (s Situation) matches(w Who) bool {
	if w.Role == "" && w.Relation == "" {
		return false
	}
	switch w.Relation {
	case RelationOwner:
		return holds(s.Roles, w.Role)
	case RelationSuperior:
		return holds(s.Superior, w.Role)
	case RelationReferrer:
		return holds(s.Referrer, w.Role)
	case RelationIssuer:
		return holds(s.Issuer, w.Role)
	}
	if w.Role != "" && !holds(s.Roles, w.Role) {
		return false
	}
	return w.Relation == "" || s.Relations != nil && s.Relations(w.Relation)
}

// holds tells whether a role is named and held.
func holds(roles func(role string) bool, role string) bool {
	return role != "" && roles != nil && roles(role)
}

// allows tells whether the guard of a step, if it has one, holds. One without a value does not.
func (s Situation) allows(g *Guard) bool {
	if g == nil || s.Facts == nil {
		return true
	}
	held, err := g.Holds(s.Facts)
	return err == nil && held
}

func (s Situation) matchesAny(by []Who) bool { return slices.ContainsFunc(by, s.matches) }

// MayOpen tells whether the actor may begin a matter. The state of s is not looked at.
func (p *Procedure) MayOpen(s Situation) bool { return s.matchesAny(p.Open.By) }

// LawfulSteps returns the steps the actor may take now, in declared order.
func (p *Procedure) LawfulSteps(s Situation) []*Step {
	var steps []*Step
	for _, step := range p.stepsFrom[s.State] {
		if s.matchesAny(step.By) && s.allows(step.Guard) {
			steps = append(steps, step)
		}
	}
	return steps
}

// Withheld are the steps that the actor could take here if their guards held, and why they do not, in declared order.
func (p *Procedure) Withheld(s Situation) []*NotLawful {
	var withheld []*NotLawful
	for _, step := range p.stepsFrom[s.State] {
		if s.matchesAny(step.By) && !s.allows(step.Guard) {
			withheld = append(withheld, p.notLawful(step.Name, s, Guarded))
		}
	}
	return withheld
}

// Lawful returns nil when the actor may take the step now, otherwise a *NotLawful.
func (p *Procedure) Lawful(step string, s Situation) error {
	declared := p.steps[step]
	switch {
	case declared == nil:
		return p.notLawful(step, s, UnknownStep)
	case !slices.Contains(declared.From, s.State):
		return p.notLawful(step, s, WrongState)
	case !s.matchesAny(declared.By):
		return p.notLawful(step, s, NotAllowed)
	case !s.allows(declared.Guard):
		return p.notLawful(step, s, Guarded)
	}
	return nil
}

// Reasons why a step is not lawful.
const (
	UnknownStep = "unknown-step" // the procedure has no such step
	WrongState  = "wrong-state"  // the step exists, but not where the matter stands now
	NotAllowed  = "not-allowed"  // the step exists here, but not for this actor
	Guarded     = "guard"        // the step exists here for this actor, but its condition is not met
)

// NotLawful says why a step may not be taken.
type NotLawful struct {
	Step, State string
	Reason      string // UnknownStep, WrongState, NotAllowed or Guarded

	text Text
}

// Error is the reason in English.
func (e *NotLawful) Error() string { return e.In("en") }

// In is the reason in words for the person, in zh or en.
func (e *NotLawful) In(lang string) string { return e.text.In(lang) }

// Text is the reason in the languages that there are: of a guard those in which the procedure says it.
func (e *NotLawful) Text() Text { return e.text }

func (p *Procedure) notLawful(step string, s Situation, reason string) *NotLawful {
	stepZh, stepEn := step, step
	if d := p.steps[step]; d != nil {
		stepZh, stepEn = d.Title.In("zh"), d.Title.In("en")
	}
	stateZh, stateEn := s.State, s.State
	if d := p.states[s.State]; d != nil {
		stateZh, stateEn = d.Title.In("zh"), d.Title.In("en")
	}
	var text Text
	switch reason {
	case UnknownStep:
		text = Text{
			"zh": fmt.Sprintf("这类事项没有“%s”这个环节。请刷新页面，看看现在可以做什么。", stepZh),
			"en": fmt.Sprintf("There is no step %q in this procedure. Reload the page to see what can be done now.", stepEn),
		}
	case WrongState:
		text = Text{
			"zh": fmt.Sprintf("事项现在处于“%s”，不能做“%s”。请刷新页面，看看现在可以做什么。", stateZh, stepZh),
			"en": fmt.Sprintf("The matter stands at %q now, where %q cannot be done. Reload the page to see what can be done now.", stateEn, stepEn),
		}
	case NotAllowed:
		text = Text{
			"zh": fmt.Sprintf("您不能做“%s”：这一步要由其他人来做。如果您认为应当由您来做，请与承办单位联系。", stepZh),
			"en": fmt.Sprintf("%q is for somebody else to do. If you think it is yours to do, ask the responsible office.", stepEn),
		}
	case Guarded:
		if text = p.steps[step].Guard.Else; len(text) > 0 {
			break
		}
		text = Text{
			"zh": fmt.Sprintf("现在还不能做“%s”：规程要求的条件没有满足。", stepZh),
			"en": fmt.Sprintf("%q cannot be done yet: what the procedure asks for is not met.", stepEn),
		}
	}
	return &NotLawful{Step: step, State: s.State, Reason: reason, text: text}
}

// ClocksStartedBy returns the clocks that an event starts, or starts again: EventOpen or the name of a step.
func (p *Procedure) ClocksStartedBy(event string) []*Clock { return p.starts[event] }

// ClocksStoppedBy returns the clocks that an event stops: the name of a step.
func (p *Procedure) ClocksStoppedBy(event string) []*Clock { return p.stops[event] }

// Suspended tells whether the clock does not run while the matter stands at state.
func (p *Procedure) Suspended(clock *Clock, state string) bool {
	return slices.ContainsFunc(clock.SuspendedIn, func(x Suspension) bool { return x.State == state })
}
