package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luoshi/internal/ledger"
)

func wantRefusal(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("it was opened")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func TestOpenRefusesAndSaysWhatToDo(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	t.Run("a second opening is told that the file is in use", func(t *testing.T) {
		s := openAt(t, path("used.db"), newKey(t))
		_, err := Open(ctx, Options{Path: path("used.db")})
		wantRefusal(t, err, "used.db", "another process is writing to this database; stop it first")
		if _, err := s.Size(ctx); err != nil {
			t.Errorf("the first one no longer works: %v", err)
		}
		s.Close()
		openAt(t, path("used.db"), s.committer.key).Close()
	})
	t.Run("a file that is no database", func(t *testing.T) {
		text := bytes.Repeat([]byte("these are not the bytes of a database\n"), 100)
		if err := os.WriteFile(path("letter.txt"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(ctx, Options{Path: path("letter.txt")})
		wantRefusal(t, err, "letter.txt is not a SQLite database; name another file")
		if got, _ := os.ReadFile(path("letter.txt")); !bytes.Equal(got, text) {
			t.Error("the file was changed")
		}
	})
	t.Run("a folder that is not there", func(t *testing.T) {
		_, err := Open(ctx, Options{Path: path("missing/luoshi.db")})
		wantRefusal(t, err, "missing/luoshi.db", "cannot be opened", "does its folder exist")
		_, err = Open(ctx, Options{Path: path("missing/luoshi.db"), ReadOnly: true})
		wantRefusal(t, err, "missing/luoshi.db", "does it exist")
	})
	t.Run("a schema of a newer program", func(t *testing.T) {
		openAt(t, path("newer.db"), newKey(t)).Close()
		if _, err := raw(t, path("newer.db")).Exec("PRAGMA user_version = 999"); err != nil {
			t.Fatal(err)
		}
		for _, readOnly := range []bool{false, true} {
			_, err := Open(ctx, Options{Path: path("newer.db"), ReadOnly: readOnly})
			wantRefusal(t, err, "newer.db", "schema 999", "use a newer program")
		}
	})
	t.Run("a key of another log", func(t *testing.T) {
		openAt(t, path("sealed.db"), newKey(t)).Close()
		s, err := Open(ctx, Options{Path: path("sealed.db")})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		other, err := ledger.NewKey("other.invalid/log")
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, s.Seal(ctx, other), "sqlite.invalid/log", "other.invalid/log", "name the right key file")
	})
}

func TestReadOnlyChangesNothing(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "luoshi.db")
	s := openAt(t, path, newKey(t))
	if err := s.PutMeta(ctx, "colour", "red"); err != nil {
		t.Fatal(err)
	}
	r, err := Open(ctx, Options{Path: path, ReadOnly: true}) // while the writer is at work
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if v, err := r.Meta(ctx, "colour"); v != "red" || err != nil {
		t.Errorf("it reads %q, %v", v, err)
	}
	if err := r.PutMeta(ctx, "colour", "green"); err == nil || !strings.Contains(err.Error(), "reading only") {
		t.Errorf("a write answers %v", err)
	}
	if _, err := r.read.ExecContext(ctx, "DELETE FROM meta"); err == nil {
		t.Error("its connections can write")
	}
}

func TestMigratingAgainChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "luoshi.db")
	key := newKey(t)
	var first string
	for i := range 3 {
		s := openAt(t, path, key)
		if i == 0 {
			first = dumpSchema(t, s)
		} else if got := dumpSchema(t, s); got != first {
			t.Errorf("opening number %d changed the schema to\n%s", i+1, got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPathsMayHoldAnyCharacter(t *testing.T) {
	for _, name := range []string{"a b", "县 司法局", "100%", "what?mode=memory", "a#b", "a&b=c", "%41"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".db")
		openAt(t, path, newKey(t)).Close()
		if st, err := os.Stat(path); err != nil || st.Size() == 0 {
			t.Errorf("%q: the file is elsewhere: %v", path, err)
		}
	}
}

// Acknowledged means durable: the writer syncs the log at every commit.
func TestTheWriterIsDurable(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "busy_timeout": "10000"} {
		var got any
		if err := s.committer.conn.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("writer: %s is %v, want %s", pragma, got, want)
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "query_only": "1"} {
		var got any
		if err := s.read.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("readers: %s is %v, want %s", pragma, got, want)
		}
	}
}

func TestAClosedStoreSaysThatNothingWasRecorded(t *testing.T) {
	s := open(t)
	s.Close()
	if err := s.PutMeta(context.Background(), "a", "b"); err == nil || !strings.Contains(err.Error(), "nothing was recorded") {
		t.Errorf("a write after closing answers %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}
