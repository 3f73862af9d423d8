package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"luoshi/internal/ledger"
)

// answered is one acknowledged entry.
type answered struct {
	ID, Index int64
	Micros    int64
	Counted   bool // answered within the measured time
}

// receipt is a whole answer, kept to be checked against the log afterwards.
type receipt struct {
	Index      int64
	Leaf       tlog.Hash
	Proof      []tlog.Hash
	Checkpoint []byte
}

// keepEvery is how many answers there are to one that is kept whole.
const keepEvery = 61

// result is what a node's clients saw.
type result struct {
	Answers  []answered
	Receipts []receipt
	Err      string
}

// load lets the node's clients write as fast as they are answered, each one entry at a time.
func (n *node) load() result {
	began := time.Now()
	from := began.Add(n.Warmup)
	to := from.Add(n.Duration)
	results := make([]result, n.Clients)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() { results[i] = n.client(i, from, to) })
	}
	wg.Wait()
	var all result
	for _, r := range results {
		all.Answers = append(all.Answers, r.Answers...)
		all.Receipts = append(all.Receipts, r.Receipts...)
		all.Err += r.Err
	}
	return all
}

func (n *node) client(number int, from, to time.Time) (r result) {
	filling := make([]byte, 200) // 400 bytes in the act
	rand.Read(filling)
	reply := make(chan answer, 1)
	for i := int64(0); time.Now().Before(to); i++ {
		began := time.Now()
		e := newEntry(int64(n.Node)<<48|int64(number)<<32|i, filling)
		e.answer = reply
		n.queue <- e
		a := <-reply
		var proof tlog.RecordProof
		if a.edge != nil {
			var err error
			if proof, err = a.edge.Prove(a.index); err != nil {
				r.Err = fmt.Sprintf("entry %d has no proof: %v\n", e.id, err)
				return r
			}
		}
		ended := time.Now()
		counted := ended.After(from) && ended.Before(to)
		r.Answers = append(r.Answers, answered{ID: e.id, Index: a.index, Micros: ended.Sub(began).Microseconds(), Counted: counted})
		if proof != nil && i%keepEvery == 0 {
			r.Receipts = append(r.Receipts, receipt{Index: a.index, Leaf: e.leaf, Proof: proof, Checkpoint: a.checkpoint})
		}
	}
	return r
}

// newEntry makes an act of about 500 bytes and commits to it, which a client of the product does too before
// the one writer sees it.
func newEntry(id int64, filling []byte) *entry {
	filling[id%int64(len(filling))]++
	act := fmt.Appendf(make([]byte, 0, 512), `{"id":"%016x","seq":1,"kind":"step","step":"lodge","time":"2026-03-02T08:00:00.000Z","unit":"330106","text":"`, id)
	act = hex.AppendEncode(act, filling)
	act = append(act, '"', '}')
	e := &entry{id: id, act: act, salt: ledger.NewSalt()}
	e.commitment = ledger.LeafCommitment(e.salt, ledger.EntryHash(act))
	e.leaf = ledger.LeafHash(origin, e.commitment)
	return e
}
