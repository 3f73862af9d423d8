package meeting

import (
	"net/http"
	"slices"
	"strconv"

	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// The papers of a meeting, by the last part of their address.
const (
	paperNotice     = "notice"
	paperAgenda     = "agenda"
	paperSheets     = "sheets"
	paperAttendance = "attendance"
	paperMinutes    = "minutes"
)

// paperPage is a paper of a meeting, to print on A4.
type paperPage struct {
	site.Frame
	What     string // one of the papers
	Kind     string // what it is called
	Heading  string
	Back     string
	Number   string
	Unit     string // the office that calls the meeting
	Signed   string // the day that stands under it
	When     string
	Place    string
	Form     string
	To       []string // to whom a notice goes
	More     string   // that it goes to others too, who are too many to name
	Chair    string
	Attends  string
	ReplyBy  string
	Contact  string
	Material []matter.FileView
	Agenda   []previewRow
	Sheets   []sheet
	Lists    []arrivedSite
	Absent   []absentRow
	Figures  []figure
	Minutes  string
	Present  []string // offices of which somebody came
}

func (*paperPage) Template() string { return "meetingprint" }

// sheet is the list on which people sign at one venue.
type sheet struct {
	Name, Place string
	Rows        []sheetRow
}

type sheetRow struct {
	N                int
	Unit, Name, Post string
}

// absentRow is an office of which nobody came, and why, as far as it said.
type absentRow struct {
	Unit string
	Why  string
}

// emptyLines are left on a sheet for people who were not announced, and most offices are named in a notice.
const (
	emptyLines = 6
	mostNamed  = 60
)

// printLink leads to a paper.
type printLink struct{ Path, Title string }

// prints are the papers that there are of a meeting now.
func (v words) prints(m *meetings.Meeting) []printLink {
	var all []printLink
	for _, what := range papers(m) {
		all = append(all, printLink{path(m.File.Matter.Number) + "/print/" + what, v.T("meeting.paper-" + what)})
	}
	return all
}

func papers(m *meetings.Meeting) []string {
	all := []string{paperNotice, paperAgenda}
	if len(m.Invitations) > 0 {
		all = append(all, paperSheets, paperAttendance)
	}
	if text, _ := m.File.Matter.Fields["minutes"].(string); text != "" {
		all = append(all, paperMinutes)
	}
	return all
}

// Paper shows a paper of a meeting.
func (s *Pages) Paper(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	m, err := meetings.Of(r.Context(), s.Service, a, r.PathValue("number"))
	if err != nil {
		return err
	}
	what := r.PathValue("paper")
	if !slices.Contains(papers(m), what) {
		return site.ErrNoPage()
	}
	v := s.words(site.LanguageOf(r))
	page := v.paper(m, what)
	page.Staff, page.Signed = v.Account(a.Account.Login), v.day(s.today())
	switch what {
	case paperNotice:
		v.notice(page, m)
	case paperSheets:
		page.Sheets = v.sheets(m)
	case paperAttendance:
		v.attendance(page, m)
	case paperMinutes:
		page.Minutes, _ = m.File.Matter.Fields["minutes"].(string)
		page.Present = v.present(m)
	}
	return s.Render(w, r, http.StatusOK, page)
}

// paper is what every paper says.
func (v words) paper(m *meetings.Meeting, what string) *paperPage {
	f := m.File.Matter
	said := func(name string) string { text, _ := f.Fields[name].(string); return text }
	page := &paperPage{What: what, Kind: v.T("meeting.paper-" + what), Heading: f.Title, Back: path(f.Number), Number: f.Number, Unit: v.Unit(f.Unit),
		When: v.when(said("held_on"), said("begins"), said("ends")), Place: said("place"), Form: v.form(said("form")),
		Chair: said("chair"), Attends: said("attends"), Contact: said("contact"), Agenda: v.preview(m.Agenda, nil)}
	page.Title, page.Paper = page.Kind+" · "+f.Number, v.T("meeting.running", page.Kind, f.Number)
	return page
}

// day writes a civil day without its weekday, as it stands under a letter.
func (v words) day(day string) string {
	said := v.IsoDay(day)
	if v.Lang == "zh" {
		if r := []rune(said); len(r) > 3 {
			return string(r[:len(r)-3])
		}
	}
	return said
}

// notice adds who is invited and what is wanted of them.
func (v words) notice(page *paperPage, m *meetings.Meeting) {
	for _, inv := range m.Invitations {
		if inv.State != "called-off" {
			page.To = append(page.To, v.Unit(inv.Unit))
		}
	}
	if n := len(page.To); n > mostNamed {
		page.To, page.More = page.To[:mostNamed], v.T("meeting.to-more", n-mostNamed)
	}
	if by, _ := m.File.Matter.Fields["reply_by"].(string); by != "" {
		page.ReplyBy = v.IsoDay(by)
	}
	for _, field := range v.facts(m.File, "material") {
		page.Material = field.Files
	}
}

// sheets are the lists to sign, one for each venue, with those who are announced.
func (v words) sheets(m *meetings.Meeting) []sheet {
	all := make([]sheet, len(m.Sites))
	for i, x := range m.Sites {
		all[i] = sheet{Name: v.siteName(x), Place: x.Place}
	}
	for _, inv := range m.Invitations {
		if inv.Site < 0 {
			continue
		}
		for _, p := range inv.Coming {
			all[inv.Site].Rows = append(all[inv.Site].Rows, sheetRow{Unit: v.Unit(inv.Unit), Name: p.Name, Post: p.Post})
		}
	}
	for i := range all {
		all[i].Rows = append(all[i].Rows, make([]sheetRow, emptyLines)...)
		for n := range all[i].Rows {
			all[i].Rows[n].N = n + 1
		}
	}
	return all
}

// attendance adds who came and who did not.
func (v words) attendance(page *paperPage, m *meetings.Meeting) {
	page.Lists = v.arrived(m)
	t := m.Totals()
	page.Figures = []figure{{"", v.T("meeting.n-offices"), int64(t.Offices)}, {"", v.T("meeting.n-people"), int64(t.People)}, {"", v.T("meeting.n-arrived"), int64(t.Arrived)}}
	for _, inv := range m.Invitations {
		if len(inv.Arrivals) > 0 || inv.State == "called-off" {
			continue
		}
		row := absentRow{Unit: v.Unit(inv.Unit), Why: v.T("meeting.absent-silent")}
		switch inv.Answer {
		case meetings.Declined:
			row.Why = v.T("meeting.absent-declined", inv.Declined)
		case meetings.Coming:
			row.Why = v.T("meeting.absent-coming")
		}
		page.Absent = append(page.Absent, row)
	}
}

// present are the offices of which somebody came; when nobody was recorded, those that said they would come.
func (v words) present(m *meetings.Meeting) []string {
	any := m.Totals().Arrived > 0
	var units []string
	for _, inv := range m.Invitations {
		if any && len(inv.Arrivals) > 0 || !any && inv.Answer == meetings.Coming {
			units = append(units, v.Unit(inv.Unit))
		}
	}
	if n := len(units); n > mostNamed {
		units = append(units[:mostNamed], v.T("meeting.and-more", strconv.Itoa(n-mostNamed)))
	}
	return units
}
