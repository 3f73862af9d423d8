package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

// issued is a receipt with the key it verifies under, in files.
type issued struct {
	vkey, receipt, keyFile string
	text                   []byte
}

// issue logs one entry and writes its receipt as an office would hand it out.
func issue(t *testing.T) issued {
	t.Helper()
	key, err := ledger.NewKey("log.example/office")
	if err != nil {
		t.Fatal(err)
	}
	contentSalt, actSalt := ledger.NewSalt(), ledger.NewSalt()
	content := must(t)(ledger.Canonical(map[string]string{"title": "楼道漏水"}))
	commitment := ledger.ContentCommitment(contentSalt, content)
	act := must(t)(ledger.Canonical(map[string]string{
		"matter": "2026-000017-X", "kind": "lodged", "time": "2026-02-05T15:04:05+08:00",
		"content": hex.EncodeToString(commitment[:]),
	}))
	edge, err := ledger.LoadEdge(t.Context(), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf := ledger.LeafHash(key.Name(), ledger.LeafCommitment(actSalt, ledger.EntryHash(act)))
	if _, err := edge.Append([]tlog.Hash{{1}, leaf, {2}}); err != nil {
		t.Fatal(err)
	}
	signed := must(t)(key.SignCheckpoint(key.Name(), edge.Size(), edge.Root()))
	proof, err := edge.Prove(1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ledger.NewReceipt(ledger.Recorded{Act: act, ActSalt: actSalt, Content: content, ContentSalt: contentSalt, Index: 1, Proof: proof, Checkpoint: signed, Key: key.Name()})
	if err != nil {
		t.Fatal(err)
	}
	out := issued{vkey: key.VerifierKey(), text: must(t)(r.JSON())}
	out.receipt = writeFile(t, "receipt.json", string(out.text))
	out.keyFile = writeFile(t, "keys.txt", "# the office's key\n\n"+out.vkey+"\n")
	return out
}

func must(t *testing.T) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func verifyWith(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = runVerify(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestVerifyAnswers(t *testing.T) {
	is := issue(t)
	other, err := ledger.NewKey("log.example/office")
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := ledger.NewKey("elsewhere.example")
	if err != nil {
		t.Fatal(err)
	}
	changed := writeFile(t, "changed.json", strings.Replace(string(is.text), "漏水", "失火", 1))
	cut := writeFile(t, "cut.json", string(is.text[:len(is.text)/2]))
	for _, c := range []struct {
		name  string
		stdin string
		args  []string
		code  int
		want  string // in what is printed
	}{
		{"proved by a key", "", []string{"--key", is.vkey, is.receipt}, 0, "proved"},
		{"proved by a key file", "", []string{"--key=" + is.keyFile, is.receipt}, 0, `matter "2026-000017-X"`},
		{"proved from standard input", string(is.text), []string{"--key", is.vkey, "-"}, 0, "leaf 1 of a log of 3"},
		{"proved with flags behind", "", []string{is.receipt, "--key", is.vkey, "--lang", "zh"}, 0, "已证明"},
		{"proved by one of two keys", "", []string{"--key", foreign.VerifierKey(), "--key", is.vkey, is.receipt}, 0, "proved"},
		{"consistent only", "", []string{is.receipt}, 1, "internally consistent only"},
		{"consistent only, in Chinese", "", []string{"--lang", "zh", is.receipt}, 1, "仅内部一致"},
		{"wrong key", "", []string{"--key", other.VerifierKey(), is.receipt}, 1, "another key of the same name"},
		{"foreign log", "", []string{"--key", foreign.VerifierKey(), is.receipt}, 1, "another log"},
		{"content changed", "", []string{"--key", is.vkey, changed}, 1, "content was changed"},
		{"content changed, in Chinese", "", []string{"--key", is.vkey, "--lang", "zh", changed}, 1, "内容已被改动"},
		{"cut off", "", []string{"--key", is.vkey, cut}, 1, "not a complete receipt"},
		{"not a receipt", "hello", []string{"--key", is.vkey, "-"}, 1, "not a complete receipt"},
		{"too large", strings.Repeat(" ", ledger.MaxReceipt+10), []string{"--key", is.vkey, "-"}, 1, "larger than any receipt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := verifyWith(c.stdin, c.args...)
			if code != c.code || !strings.Contains(stdout, c.want) || stderr != "" {
				t.Errorf("exit %d, want %d with %q\nstdout: %s\nstderr: %s", code, c.code, c.want, stdout, stderr)
			}
		})
	}
}

func TestVerifyMisuse(t *testing.T) {
	is := issue(t)
	missing := filepath.Join(t.TempDir(), "missing")
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no receipt", []string{"--key", is.vkey}, "name one receipt"},
		{"two receipts", []string{is.receipt, is.receipt}, "name one receipt"},
		{"receipt missing", []string{"--key", is.vkey, missing}, "cannot read the receipt"},
		{"receipt a folder", []string{"--key", is.vkey, t.TempDir()}, "cannot read the receipt"},
		{"key neither key nor file", []string{"--key", "name+12345678+AAAA", is.receipt}, "neither a verifier key"},
		{"key file missing", []string{"--key", missing, is.receipt}, "neither a verifier key"},
		{"key file without a key", []string{"--key", writeFile(t, "k", "# nothing\n"), is.receipt}, "holds no verifier key"},
		{"key file of something else", []string{"--key", is.receipt, is.receipt}, "not a usable verifier key"},
		{"private key", []string{"--key", "PRIVATE+KEY+a+00000000+AAAA", is.receipt}, "keep it secret"},
		{"private key file", []string{"--key", writeFile(t, "k", "PRIVATE+KEY+a+00000000+AAAA\n"), is.receipt}, "keep it secret"},
		{"unknown flag", []string{"--keys", is.vkey, is.receipt}, "not defined"},
		{"unknown language", []string{"--lang", "fr", is.receipt}, "zh or en"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := verifyWith("", c.args...)
			if code != 2 || stdout != "" || !strings.Contains(stderr, c.want) {
				t.Errorf("exit %d, want 2 with %q\nstdout: %s\nstderr: %s", code, c.want, stdout, stderr)
			}
		})
	}
}

func TestVerifyPrintsJSON(t *testing.T) {
	is := issue(t)
	read := func(args ...string) map[string]any {
		_, stdout, _ := verifyWith("", append(args, "--json", is.receipt)...)
		var got map[string]any
		if err := json.Unmarshal([]byte(stdout), &got); err != nil {
			t.Fatalf("%v in %s", err, stdout)
		}
		return got
	}
	want := map[string]any{
		"proved": true, "number": "2026-000017-X", "entry_kind": "lodged", "time": "2026-02-05T15:04:05+08:00",
		"index": 1.0, "tree_size": 3.0, "reason": "proved: the entry stands in the log",
	}
	if diff := cmp.Diff(want, read("--key", is.vkey)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want["proved"], want["reason"] = false, "仅内部一致：未提供受信任的验证公钥"
	if diff := cmp.Diff(want, read("--lang", "zh")); diff != "" {
		t.Errorf("without key (-want +got):\n%s", diff)
	}
}

func TestVerifyHelpHasAnExample(t *testing.T) {
	for _, arg := range []string{"--help", "-h"} {
		code, stdout, stderr := verifyWith("", arg)
		if code != 0 || stderr != "" || !strings.Contains(stdout, "Example:\n  luoshi verify --key") {
			t.Errorf("%s: exit %d, %s%s", arg, code, stdout, stderr)
		}
	}
}

// The receipt printed in the specification verifies with the key printed there.
func TestVerifyProvesTheSpecificationsExample(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "doc", "log-format.md"))
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`(?m)^verifier key +(\S+)$`).FindSubmatch(doc)
	receipt := regexp.MustCompile(`(?m)^\{"format":"luoshi-receipt/1".*\}$`).Find(doc)
	if key == nil || receipt == nil {
		t.Fatal("no key or receipt in doc/log-format.md")
	}
	if code, stdout, stderr := verifyWith(string(receipt), "--key", string(key[1]), "-"); code != 0 {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}
