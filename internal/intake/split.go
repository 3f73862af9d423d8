package intake

import (
	"bytes"
	"io"
)

// maxRecord bounds a record in bytes: far more than any field takes, and what keeps memory bounded when a
// quotation mark is never closed.
const maxRecord = 256 << 10

// Faults of a record as a whole.
const (
	faultQuote = "a quotation mark is opened and not closed"
	faultLong  = "the row is longer than 256 KiB"
)

// splitter cuts a stream into CSV records (RFC 4180: a line break within quotes belongs to the field). After
// a quotation mark that is never closed it goes on with the next line, so that one bad row does not take the
// rest of the file with it.
type splitter struct {
	in         io.Reader
	buf        []byte
	start, end int   // buf[start:end] is read and not yet given out
	given      int64 // bytes given out or passed over
	skip       bool  // the rest of an overlong line is still to be passed over
	done       bool  // in is at its end
}

func newSplitter(in io.Reader) *splitter {
	return &splitter{in: in, buf: make([]byte, 2*maxRecord)}
}

// next gives the bytes of a record without its line break, valid until the next call, and what is wrong with
// it as a whole, or "". The error is io.EOF at the end.
func (s *splitter) next() (record []byte, fault string, err error) {
	if err := s.passOver(); err != nil {
		return nil, "", err
	}
	field := fieldStart
	for at := 0; ; {
		for ; s.start+at < s.end; at++ {
			b := s.buf[s.start+at]
			if b == '\n' && field != quoted {
				return s.take(at + 1), "", nil
			}
			field = field.after(b)
		}
		switch {
		case at >= maxRecord:
			record, fault = s.cut()
			return record, fault, nil
		case !s.done:
			if err := s.fill(); err != nil {
				return nil, "", err
			}
		case at == 0:
			return nil, "", io.EOF
		case field == quoted:
			record, fault = s.cut()
			return record, fault, nil
		default:
			return s.take(at), "", nil
		}
	}
}

// place is where in a field the reading stands.
type place int

const (
	fieldStart place = iota
	plain
	quoted
	afterQuote // a quotation mark within quotes: the end of the field, or the first of a doubled one
)

func (p place) after(b byte) place {
	switch {
	case p == quoted && b != '"':
		return quoted
	case p == quoted:
		return afterQuote
	case b == '"' && p != plain:
		return quoted
	case b == ',':
		return fieldStart
	}
	return plain
}

// take gives out n bytes and drops the line break at their end.
func (s *splitter) take(n int) []byte {
	record := s.buf[s.start : s.start+n]
	s.start += n
	s.given += int64(n)
	record = bytes.TrimSuffix(record, []byte("\n"))
	return bytes.TrimSuffix(record, []byte("\r"))
}

// cut gives out the first line of what could not be read as a record; reading goes on after it.
func (s *splitter) cut() ([]byte, string) {
	window := s.buf[s.start:s.end]
	if i := bytes.IndexByte(window, '\n'); i >= 0 {
		return s.take(i + 1), faultQuote
	}
	if s.done && len(window) < maxRecord {
		return s.take(len(window)), faultQuote
	}
	s.skip = !s.done
	return s.take(len(window)), faultLong
}

// passOver drops what is left of a line too long to be kept.
func (s *splitter) passOver() error {
	for s.skip {
		window := s.buf[s.start:s.end]
		i := bytes.IndexByte(window, '\n')
		if i >= 0 || s.done {
			s.skip = false
		}
		if i < 0 {
			i = len(window) - 1
		}
		s.take(i + 1)
		if s.skip {
			if err := s.fill(); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill reads more into the buffer. There is always room: what is unread is shorter than a record may be.
func (s *splitter) fill() error {
	if s.start > 0 && s.end > len(s.buf)-maxRecord/2 {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	n, err := s.in.Read(s.buf[s.end:])
	s.end += n
	if err == io.EOF {
		s.done = true
		return nil
	}
	return err
}
