package ledger

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"filippo.io/torchwood"
)

// What is read as a receipt is written and read again as the same; Verify
// survives everything and trusts nothing it has no key for.
func FuzzParseReceipt(f *testing.F) {
	fix := newFixture(f, 3, 4)
	for _, r := range []*Receipt{fix.receipt(f), fix.receipt(f).WithoutContent(), fix.receipt(f).HashOnly()} {
		f.Add(receiptJSON(f, r))
	}
	f.Add([]byte(`{"format":"luoshi-receipt/1"}`))
	stranger := newKey(f, testOrigin).VerifierKey()
	f.Fuzz(func(t *testing.T, data []byte) {
		if got := Verify(data, stranger); got.Proved || got.Reason == "" {
			t.Fatalf("%+v", got)
		}
		r, err := ParseReceipt(data)
		if err != nil {
			if codeOf(err) == "" {
				t.Fatalf("untyped error: %v", err)
			}
			return
		}
		again, err := ParseReceipt(receiptJSON(t, r))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(receiptJSON(t, r), receiptJSON(t, again)) {
			t.Fatal("not stable")
		}
	})
}

// A checkpoint that opens was signed: without the key, nothing new can be.
func FuzzOpenCheckpoint(f *testing.F) {
	key := newKey(f, testOrigin)
	signed, err := key.SignCheckpoint(testOrigin, 12345, tlog.Hash{1, 2, 3})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add([]byte("a\n9223372036854775807\nAAAA\n\n\u2014 a AAAAAAA=\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := OpenCheckpoint(data, key.VerifierKey())
		if err != nil {
			if codeOf(err) == "" {
				t.Fatalf("untyped error: %v", err)
			}
			return
		}
		if c.Size != 12345 || !bytes.HasPrefix(data, signed) {
			t.Fatalf("forged: %q", data)
		}
	})
}

// Whatever path is served has that path as its only spelling.
func FuzzServeTilePath(f *testing.F) {
	l := newTestLog(f)
	l.grow(1000)
	for _, path := range []string{"tile/0/000", "tile/0/003.p/7", "tile/1/000.p/3", "tile/entries/000", "tile/entries/003.p/232", "tile/0/x001/000", "tile/64/000.p/1"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		data, err := ServeTile(t.Context(), path, 1000, l)
		bundle, err2 := ServeEntries(t.Context(), path, 1000, testOrigin, l.commitments)
		if err != nil && !errors.Is(err, ErrNotFound) || err2 != nil && !errors.Is(err2, ErrNotFound) {
			t.Fatalf("%v, %v", err, err2)
		}
		if err != nil && err2 != nil {
			return
		}
		tile, parseErr := torchwood.ParseTilePath(path)
		if parseErr != nil || torchwood.TilePath(tile) != path {
			t.Fatalf("%q was served", path)
		}
		if err == nil && len(data) != tile.W*tlog.HashSize {
			t.Fatalf("%q: %d bytes", path, len(data))
		}
		if err2 == nil && len(bundle) != tile.W*(2+len(Record(testOrigin, Hash{}))) {
			t.Fatalf("%q: bundle of %d bytes", path, len(bundle))
		}
	})
}

// Canonical text is its own canonical form.
func FuzzCanonical(f *testing.F) {
	for _, text := range []string{`{"b":1,"a":[1e2,-0,"\u00e9\ud83d\ude00"]}`, `9007199254740992`, `1e-400`, `"\u2028"`, `{"":{}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		once, err := Canonicalize(text)
		if err != nil {
			return
		}
		twice, err := Canonicalize(once)
		if err != nil {
			t.Fatalf("%s became unreadable %s: %v", text, once, err)
		}
		if !bytes.Equal(once, twice) {
			t.Fatalf("%s became %s, then %s", text, once, twice)
		}
	})
}

func FuzzParseRecord(f *testing.F) {
	f.Add(Record(testOrigin, Hash{1}))
	f.Fuzz(func(t *testing.T, record []byte) {
		origin, commitment, err := ParseRecord(record)
		if err == nil && !bytes.Equal(Record(origin, commitment), record) {
			t.Fatalf("%q has two spellings", record)
		}
	})
}
