package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// input is one thing a form asks for, with what was typed and what is wrong with it.
type input struct {
	ID       string
	Name     string
	Label    string
	Hint     string
	Kind     string // string, text, integer, number, boolean, date, file, choice, several, tick, select, tel, password
	Required bool
	Unmarked bool // that it is optional is said around it
	Value    string
	Options  []option
	About    map[string]string // choice and several only: what an option means, by its value
	Groups   []group           // select only
	Names    bool              // the options are names of people
	Error    string
	Complete string // the autocomplete attribute
	Accept   string // file only: the accept attribute
	Of       string // whom it is about, for the summary of problems

	Find    *find    // select only: the list does not hold everything
	Replies []option // texts that the office keeps for it; text only
	Focus   bool     // where writing goes on
}

// Described names the elements that explain the input, for a screen reader.
func (i input) Described() string {
	var ids []string
	if i.Hint != "" {
		ids = append(ids, i.ID+"-hint")
	}
	if i.Error != "" {
		ids = append(ids, i.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// find is how more than a list holds is found by words.
type find struct {
	Name, Words string
	Says        string // what the list holds now
}

type option struct {
	Value, Label string
	Chosen       bool
}

// group is options under one heading.
type group struct {
	Label   string
	Options []option
}

// problem is one line of the summary above a form that was not accepted; ID is what it links to.
type problem struct{ ID, Text string }

// fewChoices is how many answers are shown side by side instead of in a list to open.
const fewChoices = 7

// fieldInput asks for a declared field. Names on the form are "f." and the field's name.
func (v words) fieldInput(p *procedure.Procedure, use procedure.FieldUse, prefix string, typed url.Values) input {
	fd := p.Field(use.Name)
	name := "f." + use.Name
	in := input{ID: prefix + use.Name, Name: name, Label: fd.Title.In(v.lang), Kind: fd.Type, Required: use.Required, Value: typed.Get(name)}
	if len(fd.Hint) > 0 {
		in.Hint = fd.Hint.In(v.lang)
	}
	if fd.Class == procedure.ClassSensitive {
		in.Hint = strings.TrimSpace(in.Hint + " " + v.t("form.sensitive"))
	}
	switch fd.Type {
	case procedure.TypeBoolean:
		in.Kind = procedure.TypeChoice
		in.Options = []option{{Value: "true", Label: v.t("yes")}, {Value: "false", Label: v.t("no")}}
	case procedure.TypeChoice:
		for _, c := range fd.Choices {
			in.Options = append(in.Options, option{Value: c.Value, Label: c.Title.In(v.lang)})
		}
		if len(in.Options) > fewChoices {
			in.Kind = "select"
		}
	}
	choose(in.Options, in.Value)
	return in
}

func choose(options []option, value string) {
	for i := range options {
		options[i].Chosen = value != "" && options[i].Value == value
	}
}

// fieldsOf reads the declared fields of a posted form; empty ones are left out.
func fieldsOf(form url.Values) map[string]any {
	fields := map[string]any{}
	for key, values := range form {
		if name, ok := strings.CutPrefix(key, "f."); ok && len(values) > 0 && values[0] != "" {
			fields[name] = lines(values[0])
		}
	}
	return fields
}

// lines gives text the line ends it was typed with: a form sends CR LF for every line end.
func lines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// posted reads the form of a POST.
func posted(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		return nil, unreadable(err)
	}
	return r.PostForm, nil
}

// place puts the errors of a verb beside the inputs they belong to and lists them, in the order of the form,
// for the summary above it. id says which input an error belongs to; "" is for errors that belong to none.
func (v words) place(inputs []*input, errs []casework.FieldError, id func(field string) string) []problem {
	var problems []problem
	order := map[string]int{}
	for i, in := range inputs {
		order[in.ID] = i + 1
	}
	for _, fe := range errs {
		at, text := id(fe.Field), fe.Text.In(v.lang)
		if i := order[at]; i > 0 {
			in := inputs[i-1]
			in.Error = text
			if label := strings.TrimSpace(in.Of + " " + in.Label); !strings.Contains(text, in.Label) {
				text = v.t("problem", label, text)
			}
		}
		problems = append(problems, problem{ID: at, Text: text})
	}
	slices.SortStableFunc(problems, func(a, b problem) int { return cmp.Compare(order[a.ID], order[b.ID]) })
	return problems
}
