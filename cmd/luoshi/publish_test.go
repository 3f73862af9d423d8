package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/procedures"
)

// versioned is a database with an office and an author, and the petition in two texts: as it comes, and as
// version 2 with pairs of texts replaced.
func versioned(t *testing.T, pairs ...string) (db, first, second string) {
	t.Helper()
	dir := t.TempDir()
	db = "sqlite:" + filepath.Join(dir, "luoshi.db")
	text, err := procedures.FS.ReadFile("petition.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text)
	for i, pairs := 0, append([]string{"\nversion: 1\n", "\nversion: 2\n"}, pairs...); i < len(pairs); i += 2 {
		if !strings.Contains(changed, pairs[i]) {
			t.Fatalf("%q does not occur", pairs[i])
		}
		changed = strings.ReplaceAll(changed, pairs[i], pairs[i+1])
	}
	first, second = filepath.Join(dir, "petition.yaml"), filepath.Join(dir, "petition-2.yaml")
	write(t, first, string(text))
	write(t, second, changed)
	units := "code,level,name,parent\n14,province,某省,\n1401,petition-bureau,某局,14\n"
	if code, _, errs := callWith(units, "unit", "import", "--db", db, "-"); code != exitDone {
		t.Fatal(errs)
	}
	for login, grant := range map[string]string{"author": "author@14", "head": "head@14"} {
		if code, _, errs := call("account", "add", "--db", db, "--login", login, "--name", login, "--grant", grant); code != exitDone {
			t.Fatal(errs)
		}
	}
	return db, first, second
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// lodged brings some petitions and gives their numbers.
func lodged(t *testing.T, db string, n int) (numbers []string) {
	t.Helper()
	c := config.Default()
	c.DB = db
	core, err := server.OpenCore(context.Background(), c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	b, err := json.Marshal(core.Service.Published()["petition"].Example)
	if err != nil {
		t.Fatal(err)
	}
	var l casework.Lodging
	if err := json.Unmarshal(b, &l); err != nil {
		t.Fatal(err)
	}
	l.Procedure, l.Unit = "petition", "1401"
	l.Fields["request"] = strings.Repeat("很长", 300)
	for range n {
		out, err := core.Service.Lodge(context.Background(), office.Actor{Resident: true}, l, "")
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, out.Matter.Number)
	}
	return numbers
}

func TestPublishChecksAndRefuses(t *testing.T) {
	db, first, second := versioned(t)
	code, out, errs := call("publish", "--db", db, "--as", "author", first)
	if code != exitDone || out != "published petition@1\n" || errs != "" {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	code, out, _ = call("publish", first, second, "--db", db, "--json")
	var r publishReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitDone || !r.OK || len(r.Published) != 2 || !r.Published[0].Already ||
		r.Published[1].Already || r.Published[1].Version != 2 || len(r.Published[1].Hash) != 64 {
		t.Errorf("exit %d %v\n%s", code, err, out)
	}
	broken := strings.Replace(first, "petition", "broken", 1)
	text, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	write(t, broken, strings.Replace(strings.Replace(string(text), "\nversion: 1\n", "\nversion: 3\n", 1), "calendar: cn", "calender: cn", 1))
	for _, c := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"a text with errors", []string{broken}, exitFault, broken + ":", ""},
		{"as JSON too", []string{"--json", broken}, exitFault, `"rule":"unknown-member"`, ""},
		{"another text of a version", []string{second, "--as", "head"}, exitFault, "", "Only an author of procedures may"},
		{"nobody", []string{first, "--as", "nobody"}, exitMisuse, "", `there is no account "nobody"`},
		{"no file", nil, exitMisuse, "", "name a file"},
		{"a file that is not there", []string{first + "x"}, exitMisuse, "", "no such file"},
		{"an unknown option", []string{"--yes", first}, exitMisuse, "", "-yes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := call(append([]string{"publish", "--db", db}, c.args...)...)
			if code != c.code || !strings.Contains(out, c.stdout) || !strings.Contains(errs, c.stderr) || c.stderr == "" && errs != "" {
				t.Errorf("exit %d\n%s%s", code, out, errs)
			}
		})
	}
}

