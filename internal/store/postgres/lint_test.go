package postgres_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// exceptions are findings that stand, each with its reason. One that does not occur any more fails.
func exceptions() map[string]string { // file: construct → why
	const polled = "where the database passes no notifications on, the store asks for the size of the log instead"
	return map[string]string{
		"queries/news.sql: notification": polled,
		"watch.go: notification":         polled,

		"queries/meta.sql: system column": "it is of a replication slot, not of a row; where the database has no such view VACUUM goes by time",

		"vacuum.go: upkeep of storage":          "an error is passed over: what has no such storage needs no such upkeep",
		"queries/search.sql: upkeep of storage": "an error is passed over: an engine without a pending list has none to write out",
	}
}

// Every statement of the store, in migrations, in queries and in Go, keeps within what Citus, YugabyteDB and
// CockroachDB accept. None of them is at hand: linted, not run.
func TestStatementsAreTakenByDistributedEngines(t *testing.T) {
	l := newLinter()
	for _, pattern := range []string{"migrations/*.sql", "queries/*.sql"} {
		for _, file := range glob(t, pattern) {
			l.source(file, read(t, file), 1, strings.HasPrefix(pattern, "migrations"))
		}
	}
	for _, file := range glob(t, "*.go") {
		if !strings.HasSuffix(file, "_test.go") {
			l.goFile(t, file)
		}
	}
	if len(l.tables) < 10 {
		t.Fatalf("only %d tables were found", len(l.tables))
	}
	used := map[string]bool{}
	for _, f := range l.found {
		construct, _, _ := strings.Cut(f.text, ":")
		if key := f.file + ": " + construct; exceptions()[key] != "" {
			used[key] = true
			continue
		}
		t.Error(f)
	}
	for key := range exceptions() {
		if !used[key] {
			t.Errorf("%s does not occur any more: take it off the list", key)
		}
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s (%v)", pattern, err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// goFile lints the strings of a Go file that are statements.
func (l *linter) goFile(t *testing.T, file string) {
	t.Helper()
	files := gotoken.NewFileSet()
	f, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.BasicLit)
		if !ok || s.Kind != gotoken.STRING {
			return true
		}
		if sql, err := strconv.Unquote(s.Value); err == nil && isStatement(sql) {
			l.source(file, sql, files.Position(s.Pos()).Line, false)
		}
		return true
	})
}

// isStatement tells SQL from other strings: statements are written with capital letters.
func isStatement(s string) bool {
	first, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	return rest != "" && slices.Contains(strings.Fields("SELECT INSERT UPDATE DELETE WITH CREATE ALTER DROP LOCK LISTEN UNLISTEN NOTIFY DO DECLARE TRUNCATE COPY MERGE VACUUM REINDEX CLUSTER"), first)
}

// schema is a small one for the tests of the rules.
const schema = `
CREATE TABLE matter (log integer NOT NULL, id bigint NOT NULL, PRIMARY KEY (log, id));
CREATE TABLE log (log integer PRIMARY KEY, size bigint);
CREATE TABLE "search" (log integer, matter bigint, tokens text[], CONSTRAINT search_key PRIMARY KEY (log, matter));
CREATE TABLE schema_migration (version integer PRIMARY KEY);`

func lint(sql string, migration bool) []finding {
	l := newLinter()
	l.source("0001.sql", schema, 1, true)
	l.source("x.sql", sql, 1, migration)
	return l.found
}

