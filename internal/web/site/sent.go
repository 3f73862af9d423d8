package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/upload"
)

// Names of what a form holds of files. A browser sends them under "f." and the field's name, like everything else; from
// then on the form carries what was kept of each, and what is to be left out again.
const (
	fileName = "file." // and the field's name: ID, size and name of a file, one value for each
	dropName = "drop." // the IDs of files that are to be left out
)

// Sent is a form that was posted, with files or without.
type Sent struct {
	Form   url.Values
	Faults []casework.FieldError // files that were not taken, and why
}

// Posted reads the form of a POST. Files that came with it are kept for a day and stand in the form by their IDs;
// those that cannot be taken are faults, and all that was typed is there.
func (s *Site) Posted(w http.ResponseWriter, r *http.Request, a office.Actor) (*Sent, error) {
	if !hasFiles(r) {
		form, err := Posted(r)
		if err == nil {
			settleFiles(form)
		}
		return &Sent{Form: form}, err
	}
	in, err := s.uploads.Read(w, r)
	defer in.Release()
	sent := &Sent{Form: in.Values}
	switch {
	case errors.Is(err, upload.ErrTooLarge):
		sent.Faults = append(sent.Faults, s.tooMuch())
	case err != nil:
		return nil, Unreadable(err)
	}
	for _, f := range in.Files {
		fault, err := s.take(r, a, sent.Form, f)
		if err != nil {
			return nil, err
		}
		if fault != nil {
			sent.Faults = append(sent.Faults, *fault)
		}
	}
	settleFiles(sent.Form)
	return sent, nil
}

// hasFiles reports whether a form may have files in it.
func hasFiles(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "multipart/form-data")
}

// take keeps one file and notes it in the form. The same file in the same form is the same upload.
func (s *Site) take(r *http.Request, a office.Actor, form url.Values, f upload.File) (*casework.FieldError, error) {
	name, ok := strings.CutPrefix(f.Field, "f.")
	if !ok {
		return nil, nil // no field of a procedure
	}
	var err error
	var u casework.Upload
	switch {
	case f.TooLarge:
		err = casework.ErrFileTooLarge(s.Service.FileLimit())
	case f.Busy:
		err = casework.ErrBusy()
	default:
		key := ""
		if form.Get("key") != "" {
			key = form.Get("key") + "\x00" + name
		}
		u, err = s.Service.TakeFile(r.Context(), a, f.Name, f.Data, key)
	}
	if err == nil {
		form.Add(fileName+name, fileValue(u.File))
		return nil, nil
	}
	e := casework.AsError(err)
	if e.Kind == casework.Internal {
		return nil, err
	}
	fault := &casework.FieldError{Field: "fields." + name, Code: e.Code, Text: e.Text}
	if len(e.Fields) > 0 {
		fault.Code, fault.Text = e.Fields[0].Code, e.Fields[0].Text
	}
	shown := Visible(f.Name)
	fault.Text = procedure.Text{"zh": "“" + shown + "”：" + fault.Text.In("zh"), "en": "“" + shown + "”: " + fault.Text.In("en")}
	return fault, nil
}

// tooMuch says that a request has more bytes than are read. Where in it that was is not known.
func (s *Site) tooMuch() casework.FieldError {
	most := s.uploads.MaxRequest() >> 20
	return casework.FieldError{Code: "request-too-large", Text: procedure.Text{
		"zh": fmt.Sprintf("一次提交的文件太多、太大，加起来最多 %d MB，后面的没有收下。请分几次提交，或者先把照片缩小。", most),
		"en": fmt.Sprintf("Too much was sent at once; at most %d MB together, and what came after that was not kept. Send fewer files at a time, or make pictures smaller first.", most)}}
}

// fileValue is a file as a form carries it.
func fileValue(f procedure.File) string { return fmt.Sprintf("%s %d %s", f.ID, f.Size, f.Name) }

// filesOf are the files of a field that a form carries. What it says of size and name is for those who look at the form
// alone: the ID is what counts.
func filesOf(form url.Values, name string) []procedure.File {
	var files []procedure.File
	for _, value := range form[fileName+name] {
		id, rest, _ := strings.Cut(value, " ")
		size, called, _ := strings.Cut(rest, " ")
		n, _ := strconv.ParseInt(size, 10, 64)
		if id != "" && !slices.ContainsFunc(files, func(f procedure.File) bool { return f.ID == id }) {
			files = append(files, procedure.File{ID: id, Size: n, Name: cmp.Or(called, id)})
		}
	}
	return files
}

// CarriedFiles is the name under which a form carries the files of a field.
func CarriedFiles(field string) string { return fileName + field }

// SetFiles notes in a form the files that a matter has already.
func SetFiles(form url.Values, name string, value any) {
	for _, f := range procedure.FilesOf(value) {
		form.Add(fileName+name, fileValue(f))
	}
}

// settleFiles leaves out the files that are to be left out.
func settleFiles(form url.Values) {
	for key := range form {
		name, ok := strings.CutPrefix(key, dropName)
		if !ok {
			continue
		}
		drop := form[key]
		form[fileName+name] = slices.DeleteFunc(form[fileName+name], func(value string) bool {
			id, _, _ := strings.Cut(value, " ")
			return slices.Contains(drop, id)
		})
		delete(form, key)
	}
}
