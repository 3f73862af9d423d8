package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/number"
	"luoshi/internal/store/postgres"
	"luoshi/internal/store/storetest"
)

func (a *auditor) numberOf(t *testing.T, index int64) string {
	t.Helper()
	var id int64
	if err := a.raw.QueryRow(t.Context(), "SELECT matter FROM entry WHERE idx = $1", index).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return number.OfID(id)
}

// damage does what somebody with all rights in the database could do, cleverly, and asks audit.
func damage(t *testing.T, a *auditor) {
	const last = "(SELECT max(idx) FROM entry)"
	for _, c := range []struct {
		name  string
		sql   string
		kinds string // of faults that must be there
		hit   int64  // leaf whose matter must be named; -1: none
	}{
		{"an entry is missing", "DELETE FROM entry WHERE idx = 300", "order fold checkpoint tile", 300},
		{"the newest entry is missing", "DELETE FROM entry WHERE idx = " + last, "log database", -1},
		{"the newest entry is missing and the head says so", "DELETE FROM entry WHERE idx = " + last + "; UPDATE log SET size = size - 1", "log", -1},
		{"two entries changed places", "UPDATE entry SET idx = -1 WHERE idx = 100; UPDATE entry SET idx = 100 WHERE idx = 101; UPDATE entry SET idx = 101 WHERE idx = -1",
			"checkpoint tile", -1},
		{"an entry was given to another matter", "UPDATE entry SET matter = (SELECT matter FROM entry WHERE idx = " + last + "), seq = 900 WHERE idx = 310", "order fold", 310},
		{"the newest checkpoint is missing", "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)", "checkpoint", -1},
		{"all checkpoints are missing", "DELETE FROM checkpoint", "checkpoint", -1},
		{"a tile is missing", "DELETE FROM tile WHERE level = 0 AND idx = 1", "tile", -1},
		{"a tile too many", "INSERT INTO tile SELECT log, 0, 77, data FROM tile LIMIT 1", "tile", -1},
		{"two tiles changed places", "UPDATE tile SET data = (SELECT data FROM tile t WHERE t.idx = 1 - tile.idx AND t.level = 0) WHERE level = 0 AND idx < 2", "tile", -1},
		{"a matter is missing", "DELETE FROM matter WHERE id = (SELECT matter FROM entry WHERE idx = 320)", "fold count", 320},
		{"a matter too many", "INSERT INTO matter SELECT log, 299900000001, procedure, state, open, unit, assignee, version, opened, due, wake, title, doc, provisional, ended, late FROM matter LIMIT 1", "fold count", -1},
		{"content was removed without a word", "UPDATE entry SET content = NULL, content_salt = NULL WHERE idx = 330", "content", 330},
		{"content was replaced with its salt", "UPDATE entry SET content = o.content, content_salt = o.content_salt FROM (SELECT content, content_salt FROM entry WHERE idx = 341) o WHERE idx = 340", "content", 340},
		{"content was put where there was none", "UPDATE entry SET content = '{}', content_salt = salt WHERE idx = (SELECT min(idx) FROM entry WHERE content IS NULL)", "content", -1},
		{"a lateness was taken out of the row", "UPDATE matter SET wake = due WHERE wake <> due", "fold", -1},
		{"a lateness was taken out of the overview", "UPDATE matter SET late = 0 WHERE late <> 0", "fold", -1},
		{"the time of an end was changed", "UPDATE matter SET ended = ended + 1 WHERE ended <> 0", "fold", -1},
		{"a count is missing", "DELETE FROM tally WHERE n = (SELECT max(n) FROM tally)", "count", -1},
		{"a count too many", "INSERT INTO tally VALUES (1, 't9', 'probe@1', 'working', true, 3, 0)", "count", -1},
		{"the head says more than there is", "UPDATE log SET size = size + 1", "database", -1},
		{"the head is missing", "DELETE FROM log", "database", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			matter := ""
			if c.hit >= 0 {
				matter = a.numberOf(t, c.hit)
			}
			for q := range strings.SplitSeq(c.sql, ";") {
				a.exec(t, q)
			}
			wantFaults(t, a.audit(t, nil), c.kinds, matter)
			a.restore(t)
		})
	}
	t.Run("an index was left unfinished", func(t *testing.T) {
		a.exec(t, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'matter_place'::regclass")
		wantFaults(t, a.audit(t, nil), "database", "")
		a.exec(t, "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'matter_place'::regclass")
	})
	t.Run("an entry was forged and appended", func(t *testing.T) { forged(t, a) })
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

// forged appends a well-formed entry, with all its hashes right: only the signature is missing.
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
	a.exec(t, `INSERT INTO entry (log, idx, matter, seq, act, salt, commitment)
		SELECT 1, max(idx) + 1, (SELECT matter FROM entry WHERE idx = 400), $1, $2, $3, $4 FROM entry`, act.Seq, e.ActBytes, e.Salt[:], e.Commitment[:])
	a.exec(t, "UPDATE log SET size = size + 1")
	wantFaults(t, a.audit(t, nil), "checkpoint fold", num)
	a.restore(t)
}

func cutBack(t *testing.T, a *auditor) {
	newest, err := a.Store.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := a.audit(t, newest); !r.OK {
		t.Errorf("the log continues what was signed: %+v", r.Faults)
	}
	stranger, err := storetest.NewKey(t).SignCheckpoint(storetest.Origin, 1, ledger.LeafHash(storetest.Origin, ledger.Hash{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, since := range [][]byte{stranger, []byte("no checkpoint"), {}} {
		wantFaults(t, a.audit(t, since), "log", "")
	}
	// Cut back whole, with matters and counts: only the newer checkpoint, kept outside, knows.
	a.exec(t, "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)")
	a.exec(t, "DELETE FROM entry WHERE idx >= (SELECT max(size) FROM checkpoint)")
	a.exec(t, "UPDATE log SET size = (SELECT max(size) FROM checkpoint)")
	wantFaults(t, a.audit(t, newest), "log", "")
	a.restore(t)
	trusted := a.vkey // an audit with another key trusts nothing that was signed
	a.vkey = storetest.NewKey(t).VerifierKey()
	wantFaults(t, a.audit(t, nil), "checkpoint", "")
	a.vkey = trusted
}

// notSealed: who writes to a damaged log would sign the damage.
func notSealed(t *testing.T, a *auditor, address string, key *ledger.Key) {
	for name, q := range map[string]string{
		"an entry is missing":      "DELETE FROM entry WHERE idx = (SELECT max(idx) FROM entry)",
		"a checkpoint is missing":  "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)",
		"a commitment was changed": "UPDATE entry SET commitment = salt WHERE idx = (SELECT max(idx) FROM entry)",
		"a tile is missing":        "DELETE FROM tile WHERE level = 0",
		"the head says less":       "UPDATE log SET size = size - 1",
		"":                         "SELECT 1",
	} {
		a.exec(t, q)
		s, err := postgres.Open(t.Context(), postgres.Options{URL: address})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Seal(t.Context(), key)
		switch {
		case name == "" && err != nil:
			t.Errorf("nothing was changed: %v", err)
		case name != "" && (err == nil || !strings.Contains(err.Error(), "luoshi audit")):
			t.Errorf("%s: sealing answers %v", name, err)
		}
		s.Close()
		a.restore(t)
	}
}
