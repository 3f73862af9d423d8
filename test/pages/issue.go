package pages

import (
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/procedures"
)

// Meeting is the report of a meeting of the county, made up.
const Meeting = `和顺县安全生产会议召开
2026年5月6日，和顺县安全生产会议在县政府召开。县长王明出席并讲话。
王明强调，一要排查隐患。县司法局牵头，县信访局配合，排查矛盾纠纷，列出清单。二要压实责任，层层签订责任书。三要严格值守，15日内把值守安排报县政府。`

// Directives puts the procedure of directives into force, which the stand does not know otherwise.
func (s *Stand) Directives(t testing.TB) {
	t.Helper()
	src, err := procedures.FS.ReadFile("directive.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Service.Publish(t.Context(), "directive.yaml", src); err != nil {
		t.Fatal(err)
	}
}

// Issue issues a directive of the county to one of its offices, due in so many days.
func (s *Stand) Issue(t testing.TB, unit, title string, days int, parts ...string) casework.Outcome {
	t.Helper()
	one := casework.Directive{Unit: unit, Title: title, Fields: map[string]any{"task": "排查矛盾纠纷，列出清单。", "measure": "清单一份，逐条有人管。",
		"due_on": time.Now().AddDate(0, 0, days).Format(time.DateOnly)}}
	for _, p := range parts {
		one.Parts = append(one.Parts, casework.DirectivePart{Sub: "part", Unit: p})
	}
	out, err := s.Service.Issue(t.Context(), s.Actor("clerk"), casework.Issuance{Procedure: casework.Directives, Issuer: "c", Directives: []casework.Directive{one}}, "")
	if err != nil {
		t.Fatal(err)
	}
	return *out[0]
}
