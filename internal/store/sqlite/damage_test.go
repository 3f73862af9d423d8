package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
	"luoshi/internal/store/sqlite"
	"luoshi/internal/store/storetest"
)

// one reads one integer.
func (a *auditor) one(t *testing.T, query string) int64 {
	t.Helper()
	var n int64
	if err := a.raw.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (a *auditor) numberOf(t *testing.T, index int64) string {
	t.Helper()
	id := a.one(t, fmt.Sprint("SELECT matter FROM entry WHERE idx = ", index))
	num, err := number.Format(int(id/1e8), int(id%1e8))
	if err != nil {
		t.Fatal(err)
	}
	return num
}

// damage does what somebody with access to the disk could do, cleverly, and asks audit.
func damage(t *testing.T, path, vkey string) {
	const last = "(SELECT max(idx) FROM entry)"
	for _, c := range []struct {
		name  string
		sql   []string
		kinds string // of faults that must be there
		hit   int64  // leaf whose matter must be named; -1: none
	}{
		{"an entry is missing", []string{"DELETE FROM entry WHERE idx = 300"}, "order fold checkpoint tile", 300},
		{"the newest entry is missing", []string{"DELETE FROM entry WHERE idx = " + last}, "log", -1},
		{"two entries changed places", []string{"UPDATE entry SET idx = -1 WHERE idx = 100", "UPDATE entry SET idx = 100 WHERE idx = 101", "UPDATE entry SET idx = 101 WHERE idx = -1"},
			"checkpoint tile", -1},
		{"an entry was given to another matter", []string{"UPDATE entry SET matter = (SELECT matter FROM entry WHERE idx = " + last + "), seq = 900 WHERE idx = 310"}, "order fold", 310},
		{"the newest checkpoint is missing", []string{"DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)"}, "checkpoint", -1},
		{"all checkpoints are missing", []string{"DELETE FROM checkpoint"}, "checkpoint", -1},
		{"a tile is missing", []string{"DELETE FROM tile WHERE level = 0 AND idx = 1"}, "tile", -1},
		{"a tile too many", []string{"INSERT INTO tile SELECT 0, 77, data FROM tile LIMIT 1"}, "tile", -1},
		{"two tiles changed places", []string{"UPDATE tile SET data = (SELECT data FROM tile t WHERE t.idx = 1 - tile.idx AND t.level = 0) WHERE level = 0 AND idx < 2"}, "tile", -1},
		{"a matter is missing", []string{"DELETE FROM matter WHERE id = (SELECT matter FROM entry WHERE idx = 320)"}, "fold count", 320},
		{"a matter too many", []string{"INSERT INTO matter SELECT 299900000001, procedure, state, open, unit, assignee, version, opened, due, wake, title, doc, provisional, ended, late FROM matter LIMIT 1"}, "fold count", -1},
		{"content was removed without a word", []string{"UPDATE entry SET content = NULL, content_salt = NULL WHERE idx = 330"}, "content", 330},
		{"content was replaced with its salt", []string{"UPDATE entry SET content = o.content, content_salt = o.content_salt FROM (SELECT content, content_salt FROM entry WHERE idx = 341) o WHERE idx = 340"}, "content", 340},
		{"content was put where there was none", []string{"UPDATE entry SET content = '{}', content_salt = salt WHERE idx = (SELECT min(idx) FROM entry WHERE content IS NULL)"}, "content", -1},
		{"a lateness was taken out of the row", []string{"UPDATE matter SET wake = due WHERE wake <> due"}, "fold", -1},
		{"a lateness was taken out of the overview", []string{"UPDATE matter SET late = 0 WHERE late <> 0"}, "fold", -1},
		{"the time of an end was changed", []string{"UPDATE matter SET ended = ended + 1 WHERE ended <> 0"}, "fold", -1},
		{"a count is missing", []string{"DELETE FROM tally WHERE n = (SELECT max(n) FROM tally)"}, "count", -1},
		{"a count too many", []string{"INSERT INTO tally VALUES ('t9', 'probe@1', 'working', 1, 3)"}, "count", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAuditor(t, copyOf(t, path), vkey)
			matter := ""
			if c.hit >= 0 {
				matter = a.numberOf(t, c.hit)
			}
			a.raw.SetMaxOpenConns(1)
			for _, q := range c.sql {
				if _, err := a.raw.Exec(q); err != nil {
					t.Fatal(err)
				}
			}
			wantFaults(t, a.audit(t, nil), c.kinds, matter)
		})
	}
	t.Run("the file itself is damaged", func(t *testing.T) { torn(t, copyOf(t, path), vkey) })
	t.Run("an entry was forged and appended", func(t *testing.T) { forged(t, newAuditor(t, copyOf(t, path), vkey)) })
}

