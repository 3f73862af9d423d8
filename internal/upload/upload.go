// Package upload reads forms with files out of HTTP requests: every text that was typed, and of each file at most as
// much as is taken. It must never write to disk, where what is personal would be left behind, and it bounds the memory
// of all requests together. It does not look at what a file is.
package upload

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	// maxText is how many bytes the texts of a form may have, and maxParts how many of them there may be.
	maxText  = 8 << 20
	maxParts = 2000
	// perRequest times the size of the largest file is how many bytes a request may have.
	perRequest = 10
	// atOnce times the size of the largest file is how many bytes of files are in memory at once.
	atOnce = 32
	// patience is how long a request may say nothing: a slow line is not cut off as long as something comes.
	patience = 30 * time.Second
	piece    = 64 << 10
)

// Errors of a request as a whole.
var (
	ErrTooLarge   = errors.New("the request has more bytes than are read")
	ErrUnreadable = errors.New("the request is no form that can be read")
)

// Reader reads requests. It may be used by many at once.
type Reader struct {
	maxFile int64
	held    atomic.Int64 // bytes of files in memory
}

// New makes a reader of files with at most so many bytes.
func New(maxFile int64) *Reader { return &Reader{maxFile: maxFile} }

// MaxRequest is how many bytes a request may have.
func (u *Reader) MaxRequest() int64 { return perRequest*u.maxFile + maxText }

// File is one file of a form.
type File struct {
	Field string // name of the input
	Name  string // as the browser gives it
	Data  []byte
	// TooLarge: it has more bytes than are taken; Busy: too many files were being read. Data is empty then.
	TooLarge, Busy bool
}

// Form is what was sent. Release lets go of its memory.
type Form struct {
	Values url.Values
	Files  []File
	reader *Reader
	held   int64
}

// Release says that the files are not needed any more.
func (f *Form) Release() {
	f.reader.held.Add(-f.held)
	f.held, f.Files = 0, nil
}

// Read reads a form of type multipart/form-data. A file that is too large is read over, so that what was typed after it
// is not lost; so of a request that is too large as a whole, what came until then is given with the error.
func (u *Reader) Read(w http.ResponseWriter, r *http.Request) (*Form, error) {
	form := &Form{Values: url.Values{}, reader: u}
	r.Body = http.MaxBytesReader(w, r.Body, u.MaxRequest())
	parts, err := r.MultipartReader()
	if err != nil {
		return form, errors.Join(ErrUnreadable, err)
	}
	in := &in{u: u, form: form, patient: http.NewResponseController(w)}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err == nil && n >= maxParts {
			err = ErrTooLarge
		}
		if err == nil {
			err = in.part(part)
		}
		if err != nil {
			return form, explain(err)
		}
	}
}

func explain(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) || errors.Is(err, ErrTooLarge) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return ErrTooLarge
	}
	return errors.Join(ErrUnreadable, err)
}

// in is one request that is being read.
type in struct {
	u       *Reader
	form    *Form
	text    int64
	patient *http.ResponseController
}

func (i *in) part(p *multipart.Part) error {
	name := p.FormName()
	_, isFile := p.Header["Content-Type"]
	if isFile = isFile || p.FileName() != ""; !isFile {
		b, err := i.read(p, maxText-i.text, nil)
		if i.text += int64(len(b)); err != nil {
			return err
		}
		i.form.Values.Add(name, string(b))
		return nil
	}
	f := File{Field: name, Name: p.FileName()}
	var err error
	f.Data, err = i.read(p, i.u.maxFile, func(n int) bool { return i.hold(int64(n)) })
	switch {
	case errors.Is(err, ErrTooLarge):
		f.TooLarge = true
		err = i.skip(p)
	case errors.Is(err, errBusy):
		f.Busy = true
		err = i.skip(p)
	}
	if f.Name != "" || len(f.Data) > 0 || f.TooLarge || f.Busy { // else none was chosen
		i.form.Files = append(i.form.Files, f)
	}
	return err
}

var errBusy = errors.New("too many files are being read")

// hold takes memory for bytes of a file; false when there is none left.
func (i *in) hold(n int64) bool {
	if i.u.held.Add(n) > atOnce*i.u.maxFile {
		i.u.held.Add(-n)
		return false
	}
	i.form.held += n
	return true
}

// read reads at most limit bytes.
func (i *in) read(r io.Reader, limit int64, hold func(n int) bool) ([]byte, error) {
	var all []byte
	buf := make([]byte, piece)
	for {
		i.wait()
		n, err := r.Read(buf)
		if int64(len(all)+n) > limit {
			return nil, ErrTooLarge
		}
		if hold != nil && n > 0 && !hold(n) {
			return nil, errBusy
		}
		all = append(all, buf[:n]...)
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
	}
}

func (i *in) skip(r io.Reader) error {
	buf := make([]byte, piece)
	for {
		i.wait()
		if _, err := r.Read(buf); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// wait gives the line time for the next piece. Where that cannot be set the limits of the server hold.
func (i *in) wait() { _ = i.patient.SetReadDeadline(time.Now().Add(patience)) }
