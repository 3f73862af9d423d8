package main

import (
	"context"
	"crypto/rand"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luoshi/internal/store/postgres/pgtest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
)

const secret = "open-sesame"

// withUser gives an address another user and password.
func withUser(t *testing.T, address, user, password string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, password)
	return u.String()
}

// withRole makes a user who may sign in and nothing else, and gives the address for that user.
func withRole(t *testing.T, address string, then ...string) string {
	t.Helper()
	name := "luoshi_" + strings.ToLower(rand.Text()[:12])
	sql(t, address, "CREATE ROLE "+name+" LOGIN PASSWORD '"+secret+"'")
	t.Cleanup(func() { sql(t, address, "DROP OWNED BY "+name, "DROP ROLE "+name) })
	for _, s := range then {
		sql(t, address, strings.ReplaceAll(s, "ROLE", name))
	}
	return withUser(t, address, name, secret)
}

func sql(t *testing.T, address string, statements ...string) {
	t.Helper()
	ctx := context.Background() // also in a cleanup
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	for _, s := range statements {
		if _, err := c.Exec(ctx, s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// inFolder runs the test in an empty folder, where key files go.
func inFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	return dir
}

// oldServer answers every sign-in as PostgreSQL 14 does.
func oldServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go greet(c)
		}
	}()
	return "postgres://luoshi:" + secret + "@" + l.Addr().String() + "/luoshi?sslmode=disable"
}

func greet(c net.Conn) {
	defer c.Close()
	b := pgproto3.NewBackend(c, c)
	if _, err := b.ReceiveStartupMessage(); err != nil {
		return
	}
	b.Send(&pgproto3.AuthenticationOk{})
	for name, value := range map[string]string{"server_version": "14.11 (Debian 14.11-1.pgdg120+2)", "client_encoding": "UTF8", "standard_conforming_strings": "on"} {
		b.Send(&pgproto3.ParameterStatus{Name: name, Value: value})
	}
	b.Send(&pgproto3.BackendKeyData{ProcessID: 1, SecretKey: []byte{0, 0, 0, 1}})
	b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if b.Flush() == nil {
		b.Receive() // what comes is not answered: this version is not to be asked anything
	}
}

func TestAPostgreSQLThatCannotBeUsedIsExplained(t *testing.T) {
	inFolder(t)
	t.Setenv("PGCONNECT_TIMEOUT", "5")
	empty := pgtest.Database(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	missing := strings.Replace(empty, "/luoshi_own_", "/luoshi_absent_", 1)
	for _, c := range []struct {
		name, db, want string
		code           int
	}{
		{"another engine", "mysql://u:" + secret + "@h/d", "--db must be sqlite:FILE or postgres://", exitMisuse},
		{"no database in the address", "postgres://u:" + secret + "@h:5432", "--db names no database: write postgres://", exitMisuse},
		{"an address that cannot be read", "postgres://u:" + secret + "@h:port/d", "--db is not a PostgreSQL address", exitMisuse},
		{"a log that is no number", "postgres://u:" + secret + "@h/d?luoshi_log=x", "luoshi_log must be one whole number", exitMisuse},
		{"a parameter nobody knows", "postgres://u:" + secret + "@127.0.0.1/d?sslmode=perhaps", "address cannot be read", exitFault},
		{"nobody there", "postgres://u:" + secret + "@" + closed.Addr().String() + "/d?sslmode=disable", "is it running, are host and port right", exitFault},
		{"a wrong password", withUser(t, empty, "postgres", secret), "does not accept user or password", exitFault},
		{"a user nobody knows", withUser(t, empty, "nobody-knows", secret), "does not accept user or password", exitFault},
		{"no such database", missing, "has no such database", exitFault},
		{"a server that is too old", oldServer(t), "the server is PostgreSQL 14.11 (Debian 14.11-1.pgdg120+2); version 15 or newer is needed", exitFault},
		{"a user who may not make tables", withRole(t, empty), "may not make tables", exitFault},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"account", "add", "--login", "a", "--name", "N", "--grant", "clerk@*"}} {
				code, out, errs := call(append(args, "--db", c.db)...)
				if code != c.code || !strings.Contains(errs, c.want) {
					t.Errorf("%s: exit %d, want %d\n%s%s\nwant %q", args[0], code, c.code, out, errs, c.want)
				}
				hides(t, out+errs, secret)
			}
		})
	}
	if left, _ := filepath.Glob("*.key"); len(left) > 0 {
		t.Errorf("keys were made for databases that could not be used: %v", left)
	}
}

