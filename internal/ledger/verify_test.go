package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"filippo.io/torchwood"
)

func TestVerifyProvesAReceipt(t *testing.T) {
	f := newFixture(t, 300, 45)
	want := Result{Proved: true, Number: "TJ-2026-000017-X", EntryKind: "lodged", Time: "2026-02-05T15:04:05+08:00", Index: 300, TreeSize: 346, Code: CodeProved}
	for name, r := range map[string]*Receipt{"with content": f.receipt(t), "without content": f.receipt(t).WithoutContent()} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want.In(English), Verify(receiptJSON(t, r), f.key.VerifierKey())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("spelled otherwise", func(t *testing.T) {
		indented := jsontext.Value(receiptJSON(t, f.receipt(t)))
		if err := indented.Indent(jsontext.EscapeForHTML(true)); err != nil {
			t.Fatal(err)
		}
		if got := Verify(indented, f.key.VerifierKey()); !got.Proved {
			t.Error(got.Reason)
		}
	})
	t.Run("hash only proves no number, kind or time", func(t *testing.T) {
		want := Result{Proved: true, Index: 300, TreeSize: 346, Code: CodeHashOnly}
		if diff := cmp.Diff(want.In(English), Verify(receiptJSON(t, f.receipt(t).HashOnly()), f.key.VerifierKey())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("one of several keys suffices", func(t *testing.T) {
		other, rotated := newKey(t, "other.example"), newKey(t, testOrigin)
		keys := []string{other.VerifierKey(), rotated.VerifierKey(), f.key.VerifierKey(), f.key.VerifierKey() + "\n"}
		if got := Verify(receiptJSON(t, f.receipt(t)), keys...); !got.Proved {
			t.Error(got.Reason)
		}
	})
}

func newKey(t testing.TB, name string) *Key {
	t.Helper()
	k, err := NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestVerifyWithoutKeyIsConsistentOnly(t *testing.T) {
	f := newFixture(t, 3, 2)
	want := Result{Number: "TJ-2026-000017-X", EntryKind: "lodged", Time: "2026-02-05T15:04:05+08:00", Index: 3, TreeSize: 6, Code: CodeNoKey, Reason: "internally consistent only: no trusted key given"}
	if diff := cmp.Diff(want, Verify(receiptJSON(t, f.receipt(t)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r := f.receipt(t)
	r.Number = "other"
	if got := Verify(receiptJSON(t, r)); got.Code != CodeNumber || got.Number != "" {
		t.Errorf("inconsistent receipt: %+v", got)
	}
}

// Each fault has its own reason.
func TestVerifyNamesTheFault(t *testing.T) {
	f, other := newFixture(t, 5, 9), newFixture(t, 5, 9)
	foreign := newKey(t, "other.example")
	unknownForm := func(r *Receipt) { r.Format = "luoshi-receipt/2" }
	for _, c := range []struct {
		name   string
		change func(*Receipt)
		keys   []string
		want   Code
	}{
		{"unknown form", unknownForm, nil, CodeFormat},
		{"another matter's number", func(r *Receipt) { r.Number = "TJ-2026-000018-3" }, nil, CodeNumber},
		{"act changed", func(r *Receipt) { r.Entry.Act = bytes.Replace(r.Entry.Act, []byte("received"), []byte("closed"), 1) }, nil, CodeEntryHash},
		{"act without kind", func(r *Receipt) { r.Entry.Act = json.RawMessage(`{"matter":"TJ-2026-000017-X"}`) }, nil, CodeAct},
		{"content changed", func(r *Receipt) {
			r.Entry.Content = bytes.Replace(r.Entry.Content, []byte("floor"), []byte("roof"), 1)
		}, nil, CodeContent},
		{"content salt lost", func(r *Receipt) { r.Salt = r.Salt[:32] }, nil, CodeSalt},
		{"content lost", func(r *Receipt) { r.Entry.Content = nil }, nil, CodeSalt},
		{"act salt changed", func(r *Receipt) { r.Salt[0] ^= 1 }, nil, CodeNotIncluded},
		{"content salt changed", func(r *Receipt) { r.Salt[63] ^= 1 }, nil, CodeContent},
		{"another index", func(r *Receipt) { r.Index++ }, nil, CodeIndex},
		{"another index also in the proof", func(r *Receipt) {
			r.Index++
			r.Proof = strings.Replace(r.Proof, "index 5\n", "index 6\n", 1)
		}, nil, CodeNotIncluded},
		{"proof in another spelling", func(r *Receipt) { r.Proof = strings.Replace(r.Proof, "index 5\n", "index +5\n", 1) }, nil, CodeProof},
		{"checkpoint of another head", func(r *Receipt) { r.Checkpoint = string(other.signed) }, nil, CodeTwoHeads},
		{"foreign checkpoint in both places", func(r *Receipt) { replaceCheckpoint(r, string(resign(t, foreign, f))) }, nil, CodeKeyName},
		{"key of another name", func(r *Receipt) { r.Key = "other.example" }, nil, CodeKeyName},
		{"another key of the same name", nil, []string{other.key.VerifierKey()}, CodeWrongKey},
		{"another log", nil, []string{foreign.VerifierKey()}, CodeForeignLog},
		{"unreadable key", nil, []string{"log.example/test+00000000+AAAA"}, CodeBadKey},
		{"head changed under the signature", func(r *Receipt) {
			replaceCheckpoint(r, strings.Replace(r.Checkpoint, "\n15\n", "\n16\n", 1))
		}, nil, CodeSignature}, // leaf 5 has the same path in both sizes
	} {
		t.Run(c.name, func(t *testing.T) {
			r := f.receipt(t)
			if c.change != nil {
				c.change(r)
			}
			keys := c.keys
			if keys == nil {
				keys = []string{f.key.VerifierKey()}
			}
			got := Verify(receiptJSON(t, r), keys...)
			if got.Code != c.want || got.Proved || got.Number != "" {
				t.Errorf("code %q, want %q: %+v", got.Code, c.want, got)
			}
			if got.Reason == "" || got.In(Chinese).Reason == got.Reason {
				t.Errorf("no reason in both languages: %q", got.Reason)
			}
		})
	}
}

// replaceCheckpoint puts another checkpoint into the receipt and its proof.
func replaceCheckpoint(r *Receipt, checkpoint string) {
	r.Proof = strings.TrimSuffix(r.Proof, r.Checkpoint) + checkpoint
	r.Checkpoint = checkpoint
}

// resign signs the fixture's head with a key of another name, for that name.
func resign(t *testing.T, k *Key, f fixture) []byte {
	t.Helper()
	signed, err := k.SignCheckpoint(k.Name(), f.log.size(), f.log.edge.Root())
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// The same tree under another log's name has other leaves: a receipt cannot be
// moved to it even by its owner.
func TestReceiptCannotBeMovedToAnotherLog(t *testing.T) {
	f := newFixture(t, 5, 9)
	thief := newKey(t, "other.example")
	r := f.receipt(t)
	replaceCheckpoint(r, string(resign(t, thief, f)))
	r.Key = thief.Name()
	if got := Verify(receiptJSON(t, r), thief.VerifierKey()); got.Code != CodeNotIncluded {
		t.Errorf("%+v", got)
	}
}

func TestForgedSignatureIsRefused(t *testing.T) {
	f := newFixture(t, 0, 0)
	text, _, _ := strings.Cut(string(f.signed), "\n\n")
	forged, err := note.Sign(&note.Note{Text: text + "\n"}, badSigner{f.key.Signer()})
	if err != nil {
		t.Fatal(err)
	}
	r := f.receipt(t)
	replaceCheckpoint(r, string(forged))
	if got := Verify(receiptJSON(t, r), f.key.VerifierKey()); got.Code != CodeSignature {
		t.Errorf("%+v", got)
	}
}

type badSigner struct{ note.Signer }

func (badSigner) Sign([]byte) ([]byte, error) { return make([]byte, 64), nil }

// A witness's signature beside the log's own, from a key nobody here knows, does
// not disturb.
func TestUnknownWitnessSignaturesAreIgnored(t *testing.T) {
	f := newFixture(t, 4, 4)
	n, err := note.Open(f.signed, note.VerifierList(verifier(t, f.key)))
	if err != nil {
		t.Fatal(err)
	}
	cosigned, err := note.Sign(n, newKey(t, "witness.example").Signer())
	if err != nil {
		t.Fatal(err)
	}
	r := f.receipt(t)
	replaceCheckpoint(r, string(cosigned))
	if got := Verify(receiptJSON(t, r), f.key.VerifierKey()); !got.Proved {
		t.Error(got.Reason)
	}
}

func verifier(t *testing.T, k *Key) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(k.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// An outside verifier that knows only C2SP's formats accepts the proof.
func TestTorchwoodVerifiesTheProof(t *testing.T) {
	f := newFixture(t, 500, 500)
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(testOrigin), torchwood.SingleVerifierPolicy(verifier(t, f.key)))
	leaf := LeafHash(testOrigin, LeafCommitment(f.recorded.ActSalt, EntryHash(f.act)))
	if err := torchwood.VerifyProof(policy, leaf, []byte(f.receipt(t).Proof)); err != nil {
		t.Error(err)
	}
	if err := torchwood.VerifyProof(policy, tlog.Hash{}, []byte(f.receipt(t).Proof)); err == nil {
		t.Error("accepts another leaf")
	}
}

// Whatever one byte of a receipt is changed to, removed or doubled, it is not
// proved, unless the JSON still says the same.
func TestAnyChangedByteIsFound(t *testing.T) {
	f := newFixture(t, 9, 5)
	original := receiptJSON(t, f.receipt(t))
	meaning := canonicalText(t, original)
	check := func(changed []byte) error {
		if got := Verify(changed, f.key.VerifierKey()); got.Proved {
			if same, err := Canonicalize(changed); err != nil || !bytes.Equal(same, meaning) {
				return fmt.Errorf("still proved: %s", changed)
			}
		} else if got.Reason == "" {
			return fmt.Errorf("no reason for: %s", changed)
		}
		return nil
	}
	t.Run("each bit of low order and each byte removed", func(t *testing.T) {
		for i := range original {
			flipped := bytes.Clone(original)
			flipped[i] ^= 1
			removed := append(bytes.Clone(original[:i]), original[i+1:]...)
			for _, changed := range [][]byte{flipped, removed} {
				if err := check(changed); err != nil {
					t.Fatalf("byte %d: %v", i, err)
				}
			}
		}
	})
	t.Run("random bytes put in or exchanged", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			i := rapid.IntRange(0, len(original)-1).Draw(rt, "at")
			b := rapid.Byte().Draw(rt, "byte")
			changed := append(bytes.Clone(original[:i]), b)
			if rapid.Bool().Draw(rt, "exchange") {
				i++
			}
			if err := check(append(changed, original[i:]...)); err != nil {
				rt.Fatal(err)
			}
		})
	})
	t.Run("cut off anywhere", func(t *testing.T) {
		end := len(bytes.TrimRight(original, "\n"))
		for i := range end {
			if got := Verify(original[:i], f.key.VerifierKey()); got.Code != CodeMalformed {
				t.Fatalf("cut at %d: %+v", i, got)
			}
		}
	})
}

func canonicalText(t *testing.T, text []byte) []byte {
	t.Helper()
	b, err := Canonicalize(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every single JSON value of a receipt, at any depth, matters.
func TestAnyChangedValueIsFound(t *testing.T) {
	f := newFixture(t, 9, 5)
	original := receiptJSON(t, f.receipt(t))
	leaves := 0
	var doc any
	if err := json.Unmarshal(original, &doc); err != nil {
		t.Fatal(err)
	}
	walk(doc, func(set func(any), old any) {
		leaves++
		for _, v := range replacements(old) {
			set(v)
			changed, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			if got := Verify(changed, f.key.VerifierKey()); got.Proved {
				t.Errorf("%v exchanged for %v is still proved", old, v)
			}
		}
		set(old)
	})
	if leaves < 20 {
		t.Errorf("only %d values were visited", leaves)
	}
}

// walk visits every value that is not an object or array.
func walk(v any, visit func(set func(any), old any)) {
	at := func(child any, set func(any)) {
		switch child.(type) {
		case map[string]any, []any:
			walk(child, visit)
		default:
			visit(set, child)
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			at(child, func(x any) { v[name] = x })
		}
	case []any:
		for i, child := range v {
			at(child, func(x any) { v[i] = x })
		}
	}
}

// replacements are values like the old one and values of other types.
func replacements(old any) []any {
	out := []any{map[string]any{}, []any{}, ""}
	switch old := old.(type) {
	case string:
		out = append(out, old+" ", old+"\n", strings.ToUpper(old)+"x", " "+old, nil, 1, true)
	case float64:
		out = append(out, old+1, -old-1, old+0.5, nil, fmt.Sprint(old))
	case bool:
		out = append(out, !old, nil, 0)
	case nil:
		out = append(out, false, 0)
	}
	return out
}
