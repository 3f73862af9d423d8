package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/demo"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

// cityFile writes so many requests in the columns of boston, of two departments.
func cityFile(t *testing.T, rows int) (folder string) {
	t.Helper()
	folder = t.TempDir()
	f, err := os.Create(filepath.Join(folder, "boston311_2015.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := csv.NewWriter(f)
	w.Write(strings.Split("opened,type,reason,subject,neighborhood,ward,lat,lon,source", ","))
	for i := range rows {
		subject := []string{"Public Works Department", "Inspectional Services"}[i%2]
		w.Write([]string{fmt.Sprintf("2015-03-%02dT10:00", 1+i%28), "Lamp  out", "Street Lights", subject, "Roxbury", "Ward 3", "42.3", "-71.1", "Call"})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		t.Fatal(err)
	}
	return folder
}

// demoRun is a demo that was started as a program of its own.
type demoRun struct {
	t    *testing.T
	cmd  *exec.Cmd
	errs *bufio.Scanner
	outs *bufio.Scanner
	said []string
}

func startDemo(t *testing.T, luoshi string, args ...string) *demoRun {
	t.Helper()
	r := &demoRun{t: t, cmd: exec.Command(luoshi, append([]string{"demo"}, args...)...)}
	stdout, _ := r.cmd.StdoutPipe()
	stderr, _ := r.cmd.StderrPipe()
	r.outs, r.errs = bufio.NewScanner(stdout), bufio.NewScanner(stderr)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.cmd.Process.Kill() })
	return r
}

// await reads standard error up to a line with the text.
func (r *demoRun) await(text string) {
	r.t.Helper()
	for r.errs.Scan() {
		r.said = append(r.said, r.errs.Text())
		if strings.Contains(r.errs.Text(), text) {
			return
		}
	}
	r.t.Fatalf("never said %q:\n%s", text, strings.Join(r.said, "\n"))
}

// url is where it answers.
func (r *demoRun) url() string {
	r.t.Helper()
	for r.outs.Scan() {
		if url, ok := strings.CutPrefix(r.outs.Text(), "ready "); ok {
			return url
		}
	}
	r.t.Fatal("never ready")
	return ""
}

func (r *demoRun) stop() {
	r.t.Helper()
	r.cmd.Process.Signal(syscall.SIGINT)
	for r.errs.Scan() {
		r.said = append(r.said, r.errs.Text())
	}
	if err := r.cmd.Wait(); err != nil {
		r.t.Errorf("did not leave cleanly: %v\n%s", err, strings.Join(r.said, "\n"))
	}
}

func TestADemoOffersRealRequestsWhileItAnswersAndGoesOnAfterAStop(t *testing.T) {
	luoshi, dir, data := binary(t), filepath.Join(t.TempDir(), "demo"), cityFile(t, 6000)
	args := []string{"--dir", dir, "--listen", "127.0.0.1:0", "--matters", "20", "--data", data}
	first := startDemo(t, luoshi, append(args, "--with", "boston")...)
	url := first.url()
	first.await("10 %")
	if answer, err := http.Get(url + "/login"); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("while requests come in: %v %v", answer, err)
	} else {
		page, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !strings.Contains(string(page), "boston-head") {
			t.Error("the page to sign in does not offer the head of the city")
		}
	}
	first.stop()
	if all := strings.Join(first.said, "\n"); !strings.Contains(all, "boston: stopped before row") || !strings.Contains(all, "goes on from there") {
		t.Errorf("said at the end:\n%s", all)
	}
	before := readDemoFile(t, dir)

	second := startDemo(t, luoshi, args...) // without --with: it is remembered
	second.await("boston: 6000 rows:")
	second.stop()
	if d := readDemoFile(t, dir); fmt.Sprint(before.Accounts) != fmt.Sprint(d.Accounts) {
		t.Error("passwords or tokens changed at the second start")
	}
	third := startDemo(t, luoshi, args...)
	third.url()
	third.stop()
	if all := strings.Join(third.said, "\n"); strings.Contains(all, "boston") {
		t.Errorf("what is all here was read again:\n%s", all)
	}
	checkCity(t, filepath.Join(dir, "luoshi.db"), 6000)
}

