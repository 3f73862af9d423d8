package upload

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// part is one input of a form; a file when it has a name or is marked.
type part struct{ field, name, data string }

func formOf(t testing.TB, parts ...part) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var out io.Writer
		var err error
		if p.name == "" {
			out, err = w.CreateFormField(p.field)
		} else {
			out, err = w.CreateFormFile(p.field, strings.TrimPrefix(p.name, "-"))
		}
		if err == nil {
			_, err = io.WriteString(out, p.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func read(u *Reader, body []byte, contentType string) (*Form, error) {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return u.Read(httptest.NewRecorder(), r)
}

func TestFormsWithFilesAreRead(t *testing.T) {
	u := New(100)
	body, contentType := formOf(t, part{"title", "", "坑\r\n"}, part{"f.photo", "a.jpg", "one"}, part{"f.photo", "裂缝 😀.jpg", "two"},
		part{"f.none", "-", ""}, part{"f.big", "big.jpg", strings.Repeat("x", 101)}, part{"f.story", "", "after the large one"}, part{"f.story", "", "again"})
	form, err := read(u, body, contentType)
	if err != nil {
		t.Fatal(err)
	}
	want := []File{{Field: "f.photo", Name: "a.jpg", Data: []byte("one")}, {Field: "f.photo", Name: "裂缝 😀.jpg", Data: []byte("two")},
		{Field: "f.big", Name: "big.jpg", TooLarge: true}}
	if d := cmp.Diff(want, form.Files, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if form.Values.Get("title") != "坑\r\n" || len(form.Values["f.story"]) != 2 {
		t.Errorf("typed: %v", form.Values)
	}
	if form.Release(); u.held.Load() != 0 {
		t.Errorf("%d bytes are still held", u.held.Load())
	}
}

func TestRequestsThatAreTooLargeKeepWhatCameBefore(t *testing.T) {
	u := New(100)
	body, contentType := formOf(t, part{"title", "", "typed"}, part{"f.photo", "a", strings.Repeat("x", int(u.MaxRequest()))})
	form, err := read(u, body, contentType)
	if !errors.Is(err, ErrTooLarge) || form.Values.Get("title") != "typed" {
		t.Errorf("%v, %v", err, form.Values)
	}
	form.Release()
	body, contentType = formOf(t, make([]part, maxParts+1)...)
	if _, err := read(u, body, contentType); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
	if u.held.Load() != 0 {
		t.Errorf("%d bytes are still held", u.held.Load())
	}
}

func TestWhatIsNoFormIsNotRead(t *testing.T) {
	u := New(100)
	body, contentType := formOf(t, part{"f.photo", "a", "one"})
	for name, c := range map[string]struct {
		body        []byte
		contentType string
	}{
		"JSON": {[]byte("{}"), "application/json"}, "no type": {body, ""}, "cut off": {body[:len(body)-20], contentType},
		"no boundary": {body, "multipart/form-data"},
	} {
		form, err := read(u, c.body, c.contentType)
		if !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
		form.Release()
	}
}

// The memory of all requests together is bounded; whoever comes too late is told so.
func TestTooManyFilesAtOnceWait(t *testing.T) {
	u := New(100)
	body, contentType := formOf(t, part{"f.photo", "a", strings.Repeat("x", 100)}, part{"title", "", "typed"})
	var forms []*Form
	for range atOnce {
		form, err := read(u, body, contentType)
		if err != nil || form.Files[0].Busy {
			t.Fatal(err)
		}
		forms = append(forms, form)
	}
	late, err := read(u, body, contentType)
	if err != nil || !late.Files[0].Busy || late.Values.Get("title") != "typed" {
		t.Errorf("%+v, %v", late.Files, err)
	}
	late.Release()
	forms[0].Release()
	if again, err := read(u, body, contentType); err != nil || again.Files[0].Busy {
		t.Errorf("there is room again: %v", err)
	}
}
