package casework

import (
	"slices"
	"time"

	"luoshi/internal/procedure"
)

// checkIssuer says why a unit cannot issue a matter to another: it is not of the kinds that do, or the other does not
// lie below it. Where matters are not issued there is no issuer.
func (s *Service) checkIssuer(reject func(field, code, zh, en string), rules *Rules, unit, issuer string) {
	p := rules.Procedure
	if len(p.Open.Issuers) == 0 {
		if issuer != "" {
			reject("issuer", "not-asked", "这类事项不由单位交办。", "Matters of this kind are not issued by an office.")
		}
		return
	}
	from, ok := s.Tree().Unit(issuer)
	switch {
	case !ok:
		reject("issuer", "unknown", "请写明交办单位。", "Say which office issues it.")
	case !slices.Contains(p.Open.Issuers, from.Kind):
		reject("issuer", "wrong-kind", "这个单位不能交办这类事项。", "This office may not issue matters of this kind.")
	case !from.ValidOn(s.Now().In(rules.Location).Format(time.DateOnly)):
		reject("issuer", "not-valid", "这个单位目前不存在。", "This office does not exist now.")
	case !s.Tree().Within(unit, issuer):
		reject("unit", "not-below", "交办单位只能交给本单位或者下面的单位。", "An office can issue only to itself and to offices below it.")
	}
}

// mayIssue reports whether the unit is of a kind that issues matters of the procedure; true where none are issued.
func (s *Service) mayIssue(p *procedure.Procedure, unit string) bool {
	u, ok := s.Tree().Unit(unit)
	return len(p.Open.Issuers) == 0 || ok && slices.Contains(p.Open.Issuers, u.Kind)
}

// dayFaults says what is wrong with the days given for clocks that an event starts or extends: one that is over, or
// one that is no extension. m is the matter before the event.
func (r *Rules) dayFaults(m *Matter, event, extend string, fields map[string]any, now time.Time) []FieldError {
	var bad []FieldError
	today := now.In(r.Location).Format(time.DateOnly)
	for i := range r.Procedure.Clocks {
		k := &r.Procedure.Clocks[i]
		day, given := fields[k.Until].(string)
		if k.Until == "" || !given || !slices.Contains(k.Starts, event) && k.Name != extend {
			continue
		}
		switch have := m.clock(k.Name); {
		case day < today:
			bad = append(bad, FieldError{Field: "fields." + k.Until, Code: "over", Text: text("这一天已经过去，请定今天或以后的日子。", "This day is over; set today or a later one.")})
		case k.Name == extend && have != nil && day <= have.Until:
			bad = append(bad, FieldError{Field: "fields." + k.Until, Code: "no-extension", Text: text("延长后的日子要晚于原来的 "+have.Until+"。", "The new day must lie after "+have.Until+", the one before.")})
		}
	}
	return bad
}

// dayToGive reports whether the step starts or extends a clock that ends on a day which is given with the step.
func (r *Rules) dayToGive(st *procedure.Step) bool {
	return slices.ContainsFunc(r.Procedure.Clocks, func(k procedure.Clock) bool {
		return k.Until != "" && (k.Name == st.Extend || slices.Contains(k.Starts, st.Name))
	})
}

// dayCorrected refuses to correct a day on which a clock ends: that is for whoever may set another by a step.
func dayCorrected(p *procedure.Procedure, fields map[string]any) []FieldError {
	var bad []FieldError
	for i := range p.Clocks {
		if _, given := fields[p.Clocks[i].Until]; given {
			bad = append(bad, FieldError{Field: "fields." + p.Clocks[i].Until, Code: "sets-a-clock",
				Text: text("这一天是时限的最后一日，只能由有权的人通过规程里的环节改定，不能更正。", "A time limit ends on this day. Only a step of the procedure can set another; it cannot be corrected.")})
		}
	}
	return bad
}
