package media

import (
	"bytes"
	"image"
	_ "image/jpeg" // registers its form
	_ "image/png"  // likewise
)

// maxPixels bounds a picture, which takes four bytes for each of them when it is shown: more than the largest camera
// of a phone has.
const maxPixels = 250_000_000

// dimensions refuses pictures that cannot be read or are enormous.
func dimensions(data []byte) error {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil || c.Width <= 0 || c.Height <= 0:
		return ErrDamaged
	case c.Width > maxPixels/c.Height:
		return ErrBomb
	}
	return nil
}

// Clean gives the file without what a photograph tells beside its picture: place, time, camera, owner, comments, and
// whatever hangs on behind its end. How it is to be turned stays. Pictures of the forms JPEG, PNG and WebP are
// cleaned; every other file comes back as it is. The picture itself is not touched.
func Clean(t Type, data []byte) ([]byte, error) {
	switch t.MediaType {
	case "image/jpeg":
		return cleanJPEG(data)
	case "image/png":
		return cleanPNG(data)
	case "image/webp":
		return cleanWebP(data)
	}
	return data, nil
}
