package ledger

import (
	"encoding/hex"

	"golang.org/x/mod/sumdb/tlog"
)

// Result is the verifier's answer. Number, kind and time are what the receipt
// proves, or with [CodeNoKey] what it consistently claims; otherwise they are
// empty.
type Result struct {
	Proved    bool   `json:"proved"`
	Number    string `json:"number"`
	EntryKind string `json:"entry_kind"`
	Time      string `json:"time"`
	Index     int64  `json:"index"`
	TreeSize  int64  `json:"tree_size"`
	Reason    string `json:"reason"` // English; see In
	Code      Code   `json:"-"`
	Detail    string `json:"-"`
}

// In returns the result with the reason in another language.
func (r Result) In(lang Language) Result {
	r.Reason = (&Problem{Code: r.Code, Detail: r.Detail}).Text(lang)
	return r
}

// Verify checks a receipt against the verifier keys that the caller trusts, in
// the order of doc/log-format.md §6; the first fault is the answer. Without any
// key it checks that the parts fit each other and answers [CodeNoKey], not
// proved.
func Verify(receiptJSON []byte, vkeys ...string) Result {
	result, err := verify(receiptJSON, vkeys)
	if err == nil {
		return result.In(English)
	}
	problem, ok := err.(*Problem)
	if !ok {
		problem = &Problem{Code: CodeMalformed, Detail: err.Error()}
	}
	if problem.Code != CodeNoKey {
		result = Result{}
	}
	result.Proved = false
	result.Code, result.Detail = problem.Code, problem.Detail
	return result.In(English)
}

func verify(receiptJSON []byte, vkeys []string) (Result, error) {
	r, err := ParseReceipt(receiptJSON)
	if err != nil {
		return Result{}, err
	}
	result := Result{Proved: true, Index: r.Index, Code: CodeHashOnly}
	if r.Entry != nil {
		head, err := r.checkEntry()
		if err != nil {
			return Result{}, err
		}
		result.Number, result.EntryKind, result.Time = head.Matter, head.Kind, head.Time
		result.Code = CodeProved
	}
	c, err := r.checkInclusion()
	if err != nil {
		return Result{}, err
	}
	result.TreeSize = c.Size
	return result, checkSignature([]byte(r.Checkpoint), c, vkeys)
}

// checkEntry binds number, act and content to the entry hash.
func (r *Receipt) checkEntry() (actHead, error) {
	act, err := Canonicalize(r.Entry.Act)
	if err != nil {
		return actHead{}, &Problem{Code: CodeAct, Detail: err.Error()}
	}
	head, err := readAct(act)
	if err != nil {
		return actHead{}, err
	}
	if head.Matter != r.Number {
		return actHead{}, &Problem{Code: CodeNumber}
	}
	if hash := EntryHash(act); hex.EncodeToString(hash[:]) != r.EntryHash {
		return actHead{}, &Problem{Code: CodeEntryHash}
	}
	if r.Entry.Content == nil {
		return head, nil
	}
	content, err := Canonicalize(r.Entry.Content)
	if err != nil {
		return actHead{}, &Problem{Code: CodeContent, Detail: err.Error()}
	}
	commitment := ContentCommitment(Salt(r.Salt[len(Salt{}):]), content)
	if hex.EncodeToString(commitment[:]) != head.Content {
		return actHead{}, &Problem{Code: CodeContent}
	}
	return head, nil
}

// checkInclusion binds entry hash, salt and index to the checkpoint's head.
func (r *Receipt) checkInclusion() (Checkpoint, error) {
	index, proof, checkpoint, err := parseProof(r.Proof)
	if err != nil {
		return Checkpoint{}, err
	}
	if index != r.Index {
		return Checkpoint{}, &Problem{Code: CodeIndex}
	}
	if checkpoint != r.Checkpoint {
		return Checkpoint{}, &Problem{Code: CodeTwoHeads}
	}
	c, err := parseCheckpoint([]byte(checkpoint))
	if err != nil {
		return Checkpoint{}, err
	}
	if c.KeyName != r.Key {
		return Checkpoint{}, &Problem{Code: CodeKeyName}
	}
	entryHash, _ := parseHex(r.EntryHash) // ParseReceipt has checked the form
	leaf := LeafHash(c.Origin, LeafCommitment(Salt(r.Salt[:len(Salt{})]), entryHash))
	if tlog.CheckRecord(proof, c.Size, c.Root, index, leaf) != nil {
		return Checkpoint{}, &Problem{Code: CodeNotIncluded}
	}
	return c, nil
}
