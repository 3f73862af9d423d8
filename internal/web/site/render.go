package site

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"

	"luoshi/internal/casework"
)

// View is a page: a typed struct with the name of the template it is shown by.
type View interface {
	Template() string
	Outer() *Frame
}

// Frame is what the layout around every page needs. Handlers set Title, Staff and Party; render the rest.
type Frame struct {
	Lang      string
	Title     string
	Path      string // of the page, for the links that change the language and the size of type
	Languages bool   // whether those links are shown: not where a reload would lose something
	Staff     string // name of the member of staff signed in
	Party     bool   // a party is signed in
	Author    bool   // who is signed in publishes procedures
	Overview  bool   // who is signed in may see matters of offices
	Lodges    bool   // who is signed in may begin matters
	Issues    bool   // who is signed in sees directives
	Meets     bool   // who is signed in sees meetings
	Large     bool   // large type was chosen
	Demo      bool
	Paper     string // what stands at the head of every sheet when the page is printed; nothing personal
}

// Outer is what the layout shows around the page.
func (f *Frame) Outer() *Frame { return f }

// pageSet is every page's template in one language.
type pageSet struct{ byName map[string]*template.Template }

func loadPages(fsys fs.FS, texts Catalogue, a *assets) (map[string]*pageSet, error) {
	pages, err := fs.ReadDir(fsys, "page")
	if err != nil {
		return nil, err
	}
	sets := map[string]*pageSet{}
	for _, lang := range languages() {
		base, err := template.New("layout.tmpl").Option("missingkey=error").Funcs(functions(lang, texts, a)).ParseFS(fsys, "shared/*.tmpl")
		if err != nil {
			return nil, err
		}
		set := &pageSet{byName: map[string]*template.Template{}}
		for _, p := range pages {
			t, err := base.Clone()
			if err != nil {
				return nil, err
			}
			if t, err = t.Funcs(template.FuncMap{"own": a.own(p.Name())}).ParseFS(fsys, path.Join("page", p.Name(), "*.tmpl")); err != nil {
				return nil, err
			}
			set.byName[p.Name()] = t
		}
		sets[lang] = set
	}
	return sets, nil
}

// functions are those templates may call. All are bound to one language.
func functions(lang string, texts Catalogue, a *assets) template.FuncMap {
	return template.FuncMap{
		"t":     func(key string, args ...any) string { return texts.get(lang, key, args...) },
		"asset": func(name string) (string, error) { return a.url(name) },
		"own":   a.own(""),
		"count": Thousands,
		"show":  shown,
		"long":  isLong,
		"head":  head,
	}
}

// own gives the address of the sheet (".css") or script (".js") that only the page has; "" when it has none.
func (a *assets) own(page string) func(ext string) string {
	return func(ext string) string { return a.urls[page+ext] }
}

func (a *assets) url(name string) (string, error) {
	u, ok := a.urls[name]
	if !ok {
		return "", fmt.Errorf("no static file %s", name)
	}
	return u, nil
}

// Render writes a whole page or nothing: a template that fails half-way leaves the answer to the caller.
func (s *Site) Render(w http.ResponseWriter, r *http.Request, status int, v View) error {
	f := v.Outer()
	f.Lang = LanguageOf(r)
	f.Path, f.Languages = r.URL.Path, r.Method == http.MethodGet
	if q := r.URL.RawQuery; q != "" && f.Languages {
		f.Path += "?" + q + "&"
	} else {
		f.Path += "?"
	}
	f.Demo, f.Large = len(s.Demo) > 0, large(r)
	if a := actorOf(r); a.Account != nil {
		f.Author, f.Lodges = s.Service.MayPublish(a), s.Service.OpensAny(a)
		f.Overview = !a.ReadScope(s.Service.Tree()).Empty()
		f.Issues, f.Meets = s.Service.Sees(a, casework.Directives), s.Service.Sees(a, casework.Meetings)
	}
	b, err := s.pages[f.Lang].execute(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", f.Lang)
	h.Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, _ = w.Write(b) // a reader who went away is nobody's fault
	return nil
}

func (p *pageSet) execute(v View) ([]byte, error) {
	t := p.byName[v.Template()]
	if t == nil {
		return nil, fmt.Errorf("no template %s", v.Template())
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout.tmpl", v); err != nil {
		return nil, err
	}
	return speak(b.Bytes()), nil
}
