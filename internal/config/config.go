// Package config holds the settings of a running server. Each field says its purpose, its default and what
// happens when it is wrong. It must never give out a password: what it shows of an address is without.
package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Config is everything that can be set. The zero value is not usable; see Default.
type Config struct {
	// DB is the database: sqlite:FILE, which is made when missing, or postgres://USER@HOST:PORT/DATABASE,
	// which must be there; see Postgres. Anything else is refused.
	DB string
	// Listen is the address to answer on; default 127.0.0.1:8080. Port 0 takes a free one. An address that
	// is in use stops the start with a message.
	Listen string
	// Key is the file of the log's signing key; see KeyFile for the default. It is made at the first start,
	// mode 0600. A key that does not belong to the database's log stops the start.
	Key string
	// Origin is the log's name, written into every checkpoint; used only when the log is new. Default
	// luoshi.invalid/ and random letters.
	Origin string
	// Kinds is a file of the kinds of unit that this installation has, in the form luoshi-kinds/1; default those that
	// come with the program, which are China's. A file that cannot be read stops the start and says where.
	Kinds string
	// Packs says whether the procedures that come with the program are published when it serves: PacksAll, the
	// default, or PacksNone for an office that has only its own. Anything else is refused.
	Packs string
	// Language is that of pages for readers whose browser asks for none that there are, zh or en; default zh for
	// pages and en for the API. Anything else is refused.
	Language string
	// Lapses is how long the worker that records what falls due sleeps at most; default 30 s.
	Lapses time.Duration
	// MaxFile is how many bytes a file may have that somebody hands in; default 10 MB, from 64 KB to 1 GB. Anything else
	// stops the start. Files stand in memory one by one when they come and when they are read.
	MaxFile int64
}

// Bounds of MaxFile.
const (
	LeastMaxFile = 64 << 10
	MostMaxFile  = 1 << 30
)

// ParseSize reads a size in bytes as people write it: 500KB, 10MB, 1GB.
func ParseSize(s string) (int64, error) {
	number, unit := strings.TrimRight(strings.ToUpper(strings.TrimSpace(s)), "BKMG"), int64(1)
	switch strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(s))[len(number):], "B") {
	case "":
	case "K":
		unit = 1 << 10
	case "M":
		unit = 1 << 20
	case "G":
		unit = 1 << 30
	default:
		return 0, errSize(s)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if err != nil || n < 1 || n > MostMaxFile || n*unit < LeastMaxFile || n*unit > MostMaxFile {
		return 0, errSize(s)
	}
	return n * unit, nil
}

func errSize(s string) error {
	return fmt.Errorf("%q is no size of a file from 64KB to 1GB; write it like 10MB", s)
}

// Whether the procedures that come with the program are published.
const (
	PacksAll  = "all"
	PacksNone = "none"
)

// Default is the configuration with every default filled in.
func Default() Config {
	return Config{Listen: "127.0.0.1:8080", Packs: PacksAll, Lapses: 30 * time.Second, MaxFile: 10 << 20}
}

// File is the path of the SQLite file; ok is false when DB names no SQLite file.
func (c Config) File() (path string, ok bool) {
	path, ok = strings.CutPrefix(c.DB, "sqlite:")
	return path, ok && path != ""
}

// Postgres is the PostgreSQL database; ok is false when DB names another one, or not a usable one: see Check.
func (c Config) Postgres() (p Postgres, ok bool) {
	if !isPostgres(c.DB) {
		return p, false
	}
	p, err := ParsePostgres(c.DB)
	return p, err == nil
}

// Check says what is wrong with Packs, Language or DB and how to write it. It looks at the words only.
func (c Config) Check() error {
	if c.Packs != "" && c.Packs != PacksAll && c.Packs != PacksNone {
		return fmt.Errorf("--packs is %s or %s, not %q", PacksAll, PacksNone, c.Packs)
	}
	if c.Language != "" && c.Language != "zh" && c.Language != "en" {
		return fmt.Errorf("--language is zh or en, not %q", c.Language)
	}
	if _, ok := c.File(); ok {
		return nil
	}
	if isPostgres(c.DB) {
		_, err := ParsePostgres(c.DB)
		return err
	}
	return fmt.Errorf("--db must be sqlite:FILE or postgres://USER@HOST:PORT/DATABASE, for example sqlite:luoshi.db (got %q)", hidden(c.DB))
}

// hidden is an address of no known form as it may be shown: there may be a password anywhere in it, unless it
// looks like the name of a file.
func hidden(db string) string {
	if !strings.ContainsAny(db, ":=@ ") {
		return db
	}
	scheme, rest, ok := strings.Cut(db, ":")
	switch {
	case !ok || strings.ContainsFunc(scheme, func(r rune) bool { return r < 'a' || r > 'z' }):
		return "…"
	case strings.HasPrefix(rest, "//"):
		return scheme + "://…"
	}
	return scheme + ":…"
}

// Shown is DB as it may be shown to anybody and still works where the password comes from elsewhere.
func (c Config) Shown() string {
	if _, ok := c.File(); ok {
		return c.DB
	}
	p, err := ParsePostgres(c.DB)
	if err != nil {
		return hidden(c.DB)
	}
	return p.shown()
}

// KeyFile is the path of the signing key: Key, or the SQLite file with .key after it, or in the current folder
// the name of the PostgreSQL database with .key (DATABASE-N.key for luoshi_log=N other than 1).
func (c Config) KeyFile() string {
	if c.Key != "" {
		return c.Key
	}
	return c.base() + ".key"
}

// VKeyFile is the path of the verifier key, which is public: the SQLite file with .vkey after it; on PostgreSQL
// it stands beside the signing key.
func (c Config) VKeyFile() string {
	if _, ok := c.File(); !ok && c.Key != "" {
		return strings.TrimSuffix(c.Key, ".key") + ".vkey"
	}
	return c.base() + ".vkey"
}

// base is what the names of the key files begin with.
func (c Config) base() string {
	if path, ok := c.File(); ok {
		return path
	}
	p, _ := c.Postgres()
	if p.Log != 1 {
		return fmt.Sprintf("%s-%d", p.Database, p.Log)
	}
	return p.Database
}
