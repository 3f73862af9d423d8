package soundness

import (
	"fmt"
	"maps"
	"slices"

	"luoshi/internal/procedure"
)

// doubt is what was not proved because of the guard of one step.
type doubt struct {
	at            int32  // first situation that shows it
	states, steps things // that they can be reached, or taken
	ends          things // states from which an end can be reached
}

// doubt notes a conclusion that depends on the guards of these steps, under the first.
func (v *verdict) doubt(steps []int, at int32, add func(*doubt)) {
	d := v.doubts[steps[0]]
	if d == nil {
		d = &doubt{at: at}
		v.doubts[steps[0]] = d
	}
	add(d)
}

// notProved gives one warning for each guard on which something depends.
func (v *verdict) notProved() {
	for _, i := range slices.Sorted(maps.Keys(v.doubts)) {
		d := v.doubts[i]
		v.warn(fmt.Sprintf("steps[%d].guard", i), ruleNotProved, v.way(d.at), say(
			"步骤%[1]s的条件要看%[2]s，取值不能一一列举，两种结果都考虑了。因此没有证明：%[3]s",
			"the guard of %[1]s asks for %[2]s, whose values cannot be enumerated; both outcomes were walked. So it is not proved %[3]s",
			v.stepThing(i), askedBy{v, []int{i}}, d))
	}
}

// in lists what is not proved.
func (d *doubt) in(lang string) string {
	var parts []string
	add := func(l things, zh, en string) {
		if len(l) > 0 {
			parts = append(parts, procedure.Text{"zh": fmt.Sprintf(zh, l.in("zh")), "en": fmt.Sprintf(en, l.in("en"))}.In(lang))
		}
	}
	add(d.steps, "步骤%s可以做到", "that the steps can be taken: %s")
	add(d.states, "状态%s可以走到", "that the states can be reached: %s")
	add(d.ends, "从状态%s可以走到终点", "that an end can be reached from: %s")
	if lang == "zh" {
		return joined(parts, "；")
	}
	return joined(parts, "; ")
}