const petitionMap = `format: luoshi-migration/1
procedure: petition
from: 1
to: 2
reason: {zh: 规定有变化。, en: The rules have changed.}
`

func TestMigrateRehearsesAndMigrates(t *testing.T) {
	db, first, second := versioned(t, "period: 15d", "period: 20d")
	mapping := filepath.Join(filepath.Dir(first), "map.yaml")
	write(t, mapping, petitionMap)
	call("publish", "--db", db, first)
	lodged(t, db, 3)
	call("publish", "--db", db, second)
	base := []string{"migrate", "--db", db, "--from", "petition@1", "--to", "petition@2"}
	run := func(args ...string) (int, string, string) {
		return call(append(append([]string{}, base...), args...)...)
	}
	if code, out, _ := run("--rehearse"); code != exitFault || !strings.Contains(out, "migration-needed") {
		t.Errorf("without a mapping: exit %d\n%s", code, out)
	}
	code, out, errs := run("--map", mapping, "--rehearse", "--json")
	var r casework.Rehearsal
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitDone || r.Matters != 3 || r.Fit != 3 || len(r.Plan) != 64 {
		t.Fatalf("exit %d %v\n%s%s", code, err, out, errs)
	}
	if code, out, errs := run("--map", mapping, "--plan", strings.Repeat("0", 64)); code != exitFault || !strings.Contains(errs, "Rehearse again") {
		t.Errorf("another plan: exit %d\n%s%s", code, out, errs)
	}
	code, out, errs = run("--map", mapping, "--plan", r.Plan, "--as", "author")
	if code != exitDone || !strings.Contains(out, "3 matters run by petition@1: 3 fit petition@2, 0 do not") || !strings.Contains(out, "migrated 3 matters") ||
		!strings.Contains(errs, "migrate: 100 % (3 of 3)") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if code, out, _ := run("--map", mapping); code != exitDone || !strings.Contains(out, "migrated 0 matters") {
		t.Errorf("once more: exit %d\n%s", code, out)
	}
	if code, out, errs := call("audit", "--db", db); code != exitDone || !strings.HasPrefix(out, "6 entries in 3 matters") {
		t.Errorf("audit: exit %d\n%s%s", code, out, errs)
	}
}

func TestMigrateListsWhatDoesNotFit(t *testing.T) {
	db, first, second := versioned(t, "max_length: 5000", "max_length: 500")
	mapping := filepath.Join(filepath.Dir(first), "map.yaml")
	write(t, mapping, petitionMap)
	call("publish", "--db", db, first)
	numbers := lodged(t, db, 2)
	call("publish", "--db", db, second)
	code, out, errs := call("migrate", "--db", db, "--from", "petition@1", "--to", "petition@2", "--map", mapping, "--lang", "zh")
	if code != exitFault || !strings.Contains(out, "0 fit petition@2, 2 do not") || !strings.Contains(out, "2  field: 栏目") || !strings.Contains(out, numbers[0]) {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--from", "petition@1"}, "--from and --to are required"},
		{[]string{"--from", "petition@1", "--to", "petition@7"}, "No such version"},
		{[]string{"--from", "petition@1", "--to", "petition@2", "--map", mapping + "x"}, "no such file"},
		{[]string{"--from", "petition@1", "--to", "petition@2", "--as", "nobody"}, "there is no account"},
		{[]string{"--from", "petition@1", "--to", "petition@2", "now"}, "unexpected argument"},
	} {
		if code, out, errs := call(append([]string{"migrate", "--db", db}, c.args...)...); code != exitMisuse || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%v: exit %d\n%s%s", c.args, code, out, errs)
		}
	}
	if code, _, errs := call("migrate", "--db", db+"x", "--from", "a@1", "--to", "a@2"); code != exitMisuse || !strings.Contains(errs, "no such file") {
		t.Errorf("no database: exit %d %s", code, errs)
	}
}
