package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/demo"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

// demoCore opens a database and its demo province of 200 matters; nothing is filled yet.
func demoCore(t *testing.T, db string) (*server.Core, *demo.Province) {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB = "sqlite:" + db
	clock := &demo.Clock{}
	core, err := server.OpenCore(ctx, c, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close() })
	if err := core.PublishPacks(ctx); err != nil {
		t.Fatal(err)
	}
	until := time.Date(2026, 6, 10, 15, 0, 0, 0, time.UTC)
	p, err := demo.Open(ctx, core.Service, clock, demo.Options{Seed: 1, Matters: 200, Until: until})
	if err != nil {
		t.Fatal(err)
	}
	return core, p
}

func silent(int, int) {}

func filled(t *testing.T) *server.Core {
	t.Helper()
	core, p := demoCore(t, filepath.Join(t.TempDir(), "luoshi.db"))
	if err := p.Fill(context.Background(), silent); err != nil {
		t.Fatal(err)
	}
	return core
}

// matters are all of them with their histories' kinds of entry, by number.
func matters(t *testing.T, core *server.Core) []*casework.Matter {
	t.Helper()
	ctx := context.Background()
	all := office.Actor{Account: core.Service.Staff().Accounts["overseer"]}
	var found []*casework.Matter
	for cursor := ""; ; {
		rows, next, err := core.Service.List(ctx, all, casework.Query{Order: casework.Newest, Limit: 200, Cursor: cursor}, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			m, err := core.Service.Store.Matter(ctx, r.Number)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, m)
		}
		if cursor = next; cursor == "" {
			return found
		}
	}
}

func TestADemoProvinceIsVariedAndItsAuditGreen(t *testing.T) {
	ctx := context.Background()
	core := filled(t)
	report, err := core.Service.Audit(ctx, nil, core.Key.VerifierKey())
	if err != nil || !report.OK {
		t.Fatalf("audit: %v %+v", err, report)
	}
	all := matters(t, core)
	brought := slices.DeleteFunc(slices.Clone(all), func(m *casework.Matter) bool { return m.Parent != nil })
	if len(brought) != 200 {
		t.Fatalf("%d matters were brought", len(brought))
	}
	count, states := map[string]int{}, map[string]bool{}
	for _, m := range all {
		states[m.Procedure+" "+m.State] = true
		add := func(what string, is bool) {
			if is {
				count[what]++
			}
		}
		add("ended", m.Ended != "")
		add("withdrawn", m.State == "withdrawn")
		add("referred", len(m.Referred) > 0)
		for _, c := range m.Clocks {
			add("late", c.Lapsed != "")
			add("extended", c.Extensions > 0)
		}
		before := ""
		entries, err := core.Service.Store.Entries(ctx, m.Number)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Act.Time < before || e.Act.Time > "2026-06-10T15" {
				t.Errorf("%s/%d at %s, after %s", m.Number, e.Act.Seq, e.Act.Time, before)
			}
			before = e.Act.Time
		}
	}
	for what, least := range map[string]int{"ended": 100, "withdrawn": 1, "referred": 20, "late": 10, "extended": 1} {
		if count[what] < least {
			t.Errorf("%d %s, want at least %d", count[what], what, least)
		}
	}
	if len(states) < 15 {
		t.Errorf("only %d different states: %v", len(states), states)
	}
}

func TestEveryVisitorOfTheDemoFindsWork(t *testing.T) {
	ctx := context.Background()
	core := filled(t)
	open := true
	for login, assigned := range map[string]bool{"clerk": false, "mediator": true, "mediator2": true, "township-head": false, "county-head": false,
		"petition-clerk": false, "petition-officer": true, "petition-head": false, "hotline-clerk": false, "hotline-supervisor": false,
		"department-officer": false, "supervisor": false, "auditor": false, "overseer": false} {
		q := casework.Query{Open: &open, Limit: 200}
		if assigned {
			q.Assignee = login
		}
		rows, _, err := core.Service.List(ctx, office.Actor{Account: core.Service.Staff().Accounts[login]}, q, "")
		if err != nil || len(rows) == 0 {
			t.Errorf("%s: %d matters, %v", login, len(rows), err)
		}
	}
}

