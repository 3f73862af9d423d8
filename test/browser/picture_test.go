package browser

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	shrink   = 2      // CSS pixels by pixel of a kept picture
	nearly   = 32     // of 255: so much may a colour differ, for smooth edges
	mostDiff = 0.0005 // of the pixels of a part may differ more
)

// picture is the whole page, made smaller.
func (b *Tab) picture() *image.RGBA {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	whole, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	return smaller(whole)
}

// smaller takes the middle of each square of pixels.
func smaller(whole image.Image) *image.RGBA {
	size := whole.Bounds().Size().Div(shrink)
	small := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			var r, g, b uint32
			for dy := range shrink {
				for dx := range shrink {
					cr, cg, cb, _ := whole.At(x*shrink+dx, y*shrink+dy).RGBA()
					r, g, b = r+cr>>8, g+cg>>8, b+cb>>8
				}
			}
			const n = shrink * shrink
			small.SetRGBA(x, y, color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255})
		}
	}
	return small
}

// write keeps a picture with 3 bits by colour: finer than nearly, and few enough colours for a palette.
func write(t *testing.T, name string, m *image.RGBA) {
	t.Helper()
	for i := range m.Pix {
		m.Pix[i] = m.Pix[i]&0xe0 | 16
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, withPalette(m)); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// withPalette is the picture with a list of its colours, when they are few enough.
func withPalette(m *image.RGBA) image.Image {
	var palette color.Palette
	at := map[color.RGBA]uint8{}
	p := image.NewPaletted(m.Bounds(), nil)
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			c := m.RGBAAt(x, y)
			i, ok := at[c]
			if !ok {
				if len(palette) == 256 {
					return m
				}
				i = uint8(len(palette))
				at[c], palette = i, append(palette, c)
			}
			p.Pix[y*p.Stride+x] = i
		}
	}
	p.Palette = palette
	return p
}

func read(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// compare looks at each part by itself, so that one that grew does not move all others.
func compare(t *testing.T, name string, kept, now []box, was, is image.Image) {
	t.Helper()
	if len(kept) != len(now) {
		t.Errorf("%s has %d parts, kept are %d", name, len(now), len(kept))
		return
	}
	for i, k := range kept {
		n := now[i]
		if k.ID != n.ID || k.X != n.X || k.Width != n.Width || abs(k.Height-n.Height) > 1 {
			t.Errorf("%s: part %s is %d×%d at %d, kept is %s, %d×%d at %d", name, n.ID, n.Width, n.Height, n.X, k.ID, k.Width, k.Height, k.X)
			continue
		}
		if d := different(was, is, k, n); d > mostDiff {
			t.Errorf("%s: part %s looks otherwise: %.2f %% of it differs", name, n.ID, 100*d)
		}
	}
}

// different is the share of a part's pixels that differ.
func different(was, is image.Image, kept, now box) float64 {
	wide, high := now.Width/shrink, min(kept.Height, now.Height)/shrink
	n := 0
	for y := range high {
		for x := range wide {
			// A part that begins at an odd place may be one pixel off.
			if !similar(was, is, now.X/shrink+x, kept.Y/shrink+y, now.Y/shrink+y) {
				n++
			}
		}
	}
	return float64(n) / float64(wide*high)
}

func similar(was, is image.Image, x, wasY, isY int) bool {
	r, g, b, _ := is.At(x, isY).RGBA()
	for _, dy := range []int{0, -1, 1} {
		kr, kg, kb, _ := was.At(x, wasY+dy).RGBA()
		if abs(int(r>>8)-int(kr>>8)) <= nearly && abs(int(g>>8)-int(kg>>8)) <= nearly && abs(int(b>>8)-int(kb>>8)) <= nearly {
			return true
		}
	}
	return false
}

// compareBoxes is what holds with any fonts: order, place and width; heights within a third.
func compareBoxes(t *testing.T, name string, kept, now []box) {
	t.Helper()
	if len(kept) != len(now) {
		t.Errorf("%s has %d parts, kept are %d", name, len(now), len(kept))
		return
	}
	for i, k := range kept {
		n := now[i]
		if k.ID != n.ID || abs(k.X-n.X) > 2 || abs(k.Width-n.Width) > 2 || 3*abs(k.Height-n.Height) > k.Height {
			t.Errorf("%s: part %s is %d×%d at %d, kept is %s, %d×%d at %d", name, n.ID, n.Width, n.Height, n.X, k.ID, k.Width, k.Height, k.X)
		}
	}
}

func abs(n int) int { return max(n, -n) }

// The comparison itself is tried on a picture that was changed.
func TestAChangedPictureIsSeen(t *testing.T) {
	blank := image.NewRGBA(image.Rect(0, 0, 200, 100))
	for i := range blank.Pix {
		blank.Pix[i] = 250
	}
	changed := image.NewRGBA(blank.Bounds())
	copy(changed.Pix, blank.Pix)
	for x := 20; x < 60; x++ {
		for y := 20; y < 24; y++ {
			changed.SetRGBA(x, y, color.RGBA{43, 74, 155, 255})
		}
	}
	part := box{ID: "a", Width: 400, Height: 200}
	if d := different(blank, blank, part, part); d != 0 {
		t.Errorf("the same picture differs by %f", d)
	}
	if d := different(blank, changed, part, part); d <= mostDiff {
		t.Errorf("a bar of 40 by 4 pixels differs by %f only", d)
	}
}
