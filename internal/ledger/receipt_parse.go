package ledger

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// wire is a receipt of which only the member names are known to be right.
type wire struct {
	Format     jsontext.Value `json:"format"`
	Number     jsontext.Value `json:"number"`
	Entry      jsontext.Value `json:"entry"`
	EntryHash  jsontext.Value `json:"entry_hash"`
	Salt       jsontext.Value `json:"salt"`
	Index      jsontext.Value `json:"index"`
	Proof      jsontext.Value `json:"proof"`
	Checkpoint jsontext.Value `json:"checkpoint"`
	Key        jsontext.Value `json:"key"`
}

// ParseReceipt reads a receipt strictly: every member once, none unknown, none of
// another type, nothing behind it, at most [MaxReceipt] bytes. It checks the form
// only; [Verify] checks what it says. The error is a [*Problem].
func ParseReceipt(data []byte) (*Receipt, error) {
	if len(data) > MaxReceipt {
		return nil, &Problem{Code: CodeTooLarge}
	}
	var w wire
	if err := json.Unmarshal(data, &w, json.RejectUnknownMembers(true)); err != nil {
		return nil, malformed(err)
	}
	var r Receipt
	p := memberParser{}
	p.text("format", w.Format, &r.Format)
	if p.err == nil && r.Format != ReceiptFormat {
		return nil, &Problem{Code: CodeFormat, Detail: fmt.Sprintf("%.40q", r.Format)}
	}
	p.text("number", w.Number, &r.Number)
	p.text("entry_hash", w.EntryHash, &r.EntryHash)
	p.text("proof", w.Proof, &r.Proof)
	p.text("checkpoint", w.Checkpoint, &r.Checkpoint)
	p.text("key", w.Key, &r.Key)
	var salt string
	p.text("salt", w.Salt, &salt)
	p.index(w.Index, &r.Index)
	r.Entry = p.entry(w.Entry)
	if p.err != nil {
		return nil, p.err
	}
	return &r, r.finish(salt)
}

// finish reads the members that have a form of their own inside a JSON string.
func (r *Receipt) finish(salt string) error {
	if _, ok := parseHex(r.EntryHash); !ok {
		return &Problem{Code: CodeMalformed, Detail: "entry_hash is not 64 lower-case hex digits"}
	}
	want := len(Salt{})
	if r.Entry != nil && r.Entry.Content != nil {
		want *= 2
	}
	var ok bool
	if r.Salt, ok = parseBase64(salt); !ok || len(r.Salt) != want {
		return &Problem{Code: CodeSalt, Detail: fmt.Sprintf("want %d bytes of base64", want)}
	}
	return nil
}

// malformed keeps of a JSON error where it is, not the text around it.
func malformed(err error) *Problem {
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return &Problem{Code: CodeMalformed, Detail: fmt.Sprintf("%v at byte %d", syntactic.Err, syntactic.ByteOffset)}
	}
	var semantic *json.SemanticError
	if errors.As(err, &semantic) && semantic.JSONPointer != "" {
		return &Problem{Code: CodeMalformed, Detail: fmt.Sprintf("member %.60q", semantic.JSONPointer)}
	}
	return &Problem{Code: CodeMalformed}
}

// memberParser reads members until the first fault, which it keeps.
type memberParser struct{ err error }

func (p *memberParser) fail(name, want string) {
	if p.err == nil {
		p.err = &Problem{Code: CodeMalformed, Detail: name + " is not " + want}
	}
}

func (p *memberParser) text(name string, v jsontext.Value, out *string) {
	if v.Kind() != '"' || json.Unmarshal(v, out) != nil {
		p.fail(name, "a string")
	}
}

func (p *memberParser) index(v jsontext.Value, out *int64) {
	n, err := strconv.ParseInt(string(v), 10, 64)
	if err != nil || n < 0 || n >= maxSize {
		p.fail("index", "a whole number that a log can have")
	}
	*out = n
}

func (p *memberParser) entry(v jsontext.Value) *ReceiptEntry {
	if v.Kind() == 'n' {
		return nil
	}
	var e struct {
		Act     jsontext.Value `json:"act"`
		Content jsontext.Value `json:"content"`
	}
	if v.Kind() != '{' || json.Unmarshal(v, &e, json.RejectUnknownMembers(true)) != nil {
		p.fail("entry", "an object with act and content, or null")
		return nil
	}
	if e.Act.Kind() != '{' {
		p.fail("act", "an object")
	}
	switch e.Content.Kind() {
	case '{':
		return &ReceiptEntry{Act: stdjson.RawMessage(e.Act), Content: stdjson.RawMessage(e.Content)}
	case 'n':
		return &ReceiptEntry{Act: stdjson.RawMessage(e.Act)}
	default:
		p.fail("content", "an object or null")
		return nil
	}
}

// actHead are the members of an act that the log format knows.
type actHead struct {
	Matter  string
	Kind    string
	Time    string
	Content string // 64 hex digits, or empty
}

// readAct reads them. The error is a [*Problem] with [CodeAct].
func readAct(act []byte) (actHead, error) {
	var w struct {
		Matter  jsontext.Value `json:"matter"`
		Kind    jsontext.Value `json:"kind"`
		Time    jsontext.Value `json:"time"`
		Content jsontext.Value `json:"content"`
	}
	if err := json.Unmarshal(act, &w); err != nil {
		return actHead{}, &Problem{Code: CodeAct, Detail: "not a JSON object"}
	}
	var head actHead
	p := memberParser{}
	p.text("matter", w.Matter, &head.Matter)
	p.text("kind", w.Kind, &head.Kind)
	p.text("time", w.Time, &head.Time)
	if w.Content != nil {
		p.text("content", w.Content, &head.Content)
		if _, ok := parseHex(head.Content); !ok {
			p.fail("content", "64 lower-case hex digits")
		}
	}
	if _, err := time.Parse(time.RFC3339, head.Time); err != nil {
		p.fail("time", "RFC 3339")
	}
	if head.Matter == "" || head.Kind == "" {
		p.fail("matter or kind", "given")
	}
	if p.err != nil {
		return actHead{}, &Problem{Code: CodeAct, Detail: p.err.(*Problem).Detail}
	}
	return head, nil
}
