package operations_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"luoshi/internal/store/postgres/pgtest"

	"github.com/jackc/pgx/v5"
)

// ballastRows is what the slow migration writes between its first and its last statement.
const ballastRows = 200_000

// slowMigration takes long enough to be killed in the middle of it.
func slowMigration() migration {
	return migration{
		"sqlite": `-- oldest: 1
CREATE TABLE ballast (n INTEGER PRIMARY KEY, text TEXT NOT NULL);
INSERT INTO ballast SELECT value, hex(zeroblob(40)) || value FROM (WITH RECURSIVE c(value) AS
  (SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < 200000) SELECT value FROM c);
CREATE INDEX ballast_text ON ballast (text);
`,
		"postgres": `-- oldest: 1
CREATE TABLE ballast (log integer NOT NULL, n bigint NOT NULL, text text NOT NULL, PRIMARY KEY (log, n));
INSERT INTO ballast SELECT 1, n, repeat('x', 80) || n FROM generate_series(1, 200000) AS n;
CREATE INDEX ballast_text ON ballast (log, text);
`,
	}
}

// killWhile starts a build of the program and kills it some time after busy says that it is at the migration.
func killWhile(t *testing.T, o office, after time.Duration, busy func() bool) {
	t.Helper()
	cmd := exec.Command(built(t, builtSlow), "serve", "--db", o.db, "--key", o.key, "--listen", "127.0.0.1:0")
	must(t, cmd.Start())
	deadline := time.Now().Add(patience)
	for !busy() {
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			cmd.Wait()
			t.Fatal("the migration was never seen")
		}
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

// kills are how long after its beginning a migration is killed.
var kills = []time.Duration{0, 20 * time.Millisecond, 80 * time.Millisecond, 200 * time.Millisecond}

func TestAKilledMigrationLeavesTheOldSchemaOrTheNewOneOnSQLite(t *testing.T) {
	o, file := sqliteOffice(t, 3)
	before, err := os.ReadFile(file)
	must(t, err)
	known, err := schema("sqlite")
	must(t, err)
	undone := 0
	for i, after := range kills {
		fresh := o
		fresh.db = "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
		path := fresh.db[len("sqlite:"):]
		must(t, os.WriteFile(path, before, 0o600))
		db := openFile(t, path)
		killWhile(t, fresh, after, func() bool { return writing(db) })
		switch n, rows := version(t, db), ballast(t, db); {
		case n == known && rows == 0:
			undone++
		case n == known+1 && rows == ballastRows+1: // it was faster than the kill
		default:
			t.Errorf("killed %v after its beginning: schema %d with %d parts of the migration", after, n, rows)
		}
		if i%2 == 0 { // the migration can be done after all, and nothing is lost
			p := serve(t, built(t, builtSlow), fresh.db, fresh.key, "127.0.0.1:0")
			p.stop(t)
			if n, rows := version(t, db), ballast(t, db); n != known+1 || rows != ballastRows+1 {
				t.Errorf("afterwards: schema %d with %d parts of the migration", n, rows)
			}
			if r := green(t, built(t, builtSlow), fresh.db, o.vkey); r.Matters != 3 {
				t.Errorf("%d matters of 3", r.Matters)
			}
		}
	}
	if undone == 0 {
		t.Error("no kill came in the middle of the migration")
	}
}

// writing reports whether another process is writing to the file.
func writing(db *sql.DB) bool {
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		return true
	}
	db.Exec("ROLLBACK")
	return false
}

// ballast counts the rows and the index of the slow migration.
func ballast(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	must(t, db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = 'ballast_text'").Scan(&n))
	var there int
	must(t, db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = 'ballast'").Scan(&there))
	if there > 0 {
		var rows int
		must(t, db.QueryRow("SELECT count(*) FROM ballast").Scan(&rows))
		n += rows
	}
	return n
}

func TestAKilledMigrationLeavesTheOldSchemaOrTheNewOneOnPostgres(t *testing.T) {
	o := found(t, built(t, builtPresent), pgtest.Database(t))
	node := serve(t, built(t, builtPresent), o.db, o.key, "127.0.0.1:0")
	lodged := int64(len(node.lodge(t, "at first", 3)))
	known, err := schema("postgres")
	must(t, err)
	c, err := pgx.Connect(t.Context(), o.db)
	must(t, err)
	defer c.Close(context.Background())
	for _, after := range kills[:3] {
		killWhile(t, o, after, func() bool { return migrating(t, c) })
		for migrating(t, c) { // the server finds out that nobody is there any more
			time.Sleep(5 * time.Millisecond)
		}
		n, there := migratedTo(t, c)
		if there != (n == known+1) || n != known && n != known+1 {
			t.Errorf("killed %v after its beginning: schema %d, the table is there: %v", after, n, there)
		}
		node.lodge(t, after.String(), 1)
		lodged++
		if there { // it was faster than the kill
			break
		}
	}
	next := serve(t, built(t, builtSlow), o.db, o.key, "127.0.0.1:0")
	if n, there := migratedTo(t, c); n != known+1 || !there {
		t.Errorf("afterwards: schema %d, the table is there: %v", n, there)
	}
	next.stop(t)
	node.stop(t)
	if r := green(t, built(t, builtSlow), o.db, o.vkey); r.Matters != lodged {
		t.Errorf("%d matters of %d", r.Matters, lodged)
	}
}

// migrating reports whether the server is at the slow migration.
func migrating(t *testing.T, c *pgx.Conn) (yes bool) {
	t.Helper()
	must(t, c.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
		WHERE query LIKE '%ballast%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database())`).Scan(&yes))
	return yes
}

func migratedTo(t *testing.T, c *pgx.Conn) (n int, there bool) {
	t.Helper()
	err := c.QueryRow(t.Context(), "SELECT max(version), to_regclass('ballast') IS NOT NULL FROM schema_migration").Scan(&n, &there)
	if errors.Is(err, pgx.ErrNoRows) {
		t.Fatal("nothing was applied")
	}
	must(t, err)
	return n, there
}
