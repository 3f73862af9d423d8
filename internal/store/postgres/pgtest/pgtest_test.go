package pgtest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestMain lets the test binary run as a program whose cluster is left alone: see
// TestAKilledProcessLeavesNothingBehind.
func TestMain(m *testing.M) {
	if os.Getenv("PGTEST_ABANDON") == "" {
		os.Exit(m.Run())
	}
	c, err := Launch()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(c.Folder())
	select {}
}

// value asks one question over a connection of its own.
func value[T any](t *testing.T, address, question string) T {
	t.Helper()
	v, err := ask[T](t.Context(), address, question)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ask[T any](ctx context.Context, address, question string) (v T, err error) {
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return v, err
	}
	defer c.Close(ctx)
	return v, c.QueryRow(ctx, question).Scan(&v)
}

func TestEveryURLIsAnotherLogOfOneDatabase(t *testing.T) {
	a, logA, _ := strings.Cut(URL(t), "&luoshi_log=")
	b, logB, _ := strings.Cut(URL(t), "&luoshi_log=")
	if a != b || logA == logB || logA == "" || logB == "" {
		t.Errorf("%s and %s", logA, logB)
	}
	runtime.GC() // what nobody holds is closed by it: the server must not be
	runtime.GC()
	time.Sleep(100 * time.Millisecond)
	if name := value[string](t, a, "SELECT current_database()"); !strings.HasPrefix(name, "luoshi_test_") {
		t.Errorf("the database is %s", name)
	}
}

func TestADatabaseIsEmptyAndGoneAfterItsTest(t *testing.T) {
	var address string
	t.Run("while it lasts", func(t *testing.T) {
		address = Database(t)
		if n := value[int](t, address, "SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public'"); n != 0 {
			t.Errorf("it has %d tables", n)
		}
	})
	if _, err := ask[int](t.Context(), address, "SELECT 1"); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("after the test: %v", err)
	}
}

func TestAKilledClusterComesBackWithItsPortAndData(t *testing.T) {
	began := time.Now()
	c := Start(t, "fsync=on")
	t.Logf("started in %v", time.Since(began))
	if got := value[string](t, c.URL("postgres"), "SELECT current_setting('fsync')"); got != "on" {
		t.Errorf("fsync is %s", got)
	}
	address := c.Database(t)
	if err := execute(address, "CREATE TABLE kept AS SELECT 7 AS n"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		c.Kill()
		if _, err := ask[int](t.Context(), address, "SELECT 1"); err == nil {
			t.Fatal("a killed server answers")
		}
		c.Restart(t)
		if n := value[int](t, address, "SELECT n FROM kept"); n != 7 {
			t.Errorf("%d", n)
		}
	}
}

func TestAClusterIsPrivateAndDoesNotOrderTextByItsBytes(t *testing.T) {
	c := Start(t)
	if _, err := ask[int](t.Context(), strings.Replace(c.URL("postgres"), c.Password, "wrong", 1), "SELECT 1"); err == nil || !strings.Contains(err.Error(), "28P01") {
		t.Errorf("with a wrong password: %v", err)
	}
	if !value[bool](t, c.Database(t), "SELECT '中' > '阿' AND '中' < '阿' COLLATE \"C\"") {
		t.Error("a forgotten collation would not be found")
	}
}

func TestACopyOfTheDataFolderIsServed(t *testing.T) {
	c := Start(t)
	copied := filepath.Join(c.Folder(), "copy")
	if out, err := c.Command("pg_basebackup", "-d", c.URL("postgres"), "-D", copied, "-c", "fast", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f := c.Fork(t, copied)
	if f.Port == c.Port || value[int](t, f.URL("postgres"), "SELECT 1") != 1 {
		t.Errorf("port %d beside %d", f.Port, c.Port)
	}
}

func TestAKilledProcessLeavesNothingBehind(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PGTEST_ABANDON=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	dir, err := bufio.NewReader(out).ReadString('\n')
	dir = strings.TrimSpace(dir)
	if err != nil || !strings.Contains(dir, prefix) {
		t.Fatalf("%q %v", dir, err)
	}
	address := pidFile(t, dir)
	if value[int](t, address, "SELECT 1") != 1 {
		t.Error("the cluster does not answer")
	}
	cmd.Process.Kill()
	cmd.Wait()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		_, gone := os.Stat(dir)
		_, silent := ask[int](t.Context(), address, "SELECT 1")
		if os.IsNotExist(gone) && silent != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after ten seconds: folder %v, server %v", gone, silent)
		}
	}
}

// pidFile reads where the server in dir listens, and its password.
func pidFile(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	password, err := os.ReadFile(filepath.Join(dir, "password"))
	if err != nil {
		t.Fatal(err)
	}
	port := strings.Split(string(b), "\n")[3]
	return "postgres://postgres:" + strings.TrimSpace(string(password)) + "@127.0.0.1:" + port + "/postgres?sslmode=disable"
}

func TestFoldersOfDeadProcessesAreRemoved(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	make := func(name string, age time.Duration) string {
		dir := filepath.Join(tmp, prefix+name)
		if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	dead, young, living := make("dead", time.Hour), make("young", time.Second), make("living", time.Hour)
	f, err := lock(living)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.Chtimes(living, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	removeStale()
	for dir, want := range map[string]bool{dead: false, young: true, living: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: %v", filepath.Base(dir), err)
		}
	}
}
