// Package fault_test breaks the built program on purpose: it is killed under load, its disk is filled, two
// people act at once. What was acknowledged must be there afterwards, once, and audit must be green.
package fault_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/procedures"
)

// program is the path of the built binary, set once by TestMain.
var program string

func TestMain(m *testing.M) {
	os.Exit(build(m))
}

func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "luoshi-fault-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "luoshi")
	if out, err := exec.Command("go", "build", "-o", program, "luoshi/cmd/luoshi").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
		return 1
	}
	return m.Run()
}

const (
	clerkToken = "token of the clerk"
	headToken  = "token of the head"
)

// patience is how long a program or a database may take for one thing. They take far less, but not on a machine that is busy
// with much else.
const patience = 2 * time.Minute

// database is where a test's matters are: DB and Key of a configuration.
type database struct{ db, key string }

func sqlite(file string) database { return database{db: "sqlite:" + file} }

// arguments are those of every command that takes a database.
func (d database) arguments() []string {
	if d.key == "" {
		return []string{"--db", d.db}
	}
	return []string{"--db", d.db, "--key", d.key}
}

// furnish makes a database with two offices, a clerk and a head, as an operator would.
func furnish(t *testing.T, file string) {
	t.Helper()
	sqlite(file).furnish(t)
}

func (d database) furnish(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB, c.Key = d.db, d.key
	core, err := server.OpenCore(ctx, c, time.Now)
	must(t, err)
	defer core.Close()
	name := map[string]string{"zh": "所", "en": "Office"}
	must(t, core.Service.Store.PutUnits(ctx, []office.Unit{{Code: "c", Kind: "county", Name: name}, {Code: "t", Parent: "c", Kind: "justice-office", Name: name}}))
	for role, token := range map[string]string{"clerk": clerkToken, "head": headToken} {
		a := office.Account{Login: role, Name: role, Grants: []office.Grant{{Role: "clerk", Unit: "t"}, {Role: role, Unit: "t"}}}
		must(t, core.Service.Store.PutAccount(ctx, a, "", office.TokenHash(token)))
	}
	must(t, core.Service.ReloadStaff(ctx))
	must(t, core.Service.PublishFrom(ctx, procedures.FS, "people-mediation"))
}

// process is a running `luoshi serve`.
type process struct {
	cmd    *exec.Cmd
	url    string
	stderr bytes.Buffer
	client *http.Client
}

func start(t *testing.T, file string) *process {
	t.Helper()
	return sqlite(file).start(t)
}

func (d database) start(t *testing.T) *process {
	t.Helper()
	p := &process{client: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
	p.cmd = exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0", "--lapses", "200ms", "--packs", "none"}, d.arguments()...)...)
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	must(t, err)
	must(t, p.cmd.Start())
	t.Cleanup(p.kill)
	lines := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		lines <- line
	}()
	select {
	case line := <-lines:
		url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
		if !ok {
			t.Fatalf("it says %q instead of ready: %s", line, &p.stderr)
		}
		p.url = url
	case <-time.After(patience):
		t.Fatalf("not ready: %s", &p.stderr)
	}
	return p
}

// kill ends the process without any warning. A second time does nothing.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
		p.client.CloseIdleConnections()
	}
}

// stop asks the process to leave, which it must do cleanly.
func (p *process) stop(t *testing.T) {
	t.Helper()
	must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v: %s", err, &p.stderr)
	}
	p.client.CloseIdleConnections()
}

// answer is a response, its body decoded as far as tests ask for it.
type answer struct {
	status  int
	kind    string // content type
	raw     []byte
	Number  string          `json:"number"`
	Code    string          `json:"query_code"`
	Receipt json.RawMessage `json:"receipt"`
	Problem string          `json:"code"`
	Detail  string          `json:"detail"`
	Current *struct {
		Version int    `json:"version"`
		State   string `json:"state"`
	} `json:"current"`
}

// call sends a request. Header pairs are name, value. An error means that no whole answer came back.
func (p *process) call(method, path string, body any, header ...string) (answer, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequest(method, p.url+path, bytes.NewReader(b))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := p.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, kind: res.Header.Get("Content-Type")}
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(res.Body); err != nil {
		return a, err
	}
	a.raw = buf.Bytes()
	if strings.Contains(a.kind, "json") {
		return a, json.Unmarshal(a.raw, &a)
	}
	return a, nil
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// lodging is a body for POST /v1/matters with facts of about the size asked for.
func lodging(title string, size int) map[string]any {
	return map[string]any{"procedure": "people-mediation", "unit": "t", "title": title,
		"fields":  map[string]any{"kind": "neighbour", "facts": "楼上漏水。" + strings.Repeat("x", size), "request": "请修好。"},
		"parties": []map[string]any{{"role": "applicant", "name": "张三", "phone": "13800000001"}}}
}

func (p *process) lodge(title string, size int, key string) (answer, error) {
	return p.call("POST", "/v1/matters", lodging(title, size), "Idempotency-Key", key)
}

// report is what `luoshi audit --json` prints.
type report struct {
	OK      bool  `json:"ok"`
	Entries int64 `json:"entries"`
	Matters int64 `json:"matters"`
	Faults  []struct{ Kind, Matter, Tile, Text string }
}

// audit must be green.
func audit(t *testing.T, file string) report {
	t.Helper()
	return sqlite(file).audit(t)
}

func (d database) audit(t *testing.T) report {
	t.Helper()
	args := []string{"audit", "--db", d.db, "--json"}
	if d.key != "" {
		args = append(args, "--key", strings.TrimSuffix(d.key, ".key")+".vkey")
	}
	out, err := exec.Command(program, args...).Output()
	var r report
	if jsonErr := json.Unmarshal(out, &r); jsonErr != nil {
		t.Fatalf("audit prints %.300q: %v, %v", out, jsonErr, err)
	}
	if !r.OK || err != nil {
		t.Fatalf("audit: %v, %.600s", err, out)
	}
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
