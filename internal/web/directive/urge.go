package directive

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// urgeView is the form by which all that are late or due soon are reminded at once.
type urgeView struct {
	Action, Key string
	Late, Soon  int
	Note        site.Input
	Problems    []site.Problem
	Units       []string // a few of those that are reminded
	More        int
}

// urgedView is what became of it.
type urgedView struct {
	Done, NotDone int
	Rows          []urgedRow
}

type urgedRow struct {
	Unit, Path, Receipt string
	Seq                 int
	Why                 string // why it was not reminded
}

// fewUnits is how many offices the form names.
const fewUnits = 12

func (v words) urge(number string, urgent []*casework.Branch) *urgeView {
	if len(urgent) == 0 {
		return nil
	}
	u := &urgeView{Action: "/desk/directives/" + number + "/urge", Key: rand.Text(),
		Note: site.Input{ID: "urge-note", Name: "note", Label: v.T("urge.note"), Hint: v.T("urge.note-hint"), Kind: "text", Required: true}}
	for i, b := range urgent {
		if b.Own == casework.LightRed {
			u.Late++
		} else {
			u.Soon++
		}
		if i < fewUnits {
			u.Units = append(u.Units, v.Unit(b.Matter.Unit))
		}
	}
	u.More = len(urgent) - len(u.Units)
	return u
}

// Urge reminds all that are late or due soon, each by an entry of its own with the same words.
func (s *Pages) Urge(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	v, number := s.words(site.LanguageOf(r)), r.PathValue("number")
	note := strings.TrimSpace(site.Lines(form.Get("note")))
	if note == "" {
		page, err := s.newBranchPage(r, a)
		if err != nil {
			return err
		}
		if page.Urge != nil {
			page.Urge.Note.Error = v.T("urge.no-note")
			page.Urge.Problems = []site.Problem{{ID: page.Urge.Note.ID, Text: page.Urge.Note.Error}}
		}
		return s.Render(w, r, http.StatusUnprocessableEntity, page)
	}
	urged, err := s.urgeAll(r, a, v, number, note, form.Get("key"))
	if err != nil {
		return err
	}
	page, err := s.newBranchPage(r, a)
	if err != nil {
		return err
	}
	page.Urged, page.Urge = urged, nil
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) urgeAll(r *http.Request, a office.Actor, v words, number, note, key string) (*urgedView, error) {
	trees, err := s.Service.Trees(r.Context(), a, []string{number})
	if err != nil {
		return nil, err
	}
	if len(trees) == 0 {
		return nil, site.ErrNoPage()
	}
	urgent := s.Service.Urgent(a, trees[0])
	numbers := make([]string, len(urgent))
	for i, b := range urgent {
		numbers[i] = b.Matter.Number
	}
	took, err := s.Service.TakeAll(r.Context(), a, numbers, casework.StepCommand{Step: casework.Urge, Note: note}, key)
	if err != nil {
		return nil, err
	}
	view := &urgedView{}
	var well []urgedRow
	for i, x := range took {
		row := urgedRow{Unit: v.Unit(urgent[i].Matter.Unit), Path: "/desk/directives/" + x.Number, Seq: x.Seq}
		if x.Err != nil {
			row.Why = v.why(x.Err)
			view.Rows = append(view.Rows, row)
			continue
		}
		row.Receipt = "/desk/m/" + x.Number + "/receipts/" + strconv.Itoa(x.Seq)
		well = append(well, row)
	}
	view.Done, view.NotDone = len(well), len(view.Rows)
	view.Rows = append(view.Rows, well...)
	return view, nil
}

// why says why a step was not taken.
func (v words) why(e *casework.Error) string {
	if len(e.Fields) > 0 {
		return v.Say(e.Fields[0].Text)
	}
	return v.Say(e.Text)
}