// hides reports a password that is shown.
func hides(t *testing.T, said, password string) {
	t.Helper()
	if strings.Contains(said, password) {
		t.Errorf("the password is shown:\n%s", said)
	}
}

func TestEveryCommandWorksOnPostgreSQL(t *testing.T) {
	dir := inFolder(t)
	db := pgtest.Database(t)
	u, err := url.Parse(db)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	password, _ := u.User.Password()
	do := func(want string, args ...string) {
		t.Helper()
		code, out, errs := call(args...)
		if code != exitDone || !strings.Contains(out, want) {
			t.Errorf("%v: exit %d\n%s%s\nwant %q", args[:2], code, out, errs, want)
		}
		hides(t, out+errs, password)
	}
	units := filepath.Join(dir, "units.csv")
	if err := os.WriteFile(units, []byte("code,level,name,parent\n14,province,某省,\n140105,county,某区,14\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	do("2 offices added", "unit", "import", "--db", db, units)
	do("140105", "unit", "list", "--db", db)
	do("token", "account", "add", "--db", db, "--login", "wang", "--name", "王芳", "--grant", "clerk@140105")
	do("wang", "account", "list", "--db", db)
	do("is disabled", "account", "disable", "--db", db, "--login", "wang")
	do("0 entries in 0 matters, 0 erased: sound", "audit", "--db", db)
	for file, mode := range map[string]os.FileMode{name + ".key": 0o600, name + ".vkey": 0o644} {
		at, err := os.Stat(file)
		if err != nil || at.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", file, at, err)
		}
	}
	do("sound", "audit", "--db", db, "--key", name+".vkey")
	if err := os.Rename(name+".key", "elsewhere.key"); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := call("account", "disable", "--db", db, "--login", "wang"); code != exitFault || !strings.Contains(errs, "its signing key "+name+".key is missing") {
		t.Errorf("without the key: exit %d\n%s", code, errs)
	}
	do("is disabled", "account", "disable", "--db", db, "--login", "wang", "--key", "elsewhere.key")
	if _, err := os.Stat("elsewhere.vkey"); err != nil {
		t.Error(err)
	}
}

func TestAnImportIntoPostgreSQLIsDoneOnce(t *testing.T) {
	inFolder(t)
	db := pgtest.Database(t)
	i := newImporter(t, importMapping, "at,kind,place,status\n2015-01-02,lamp,north,open\n2015-01-03,noise,south,done\n")
	if c := i.run(t, exitDone, "--db", db); c.Imported != 2 {
		t.Errorf("first %+v", c)
	}
	if c := i.run(t, exitDone, "--db", db); c.Imported != 0 || c.Skipped != 2 {
		t.Errorf("again %+v", c)
	}
	if code, out, errs := call("audit", "--db", db); code != exitDone || !strings.Contains(out, "in 2 matters, 0 erased: sound") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	code, _, errs := call("import", "--map", i.path("map.yaml"), "--db", db, i.path("in.csv"))
	u, err := url.Parse(db)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	hides(t, errs, password)
	if code != exitDone || !strings.Contains(errs, "luoshi account add --db postgres://") {
		t.Errorf("exit %d\n%s", code, errs)
	}
}

func TestTheLogsOfADatabaseHaveTheirOwnKeys(t *testing.T) {
	inFolder(t)
	db := pgtest.Database(t)
	u, err := url.Parse(db)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	for _, x := range []struct{ db, key, login string }{{db, name + ".key", "first"}, {db + "&luoshi_log=2", name + "-2.key", "second"}} {
		if code, _, errs := call("account", "add", "--db", x.db, "--login", x.login, "--name", "N", "--grant", "clerk@*"); code != exitDone {
			t.Fatalf("exit %d\n%s", code, errs)
		}
		if _, err := os.Stat(x.key); err != nil {
			t.Error(err)
		}
		code, out, errs := call("account", "list", "--db", x.db)
		if code != exitDone || strings.Count(out, "\n") != 1 || !strings.Contains(out, x.login) {
			t.Errorf("exit %d\n%s%s", code, out, errs)
		}
	}
	if code, _, errs := call("account", "disable", "--db", db+"&luoshi_log=2", "--login", "second", "--key", name+".key"); code != exitFault || !strings.Contains(errs, "point to the right key file") {
		t.Errorf("with the other log's key: exit %d\n%s", code, errs)
	}
}

func TestAuditNeedsOnlyTheRightToRead(t *testing.T) {
	inFolder(t)
	db := pgtest.Database(t)
	auditor := withRole(t, db)
	if code, _, errs := call("account", "add", "--db", db, "--key", "log.key", "--login", "a", "--name", "N", "--grant", "clerk@*"); code != exitDone {
		t.Fatalf("exit %d\n%s", code, errs)
	}
	code, out, errs := call("audit", "--db", auditor, "--key", "log.vkey")
	if code != exitMisuse || out != "" || !strings.Contains(errs, "let the owner of the") {
		t.Errorf("without rights: exit %d\n%s%s", code, out, errs)
	}
	hides(t, out+errs, secret)
	u, err := url.Parse(auditor)
	if err != nil {
		t.Fatal(err)
	}
	sql(t, db, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+u.User.Username())
	if code, out, errs = call("audit", "--db", auditor, "--key", "log.vkey"); code != exitDone || !strings.Contains(out, "sound") {
		t.Errorf("with the right to read: exit %d\n%s%s", code, out, errs)
	}
}

func TestThePasswordMayComeFromElsewhere(t *testing.T) {
	dir := inFolder(t)
	db := pgtest.Database(t)
	u, err := url.Parse(db)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	bare := *u
	bare.User = url.User(u.User.Username())
	add := []string{"account", "add", "--db", bare.String(), "--login", "a", "--name", "N", "--grant", "clerk@*"}
	t.Run("from PGPASSWORD", func(t *testing.T) {
		t.Setenv("PGPASSWORD", password)
		if code, _, errs := call(add...); code != exitDone {
			t.Errorf("exit %d\n%s", code, errs)
		}
	})
	t.Run("from the password file", func(t *testing.T) {
		file := filepath.Join(dir, "pgpass")
		line := strings.Join([]string{u.Hostname(), u.Port(), "*", u.User.Username(), password}, ":")
		if err := os.WriteFile(file, []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PGPASSFILE", file)
		if code, _, errs := call(add...); code != exitDone {
			t.Errorf("exit %d\n%s", code, errs)
		}
	})
	t.Run("and is asked for when it is nowhere", func(t *testing.T) {
		t.Setenv("PGPASSFILE", filepath.Join(dir, "none"))
		if code, _, errs := call(add...); code != exitFault || !strings.Contains(errs, "PGPASSWORD or ~/.pgpass") {
			t.Errorf("exit %d\n%s", code, errs)
		}
	})
}

func TestHelpGivesAnExampleForPostgreSQL(t *testing.T) {
	for _, c := range []string{"serve", "audit", "import", "account", "unit"} {
		if code, out, _ := call(c, "--help"); code != exitDone || !strings.Contains(out, "luoshi "+c) || !strings.Contains(out, "--db postgres://") && !strings.Contains(out, "--db 'postgres://") {
			t.Errorf("%s: exit %d\n%s", c, code, out)
		}
	}
}
