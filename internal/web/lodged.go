package web

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
)

// lodgedPage is the answer: number, code, receipt and clocks. It is written once, into the answer to the form; the same
// form sent again, by a double click or after going back, gets the same answer.
type lodgedPage struct {
	frame
	Action      string // address of the form, whose draft is done with
	Number      string
	Code        string
	QR          *qrView      // leads to where the matter is followed; nil without a code
	Receipt     template.URL // the receipt itself: it can be kept without cookies and without asking again
	ReceiptName string
	Public      string // where it stands
	Can         []string
	Unit        string
	Recorded    string
	Clocks      []clockView
	How         string
	SignedIn    bool
}

func (*lodgedPage) template() string { return "lodged" }

// lodged answers a lodging. A browser that keeps cookies is led to an address of the receipt's own, which can be loaded again
// and come back to; to others, and where there is no query code, the receipt is the answer itself.
func (s *site) lodged(w http.ResponseWriter, r *http.Request, v words, rules *casework.Rules, out *casework.Outcome) error {
	m := out.Matter
	page := s.newLodgedPage(v, rules, m, out.Entry.Act.Time)
	var err error
	if page.Receipt, err = receiptLink(out.Receipt); err != nil {
		return err
	}
	if out.Code == "" {
		return s.render(w, r, http.StatusOK, page)
	}
	// What was recorded stands also when no session can be begun: the code opens it later.
	secret, a, err := s.service.OpenAsParty(r.Context(), m.Number, out.Code)
	if err == nil {
		begin(w, r, partyCookie, secret, casework.PartySession)
		if _, err := r.Cookie(probeCookie); err == nil {
			begin(w, r, receiptCookie, s.sealer.seal(slip{m.Number, out.Code, rules.Procedure.ID, s.service.Now()}.String()), receiptLife)
			return &redirect{"/receipt"}
		}
		page.SignedIn, page.Party = true, true
		page.Can = s.canDo(v, m, a)
	}
	page.Code, page.QR = out.Code, newQR(followAddress(r, m.Number))
	return s.render(w, r, http.StatusOK, page)
}

// receipt shows the receipt of what was lodged from this browser a moment ago.
func (s *site) receipt(w http.ResponseWriter, r *http.Request) error {
	last, ok := s.lastSlip(r)
	if !ok {
		return &redirect{"/follow"}
	}
	a, err := s.service.PartyByCode(r.Context(), last.number, last.code)
	if err != nil {
		return &redirect{"/follow"} // another code was given since
	}
	f, err := s.service.Read(r.Context(), a, last.number)
	if err != nil {
		return err
	}
	v := s.words(languageOf(r))
	page := s.newLodgedPage(v, f.Rules, f.Matter, f.Matter.Opened)
	page.Code, page.QR, page.SignedIn, page.Party = last.code, newQR(followAddress(r, last.number)), true, true
	page.Can = s.canDo(v, f.Matter, a)
	first, err := s.service.Receipt(r.Context(), a, last.number, 1)
	if err != nil {
		return err
	}
	if page.Receipt, err = receiptLink(first); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page)
}

func (s *site) newLodgedPage(v words, rules *casework.Rules, m *casework.Matter, recorded string) *lodgedPage {
	p := rules.Procedure
	page := &lodgedPage{Action: "/lodge/" + p.ID, Number: m.Number, Unit: v.unit(m.Unit), Recorded: v.recorded(recorded, rules.Location),
		Clocks: v.clockViews(m, func(*casework.Clock) *casework.Rules { return rules }, s.service.Now()), How: howPath(p, m.State),
		ReceiptName: receiptName(m.Number, 1)}
	page.Title = v.t("lodged.title")
	if st := p.State(m.State); st != nil {
		page.Public = st.Public.In(v.lang)
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
func (s *site) lastSlip(r *http.Request) (slip, bool) {
	c, err := r.Cookie(receiptCookie)
	if err != nil {
		return slip{}, false
	}
	parts := strings.Split(s.sealer.open(c.Value), " ")
	if len(parts) != 4 {
		return slip{}, false
	}
	unix, err := strconv.ParseInt(parts[3], 10, 64)
	at := time.Unix(unix, 0)
	return slip{parts[0], parts[1], parts[2], at}, err == nil && s.service.Now().Sub(at) < receiptLife
}

// canDo names the steps that a party can take now.
func (s *site) canDo(v words, m *casework.Matter, a office.Actor) []string {
	var titles []string
	for _, st := range s.service.LawfulSteps(a, m) {
		titles = append(titles, st.Title.In(v.lang))
	}
	return titles
}

// receiptLink is the receipt as an address that holds it.
func receiptLink(r *ledger.Receipt) (template.URL, error) {
	b, err := r.JSON()
	if err != nil {
		return "", err
	}
	return template.URL("data:application/json;base64," + base64.StdEncoding.EncodeToString(b)), nil
}

func receiptName(number string, seq int) string {
	return fmt.Sprintf("receipt-%s-%d.json", number, seq)
}
