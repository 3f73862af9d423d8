package door

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Place is a venue of a meeting: the number of the meeting and the office whose venue it is.
type Place struct{ Meeting, Site string }

// Codes makes what stands in the QR codes at a door, and knows it again. A code is
//
//	KIND STAMP . SITE . MAC
//
// with the kind "s" of a screen or "p" of a paper; the stamp is the minute since 1970 of the one and the day since 1970
// of the other, in base 36; the MAC is HMAC-SHA-256 over all of it and the number of the meeting, of which 120 bits are
// kept. So it follows from the installation's secret, and nothing is kept of it.
type Codes struct{ key []byte }

// NewCodes makes codes by a key of the installation; see casework.Service.Subkey.
func NewCodes(key []byte) Codes { return Codes{key} }

// The kinds of what is signed.
const (
	onScreen = "s"
	onPaper  = "p"
	aForm    = "f" // the time to fill in the form
)

// How long things hold.
const (
	screenTurn = time.Minute      // a screen shows another code after this
	screenLife = 2 * screenTurn   // from the beginning of its minute
	formLife   = 10 * time.Minute // to fill in the form
	macBytes   = 15
)

// Screen is the code of a screen for the minute of now. A photograph of it is of little use: it holds for that minute and
// the next.
func (c Codes) Screen(p Place, now time.Time) string { return c.sign(onScreen, p, minute(now)) }

// Paper is the code to print, for one day, 2006-01-02.
func (c Codes) Paper(p Place, day string) string { return c.sign(onPaper, p, dayNumber(day)) }

// Pass is the time to fill in the form, which begins now. It is no code: it opens no form.
func (c Codes) Pass(p Place, now time.Time) string { return c.sign(aForm, p, now.Unix()) }

// Holds reports whether a pass is one for the place and still holds.
func (c Codes) Holds(p Place, pass string, now time.Time) bool {
	kind, to, stamp, ok := c.open(p.Meeting, pass)
	age := now.Sub(time.Unix(stamp, 0))
	return ok && kind == aForm && to == p && age <= formLife && age >= -screenTurn
}

// Fault says what is the matter with a code.
type Fault string

// What can be the matter with a code.
const (
	None    Fault = ""
	Unknown Fault = "unknown" // it was not made here, or is damaged
	Stale   Fault = "stale"   // the screen has shown others since
	Early   Fault = "early"   // it is printed for a day to come
	Past    Fault = "past"    // it is printed for a day that is over
)

// Read says to which place of the meeting a code leads, and what is the matter with it on the day, 2006-01-02, that now
// has there. The place is known unless the fault is Unknown.
func (c Codes) Read(meeting, code string, now time.Time, day string) (Place, Fault) {
	kind, p, stamp, ok := c.open(meeting, code)
	switch {
	case !ok || kind == aForm:
		return Place{}, Unknown
	case kind == onScreen:
		age := now.Sub(time.Unix(stamp*60, 0))
		if age >= screenLife || age < -screenTurn { // another node's clock may be a little ahead
			return p, Stale
		}
	case stamp > dayNumber(day):
		return p, Early
	case stamp < dayNumber(day):
		return p, Past
	}
	return p, None
}

// place is where a code leads to that was made here, however old it is.
func (c Codes) place(meeting, code string) (Place, bool) {
	kind, p, _, ok := c.open(meeting, code)
	return p, ok && kind != aForm
}

func minute(t time.Time) int64 { return t.Unix() / 60 }

// dayNumber counts the days since 1970.
func dayNumber(day string) int64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return -1
	}
	return t.Unix() / (24 * 60 * 60)
}

func (c Codes) sign(kind string, p Place, stamp int64) string {
	head := kind + strconv.FormatInt(stamp, 36)
	return head + "." + p.Site + "." + c.mac(p, head)
}

// open reads what sign has made for a meeting; ok is false for anything else.
func (c Codes) open(meeting, code string) (kind string, p Place, stamp int64, ok bool) {
	head, rest, _ := strings.Cut(code, ".")
	last := strings.LastIndexByte(rest, '.')
	if len(head) < 2 || last < 0 {
		return "", Place{}, 0, false
	}
	p = Place{Meeting: meeting, Site: rest[:last]}
	if !hmac.Equal([]byte(rest[last+1:]), []byte(c.mac(p, head))) {
		return "", Place{}, 0, false
	}
	stamp, err := strconv.ParseInt(head[1:], 36, 64)
	return head[:1], p, stamp, err == nil
}

func (c Codes) mac(p Place, head string) string {
	h := hmac.New(sha256.New, c.key)
	fmt.Fprintf(h, "%s\x00%s\x00%s", p.Meeting, p.Site, head)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:macBytes])
}
