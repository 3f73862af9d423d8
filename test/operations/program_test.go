// Package operations_test walks through doc/operations.md with the built program: every command block of that page
// is taken from it and run, an old and a new build of the program serve one database at once, and databases are
// recovered to a moment. What was acknowledged must be there afterwards, once, and audit must be green.
package operations_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// bin is the folder of the built programs, set once by TestMain.
var bin string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "luoshi-operations-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	bin = dir
	return m.Run()
}

// The programs are built when the first test asks for them.
var (
	builtPresent    = sync.OnceValues(func() (string, error) { return compile("luoshi") })
	builtExpanded   = sync.OnceValues(func() (string, error) { return compile("luoshi-expanded", expansion()) })
	builtContracted = sync.OnceValues(func() (string, error) { return compile("luoshi-contracted", expansion(), contraction()) })
	builtSlow       = sync.OnceValues(func() (string, error) { return compile("luoshi-slow", slowMigration()) })
	builtLitestream = sync.OnceValues(compileLitestream)
)

// built is the path of a program.
func built(t testing.TB, what func() (string, error)) string {
	t.Helper()
	path, err := what()
	must(t, err)
	return path
}

// migration is the text of one migration, by kind of database.
type migration map[string]string

// compile builds the program of this tree, as a coming version would be, with further migrations: their files are
// laid over the tree, in which nothing changes.
func compile(name string, more ...migration) (string, error) {
	path := filepath.Join(bin, name)
	laid, err := overlay(path, more)
	if err := errors.Join(err, consult()); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-overlay", laid, "-o", path, "luoshi/cmd/luoshi")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", name, err, out)
	}
	return path, nil
}

// consult looks at every folder that the programs are built from. go test remembers what a test has looked at, and
// does not give an old result for a program that has changed since.
func consult() error {
	for _, top := range []string{"cmd", "internal", "procedures", "ui"} {
		if err := filepath.WalkDir(filepath.Join("..", "..", top), func(_ string, _ fs.DirEntry, err error) error { return err }); err != nil {
			return err
		}
	}
	for _, file := range []string{"go.mod", filepath.Join("test", "litestream", "go.mod")} {
		if _, err := os.Stat(filepath.Join("..", "..", file)); err != nil {
			return err
		}
	}
	return nil
}

// overlay writes what `go build -overlay` reads.
func overlay(path string, more []migration) (string, error) {
	replace := map[string]string{}
	for i, m := range more {
		for store, text := range m {
			n, err := schema(store)
			if err != nil {
				return "", err
			}
			name := fmt.Sprintf("%04d_next.sql", n+i+1)
			at, err := filepath.Abs(filepath.Join(migrations(store), name))
			if err != nil {
				return "", err
			}
			replace[at] = path + "-" + store + "-" + name
			if err := os.WriteFile(replace[at], []byte(text), 0o600); err != nil {
				return "", err
			}
		}
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	return path + ".json", os.WriteFile(path+".json", b, 0o600)
}

func migrations(store string) string {
	return filepath.Join("..", "..", "internal", "store", store, "migrations")
}

// schema is the number of the schema that this tree's program brings a database to.
func schema(store string) (int, error) {
	files, err := filepath.Glob(filepath.Join(migrations(store), "*.sql"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("there are no migrations in %s", migrations(store))
	}
	return len(files), err
}

// compileLitestream builds Litestream from a module of its own.
func compileLitestream() (string, error) {
	path := filepath.Join(bin, "litestream")
	cmd := exec.Command("go", "build", "-o", path, "github.com/benbjohnson/litestream/cmd/litestream")
	cmd.Dir = filepath.Join("..", "litestream")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building Litestream: %w (without a network, run once beforehand: go -C test/litestream mod download)\n%s", err, out)
	}
	return path, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
