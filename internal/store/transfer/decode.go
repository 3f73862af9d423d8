package transfer

import (
	"encoding/binary"
)

// decode reads the values of a row. They share no memory with b.
func decode(t Table, b []byte) (Row, error) {
	row := make(Row, len(t.Columns))
	for i, c := range t.Columns {
		v, n := value(c.Kind, b)
		if n <= 0 {
			return nil, damaged("the backup is damaged: column %s of a row of table %s cannot be read", c.Name, t.Name)
		}
		row[i], b = v, b[n:]
	}
	if len(b) > 0 {
		return nil, damaged("the backup is damaged: a row of table %s is too long", t.Name)
	}
	return row, nil
}

// value reads one value and says how many bytes it took, none when it cannot be read.
func value(k Kind, b []byte) (v any, n int) {
	switch k {
	case Int:
		return binary.Varint(b)
	case Bool:
		if len(b) == 0 || b[0] > 1 {
			return nil, 0
		}
		return b[0] == 1, 1
	}
	length, n := binary.Uvarint(b)
	if n <= 0 {
		return nil, 0
	}
	b = b[n:]
	switch {
	case length == 0 && k == Bytes:
		return []byte(nil), n
	case length == 0 || length-1 > uint64(len(b)):
		return nil, 0
	}
	n += int(length - 1)
	if b = b[:length-1]; k != Bytes {
		return string(b), n
	}
	return append(make([]byte, 0, len(b)), b...), n
}
