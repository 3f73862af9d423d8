package casework

import (
	"context"
	"fmt"
	"time"

	"luoshi/internal/ledger"
	"luoshi/internal/office"

	"golang.org/x/mod/sumdb/tlog"
)

// Change is what one verb wants written, all or nothing.
type Change struct {
	// With are changes of other matters that are written with this one or not at all. Each expects its own
	// version; none has a key or changes that go with it.
	With []*Change

	Matter *Matter  // after the change
	Expect int      // version before; 0 for a new matter
	Entry  *Entry   // the new entry
	Key    []byte   // hash of the idempotency key and its owner, or nil
	Tokens []string // search tokens of the whole matter; nil: unchanged
	Erase  []int    // seqs of entries whose content and content salt are removed
	// Files are the IDs of the files that the entry names, and Fresh those of them that are uploads until then.
	// Release are those that the erased entries name: they are removed unless another matter names them.
	Files, Fresh, Release []string
	Due                   int64 // see Matter.NextDue; milliseconds since 1970, or NoDue
	Wake                  int64 // see Rules.Wake; the same
	Open                  bool  // not in an end state
	// Provisional is the name and the version of the calendar by which dates of an open clock were computed that rest
	// on a year it does not know; "" when none do.
	Provisional string
	Before      *Before // what the counts must give up; nil for a new matter
}

// Before is where a matter was counted before a change.
type Before struct {
	Unit, Procedure, State string
	Open                   bool
}

// Parts are the change itself and those that go with it, each of another matter, in the order of their leaves.
func (c *Change) Parts() ([]*Change, error) {
	if len(c.With) == 0 {
		return []*Change{c}, nil
	}
	parts := append([]*Change{c}, c.With...)
	seen := map[string]bool{}
	for i, p := range parts {
		switch {
		case seen[p.Matter.Number]:
			return nil, fmt.Errorf("one change writes the matter %s twice", p.Matter.Number)
		case i > 0 && (p.Key != nil || len(p.With) > 0):
			return nil, fmt.Errorf("the change of %s that goes with another has a key or changes of its own", p.Matter.Number)
		}
		seen[p.Matter.Number] = true
	}
	return parts, nil
}

// Committed is the durable outcome of a Change: the leaf's index, its proof against the checkpoint that was
// signed in the same transaction, and that checkpoint.
type Committed struct {
	Index      int64
	Checkpoint []byte
	Proof      tlog.RecordProof
	With       []Committed // of the changes that went with it, in their order; their leaves follow one by one
}

// Prove works out the proofs of a change and of those that went with it. First is the index of its leaf.
func Prove(first int64, n int, checkpoint []byte, prove func(index int64) (tlog.RecordProof, error)) (Committed, error) {
	done := Committed{Index: first, Checkpoint: checkpoint}
	var err error
	if done.Proof, err = prove(first); err != nil {
		return Committed{}, err
	}
	for i := range int64(n - 1) {
		with, err := Prove(first+1+i, 1, checkpoint, prove)
		if err != nil {
			return Committed{}, err
		}
		done.With = append(done.With, with)
	}
	return done, nil
}

// Committer makes changes durable. Concurrent changes share one transaction and one signature. When Commit
// returns nil the change is on stable storage, with all that goes with it; what is wrong with one part refuses
// them all, and no other change. Errors: ErrConflict (Expect is not the stored version),
// ErrTaken (new matter whose number exists), ErrKeyUsed, ErrFileUsed (a fresh file is no upload any more), ErrFull and ErrAway (nothing was written), ErrUnknown.
type Committer interface {
	Commit(ctx context.Context, c *Change) (Committed, error)
}

