package api

import (
	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// OnwardBody is what a step may be told about the procedure in which the matter goes on with it.
type OnwardBody struct {
	Unit    string           `json:"unit,omitempty" doc:"office that gets it, where the step says choose"`
	Fields  map[string]any   `json:"fields,omitempty" doc:"fields of the other procedure that the step asks for"`
	Parties []casework.Party `json:"parties,omitempty" doc:"parties of whom the other procedure needs more"`
}

// StepOnward is the procedure in which a matter would go on with a step.
type StepOnward struct {
	Procedure string               `json:"procedure" doc:"id@version"`
	Title     string               `json:"title"`
	Unit      string               `json:"unit" enum:"owner,referrer,superior,choose" doc:"which office gets it; with choose it is named in onward.unit"`
	Fields    []procedure.FieldUse `json:"fields,omitempty" doc:"its fields that the matter has no value for, to be given in onward.fields"`
	Parties   []string             `json:"parties,omitempty" doc:"its roles of which the matter has too few, to be given in onward.parties"`
}

func stepOnward(f *casework.File, st *procedure.Step, lang string) *StepOnward {
	w := f.Wanted(st)
	if w == nil {
		return nil
	}
	p := w.Rules.Procedure
	out := &StepOnward{Procedure: p.Key(), Title: p.Title.In(lang), Unit: st.Continues.Unit, Fields: w.Fields}
	for _, r := range w.Parties {
		out.Parties = append(out.Parties, r.Role)
	}
	return out
}

// Channel is a stretch of a matter's course in one procedure.
type Channel struct {
	Procedure string `json:"procedure" doc:"id@version by which it ended, or runs"`
	Title     string `json:"title"`
	From      string `json:"from" doc:"when the matter came into it"`
	To        string `json:"to,omitempty" doc:"when it left"`
	Unit      string `json:"unit" doc:"that had it last"`
}

func course(f *casework.File, lang string) []Channel {
	out := []Channel{}
	for _, c := range f.Course() {
		p := c.Rules.Procedure
		out = append(out, Channel{Procedure: p.Key(), Title: p.Title.In(lang), From: c.From, To: c.To, Unit: c.Unit})
	}
	return out
}
