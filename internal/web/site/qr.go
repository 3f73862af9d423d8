package site

import (
	"fmt"
	"net/http"
	"strings"

	qrcode "github.com/yeqown/go-qrcode/v2"
)

// QrView is a QR code (ISO/IEC 18004) as an SVG picture draws it: dark modules as one path, in units of a module.
type QrView struct {
	Size int    // width and height with the quiet zone
	Path string // the d attribute of the path
	Text string // what the code says
}

// quiet is the light margin that readers need, in modules.
const quiet = 4

// NewQR makes the code of a text, or nil when it does not fit.
func NewQR(text string) *QrView {
	code, err := qrcode.New(text)
	if err != nil {
		return nil
	}
	d := &drawing{}
	if err := code.Save(d); err != nil {
		return nil
	}
	return &QrView{Size: d.size, Path: d.path.String(), Text: text}
}

// drawing takes the modules of a code and writes each run of dark ones as a rectangle.
type drawing struct {
	size int
	path strings.Builder
}

func (d *drawing) Write(m qrcode.Matrix) error {
	d.size = m.Width() + 2*quiet
	for y, row := range m.Bitmap() {
		for x := 0; x < len(row); x++ {
			begin := x
			for x < len(row) && row[x] {
				x++
			}
			if x > begin {
				fmt.Fprintf(&d.path, "M%d %dh%dv1h-%dz", begin+quiet, y+quiet, x-begin, x-begin)
			}
		}
	}
	return nil
}

func (d *drawing) Close() error { return nil }

// FollowAddress is the whole address of the page to follow a matter on, with its number behind the #. What stands there
// a browser does not send, so that it is in no log. The query code is never part of an address: addresses stay in
// histories, and a photograph of the code would open the matter.
func FollowAddress(r *http.Request, number string) string {
	return Address(r, "/follow"+NumberFragment(number))
}

// Address is the whole address of a path here, as the person's browser reaches it.
func Address(r *http.Request, path string) string {
	scheme := "http"
	if secure(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host + path
}

// NumberFragment is what the page to follow a matter on reads the number from.
func NumberFragment(number string) string { return "#number=" + number }
