package listing

import (
	"context"
	"math"
	"slices"
	"sync"

	"luoshi/internal/casework"
)

// Board is what a store knows in memory of every open matter, and of those that ended lately: where it stands, who has
// it, when it runs out. It answers in some milliseconds what no index can: how many matters of any set of units are
// late, nobody's or due today, and which. It takes 50 bytes for a matter, and as much again for finding it by number.
//
// Its zero value knows nothing and takes nothing up until Load was called. It may be used by many at once.
type Board struct {
	loading sync.Mutex // held by the one that loads

	mu      sync.RWMutex
	cards   *cards // nil before the first Load
	filling bool   // cards that are put meanwhile wait
	waiting []Card
}

// Card is a matter on the board. Times are in milliseconds since 1970; Ended and Late are 0 when they are not.
type Card struct {
	ID int64
	Place
	Assignee                 string
	Due, Opened, Ended, Late int64
}

// CardOf is the card of a matter as a change leaves it.
func CardOf(id int64, ch *casework.Change) Card {
	m := ch.Matter
	return Card{ID: id, Place: Place{Unit: m.Unit, Procedure: m.Procedure, State: m.State, Open: ch.Open}, Assignee: m.Assignee,
		Due: ch.Due, Opened: m.OpenedAt(), Ended: m.EndedAt(), Late: m.LateAt()}
}

// Ready reports whether the board has every open matter and all that ended from a moment on.
func (b *Board) Ready(since int64) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.cards != nil && b.cards.since <= since
}

// Load fills the board, unless it is Ready: read gives every open matter and all that ended from a moment on, at or
// before the one that is asked for, all as of one moment after the call of Load. What is put meanwhile is taken over
// when read is done.
func (b *Board) Load(ctx context.Context, since int64, read func(ctx context.Context, since int64, put func(Card)) error) error {
	b.loading.Lock()
	defer b.loading.Unlock()
	if b.Ready(since) {
		return nil
	}
	b.fill(true)
	since -= spare
	fresh := newCards(since)
	err := read(ctx, since, fresh.put)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		for _, c := range b.waiting {
			fresh.put(c)
		}
		b.cards = fresh
	}
	b.filling, b.waiting = false, nil
	return err
}

func (b *Board) fill(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.filling = on
}

// Put takes up matters as they stand now. It costs next to nothing before the first Load.
func (b *Board) Put(n int, card func(i int) Card) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cards == nil && !b.filling {
		return
	}
	for i := range n {
		c := card(i)
		if b.cards != nil {
			b.cards.put(c)
		}
		if b.filling {
			b.waiting = append(b.waiting, c)
		}
	}
}

// chunk is how many cards are kept in one piece, so that none is ever copied.
const chunk = 1 << 13

// cards are the matters themselves.
type cards struct {
	since  int64
	chunks [][]card
	at     map[int64]int32 // by ID

	units, procedures, states, people names
}

// card is a Card of 48 bytes without pointers, which the garbage collector need not look into.
type card struct {
	id, due                   int64
	opened, ended, late       uint32 // seconds since 1970; a period begins with a whole second
	unit, procedure, assignee int32
	state                     int16
	open                      bool
}

func newCards(since int64) *cards { return &cards{since: since, at: map[int64]int32{}} }

func (s *cards) put(c Card) {
	n := card{id: c.ID, due: c.Due, opened: seconds(c.Opened), ended: seconds(c.Ended), late: seconds(c.Late), unit: s.units.of(c.Unit),
		procedure: s.procedures.of(c.Procedure), assignee: s.people.of(c.Assignee), state: int16(s.states.of(c.State)), open: c.Open}
	if i, known := s.at[c.ID]; known {
		s.chunks[i/chunk][i%chunk] = n
		return
	}
	if k := len(s.chunks); k == 0 || len(s.chunks[k-1]) == chunk {
		s.chunks = append(s.chunks, make([]card, 0, chunk))
	}
	k := len(s.chunks) - 1
	s.at[c.ID] = int32(k*chunk + len(s.chunks[k]))
	s.chunks[k] = append(s.chunks[k], n)
}

func seconds(ms int64) uint32 { return uint32(min(max(ms/1000, 0), math.MaxUint32)) }

// names gives each text a small number, in the order in which they came.
type names struct {
	list []string
	at   map[string]int32
}

func (n *names) of(text string) int32 {
	i, known := n.at[text]
	if !known {
		if n.at == nil {
			n.at = map[string]int32{}
		}
		i = int32(len(n.list))
		n.at[text], n.list = i, append(n.list, text)
	}
	return i
}

// find is the number of a text, or -1.
func (n *names) find(text string) int32 { return int32(slices.Index(n.list, text)) }

// marks asks once for each of the names.
func (n *names) marks(is func(string) bool) []bool {
	out := make([]bool, len(n.list))
	for i, text := range n.list {
		out[i] = is(text)
	}
	return out
}
