package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Cluster is a PostgreSQL server of its own, which a test may kill and start again. Its port and its password
// stay the same all the while. The superuser is postgres.
type Cluster struct {
	Port     int
	Password string

	programs programs
	home     *home  // the folder it lives in, with its watchdog
	data     string // the data folder
	settings []string
	cmd      *exec.Cmd
	ended    chan struct{} // closed when cmd has ended
}

// Start starts a private cluster, also where LUOSHI_TEST_POSTGRES names a server, and ends it with the test.
// Settings are lines of postgresql.conf, for example "fsync=on".
func Start(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	c, err := Launch(settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.End)
	return c
}

// Launch is Start without a test: End ends the cluster, and if nobody calls it, the end of the process does, or
// that nobody holds the Cluster any more.
func Launch(settings ...string) (*Cluster, error) {
	p, err := findPrograms()
	if err != nil {
		return nil, err
	}
	h, err := newHome(p)
	if err != nil {
		return nil, err
	}
	c := &Cluster{Password: random(), programs: p, home: h, data: filepath.Join(h.dir, "data"), settings: settings}
	if err := c.initialize(); err != nil {
		h.end()
		return nil, err
	}
	if err := c.listen(); err != nil {
		h.end()
		return nil, err
	}
	return c, nil
}

// Fork starts a second server on a data folder that a test has made with this cluster's programs inside
// Folder, for example by pg_basebackup. It has the same superuser and password, another port, and ends with
// the test.
func (c *Cluster) Fork(t testing.TB, data string, settings ...string) *Cluster {
	t.Helper()
	f := &Cluster{Password: c.Password, programs: c.programs, home: c.home, data: data, settings: settings}
	if err := f.listen(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Kill)
	return f
}

// initialize makes the data folder.
func (c *Cluster) initialize() error {
	secret := filepath.Join(c.home.dir, "password")
	if err := os.WriteFile(secret, []byte(c.Password+"\n"), 0o600); err != nil {
		return err
	}
	if err := c.programs.own(secret); err != nil {
		return err
	}
	cmd := c.Command("initdb", "--pgdata="+c.data, "--username=postgres", "--pwfile="+secret, "--auth=scram-sha-256",
		"--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=zh", "--no-sync", "--no-instructions")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s(the folder must be one that the user of PostgreSQL can reach: set TMPDIR if it is not)", err, out)
	}
	return nil
}

// listen finds a free port and starts the server on it. Between the two somebody else may take the port.
func (c *Cluster) listen() error {
	var err error
	for range 5 {
		l, lerr := net.Listen("tcp", "127.0.0.1:0")
		if lerr != nil {
			return lerr
		}
		c.Port = l.Addr().(*net.TCPAddr).Port
		l.Close()
		if err = c.run(); err == nil || !strings.Contains(c.Log(), "Address already in use") {
			return err
		}
	}
	return err
}

// quick are the settings of every cluster: private, small, and without waiting for the disk.
func quick() []string {
	return []string{"listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "full_page_writes=off",
		"max_connections=400", "shared_buffers=64MB", "max_wal_size=256MB"}
}

// run starts the server and waits until it answers.
func (c *Cluster) run() error {
	args := []string{"-D", c.data, "-p", strconv.Itoa(c.Port)}
	for _, s := range append(quick(), c.settings...) {
		args = append(args, "-c", s)
	}
	log, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c.cmd = c.Command("postgres", args...)
	c.cmd.Stdout, c.cmd.Stderr = log, log
	if err := c.cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	c.ended = ended
	go func(cmd *exec.Cmd) {
		cmd.Wait()
		close(ended)
	}(c.cmd)
	if err := c.wait(); err != nil {
		c.Kill()
		return fmt.Errorf("PostgreSQL does not start: %w\n%s", err, c.Log())
	}
	return nil
}

// wait returns when the server takes connections.
func (c *Cluster) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.Code != "57P03" { // 57P03: it is starting up
			return err
		}
		select {
		case <-c.ended:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// URL is the address of a database of the cluster, with superuser and password.
func (c *Cluster) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword("postgres", c.Password), Path: "/" + database,
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port)), RawQuery: "sslmode=disable"}
	return u.String()
}

// Database makes an empty database and gives its address. It ends with the cluster.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := "luoshi_own_" + random()
	if err := execute(c.URL("postgres"), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return c.URL(name)
}

// Kill ends the server as a power cut would: the main process by SIGKILL and, where /proc tells of them, the others
// too, which would leave by themselves, but might answer somebody before. Elsewhere they leave a moment later.
func (c *Cluster) Kill() {
	if c.cmd == nil {
		return
	}
	others := childrenOf(c.cmd.Process.Pid)
	c.cmd.Process.Kill()
	for _, pid := range others {
		if p, err := os.FindProcess(pid); err == nil {
			p.Kill()
		}
	}
	<-c.ended
	c.cmd = nil
}

// childrenOf lists the processes that a process has started.
func childrenOf(parent int) (children []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		var pid, ppid int
		var state string
		fmt.Sscan(string(b), &pid)
		if _, err := fmt.Sscan(string(b[bytes.LastIndexByte(b, ')')+1:]), &state, &ppid); err == nil && ppid == parent {
			children = append(children, pid)
		}
	}
	return children
}

// Restart starts a killed cluster again, on the same port.
func (c *Cluster) Restart(t testing.TB) {
	t.Helper()
	c.Kill()
	var err error
	for range 50 { // until the last process of the killed server has let go of its shared memory
		if err = c.run(); err == nil || !strings.Contains(err.Error(), "is still in use") {
			break
		}
		os.Truncate(c.logFile(), 0)
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// End ends the server and removes its folder.
func (c *Cluster) End() {
	c.Kill()
	c.home.end()
}

// Log is what the server has said since it was started first.
func (c *Cluster) Log() string {
	b, err := os.ReadFile(c.logFile())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (c *Cluster) logFile() string { return c.data + ".log" }

// Folder is a place where both the test and the programs of PostgreSQL may write; it goes with the cluster.
func (c *Cluster) Folder() string { return c.home.dir }

// Command is a program of this PostgreSQL, such as pg_basebackup, run by the user the cluster runs as and in a
// process group of its own, so that Ctrl-C in a terminal reaches only the tests.
func (c *Cluster) Command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.programs.dir, name), args...)
	cmd.Dir = c.home.dir
	cmd.Env = append(os.Environ(), "PGPASSWORD="+c.Password, "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: c.programs.user}
	return cmd
}