// checkCity counts what the head of the city sees and looks at the names of an office.
func checkCity(t *testing.T, db string, want int64) {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB = "sqlite:" + db
	core, err := server.OpenCore(ctx, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	s := core.Service
	for login, want := range map[string]int64{"boston-head": want, "boston-clerk": want / 2} {
		counts, err := s.Counts(ctx, office.Actor{Account: s.Staff().Accounts[login]})
		var n int64
		for _, c := range counts {
			n += c.N
		}
		if err != nil || n != want {
			t.Errorf("%s sees %d, want %d: %v", login, n, want, err)
		}
	}
	u, ok := s.Tree().Unit("us-ma-boston.public-works-department.roxbury")
	if !ok || u.Label("zh") != "公共工程局：罗克斯伯里" || u.Label("en") != "Public Works Department: Roxbury" {
		t.Errorf("office %+v", u)
	}
	rows, _, err := s.List(ctx, office.Actor{Account: s.Staff().Accounts["boston-head"]}, casework.Query{Limit: 1}, "")
	if err != nil || len(rows) != 1 || rows[0].Title != "Lamp out — Roxbury" {
		t.Errorf("rows %+v, %v", rows, err)
	}
}

func TestADemoWithRealRequestsSaysWhatItNeeds(t *testing.T) {
	empty, wrong, folder := t.TempDir(), t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(wrong, "boston311_2015.csv"), []byte("a,b\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "boston311_2015.csv"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"a name nobody knows", []string{"--with", "paris"}, []string{`"paris"`, "boston, chicago"}},
		{"a folder without the file", []string{"--with", "boston", "--data", empty}, []string{"boston311_2015.csv", "--data", "LUOSHI_DATA", "City of Boston"}},
		{"the second of two", []string{"--with", "boston,chicago", "--data", cityFile(t, 1)}, []string{"--with chicago", "chicago_sanitation_2000_2015.csv"}},
		{"another file of that name", []string{"--with", "boston", "--data", wrong}, []string{`no column "opened"`, "cannot be used"}},
		{"a folder of that name", []string{"--with", "boston", "--data", folder}, []string{"is not a file"}},
		{"fewer than no rows", []string{"--with", "boston", "--rows", "-1", "--data", empty}, []string{"--rows"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "demo")
			code, out, errs := call(append([]string{"demo", "--dir", dir}, c.args...)...)
			if code != exitMisuse || out != "" {
				t.Errorf("exit %d, printed %q", code, out)
			}
			for _, text := range c.says {
				if !strings.Contains(errs, text) {
					t.Errorf("does not say %q:\n%s", text, errs)
				}
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("a folder was made")
			}
		})
	}
}

func TestADemoSaysThatItsAddressIsTakenBeforeItFills(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	code, _, errs := call("demo", "--dir", filepath.Join(t.TempDir(), "demo"), "--listen", taken.Addr().String(), "--matters", "100000")
	if code != exitFault || !strings.Contains(errs, "choose another with --listen") || strings.Contains(errs, "filling") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestASourceIsEnoughForAsManyRowsAsItHas(t *testing.T) {
	for _, c := range []struct {
		have demo.Filling
		rows int
		want bool
	}{
		{demo.Filling{}, 0, false},
		{demo.Filling{Begun: true}, 0, false},
		{demo.Filling{Begun: true, Done: true}, 0, true},
		{demo.Filling{Begun: true, Done: true}, 500, true},
		{demo.Filling{Begun: true, Done: true, Rows: 500}, 500, true},
		{demo.Filling{Begun: true, Done: true, Rows: 500}, 501, false},
		{demo.Filling{Begun: true, Done: true, Rows: 500}, 0, false},
	} {
		if got := c.have.Enough(c.rows); got != c.want {
			t.Errorf("%+v for %d rows: %v", c.have, c.rows, got)
		}
	}
}
