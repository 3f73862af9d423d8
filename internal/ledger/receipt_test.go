package ledger

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
)

func codeOf(err error) Code {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func TestReceiptSurvivesItsJSONForm(t *testing.T) {
	f := newFixture(t, 2, 2)
	for name, r := range map[string]*Receipt{
		"whole": f.receipt(t), "without content": f.receipt(t).WithoutContent(), "hash only": f.receipt(t).HashOnly(),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseReceipt(receiptJSON(t, r))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseReceiptIsStrict(t *testing.T) {
	f := newFixture(t, 2, 2)
	whole := strings.TrimSpace(string(receiptJSON(t, f.receipt(t))))
	exchange := func(old, with string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("the receipt does not contain %q", old)
		}
		return strings.Replace(whole, old, with, 1)
	}
	for name, c := range map[string]struct {
		text string
		want Code
	}{
		"unknown member":                {exchange(`{`, `{"extra":1,`), CodeMalformed},
		"unknown member in entry":       {exchange(`"entry":{`, `"entry":{"extra":1,`), CodeMalformed},
		"member twice":                  {exchange(`{`, `{"format":"luoshi-receipt/1",`), CodeMalformed},
		"member of the act twice":       {exchange(`"act":{`, `"act":{"kind":"closed",`), CodeMalformed},
		"member in other case":          {exchange(`"format"`, `"Format"`), CodeMalformed},
		"member missing":                {exchange(`"key":"log.example/test"`, `"proof2":""`), CodeMalformed},
		"text behind it":                {whole + "{}", CodeMalformed},
		"array":                         {"[" + whole + "]", CodeMalformed},
		"nothing":                       {"", CodeMalformed},
		"invalid UTF-8":                 {exchange("lodged", "lod\xffged"), CodeMalformed},
		"index with fraction":           {exchange(`"index":2`, `"index":2.0`), CodeMalformed},
		"index beyond any log":          {exchange(`"index":2`, `"index":281474976710656`), CodeMalformed},
		"hash in capitals":              {exchange(`"entry_hash":"`, `"entry_hash":"A`), CodeMalformed},
		"content a string":              {exchange(`"content":{`, `"content":"x","content2":{`), CodeMalformed},
		"salt with line end":            {exchange(`"salt":"`, `"salt":"\n`), CodeSalt},
		"more than 8 MiB":               {whole + strings.Repeat(" ", MaxReceipt), CodeTooLarge},
		"unknown form before the rest ": {`{"format":"luoshi-receipt/9","number":"1"}`, CodeFormat},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseReceipt([]byte(c.text)); codeOf(err) != c.want {
				t.Errorf("%v, want code %q", err, c.want)
			}
		})
	}
}

func TestReceiptOfAMegabyteOfTextIsProved(t *testing.T) {
	key := newKey(t, testOrigin)
	text := strings.Repeat("<\u202e\x01漏", 1<<20/8)
	content := canonical(t, map[string]string{"title": text})
	commitment := ContentCommitment(Salt{1}, content)
	act := canonical(t, map[string]any{"matter": "1", "kind": "k", "time": "2026-01-01T00:00:00Z", "content": hexOf(commitment)})
	l := newTestLog(t)
	l.add(LeafCommitment(Salt{}, EntryHash(act)))
	signed, err := key.SignCheckpoint(testOrigin, 1, l.edge.Root())
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReceipt(Recorded{Act: act, Content: content, ContentSalt: Salt{1}, Proof: tlog.RecordProof{}, Checkpoint: signed, Key: key.Name()})
	if err != nil {
		t.Fatal(err)
	}
	if got := Verify(receiptJSON(t, r), key.VerifierKey()); !got.Proved {
		t.Error(got.Reason)
	}
}

func TestNewReceiptRefusesWhatItCannotProve(t *testing.T) {
	whole := newFixture(t, 0, 0).recorded
	for name, c := range map[string]struct {
		change func(*Recorded)
		want   Code
	}{
		"act is no object":           {func(r *Recorded) { r.Act = []byte(`[]`) }, CodeAct},
		"act without matter":         {func(r *Recorded) { r.Act = []byte(`{"kind":"k","time":"2026-01-01T00:00:00Z"}`) }, CodeAct},
		"act with empty matter":      {func(r *Recorded) { r.Act = []byte(`{"kind":"k","matter":"","time":"2026-01-01T00:00:00Z"}`) }, CodeAct},
		"act with a date only":       {func(r *Recorded) { r.Act = []byte(`{"kind":"k","matter":"1","time":"2026-01-01"}`) }, CodeAct},
		"act with a bad commitment":  {func(r *Recorded) { r.Act = bytes.Replace(r.Act, []byte(`"content":"`), []byte(`"content":"0`), 1) }, CodeAct},
		"content without commitment": {func(r *Recorded) { r.Act = []byte(`{"kind":"k","matter":"1","time":"2026-01-01T00:00:00Z"}`) }, CodeContent},
	} {
		t.Run(name, func(t *testing.T) {
			in := whole
			c.change(&in)
			if _, err := NewReceipt(in); codeOf(err) != c.want {
				t.Errorf("%v, want code %q", err, c.want)
			}
		})
	}
}

// Erasure as a store does it: content and its salt are gone.
func TestErasedContentLeavesTheReceiptProved(t *testing.T) {
	f := newFixture(t, 7, 3)
	in := f.recorded
	in.Content, in.ContentSalt = nil, Salt{}
	r, err := NewReceipt(in)
	if err != nil {
		t.Fatal(err)
	}
	text := receiptJSON(t, r)
	if bytes.Contains(text, []byte("漏水")) {
		t.Error("the erased text is in the receipt")
	}
	if got := Verify(text, f.key.VerifierKey()); !got.Proved || got.Code != CodeProved {
		t.Error(got.Reason)
	}
}
