package casework

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"luoshi/internal/ledger"

	"golang.org/x/mod/sumdb/tlog"
)

// Fault is one thing audit found wrong.
type Fault struct {
	Kind   string `json:"kind"` // entry, content, order, tile, checkpoint, fold, clock, step, link, count, log, database
	Matter string `json:"matter"`
	Entry  int    `json:"entry"` // seq; 0 when no entry is hit
	Tile   string `json:"tile"`
	Text   string `json:"text"`
}

// AuditReport is what audit found.
type AuditReport struct {
	OK      bool    `json:"ok"`
	Entries int64   `json:"entries"`
	Erased  int64   `json:"erased"`
	Matters int64   `json:"matters"`
	Faults  []Fault `json:"faults"`
	More    int     `json:"more_faults,omitzero"` // found beyond those listed
}

// maxFaults bounds the list; what goes beyond is counted.
const maxFaults = 1000

func (r *AuditReport) fault(f Fault) {
	if len(r.Faults) >= maxFaults {
		r.More++
		return
	}
	r.Faults = append(r.Faults, f)
}

// Audit recomputes everything stored from the entries: hashes, commitments, leaves, tiles, every signed
// head, every matter's fold and clocks, the counts. since is an older signed checkpoint (or nil) that the
// log must be a continuation of. It trusts the verifier keys it is given and the program, and nothing in
// the database.
func (s *Service) Audit(ctx context.Context, since []byte, vkeys ...string) (*AuditReport, error) {
	r := &AuditReport{Faults: []Fault{}}
	err := s.Store.Snapshot(ctx, func(v Snapshot) error {
		problems, err := v.Integrity(ctx)
		if err != nil {
			return err
		}
		for _, p := range problems {
			r.fault(Fault{Kind: "database", Text: p})
		}
		if err := auditLog(ctx, v, s.Origin, vkeys, r); err != nil {
			return err
		}
		return s.auditMatters(ctx, v, r)
	})
	if err != nil {
		return nil, err
	}
	if since != nil {
		if _, err := ledger.CheckConsistency(ctx, since, r.Entries, s.Store, vkeys...); err != nil {
			r.fault(Fault{Kind: "log", Text: "not a continuation of the older checkpoint: " + err.Error()})
		}
	}
	r.OK = len(r.Faults) == 0
	return r, nil
}

// head is one stored checkpoint.
type head struct {
	size   int64
	signed []byte
}

// logAudit rebuilds the tree from the entries and compares it with what is stored.
type logAudit struct {
	r       *AuditReport
	origin  string
	vkeys   []string
	edge    *ledger.Edge
	heads   []head
	done    []int64 // sizes of the heads already checked
	pending []tlog.Hash
	tiles   map[[2]int64][]byte // rebuilt, not yet compared
	broken  bool                // a head did not match
}