func TestMigrationsThatBreakARuleAreRefused(t *testing.T) {
	for _, c := range []struct{ name, sql, want string }{
		{"a table without log", "CREATE TABLE a (id bigint)", "x.sql:1: table a has no column log"},
		{"log only in a comment and a string", "CREATE TABLE a (id bigint DEFAULT 'log integer', /* log /* nested */ integer, */ -- log integer,\n PRIMARY KEY (log))", "table a has no column log"},
		{"a table without a key", "CREATE TABLE a (log integer, id bigint)", "table a has no primary key"},
		{"a table whose columns are not seen", "CREATE TABLE a AS SELECT 1 AS log", "write its columns here"},
		{"a primary key of another column", "\nCREATE TABLE a (\n  log integer,\n  id bigint PRIMARY KEY\n)", "x.sql:4: a primary key of a begins with id"},
		{"a primary key that ends with log", "CREATE TABLE a (log integer, id bigint, PRIMARY KEY (id, log))", "begins with id"},
		{"a primary key added later", "ALTER TABLE matter ADD PRIMARY KEY (id)", "a primary key of matter begins with id"},
		{"a unique column", "CREATE TABLE a (log integer, id bigint UNIQUE, PRIMARY KEY (log, id))", "a unique index of a begins with id"},
		{"a unique constraint", "CREATE TABLE a (log integer, id bigint, PRIMARY KEY (log, id), UNIQUE (id, log))", "a unique index of a begins with id"},
		{"a named unique constraint", "ALTER TABLE matter ADD CONSTRAINT u UNIQUE (id)", "a unique index of matter begins with id"},
		{"a unique index", "CREATE UNIQUE INDEX i ON matter (id, log)", "a unique index of matter begins with id"},
		{"a unique index with a method", "CREATE UNIQUE INDEX IF NOT EXISTS i ON matter USING btree (id)", "a unique index of matter begins with id"},
		{"a unique index of an expression", "CREATE UNIQUE INDEX i ON matter ((log + id))", "begins with an expression"},
		{"a trigger", "CREATE TRIGGER t BEFORE INSERT ON matter EXECUTE FUNCTION f()", "trigger: not taken by"},
		{"a function", "CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql", "stored function: not taken by"},
		{"a procedure", "CREATE PROCEDURE f() LANGUAGE plpgsql AS $x$ $$ $x$", "stored function: not taken by"},
		{"a DO block", "DO $$ BEGIN END $$", "DO block: not taken by"},
		{"a serial", "CREATE TABLE a (log integer, id bigserial, PRIMARY KEY (log, id))", "sequence: not taken by"},
		{"a serial added later", "ALTER TABLE matter ADD COLUMN n serial", "sequence: not taken by"},
		{"an identity", "CREATE TABLE a (log integer, id bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (log, id))", "sequence: not taken by"},
		{"a sequence", "CREATE SEQUENCE s", "sequence: not taken by"},
		{"a foreign key of a column", "CREATE TABLE a (log integer REFERENCES log, PRIMARY KEY (log))", "foreign key: not taken by"},
		{"a foreign key", "ALTER TABLE matter ADD FOREIGN KEY (log) REFERENCES log (log)", "foreign key: not taken by"},
		{"an extension", "CREATE EXTENSION IF NOT EXISTS pg_trgm", "extension: not taken by"},
		{"a temporary table", "CREATE TEMP TABLE a (log integer PRIMARY KEY)", "temporary table: not taken by"},
		{"an unlogged table", "CREATE UNLOGGED TABLE a (log integer PRIMARY KEY)", "unlogged table: not taken by"},
		{"an heir", "CREATE TABLE a (log integer PRIMARY KEY) INHERITS (matter)", "inheritance: not taken by"},
		{"an exclusion", "CREATE TABLE a (log integer PRIMARY KEY, EXCLUDE USING gist (log WITH =))", "exclusion constraint: not taken by"},
		{"a rule", "CREATE RULE r AS ON INSERT TO matter DO NOTHING", "rule: not taken by"},
	} {
		t.Run(c.name, func(t *testing.T) { found(t, lint(c.sql, true), c.want) })
	}
}

