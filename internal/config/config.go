// Package config holds the settings of a running server. Each field says its purpose, its default and what
// happens when it is wrong.
package config

import (
	"fmt"
	"strings"
	"time"
)

// Config is everything that can be set. The zero value is not usable; see Default.
type Config struct {
	// DB is the database: sqlite:FILE. The file is created when missing. Another scheme is refused.
	DB string
	// Listen is the address to answer on; default 127.0.0.1:8080. Port 0 takes a free one. An address that
	// is in use stops the start with a message.
	Listen string
	// Key is the file of the log's signing key; default the database file with .key after it. It is made at
	// the first start, mode 0600. A key that does not belong to the database's log stops the start.
	Key string
	// Origin is the log's name, written into every checkpoint; used only when the log is new. Default
	// luoshi.invalid/ and random letters.
	Origin string
	// Lapses is how often clocks that ran out are recorded; default 30 s.
	Lapses time.Duration
}

// Default is the configuration with every default filled in.
func Default() Config {
	return Config{Listen: "127.0.0.1:8080", Lapses: 30 * time.Second}
}

// File is the path of the SQLite file.
func (c Config) File() (string, error) {
	path, ok := strings.CutPrefix(c.DB, "sqlite:")
	if !ok || path == "" {
		return "", fmt.Errorf("--db must be sqlite:FILE, for example sqlite:luoshi.db (got %q)", c.DB)
	}
	return path, nil
}

// KeyFile is the path of the signing key.
func (c Config) KeyFile() (string, error) {
	if c.Key != "" {
		return c.Key, nil
	}
	path, err := c.File()
	return path + ".key", err
}
