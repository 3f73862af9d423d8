package story

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"path"
)

// Sample is the content of a file that somebody hands in, by the ending of its name: a small picture (.jpg, .png), a page
// (.pdf) or a text. It is the same each time, and another for each name.
func Sample(name string) ([]byte, error) {
	var b bytes.Buffer
	var err error
	picture := image.NewGray(image.Rect(0, 0, 16+len(name), 16))
	switch path.Ext(name) {
	case ".jpg":
		err = jpeg.Encode(&b, picture, nil)
	case ".png":
		err = png.Encode(&b, picture)
	case ".pdf":
		page(&b, name)
	case ".txt":
		fmt.Fprintf(&b, "%s\n", name)
	default:
		err = fmt.Errorf("there is no sample of a file called %s; end it with .jpg, .png, .pdf or .txt", name)
	}
	return b.Bytes(), err
}

// page writes a PDF with one empty page and the name as its title.
func page(b *bytes.Buffer, name string) {
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, object := range []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
		fmt.Sprintf("<</Title<%x>>>", name)} {
		at = append(at, b.Len())
		fmt.Fprintf(b, "%d 0 obj%s endobj\n", i+1, object)
	}
	table := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(b, "trailer<</Root 1 0 R/Info 4 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
}
