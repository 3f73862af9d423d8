package fault_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// On a disk that is full, lodging is refused with a clear answer, reading goes on, and when there is space
// again everything is as before.
func TestDiskFull(t *testing.T) {
	t.Run("a small file system", func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12m"); err != nil {
			t.Skipf("a file system can be mounted by root only: %v", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		ballast := filepath.Join(dir, "ballast")
		must(t, os.WriteFile(ballast, make([]byte, 6<<20), 0o600))
		fillUp(t, dir, func(*process) {}, func(*process) { must(t, os.Remove(ballast)) })
	})
	t.Run("a limit on the size of files", func(t *testing.T) {
		dir := t.TempDir()
		limit := func(n uint64) func(*process) {
			return func(p *process) { must(t, limitFileSize(p.cmd.Process.Pid, n)) }
		}
		fillUp(t, dir, limit(2<<20), limit(1<<40))
	})
}

// limitFileSize sets the greatest size to which a process may write files, as an administrator's quota would.
func limitFileSize(pid int, n uint64) error {
	lim := syscall.Rlimit{Cur: n, Max: 1 << 41}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&lim)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

func fillUp(t *testing.T, dir string, narrow, widen func(*process)) {
	file := filepath.Join(dir, "luoshi.db")
	furnish(t, file)
	p := start(t, file)
	narrow(p)
	var kept []answer
	var full answer
	for i := range 1000 {
		a, err := p.lodge("正在装满", 19_000, fmt.Sprint("key ", i))
		must(t, err)
		if full = a; a.status != 201 {
			break
		}
		kept = append(kept, a)
	}
	if len(kept) < 5 {
		t.Fatalf("only %d lodgings before the disk is full", len(kept))
	}
	if full.status != 503 || full.kind != "application/problem+json" || full.Problem != "storage-full" || !strings.Contains(full.Detail, "nothing was recorded") {
		t.Fatalf("lodging on a full disk is answered %d %s %s", full.status, full.kind, full.raw)
	}
	t.Logf("full after %d lodgings: %s", len(kept), full.Detail)
	reads(t, p, kept)
	byStaff, err := p.call("GET", "/v1/matters/"+kept[0].Number, nil, bearer(clerkToken)...)
	must(t, err)
	if byStaff.status != 200 {
		t.Errorf("a clerk's reading is answered %d %s", byStaff.status, byStaff.raw)
	}
	again, err := p.lodge("正在装满", 19_000, fmt.Sprint("key ", len(kept)))
	must(t, err)
	if again.status != 503 {
		t.Errorf("lodging again on a full disk is answered %d", again.status)
	}
	widen(p)
	recovered(t, p, len(kept))
	disclosed(t, p, kept[0])
	reads(t, p, kept)
	p.stop(t)
	if r := audit(t, file); r.Matters != int64(len(kept)+1) {
		t.Errorf("%d matters, want %d", r.Matters, len(kept)+1)
	}
	p = start(t, file)
	reads(t, p, kept)
	p.stop(t)
}

// reads reads, as a party, the list and the log.
func reads(t *testing.T, p *process, kept []answer) {
	t.Helper()
	want := func(a answer, err error) {
		t.Helper()
		must(t, err)
		if a.status != 200 {
			t.Errorf("reading is answered %d %.300s", a.status, a.raw)
		}
	}
	for _, k := range []answer{kept[0], kept[len(kept)-1]} {
		party := []string{"Luoshi-Number", k.Number, "Luoshi-Query-Code", k.Code}
		want(p.call("GET", "/v1/matters/"+k.Number, nil, party...))
		want(p.call("GET", "/v1/matters/"+k.Number+"/receipts/1", nil, party...))
	}
	want(p.call("GET", "/v1/matters?q=装满", nil, bearer(clerkToken)...))
	want(p.call("GET", "/log/checkpoint", nil))
	want(p.call("GET", "/healthz", nil))
}

// recovered waits until the same request that was refused goes through, without a restart.
func recovered(t *testing.T, p *process, n int) {
	t.Helper()
	var a answer
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var err error
		a, err = p.lodge("正在装满", 19_000, fmt.Sprint("key ", n))
		must(t, err)
		if a.status == 201 {
			return
		}
	}
	t.Fatalf("with space again lodging is still answered %d %s", a.status, a.raw)
}

// disclosed waits until the reading that could not be written on a full disk is shown to the party.
func disclosed(t *testing.T, p *process, k answer) {
	t.Helper()
	var a answer
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var err error
		a, err = p.call("GET", "/v1/matters/"+k.Number, nil, "Luoshi-Number", k.Number, "Luoshi-Query-Code", k.Code)
		must(t, err)
		if strings.Contains(string(a.raw), `"login":"clerk"`) {
			return
		}
	}
	t.Errorf("the clerk's reading is not shown: %s", a.raw)
}
