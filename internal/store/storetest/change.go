package storetest

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"

	"golang.org/x/mod/sumdb/tlog"
)

// spec is what a test says of a matter; the rest is filled in.
type spec struct {
	unit, procedure, state, assignee, title string
	ended                                   bool
	due                                     time.Time // zero: no running clock
	lapsed                                  bool      // its lateness is recorded
	provisional                             string    // key of the calendar of its provisional dates
}

func (s spec) filled() spec {
	fill := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	fill(&s.unit, "u")
	fill(&s.procedure, "alpha@1")
	fill(&s.state, "lodged")
	fill(&s.title, "a title")
	return s
}

// lodge is the change that begins the n-th matter of 2026.
func lodge(t testing.TB, n int, s spec) *casework.Change {
	t.Helper()
	num, err := number.Format(2026, n)
	must(t, err)
	s = s.filled()
	at := dayOne().Add(time.Duration(n) * time.Second)
	act := casework.Act{V: 1, Matter: num, Seq: 1, Time: casework.FormatTime(at), Kind: casework.Lodged,
		Actor: casework.ActorRef{As: "resident"}, Procedure: s.procedure, State: s.state, Unit: s.unit, Assignee: s.assignee}
	return s.change(t, nil, act, casework.Content{Title: s.title, Parties: []casework.Party{{Role: "applicant", Name: "N"}}})
}

// step is the change that brings a matter to what s says, seen at version m.Version.
func step(t testing.TB, m *casework.Matter, s spec) *casework.Change {
	t.Helper()
	s = s.filled()
	act := casework.Act{V: 1, Matter: m.Number, Seq: m.Version + 1, Time: casework.FormatTime(dayOne().Add(time.Hour)), Kind: casework.Stepped,
		Step: "go", Actor: casework.ActorRef{As: "staff", Login: "clerk"}, State: s.state, Unit: s.unit, Assignee: s.assignee}
	return s.change(t, m, act, casework.Content{Title: s.title, Note: "a note"})
}

func (s spec) change(t testing.TB, before *casework.Matter, act casework.Act, content casework.Content) *casework.Change {
	t.Helper()
	e, err := casework.NewEntry(act, content)
	must(t, err)
	m := casework.Matter{Procedure: s.procedure, Opened: act.Time, Parties: content.Parties}
	c := &casework.Change{Matter: &m, Entry: e, Open: !s.ended, Due: casework.NoDue, Wake: casework.NoDue, Provisional: s.provisional}
	if before != nil {
		m = *before
		c.Expect = before.Version
		c.Before = &casework.Before{Unit: before.Unit, Procedure: before.Procedure, State: before.State, Open: before.Ended == ""}
	}
	m.Number, m.State, m.Unit, m.Assignee, m.Title = act.Matter, act.State, act.Unit, act.Assignee, content.Title
	m.Version, m.Changed, m.Ended = act.Seq, act.Time, ""
	if s.ended {
		m.Ended = act.Time
	}
	if !s.due.IsZero() {
		c.Due = s.due.UnixMilli()
		if !s.lapsed {
			c.Wake = c.Due
		}
	}
	if s.lapsed {
		m.Clocks = []casework.Clock{{Name: "work", Status: casework.Stopped, Lapsed: act.Time}}
	}
	c.Tokens = casework.SearchTokens(&m)
	return c
}

// add commits a new matter with the next number.
func (b *bench) add(t testing.TB, s spec) *casework.Matter {
	t.Helper()
	b.next++
	c := lodge(t, b.next, s)
	b.commit(t, c)
	return c.Matter
}

func (b *bench) commit(t testing.TB, c *casework.Change) casework.Committed {
	t.Helper()
	done, err := b.Commit(background(), c)
	must(t, err)
	return done
}

// verify checks that the answer proves the entry under the test's key.
func (b *bench) verify(t testing.TB, e *casework.Entry, done casework.Committed) ledger.Checkpoint {
	t.Helper()
	cp, err := ledger.OpenCheckpoint(done.Checkpoint, b.key.VerifierKey())
	must(t, err)
	leaf := ledger.LeafHash(Origin, e.Commitment)
	if err := tlog.CheckRecord(done.Proof, cp.Size, cp.Root, done.Index, leaf); err != nil {
		t.Errorf("leaf %d in a tree of %d: %v", done.Index, cp.Size, err)
	}
	return cp
}

func hash(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}
