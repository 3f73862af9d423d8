package media

import (
	"encoding/binary"
	"slices"
)

// Flags of the chunk VP8X, which says what a WebP has (RFC 9649, 2.7).
const (
	webpExif = 0x08
	webpXMP  = 0x04
)

// cleanWebP keeps the picture, its colours and how it is turned.
func cleanWebP(data []byte) ([]byte, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" {
		return nil, ErrDamaged
	}
	end := 8 + uint64(binary.LittleEndian.Uint32(data[4:])) // what hangs on behind is no part of the picture
	if end > uint64(len(data)) || end < 12 {
		return nil, ErrDamaged
	}
	out, flags, turn := append(make([]byte, 0, end), data[:12]...), -1, uint16(1)
	for rest := data[12:end]; len(rest) > 0; {
		if len(rest) < 8 {
			return nil, ErrDamaged
		}
		n := uint64(binary.LittleEndian.Uint32(rest[4:]))
		whole := 8 + n + n%2
		if 8+n > uint64(len(rest)) {
			return nil, ErrDamaged
		}
		chunk := rest[:min(whole, uint64(len(rest)))]
		rest = rest[len(chunk):]
		switch kind := string(chunk[:4]); {
		case kind == "EXIF":
			turn = orientation(chunk[8 : 8+n])
		case slices.Contains([]string{"VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"}, kind):
			if kind == "VP8X" && n > 0 {
				flags = len(out) + 8
			}
			out = append(out, chunk...)
		}
	}
	if flags >= 0 {
		out[flags] &^= webpExif | webpXMP
		if turn != 1 {
			body := turned(turn)
			out[flags] |= webpExif
			out = binary.LittleEndian.AppendUint32(append(out, "EXIF"...), uint32(len(body)))
			out = append(out, body...)
		}
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}
