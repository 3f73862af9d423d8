package directive

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"luoshi/internal/report/document"
	"luoshi/internal/web/site"
)

// Bounds of what is sent with the form of a report.
const (
	maxSent   = document.MaxBytes + 2<<20 // a file as large as may be, the text of the form, and what lies between them
	maxPassed = 200 << 20                 // of what is too large, is read and thrown away, so that the browser reads the answer
	inMemory  = 1 << 20
)

// bounded is a body of which no more than so much is taken.
type bounded struct {
	io.ReadCloser
	left int64
}

var errTooLarge = errors.New("more was sent than is taken")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// uploadedReport reads the form; a file that was chosen stands before text that was pasted. What is too large is a
// document.Problem: a browser that is cut off while it sends shows its own page and not ours, so the rest is let pass.
func uploadedReport(r *http.Request) (form url.Values, file []byte, err error) {
	body := r.Body
	r.Body = &bounded{body, maxSent}
	err = r.ParseMultipartForm(inMemory)
	form = url.Values{"unit": {r.PostForm.Get("unit")}, "meeting": {r.PostForm.Get("meeting")}, "text": {site.Lines(r.PostForm.Get("text"))}}
	switch {
	case errors.Is(err, errTooLarge):
		if _, err := io.CopyN(io.Discard, body, maxPassed); err != nil && !errors.Is(err, io.EOF) {
			return form, nil, site.Unreadable(err)
		}
		return form, nil, &document.Problem{Kind: document.TooLarge}
	case err != nil && !errors.Is(err, http.ErrNotMultipart):
		return form, nil, site.Unreadable(err)
	}
	file = []byte(form.Get("text"))
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) == 0 || r.MultipartForm.File["file"][0].Size == 0 {
		return form, file, nil
	}
	f, err := r.MultipartForm.File["file"][0].Open()
	if err != nil {
		return form, nil, site.Unreadable(err)
	}
	defer f.Close()
	if file, err = io.ReadAll(io.LimitReader(f, document.MaxBytes+1)); err != nil {
		return form, nil, site.Unreadable(err)
	}
	return form, file, nil
}
