package storetest

import (
	"context"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
)

// Opener opens a fresh, empty store, sealed with the key, and closes it when the test ends.
type Opener func(t testing.TB, key *ledger.Key) casework.Store

// Origin is the log's name in these tests.
const Origin = "storetest.invalid/log"

// NewKey makes a signing key for Origin.
func NewKey(t testing.TB) *ledger.Key {
	t.Helper()
	key, err := ledger.NewKey(Origin)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Run tries every method of casework.Store against its contract. Each test opens a store of its own.
func Run(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *bench)
	}{
		{"commit/a new matter is durable and its proof verifies", commitNew},
		{"commit/the stored version decides who wins", commitVersions},
		{"commit/a number is given once", commitTaken},
		{"commit/an idempotency key is used once", commitKey},
		{"commit/a refused change leaves no trace", commitRefused},
		{"commit/two changes of one matter at once: one wins", commitRace},
		{"commit/64 writers give a log without gaps", commitMany},
		{"commit/changes of several matters are written together", togetherAll},
		{"commit/one part that is refused refuses all", togetherRefused},
		{"commit/a group with no one order is refused", togetherMalformed},
		{"commit/groups of one matter at once: one wins, others do not suffer", togetherRace},
		{"commit/erasing removes content and salt only", commitErase},
		{"entry/histories are oldest first", entriesInOrder},
		{"entry/absent ones are not found", entriesAbsent},
		{"log/tiles, leaves and checkpoints agree", logReads},
		{"log/what is not there is not found", logAbsent},
		{"list/filters", listFilters},
		{"list/scopes", listScopes},
		{"list/words", listWords},
		{"list/a page marker that is none is refused", listBadCursor},
		{"list/paging gives every row once while rows are added", listPaging},
		{"list/a common word in a narrow scope", listNarrow},
		{"list/a common word where few are asked for", listFew},
		{"list/counts follow every change", countsFollow},
		{"list/random questions get the answers of a naive filter", listProperty},
		{"survey/what is committed while the numbers are read is counted once", surveyFollows},
		{"matter/the worker is told what is next, of ended matters too", wakes},
		{"matter/provisional dates are found by their calendar", provisional},
		{"calendar/versions are kept, and each place is given once", calendarVersions},
		{"matter/several are read at once", mattersAtOnce},
		{"matter/serials of a year are given once", serialsOnce},
		{"staff/units", units},
		{"staff/accounts", accounts},
		{"staff/sessions end", sessions},
		{"desk/worklists are kept for each account", worklists},
		{"desk/texts for replies are kept for each unit", replies},
		{"desk/drafts are kept for each unit, and of two who write one wins", drafts},
		{"desk/one calendar address for each account", feeds},
		{"file/is kept as it was sent, whole or not at all", filesKept},
		{"file/one entry comes to name it", filesOnce},
		{"file/of two entries that name it at once one wins", filesRace},
		{"file/what nobody hands in is removed", filesExpire},
		{"file/erased with the last matter that uses it", filesErased},
		{"disclosure/one per matter, login and day", disclosures},
		{"procedure/sources are kept as they are", procedureSources},
		{"meta/settings", meta},
		{"watch/units of a change are told after its commit", watchChanges},
		{"watch/staff and procedures are told of", watchStaff},
		{"watch/a slow watcher hears all, and holds up nobody", watchSlow},
		{"watch/it ends with its context", watchEnds},
		{"audit/a snapshot holds everything and stands still", snapshot},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newBench(t, open)) })
	}
}

// bench is an open store with its key.
type bench struct {
	casework.Store
	key  *ledger.Key
	next int
}

func newBench(t testing.TB, open Opener) *bench {
	t.Helper()
	key := NewKey(t)
	return &bench{Store: open(t, key), key: key}
}

// background is the context of everything that must succeed.
func background() context.Context { return context.Background() }

// dayOne is a Monday morning in Shanghai.
func dayOne() time.Time { return time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
