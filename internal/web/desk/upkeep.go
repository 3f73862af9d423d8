package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/web/site"
)

// upkeepView is what staff may do beside the steps of the procedure.
type upkeepView struct {
	Base    string
	Asked   string        // when a new query code was asked for; "" when none is waited for
	Parties []site.Option // those who may be given a query code; Value is their place
	Entries []site.Option // those that can be corrected
	Title   string
	Inputs  []*site.Input
	Erase   bool
}

// codePage shows a new query code, once.
type codePage struct {
	site.Frame
	Number, Role, Code, Back string
}

func (*codePage) Template() string { return "code" }

func (s *Pages) upkeepView(v words, a office.Actor, f *casework.File) *upkeepView {
	tree, m := v.Staff.Tree, f.Matter
	may := false
	for _, role := range []string{office.RoleClerk, office.RoleMediator, office.RoleOfficer, office.RoleHead} {
		may = may || a.HasRole(tree, role, m.Unit)
	}
	if !may {
		return nil
	}
	u := &upkeepView{Base: "/desk/m/" + m.Number, Title: m.Title,
		Erase: m.Ended != "" && a.HasRole(tree, office.RoleHead, m.Unit)}
	if asked := casework.AsksForCode(f.Entries); asked != nil {
		u.Asked = v.Recorded(asked.Act.Time, f.Rules.Location)
	}
	for i, ref := range m.Roles {
		if r := f.Procedure.PartyRole(ref.Role); r != nil && r.Sees {
			u.Parties = append(u.Parties, site.Option{Value: strconv.Itoa(i), Label: partyLabel(v, r, m, i)})
		}
	}
	for _, e := range f.Entries {
		if e.ContentBytes != nil {
			what, _ := v.What(&e.Act, f.RulesAt(e.Act.Seq).Procedure)
			u.Entries = append(u.Entries, site.Option{Value: strconv.Itoa(e.Act.Seq), Label: fmt.Sprintf("%d · %s", e.Act.Seq, what)})
		}
	}
	for i := range f.Procedure.Fields {
		name := f.Procedure.Fields[i].Name
		if value, ok := m.Fields[name]; ok && f.Procedure.Fields[i].Type != procedure.TypeFile { // files are put right by a step
			in := v.FieldInput(f.Procedure, procedure.FieldUse{Name: name}, "c-", url.Values{"f." + name: {raw(value)}})
			u.Inputs = append(u.Inputs, &in)
		}
	}
	return u
}

func partyLabel(v words, r *procedure.PartyRole, m *casework.Matter, i int) string {
	label := v.Say(r.Title)
	if i < len(m.Parties) && m.Parties[i].Name != "" {
		label += " " + site.Visible(m.Parties[i].Name)
	}
	return label
}

// raw is a field's value as a form sends it.
func raw(value any) string {
	if f, ok := value.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// IssueCode gives a party a new query code, which is shown once.
func (s *Pages) IssueCode(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	i, err := strconv.Atoi(form.Get("party"))
	if err != nil {
		i = -1
	}
	out, err := s.Service.IssueCode(r.Context(), a, r.PathValue("number"), i)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	page := &codePage{Number: out.Matter.Number, Code: out.Code, Back: "/desk/m/" + out.Matter.Number}
	if role := s.Service.Rules(out.Matter.Procedure).Procedure.PartyRole(out.Matter.Roles[i].Role); role != nil {
		page.Role = partyLabel(v, role, out.Matter, i)
	}
	page.Title, page.Staff = v.T("code.title"), v.Account(a.Account.Login)
	return s.Render(w, r, http.StatusOK, page)
}

// Correct sends only what differs from what holds now.
func (s *Pages) Correct(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	f, err := s.Service.Read(r.Context(), a, r.PathValue("number"))
	if err != nil {
		return err
	}
	seq, _ := strconv.Atoi(form.Get("entry"))
	changed := map[string]any{}
	for name, value := range site.FieldsOf(form) {
		if old, ok := f.Matter.Fields[name]; !ok || raw(old) != value {
			changed[name] = value
		}
	}
	title := site.Lines(form.Get("title"))
	if title == f.Matter.Title {
		title = ""
	}
	out, err := s.Service.Correct(r.Context(), a, f.Matter.Number, seq, title, changed, site.Lines(form.Get("note")))
	return upkeepDone(out, err)
}

// Erase erases what is personal in a matter.
func (s *Pages) Erase(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := site.Posted(r)
	if err != nil {
		return err
	}
	out, err := s.Service.Erase(r.Context(), a, r.PathValue("number"), site.Lines(form.Get("rule")))
	return upkeepDone(out, err)
}

func upkeepDone(out *casework.Outcome, err error) error {
	if err != nil {
		return err
	}
	return &site.Redirect{Path: fmt.Sprintf("/desk/m/%s?done=%d", out.Matter.Number, out.Entry.Act.Seq)}
}
