package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMoveBackupAndRestoreSayWhatIsWrong(t *testing.T) {
	c := oneUnit(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"text": "this is no backup, only some text", "empty": ""} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fresh := "sqlite:" + at("fresh.db")
	for _, x := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a move without a target", []string{"move", "--from", c.DB}, exitMisuse, "--from and --to are required"},
		{"a move of a file", []string{"move", "--from", c.DB, "--to", fresh, "x"}, exitMisuse, `unexpected argument "x"`},
		{"a move from what is no database", []string{"move", "--from", "luoshi.db", "--to", fresh}, exitMisuse, "--from: --db must be"},
		{"a move with a private key", []string{"move", "--from", c.DB, "--to", fresh, "--key", "PRIVATE+KEY+x"}, exitMisuse, "keep it secret"},
		{"reopening with a target", []string{"move", "--reopen", "--from", c.DB, "--to", fresh}, exitMisuse, "--from alone"},
		{"reopening what was not moved", []string{"move", "--reopen", "--from", c.DB}, exitFault, "nothing to reopen"},
		{"a backup of nothing", []string{"backup", at("b")}, exitMisuse, "--db is required"},
		{"a backup to nowhere", []string{"backup", "--db", c.DB}, exitMisuse, "name the file to write"},
		{"a backup into a folder that is not there", []string{"backup", "--db", c.DB, at("no/b")}, exitFault, "no such file"},
		{"a backup of what is not there", []string{"backup", "--db", "sqlite:" + at("none.db"), at("b")}, exitFault, "there is no database"},
		{"a backup for nobody", []string{"backup", "--db", c.DB, "--recipient", "age1x", at("b")}, exitFault, "no age recipient"},
		{"a backup both ways", []string{"backup", "--db", c.DB, "--recipient", "age1x", "--passphrase-file", at("text"), at("b")}, exitMisuse, "exclude each other"},
		{"a restore of nothing", []string{"restore", "--db", fresh}, exitMisuse, "name the backup"},
		{"a restore to nowhere", []string{"restore", at("text")}, exitMisuse, "--db must be"},
		{"a restore of two", []string{"restore", "--db", fresh, at("text"), at("empty")}, exitMisuse, "unexpected argument"},
		{"a restore of a text", []string{"restore", "--db", fresh, at("text")}, exitFault, "no backup of Luoshi"},
		{"a restore of an empty file", []string{"restore", "--db", fresh, at("empty")}, exitFault, "the file is empty"},
		{"a restore since no checkpoint", []string{"restore", "--db", fresh, "--since", at("text"), at("text")}, exitMisuse, "not a signed checkpoint"},
		{"a check with a database", []string{"restore", "--check", "--db", fresh, at("text")}, exitMisuse, "touches no database"},
		{"a check of a text", []string{"restore", "--check", at("text")}, exitFault, "no backup of Luoshi"},
	} {
		t.Run(x.name, func(t *testing.T) {
			code, out, errs := call(x.args...)
			if code != x.code || !strings.Contains(errs, x.want) || out != "" {
				t.Errorf("exit %d\n%s%s\nwant %d, %q", code, out, errs, x.code, x.want)
			}
		})
	}
	if left, err := filepath.Glob(at("fresh.db*")); err != nil || len(left) > 0 {
		t.Errorf("refused commands left %v", left)
	}
}

// What a person reads, and what a program reads, of a backup, its restore and a move.
func TestBackupRestoreAndMoveTellWhatTheyDid(t *testing.T) {
	c := oneUnit(t)
	dir := t.TempDir()
	file, restored, moved := filepath.Join(dir, "b"), "sqlite:"+filepath.Join(dir, "r.db"), "sqlite:"+filepath.Join(dir, "m.db")
	path, _ := c.File()
	for _, x := range []struct {
		args []string
		want []string
	}{
		{[]string{"backup", file, "--db", c.DB}, []string{"not encrypted: " + file, path + ".key is not inside"}},
		{[]string{"restore", "--check", file}, []string{"is whole: 0 entries"}},
		{[]string{"restore", "--db", restored, file}, []string{"0 entries in 0 matters, 0 erased: sound", "restored ", "r.db.key (mode 0600)"}},
		{[]string{"move", "--from", c.DB, "--to", moved}, []string{"sound", "moved ", "copy " + path + ".key to ", "no longer be written"}},
		{[]string{"move", "--reopen", "--from", c.DB}, []string{"can be written again"}},
	} {
		code, out, errs := call(x.args...)
		if code != exitDone {
			t.Fatalf("%v: exit %d\n%s%s", x.args, code, out, errs)
		}
		for _, want := range x.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v says\n%s\nwant %q", x.args, out, want)
			}
		}
	}
	if code, out, errs := call("move", "--from", c.DB, "--to", "sqlite:"+filepath.Join(dir, "elsewhere.db")); code != exitDone {
		t.Fatalf("moving again: exit %d\n%s%s", code, out, errs)
	}
	for _, args := range [][]string{{"backup", "--db", c.DB, filepath.Join(dir, "left")}, {"audit", "--db", c.DB}} {
		if code, _, errs := call(args...); code != exitDone || !strings.Contains(errs, "elsewhere.db and goes on there") {
			t.Errorf("%s of what was left behind: exit %d\n%s", args[0], code, errs)
		}
	}
	if code, out, errs := call("move", "--reopen", "--from", c.DB); code != exitDone {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	code, out, errs := call("move", "--json", "--from", c.DB, "--to", "sqlite:"+filepath.Join(dir, "j.db"))
	var r struct {
		Tables  map[string]int64
		Rows    int64
		Seconds *float64
		Audit   struct{ OK bool }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitDone || r.Tables["unit"] != 1 || r.Rows != 1+r.Tables["calendar"] || r.Seconds == nil || !r.Audit.OK || errs != "" {
		t.Errorf("exit %d, %v\n%s%s", code, err, out, errs)
	}
}
