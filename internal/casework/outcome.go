package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"

	"luoshi/internal/ledger"
	"luoshi/internal/number"

	"golang.org/x/mod/sumdb/tlog"
)

// Outcome is what a verb answers once its change is durable.
type Outcome struct {
	Matter   *Matter
	Entry    *Entry
	Receipt  *ledger.Receipt
	Opened   *Outcome   // the sub-matter that was opened with it; its receipt shows no content
	Each     []*Outcome // those that were opened at several units, likewise
	Code     string     // query code, shown once; empty unless one was issued
	Repeated bool       // the same request came before: this is the first answer again
}

// commit writes the change, with what it brings about in other matters, and builds the receipt with its proof.
func (s *Service) commit(ctx context.Context, c *Change) (*Outcome, error) {
	if err := s.tellWhole(ctx, c); err != nil {
		return nil, err
	}
	done, err := s.Store.Commit(ctx, c)
	if err != nil {
		return nil, err
	}
	out, err := s.outcome(c, done)
	if err != nil {
		return nil, err
	}
	return out, s.openedWith(out, c, done)
}

// openedWith adds to an outcome the sub-matters that were opened, which sealed puts first.
func (s *Service) openedWith(out *Outcome, c *Change, done Committed) error {
	n := len(c.Entry.Act.OpensEach)
	if c.Entry.Act.Opens != nil {
		n = 1
	}
	for i := range n {
		part, err := s.outcome(c.With[i], done.With[i])
		if err != nil {
			return err
		}
		part.Receipt = part.Receipt.WithoutContent()
		if c.Entry.Act.Opens != nil {
			out.Opened = part
			return nil
		}
		out.Each = append(out.Each, part)
	}
	return nil
}

func (s *Service) outcome(c *Change, done Committed) (*Outcome, error) {
	c.Entry.Index = done.Index
	r, err := s.receipt(c.Entry, done.Proof, done.Checkpoint)
	return &Outcome{Matter: c.Matter, Entry: c.Entry, Receipt: r}, err
}

func (s *Service) receipt(e *Entry, proof tlog.RecordProof, checkpoint []byte) (*ledger.Receipt, error) {
	in := ledger.Recorded{Act: e.ActBytes, ActSalt: e.Salt, Index: e.Index, Proof: proof, Checkpoint: checkpoint, Key: s.Key, Matter: e.Act.Matter}
	if e.ContentBytes != nil {
		in.Content, in.ContentSalt = e.ContentBytes, *e.ContentSalt
	}
	return ledger.NewReceipt(in)
}

// firstAnswer rebuilds what was answered when e was recorded: the matter as it was, the receipt against the
// checkpoint of its own transaction, the same query code.
func (s *Service) firstAnswer(ctx context.Context, e *Entry, key string) (*Outcome, error) {
	history, err := s.Store.Entries(ctx, e.Act.Matter)
	if err != nil {
		return nil, err
	}
	m, err := Fold(history[:e.Act.Seq], s.ends)
	if err != nil {
		return nil, err
	}
	rules, err := s.rulesOf(ctx, m)
	if err != nil {
		return nil, err
	}
	m.keep(rules.Procedure)
	r, err := s.receiptOf(ctx, e)
	if err != nil {
		return nil, err
	}
	out := &Outcome{Matter: m, Entry: e, Receipt: r, Repeated: true}
	if e.Act.Opens != nil {
		if out.Opened, err = s.opened(ctx, e.Act.Opens.Matter); err != nil {
			return nil, err
		}
	}
	for _, part := range e.Act.OpensEach {
		opened, err := s.opened(ctx, part.Matter)
		if err != nil {
			return nil, err
		}
		out.Each = append(out.Each, opened)
	}
	if e.Act.Kind == Lodged || e.Act.Kind == CodeIssued {
		code := s.deriveCode(e.Act.Matter, e.Act.Seq, key)
		if partyOf(m, code) != nil {
			out.Code = code
		}
	}
	return out, nil
}

// opened is what was answered about a sub-matter when it was opened.
func (s *Service) opened(ctx context.Context, num string) (*Outcome, error) {
	out, err := s.firstEntry(ctx, num)
	if err == nil {
		out.Receipt = out.Receipt.WithoutContent()
	}
	return out, err
}

// firstEntry is what was answered when a matter began.
func (s *Service) firstEntry(ctx context.Context, num string) (*Outcome, error) {
	e, err := s.Store.Entry(ctx, num, 1)
	if err != nil {
		return nil, err
	}
	m, err := Fold([]*Entry{e}, s.ends)
	if err != nil {
		return nil, err
	}
	r, err := s.receiptOf(ctx, e)
	if err != nil {
		return nil, err
	}
	return &Outcome{Matter: m, Entry: e, Receipt: r, Repeated: true}, nil
}

func (s *Service) receiptOf(ctx context.Context, e *Entry) (*ledger.Receipt, error) {
	size, checkpoint, err := s.Store.CheckpointAfter(ctx, e.Index)
	if err != nil {
		return nil, err
	}
	proof, err := s.Store.Prove(ctx, size, e.Index)
	if err != nil {
		return nil, err
	}
	return s.receipt(e, proof, checkpoint)
}

// deriveCode gives the query code for a new matter or a newly named party. It follows from this
// installation's secret and the caller's own idempotency key, so that a repeated request gets the same code
// again without the code being stored; without a key it is random.
func (s *Service) deriveCode(matter string, seq int, key string) string {
	if key == "" {
		return number.NewCode()
	}
	var w writer
	w.text("[", matter)
	w.number(",", seq)
	w.text(",", key)
	w.raw("]")
	b, _ := w.settled()
	return number.DeriveCode(s.secret, b)
}

// Subkey is a key of 32 bytes for one purpose, which follows from this installation's secret (HMAC-SHA-256,
// RFC 2104): the same on every node and after a restart, and nothing can be learnt from it of the others.
func (s *Service) Subkey(purpose string) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

// partyOf is the party whose query code it is, or nil. Every code of the matter is compared, each in
// constant time.
func partyOf(m *Matter, code string) *PartyRef {
	var found *PartyRef
	for i := range m.Roles {
		if p := &m.Roles[i]; p.Code != "" && number.CodeEqual(p.Code, m.Number, code) {
			found = p
		}
	}
	return found
}
