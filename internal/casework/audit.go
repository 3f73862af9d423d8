package casework

import (
	"bytes"
	"context"
	"fmt"

	"luoshi/internal/ledger"

	"golang.org/x/mod/sumdb/tlog"
)

// Fault is one thing audit found wrong.
type Fault struct {
	Kind   string `json:"kind"` // entry, content, order, tile, checkpoint, fold, clock, step, link, count, file, log, database
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
	Files   int64   `json:"files"`
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
		files, err := readFiles(ctx, v, r)
		if err != nil {
			return err
		}
		if err := s.auditMatters(ctx, v, files, r); err != nil {
			return err
		}
		files.rest(r)
		return nil
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