// MatterStore reads matters. Every method that lists takes the one permission predicate as a Scope.
type MatterStore interface {
	Matter(ctx context.Context, number string) (*Matter, error)
	// Matters returns those of the matters that are there, by number.
	Matters(ctx context.Context, numbers []string) (map[string]*Matter, error)
	// List returns at most q.Limit rows in q.Order, and the cursor of the next page or "".
	List(ctx context.Context, q Query) (rows []Row, next string, err error)
	// Counts returns how many matters stand in each (unit, procedure, state) of the scope.
	Counts(ctx context.Context, scope office.Scope) ([]Count, error)
	// Numbers counts the rows of each list, all pages together; Order, Cursor and Limit say nothing. It is -1 for a list
	// that would have to be read for that. It and List agree on every other number.
	Numbers(ctx context.Context, lists []Query) ([]int64, error)
	// Survey counts what an overview shows. It and List agree on every number.
	Survey(ctx context.Context, q Survey) (*Standing, error)
	// Wakes returns the matters for which the worker has something to do next, ended ones too, the earliest first.
	Wakes(ctx context.Context, limit int) ([]Wake, error)
	// Provisional returns numbers of matters whose Change.Provisional is that key.
	Provisional(ctx context.Context, key string, limit int) ([]string, error)
	// Checked puts another key there, of a matter that stands at that version, whose dates are the same by the newer
	// calendar; else ErrConflict. It is no entry and no news.
	Checked(ctx context.Context, number string, version int, key string) error
	// Serials reserves n serials of matter numbers in that year, from first on; the first of a year is 1. None is
	// below that of a stored matter, and none is given twice, also not by another process on the same database.
	// Only a store that one process alone may write to may give those again, after a restart, that no matter got.
	Serials(ctx context.Context, year int, n int64) (first int64, err error)
	// EntryByKey finds the entry recorded under an idempotency key.
	EntryByKey(ctx context.Context, key []byte) (*Entry, error)
}

// Wake is the moment from which the worker has something to do for a matter.
type Wake struct {
	Number string
	At     time.Time
}

// EntryStore reads entries.
type EntryStore interface {
	// Entries returns the history of a matter, oldest first.
	Entries(ctx context.Context, number string) ([]*Entry, error)
	// EntriesOf returns the histories of several matters by their numbers, each oldest first. What has none is left out.
	EntriesOf(ctx context.Context, numbers []string) (map[string][]*Entry, error)
	// Entry returns one entry of a matter.
	Entry(ctx context.Context, number string, seq int) (*Entry, error)
}

// LogStore reads the log. It is also the ledger's TileReader.
type LogStore interface {
	ledger.TileReader
	Size(ctx context.Context) (int64, error)
	Commitments(ctx context.Context, from, to int64) ([]ledger.Hash, error)
	// ServeTile gives a tile by its tlog-tiles path; ledger.ErrNotFound when the log has none there.
	ServeTile(ctx context.Context, path string) ([]byte, error)
	// Prove gives the inclusion proof of leaf index in the tree of the first size leaves, at most as many as there are.
	Prove(ctx context.Context, size, index int64) (tlog.RecordProof, error)
	// Checkpoint is the newest signed checkpoint.
	Checkpoint(ctx context.Context) ([]byte, error)
	// CheckpointAfter is the first checkpoint that covers leaf index: the one signed with it.
	CheckpointAfter(ctx context.Context, index int64) (size int64, signed []byte, err error)
}

// StaffStore keeps units, accounts and what they signed in with.
type StaffStore interface {
	Units(ctx context.Context) ([]office.Unit, error)
	PutUnits(ctx context.Context, units []office.Unit) error
	Accounts(ctx context.Context) ([]office.Account, error)
	// PutAccount adds or replaces an account; password and token are hashes, empty ones leave what is there.
	PutAccount(ctx context.Context, a office.Account, password, token string) error
	PasswordHash(ctx context.Context, login string) (string, error)
	LoginByToken(ctx context.Context, tokenHash string) (string, error)
	// PutSession begins a session and forgets those that have expired by now; Session does not find those.
	PutSession(ctx context.Context, s Session, now time.Time) error
	Session(ctx context.Context, hash string, now time.Time) (Session, error)
	EndSession(ctx context.Context, hash string) error
}

