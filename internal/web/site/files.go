package site

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"luoshi/internal/procedure"
)

// FileItem is a file that a form carries.
type FileItem struct{ ID, Value, Name, Size string }

// FileInput is what an input for files needs beside the rest.
type FileInput struct {
	Carry, Drop string // names of the hidden inputs that carry the files, and of those that leave one out
	Items       []FileItem
	Most        int
	Says        string // what may be handed in
	Camera      bool   // a picture may be taken for it
}

// fileInput asks for files.
func (v Words) fileInput(in *Input, fd *procedure.Field, typed url.Values) {
	in.Kind, in.Accept = "files", acceptOf(fd)
	files := &FileInput{Carry: fileName + fd.Name, Drop: dropName + fd.Name, Most: fd.FileLimit(), Camera: fd.AcceptsKind(procedure.AcceptImage)}
	for _, f := range filesOf(typed, fd.Name) {
		files.Items = append(files.Items, FileItem{ID: f.ID, Value: fileValue(f), Name: f.Name, Size: v.FileSize(f.Size)})
	}
	if files.Says = v.T("files.says", fd.Accepted(v.Lang), v.FileSize(v.MaxFile), files.Most); files.Most == 1 {
		files.Says = v.T("files.says-one", fd.Accepted(v.Lang), v.FileSize(v.MaxFile))
	}
	in.Files = files
	in.Value = strconv.Itoa(len(files.Items)) // whether there is an answer
	if len(files.Items) == 0 {
		in.Value = ""
	}
}

// acceptOf is the accept attribute: what a phone offers for it. HEIC is left out, so that phones send their photographs
// as JPEG; who sends one all the same is not refused.
func acceptOf(fd *procedure.Field) string {
	var all []string
	for _, kind := range fd.Accept {
		all = append(all, map[string][]string{
			procedure.AcceptImage:    {"image/jpeg", "image/png", "image/webp"},
			procedure.AcceptPDF:      {"application/pdf", ".pdf"},
			procedure.AcceptDocument: {".docx", ".xlsx", ".odt", ".txt", "text/plain"},
			procedure.AcceptAudio:    {"audio/*"},
			procedure.AcceptVideo:    {"video/*"},
		}[kind]...)
	}
	return strings.Join(all, ",")
}

// FileSize writes a number of bytes for people.
func (v Words) FileSize(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<20:
		return Decimal(float64(n)/(1<<20)) + " MB"
	}
	return fmt.Sprintf("%d KB", max((n+1023)>>10, 1))
}

// Shown reports whether browsers show such a file by themselves and it can do nothing there.
func Shown(mediaType string) bool {
	return slices.Contains([]string{"image/jpeg", "image/png", "image/webp"}, mediaType)
}

// SendFile answers with a file that somebody handed in. Nothing in it is run, and only pictures are shown in the browser.
func SendFile(w http.ResponseWriter, f procedure.File, data []byte) error {
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox")
	how := "attachment"
	if Shown(f.MediaType) {
		how = "inline"
	}
	h.Set("Content-Disposition", cmp.Or(mime.FormatMediaType(how, map[string]string{"filename": f.Name}), how))
	_, err := w.Write(data)
	return err
}

// HasFileInput reports whether one of the inputs asks for files: then the form has to be sent in another way.
func HasFileInput(inputs []*Input) bool {
	return slices.ContainsFunc(inputs, func(in *Input) bool { return in.Kind == "files" })
}
