package procedure

import (
	"fmt"
	"slices"
	"strings"
)

// Units that a sub-matter may go to: Opens.Unit.
const (
	OpensAtOwner    = "owner"    // the unit that has this matter when the step is taken
	OpensAtReferrer = "referrer" // the unit that referred this matter last
	OpensAtSuperior = "superior" // the unit right above the one that has this matter
	OpensAtChosen   = "choose"   // whoever takes the step names it
	OpensAtSeveral  = "several"  // whoever takes the step names one or more, each of which gets a sub-matter of its own
)

// Reasons why sub-matters do not let a step be taken.
const (
	Waits       = "waits"         // one that the step waits for, or that must end before this matter, has not ended
	TooManySubs = "too-many-subs" // as many are outstanding as may be at once
)

// Hindered says why the sub-matters that have not ended, counted by sub, do not let the step be taken now; nil
// when they do. A step waits for those it names, and one by which the matter
// leaves the procedure, at an end or into another one, for all that are not detached.
func (p *Procedure) Hindered(step *Step, outstanding map[string]int) *NotLawful {
	if waits := p.waitsFor(step, outstanding); len(waits) > 0 {
		return &NotLawful{Step: step.Name, Reason: Waits, text: Text{
			"zh": fmt.Sprintf("“%s”要等以下事项办结后才能做：%s。", step.Title.In("zh"), namesOfSubs(waits, outstanding, "zh", "（%d 件）", "、")),
			"en": fmt.Sprintf("%q has to wait until these have ended: %s.", step.Title.In("en"), namesOfSubs(waits, outstanding, "en", " (%d)", ", ")),
		}}
	}
	if step.Opens == nil {
		return nil
	}
	if sub := p.subs[step.Opens.Sub]; sub.Max > 0 && outstanding[sub.Name] >= sub.Max {
		return &NotLawful{Step: step.Name, Reason: TooManySubs, text: Text{
			"zh": fmt.Sprintf("“%s”同时最多 %d 件，等其中一件办结后才能再做“%s”。", sub.Title.In("zh"), sub.Max, step.Title.In("zh")),
			"en": fmt.Sprintf("At most %d of %q may be open at once; wait until one of them has ended before %q.", sub.Max, sub.Title.In("en"), step.Title.In("en")),
		}}
	}
	return nil
}

// waitsFor are the subs for whose outstanding matters the step has to wait, in the order they are declared.
func (p *Procedure) waitsFor(step *Step, outstanding map[string]int) []*Sub {
	var subs []*Sub
	for i := range p.Subs {
		sub := &p.Subs[i]
		if outstanding[sub.Name] > 0 && (step.Leaves() && !sub.Detached || slices.Contains(step.Waits, sub.Name)) {
			subs = append(subs, sub)
		}
	}
	return subs
}

func namesOfSubs(subs []*Sub, outstanding map[string]int, lang, count, between string) string {
	names := make([]string, len(subs))
	for i, s := range subs {
		names[i] = s.Title.In(lang) + fmt.Sprintf(count, outstanding[s.Name])
	}
	return strings.Join(names, between)
}