func wantFaults(t *testing.T, r *casework.AuditReport, kinds, matter string) {
	t.Helper()
	if r.OK {
		t.Fatal("audit is green")
	}
	for _, kind := range strings.Fields(kinds) {
		if !slices.ContainsFunc(r.Faults, func(f casework.Fault) bool { return f.Kind == kind && f.Text != "" }) {
			t.Errorf("no fault of kind %s among %+v", kind, r.Faults[:min(5, len(r.Faults))])
		}
	}
	if matter != "" && !slices.ContainsFunc(r.Faults, func(f casework.Fault) bool { return f.Matter == matter }) {
		t.Errorf("%s is not named: %+v", matter, r.Faults[:min(5, len(r.Faults))])
	}
	if len(r.Faults) > 700 {
		t.Errorf("one damage gives %d faults", len(r.Faults))
	}
}

// torn overwrites the middle of every page of an index.
func torn(t *testing.T, path, vkey string) {
	raw := openRaw(t, path)
	var root, size int64
	if err := raw.QueryRow("SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = 'matter_place'").Scan(&root, &size); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte{0x5a}, 200), (root-1)*size+size-300); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	wantFaults(t, newAuditor(t, path, vkey).audit(t, nil), "database", "")
}

// forged appends a well-formed entry, with all its hashes right, and brings the matter's row in line: only
// the signature is missing.
func forged(t *testing.T, a *auditor) {
	num := a.numberOf(t, 400)
	history, err := a.Store.Entries(t.Context(), num)
	if err != nil {
		t.Fatal(err)
	}
	act := history[len(history)-1].Act
	act.Seq, act.Kind, act.Step, act.Clocks, act.Parties, act.Procedure, act.Content = act.Seq+1, casework.CodeIssued, "", nil, nil, "", ""
	e, err := casework.NewEntry(act, casework.Content{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.raw.Exec(`INSERT INTO entry (idx, matter, seq, act, salt, commitment)
		SELECT max(idx) + 1, (SELECT matter FROM entry WHERE idx = 400), ?, ?, ?, ? FROM entry`, act.Seq, e.ActBytes, e.Salt[:], e.Commitment[:])
	if err != nil {
		t.Fatal(err)
	}
	wantFaults(t, a.audit(t, nil), "checkpoint fold", num)
}

func cutBack(t *testing.T, path, early, vkey string) {
	now, then := newAuditor(t, copyOf(t, path), vkey), newAuditor(t, copyOf(t, early), vkey)
	newest, err := now.Store.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	older, err := then.Store.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := then.audit(t, nil); !r.OK {
		t.Errorf("an older copy alone: %+v", r.Faults)
	}
	for _, since := range [][]byte{older, newest} {
		if r := now.audit(t, since); !r.OK {
			t.Errorf("the log continues what was signed: %+v", r.Faults)
		}
	}
	wantFaults(t, then.audit(t, newest), "log", "")
	stranger, err := storetest.NewKey(t).SignCheckpoint(storetest.Origin, 1, ledger.LeafHash(storetest.Origin, ledger.Hash{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, since := range [][]byte{stranger, []byte("no checkpoint"), {}} {
		wantFaults(t, now.audit(t, since), "log", "")
	}
	// An audit with another key trusts nothing that was signed.
	now.vkey = storetest.NewKey(t).VerifierKey()
	wantFaults(t, now.audit(t, nil), "checkpoint", "")
}

// notOpened: who writes to a damaged log would sign the damage.
func notOpened(t *testing.T, path string, key *ledger.Key) {
	for name, q := range map[string]string{
		"an entry is missing":      "DELETE FROM entry WHERE idx = (SELECT max(idx) FROM entry)",
		"a checkpoint is missing":  "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)",
		"a commitment was changed": "UPDATE entry SET commitment = salt WHERE idx = (SELECT max(idx) FROM entry)",
		"":                         "SELECT 1",
	} {
		mine := copyOf(t, path)
		if _, err := openRaw(t, mine).Exec(q); err != nil {
			t.Fatal(err)
		}
		s, err := sqlite.Open(t.Context(), sqlite.Options{Path: mine})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		err = s.Seal(t.Context(), key)
		switch {
		case name == "" && err != nil:
			t.Errorf("nothing was changed: %v", err)
		case name != "" && (err == nil || !strings.Contains(err.Error(), "luoshi audit")):
			t.Errorf("%s: sealing answers %v", name, err)
		}
	}
}
