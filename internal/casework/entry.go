package casework

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"luoshi/internal/ledger"
)

// Kind says what an entry records.
type Kind string

// The kinds of entry.
const (
	Lodged     Kind = "lodged"      // the matter began
	Stepped    Kind = "stepped"     // a declared step was taken
	Warned     Kind = "warned"      // a clock will run out soon; recorded by the system
	Lapsed     Kind = "lapsed"      // a clock ran out; recorded by the system, not by the late office
	SubEnded   Kind = "sub-ended"   // a sub-matter has ended; recorded by the system, nothing else changes
	Recomputed Kind = "recomputed"  // days off were published, and provisional dates computed again; by the system
	CodeAsked  Kind = "code-asked"  // somebody who knows the number asks for a new query code; nothing else changes
	CodeIssued Kind = "code-issued" // a party was given a new query code
	Corrected  Kind = "corrected"   // content of an earlier entry is put right; the earlier entry stays
	Erased     Kind = "erased"      // personal content was removed under a named rule
	Migrated   Kind = "migrated"    // the matter came under another version of its procedure
)

// actVersion is the version of the acts that are written: since 2 clocks say when their warning falls due, and
// warnings and lapses when they fell due.
const actVersion = 2

// TimeFormat is how an act writes a time: UTC, milliseconds.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// FormatTime writes t as an act does.
func FormatTime(t time.Time) string { return t.UTC().Format(TimeFormat) }

// ActorRef says in which capacity somebody acted. Staff are named by login, because an official act is not
// private; parties only by their place in the matter.
type ActorRef struct {
	As    string `json:"as"`              // staff, party, resident, system
	Login string `json:"login,omitempty"` // staff
	Party string `json:"party,omitempty"` // role of the party
}

// PartyRef is a party without anything personal: the role, and the hash of the query code if one was issued.
type PartyRef struct {
	Code string `json:"code,omitempty"`
	Role string `json:"role"`
}

// Link names another matter: one that this is part of, or one that is part of this. Sub is what the procedure of
// the whole calls the part.
type Link struct {
	Matter string `json:"matter"`
	Sub    string `json:"sub"`
}

// Source is where an imported matter came from, and the time that system states. The entry's own time says
// when it was recorded here; nothing is back-dated.
type Source struct {
	ID     string `json:"id"`
	System string `json:"system"`
	Time   string `json:"time,omitempty"`
}

// Act is the part of an entry that holds nothing personal and outlives erasure. Its canonical JSON
// (RFC 8785) is what the log's leaf commits to; the members are specified in doc/log-format.md.
// State, Unit and Assignee are those after the act. Members stand in the order of their JSON names, here and
// in all that entries are made of: that is the canonical order, so that nothing has to be moved.
type Act struct {
	Actor     ActorRef   `json:"actor"`
	Assignee  string     `json:"assignee,omitempty"`
	Channel   string     `json:"channel,omitempty"`
	Clocks    []ClockOp  `json:"clocks,omitempty"`
	Content   string     `json:"content,omitempty"`
	Continues *Passage   `json:"continues,omitempty"`  // of a step by which the matter goes on in another procedure
	Ended     *Link      `json:"ended,omitempty"`      // the sub-matter that has ended
	EndedEach []Link     `json:"ended_each,omitempty"` // the sub-matters that end with the step, by what it tells them
	Issuer    string     `json:"issuer,omitempty"`     // on the first entry of a matter that was issued: the unit that did
	Key       string     `json:"key,omitempty"`        // hex; hash of the idempotency key and its owner
	Kind      Kind       `json:"kind"`
	Matter    string     `json:"matter"`
	Migration *Migration `json:"migration,omitempty"`        // of a matter that came under another version
	Names     []int      `json:"names,omitempty"`            // seqs of earlier entries this one corrects or erases
	On        bool       `json:"on,omitempty"`               // of a referral to the unit that referred it last: it is no return
	Opens     *Link      `json:"opens,omitempty"`            // the sub-matter that this act opens
	OpensEach []Link     `json:"opens_each,omitempty"`       // the sub-matters that an act opens at several units
	Parent    *Link      `json:"parent,omitempty"`           // on the first entry of a sub-matter: what it is part of
	Parties   []PartyRef `json:"parties,omitempty"`          // all parties after the act, when the act changed them
	Procedure string     `json:"procedure,omitempty"`        // id@version, on the first entry and where it changes
	Declared  string     `json:"procedure_sha256,omitempty"` // of that procedure's text
	Request   string     `json:"request,omitempty"`          // hex; hash of the command under the content's salt
	Rule      string     `json:"rule,omitempty"`             // rule of law named by an erasure
	Seq       int        `json:"seq"`
	Source    *Source    `json:"source,omitempty"`
	State     string     `json:"state"`
	Step      string     `json:"step,omitempty"`
	Time      string     `json:"time"`
	Together  []string   `json:"together,omitempty"` // on the first entry of the first of several matters issued at once: all their numbers
	Unit      string     `json:"unit"`
	V         int        `json:"v"`
}