func auditLog(ctx context.Context, v Snapshot, origin string, vkeys []string, r *AuditReport) error {
	a := &logAudit{r: r, origin: origin, vkeys: vkeys, tiles: map[[2]int64][]byte{}}
	var err error
	if a.edge, err = ledger.LoadEdge(ctx, 0, nil); err != nil {
		return err
	}
	err = v.Checkpoints(ctx, func(size int64, signed []byte) error {
		a.heads = append(a.heads, head{size, signed})
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.Entries(ctx, a.entry); err != nil {
		return err
	}
	if err := a.flush(); err != nil {
		return err
	}
	for _, h := range a.heads {
		r.fault(Fault{Kind: "log", Text: fmt.Sprintf("a checkpoint over %d entries was signed, but only %d are there: entries are missing", h.size, a.edge.Size())})
	}
	if last := a.edge.Size(); last > 0 && (len(a.done) == 0 || a.done[len(a.done)-1] != last) {
		r.fault(Fault{Kind: "checkpoint", Text: fmt.Sprintf("no signed checkpoint covers all %d entries", last)})
	}
	return a.compareTiles(ctx, v)
}

func (a *logAudit) entry(e Stored) error {
	r := a.r
	at := func(kind, text string) { r.fault(Fault{Kind: kind, Matter: e.Number, Entry: e.Seq, Text: text}) }
	if e.Index != r.Entries {
		at("order", fmt.Sprintf("leaf index %d where %d is expected", e.Index, r.Entries))
	}
	r.Entries++
	if c := ledger.LeafCommitment(e.Salt, ledger.EntryHash(e.ActBytes)); c != e.Commitment {
		at("entry", "the entry, its salt or its commitment was changed: they no longer belong together")
	}
	a.pending = append(a.pending, ledger.LeafHash(a.origin, e.Commitment))
	if len(a.heads) > 0 && a.heads[0].size == r.Entries || len(a.pending) == 256 {
		return a.flush()
	}
	return nil
}

// flush grows the tree by the pending leaves and checks the heads signed at that size.
func (a *logAudit) flush() error {
	full, err := a.edge.Append(a.pending)
	if err != nil {
		return err
	}
	a.pending = a.pending[:0]
	for _, t := range full {
		a.tiles[[2]int64{int64(t.Level), t.Index}] = t.Data
	}
	for len(a.heads) > 0 && a.heads[0].size <= a.edge.Size() {
		a.checkHead(a.heads[0])
		a.done = append(a.done, a.heads[0].size)
		a.heads = a.heads[1:]
	}
	return nil
}

func (a *logAudit) checkHead(h head) {
	text := ""
	cp, err := ledger.OpenCheckpoint(h.signed, a.vkeys...)
	switch {
	case err != nil:
		text = err.Error()
	case cp.Origin != a.origin:
		text = "it belongs to the log " + cp.Origin
	case cp.Size != h.size || h.size != a.edge.Size():
		text = fmt.Sprintf("it is stored for %d entries and signed for %d", h.size, cp.Size)
	case cp.Root != a.edge.Root() && a.broken:
		return // after the first head that fails all later ones do
	case cp.Root != a.edge.Root():
		a.broken = true
		text = "the entries do not give the signed head: an entry, salt or commitment up to here was changed"
	default:
		return
	}
	a.r.fault(Fault{Kind: "checkpoint", Text: fmt.Sprintf("checkpoint over %d entries: %s", h.size, text)})
}

// compareTiles compares the stored full tiles with those the entries give.
func (a *logAudit) compareTiles(ctx context.Context, v Snapshot) error {
	tile := func(level int, index int64, text string) {
		if level >= 0 && level < 6 && index >= 0 && index < 1<<40>>(8*level) { // what a log can hold; anything else covers nothing
			width := int64(1) << (8 * (level + 1))
			text += fmt.Sprintf("; it covers leaves %d to %d", index*width, (index+1)*width-1)
		}
		a.r.fault(Fault{Kind: "tile", Tile: fmt.Sprintf("%d/%d", level, index), Text: text})
	}
	err := v.Tiles(ctx, func(level int, index int64, data []byte) error {
		key := [2]int64{int64(level), index}
		want, ok := a.tiles[key]
		if !ok {
			tile(level, index, "a tile that the log does not have")
		} else if !bytes.Equal(want, data) {
			tile(level, index, "the tile differs from what the entries give")
		}
		delete(a.tiles, key)
		return nil
	})
	for key := range a.tiles {
		tile(int(key[0]), key[1], "the tile is missing")
	}
	return err
}

func (s *Service) auditMatters(ctx context.Context, v Snapshot, r *AuditReport) error {
	h := newHistories(ctx, v)
	defer h.stop()
	counts, together := map[Count]int64{}, newLinks()
	err := v.Matters(ctx, func(p Projection) error {
		for h.more && h.next.ID < p.ID {
			r.fault(Fault{Kind: "fold", Matter: h.next.Number, Entry: h.next.Seq, Text: "an entry of a matter that is not there"})
			h.step()
		}
		var entries []Stored
		for h.more && h.next.ID == p.ID {
			entries = append(entries, h.next)
			h.step()
		}
		r.Matters++
		counts[Count{Unit: p.Row.Unit, Procedure: p.Row.Procedure, State: p.Row.State, Open: p.Row.Open}]++
		s.auditMatter(p, entries, together, r)
		return nil
	})
	for ; h.more; h.step() {
		r.fault(Fault{Kind: "fold", Matter: h.next.Number, Entry: h.next.Seq, Text: "an entry of a matter that is not there"})
	}
	if err := errors.Join(err, h.err); err != nil {
		return err
	}
	together.check(r)
	return auditCounts(ctx, v, counts, r)
}

func auditCounts(ctx context.Context, v Snapshot, want map[Count]int64, r *AuditReport) error {
	have, err := v.Counts(ctx)
	if err != nil {
		return err
	}
	for c, n := range want {
		if have[c] != n {
			r.fault(Fault{Kind: "count", Text: fmt.Sprintf("%s %s %s: %d matters, counted as %d", c.Unit, c.Procedure, c.State, n, have[c])})
		}
		delete(have, c)
	}
	for c, n := range have {
		r.fault(Fault{Kind: "count", Text: fmt.Sprintf("%s %s %s: no matters, counted as %d", c.Unit, c.Procedure, c.State, n)})
	}
	return nil
}

// auditMatter folds the history anew, checking every content, step and clock on the way, and compares the
// result with the stored projection.
func (s *Service) auditMatter(p Projection, entries []Stored, together *links, r *AuditReport) {
	fault := func(kind string, seq int, text string) {
		r.fault(Fault{Kind: kind, Matter: p.Row.Number, Entry: seq, Text: text})
	}
	m := &Matter{}
	erased, gone := map[int]bool{}, []int{}
	var rules *Rules
	for i, e := range entries {
		if err := e.Decode(); err != nil {
			fault("entry", e.Seq, "cannot be read: "+err.Error())
			return
		}
		if e.Act.Seq != i+1 || e.Seq != i+1 || e.Act.Matter != p.Row.Number {
			fault("order", e.Seq, fmt.Sprintf("entry %d of matter %s stands at place %d", e.Act.Seq, e.Act.Matter, i+1))
		}
		if text := auditContent(e.Entry); text != "" {
			fault("content", e.Seq, text)
		}
		if text := auditKey(e); text != "" {
			fault("entry", e.Seq, text)
		}
		if e.Erased() {
			r.Erased++
			gone = append(gone, e.Seq)
		}
		if e.Act.Kind == Erased {
			for _, seq := range e.Act.Names {
				erased[seq] = true
			}
		}
		if i == 0 {
			rules = s.Rules(e.Act.Procedure)
		}
		if rules == nil {
			fault("fold", e.Seq, "no published procedure "+e.Act.Procedure)
			return
		}
		if i == 0 && e.Act.Declared != rules.Procedure.Hash {
			fault("step", e.Seq, "the text of procedure "+e.Act.Procedure+" is not the one the matter began under")
		}
		if rules = s.auditEntry(m, &e.Act, rules, func(kind, text string) { fault(kind, e.Seq, text) }); rules == nil {
			return
		}
		m.add(&e.Act, &e.Content, s.ends)
	}
	for _, seq := range gone {
		if !erased[seq] {
			fault("content", seq, "the content is missing and no entry says that it was erased")
		}
	}
	if rules == nil {
		fault("fold", 0, "a matter without entries")
		return
	}
	m.keep(rules.Procedure)
	together.add(m, rules, func(text string) { fault("link", 0, text) })
	if text := differs(m, p, rules); text != "" {
		fault("fold", 0, text)
	}
}

func auditContent(e *Entry) string {
	if e.ContentBytes == nil && e.ContentSalt != nil {
		return "there is a content salt without content: erased content must not keep its salt"
	}
	if e.ContentBytes == nil {
		return ""
	}
	if e.ContentSalt == nil {
		return "the content's salt is missing"
	}
	c := ledger.ContentCommitment(*e.ContentSalt, e.ContentBytes)
	if e.Act.Content != hex.EncodeToString(c[:]) {
		return "the content or its salt was changed: the act commits to something else"
	}
	return ""
}

// differs says how the stored projection differs from the fold, or "".
func differs(m *Matter, p Projection, rules *Rules) string {
	want, err := m.Encode()
	if err != nil {
		return err.Error()
	}
	opened, _ := time.Parse(TimeFormat, m.Opened)
	switch {
	case !bytes.Equal(want, p.Doc):
		return "the matter as stored is not what its entries give"
	case p.Row.Procedure != m.Procedure, p.Row.State != m.State, p.Row.Unit != m.Unit, p.Row.Assignee != m.Assignee,
		p.Row.Version != m.Version, p.Row.Title != m.Title, p.Row.Open != (m.Ended == ""), p.Opened != opened.UnixMilli():
		return "the matter's row in the lists is not what its entries give"
	case p.Due != m.NextDue(rules.Location) || p.Wake != rules.Wake(m):
		return "the matter's place in the worklist is not what its clocks give"
	case !rules.mayStand(p.Provisional, m):
		return "the calendar that the matter's row names is not one by which its dates were looked at"
	}
	return ""
}
