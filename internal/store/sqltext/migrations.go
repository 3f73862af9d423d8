package sqltext

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Migration is one file of migrations/: it brings a schema from Version-1 to Version.
type Migration struct {
	Version int
	Name    string // of the file, such as 0001_core.sql
	SQL     string
	// Oldest is the lowest schema number whose programs still work on the migrated schema: that of the first
	// line "-- oldest: N", or Version where there is none.
	Oldest int
}

// Migrations reads migrations/*.sql, in order. The files are numbered from 1 without a gap.
func Migrations(files fs.FS) ([]Migration, error) {
	names, _ := fs.Glob(files, "migrations/*.sql") // the pattern is well formed
	var out []Migration
	for i, name := range names {
		src, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		m := Migration{Version: i + 1, Name: path.Base(name), SQL: string(src)}
		if n, _, ok := strings.Cut(m.Name, "_"); !ok || n != fmt.Sprintf("%04d", m.Version) {
			return nil, fmt.Errorf("migration %s: its name must begin with %04d_", m.Name, m.Version)
		}
		if m.Oldest, err = oldest(m); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func oldest(m Migration) (int, error) {
	first, _, _ := strings.Cut(m.SQL, "\n")
	text, ok := strings.CutPrefix(strings.TrimSpace(first), "-- oldest:")
	if !ok {
		return m.Version, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > m.Version {
		return 0, fmt.Errorf("migration %s: oldest must be a number from 1 to %d", m.Name, m.Version)
	}
	return n, nil
}

// Usable says whether a program that knows the schema up to number known works on a database to which applied
// was applied, as the database's own rows tell: the rows beyond known come from newer programs, and each says
// by Oldest who may go on. The error names what to do.
func Usable(known int, applied []Migration) error {
	for _, m := range applied {
		if m.Version > known && m.Oldest > known {
			return fmt.Errorf("the database has schema %d, this program knows only %d: use a newer program", m.Version, known)
		}
	}
	return nil
}
