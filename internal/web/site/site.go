// Package site is what every page is made of: frame, templates, texts in two languages, static files, who is asking,
// errors as pages, forms and their fields, signing in, protection.
//
// It knows requests, not matters. It must never put anything personal into a URL or the server's log, or show the
// inside of a failure.
package site

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/limit"
	"luoshi/internal/procedure/guide"
	"luoshi/internal/upload"
	"luoshi/ui"
)

// Options is what the pages need. Service, Codes and Passwords are required.
type Options struct {
	Service   *casework.Service
	Codes     *limit.Failures // of numbers with query codes
	Passwords *limit.Failures // of logins with passwords
	Uploads   *upload.Reader  // of files; nil: one of its own
	Demo      []DemoAccount   // shown on the sign-in page; never where real matters are
	VKey      string          // the log's verifier key, in the form of C2SP signed-note
	Guides    []*guide.Guide  // that lead to a way to settle something, in the order in which they are offered
	Log       *slog.Logger    // nil: slog.Default()
}

// DemoAccount is an account whose password is shown to everybody, to try the product with.
type DemoAccount struct{ Login, Password, Role, Unit string }

// Site is what the pages share; but for the open streams it never changes after New.
type Site struct {
	Service   *casework.Service
	Codes     *limit.Failures // of numbers with query codes
	Demo      []DemoAccount
	VKey      string // the log's verifier key
	Guides    []*guide.Guide
	Sealer    *Sealer
	passwords *limit.Failures
	uploads   *upload.Reader
	assets    *assets
	log       *slog.Logger
	texts     Catalogue
	pages     map[string]*pageSet // by language
	times     liveTimes
	streams   streams
}

// New makes what the pages share. The error is a template or a text that does not load.
func New(o Options) (*Site, error) {
	if o.Service == nil || o.Codes == nil || o.Passwords == nil {
		return nil, fmt.Errorf("web: Service, Codes and Passwords are required")
	}
	s, err := load()
	if err != nil {
		return nil, err
	}
	s.Service, s.Codes, s.passwords, s.Demo, s.VKey, s.Guides = o.Service, o.Codes, o.Passwords, o.Demo, o.VKey, o.Guides
	if s.uploads = o.Uploads; s.uploads == nil {
		s.uploads = upload.New(s.Service.FileLimit())
	}
	s.log, s.times = cmp.Or(o.Log, slog.Default()), usualTimes()
	if s.Sealer, err = newSealer(o.Service.Subkey("words of a search in an address")); err != nil {
		return nil, err
	}
	return s, nil
}

// load makes a site that can draw pages and has nothing to show yet.
func load() (*Site, error) {
	texts, err := LoadTexts(ui.FS)
	if err != nil {
		return nil, err
	}
	files, err := loadAssets(ui.FS)
	if err != nil {
		return nil, err
	}
	pages, err := loadPages(ui.FS, texts, files)
	if err != nil {
		return nil, err
	}
	return &Site{assets: files, texts: texts, pages: pages}, nil
}

// Over is the site with another service behind it, such as that of a trial: for views, not for whole pages.
func (s *Site) Over(service *casework.Service) *Site { return &Site{Service: service, texts: s.texts} }

// Static answers for style, script and pictures.
func (s *Site) Static() http.Handler { return s.assets }

// Wrap makes the handler of the whole site from that of its addresses.
func (s *Site) Wrap(pages http.Handler) (http.Handler, error) {
	smaller, err := compressed(pages)
	if err != nil {
		return nil, err
	}
	return s.protect(smaller), nil
}

// Views is one of each page that belongs to the site itself, empty, to try the templates with.
func Views() []View { return []View{&errorPage{}, &loginPage{}, &heldPage{}} }
