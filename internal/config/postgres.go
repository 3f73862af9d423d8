package config

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// Postgres is the address of a log in a PostgreSQL database, as
//
//	postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full&luoshi_log=N
//
// Everything but luoshi_log is libpq's. The password is best kept out of it, in PGPASSWORD or ~/.pgpass.
type Postgres struct {
	URL      string // for the driver: without luoshi_log. It may hold a password.
	Database string // its name
	Log      int32  // which of the logs in the database, from 1
}

// logParameter is the one parameter of the address that is ours.
const logParameter = "luoshi_log"

const postgresForm = "write postgres://USER@HOST:PORT/DATABASE, for example postgres://luoshi@db.example.org:5432/luoshi?sslmode=verify-full"

func isPostgres(db string) bool {
	return strings.HasPrefix(db, "postgres:") || strings.HasPrefix(db, "postgresql:")
}

// ParsePostgres takes an address apart. Its errors say how to write one, and never repeat the password.
func ParsePostgres(address string) (Postgres, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Opaque != "" {
		// The cause would quote the address, and the password with it.
		return Postgres{}, errors.New("--db is not a PostgreSQL address: " + postgresForm +
			"; signs such as @ : / ? # % in a password are written as %40 %3A %2F %3F %23 %25, or leave the password to PGPASSWORD")
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" {
		return Postgres{}, errors.New("--db names no database: " + postgresForm)
	}
	if name != filepath.Base(name) || name == ".." { // it becomes the name of the key file
		// The name is not shown: of a password with a slash in it, it would be the second half.
		return Postgres{}, errors.New("--db names a database with a slash in its name, which cannot be used; a slash in a password is written as %2F: " + postgresForm)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Postgres{}, errors.New("--db has parameters after the question mark that cannot be read: write them as name=value, with & between them")
	}
	p := Postgres{Database: name, Log: 1}
	if q.Has(logParameter) {
		n, err := strconv.ParseInt(q.Get(logParameter), 10, 32)
		if err != nil || n < 1 || len(q[logParameter]) > 1 {
			return Postgres{}, fmt.Errorf("--db: %s must be one whole number from 1 to %d (got %q)", logParameter, math.MaxInt32, strings.Join(q[logParameter], ", "))
		}
		p.Log = int32(n)
		q.Del(logParameter)
		u.RawQuery = q.Encode()
	}
	p.URL = u.String()
	return p, nil
}

// shown is the address without what must not be seen.
func (p Postgres) shown() string {
	u, err := url.Parse(p.URL)
	if err != nil {
		return "postgres://…"
	}
	if _, has := u.User.Password(); has {
		u.User = url.User(u.User.Username())
	}
	q := u.Query()
	for name := range q {
		if strings.Contains(strings.ToLower(name), "password") {
			q.Del(name)
		}
	}
	if p.Log != 1 {
		q.Set(logParameter, strconv.Itoa(int(p.Log)))
	}
	u.RawQuery = q.Encode()
	return u.String()
}
