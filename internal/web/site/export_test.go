package site

import "html/template"

// Loaded is a site without anything to show, for tests from outside that draw pages of every package.
func Loaded() (*Site, error) { return load() }

// Execute draws a page.
func (s *Site) Execute(lang string, v View) ([]byte, error) { return s.pages[lang].execute(v) }

// Template is the template of a page.
func (s *Site) Template(lang, name string) *template.Template { return s.pages[lang].byName[name] }

// Functions are those that templates may call.
func (s *Site) Functions(lang string) template.FuncMap {
	return functions(lang, s.texts, s.assets)
}

// Texts are those of every language.
func (s *Site) Texts() Catalogue { return s.texts }

// Languages are those of the pages.
func Languages() []string { return languages() }
