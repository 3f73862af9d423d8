package operations_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a program or a database may take for one thing. They take far less, but not on a machine that is busy
// with much else.
const patience = 2 * time.Minute

// process is a program that runs beside the test.
type process struct {
	cmd    *exec.Cmd
	url    string // of a server, from its line "ready"
	stderr bytes.Buffer
	client *http.Client
}

// launch starts a command and waits for its line "ready URL" on standard output. It ends with the test.
func launch(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, client: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
	cmd.Stderr = &p.stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
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
			p.kill()
			t.Fatalf("it says %q instead of ready: %s", line, &p.stderr)
		}
		p.url = url
	case <-time.After(patience):
		p.kill()
		t.Fatalf("not ready: %s", &p.stderr)
	}
	return p
}

// serve starts a build of the program as a node. The database may be of either kind.
func serve(t testing.TB, program, db, key, listen string) *process {
	t.Helper()
	return launch(t, exec.Command(program, "serve", "--db", db, "--key", key, "--listen", listen))
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
func (p *process) stop(t testing.TB) {
	t.Helper()
	must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v: %s", err, &p.stderr)
	}
	p.client.CloseIdleConnections()
}

// refused starts a build of the program that must not start, and gives what it says.
func refused(t testing.TB, program, db, key string) string {
	t.Helper()
	cmd := exec.Command(program, "serve", "--db", db, "--key", key, "--listen", "127.0.0.1:0")
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	must(t, cmd.Start())
	timer := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 1 || out.Len() > 0 {
		t.Errorf("exit code %d, %s%s", code, &out, &stderr)
	}
	return stderr.String()
}

// free is an address that nobody listens on.
func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// answer is a response, its body decoded as far as tests ask for it.
type answer struct {
	status  int
	raw     []byte
	Number  string          `json:"number"`
	Code    string          `json:"query_code"`
	Receipt json.RawMessage `json:"receipt"`
	State   string          `json:"state"`
	Version int             `json:"version"`
}

// send posts a request with its idempotency key, and a token unless it is empty. An error means that no whole
// answer came back.
func send(client *http.Client, url, key, token string, body any) (answer, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequest("POST", url, bytes.NewReader(b))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	return do(client, req, token)
}

// get reads with a token.
func get(client *http.Client, url, token string) (answer, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return answer{}, err
	}
	return do(client, req, token)
}

func do(client *http.Client, req *http.Request, token string) (answer, error) {
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(res.Body); err != nil {
		return answer{}, fmt.Errorf("the answer broke off: %w", err)
	}
	a := answer{status: res.StatusCode, raw: buf.Bytes()}
	return a, json.Unmarshal(a.raw, &a)
}

// unitCode is the office of offices (see units.csv in doc/operations.md) that matters are lodged with.
const unitCode = "140105-sf"

// lodging is a body for POST /v1/matters.
func lodging(title string) map[string]any {
	return map[string]any{"procedure": "people-mediation", "unit": unitCode, "title": title,
		"fields":  map[string]any{"kind": "neighbour", "facts": "楼上漏水。", "request": "请修好。"},
		"parties": []map[string]any{{"role": "applicant", "name": "张三", "phone": "13800000001"}}}
}

// lodge lodges matters one after the other and gives the answers; each must be recorded.
func (p *process) lodge(t testing.TB, prefix string, n int) []answer {
	t.Helper()
	var all []answer
	for i := range n {
		key := fmt.Sprintf("%s %d", prefix, i)
		a, err := send(p.client, p.url+"/v1/matters", key, "", lodging(key))
		if err != nil || a.status != 201 {
			t.Fatalf("%s: %d %s %v: %s", key, a.status, a.raw, err, &p.stderr)
		}
		all = append(all, a)
	}
	return all
}

// read gets a page that must be there, such as /healthz.
func (p *process) read(t testing.TB, path string) []byte {
	t.Helper()
	res, err := p.client.Get(p.url + path)
	must(t, err)
	defer res.Body.Close()
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(res.Body); err != nil || res.StatusCode != 200 {
		t.Fatalf("%s: %d %s %v", path, res.StatusCode, &buf, err)
	}
	return buf.Bytes()
}

// report is what `luoshi audit --json` prints.
type report struct {
	OK      bool  `json:"ok"`
	Entries int64 `json:"entries"`
	Matters int64 `json:"matters"`
	Faults  []struct{ Kind, Text string }
}

// audit runs a build's audit; more are further arguments.
func audit(t testing.TB, program, db, vkey string, more ...string) report {
	t.Helper()
	args := append([]string{"audit", "--db", db, "--key", vkey, "--json"}, more...)
	out, err := exec.Command(program, args...).Output()
	var r report
	if jsonErr := json.Unmarshal(out, &r); jsonErr != nil {
		var said []byte
		if failed, ok := err.(*exec.ExitError); ok {
			said = failed.Stderr
		}
		t.Fatalf("audit prints %.300q: %v: %s", out, jsonErr, said)
	}
	if r.OK != (err == nil) {
		t.Errorf("audit says %v and ends with %v", r.OK, err)
	}
	return r
}

// green audits, and nothing may be wrong.
func green(t testing.TB, program, db, vkey string, more ...string) report {
	t.Helper()
	r := audit(t, program, db, vkey, more...)
	if !r.OK {
		t.Errorf("audit of %s: %+v", db, r.Faults)
	}
	return r
}