// Content is the personal part of an entry: what was said, by and about whom. It is committed to in the act
// and can be erased.
type Content struct {
	Fields  map[string]any `json:"fields,omitempty"`
	Note    string         `json:"note,omitempty"`
	Opening map[string]any `json:"opening,omitempty"` // fields of the procedure in which the matter goes on, asked for with the step
	Parties []Party        `json:"parties,omitempty"`
	Title   string         `json:"title,omitempty"`
}

func (c Content) empty() bool {
	return c.Title == "" && len(c.Fields) == 0 && len(c.Opening) == 0 && len(c.Parties) == 0 && c.Note == ""
}

// searched reports whether the content may change under which words the matter is found; notes are not.
func (c Content) searched() bool { return c.Title != "" || len(c.Fields) > 0 || len(c.Parties) > 0 }

// Party is a person the matter concerns, as they gave themselves.
type Party struct {
	Address string `json:"address,omitempty"`
	Name    string `json:"name"`
	Phone   string `json:"phone,omitempty"`
	Role    string `json:"role"`
}

// Entry is one immutable act in a matter's history as stored: canonical bytes, salts and leaf commitment.
// ContentBytes and ContentSalt are nil when there was no content or it was erased.
type Entry struct {
	Index        int64 // leaf index; set by the store
	Act          Act
	Content      Content
	ActBytes     []byte
	ContentBytes []byte
	Salt         ledger.Salt
	ContentSalt  *ledger.Salt
	Commitment   ledger.Hash
}

// Raw is an entry's columns as a store reads them, with bytes of any length.
type Raw struct {
	Index                                       int64
	Act, Salt, Content, ContentSalt, Commitment []byte
}

// Entry is the entry of the columns, not decoded. A salt or commitment of a wrong length, which only a damaged
// database holds, is left out: audit finds that the commitment does not fit.
func (r Raw) Entry() *Entry {
	e := &Entry{Index: r.Index, ActBytes: r.Act, ContentBytes: r.Content}
	if len(r.Salt) == len(e.Salt) {
		e.Salt = ledger.Salt(r.Salt)
	}
	if len(r.Commitment) == len(e.Commitment) {
		e.Commitment = ledger.Hash(r.Commitment)
	}
	if len(r.ContentSalt) == len(e.Salt) {
		cs := ledger.Salt(r.ContentSalt)
		e.ContentSalt = &cs
	}
	return e
}

// NewEntry seals an act and its content: canonical bytes, fresh salts, commitments.
func NewEntry(act Act, content Content) (*Entry, error) { return newEntry(act, content, nil) }

// newEntry also notes in the act the request that it answers.
func newEntry(act Act, content Content, r *request) (*Entry, error) {
	e := &Entry{Act: act, Content: content, Salt: ledger.NewSalt()}
	if !content.empty() {
		b, err := content.canonical()
		if err != nil {
			return nil, fmt.Errorf("content of entry %s/%d: %w", act.Matter, act.Seq, err)
		}
		salt := ledger.NewSalt()
		e.ContentBytes, e.ContentSalt = b, &salt
		c := ledger.ContentCommitment(salt, b)
		e.Act.Content = hex.EncodeToString(c[:])
	}
	r.sign(e)
	b, err := e.Act.canonical()
	if err != nil {
		return nil, fmt.Errorf("act %s/%d: %w", act.Matter, act.Seq, err)
	}
	e.ActBytes = b
	e.Commitment = ledger.LeafCommitment(e.Salt, ledger.EntryHash(b))
	return e, nil
}

// Decode fills Act and Content from the stored bytes.
func (e *Entry) Decode() error {
	if err := json.Unmarshal(e.ActBytes, &e.Act); err != nil {
		return fmt.Errorf("act at index %d: %w", e.Index, err)
	}
	if e.ContentBytes == nil {
		return nil
	}
	if err := json.Unmarshal(e.ContentBytes, &e.Content); err != nil {
		return fmt.Errorf("content at index %d: %w", e.Index, err)
	}
	return nil
}

// Erased reports whether the entry once had content that is gone.
func (e *Entry) Erased() bool { return e.Act.Content != "" && e.ContentBytes == nil }
