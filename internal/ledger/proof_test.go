package ledger

import (
	"bytes"
	"encoding/json"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// What is written by hand is what the libraries write.
func TestProofAndReceiptAreWrittenAsByTheLibraries(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`[ -~\n]{0,40}`), rapid.SampledFrom([]string{"", "\"\\\x00\x1f\x7f<>&", "回执—§\U0001F600"}))
	rapid.Check(t, func(t *rapid.T) {
		proof := make(tlog.RecordProof, rapid.IntRange(0, 40).Draw(t, "hashes"))
		for i := range proof {
			copy(proof[i][:], rapid.SliceOfN(rapid.Byte(), tlog.HashSize, tlog.HashSize).Draw(t, "hash"))
		}
		index, checkpoint := rapid.Int64Range(0, maxSize).Draw(t, "index"), text.Draw(t, "checkpoint")
		written := formatProof(index, proof, []byte(checkpoint))
		if want := string(torchwood.FormatProof(index, proof, []byte(checkpoint))); written != want {
			t.Fatalf("proof %q, want %q", written, want)
		}
		r := &Receipt{Format: ReceiptFormat, Number: text.Draw(t, "number"), EntryHash: text.Draw(t, "hash"), Index: index,
			Salt: rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "salt"), Proof: written, Checkpoint: checkpoint, Key: text.Draw(t, "key")}
		switch rapid.IntRange(0, 2).Draw(t, "entry") {
		case 1:
			r.Entry = &ReceiptEntry{Act: json.RawMessage(`{"a":"<信>"}`)}
		case 2:
			r.Entry = &ReceiptEntry{Act: json.RawMessage(`{}`), Content: json.RawMessage(`{"title":"\u2028 &"}`)}
		}
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
		if got, err := r.JSON(); err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("receipt %s, want %s (%v)", got, want.Bytes(), err)
		}
	})
}
