package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func TestCheckpointSurvivesSigningAndOpening(t *testing.T) {
	key := newKey(t, testOrigin)
	for _, size := range []int64{0, 1, maxSize} {
		signed, err := key.SignCheckpoint(testOrigin, size, tlog.Hash{1, 2})
		if err != nil {
			t.Fatal(err)
		}
		got, err := OpenCheckpoint(signed, key.VerifierKey())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Checkpoint{Origin: testOrigin, Size: size, Root: tlog.Hash{1, 2}, KeyName: testOrigin}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestSignCheckpointRefusesWhatNoLogHas(t *testing.T) {
	key := newKey(t, testOrigin)
	for _, c := range []struct {
		origin string
		size   int64
	}{{"other.example", 1}, {testOrigin, -1}, {testOrigin, maxSize + 1}} {
		if _, err := key.SignCheckpoint(c.origin, c.size, tlog.Hash{}); err == nil {
			t.Errorf("%s with %d leaves was signed", c.origin, c.size)
		}
	}
}

// Signed notes that the note package alone would take, or that tlog would not
// survive.
func TestOpenCheckpointRefuses(t *testing.T) {
	key := newKey(t, testOrigin)
	root := tlog.Hash{1}.String()
	sign := func(text string) string {
		signed, err := note.Sign(&note.Note{Text: text}, key.Signer())
		if err != nil {
			t.Fatal(err)
		}
		return string(signed)
	}
	good := sign(testOrigin + "\n5\n" + root + "\n")
	stray := strings.Replace(root, "A=", "B=", 1)
	if h, err := tlog.ParseHash(stray); err != nil || stray == root || h != (tlog.Hash{1}) {
		t.Fatal("the test's spelling with stray bits is not one")
	}
	// An Ed25519 signature with its key hash is 68 bytes: the last character has
	// four unused bits.
	signature := strings.TrimSuffix(good, "=\n")
	last := signature[len(signature)-1]
	for name, c := range map[string]struct {
		text string
		want Code
	}{
		"empty text":                 {"", CodeCheckpoint},
		"no signature":               {testOrigin + "\n5\n" + root + "\n", CodeCheckpoint},
		"extension line":             {sign(testOrigin + "\n5\n" + root + "\nmore\n"), CodeCheckpoint},
		"size with leading zero":     {sign(testOrigin + "\n05\n" + root + "\n"), CodeCheckpoint},
		"size that tlog cannot take": {sign(testOrigin + "\n9223372036854775807\n" + root + "\n"), CodeCheckpoint},
		"head with stray bits":       {sign(testOrigin + "\n5\n" + stray + "\n"), CodeCheckpoint},
		"signature with stray bits":  {signature[:len(signature)-1] + string(last+1) + "=\n", CodeCheckpoint},
		"log with a blank name":      {sign(" \n5\n" + root + "\n"), CodeCheckpoint},
		"key of another name":        {sign("other.example\n5\n" + root + "\n"), CodeCheckpoint},
		"text before it":             {"x" + good, CodeCheckpoint},
		"text behind it":             {good + "x", CodeCheckpoint},
		"too long":                   {good + strings.Repeat("\n", maxCheckpointBytes), CodeCheckpoint},
		"changed size":               {strings.Replace(good, "\n5\n", "\n6\n", 1), CodeSignature},
	} {
		t.Run(name, func(t *testing.T) {
			if c.text == good {
				t.Fatal("nothing was changed")
			}
			if got, err := OpenCheckpoint([]byte(c.text), key.VerifierKey()); codeOf(err) != c.want {
				t.Errorf("%+v, %v; want code %q", got, err, c.want)
			}
		})
	}
	t.Run("no key", func(t *testing.T) {
		if _, err := OpenCheckpoint([]byte(good)); codeOf(err) != CodeNoKey {
			t.Error(err)
		}
	})
}

func TestCheckConsistency(t *testing.T) {
	f := newFixture(t, 700, 99)
	heads := make(map[int64][]byte)
	for _, size := range []int64{0, 1, 255, 256, 257, 512, 799, 800} {
		signed, err := f.key.SignCheckpoint(testOrigin, size, f.log.wantRoot(size))
		if err != nil {
			t.Fatal(err)
		}
		heads[size] = signed
	}
	vkey := f.key.VerifierKey()
	for size, signed := range heads {
		t.Run(fmt.Sprintf("grown from %d", size), func(t *testing.T) {
			if c, err := CheckConsistency(t.Context(), signed, 800, f.log, vkey); err != nil || c.Size != size {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
	t.Run("cut back", func(t *testing.T) {
		if _, err := CheckConsistency(t.Context(), heads[800], 799, f.log, vkey); codeOf(err) != CodeCutBack {
			t.Error(err)
		}
	})
	t.Run("past changed", func(t *testing.T) {
		other := newTestLog(t)
		other.add(Hash{9})
		other.grow(799)
		for size, signed := range heads {
			_, err := CheckConsistency(t.Context(), signed, 800, other, vkey)
			if size == 0 && err != nil || size > 0 && codeOf(err) != CodeForked {
				t.Errorf("from %d: %v", size, err)
			}
		}
	})
	t.Run("empty head that is not empty", func(t *testing.T) {
		signed, err := f.key.SignCheckpoint(testOrigin, 0, tlog.Hash{1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := CheckConsistency(t.Context(), signed, 800, f.log, vkey); codeOf(err) != CodeForked {
			t.Error(err)
		}
	})
	t.Run("another log's head", func(t *testing.T) {
		if _, err := CheckConsistency(t.Context(), heads[256], 800, f.log, newKey(t, "other.example").VerifierKey()); codeOf(err) != CodeForeignLog {
			t.Error(err)
		}
	})
	t.Run("reading fails", func(t *testing.T) {
		broken := errors.New("disk")
		if _, err := CheckConsistency(t.Context(), heads[256], 800, brokenReader{broken}, vkey); !errors.Is(err, broken) {
			t.Error(err)
		}
	})
}

// brokenReader fails every read.
type brokenReader struct{ err error }

func (b brokenReader) Tile(context.Context, int, int64) ([]byte, error)          { return nil, b.err }
func (b brokenReader) Leaves(context.Context, int64, int64) ([]tlog.Hash, error) { return nil, b.err }
