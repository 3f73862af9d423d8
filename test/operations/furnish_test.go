package operations_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// office is an installation: a database with offices and a clerk, made with the program as the page tells.
type office struct {
	db, key, vkey string
	token         string // the clerk's
}

// found makes an office in a database that is new. Its key lies in a folder of the test.
func found(t testing.TB, program, db string) office {
	t.Helper()
	dir := t.TempDir()
	o := office{db: db, key: filepath.Join(dir, "office.key"), vkey: filepath.Join(dir, "office.vkey")}
	units := filepath.Join(dir, "units.csv")
	must(t, os.WriteFile(units, []byte(page(t).block(t, "units.csv")), 0o600))
	o.command(t, program, "unit", "import", units)
	var added struct{ Token string }
	must(t, json.Unmarshal(o.command(t, program, "account", "add", "--login", "wang", "--name", "王芳", "--grant", "clerk@"+unitCode, "--json"), &added))
	o.token = added.Token
	if _, err := os.Stat(o.vkey); err != nil { // beside a SQLite file it is named after that
		o.vkey = db[len("sqlite:"):] + ".vkey"
	}
	return o
}

// command runs a command of two words on the office's database. What it prints is given back.
func (o office) command(t testing.TB, program, noun, verb string, more ...string) []byte {
	t.Helper()
	cmd := exec.Command(program, append([]string{noun, verb, "--db", o.db, "--key", o.key}, more...)...)
	out, err := cmd.Output()
	if failed, ok := err.(*exec.ExitError); ok {
		t.Fatalf("luoshi %s %s: %v: %s", noun, verb, err, failed.Stderr)
	}
	must(t, err)
	return out
}