func TestQueriesThatBreakARuleAreRefused(t *testing.T) {
	const unbound = "is used without log ="
	for _, c := range []struct{ name, sql, want string }{
		{"no condition", "SELECT id FROM matter", "x.sql:1: table matter " + unbound},
		{"the line is named", "SELECT id\n-- here:\nFROM matter\nWHERE id = $1", "x.sql:3: table matter " + unbound},
		{"a condition in a comment", "SELECT id FROM matter WHERE id = $1 -- AND log = $2", unbound},
		{"a condition in a string", "SELECT id FROM matter WHERE id = ' log = $1 '", unbound},
		{"another comparison", "SELECT id FROM matter WHERE log > $1", unbound},
		{"at least", "SELECT id FROM matter WHERE $1 >= log", unbound},
		{"many logs", "SELECT id FROM matter WHERE log = ANY($1)", unbound},
		{"a list of logs", "SELECT id FROM matter WHERE log IN ($1, $2)", unbound},
		{"the other of two tables", "SELECT m.id FROM matter m JOIN search s ON s.matter = m.id WHERE m.log = $1", "table search " + unbound},
		{"the other of a comma list", "SELECT m.id FROM matter m, search AS s WHERE s.log = $1", "table matter " + unbound},
		{"no qualifier where there are two", "SELECT m.id FROM matter m, search s WHERE log = $1", unbound},
		{"a subquery", "SELECT id FROM matter WHERE log = $1 AND id IN (SELECT matter FROM search WHERE tokens @> $2)", "table search " + unbound},
		{"a common table expression", "WITH x AS (SELECT id FROM matter) SELECT id FROM x", "table matter " + unbound},
		{"the second half of a union", "SELECT id FROM matter WHERE log = $1 UNION ALL SELECT matter FROM search", "table search " + unbound},
		{"tables bound to each other only", "SELECT 1 FROM matter m JOIN search s ON s.log = m.log", "table matter " + unbound},
		{"another column of the same number", "SELECT 1 FROM matter WHERE log = id", unbound},
		{"an update", "UPDATE matter SET id = $1", "table matter " + unbound},
		{"an update that sets the log", "UPDATE matter SET log = $1 WHERE id = $2", "log is changed"},
		{"an update from another table", "UPDATE matter SET id = 1 FROM search WHERE matter.log = $1", "table search " + unbound},
		{"a delete", "DELETE FROM matter WHERE id = $1", "table matter " + unbound},
		{"a delete by another table", "DELETE FROM matter m USING search s WHERE m.log = $1 AND s.matter = m.id", "table search " + unbound},
		{"an insert without the column", "INSERT INTO matter (id) VALUES ($1)", "table matter " + unbound},
		{"an insert without columns", "INSERT INTO matter VALUES ($1, $2)", "table matter " + unbound},
		{"an insert of what another table has", "INSERT INTO matter (log, id) SELECT $1, matter FROM search", "table search " + unbound},
		{"an upsert that sets the log", "INSERT INTO log (log, size) VALUES ($1, 0) ON CONFLICT (log) DO UPDATE SET log = excluded.log", "log is changed"},
		{"the table that is called log", "SELECT size FROM log FOR UPDATE", "table log " + unbound},
		{"an advisory lock", "SELECT pg_advisory_xact_lock($1)", "advisory lock: not taken by"},
		{"where a row lies", "SELECT ctid FROM matter WHERE log = $1", "system column: not taken by"},
		{"who wrote a row", "SELECT m.xmin FROM matter m WHERE m.log = $1", "system column: not taken by"},
		{"the next of a sequence", "SELECT nextval('s')", "sequence: not taken by"},
		{"a cursor that stays", "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "cursor that outlives its transaction: not taken by"},
		{"a table lock", "LOCK TABLE matter IN EXCLUSIVE MODE", "table lock: not taken by"},
		{"a notification", "SELECT pg_notify($1, $2)", "notification: not taken by"},
		{"a vacuum", "VACUUM (SKIP_LOCKED) matter", "upkeep of storage: not taken by"},
		{"listening", "LISTEN luoshi", "notification: not taken by"},
	} {
		t.Run(c.name, func(t *testing.T) { found(t, lint(c.sql, false), c.want) })
	}
}

// found reports when nothing that was found says so.
func found(t *testing.T, all []finding, want string) {
	t.Helper()
	if !slices.ContainsFunc(all, func(f finding) bool { return strings.Contains(f.String(), want) }) {
		t.Errorf("%v, want %q", all, want)
	}
}

func TestStatementsThatKeepTheRulesPass(t *testing.T) {
	for _, sql := range []string{
		"SELECT id FROM matter WHERE log = $1 AND id = $2 FOR UPDATE SKIP LOCKED",
		"SELECT m.id FROM matter AS m WHERE (m.log = $1 AND (m.id > $2))",
		`SELECT m.id FROM search s JOIN "matter" m ON m.log = s.log AND m.id = s.matter WHERE s.log = $1 ORDER BY m.id LIMIT 5`,
		"SELECT id FROM matter WHERE log = $1 AND EXISTS (SELECT FROM search s WHERE s.log = $1 AND s.matter = id)",
		"SELECT m.id FROM matter m, search s, log l WHERE $1 = s.log AND l.log = m.log AND s.log = m.log",
		"SELECT id FROM matter m WHERE m.log = $1 AND EXISTS (SELECT FROM search s WHERE s.log = m.log AND s.matter = m.id)",
		"SELECT id FROM matter WHERE $1 = log AND id IS DISTINCT FROM $2 AND id = ANY($3::bigint[])",
		"SELECT x.n FROM unnest($2::bigint[]) AS x(n), LATERAL (SELECT id FROM matter m WHERE m.log = $1 AND m.id = x.n) y",
		"WITH due AS (SELECT id FROM matter WHERE log = $1) SELECT id FROM due UNION SELECT matter FROM search WHERE log = $1",
		"SELECT coalesce((SELECT size FROM log WHERE log = $1), 0)",
		"INSERT INTO matter (log, id) SELECT $1, n FROM unnest($2::bigint[]) AS n ON CONFLICT (log, id) DO UPDATE SET id = excluded.id RETURNING id",
		"INSERT INTO log AS l (log, size) VALUES ($1, 1) ON CONFLICT (log) DO UPDATE SET size = l.size + excluded.size",
		"UPDATE matter m SET id = x.n FROM unnest($2::bigint[]) AS x(n) WHERE m.log = $1 AND m.id = x.n",
		"DELETE FROM matter WHERE log = $1",
		"SELECT version FROM schema_migration",
		"SELECT 'FROM matter', E'it\\'s FROM search', $x$ FROM log; ' $x$, \"trigger\" FROM (VALUES (1)) v(\"trigger\")",
	} {
		if all := lint(sql, false); len(all) > 0 {
			t.Errorf("%s\n%v", sql, all)
		}
	}
	for _, sql := range []string{
		"CREATE TABLE IF NOT EXISTS a (log integer NOT NULL, id bigint, n text COLLATE \"C\", PRIMARY KEY (log, id)); CREATE UNIQUE INDEX i ON a (log, n) WHERE n <> ''; CREATE INDEX j ON a USING gin (n)",
		"CREATE TABLE schema_migration (version integer PRIMARY KEY)",
		"CREATE TABLE serial (log integer PRIMARY KEY, next bigint); ALTER TABLE serial ADD COLUMN note text",
		"ALTER TABLE matter ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT ''; UPDATE matter SET note = 'x'",
	} {
		if all := lint(sql, true); len(all) > 0 {
			t.Errorf("%s\n%v", sql, all)
		}
	}
}
