package ledger

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	// ReceiptFormat is the member "format" of a receipt.
	ReceiptFormat = "luoshi-receipt/1"
	// MaxReceipt is the largest receipt in bytes; content can hold 1 MB of text,
	// which JSON escapes can make six times as long.
	MaxReceipt = 8 << 20
)

// Receipt proves that an entry stands in the log (doc/log-format.md §6). Its JSON
// form is the outer form; encoding/json writes it in the specified member order.
type Receipt struct {
	Format     string        `json:"format"`     // always ReceiptFormat
	Number     string        `json:"number"`     // the matter's number
	Entry      *ReceiptEntry `json:"entry"`      // nil when only the hash is given
	EntryHash  string        `json:"entry_hash"` // 64 hex digits
	Salt       []byte        `json:"salt"`       // act salt, or act salt ‖ content salt
	Index      int64         `json:"index"`      // of the leaf, from 0
	Proof      string        `json:"proof"`      // C2SP tlog-proof v1
	Checkpoint string        `json:"checkpoint"` // signed note
	Key        string        `json:"key"`        // name of the signing key
}

// ReceiptEntry is the entry inside a receipt. Content is nil when the entry has
// none or the holder does not get it.
type ReceiptEntry struct {
	Act     json.RawMessage `json:"act"`
	Content json.RawMessage `json:"content"`
}

// Recorded is what a store knows of one entry in its log.
type Recorded struct {
	Act         []byte // canonical
	ActSalt     Salt
	Content     []byte // canonical; nil when there is none, it is withheld or erased
	ContentSalt Salt   // used only with Content
	Index       int64
	Proof       tlog.RecordProof
	Checkpoint  []byte // signed, of the tree that Proof is for
	Key         string // name of the signing key

	// Matter is the act's "matter", for who has the act decoded already; when it
	// is empty the act is read for it. With it, Content needs to be the act's own.
	Matter string
}

// NewReceipt makes the receipt of a recorded entry. The number is the act's
// "matter". It does not check proof and signature again: the committer has just
// made them; [Verify] does.
func NewReceipt(in Recorded) (*Receipt, error) {
	number := in.Matter
	if number == "" {
		head, err := readAct(in.Act)
		if err != nil {
			return nil, err
		}
		if in.Content != nil && head.Content == "" {
			return nil, &Problem{Code: CodeContent, Detail: "the act has no commitment to a content"}
		}
		number = head.Matter
	}
	hash := EntryHash(in.Act)
	r := &Receipt{
		Format:     ReceiptFormat,
		Number:     number,
		Entry:      &ReceiptEntry{Act: in.Act, Content: in.Content},
		EntryHash:  hex.EncodeToString(hash[:]),
		Salt:       bytes.Clone(in.ActSalt[:]),
		Index:      in.Index,
		Proof:      formatProof(in.Index, in.Proof, in.Checkpoint),
		Checkpoint: string(in.Checkpoint),
		Key:        in.Key,
	}
	if in.Content != nil {
		r.Salt = append(r.Salt, in.ContentSalt[:]...)
	}
	return r, nil
}

// WithoutContent returns the receipt as given to someone who may see the act but
// not the personal content. Receipts without content come back unchanged.
func (r *Receipt) WithoutContent() *Receipt {
	c := *r
	if r.Entry != nil {
		c.Entry = &ReceiptEntry{Act: r.Entry.Act}
	}
	c.Salt = r.Salt[:min(len(r.Salt), len(Salt{}))]
	return &c
}

// HashOnly returns the receipt as given to someone who may not see the entry.
func (r *Receipt) HashOnly() *Receipt {
	c := *r.WithoutContent()
	c.Entry = nil
	return &c
}

// JSON writes the receipt in its outer form, with a line feed at its end.
func (r *Receipt) JSON() ([]byte, error) {
	b := append(r.AppendJSON(nil), '\n')
	if len(b) > MaxReceipt {
		return nil, &Problem{Code: CodeTooLarge}
	}
	return b, nil
}

// AppendJSON adds the receipt in its outer form, as encoding/json would write it. Act and content are taken
// as they are: canonical, so that nothing has to be looked at again.
func (r *Receipt) AppendJSON(b []byte) []byte {
	b = appendMember(b, `{"format":`, r.Format)
	b = appendMember(b, `,"number":`, r.Number)
	b = append(b, `,"entry":`...)
	if r.Entry == nil {
		b = append(b, "null"...)
	} else {
		b = appendRaw(append(b, `{"act":`...), r.Entry.Act)
		b = append(appendRaw(append(b, `,"content":`...), r.Entry.Content), '}')
	}
	b = appendMember(b, `,"entry_hash":`, r.EntryHash)
	b = append(base64.StdEncoding.AppendEncode(append(b, `,"salt":"`...), r.Salt), '"')
	b = strconv.AppendInt(append(b, `,"index":`...), r.Index, 10)
	b = appendMember(b, `,"proof":`, r.Proof)
	b = appendMember(b, `,"checkpoint":`, r.Checkpoint)
	return append(appendMember(b, `,"key":`, r.Key), '}')
}

func appendMember(b []byte, name, value string) []byte {
	b, _ = jsontext.AppendQuote(append(b, name...), value) // what is invalid is replaced
	return b
}

func appendRaw(b []byte, raw json.RawMessage) []byte {
	if raw == nil {
		return append(b, "null"...)
	}
	return append(b, raw...)
}