// Session is somebody signed in on a page: staff by login, or a party by matter and role.
type Session struct {
	Hash    string // of the cookie's secret
	Login   string
	Matter  string
	Party   string // role
	Code    string // hash of the query code the session began with
	Expires time.Time
}

// DisclosureStore keeps who read personal data, for the person to see.
type DisclosureStore interface {
	// Disclose records one reading; at most one per matter, login and day is kept. It is durable on return.
	Disclose(ctx context.Context, d Disclosure) error
	Disclosures(ctx context.Context, number string) ([]Disclosure, error)
}

// Disclosure is one recorded reading of a matter's personal data.
type Disclosure struct {
	Matter string `json:"-"`
	Login  string `json:"login"`
	Unit   string `json:"unit"`
	Day    string `json:"day"`
	First  string `json:"first"` // time of the first reading on that day
}

// Watcher tells what has changed, whoever changed it: this process or another one on the same database.
type Watcher interface {
	// Watch calls f with news, one call at a time, until ctx ends; then it answers ctx's error. The first news
	// is All, once nothing can be missed any more. News come after what they tell of can be read. Those that
	// come while f is busy are merged; nobody who commits waits for f.
	// Another error says that the connection to the database broke off; a new Watch begins with All again.
	Watch(ctx context.Context, f func(News)) error
}

// News is what has changed since the last news.
type News struct {
	Units      []string `json:"units,omitempty"`      // where a matter was opened, changed or left
	All        bool     `json:"all,omitempty"`        // news were missed: anything may have changed
	Staff      bool     `json:"staff,omitempty"`      // units or accounts
	Procedures bool     `json:"procedures,omitempty"` // one was published
	Calendars  bool     `json:"calendars,omitempty"`  // days off were loaded
}

// Published is one version of a procedure as it was published.
type Published struct {
	Source []byte
	By     string // login; empty when the program itself or its command line published it
	At     string // as an act writes a time; empty for what was published before this was kept
}

// ProcedureStore keeps every published version of every procedure.
type ProcedureStore interface {
	Procedures(ctx context.Context) (map[string]Published, error) // by id@version
	// PutProcedure adds a version; one that is there already is not replaced, but an error.
	PutProcedure(ctx context.Context, key string, p Published) error
}

// DeskStore keeps what members of staff put down for their own work. None of it is part of a matter or of the log.
type DeskStore interface {
	// Worklists are those that the account keeps, the oldest first.
	Worklists(ctx context.Context, login string) ([]Worklist, error)
	// PutWorklist adds one, or gives the one of that login and name another query.
	PutWorklist(ctx context.Context, w Worklist) error
	DropWorklist(ctx context.Context, login, name string) error
	// Replies are the texts of exactly this unit, by name.
	Replies(ctx context.Context, unit string) ([]Reply, error)
	// PutReply adds a text, or replaces the one of that unit and ID.
	PutReply(ctx context.Context, r Reply) error
	DropReply(ctx context.Context, unit, id string) error
	// Drafts are those of exactly this unit, the one changed last first, without their Doc.
	Drafts(ctx context.Context, unit string) ([]Draft, error)
	Draft(ctx context.Context, unit, id string) (Draft, error)
	// PutDraft adds one of version 1, or replaces the version right before; ErrConflict when another stands there.
	PutDraft(ctx context.Context, d Draft) error
	DropDraft(ctx context.Context, unit, id string) error
}

// FeedStore keeps the addresses under which members of staff read their meetings in a calendar of their own.
type FeedStore interface {
	// Feed is that of an account, FeedByHash the one whose secret has that hash; ErrNotFound when there is none.
	Feed(ctx context.Context, login string) (Feed, error)
	FeedByHash(ctx context.Context, hash string) (Feed, error)
	// PutFeed adds one, or replaces the one of that login.
	PutFeed(ctx context.Context, f Feed) error
	DropFeed(ctx context.Context, login string) error
}

