package site

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// Input is one thing a form asks for, with what was typed and what is wrong with it.
type Input struct {
	ID       string
	Name     string
	Label    string
	Hint     string
	Kind     string // string, text, integer, number, boolean, date, file, files, choice, several, tick, select, tel, password
	Required bool
	Unmarked bool // that it is optional is said around it
	Value    string
	Options  []Option
	About    map[string]string // choice and several only: what an option means, by its value
	Each     []Option          // several only: all of a kind at once, sent as EachName
	EachName string
	Groups   []Group // select only
	Names    bool    // the options are names of people
	Error    string
	Complete string // the autocomplete attribute
	Accept   string // file and files only: the accept attribute
	Code     bool   // string only: letters and digits that are copied from a paper
	Of       string // whom it is about, for the summary of problems

	Files   *FileInput // files only
	Find    *Find      // select and several only: the list does not hold everything
	Replies []Option   // texts that the office keeps for it; text only
	Focus   bool       // where writing goes on
}

// Described names the elements that explain the input, for a screen reader.
func (i Input) Described() string {
	var ids []string
	if i.Hint != "" {
		ids = append(ids, i.ID+"-hint")
	}
	if i.Error != "" {
		ids = append(ids, i.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Find is how more than a list holds is found by words.
type Find struct {
	Name, Words string
	Says        string // what the list holds now
}

// Option is one of the answers to choose from.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Group is options under one heading.
type Group struct {
	Label   string
	Options []Option
}

// Problem is one line of the summary above a form that was not accepted; ID is what it links to.
type Problem struct{ ID, Text string }

// fewChoices is how many answers are shown side by side instead of in a list to open.
const fewChoices = 7

// FieldInput asks for a declared field. Names on the form are "f." and the field's name.
func (v Words) FieldInput(p *procedure.Procedure, use procedure.FieldUse, prefix string, typed url.Values) Input {
	fd := p.Field(use.Name)
	name := "f." + use.Name
	in := Input{ID: prefix + use.Name, Name: name, Label: v.Say(fd.Title), Kind: fd.Type, Required: use.Required, Value: typed.Get(name)}
	if len(fd.Hint) > 0 {
		in.Hint = v.Say(fd.Hint)
	}
	if fd.Class == procedure.ClassSensitive {
		in.Hint = strings.TrimSpace(in.Hint + " " + v.T("form.sensitive"))
	}
	switch fd.Type {
	case procedure.TypeFile:
		v.fileInput(&in, fd, typed)
		return in
	case procedure.TypeBoolean:
		in.Kind = procedure.TypeChoice
		in.Options = []Option{{Value: "true", Label: v.T("yes")}, {Value: "false", Label: v.T("no")}}
	case procedure.TypeChoice:
		for _, c := range fd.Choices {
			in.Options = append(in.Options, Option{Value: c.Value, Label: v.Say(c.Title)})
		}
		if len(in.Options) > fewChoices {
			in.Kind = "select"
		}
	}
	if fd.Checksum != "" {
		in.Code, in.Complete = true, "off"
	}
	Choose(in.Options, in.Value)
	return in
}

// Choose marks the option that was chosen.
func Choose(options []Option, value string) {
	for i := range options {
		options[i].Chosen = value != "" && options[i].Value == value
	}
}

// FieldsOf reads the declared fields of a posted form; empty ones are left out.
func FieldsOf(form url.Values) map[string]any {
	fields := map[string]any{}
	for key, values := range form {
		if name, ok := strings.CutPrefix(key, fileName); ok {
			if files := filesOf(form, name); len(files) > 0 {
				fields[name] = files
			}
			continue
		}
		if name, ok := strings.CutPrefix(key, "f."); ok && len(values) > 0 && values[0] != "" {
			fields[name] = Lines(values[0])
		}
	}
	return fields
}

// Lines gives text the line ends it was typed with: a form sends CR LF for every line end.
func Lines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// Posted reads the form of a POST without files.
func Posted(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		return nil, Unreadable(err)
	}
	return r.PostForm, nil
}

// Place puts the errors of a verb beside the inputs they belong to and lists them, in the order of the form,
// for the summary above it. id says which input an error belongs to; "" is for errors that belong to none.
func (v Words) Place(inputs []*Input, errs []casework.FieldError, id func(field string) string) []Problem {
	var problems []Problem
	order := map[string]int{}
	for i, in := range inputs {
		order[in.ID] = i + 1
	}
	for _, fe := range errs {
		at, text := id(fe.Field), fe.Text.In(v.Lang)
		if i := order[at]; i > 0 {
			in := inputs[i-1]
			in.Error = text
			if label := strings.TrimSpace(in.Of + " " + in.Label); !strings.Contains(text, in.Label) {
				text = v.T("problem", label, text)
			}
		}
		problems = append(problems, Problem{ID: at, Text: text})
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(order[a.ID], order[b.ID]) })
	return problems
}

// Uploaded reads a form in which a text is typed or sent as a file; the file is taken when there is one. A
// mapping or declaration is at most as large as the loader reads, and a little more, so that it can say so.
func Uploaded(r *http.Request, name string) (url.Values, error) {
	const most = 1 << 20
	if err := r.ParseMultipartForm(most); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, Unreadable(err)
	}
	form := maps.Clone(r.PostForm)
	for key, values := range form {
		form[key] = []string{Lines(strings.Join(values, "\n"))}
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File[name+"-file"]) == 0 {
		return form, nil
	}
	f, err := r.MultipartForm.File[name+"-file"][0].Open()
	if err != nil {
		return nil, Unreadable(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, Unreadable(err)
	}
	if len(b) > 0 {
		form.Set(name, string(b))
	}
	return form, nil
}

// Unreadable says that what was sent is not a form.
func Unreadable(err error) error {
	return &casework.Error{Kind: casework.Invalid, Code: "unreadable-form", Cause: err, Text: procedure.Text{
		"zh": "提交的内容无法读取，请重新填写。", "en": "What was sent cannot be read. Please fill in the form again."}}
}
