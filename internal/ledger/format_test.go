package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

const workedOrigin = "log.example/worked"

func repeated(b byte) (s Salt) {
	copy(s[:], bytes.Repeat([]byte{b}, len(s)))
	return s
}

// keyFromSeed is the key of doc/log-format.md §12.
func keyFromSeed(t *testing.T, name string, seed Salt) *Key {
	t.Helper()
	vkey, err := note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Split(vkey, "+")[1]
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...))
	key, err := parseKey("PRIVATE+KEY+" + name + "+" + hash + "+" + secret)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// workedExample computes §12 of the specification. The commitments are made here
// step by step, the receipt by the package.
func workedExample(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	line := func(name string, value any) { fmt.Fprintf(&b, "%-20s%v\n", name, value) }
	key := keyFromSeed(t, workedOrigin, repeated(1))
	line("verifier key", key.VerifierKey())
	content := canonical(t, map[string]any{"title": "楼道漏水", "fields": map[string]any{"floor": 3}})
	line("content", string(content))
	commitment := ContentCommitment(repeated(3), content)
	line("content commitment", hexOf(commitment))
	act := canonical(t, map[string]any{
		"matter": "2026-000017-X", "seq": 1, "time": "2026-02-05T15:04:05+08:00",
		"kind": "lodged", "state": "received", "unit": "120101001", "content": hexOf(commitment),
	})
	line("act", string(act))
	line("entry_hash", hexOf(EntryHash(act)))
	leaf := LeafCommitment(repeated(2), EntryHash(act))
	line("leaf commitment", hexOf(leaf))
	line("leaf record", fmt.Sprintf("%q", Record(workedOrigin, leaf)))
	leafHash := LeafHash(workedOrigin, leaf)
	line("leaf hash", hex.EncodeToString(leafHash[:]))

	l := newTestLog(t)
	l.origin = workedOrigin
	l.add(repeated(0), repeated(1), leaf, repeated(3), repeated(4))
	root := l.edge.Root()
	line("head", hex.EncodeToString(root[:]))
	signed, err := key.SignCheckpoint(workedOrigin, 5, root)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := Prove(t.Context(), 5, 2, l)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := NewReceipt(Recorded{Act: act, ActSalt: repeated(2), Content: content, ContentSalt: repeated(3), Index: 2, Proof: proof, Checkpoint: signed, Key: key.Name()})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "```\n\nThe proof with the checkpoint at its end, and the receipt:\n\n```\n%s```\n\n```json\n%s```\n", receipt.Proof, receiptJSON(t, receipt))
	return b.String()
}

func TestSpecificationShowsWhatTheCodeComputes(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "doc", "log-format.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "```\n" + workedExample(t); !strings.Contains(string(doc), want) {
		t.Errorf("doc/log-format.md §12 must read:\n%s", want)
	}
}

// The limits that the specification names are those of the code.
func TestSpecificationNamesTheLimits(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "doc", "log-format.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{recordHeader, ReceiptFormat, fmt.Sprintf("%d MiB", MaxReceipt>>20), "2^48", "2^53"} {
		if !strings.Contains(string(doc), text) {
			t.Errorf("doc/log-format.md does not mention %s", text)
		}
	}
	if maxSize != 1<<48 || maxExact != 1<<53 {
		t.Error("a limit in the code has changed: change doc/log-format.md and this test with it")
	}
}
