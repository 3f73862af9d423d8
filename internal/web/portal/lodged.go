package portal

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/matter"
	"luoshi/internal/web/site"
)

// lodgedPage is the answer: number, code, receipt and clocks. It is written once, into the answer to the form; the same
// form sent again, by a double click or after going back, gets the same answer.
type lodgedPage struct {
	site.Frame
	Action      string // address of the form, whose draft is done with
	Number      string
	Code        string
	QR          *site.QrView // leads to where the matter is followed; nil without a code
	Receipt     template.URL // the receipt itself: it can be kept without cookies and without asking again
	ReceiptName string
	Public      string // where it stands
	Can         []string
	Unit        string
	Recorded    string
	Clocks      []matter.ClockView
	How         string
	SignedIn    bool
}

func (*lodgedPage) Template() string { return "lodged" }

// lodged answers a lodging. A browser that keeps cookies is led to an address of the receipt's own, which can be loaded again
// and come back to; to others, and where there is no query code, the receipt is the answer itself.
func (s *Pages) lodged(w http.ResponseWriter, r *http.Request, v words, rules *casework.Rules, out *casework.Outcome) error {
	m := out.Matter
	page := s.newLodgedPage(v, rules, m, out.Entry.Act.Time)
	var err error
	if page.Receipt, err = matter.ReceiptLink(out.Receipt); err != nil {
		return err
	}
	if out.Code == "" {
		return s.Render(w, r, http.StatusOK, page)
	}
	// What was recorded stands also when no session can be begun: the code opens it later.
	secret, a, err := s.Service.OpenAsParty(r.Context(), m.Number, out.Code)
	if err == nil {
		site.Begin(w, r, site.PartyCookie, secret, casework.PartySession)
		if _, err := r.Cookie(site.ProbeCookie); err == nil {
			site.Begin(w, r, receiptCookie, s.Sealer.Seal(slip{m.Number, out.Code, rules.Procedure.ID, s.Service.Now()}.String()), receiptLife)
			return &site.Redirect{Path: "/receipt"}
		}
		page.SignedIn, page.Party = true, true
		page.Can = s.canDo(v, m, a)
	}
	page.Code, page.QR = out.Code, site.NewQR(site.FollowAddress(r, m.Number))
	return s.Render(w, r, http.StatusOK, page)
}

// Receipt shows the receipt of what was lodged from this browser a moment ago.
func (s *Pages) Receipt(w http.ResponseWriter, r *http.Request) error {
	last, ok := s.lastSlip(r)
	if !ok {
		return &site.Redirect{Path: "/follow"}
	}
	a, err := s.Service.PartyByCode(r.Context(), last.number, last.code)
	if err != nil {
		return &site.Redirect{Path: "/follow"} // another code was given since
	}
	f, err := s.Service.Read(r.Context(), a, last.number)
	if err != nil {
		return err
	}
	v := s.words(site.LanguageOf(r))
	page := s.newLodgedPage(v, f.Rules, f.Matter, f.Matter.Opened)
	page.Code, page.QR, page.SignedIn, page.Party = last.code, site.NewQR(site.FollowAddress(r, last.number)), true, true
	page.Can = s.canDo(v, f.Matter, a)
	first, err := s.Service.Receipt(r.Context(), a, last.number, 1)
	if err != nil {
		return err
	}
	if page.Receipt, err = matter.ReceiptLink(first); err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, page)
}

func (s *Pages) newLodgedPage(v words, rules *casework.Rules, m *casework.Matter, recorded string) *lodgedPage {
	p := rules.Procedure
	page := &lodgedPage{Action: "/lodge/" + p.ID, Number: m.Number, Unit: v.Unit(m.Unit), Recorded: v.Recorded(recorded, rules.Location),
		Clocks: v.ClockViews(m, func(*casework.Clock) *casework.Rules { return rules }, s.Service.Now()), How: matter.HowPath(p, m.State),
		ReceiptName: matter.ReceiptName(m.Number, 1)}
	page.Title = v.T("lodged.title")
	if st := p.State(m.State); st != nil {
		page.Public = v.Say(st.Public)
	}
	return page
}

// receiptLife is for how long the receipt with its code can be loaded again.
const receiptLife = 15 * time.Minute

// receiptCookie is a slip, sealed.
const receiptCookie = "luoshi_receipt"

// slip is what a receipt is shown again from. It is in the browser alone, sealed.
type slip struct {
	number, code, procedure string
	at                      time.Time
}

func (x slip) String() string {
	return strings.Join([]string{x.number, x.code, x.procedure, strconv.FormatInt(x.at.Unix(), 10)}, " ")
}

// lastSlip is what was lodged from this browser last, for receiptLife.
func (s *Pages) lastSlip(r *http.Request) (slip, bool) {
	c, err := r.Cookie(receiptCookie)
	if err != nil {
		return slip{}, false
	}
	parts := strings.Split(s.Sealer.Open(c.Value), " ")
	if len(parts) != 4 {
		return slip{}, false
	}
	unix, err := strconv.ParseInt(parts[3], 10, 64)
	at := time.Unix(unix, 0)
	return slip{parts[0], parts[1], parts[2], at}, err == nil && s.Service.Now().Sub(at) < receiptLife
}

// canDo names the steps that a party can take now.
func (s *Pages) canDo(v words, m *casework.Matter, a office.Actor) []string {
	var titles []string
	for _, st := range s.Service.LawfulSteps(a, m) {
		titles = append(titles, v.Say(st.Title))
	}
	return titles
}