// Store is everything a running program needs from one database.
type Store interface {
	Committer
	MatterStore
	EntryStore
	LogStore
	StaffStore
	DisclosureStore
	FileStore
	DeskStore
	FeedStore
	ProcedureStore
	CalendarStore
	AuditStore
	Watcher
	// Meta reads and PutMeta writes small named settings of the installation, e.g. the log's origin.
	Meta(ctx context.Context, name string) (string, error)
	PutMeta(ctx context.Context, name, value string) error
	Close() error
}

// Order of a list.
const (
	ByDue  = "due"    // what runs out first comes first
	Newest = "newest" // what came last comes first
)

// Query asks for a page of matters. Empty members do not restrict.
type Query struct {
	Scope     office.Scope
	Unit      string   // exactly this unit
	Below     []string // any of these units (a unit and all below it)
	Procedure string   // id@version or id
	State     string
	Assignee  string
	Open      *bool
	Tokens    []string // all must occur
	Order     string
	Cursor    string
	Limit     int

	// These two ask for open matters alone.
	Due        Between // when the first running clock runs out
	Unassigned bool    // nobody is named who handles it

	Happened Happened // what happened to it when; no question together with Tokens, nor of a party, who has one matter
}

// Between is a stretch of time: after the one moment, up to and including the other, in milliseconds since 1970. The zero
// Between is all time.
type Between struct{ After, Until int64 }

// Holds reports whether a moment lies in the span.
func (s Between) Holds(at int64) bool { return s == Between{} || s.After < at && at <= s.Until }

// Happened is one of the things that Flow counts, from a moment on up to but not including another, in milliseconds since
// 1970, taken to the second. The zero Happened asks for nothing.
type Happened struct {
	What     string // Opened, Ended or BecameLate
	From, To int64
}

// What is counted over time.
const (
	Opened     = "opened"
	Ended      = "ended"
	BecameLate = "late"
)

// Row is one line of a list.
type Row struct {
	Number    string
	Procedure string
	State     string
	Open      bool
	Unit      string
	Assignee  string
	Version   int
	Opened    time.Time
	Due       time.Time // zero: no running clock
	Title     string
}

// Count is how many matters stand in a state of a procedure at a unit.
type Count struct {
	Unit, Procedure, State string
	Open                   bool
	N                      int64
}

// AuditStore gives a consistent view of everything stored, for audit.
type AuditStore interface {
	Snapshot(ctx context.Context, f func(Snapshot) error) error
}

// Snapshot reads everything stored as of one moment. The functions passed in are called once per row; the
// entries' acts and contents are not decoded.
type Snapshot interface {
	Entries(ctx context.Context, f func(Stored) error) error   // by leaf index
	Histories(ctx context.Context, f func(Stored) error) error // by matter, then seq
	Tiles(ctx context.Context, f func(level int, index int64, data []byte) error) error
	Checkpoints(ctx context.Context, f func(size int64, signed []byte) error) error
	Matters(ctx context.Context, f func(Projection) error) error // by ID
	Counts(ctx context.Context) (map[Count]int64, error)         // keys have N zero
	// Files are the parts of all files that are kept for an entry, by ID and then in their order.
	Files(ctx context.Context, f func(id string, part int, data []byte) error) error
	FileUses(ctx context.Context, f func(id string, matter int64) error) error // by which matter, by its row
	Integrity(ctx context.Context) ([]string, error)                           // what the database finds wrong with itself
}

// Stored is an entry with the columns it is found by.
type Stored struct {
	*Entry
	Number string
	ID     int64 // row of the matter; ascending in Histories
	Seq    int
	Key    []byte // by which a repeated request finds it
}

// Projection is a matter's row with the columns that lists use.
type Projection struct {
	ID          int64
	Row         Row
	Opened      int64
	Ended, Late int64 // see Matter.EndedAt and Matter.LateAt
	Due, Wake   int64
	Provisional string
	Doc         []byte
}
