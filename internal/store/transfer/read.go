package transfer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"filippo.io/age"
)

// Damage says what is wrong with a backup, in words for whoever wants to restore it.
type Damage struct{ Text string }

func (d *Damage) Error() string { return d.Text }

func damaged(format string, args ...any) error { return &Damage{fmt.Sprintf(format, args...)} }

const (
	sealedMagic = "age-encryption.org/v1\n"
	gzipMagic   = "\x1f\x8b"
	maxHeader   = 1 << 20
)

// Reader reads a backup from its beginning to its end. It is the Source of a restore.
type Reader struct {
	Header Header
	in     *bufio.Reader
	sum    hash.Hash
	record bytes.Buffer
	held   []byte // a record that was read too far: the next table
}

var _ Source = (*Reader)(nil)

// Open begins to read a backup, with the identities that may decrypt it. Errors are a *Damage when the file is
// no backup, is encrypted for somebody else, or is of a form that this program does not know.
func Open(r io.Reader, ids ...age.Identity) (*Reader, error) {
	plain, err := unseal(bufio.NewReader(r), ids)
	if err != nil {
		return nil, err
	}
	zip, err := gzip.NewReader(plain)
	if err != nil {
		return nil, explain(err)
	}
	out := &Reader{in: bufio.NewReaderSize(zip, 1<<16), sum: sha256.New()}
	return out, out.header()
}

// unseal decrypts what is encrypted.
func unseal(in *bufio.Reader, ids []age.Identity) (io.Reader, error) {
	start, err := in.Peek(len(sealedMagic))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case len(start) == 0:
		return nil, damaged("the file is empty")
	case bytes.HasPrefix(start, []byte(gzipMagic)):
		return in, nil
	case string(start) != sealedMagic:
		return nil, damaged("this is no backup of Luoshi")
	case len(ids) == 0:
		return nil, damaged("the backup is encrypted: give --identity FILE or --passphrase-file FILE")
	}
	plain, err := age.Decrypt(in, ids...)
	if errors.As(err, new(*age.NoIdentityMatchError)) {
		return nil, damaged("the backup is encrypted with another key: none of the identities given opens it")
	}
	if err != nil {
		return nil, damaged("the backup cannot be decrypted: %v", err)
	}
	// gzip asks for single bytes.
	return bufio.NewReaderSize(plain, 1<<16), nil
}

// explain turns what the layers below say into words.
func explain(err error) error {
	if errors.As(err, new(*Damage)) {
		return err
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("the backup ends too early: it was cut off while it was written or copied")
	case errors.Is(err, gzip.ErrHeader):
		return damaged("this is no backup of Luoshi, or it is damaged, or something was added at its end")
	}
	return damaged("the backup is damaged: %v", err)
}

func (r *Reader) header() error {
	var line []byte
	for {
		part, err := r.in.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return explain(err)
		}
		if len(line) > maxHeader {
			return damaged("this is no backup of Luoshi: it begins with no header")
		}
	}
	r.sum.Write(line)
	var form struct {
		Format string `json:"format"`
	}
	if json.Unmarshal(line, &form) != nil || form.Format == "" {
		return damaged("this is no backup of Luoshi: it begins with no header")
	}
	if form.Format != Format {
		return damaged("the backup has the form %q, this program knows %q: use a newer program", form.Format, Format)
	}
	if err := json.Unmarshal(line, &r.Header); err != nil {
		return damaged("the header of the backup is damaged: %v", err)
	}
	return r.Header.check()
}

// check refuses a backup whose tables are not those of this program.
func (h *Header) check() error {
	other := damaged("the backup was written by program version %s with schema %d, whose tables this program does not have: restore it with that version, then let this one bring it forward", h.Program, h.Schema)
	tables := Tables()
	if len(h.Tables) != len(tables) {
		return other
	}
	for i, t := range tables {
		if h.Tables[i].Name != t.Name || !slices.Equal(h.Tables[i].Columns, t.Names()) || h.Tables[i].Rows < 0 {
			return other
		}
	}
	return nil
}

