package ledger

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func TestKeyIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.key")
	made, err := LoadOrCreateKey(path, testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %04o", info.Mode().Perm())
	}
	loaded, err := LoadOrCreateKey(path, testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.VerifierKey() != made.VerifierKey() || loaded.Name() != testOrigin {
		t.Errorf("loaded %s, made %s", loaded.VerifierKey(), made.VerifierKey())
	}
	signed, err := loaded.SignCheckpoint(testOrigin, 1, tlog.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(signed, made.VerifierKey()); err != nil {
		t.Error(err)
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

func TestConcurrentStartsAgreeOnOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.key")
	vkeys := make([]string, 8)
	var wg sync.WaitGroup
	for i := range vkeys {
		wg.Go(func() {
			k, err := LoadOrCreateKey(path, testOrigin)
			if err != nil {
				t.Error(err)
				return
			}
			vkeys[i] = k.VerifierKey()
		})
	}
	wg.Wait()
	for _, v := range vkeys {
		if v != vkeys[0] {
			t.Fatalf("two keys: %s and %s", v, vkeys[0])
		}
	}
}

func TestKeyFileIsRefused(t *testing.T) {
	secret := newKey(t, testOrigin).secret
	for name, c := range map[string]struct {
		content string
		mode    os.FileMode
		want    string
	}{
		"readable by the group": {secret, 0o640, "chmod 600"},
		"writable by others":    {secret, 0o602, "chmod 600"},
		"empty":                 {"", 0o600, "empty"},
		"damaged":               {secret[:len(secret)-4], 0o600, "damaged"},
		"two lines":             {secret + "\n" + secret, 0o600, "damaged"},
		"another log's":         {newKey(t, "other.example").secret, 0o600, "belongs to the log"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log.key")
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			_, err := LoadOrCreateKey(path, testOrigin)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), secret[len(secret)-20:]) {
				t.Error("the error shows the secret")
			}
			if kept, _ := os.ReadFile(path); string(kept) != c.content {
				t.Error("the file was changed")
			}
		})
	}
	t.Run("folder missing", func(t *testing.T) {
		if _, err := LoadOrCreateKey(filepath.Join(t.TempDir(), "no", "log.key"), testOrigin); err == nil {
			t.Error("accepted")
		}
	})
}

func TestKeyNames(t *testing.T) {
	for _, name := range []string{"", "a b", "a+b", "a\nb", "a\u202eb", "a\x00", "\xff"} {
		if _, err := NewKey(name); err == nil {
			t.Errorf("%q accepted", name)
		}
	}
	if _, err := NewKey("日志.example/津"); err != nil {
		t.Error(err)
	}
}

func TestPrintingAKeyKeepsItsSecret(t *testing.T) {
	k := newKey(t, testOrigin)
	for _, format := range []string{"%v", "%s", "%+v"} {
		if text := fmt.Sprintf(format, k); strings.Contains(text, "PRIVATE") {
			t.Errorf("%s shows %s", format, text)
		}
	}
}