// told is a matter without what chance or an interruption may change: number and codes.
func told(all []*casework.Matter) []*casework.Matter {
	for _, m := range all {
		m.Number = ""
		for i := range m.Roles {
			m.Roles[i].Code = ""
		}
	}
	slices.SortFunc(all, func(a, b *casework.Matter) int {
		return cmp.Or(cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.Title, b.Title))
	})
	return all
}

func TestAnInterruptedFillingComesToTheSameEnd(t *testing.T) {
	want := told(matters(t, filled(t)))
	db := filepath.Join(t.TempDir(), "luoshi.db")
	for _, at := range []int{3, 60, 150, 1000} {
		core, p := demoCore(t, db)
		ctx, cancel := context.WithCancel(context.Background())
		err := p.Fill(ctx, func(done, _ int) {
			if done == at {
				cancel()
			}
		})
		cancel()
		if at < 200 {
			if err == nil {
				t.Fatalf("not interrupted at %d", at)
			}
			core.Close()
			continue
		}
		if err != nil || !p.Filled() {
			t.Fatal(err)
		}
		if d := gocmp.Diff(want, told(matters(t, core))); d != "" {
			t.Errorf("(-in one go +interrupted)\n%s", d)
		}
	}
}

func TestTheDemoLeavesOtherInstallationsAlone(t *testing.T) {
	ctx := context.Background()
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	core, err := server.OpenCore(ctx, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	if err := core.Service.Store.PutUnits(ctx, []office.Unit{{Code: "1", Kind: "county"}}); err != nil {
		t.Fatal(err)
	}
	if err := core.Service.ReloadStaff(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Open(ctx, core.Service, &demo.Clock{}, demo.Options{}); err == nil || !strings.Contains(err.Error(), "name another folder") {
		t.Errorf("error %v", err)
	}
}

func TestDemoAccountsSignInAndWalkAMediationToItsEnd(t *testing.T) {
	ctx := context.Background()
	core := filled(t)
	s := core.Service
	f := &demo.File{}
	f.Complete(demo.Visitors())
	if err := demo.Admit(ctx, s, f, demo.Visitors()); err != nil {
		t.Fatal(err)
	}
	actors := map[string]office.Actor{}
	for _, a := range f.Accounts {
		actor, err := s.ActorByToken(ctx, a.Token)
		if err != nil || actor.Account.Login != a.Login {
			t.Fatalf("token of %s: %v %v", a.Login, actor.Account, err)
		}
		actors[a.Login] = actor
	}
	for _, a := range f.Accounts[:2] {
		if _, err := s.SignIn(ctx, a.Login, a.Password); err != nil {
			t.Fatalf("password of %s: %v", a.Login, err)
		}
	}
	var l casework.Lodging
	example, _ := json.Marshal(s.Published()["people-mediation"].Example)
	if err := json.Unmarshal(example, &l); err != nil {
		t.Fatal(err)
	}
	l.Unit = actors["clerk"].Account.Grants[0].Unit
	out, err := s.Lodge(ctx, office.Actor{Resident: true}, l, "k")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		login string
		cmd   casework.StepCommand
	}{
		{"clerk", casework.StepCommand{Step: "accept"}},
		{"clerk", casework.StepCommand{Step: "assign", Assignee: "mediator"}},
		{"mediator", casework.StepCommand{Step: "invite", Fields: map[string]any{"invited_by": "phone"}}},
		{"mediator", casework.StepCommand{Step: "session", Fields: map[string]any{"session_on": "2026-06-11", "session_form": "in-person", "session_record": "谈好了"}}},
		{"mediator", casework.StepCommand{Step: "agreement", Fields: map[string]any{"agreement_form": "written", "agreement_text": "修好"}}},
		{"clerk", casework.StepCommand{Step: "close", Fields: map[string]any{"performed": "yes"}}},
	} {
		if out, err = s.TakeStep(ctx, actors[step.login], out.Matter.Number, step.cmd, ""); err != nil {
			t.Fatalf("%s by %s: %v", step.cmd.Step, step.login, err)
		}
	}
	if out.Matter.Ended == "" {
		t.Errorf("not ended in %s", out.Matter.State)
	}
}

// binary builds the program.
func binary(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	path := filepath.Join(t.TempDir(), "luoshi")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func TestADemoKilledWhileFillingGoesOnServesAndLeavesCleanly(t *testing.T) {
	luoshi, dir := binary(t), filepath.Join(t.TempDir(), "demo")
	start := func() (*exec.Cmd, io.Reader, io.Reader) {
		c := exec.Command(luoshi, "demo", "--dir", dir, "--listen", "127.0.0.1:0", "--matters", "600", "--json")
		stdout, _ := c.StdoutPipe()
		stderr, _ := c.StderrPipe()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Process.Kill() })
		return c, stdout, stderr
	}
	await := func(r io.Reader, text string) (before string) {
		var seen strings.Builder
		for lines := bufio.NewScanner(r); lines.Scan(); {
			if strings.Contains(lines.Text(), text) {
				return seen.String()
			}
			seen.WriteString(lines.Text() + "\n")
		}
		t.Fatalf("never said %q:\n%s", text, seen.String())
		return ""
	}
	for _, part := range []string{"20 %", "50 %", "90 %"} {
		c, _, stderr := start()
		await(stderr, part)
		c.Process.Kill()
		c.Wait()
	}
	first := readDemoFile(t, dir)
	c, stdout, stderr := start()
	go io.Copy(io.Discard, stderr)
	var printed demo.File
	if err := json.Unmarshal([]byte(await(stdout, "ready http://127.0.0.1:")), &printed); err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(readDemoFile(t, dir), printed); d != "" || strings.HasSuffix(printed.URL, ":0") {
		t.Errorf("printed %s (-file +printed)\n%s", printed.URL, d)
	}
	if d := gocmp.Diff(first.Accounts, printed.Accounts); d != "" || first.VKey != printed.VKey {
		t.Errorf("accounts or key changed\n%s", d)
	}
	c.Process.Signal(syscall.SIGTERM)
	if err := c.Wait(); err != nil {
		t.Errorf("did not leave cleanly: %v", err)
	}
	if out, err := exec.Command(luoshi, "audit", "--db", "sqlite:"+filepath.Join(dir, "luoshi.db")).CombinedOutput(); err != nil {
		t.Errorf("audit: %v\n%s", err, out)
	}
}

func readDemoFile(t *testing.T, dir string) demo.File {
	t.Helper()
	path := filepath.Join(dir, "demo.json")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f demo.File
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("demo.json: %v %v", info.Mode(), err)
	}
	for _, a := range f.Accounts {
		if a.Login == "" || len(a.Password) < 8 || a.Token == "" || a.Role == "" || a.Unit == "" {
			t.Errorf("account %+v is not complete", a)
		}
	}
	if len(f.Accounts) < 10 || f.URL == "" || f.VKey == "" {
		t.Errorf("demo.json is not complete: %s", b)
	}
	return f
}

func TestDemoRefusesWhatItCannotUse(t *testing.T) {
	for _, args := range [][]string{{"--matters", "-1"}, {"--listen", "8080"}, {"--dir", ""}, {"extra"}} {
		if code, out, errs := call(append([]string{"demo"}, args...)...); code != exitMisuse || out != "" || errs == "" {
			t.Errorf("%v: exit %d, %s%s", args, code, out, errs)
		}
	}
}