// Head implements Source.
func (r *Reader) Head(context.Context) (Head, error) {
	h := Head{Origin: r.Header.Origin, Size: r.Header.Size, Schema: r.Header.Schema, Rows: map[string]int64{}}
	if r.Header.Checkpoint != "" {
		h.Checkpoint = []byte(r.Header.Checkpoint)
	}
	for _, t := range r.Header.Tables {
		h.Rows[t.Name] = t.Rows
	}
	return h, nil
}

// Rows implements Source. Rows up to the key are read over.
func (r *Reader) Rows(ctx context.Context, t Table, after Row, f func(Row) error) error {
	if err := r.begin(t); err != nil {
		return err
	}
	var want, n int64
	for _, h := range r.Header.Tables {
		if h.Name == t.Name {
			want = h.Rows
		}
	}
	var last Row
	for ; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		record, err := r.next()
		if err != nil {
			return err
		}
		if record[0] != recordRow {
			r.held = record
			break
		}
		row, err := decode(t, record[1:])
		if err != nil {
			return err
		}
		if last != nil && t.Compare(last, row) >= 0 {
			return damaged("the backup is damaged: a row of table %s is out of order", t.Name)
		}
		last = row
		if after != nil && t.Compare(row, after) <= 0 {
			continue
		}
		if err := f(row); err != nil {
			return err
		}
	}
	if n != want {
		return damaged("the backup is damaged: %d rows of table %s instead of %d", n, t.Name, want)
	}
	return nil
}

// begin reads the record that begins a table.
func (r *Reader) begin(t Table) error {
	record := r.held
	r.held = nil
	if record == nil {
		var err error
		if record, err = r.next(); err != nil {
			return err
		}
	}
	if record[0] != recordTable || string(record[1:]) != t.Name {
		return damaged("the backup is damaged: table %s is not where it must be", t.Name)
	}
	return nil
}

// next reads one record, which is never empty. It is overwritten by the following call.
func (r *Reader) next() ([]byte, error) {
	n, err := binary.ReadUvarint(summed{r})
	if err != nil {
		return nil, explain(err)
	}
	if n == 0 || n > maxRecord {
		return nil, damaged("the backup is damaged: a record of %d bytes", n)
	}
	r.record.Reset()
	if _, err := io.CopyN(&r.record, r.in, int64(n)); err != nil { // grows with what is there, not with what is claimed
		return nil, explain(err)
	}
	r.sum.Write(r.record.Bytes())
	return r.record.Bytes(), nil
}

// summed reads single bytes into the sum.
type summed struct{ r *Reader }

func (s summed) ReadByte() (byte, error) {
	b, err := s.r.in.ReadByte()
	if err == nil {
		s.r.sum.Write([]byte{b})
	}
	return b, err
}

// End reads the trailer, after the last table: only now it is certain that nothing was changed or cut off.
func (r *Reader) End() error {
	record := r.held
	if record == nil {
		var err error
		if record, err = r.next(); err != nil {
			return err
		}
	}
	if len(record) != 1 || record[0] != recordEnd {
		return damaged("the backup is damaged: it goes on where it must end")
	}
	want := r.sum.Sum(nil)
	have := make([]byte, len(want))
	if _, err := io.ReadFull(r.in, have); err != nil {
		return explain(err)
	}
	if !bytes.Equal(want, have) {
		return damaged("the backup is damaged: its content does not give the sum at its end")
	}
	switch _, err := r.in.ReadByte(); {
	case err == nil:
		return damaged("the backup is damaged: something follows after its end")
	case errors.Is(err, io.EOF):
		return nil
	default:
		return explain(err)
	}
}

// Verify reads everything to the end and says whether the backup is whole.
func (r *Reader) Verify(ctx context.Context) error {
	for _, t := range Tables() {
		if err := r.Rows(ctx, t, nil, func(Row) error { return nil }); err != nil {
			return err
		}
	}
	return r.End()
}

// Depart implements Source. A backup stays what it is.
func (r *Reader) Depart(context.Context, string) error { return nil }

// Close implements Source. What it was opened on is closed by whoever opened that.
func (r *Reader) Close() error { return nil }
