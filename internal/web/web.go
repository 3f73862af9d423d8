// Package web is the pages: server-rendered, complete without script, in Chinese and English. It turns a
// request into one call of the casework service and its answer into a page.
//
// Here stand the addresses; what answers them is in portal, desk, directive and author, what a page is made of in site and matter.
// None of them must decide what is lawful or who may see what, that is the service's; put anything personal into a URL
// or the server's log, show the inside of a failure, or write a page that needs an inline script or style.
package web

import (
	"net/http"

	"luoshi/internal/web/attend"
	"luoshi/internal/web/author"
	"luoshi/internal/web/design"
	"luoshi/internal/web/desk"
	"luoshi/internal/web/directive"
	"luoshi/internal/web/meeting"
	"luoshi/internal/web/portal"
	"luoshi/internal/web/site"
)

// Options is what the pages need. Service, Codes and Passwords are required.
type Options = site.Options

// DemoAccount is an account whose password is shown to everybody, to try the product with.
type DemoAccount = site.DemoAccount

// New makes the handler of all pages. The error is a template or a text that does not load.
func New(o Options) (http.Handler, error) {
	s, err := site.New(o)
	if err != nil {
		return nil, err
	}
	return s.Wrap(routes(s))
}

// routes is every address of the product's pages in one place.
func routes(s *site.Site) *table {
	p, d, i, m, t, a := portal.New(s), desk.New(s), directive.New(s), meeting.New(s), attend.New(s), author.New(s)
	mux := &table{ServeMux: http.NewServeMux()}
	handle := func(pattern string, h site.Handler) { mux.Handle(pattern, s.Page(h)) }

	handle("GET /{$}", p.Start)
	handle("POST /{$}", p.Find)
	handle("GET /verify", p.Verify)
	handle("GET /services", p.Services)
	handle("POST /services", p.Find)
	handle("GET /services/{id}", p.ServicePage)
	handle("GET /guide/{id}", p.Guide)
	handle("GET /guide/{id}/{way...}", p.Guide)
	handle("GET /procedures", p.Procedures)
	handle("GET /procedures/{id}", p.Procedure)
	handle("GET /lodge/{procedure}", p.LodgeForm)
	handle("POST /lodge/{procedure}", p.Lodge)

	handle("GET /receipt", p.Receipt)

	handle("GET /follow", p.FollowForm)
	handle("POST /follow", p.Follow)
	handle("GET /follow/lost", p.LostForm)
	handle("POST /follow/lost", p.Lost)
	handle("GET /public", p.Public)
	handle("GET /listed", p.Listed)
	handle("GET /m", p.ForParty(p.Mine))
	handle("POST /m/steps/{step}", p.ForParty(p.MineStep))
	handle("GET /m/print", p.ForParty(p.MinePrint))
	handle("GET /m/receipts/{seq}", p.ForParty(p.MineReceipt))
	handle("GET /m/documents/{seq}/{document}", p.ForParty(p.MineDocument))
	handle("GET /m/files/{file}", p.ForParty(p.MineFile))
	handle("POST /m/leave", p.Leave)

	handle("GET /login", s.LoginForm)
	handle("POST /login", s.Login)
	handle("POST /logout", s.Logout)
	handle("GET /desk", s.ForStaff(d.Desk))
	handle("POST /desk", s.ForStaff(d.DeskSearch))
	handle("POST /desk/lists", s.ForStaff(d.KeepList))
	handle("POST /desk/lists/drop", s.ForStaff(d.DropList))
	handle("POST /desk/assign", s.ForStaff(d.AssignMany))
	handle("GET /desk/templates", s.ForStaff(d.Replies))
	handle("POST /desk/templates", s.ForStaff(d.KeepReply))
	handle("POST /desk/templates/drop", s.ForStaff(d.DropReply))
	handle("GET /desk/lodge", s.ForStaff(d.Lodgings))
	handle("POST /desk/lodge", s.ForStaff(d.FindLodging))
	handle("GET /desk/lodge/{procedure}", s.ForStaff(d.LodgeForm))
	handle("POST /desk/lodge/{procedure}", s.ForStaff(d.Lodge))
	handle("GET /desk/directives", s.ForStaff(i.Directives))
	handle("GET /desk/directives.csv", s.ForStaff(i.ExportCSV))
	handle("GET /desk/directives.xlsx", s.ForStaff(i.ExportXLSX))
	handle("GET /desk/directives/{number}", s.ForStaff(i.DirectiveTree))
	handle("POST /desk/directives/{number}/urge", s.ForStaff(i.Urge))
	handle("GET /desk/reports", s.ForStaff(i.Reports))
	handle("POST /desk/reports", s.ForStaff(i.ReadReport))
	handle("GET /desk/reports/{id}", s.ForStaff(i.Draft))
	handle("POST /desk/reports/{id}", s.ForStaff(i.KeepDraft))
	handle("POST /desk/reports/{id}/drop", s.ForStaff(i.DropDraft))
	handle("GET /desk/meetings", s.ForStaff(m.Meetings))
	handle("GET /desk/meetings/new", s.ForStaff(m.PlanForm))
	handle("POST /desk/meetings/new", s.ForStaff(m.Plan))
	handle("GET /desk/meetings/{number}", s.ForStaff(m.Meeting))
	handle("POST /desk/meetings/{number}/steps/{step}", s.ForStaff(m.Step))
	handle("POST /desk/meetings/{number}/invite", s.ForStaff(m.Invite))
	handle("POST /desk/meetings/{number}/urge", s.ForStaff(m.Urge))
	handle("GET /desk/meetings/{number}/print/{paper}", s.ForStaff(m.Paper))
	handle("GET /desk/overview", s.ForStaff(d.Overview))

	handle("GET /desk/meetings/{number}/door", s.ForStaff(t.Door))
	handle("POST /desk/meetings/{number}/door", s.ForStaff(t.Record))
	handle("GET /desk/meetings/{number}/door/print", s.ForStaff(t.DoorPaper))
	handle("GET /desk/meetings/{number}/meeting.ics", s.ForStaff(t.MeetingFile))
	handle("GET /door/{number}/{code}", t.SignForm)
	handle("POST /door/{number}/{code}", t.Sign)
	handle("GET /desk/calendar", s.ForStaff(t.Calendar))
	handle("POST /desk/calendar", s.ForStaff(t.NewCalendar))
	handle("POST /desk/calendar/stop", s.ForStaff(t.StopCalendar))
	handle("GET /calendar/{file}", t.Feed)

	handle("GET /desk/m/{number}", s.ForStaff(d.Matter))
	handle("POST /desk/m/{number}/steps/{step}", s.ForStaff(d.MatterStep))
	handle("GET /desk/m/{number}/print", s.ForStaff(d.MatterPrint))
	handle("GET /desk/m/{number}/receipts/{seq}", s.ForStaff(d.MatterReceipt))
	handle("GET /desk/m/{number}/documents/{seq}/{document}", s.ForStaff(d.MatterDocument))
	handle("GET /desk/m/{number}/files/{file}", s.ForStaff(d.MatterFile))
	handle("POST /desk/m/{number}/code", s.ForStaff(d.IssueCode))
	handle("POST /desk/m/{number}/correct", s.ForStaff(d.Correct))
	handle("POST /desk/m/{number}/erase", s.ForStaff(d.Erase))

	handle("GET /desk/procedures", a.ForAuthor(a.Publishing))
	handle("POST /desk/procedures", a.ForAuthor(a.Publish))
	handle("GET /desk/procedures/check", a.ForAuthor(a.CheckForm))
	handle("POST /desk/procedures/check", a.ForAuthor(a.Check))
	handle("GET /desk/procedures/try", a.ForAuthor(a.TryStart))
	handle("POST /desk/procedures/try", a.ForAuthor(a.Try))
	handle("GET /desk/procedures/{id}/try", a.ForAuthor(a.TryPublished))
	handle("GET /desk/procedures/{id}/migrate", a.ForAuthor(a.MigrateForm))
	handle("POST /desk/procedures/{id}/rehearse", a.ForAuthor(a.Rehearse))
	handle("POST /desk/procedures/{id}/migrate", a.ForAuthor(a.Migrate))

	handle("GET /design", design.New(s).Design)
	mux.HandleFunc("GET /live", s.Live)
	mux.Handle("GET /static/{file}", s.Static())
	handle("/", func(http.ResponseWriter, *http.Request) error { return site.ErrNoPage() })
	return mux
}
