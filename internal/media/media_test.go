package media

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// secret stands for a place in what a photograph tells beside its picture.
const secret = "GPS 37.8706 N 112.5489 E"

// photograph is a small picture that no part of looks like another.
func photograph() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 24))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range 24 {
		for x := range 40 {
			m.Set(x, y, color.RGBA{uint8(r.IntN(256)), uint8(x * 6), uint8(y * 10), 255})
		}
	}
	return m
}

// telling is a TIFF structure with a place, turned by a quarter.
func telling(order binary.AppendByteOrder, head string) []byte {
	b := []byte(head)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, entry := range [][2]uint16{{0x010f, 0}, {tagOrientation, 6}} {
		b = order.AppendUint16(b, entry[0])
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, entry[1])
		b = order.AppendUint16(b, 0)
	}
	return append(order.AppendUint32(b, 0), secret...)
}

func jpegOf(t testing.TB, extra ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photograph(), nil); err != nil {
		t.Fatal(err)
	}
	out := append([]byte{}, b.Bytes()[:2]...)
	for _, e := range extra {
		out = append(out, e...)
	}
	return append(out, b.Bytes()[2:]...)
}

func pngOf(t testing.TB, extra ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, photograph()); err != nil {
		t.Fatal(err)
	}
	head := len(pngHeader) + 25 // with IHDR
	out := append([]byte{}, b.Bytes()[:head]...)
	for _, e := range extra {
		out = append(out, e...)
	}
	return append(out, b.Bytes()[head:]...)
}

