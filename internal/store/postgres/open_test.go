package postgres_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"luoshi/internal/store/postgres"
	"luoshi/internal/store/postgres/pgtest"
	"luoshi/internal/store/storetest"
)

const password = "zq-secret-zq"

// wantRefusal opens and reads what the person is told.
func wantRefusal(t *testing.T, o postgres.Options, words ...string) {
	t.Helper()
	s, err := postgres.Open(t.Context(), o)
	if err == nil {
		s.Close()
		t.Fatal("it was opened")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if strings.Contains(err.Error(), password) {
		t.Errorf("%q says the password", err)
	}
}

// with changes an address.
func with(t *testing.T, address string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

func as(user string) func(*url.URL) {
	return func(u *url.URL) { u.User = url.UserPassword(user, password) }
}

func TestOpenRefusesAndSaysWhatToDo(t *testing.T) {
	c := pgtest.Start(t) // with passwords
	address := c.Database(t)
	for name, o := range map[string]struct {
		url   string
		words []string
	}{
		"another scheme":          {"mysql://u:" + password + "@h/d", []string{"is not a PostgreSQL address"}},
		"no address":              {"", []string{"is not a PostgreSQL address"}},
		"a parameter of nobody":   {with(t, address, func(u *url.URL) { as("postgres")(u); u.RawQuery = "sslmode=perhaps" }), []string{"every parameter after the question mark"}},
		"a log that is no number": {address + "&luoshi_log=one", []string{"luoshi_log", "one"}},
		"a wrong password":        {with(t, address, as("postgres")), []string{"does not accept user or password", "PGPASSWORD"}},
		"no such database":        {with(t, address, func(u *url.URL) { u.Path = "/nowhere" }), []string{"no such database", "CREATE DATABASE"}},
		"no TLS at the server":    {with(t, address, func(u *url.URL) { as("postgres")(u); u.RawQuery = "sslmode=verify-full" }), []string{"made secure", "sslmode"}},
		"nobody there":            {with(t, address, func(u *url.URL) { as("postgres")(u); u.Host = "127.0.0.1:1" }), []string{"127.0.0.1:1", "is it running"}},
	} {
		t.Run(name, func(t *testing.T) { wantRefusal(t, postgres.Options{URL: o.url}, o.words...) })
	}
	t.Run("text that is not UTF-8", func(t *testing.T) {
		statement(t, address, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc")
		wantRefusal(t, postgres.Options{URL: with(t, address, func(u *url.URL) { u.Path = "/latin" })}, "LATIN1", "ENCODING 'UTF8'")
	})
	t.Run("a database without anything, for reading only", func(t *testing.T) {
		wantRefusal(t, postgres.Options{URL: address, ReadOnly: true}, "holds nothing of Luoshi")
	})
}

// statement runs one as the owner.
func statement(t *testing.T, address, sql string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestMissingRightsAreNamedWithTheGrantToRun(t *testing.T) {
	c := pgtest.Start(t)
	address := c.Database(t)
	statement(t, address, fmt.Sprintf("CREATE USER clerk PASSWORD '%s'", password))
	clerk := with(t, address, as("clerk"))
	// Each refusal says what to run; when the owner has run it, the next thing is missing or all is well.
	wantRefusal(t, postgres.Options{URL: clerk}, "may not make tables", "GRANT USAGE, CREATE ON SCHEMA public TO clerk;")
	openAt(address)(t, storetest.NewKey(t)).Close()
	wantRefusal(t, postgres.Options{URL: clerk, ReadOnly: true}, "no right to SELECT on table schema_migration", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk;")
	statement(t, address, "GRANT SELECT ON schema_migration TO clerk")
	wantRefusal(t, postgres.Options{URL: clerk, ReadOnly: true}, "no right to SELECT", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk;")
	statement(t, address, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk")
	s, err := postgres.Open(t.Context(), postgres.Options{URL: clerk, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	wantRefusal(t, postgres.Options{URL: clerk}, "no right to DELETE", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk;")
	statement(t, address, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
	s, err = postgres.Open(t.Context(), postgres.Options{URL: clerk}) // needs no CREATE once the schema is there
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestNodesThatStartAtOnceMigrateOnce(t *testing.T) {
	address := pgtest.Database(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := postgres.Open(t.Context(), postgres.Options{URL: address})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestASchemaOfANewerProgram(t *testing.T) {
	address := pgtest.Database(t)
	openAt(address)(t, storetest.NewKey(t)).Close()
	for _, readOnly := range []bool{false, true} {
		statement(t, address, "INSERT INTO schema_migration VALUES (998, '0998_more.sql', 1) ON CONFLICT DO NOTHING")
		s, err := postgres.Open(t.Context(), postgres.Options{URL: address, ReadOnly: readOnly})
		if err != nil {
			t.Fatalf("one that lets older programs go on: %v", err)
		}
		s.Close()
		statement(t, address, "INSERT INTO schema_migration VALUES (999, '0999_other.sql', 900)")
		wantRefusal(t, postgres.Options{URL: address, ReadOnly: readOnly}, "schema 999", "use a newer program")
		statement(t, address, "DELETE FROM schema_migration WHERE version = 999")
	}
}

func TestReadOnlyChangesNothing(t *testing.T) {
	address := pgtest.URL(t)
	w := openAt(address)(t, storetest.NewKey(t))
	if err := w.PutMeta(t.Context(), "colour", "red"); err != nil {
		t.Fatal(err)
	}
	r, err := postgres.Open(t.Context(), postgres.Options{URL: address, ReadOnly: true}) // while the writer is at work
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if v, err := r.Meta(t.Context(), "colour"); v != "red" || err != nil {
		t.Errorf("it reads %q, %v", v, err)
	}
	_, serials := r.Serials(t.Context(), 2026, 1)
	for what, err := range map[string]error{"a setting": r.PutMeta(t.Context(), "colour", "green"), "a number": serials, "sealing": r.Seal(t.Context(), storetest.NewKey(t))} {
		if err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("%s answers %v", what, err)
		}
	}
	if err := r.Execute(t.Context(), "DELETE FROM meta"); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("its connections can write: %v", err)
	}
}

// Acknowledged means durable, also where the server is set otherwise.
func TestTheWriterIsDurable(t *testing.T) {
	c := pgtest.Start(t, "synchronous_commit=off")
	s, err := postgres.Open(t.Context(), postgres.Options{URL: c.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Setting(t, "synchronous_commit"); got != "on" {
		t.Errorf("synchronous_commit is %s", got)
	}
}

// A limit that an operator sets for what people ask would end a batch that waits for other nodes.
func TestLimitsOfTheServerDoNotHoldForTheStore(t *testing.T) {
	address := pgtest.Database(t)
	name := strings.TrimPrefix(address[strings.LastIndex(address, "/"):strings.Index(address, "?")], "/")
	limits := []string{"statement_timeout", "lock_timeout"}
	for _, limit := range limits {
		statement(t, address, fmt.Sprintf("ALTER DATABASE %s SET %s = '70s'", name, limit))
	}
	s, err := postgres.Open(t.Context(), postgres.Options{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, limit := range limits {
		if got := s.Setting(t, limit); got != "0" {
			t.Errorf("%s is %s", limit, got)
		}
	}
}

func TestAClosedStoreSaysThatNothingWasRecorded(t *testing.T) {
	s := openStore(t, storetest.NewKey(t))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.PutMeta(t.Context(), "a", "b"); err == nil || !strings.Contains(err.Error(), "nothing was recorded") {
		t.Errorf("a write after closing answers %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestOldServersAreRefused(t *testing.T) {
	for version, ok := range map[string]bool{"15.4 (Debian 15.4-1)": true, "15": true, "18beta1": true, "16.2": true, "14.11": false, "9.6.24": false, "": false, "new": false} {
		err := postgres.CheckServer(version)
		if (err == nil) != ok {
			t.Errorf("%q: %v", version, err)
		}
		if err != nil && !strings.Contains(err.Error(), "version 15 or newer is needed") {
			t.Errorf("%q: %v", version, err)
		}
	}
}
