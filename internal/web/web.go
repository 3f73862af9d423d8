package web

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/limit"
	"luoshi/ui"
)

// Options is what the pages need. Service, Codes and Passwords are required.
type Options struct {
	Service   *casework.Service
	Codes     *limit.Failures // of numbers with query codes
	Passwords *limit.Failures // of logins with passwords
	Demo      []DemoAccount   // shown on the sign-in page; never where real matters are
	VKey      string          // the log's verifier key, in the form of C2SP signed-note
	Log       *slog.Logger    // nil: slog.Default()
}

// DemoAccount is an account whose password is shown to everybody, to try the product with.
type DemoAccount struct{ Login, Password, Role, Unit string }

// site is the pages with all they need; but for the open streams it never changes after New.
type site struct {
	service   *casework.Service
	codes     *limit.Failures
	passwords *limit.Failures
	demo      []DemoAccount
	vkey      string
	log       *slog.Logger
	texts     catalogue
	pages     map[string]*pageSet // by language
	assets    *assets
	sealer    *sealer
	times     liveTimes
	streams   streams
}

// New makes the handler of all pages. The error is a template or a text that does not load.
func New(o Options) (http.Handler, error) {
	if o.Service == nil || o.Codes == nil || o.Passwords == nil {
		return nil, fmt.Errorf("web: Service, Codes and Passwords are required")
	}
	s := &site{service: o.Service, codes: o.Codes, passwords: o.Passwords, demo: o.Demo, vkey: o.VKey,
		log: cmp.Or(o.Log, slog.Default()), times: usualTimes()}
	var err error
	if s.texts, err = loadTexts(ui.FS); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(ui.FS); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(ui.FS, s.texts, s.assets); err != nil {
		return nil, err
	}
	if s.sealer, err = newSealer(o.Service.Subkey("words of a search in an address")); err != nil {
		return nil, err
	}
	pages, err := compressed(s.routes())
	if err != nil {
		return nil, err
	}
	return s.protect(pages), nil
}

// routes is every address of the product's pages in one place.
func (s *site) routes() *table {
	mux := &table{ServeMux: http.NewServeMux()}
	handle := func(pattern string, h handler) { mux.Handle(pattern, s.page(h)) }

	handle("GET /{$}", s.start)
	handle("POST /{$}", s.find)
	handle("GET /verify", s.verify)
	handle("GET /procedures", s.procedures)
	handle("GET /procedures/{id}", s.procedure)
	handle("GET /lodge/{procedure}", s.lodgeForm)
	handle("POST /lodge/{procedure}", s.lodge)

	handle("GET /receipt", s.receipt)

	handle("GET /follow", s.followForm)
	handle("POST /follow", s.follow)
	handle("GET /follow/lost", s.lostForm)
	handle("POST /follow/lost", s.lost)
	handle("GET /public", s.public)
	handle("GET /m", s.forParty(s.mine))
	handle("POST /m/steps/{step}", s.forParty(s.mineStep))
	handle("GET /m/print", s.forParty(s.minePrint))
	handle("GET /m/receipts/{seq}", s.forParty(s.mineReceipt))
	handle("GET /m/documents/{seq}/{document}", s.forParty(s.mineDocument))
	handle("POST /m/leave", s.leave)

	handle("GET /login", s.loginForm)
	handle("POST /login", s.login)
	handle("POST /logout", s.logout)
	handle("GET /desk", s.forStaff(s.desk))
	handle("POST /desk", s.forStaff(s.deskSearch))
	handle("POST /desk/lists", s.forStaff(s.keepList))
	handle("POST /desk/lists/drop", s.forStaff(s.dropList))
	handle("POST /desk/assign", s.forStaff(s.assignMany))
	handle("GET /desk/templates", s.forStaff(s.replies))
	handle("POST /desk/templates", s.forStaff(s.keepReply))
	handle("POST /desk/templates/drop", s.forStaff(s.dropReply))
	handle("GET /desk/overview", s.forStaff(s.overview))
	handle("GET /desk/m/{number}", s.forStaff(s.matter))
	handle("POST /desk/m/{number}/steps/{step}", s.forStaff(s.matterStep))
	handle("GET /desk/m/{number}/print", s.forStaff(s.matterPrint))
	handle("GET /desk/m/{number}/receipts/{seq}", s.forStaff(s.matterReceipt))
	handle("GET /desk/m/{number}/documents/{seq}/{document}", s.forStaff(s.matterDocument))
	handle("POST /desk/m/{number}/code", s.forStaff(s.issueCode))
	handle("POST /desk/m/{number}/correct", s.forStaff(s.correct))
	handle("POST /desk/m/{number}/erase", s.forStaff(s.erase))

	handle("GET /desk/procedures", s.forAuthor(s.publishing))
	handle("POST /desk/procedures", s.forAuthor(s.publish))
	handle("GET /desk/procedures/check", s.forAuthor(s.checkForm))
	handle("POST /desk/procedures/check", s.forAuthor(s.check))
	handle("GET /desk/procedures/try", s.forAuthor(s.tryStart))
	handle("POST /desk/procedures/try", s.forAuthor(s.try))
	handle("GET /desk/procedures/{id}/try", s.forAuthor(s.tryPublished))
	handle("GET /desk/procedures/{id}/migrate", s.forAuthor(s.migrateForm))
	handle("POST /desk/procedures/{id}/rehearse", s.forAuthor(s.rehearse))
	handle("POST /desk/procedures/{id}/migrate", s.forAuthor(s.migrate))

	handle("GET /design", s.design)
	mux.HandleFunc("GET /live", s.live)
	mux.Handle("GET /static/{file}", s.assets)
	handle("/", func(http.ResponseWriter, *http.Request) error { return errNoPage() })
	return mux
}
