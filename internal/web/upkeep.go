package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// upkeepView is what staff may do beside the steps of the procedure.
type upkeepView struct {
	Base    string
	Asked   string   // when a new query code was asked for; "" when none is waited for
	Parties []option // those who may be given a query code; Value is their place
	Entries []option // those that can be corrected
	Title   string
	Inputs  []*input
	Erase   bool
}

// codePage shows a new query code, once.
type codePage struct {
	frame
	Number, Role, Code, Back string
}

func (*codePage) template() string { return "code" }

func (s *site) upkeepView(v words, a office.Actor, f *casework.File) *upkeepView {
	tree, m := v.staff.Tree, f.Matter
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
		u.Asked = v.recorded(asked.Act.Time, f.Rules.Location)
	}
	for i, ref := range m.Roles {
		if r := f.Procedure.PartyRole(ref.Role); r != nil && r.Sees {
			u.Parties = append(u.Parties, option{Value: strconv.Itoa(i), Label: partyLabel(v, r, m, i)})
		}
	}
	for _, e := range f.Entries {
		if e.ContentBytes != nil {
			what, _ := v.what(&e.Act, f.RulesAt(e.Act.Seq).Procedure)
			u.Entries = append(u.Entries, option{Value: strconv.Itoa(e.Act.Seq), Label: fmt.Sprintf("%d · %s", e.Act.Seq, what)})
		}
	}
	for i := range f.Procedure.Fields {
		name := f.Procedure.Fields[i].Name
		if value, ok := m.Fields[name]; ok {
			in := v.fieldInput(f.Procedure, procedure.FieldUse{Name: name}, "c-", url.Values{"f." + name: {raw(value)}})
			u.Inputs = append(u.Inputs, &in)
		}
	}
	return u
}

func partyLabel(v words, r *procedure.PartyRole, m *casework.Matter, i int) string {
	label := r.Title.In(v.lang)
	if i < len(m.Parties) && m.Parties[i].Name != "" {
		label += " " + visible(m.Parties[i].Name)
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

func (s *site) issueCode(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	i, err := strconv.Atoi(form.Get("party"))
	if err != nil {
		i = -1
	}
	out, err := s.service.IssueCode(r.Context(), a, r.PathValue("number"), i)
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	page := &codePage{Number: out.Matter.Number, Code: out.Code, Back: "/desk/m/" + out.Matter.Number}
	if role := s.service.Rules(out.Matter.Procedure).Procedure.PartyRole(out.Matter.Roles[i].Role); role != nil {
		page.Role = partyLabel(v, role, out.Matter, i)
	}
	page.Title, page.Staff = v.t("code.title"), v.account(a.Account.Login)
	return s.render(w, r, http.StatusOK, page)
}

// correct sends only what differs from what holds now.
func (s *site) correct(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	f, err := s.service.Read(r.Context(), a, r.PathValue("number"))
	if err != nil {
		return err
	}
	seq, _ := strconv.Atoi(form.Get("entry"))
	changed := map[string]any{}
	for name, value := range fieldsOf(form) {
		if old, ok := f.Matter.Fields[name]; !ok || raw(old) != value {
			changed[name] = value
		}
	}
	title := lines(form.Get("title"))
	if title == f.Matter.Title {
		title = ""
	}
	out, err := s.service.Correct(r.Context(), a, f.Matter.Number, seq, title, changed, lines(form.Get("note")))
	return upkeepDone(out, err)
}

func (s *site) erase(_ http.ResponseWriter, r *http.Request, a office.Actor) error {
	form, err := posted(r)
	if err != nil {
		return err
	}
	out, err := s.service.Erase(r.Context(), a, r.PathValue("number"), lines(form.Get("rule")))
	return upkeepDone(out, err)
}

func upkeepDone(out *casework.Outcome, err error) error {
	if err != nil {
		return err
	}
	return &redirect{fmt.Sprintf("/desk/m/%s?done=%d", out.Matter.Number, out.Entry.Act.Seq)}
}
