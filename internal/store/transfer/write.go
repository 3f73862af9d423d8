package transfer

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"

	"filippo.io/age"
)

// The file form of a backup, outermost first: age encryption, if wanted; gzip; and inside
//
//	header   one line of JSON, see Header
//	record   length (unsigned varint), then so many bytes, of which the first says what follows:
//	         'T' and a table's name; 'R' and the values of a row of that table; 'E' alone: the end
//	trailer  SHA-256 of everything before it, 32 bytes
//
// Tables come in the order of Tables, rows in the order of keys. A value is, by the kind of its column: a
// signed varint; a byte 0 or 1; or the length plus one as an unsigned varint and the bytes (0: NULL).
const Format = "luoshi-backup/1"

const (
	recordTable = 'T'
	recordRow   = 'R'
	recordEnd   = 'E'
	maxRecord   = 256 << 20 // bytes; no row is near it
)

// Header is the first line of a backup.
type Header struct {
	Format     string        `json:"format"`
	Time       time.Time     `json:"time"`
	Program    string        `json:"program"` // version of the program that wrote it
	Schema     int           `json:"schema"`
	Origin     string        `json:"origin"`
	Size       int64         `json:"size"`       // entries
	Checkpoint string        `json:"checkpoint"` // the newest, signed; "" when the log is empty
	VKeys      []string      `json:"vkeys"`      // verifier keys that were beside the database
	Tables     []HeaderTable `json:"tables"`
}

// HeaderTable says what a backup holds of one table.
type HeaderTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

func newHeader(h Head, program string, vkeys []string, now time.Time) Header {
	out := Header{Format: Format, Time: now.UTC().Truncate(time.Second), Program: program, Schema: h.Schema, Origin: h.Origin,
		Size: h.Size, Checkpoint: string(h.Checkpoint), VKeys: vkeys}
	for _, t := range Tables() {
		out.Tables = append(out.Tables, HeaderTable{t.Name, t.Names(), h.Rows[t.Name]})
	}
	return out
}

// Backup says how a backup is written.
type Backup struct {
	Program    string          // version, for the header
	VKeys      []string        // verifier keys, for the header
	Recipients []age.Recipient // who may read it; none: it is not encrypted
	Now        time.Time
	Show       func(Progress) // or nil
}

// Write writes everything src holds to w as one backup. It holds one row at a time in memory.
func Write(ctx context.Context, w io.Writer, src Source, b Backup) (Result, error) {
	head, err := src.Head(ctx)
	if err != nil {
		return Result{}, err
	}
	result := Result{Head: head, Tables: head.Rows}
	for _, n := range head.Rows {
		result.Rows += n
	}
	sealed, err := seal(w, b.Recipients)
	if err != nil {
		return result, err
	}
	zip, err := gzip.NewWriterLevel(sealed, gzip.BestSpeed)
	if err != nil {
		return result, err
	}
	wr := &writer{buf: bufio.NewWriterSize(zip, 1<<16), sum: sha256.New(), show: b.Show, result: &result}
	if err := wr.all(ctx, src, newHeader(head, b.Program, b.VKeys, b.Now)); err != nil {
		return result, err
	}
	if err := zip.Close(); err != nil {
		return result, err
	}
	return result, sealed.Close()
}

// seal encrypts what goes to w, if there are recipients. Its Close does not close w.
func seal(w io.Writer, to []age.Recipient) (io.WriteCloser, error) {
	if len(to) == 0 {
		return open{w}, nil
	}
	return age.Encrypt(w, to...)
}

type open struct{ io.Writer }

func (open) Close() error { return nil }

// writer writes the records.
type writer struct {
	buf    *bufio.Writer
	sum    hash.Hash
	record []byte
	show   func(Progress)
	done   int64
	result *Result
}

func (w *writer) all(ctx context.Context, src Source, h Header) error {
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := w.write(append(line, '\n')); err != nil {
		return err
	}
	for _, t := range Tables() {
		if err := w.table(ctx, src, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	if err := w.put([]byte{recordEnd}); err != nil {
		return err
	}
	if _, err := w.buf.Write(w.sum.Sum(nil)); err != nil {
		return err
	}
	return w.buf.Flush()
}

func (w *writer) table(ctx context.Context, src Source, t Table) error {
	if err := w.put(append([]byte{recordTable}, t.Name...)); err != nil {
		return err
	}
	before := w.done
	err := src.Rows(ctx, t, nil, func(row Row) error {
		if err := t.Check(row); err != nil {
			return err
		}
		w.record = encode(append(w.record[:0], recordRow), t, row)
		w.result.Bytes += int64(len(w.record))
		if w.done++; w.show != nil && w.done%groupRows == 0 {
			w.show(Progress{Table: t.Name, Rows: w.done, All: w.result.Rows, Bytes: w.result.Bytes})
		}
		return w.put(w.record)
	})
	if have, want := w.done-before, w.result.Tables[t.Name]; err == nil && have != want {
		err = fmt.Errorf("%d rows were counted and %d read", want, have)
	}
	return err
}

// put writes one record.
func (w *writer) put(record []byte) error {
	if len(record) > maxRecord {
		return fmt.Errorf("a row of %d bytes is too long for a backup", len(record))
	}
	if err := w.write(binary.AppendUvarint(nil, uint64(len(record)))); err != nil {
		return err
	}
	return w.write(record)
}

func (w *writer) write(b []byte) error {
	w.sum.Write(b)
	_, err := w.buf.Write(b)
	return err
}

// encode appends the values of a row.
func encode(b []byte, t Table, row Row) []byte {
	for _, v := range row {
		switch v := v.(type) {
		case int64:
			b = binary.AppendVarint(b, v)
		case bool:
			b = append(b, bit(v))
		case string:
			b = append(binary.AppendUvarint(b, uint64(len(v))+1), v...)
		case []byte:
			if v == nil {
				b = append(b, 0)
				continue
			}
			b = append(binary.AppendUvarint(b, uint64(len(v))+1), v...)
		}
	}
	return b
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}
