package matter

import (
	"context"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// Demanded says how many reports of progress running directives ask of the townships below an office already, before
// another one is issued that may go down to them; "" where none lie below it.
func (s *Pages) Demanded(ctx context.Context, v Words, unit string) (string, error) {
	townships := 0
	for _, code := range v.Staff.Tree.Below(unit) {
		if u, ok := v.Staff.Tree.Unit(code); ok && u.Kind == "township" {
			townships++
		}
	}
	if townships == 0 {
		return "", nil
	}
	running, err := s.Service.Demand(ctx, unit, "township")
	sum, most := 0, 0
	for _, n := range running {
		sum, most = sum+n, max(most, n)
	}
	return v.T("todo.runs", townships, sum, site.Decimal(float64(sum)/float64(townships)), most), err
}

// DemandOf says it on the forms of a matter's steps by which directives are passed on.
func (s *Pages) DemandOf(ctx context.Context, v Words, f *casework.File, forms []StepForm) error {
	for i := range forms {
		st := f.Procedure.Step(forms[i].Name)
		if st == nil || st.Opens == nil || st.Opens.Unit != procedure.OpensAtSeveral || f.Procedure.Sub(st.Opens.Sub).Procedure != casework.Directives {
			continue
		}
		said, err := s.Demanded(ctx, v, f.Matter.Unit)
		if err != nil {
			return err
		}
		if said != "" {
			forms[i].Effects = append(forms[i].Effects, said)
		}
	}
	return nil
}
