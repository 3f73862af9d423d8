package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

const importMapping = `format: luoshi-import/1
system: test
time: {column: at, formats: [YYYY-MM-DD], zone: Asia/Shanghai}
skip: [{column: status, values: [dup]}]
title: "{kind}[ — {place}]"
procedure: hotline-order
fields: {description: "{kind}[ in {place}]", source_opened_at: "{at}"}
walks:
  - when: {column: status, values: [done]}
    steps:
      - step: take-on
      - {step: reply, fields: {result: solved, reply_text: "done there"}}
      - step: close
places:
  root: {code: r, kind: city, name: {en: Root, zh: 根}}
  levels:
    - {column: place, kind: township, units: {known: r}, name: {en: "Desk {place}", zh: "{place}"}}
`

// importCounts is what import prints with --json.
type importCounts struct {
	Rows, Imported, Rejected, Skipped int
	Seconds                           float64
}

// importer is a folder with a mapping, a CSV file and a database.
type importer struct{ dir string }

func newImporter(t testing.TB, mapping, csv string) importer {
	t.Helper()
	i := importer{t.TempDir()}
	i.write(t, "map.yaml", mapping)
	i.write(t, "in.csv", csv)
	return i
}

func (i importer) path(name string) string { return filepath.Join(i.dir, name) }

