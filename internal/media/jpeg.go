package media

import (
	"bytes"
	"encoding/binary"
)

// Markers of a JPEG (ITU-T T.81, table B.1).
const (
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markAPP0 = 0xe0
	markAPP1 = 0xe1
	markCOM  = 0xfe
)

// cleanJPEG keeps what the picture is made of, its colours (ICC, Adobe) and how it is turned.
func cleanJPEG(data []byte) ([]byte, error) {
	if len(data) < 4 || data[0] != 0xff || data[1] != markSOI {
		return nil, ErrDamaged
	}
	out := append(make([]byte, 0, len(data)), 0xff, markSOI)
	orient, scans := uint16(1), 0
	for rest := data[2:]; ; {
		segment, after, err := nextSegment(rest)
		if err != nil {
			return nil, err
		}
		if segment == nil || segment[1] == markEOI { // what hangs on behind is no part of the picture
			break
		}
		rest = after
		switch mark, body := segment[1], segment[min(4, len(segment)):]; {
		case mark == markAPP1 && bytes.HasPrefix(body, []byte(exifHeader)):
			if turn := orientation(body); scans == 0 && orient == 1 && turn != 1 {
				orient = turn
				out = appendSegment(out, markAPP1, append([]byte(exifHeader), turned(turn)...))
			}
		case keepsSegment(mark, body):
			out = append(out, segment...)
		}
		if segment[1] == markSOS {
			scans++
			scan := rest[:scanLength(rest)]
			out, rest = append(out, scan...), rest[len(scan):]
		}
	}
	if scans == 0 {
		return nil, ErrDamaged
	}
	return append(out, 0xff, markEOI), nil
}

// keepsSegment reports whether a segment is needed to show the picture.
func keepsSegment(mark byte, body []byte) bool {
	switch {
	case mark == markCOM:
		return false
	case mark == markAPP0:
		return bytes.HasPrefix(body, []byte("JFIF\x00"))
	case mark == markAPP0+2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case mark == markAPP0+14:
		return bytes.HasPrefix(body, []byte("Adobe"))
	case mark > markAPP0 && mark <= markAPP0+15:
		return false
	}
	return true
}

// nextSegment cuts off a marker with what belongs to it. Without an end of the picture segment is nil.
func nextSegment(b []byte) (segment, rest []byte, err error) {
	for len(b) >= 2 && b[0] == 0xff && b[1] == 0xff { // a marker may be filled up before it
		b = b[1:]
	}
	switch {
	case len(b) < 2:
		return nil, nil, nil
	case b[0] != 0xff:
		return nil, nil, ErrDamaged
	case b[1] == markEOI || b[1] >= 0xd0 && b[1] <= 0xd7 || b[1] == 0x01:
		return b[:2], b[2:], nil
	case len(b) < 4:
		return nil, nil, ErrDamaged
	}
	n := 2 + int(binary.BigEndian.Uint16(b[2:]))
	if n < 4 || n > len(b) {
		return nil, nil, ErrDamaged
	}
	return b[:n], b[n:], nil
}

// scanLength is how long the coded picture goes on: up to the next marker that is not inside it.
func scanLength(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xff && b[i+1] != 0 && b[i+1] != 0xff && (b[i+1] < 0xd0 || b[i+1] > 0xd7) {
			return i
		}
	}
	return len(b)
}

func appendSegment(out []byte, mark byte, body []byte) []byte {
	out = append(out, 0xff, mark)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}