// webpOf is the form of a WebP; what is in VP8L is no picture, for nothing here writes one.
func webpOf(chunks ...[]byte) []byte {
	body := []byte("WEBP")
	for _, c := range chunks {
		body = append(body, c...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riff(kind, body string) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func zipOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		name, content, _ := strings.Cut(f, "=")
		p, err := w.Create(name)
		if err == nil {
			_, err = p.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb says that it holds a terabyte.
func bomb(t testing.TB) []byte {
	b := zipOf(t, "word/document.xml=x")
	at := bytes.LastIndex(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[at+24:], 0xfffffff0)
	return b
}

// enormous says that it is 60,000 by 60,000 points.
func enormous(t testing.TB) []byte {
	b := pngOf(t)
	binary.BigEndian.PutUint32(b[16:], 60_000)
	binary.BigEndian.PutUint32(b[20:], 60_000)
	// the sum over the chunk IHDR
	fixed := appendChunk(nil, "IHDR", b[16:29])
	return append(append(append([]byte{}, b[:8]...), fixed...), b[33:]...)
}

func TestLook(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want string
		err  error
	}{
		{"JPEG", jpegOf(t), "image/jpeg", nil},
		{"PNG", pngOf(t), "image/png", nil},
		{"WebP", webpOf(riff("VP8L", "\x2f1234")), "image/webp", nil},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "image/heic", nil},
		{"PDF", []byte("%PDF-1.7\n%\xe2\xe3\n1 0 obj"), "application/pdf", nil},
		{"DOCX", zipOf(t, "[Content_Types].xml=<Types/>", "word/document.xml=<w/>"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", nil},
		{"DOCX in another order", zipOf(t, "docProps/app.xml=<a/>", "word/document.xml=<w/>"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", nil},
		{"XLSX", zipOf(t, "[Content_Types].xml=<Types/>", "xl/workbook.xml=<w/>"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", nil},
		{"ODT", zipOf(t, "mimetype=application/vnd.oasis.opendocument.text", "content.xml=<c/>"), "application/vnd.oasis.opendocument.text", nil},
		{"text", []byte("老板不发工资，欠了三个月。\n"), "text/plain", nil},
		{"text with a comma in every line", []byte("a,b\nc,d\ne,f\n"), "text/plain", nil},
		{"MP3", []byte("\xff\xfb\x90\x64\x00\x0f\xf0\x00"), "audio/mpeg", nil},
		{"AMR", []byte("#!AMR\n\x3c"), "audio/amr", nil},
		{"MP4", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), "video/mp4", nil},
		{"MOV", []byte("\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  "), "video/quicktime", nil},
		{"nothing", nil, "", ErrEmpty},
		{"a web page", []byte("<!DOCTYPE html><script>alert(1)</script>"), "", ErrUnknown},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "", ErrUnknown},
		{"XML", []byte(`<?xml version="1.0"?><a/>`), "", ErrUnknown},
		{"a program", []byte("MZ\x90\x00\x03\x00\x00\x00\x04"), "", ErrUnknown},
		{"a program of Linux", []byte("\x7fELF\x02\x01\x01\x00"), "", ErrUnknown},
		{"a script", []byte("#!/usr/bin/env python3\nprint(1)\n"), "", ErrUnknown},
		{"an archive", zipOf(t, "a.exe=MZ"), "", ErrUnknown},
		{"GIF", []byte("GIF89a\x01\x00\x01\x00"), "", ErrUnknown},
		{"bytes of no form", []byte{0, 1, 2, 3, 0xfe, 0xff, 0, 9}, "", ErrUnknown},
		{"a document with macros", zipOf(t, "[Content_Types].xml=<Types/>", "word/document.xml=<w/>", "word/vbaProject.bin=x"), "", ErrMacros},
		{"a bomb", bomb(t), "", ErrBomb},
		{"an archive that was cut off", zipOf(t, "word/document.xml=<w/>")[:40], "", ErrDamaged},
		{"a picture that was cut off", jpegOf(t)[:30], "", ErrDamaged},
		{"an enormous picture", enormous(t), "", ErrBomb},
	} {
		got, err := Look(c.data)
		if err == nil {
			_, err = Clean(got, c.data)
		}
		if err != c.err || err == nil && got.MediaType != c.want {
			t.Errorf("%s: %v, %v instead of %q, %v", c.name, got, err, c.want, c.err)
		}
	}
}

// What is taken out is gone, and the picture is the same point by point.
func TestCleanTakesOutPlaces(t *testing.T) {
	exif := append([]byte(exifHeader), telling(binary.LittleEndian, "II*\x00")...)
	for name, data := range map[string][]byte{
		"JPEG": append(jpegOf(t, appendSegment(nil, markAPP1, exif), appendSegment(nil, markAPP1, []byte("http://ns.adobe.com/xap/1.0/\x00"+secret)),
			appendSegment(nil, markAPP0+13, []byte(secret)), appendSegment(nil, markCOM, []byte(secret))), secret...),
		"PNG": append(pngOf(t, appendChunk(nil, "eXIf", telling(binary.BigEndian, "MM\x00*")), appendChunk(nil, "tEXt", []byte("Comment\x00"+secret)),
			appendChunk(nil, "iTXt", []byte(secret)), appendChunk(nil, "tIME", []byte(secret[:7]))), secret...),
	} {
		typ, err := Look(data)
		if err != nil {
			t.Fatal(name, err)
		}
		clean, err := Clean(typ, data)
		if err != nil {
			t.Fatal(name, err)
		}
		if bytes.Contains(clean, []byte(secret)) || !bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s: the place is still there", name)
		}
		before, _, err := image.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(name, err)
		}
		after, _, err := image.Decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(name, err)
		}
		for y := range 24 {
			for x := range 40 {
				if before.At(x, y) != after.At(x, y) {
					t.Fatalf("%s: the point %d, %d has another colour", name, x, y)
				}
			}
		}
		if !bytes.Contains(clean, turned(6)) {
			t.Errorf("%s: how it is turned was lost", name)
		}
		if again, err := Clean(typ, clean); err != nil || !bytes.Equal(again, clean) {
			t.Errorf("%s: cleaned twice it is another (%v)", name, err)
		}
	}
}

func TestCleanWebP(t *testing.T) {
	head := string([]byte{webpExif | webpXMP, 0, 0, 0, 39, 0, 0, 23, 0, 0})
	data := append(webpOf(riff("VP8X", head), riff("VP8L", "\x2f12345"), riff("EXIF", string(telling(binary.BigEndian, "MM\x00*"))), riff("XMP ", secret)), secret...)
	clean, err := Clean(Type{MediaType: "image/webp"}, data)
	if err != nil {
		t.Fatal(err)
	}
	want := webpOf(riff("VP8X", string([]byte{webpExif})+head[1:]), riff("VP8L", "\x2f12345"), riff("EXIF", string(turned(6))))
	if !bytes.Equal(clean, want) {
		t.Errorf("%q instead of %q", clean, want)
	}
	if _, err := Clean(Type{MediaType: "image/webp"}, data[:40]); err != ErrDamaged {
		t.Errorf("cut off: %v", err)
	}
}

func TestName(t *testing.T) {
	jpg, txt := Type{"image", "image/jpeg", ".jpg"}, text
	for _, c := range []struct {
		given string
		t     Type
		want  string
	}{
		{"IMG_2041.JPG", jpg, "IMG_2041.JPG"},
		{"裂缝 1.jpeg", jpg, "裂缝 1.jpeg"},
		{"👨‍👩‍👧 家.jpg", jpg, "👨‍👩‍👧 家.jpg"},
		{`C:\Users\王五\照片.jpg`, jpg, "照片.jpg"},
		{"../../etc/passwd", txt, "passwd.txt"},
		{"..", txt, "file.txt"},
		{"/", txt, "file.txt"},
		{"", jpg, "file.jpg"},
		{"   .jpg", jpg, "file.jpg"},
		{"photo.exe", jpg, "photo.exe.jpg"},
		{"photo\u202egpj.exe", jpg, "photogpj.exe.jpg"},
		{"a\x00b\nc\u200b.txt", txt, "abc.txt"},
		{"a\xffb.txt", txt, "ab.txt"},
		{`a"<b>|?*.txt`, txt, "a__b____.txt"},
		{"con  \t  tract .txt", txt, "con tract.txt"},
		{strings.Repeat("长", 300) + ".jpg", jpg, strings.Repeat("长", 96) + ".jpg"},
		{"עדות.jpg", jpg, "עדות.jpg"},
	} {
		if got := Name(c.given, c.t); got != c.want {
			t.Errorf("%q becomes %q instead of %q", c.given, got, c.want)
		}
	}
}

// Nothing that is sent makes it fail, and what it gives holds what it promises.
func FuzzLook(f *testing.F) {
	for _, seed := range [][]byte{jpegOf(f), pngOf(f), webpOf(riff("VP8X", "0123456789"), riff("VP8L", "\x2f1234")), bomb(f),
		zipOf(f, "word/document.xml=x"), []byte("<svg"), []byte("%PDF-1.7"), []byte("ftyp")} {
		f.Add(seed, "a.jpg")
	}
	f.Add([]byte("x"), "..\\..\u202e/a\x00")
	f.Fuzz(func(t *testing.T, data []byte, given string) {
		typ, err := Look(data)
		name := Name(given, typ)
		if strings.ContainsAny(name, "/\\\x00\n\r\"") || len([]rune(name)) > maxName || !strings.HasSuffix(name, typ.Ext) && !strings.Contains(name, ".") {
			t.Errorf("%q becomes %q", given, name)
		}
		if name != Name(name, typ) {
			t.Errorf("%q is not settled: %q", name, Name(name, typ))
		}
		if err != nil {
			return
		}
		clean, err := Clean(typ, data)
		if err != nil {
			return
		}
		if again, err := Clean(typ, clean); err != nil || !bytes.Equal(again, clean) {
			t.Errorf("cleaned twice it is another (%v)", err)
		}
		if found, err := Look(clean); err == nil && found != typ {
			t.Errorf("cleaned it is %v instead of %v", found, typ)
		}
	})
}