func (i importer) write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(i.path(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (i importer) args(more ...string) []string {
	return append([]string{"import", "--map", i.path("map.yaml"), "--db", "sqlite:" + i.path("l.db"), "--json", i.path("in.csv")}, more...)
}

// run imports and wants the exit code.
func (i importer) run(t testing.TB, code int, more ...string) importCounts {
	t.Helper()
	got, out, errs := call(i.args(more...)...)
	if got != code {
		t.Fatalf("exit %d, want %d\n%s%s", got, code, out, errs)
	}
	return readCounts(t, out)
}

func readCounts(t testing.TB, out string) importCounts {
	t.Helper()
	var c importCounts
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if c.Rows != c.Imported+c.Rejected+c.Skipped {
		t.Errorf("rows %d are not the sum of %+v", c.Rows, c)
	}
	return c
}

// open opens the database that was filled.
func (i importer) open(t testing.TB) *server.Core {
	t.Helper()
	c := config.Default()
	c.DB = "sqlite:" + i.path("l.db")
	k, err := server.OpenCore(context.Background(), c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

// pages gives all rows of a list.
func pages(t testing.TB, s *casework.Service, a office.Actor, q casework.Query, words string) []casework.Row {
	t.Helper()
	var all []casework.Row
	for q.Limit = 500; ; {
		rows, next, err := s.List(context.Background(), a, q, words)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
		if q.Cursor = next; next == "" {
			return all
		}
	}
}

// checkImport checks that a database is sound, that every source row is there once, that every receipt proves,
// and for a sample of matters that search finds them and the worklist of the office holds them.
func checkImport(t *testing.T, k *server.Core, matters, sample int) {
	t.Helper()
	ctx, s := context.Background(), k.Service
	report, err := s.Audit(ctx, nil, k.Key.VerifierKey())
	if err != nil || !report.OK || report.Matters != int64(matters) {
		t.Fatalf("audit: %v, %d matters, want %d, faults %+v", err, report.Matters, matters, report.Faults)
	}
	ids := map[string]string{}
	err = s.Store.Snapshot(ctx, func(v casework.Snapshot) error {
		return v.Matters(ctx, func(p casework.Projection) error {
			var m casework.Matter
			if err := json.Unmarshal(p.Doc, &m); err != nil {
				return err
			}
			if other, twice := ids[m.Source.ID]; twice {
				t.Errorf("%s became %s and %s", m.Source.ID, other, m.Number)
			}
			ids[m.Source.ID] = m.Number
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	importAccount := s.Staff().Accounts["import"]
	if importAccount == nil || len(importAccount.Grants) != 1 {
		t.Fatalf("the importing account: %+v", importAccount)
	}
	clerk := office.Actor{Account: &office.Account{Login: "clerk", Grants: importAccount.Grants}}
	open, worklists := true, map[string]map[string]bool{}
	rows := pages(t, s, clerk, casework.Query{Order: casework.Newest}, "")
	if len(rows) != matters {
		t.Fatalf("%d matters in the list, want %d", len(rows), matters)
	}
	checkReceipts(t, k, rows)
	for n := 0; n < len(rows); n += max(1, len(rows)/sample) {
		row := rows[n]
		found, _, err := s.List(ctx, clerk, casework.Query{Limit: 10}, row.Number+" "+row.Title)
		if err != nil || len(found) != 1 || found[0].Number != row.Number {
			t.Errorf("search for %s %q: %v %v", row.Number, row.Title, found, err)
		}
		if worklists[row.Unit] == nil {
			worklists[row.Unit] = map[string]bool{}
			for _, r := range pages(t, s, clerk, casework.Query{Unit: row.Unit, Open: &open, Order: casework.ByDue}, "") {
				worklists[row.Unit][r.Number] = true
			}
		}
		if worklists[row.Unit][row.Number] != row.Open {
			t.Errorf("%s (open %v) in the worklist of %s: %v", row.Number, row.Open, row.Unit, !row.Open)
		}
	}
}

// checkReceipts gets the receipt of every entry as the API does, and verifies it as anybody does who has it and
// the key. The system asks: what staff read is recorded.
func checkReceipts(t *testing.T, k *server.Core, rows []casework.Row) {
	t.Helper()
	began := time.Now()
	var next, entries atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= len(rows) && !t.Failed(); n = int(next.Add(1)) {
				for seq := 1; seq <= rows[n-1].Version; seq++ {
					checkReceipt(t, k, rows[n-1].Number, seq)
					entries.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d receipts of %d matters verified in %.1f s", entries.Load(), len(rows), time.Since(began).Seconds())
}

func checkReceipt(t *testing.T, k *server.Core, number string, seq int) {
	r, err := k.Service.Receipt(context.Background(), office.Actor{System: true}, number, seq)
	if err != nil {
		t.Errorf("the receipt of %s/%d: %v", number, seq, err)
		return
	}
	b, err := r.JSON()
	if err != nil {
		t.Errorf("the receipt of %s/%d: %v", number, seq, err)
		return
	}
	if v := ledger.Verify(b, k.Key.VerifierKey()); !v.Proved || v.Number != number {
		t.Errorf("the receipt of %s/%d: %+v", number, seq, v)
	}
}

func TestImportTakesWhatFitsAndRejectsTheRestWithReasons(t *testing.T) {
	i := newImporter(t, importMapping, "at,kind,place,status\n"+
		"2015-01-02,lamp,north,open\n"+
		"2015-01-02,lamp,north,open\n"+ // the same bytes: another row
		"2015-01-03,hole,south,done\n"+
		"2015-01-03,hole,known,done\n"+
		"2015-01-03,hole,,dup\n"+
		"someday,hole,north,open\n"+
		"2015-01-03,hole\n"+
		"2015-01-03,h\xffle,north,open\n"+
		"2015-01-03,,,open\n"+
		"2015-01-03,hole,,open\n")
	c := i.run(t, exitFault)
	if c.Rows != 10 || c.Imported != 5 || c.Rejected != 4 || c.Skipped != 1 {
		t.Errorf("%+v", c)
	}
	f, err := os.Open(i.path("in.csv.rejects.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rejects, err := r.ReadAll()
	if err != nil || len(rejects) != 5 {
		t.Fatalf("%v %q", err, rejects)
	}
	for n, want := range []string{"row reason at kind place status", "6 the time", "7 the row has 2 cells", "8 byte 13 of the row is not UTF-8", "9 invalid-input: Some of what was sent needs correcting.; title"} {
		if got := strings.Join(rejects[n], " "); !strings.HasPrefix(got, want) {
			t.Errorf("reject %d: %q, want %q", n, got, want)
		}
	}

	again := i.run(t, exitFault)
	if again.Imported != 0 || again.Rejected != 4 || again.Skipped != 6 {
		t.Errorf("the second time: %+v", again)
	}
	i.write(t, "in.csv", "row,reason,at,kind,place,status\n6,the time,2015-01-04,hole,north,done\n")
	if mended := i.run(t, exitDone); mended.Imported != 1 {
		t.Errorf("a mended row: %+v", mended)
	}
	if _, err := os.Stat(i.path("in.csv.rejects.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the rejects of an earlier run are still there: %v", err)
	}
	k := i.open(t)
	checkImport(t, k, 6, 6)
}

func TestImportKeepsTheSourcesTimeBesideItsOwn(t *testing.T) {
	for clock, from := range map[string]string{"recorded": "", "source": "2015-01-01T16:00:00.000Z"} {
		t.Run(clock, func(t *testing.T) {
			i := newImporter(t, importMapping+"clock: "+clock+"\n", "at,kind,place,status\n2015-01-02,lamp,north,open\n")
			before := casework.FormatTime(time.Now())
			i.run(t, exitDone)
			k := i.open(t)
			m, err := k.Service.Store.Matter(context.Background(), pages(t, k.Service, office.Actor{System: true}, casework.Query{}, "")[0].Number)
			if err != nil {
				t.Fatal(err)
			}
			if want := (casework.Source{System: "test", ID: "row 1", Time: "2015-01-02"}); *m.Source != want {
				t.Errorf("source %+v", *m.Source)
			}
			if m.Opened < before {
				t.Errorf("dated back to %s", m.Opened)
			}
			if from == "" {
				from = m.Opened
			}
			if m.Clocks[0].From != from {
				t.Errorf("the clock starts %s, want %s", m.Clocks[0].From, from)
			}
		})
	}
}

func TestImportMisuseChangesNothing(t *testing.T) {
	good := "at,kind,place,status\n2015-01-02,lamp,north,open\n"
	for _, c := range []struct{ name, mapping, csv, more, want string }{
		{"a column that is not there", strings.Replace(importMapping, "column: at,", "column: opened,", 1), good, "", `map.yaml:3:16: the CSV file has no column "opened"; it has: at, kind, place, status`},
		{"a step that is not there", strings.Replace(importMapping, "take-on", "take-off", 1), good, "", `map.yaml:11:15: procedure hotline-order@1: there is no step "take-off"`},
		{"a parent that is not there", strings.Replace(importMapping, "{code: r,", "{code: r, parent: moon,", 1), good, "", `no office with the code "moon"`},
		{"an empty file", importMapping, "", "", "the CSV file is empty"},
		{"rejects over the input", importMapping, good, "--rejects=in.csv", "would overwrite"},
		{"an unknown option", importMapping, good, "--fast", "-fast"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newImporter(t, c.mapping, c.csv)
			var more []string
			if c.more != "" {
				more = append(more, strings.Replace(c.more, "=", "="+i.dir+"/", 1))
			}
			code, out, errs := call(i.args(more...)...)
			if code != exitMisuse || out != "" || !strings.Contains(errs, c.want) {
				t.Errorf("exit %d, %s%s\nwant %q", code, out, errs, c.want)
			}
			if _, err := os.Stat(i.path("l.db")); err == nil {
				if n := i.open(t).Service.Tree().Len(); n != 0 {
					t.Errorf("%d offices were made", n)
				}
			}
		})
	}
	if code, _, errs := call("import", "in.csv"); code != exitMisuse || !strings.Contains(errs, "--map and --db are required") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestImportReadsStandardInputAndHints(t *testing.T) {
	i := newImporter(t, importMapping, "")
	var out, errs strings.Builder
	code := run([]string{"import", "--map", i.path("map.yaml"), "-", "--db", "sqlite:" + i.path("l.db"), "--rejects", i.path("r.csv"), "--limit", "1"},
		strings.NewReader("at,kind,place,status\n2015-01-02,lamp,north,open\nx,y,z,w\n"), &out, &errs)
	if code != exitDone || !strings.HasPrefix(out.String(), "1 rows: 1 imported, 0 rejected, 0 skipped") {
		t.Errorf("exit %d: %s%s", code, out.String(), errs.String())
	}
	if !strings.Contains(errs.String(), "luoshi account add") || strings.ContainsAny(errs.String(), "\r\x1b█") {
		t.Errorf("hint: %q", errs.String())
	}
}

// syntheticRequests are n rows, every third to be walked to its end, every seventh the same bytes as the
// one before.
func syntheticRequests(n int) string {
	var b strings.Builder
	b.WriteString("at,kind,place,status\n")
	row := ""
	for i := range n {
		if i%7 != 6 {
			row = fmt.Sprintf("2015-%02d-%02d,\"lamp, number %d\",place %d,%s\n", 1+i%12, 1+i%28, i, i%40, []string{"open", "open", "done"}[i%3])
		}
		b.WriteString(row)
	}
	return b.String()
}

func TestImportKilledThreeTimesEndsExact(t *testing.T) {
	const rows = 9000
	bin, i := binary(t), newImporter(t, importMapping, syntheticRequests(rows))
	killed := 0
	for range 3 {
		cmd := exec.Command(bin, i.args()...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		grown := waitForGrowth(i.path("l.db"), 4<<20)
		cmd.Process.Kill()
		cmd.Wait()
		if grown && !cmd.ProcessState.Exited() {
			killed++
		}
	}
	if killed == 0 {
		t.Error("every run ended before it could be killed: the test says nothing")
	}
	cmd := exec.Command(bin, i.args()...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v %s", err, errs.String())
	}
	c := readCounts(t, out.String())
	if c.Rows != rows || c.Rejected != 0 || c.Skipped == 0 {
		t.Errorf("the last run: %+v", c)
	}
	t.Logf("killed %d times; the last run: %+v", killed, c)
	k := i.open(t)
	checkImport(t, k, rows, 100)
	ended, entries := 0, 0
	for _, r := range pages(t, k.Service, office.Actor{System: true}, casework.Query{}, "") {
		entries += r.Version
		if !r.Open {
			ended++
		}
	}
	done := strings.Count(syntheticRequests(rows), ",done\n")
	if ended != done || entries != rows+3*done {
		t.Errorf("%d matters ended by %d entries, want %d by %d", ended, entries, done, rows+3*done)
	}
}

// waitForGrowth waits until a file has grown by so many bytes, or long enough.
func waitForGrowth(path string, by int64) bool {
	size := func() int64 {
		if at, err := os.Stat(path); err == nil {
			return at.Size()
		}
		return 0
	}
	first := size()
	for range 5000 {
		if size() >= first+by {
			return true
		}
		time.Sleep(2 * time.Millisecond)
	}
	return false
}

func TestImportStopsOnAFullDiskAndGoesOn(t *testing.T) {
	const rows = 4000
	i := newImporter(t, importMapping, syntheticRequests(rows))
	disk := i.path("disk")
	mount := func(options string) {
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk).CombinedOutput(); err != nil {
			t.Skipf("a small disk needs the right to mount: %v %s", err, out)
		}
	}
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	mount("size=6m")
	t.Cleanup(func() { exec.Command("umount", disk).Run() })
	args := []string{"import", "--map", i.path("map.yaml"), "--db", "sqlite:" + filepath.Join(disk, "l.db"), "--json", i.path("in.csv")}

	code, out, errs := call(args...)
	full := readCounts(t, out)
	if code != exitFault || full.Imported == rows || full.Rejected != 0 || !strings.Contains(errs, "run the same command again") || !strings.Contains(errs, "Storage is full") {
		t.Errorf("exit %d %+v: %s", code, full, errs)
	}
	mount("remount,size=200m")
	code, out, errs = call(args...)
	if again := readCounts(t, out); code != exitDone || again.Rows != rows || again.Skipped < full.Imported {
		t.Errorf("exit %d %+v after %+v: %s", code, again, full, errs)
	}
	checkImport(t, importer{disk}.open(t), rows, 20)
}

// realRows is how many rows of each real file are imported: `go test ./cmd/luoshi -run RealFiles -args -rows 0`.
var realRows = flag.Int("rows", 20000, "of each real file that are imported; 0: all")

func TestImportOfRealFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	root := repositoryRoot(t)
	for _, c := range []struct{ file, mapping string }{
		{"boston311_2015.csv", "boston311.yaml"}, {"chicago_sanitation_2000_2015.csv", "chicago.yaml"},
	} {
		t.Run(c.file, func(t *testing.T) {
			in, err := os.ReadFile(filepath.Join(root, "../shared/data", c.file))
			if errors.Is(err, os.ErrNotExist) {
				t.Skip("../shared absent")
			}
			if err != nil {
				t.Fatal(err)
			}
			mapping, err := os.ReadFile(filepath.Join(root, "examples/import", c.mapping))
			if err != nil {
				t.Fatal(err)
			}
			i := newImporter(t, string(mapping), string(in))
			got := i.run(t, exitDone, "--limit", fmt.Sprint(*realRows))
			if *realRows > 0 && got.Rows != *realRows || got.Imported < got.Rows*9/10 {
				t.Errorf("%+v", got)
			}
			checkImport(t, i.open(t), got.Imported, 500)
		})
	}
}

// repositoryRoot is the folder of go.mod.
func repositoryRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("no go.mod above")
	return ""
}
