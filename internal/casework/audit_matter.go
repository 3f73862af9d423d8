package casework

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"luoshi/internal/ledger"
)

// auditMatters reads matters with their histories, one after the other, and has each checked beside the reading.
func (s *Service) auditMatters(ctx context.Context, v Snapshot, files *fileAudit, r *AuditReport) error {
	h := newHistories(ctx, v)
	defer h.stop()
	counts, together := map[Count]int64{}, newLinks()
	var read AuditReport // what the reading itself finds
	checks := s.beginChecks(together, files)
	stray := func() {
		read.fault(Fault{Kind: "fold", Matter: h.next.Number, Entry: h.next.Seq, Text: "an entry of a matter that is not there"})
		h.step()
	}
	err := v.Matters(ctx, func(p Projection) error {
		for h.more && h.next.ID < p.ID {
			stray()
		}
		var entries []Stored
		for h.more && h.next.ID == p.ID {
			entries = append(entries, h.next)
			h.step()
		}
		r.Matters++
		counts[Count{Unit: p.Row.Unit, Procedure: p.Row.Procedure, State: p.Row.State, Open: p.Row.Open}]++
		checks.work <- history{p, entries}
		return nil
	})
	for h.more {
		stray()
	}
	checks.end(r, &read)
	if err := errors.Join(err, h.err); err != nil {
		return err
	}
	together.check(r)
	return auditCounts(ctx, v, counts, r)
}

// history is a matter as stored, with all its entries.
type history struct {
	matter  Projection
	entries []Stored
}

// checks are the workers that check matters, each on its own.
type checks struct {
	work    chan history
	workers sync.WaitGroup
	reports []AuditReport // of each worker
}

func (s *Service) beginChecks(together *links, files *fileAudit) *checks {
	n := runtime.GOMAXPROCS(0)
	c := &checks{work: make(chan history, 4*n), reports: make([]AuditReport, n)}
	for i := range c.reports {
		c.workers.Go(func() {
			for h := range c.work {
				s.auditMatter(h.matter, h.entries, together, files, &c.reports[i])
			}
		})
	}
	return c
}

// end waits for the workers and adds what they and the reading found, in the order of the matters.
func (c *checks) end(r, read *AuditReport) {
	close(c.work)
	c.workers.Wait()
	all := read.Faults
	r.More += read.More
	for _, found := range c.reports {
		all = append(all, found.Faults...)
		r.More += found.More
		r.Erased += found.Erased
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return strings.Compare(a.Matter, b.Matter) })
	for _, f := range all {
		r.fault(f)
	}
}

// auditMatter folds the history anew, checking every content, step and clock on the way, and compares the
// result with the stored projection.
func (s *Service) auditMatter(p Projection, entries []Stored, together *links, files *fileAudit, r *AuditReport) {
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
		files.entry(e, fault)
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
		m.mark(&e.Act, rules.Procedure)
		if rules = s.auditEntry(m, &e.Act, rules, func(kind, text string) { fault(kind, e.Seq, text) }); rules == nil {
			return
		}
		m.add(&e.Act, &e.Content, s.ends)
		s.list(m, &e.Act, rules)
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
	together.add(m, s.Rules, func(text string) { fault("link", 0, text) })
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
		p.Row.Version != m.Version, p.Row.Title != m.Title, p.Row.Open != (m.Ended == ""), p.Opened != opened.UnixMilli(),
		p.Ended != m.EndedAt(), p.Late != m.LateAt():
		return "the matter's row in the lists is not what its entries give"
	case p.Due != m.NextDue(rules.Location) || p.Wake != rules.Wake(m):
		return "the matter's place in the worklist is not what its clocks give"
	case !rules.mayStand(p.Provisional, m):
		return "the calendar that the matter's row names is not one by which its dates were looked at"
	}
	return ""
}
