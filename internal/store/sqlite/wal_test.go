package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/store/storetest"
)

// A long reading holds up the emptying of the write-ahead log after an erasure; when the reading ends, what was
// erased is gone from there too, without another erasure and without the end of the process.
func TestErasedWordsLeaveTheWriteAheadLogAfterALongReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	var s *Store
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s = openAt(t, path, key)
		return s
	})
	l := d.Example(t, "probe", "t1")
	l.Title, l.Fields["facts"] = "zqtitle", "zqfacts"
	out, err := d.Lodge(t.Context(), office.Actor{Resident: true}, l, "")
	if err != nil {
		t.Fatal(err)
	}
	actor := func(login string) office.Actor { return office.Actor{Account: d.Staff().Accounts[login]} }
	d.Take(t, actor("clerk@t1"), out.Matter.Number, "finish")
	err = s.Snapshot(t.Context(), func(casework.Snapshot) error { // the long reading
		_, err := d.Erase(t.Context(), actor("head@t1"), out.Matter.Number, "a rule")
		if err == nil && !holds(t, path+"-wal", "zqfacts") {
			t.Error("the reading did not hold up anything: the test shows nothing")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(truncateAgain + 5*time.Second)
	for holds(t, path+"-wal", "zqfacts") || holds(t, path+"-wal", "zqtitle") {
		if time.Now().After(deadline) {
			t.Fatal("the write-ahead log still holds what was erased")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func holds(t *testing.T, file, word string) bool {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b, []byte(word))
}

// Under a long load the log is written back beside the writer and begins anew, so that it stays short.
func TestTheWriteAheadLogStaysShortUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("writes some hundred megabytes")
	}
	path := filepath.Join(t.TempDir(), "a.db")
	s := openAt(t, path, newKey(t))
	text := bytes.Repeat([]byte("x"), 1<<20)
	for i := range 300 {
		if err := s.PutProcedure(t.Context(), string(rune('a'+i%26))+string(rune('a'+i/26))+"@1", casework.Published{Source: text}); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if most := int64(2 * writeBackAt * 4096); info.Size() > most {
		t.Errorf("after 300 MB the log has %d MB, at most %d were expected", info.Size()>>20, most>>20)
	}
}
