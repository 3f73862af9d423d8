package config

import (
	"strings"
	"testing"
)

func TestADatabaseNamesItsKeyFiles(t *testing.T) {
	for _, c := range []struct{ name, db, key, wantKey, wantVKey string }{
		{"SQLite", "sqlite:/data/luoshi.db", "", "/data/luoshi.db.key", "/data/luoshi.db.vkey"},
		{"SQLite with a key elsewhere", "sqlite:luoshi.db", "/etc/luoshi/log.key", "/etc/luoshi/log.key", "luoshi.db.vkey"},
		{"PostgreSQL", "postgres://u:secret@h:5432/province?sslmode=disable", "", "province.key", "province.vkey"},
		{"the other name of the scheme", "postgresql://h/province", "", "province.key", "province.vkey"},
		{"by a socket", "postgres:///province?host=/run/postgresql", "", "province.key", "province.vkey"},
		{"the first log, named", "postgres://h/province?luoshi_log=1", "", "province.key", "province.vkey"},
		{"another log", "postgres://h/province?luoshi_log=12", "", "province-12.key", "province-12.vkey"},
		{"PostgreSQL with a key elsewhere", "postgres://h/province?luoshi_log=12", "/etc/luoshi/log.key", "/etc/luoshi/log.key", "/etc/luoshi/log.vkey"},
		{"a key with another ending", "postgres://h/province", "secret", "secret", "secret.vkey"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Config{DB: c.db, Key: c.key}
			if err := o.Check(); err != nil {
				t.Fatal(err)
			}
			if o.KeyFile() != c.wantKey || o.VKeyFile() != c.wantVKey {
				t.Errorf("%s and %s", o.KeyFile(), o.VKeyFile())
			}
			_, file := o.File()
			_, postgres := o.Postgres()
			if file == postgres {
				t.Errorf("is a file: %v, is a server: %v", file, postgres)
			}
		})
	}
}

func TestAWrongDatabaseIsExplainedWithoutThePassword(t *testing.T) {
	for _, c := range []struct{ name, db, want string }{
		{"nothing", "", "--db must be sqlite:FILE or postgres://"},
		{"no file", "sqlite:", "--db must be sqlite:FILE"},
		{"no scheme", "luoshi.db", `(got "luoshi.db")`},
		{"another engine", "mysql://u:secret@h/d", `(got "mysql://…")`},
		{"the keywords of libpq", "host=h user=u password=secret dbname=d", `(got "…")`},
		{"no slashes", "pgsql:u:secret@h/d", `(got "pgsql:…")`},
		{"capital letters", "Postgres://u:secret@h/d", `(got "…")`},
		{"a slash in the password", "postgres://u:12/secret@h/d", "a slash in a password is written as %2F"},
		{"a slip in the scheme", "postgre://u:secret@h/d", `(got "postgre://…")`},
		{"no slashes", "postgres:u:secret@h/d", "write postgres://USER@HOST"},
		{"no database", "postgres://u:secret@h:5432", "names no database"},
		{"no database after the slash", "postgres://u:secret@h:5432/", "names no database"},
		{"a path for a database", "postgres://u:secret@h/a/b", "a slash in its name"},
		{"the folder above", "postgres://u:secret@h/..", "a slash in its name"},
		{"a port of letters", "postgres://u:secret@h:port/d", "is not a PostgreSQL address"},
		{"signs in the password", "postgres://u:secret%@h/d", "written as %40"},
		{"parameters that cannot be read", "postgres://u:secret@h/d?a=%zz", "parameters after the question mark"},
		{"log zero", "postgres://u:secret@h/d?luoshi_log=0", `from 1 to 2147483647 (got "0")`},
		{"a log that is no number", "postgres://u:secret@h/d?luoshi_log=one", `(got "one")`},
		{"a log too great", "postgres://u:secret@h/d?luoshi_log=2147483648", `(got "2147483648")`},
		{"two logs", "postgres://u:secret@h/d?luoshi_log=1&luoshi_log=2", `(got "1, 2")`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Config{DB: c.db}
			err := o.Check()
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v, want %q", err, c.want)
			}
			if strings.Contains(o.Shown(), "secret") {
				t.Errorf("shown as %s", o.Shown())
			}
		})
	}
}

func TestTheDriverGetsEverythingButTheLog(t *testing.T) {
	p, err := ParsePostgres("postgres://u:s%40x@h:1/d?sslmode=disable&luoshi_log=7&application_name=a")
	if want := "postgres://u:s%40x@h:1/d?application_name=a&sslmode=disable"; err != nil || p.URL != want || p.Log != 7 || p.Database != "d" {
		t.Errorf("%+v %v", p, err)
	}
}

func TestWhatIsShownHasNoPassword(t *testing.T) {
	for db, want := range map[string]string{
		"sqlite:a.db": "sqlite:a.db",
		"postgres://u:secret@h:1/d?luoshi_log=7&sslmode=disable": "postgres://u@h:1/d?luoshi_log=7&sslmode=disable",
		"postgres://u@h/d?password=secret&sslpassword=secret":    "postgres://u@h/d",
		"postgres://h/d":            "postgres://h/d",
		"postgres://u:secret@h:x/d": "postgres://…",
	} {
		if got := (Config{DB: db}).Shown(); got != want {
			t.Errorf("%s is shown as %s", db, got)
		}
	}
}

func TestAWrongWordIsExplained(t *testing.T) {
	for want, c := range map[string]Config{
		`--packs is all or none, not "some"`: {DB: "sqlite:a", Packs: "some"},
		`--language is zh or en, not "fr"`:   {DB: "sqlite:a", Language: "fr"},
		"":                                   {DB: "sqlite:a", Packs: PacksNone, Language: "en"},
	} {
		said := ""
		if err := c.Check(); err != nil {
			said = err.Error()
		}
		if said != want {
			t.Errorf("%+v: %q, want %q", c, said, want)
		}
	}
}
