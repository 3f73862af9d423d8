package media

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

const pngHeader = "\x89PNG\r\n\x1a\n"

// cleanPNG keeps the chunks without which the picture would look different, and how it is turned.
func cleanPNG(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte(pngHeader)) {
		return nil, ErrDamaged
	}
	out := append(make([]byte, 0, len(data)), pngHeader...)
	for rest := data[len(pngHeader):]; ; {
		if len(rest) < 12 {
			return nil, ErrDamaged
		}
		n := uint64(binary.BigEndian.Uint32(rest))
		if n+12 > uint64(len(rest)) {
			return nil, ErrDamaged
		}
		chunk := rest[:n+12]
		rest = rest[n+12:]
		switch kind := string(chunk[4:8]); {
		case kind == "IEND": // what hangs on behind is no part of the picture
			return append(out, chunk...), nil
		case kind == "eXIf":
			if turn := orientation(chunk[8 : 8+n]); turn != 1 {
				out = appendChunk(out, kind, turned(turn))
			}
		case keepsChunk(kind):
			out = append(out, chunk...)
		}
	}
}

// keepsChunk reports whether a chunk is needed to show the picture: the critical ones, whose names begin with a capital
// letter, colours and animation.
func keepsChunk(kind string) bool {
	return kind[0]&0x20 == 0 || slices.Contains([]string{"tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "bKGD", "pHYs",
		"acTL", "fcTL", "fdAT"}, kind)
}

func appendChunk(out []byte, kind string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	start := len(out)
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}
