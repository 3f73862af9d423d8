package media

import (
	"bytes"
	"encoding/binary"
)

// exifHeader comes before the TIFF structure in a JPEG, and with some programs in a WebP.
const exifHeader = "Exif\x00\x00"

// tagOrientation is how a picture is to be turned, in the first directory (Exif 2.32, 4.6.4): 1 to 8, 1 is upright.
const tagOrientation = 0x0112

// orientation reads it out of a TIFF structure; 1 when it says nothing.
func orientation(tiff []byte) uint16 {
	tiff = bytes.TrimPrefix(tiff, []byte(exifHeader))
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	n := uint64(order.Uint16(tiff[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return 1
		}
		if e := tiff[entry:]; order.Uint16(e) == tagOrientation {
			if turned := order.Uint16(e[8:]); turned >= 1 && turned <= 8 {
				return turned
			}
			return 1
		}
	}
	return 1
}

// turned is a TIFF structure that says nothing but how a picture is to be turned.
func turned(orientation uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01")
	b = binary.BigEndian.AppendUint16(b, tagOrientation)
	b = append(b, 0, 3, 0, 0, 0, 1) // one number of two bytes
	b = binary.BigEndian.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0) // its filling; no further directory
}
