package transfer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/store/transfer"

	"filippo.io/age"
	"pgregory.net/rapid"
)

func write(t interface{ Fatal(...any) }, src transfer.Source, to ...age.Recipient) []byte {
	var buf bytes.Buffer
	_, err := transfer.Write(context.Background(), &buf, src, transfer.Backup{Program: "v1", VKeys: []string{"k"}, Recipients: to, Now: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestABackupGivesBackWhatItWasMadeFrom(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	must(t, err)
	rapid.Check(t, func(t *rapid.T) {
		src, dst := filled(t), empty()
		var to []age.Recipient
		var with []age.Identity
		if rapid.Bool().Draw(t, "encrypted") {
			to, with = []age.Recipient{id.Recipient()}, []age.Identity{id}
		}
		file := write(t, src, to...)
		r, err := transfer.Open(bytes.NewReader(file), with...)
		if err != nil {
			t.Fatal(err)
		}
		if r.Header.Origin != src.head.Origin || r.Header.Size != 3 || r.Header.Checkpoint != "signed" || r.Header.Program != "v1" || r.Header.VKeys[0] != "k" {
			t.Fatalf("header %+v", r.Header)
		}
		if _, err := transfer.Copy(context.Background(), r, dst, nil); err != nil {
			t.Fatal(err)
		}
		if err := r.End(); err != nil {
			t.Fatal(err)
		}
		same(t, src, dst)
	})
}

func TestARestoreCutOffGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, dst := filled(t), empty()
		file := write(t, src)
		for err := errCut; err != nil; {
			dst.fail = rapid.IntRange(0, 4).Draw(t, "fails after")
			r, openErr := transfer.Open(bytes.NewReader(file))
			if openErr != nil {
				t.Fatal(openErr)
			}
			if _, err = transfer.Copy(context.Background(), r, dst, nil); err != nil && !errors.Is(err, errCut) {
				t.Fatal(err)
			}
		}
		same(t, src, dst)
	})
}

// sample is a small backup with something in every kind of column.
func sample(t testing.TB) *memory {
	t.Helper()
	m := empty()
	m.head = transfer.Head{Origin: "example.org/log", Size: 1, Checkpoint: []byte("signed"), Schema: 1}
	m.rows["unit"] = []transfer.Row{{"a", "", "county", "{}", "", "", "[]"}, {"b", "a", "office", "{}", "", "", "[]"}}
	m.rows["entry"] = []transfer.Row{{int64(0), int64(202600000001), int64(1), []byte(`{"a":1}`), []byte("salt"), []byte(nil), []byte(nil), []byte("c"), []byte{}}}
	m.rows["tally"] = []transfer.Row{{"a", "p", "s", true, int64(1)}}
	return m
}

func read(b []byte, ids ...age.Identity) error {
	r, err := transfer.Open(bytes.NewReader(b), ids...)
	if err != nil {
		return err
	}
	return r.Verify(context.Background())
}

func TestADamagedBackupIsRefused(t *testing.T) {
	whole := write(t, sample(t))
	must(t, read(whole))
	t.Run("cut off anywhere", func(t *testing.T) {
		for n := range whole {
			if err := read(whole[:n]); !errors.As(err, new(*transfer.Damage)) {
				t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
			}
		}
		if err := read(whole[:len(whole)/2]); !strings.Contains(err.Error(), "cut off") {
			t.Error(err)
		}
	})
	t.Run("with something behind its end", func(t *testing.T) {
		for _, more := range []string{"x", string(whole)} {
			if err := read(append(bytes.Clone(whole), more...)); !errors.As(err, new(*transfer.Damage)) {
				t.Error(err)
			}
		}
	})
	t.Run("with any byte of its content changed", func(t *testing.T) {
		plain := unzip(t, whole)
		for i := range plain {
			bad := bytes.Clone(plain)
			bad[i] ^= 1
			if err := read(zip(t, bad)); !errors.As(err, new(*transfer.Damage)) {
				t.Fatalf("byte %d of %d: %v", i, len(plain), err)
			}
		}
	})
	t.Run("cut off before it was compressed", func(t *testing.T) {
		plain := unzip(t, whole)
		for n := range plain {
			if err := read(zip(t, plain[:n])); !errors.As(err, new(*transfer.Damage)) {
				t.Fatalf("%d of %d bytes: %v", n, len(plain), err)
			}
		}
	})
}

func unzip(t testing.TB, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	must(t, err)
	out, err := io.ReadAll(r)
	must(t, err)
	return out
}

func zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err := w.Write(b)
	must(t, errors.Join(err, w.Close()))
	return buf.Bytes()
}

func TestAForeignFileIsRefusedWithItsReason(t *testing.T) {
	mine, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	pass, err := age.NewScryptIdentity("wrong")
	must(t, err)
	sealed := write(t, sample(t), mine.Recipient())
	newer := strings.Replace(string(unzip(t, write(t, sample(t)))), "luoshi-backup/1", "luoshi-backup/9", 1)
	schema := strings.Replace(string(unzip(t, write(t, sample(t)))), `"successors"`, `"successor"`, 1)
	for _, c := range []struct {
		name string
		file []byte
		ids  []age.Identity
		want string
	}{
		{"an empty file", nil, nil, "empty"},
		{"a text", []byte("hello, this is a text that is no backup"), nil, "no backup"},
		{"something else compressed", zip(t, []byte("hello\nworld\n")), nil, "no header"},
		{"something endless compressed", zip(t, bytes.Repeat([]byte("x"), 2<<20)), nil, "no header"},
		{"a newer form", zip(t, []byte(newer)), nil, `form "luoshi-backup/9"`},
		{"other tables", zip(t, []byte(schema)), nil, "program version v1"},
		{"an encrypted one without a key", sealed, nil, "--identity FILE"},
		{"one encrypted with another key", sealed, []age.Identity{other}, "another key"},
		{"one encrypted with a key, with a passphrase", sealed, []age.Identity{pass}, "another key"},
		{"an encrypted one that was changed", flip(sealed, len(sealed)-20), []age.Identity{mine}, "damaged"},
		{"an encrypted one that was cut off", sealed[:len(sealed)-20], []age.Identity{mine}, "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := read(c.file, c.ids...)
			if !errors.As(err, new(*transfer.Damage)) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	must(t, read(sealed, mine))
}

func flip(b []byte, i int) []byte {
	out := bytes.Clone(b)
	out[i] ^= 1
	return out
}

func TestKeysOfABackup(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	id, err := age.GenerateX25519Identity()
	must(t, err)
	identity, pass, wrong := file("id", id.String()+"\n"), file("pass", "three brown dogs\nmore\n"), file("wrong", "two\n")
	t.Run("a recipient's identity opens it", func(t *testing.T) {
		for _, given := range [][2]string{{id.Recipient().String(), ""}, {"", file("to", "# operators\n"+id.Recipient().String()+"\n")}} {
			var names []string
			if given[0] != "" {
				names = given[:1]
			}
			to, err := transfer.Recipients(names, given[1], "")
			must(t, err)
			ids, err := transfer.Identities(identity, "")
			must(t, err)
			must(t, read(write(t, sample(t), to...), ids...))
		}
	})
	t.Run("a passphrase opens it and another does not", func(t *testing.T) {
		to, err := transfer.Recipients(nil, "", pass)
		must(t, err)
		b := write(t, sample(t), to...)
		ids, err := transfer.Identities("", pass)
		must(t, err)
		must(t, read(b, ids...))
		ids, err = transfer.Identities("", wrong)
		must(t, err)
		if err := read(b, ids...); err == nil || !strings.Contains(err.Error(), "another key") {
			t.Error(err)
		}
	})
	t.Run("what is no key is refused", func(t *testing.T) {
		for _, c := range []struct {
			given      []string
			file, pass string
			want       string
		}{
			{[]string{"age1nonsense"}, "", "", "no age recipient"},
			{nil, file("none", "hello\n"), "", "no list of age recipients"},
			{nil, filepath.Join(dir, "missing"), "", "no such file"},
			{nil, "", file("blank", "\nsecret"), "no passphrase"},
			{[]string{id.Recipient().String()}, "", pass, "not both"},
		} {
			if _, err := transfer.Recipients(c.given, c.file, c.pass); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		}
		if _, err := transfer.Identities(file("public", id.Recipient().String()), ""); err == nil || !strings.Contains(err.Error(), "no file of age identities") {
			t.Error(err)
		}
	})
}

func TestAFileAppearsOnlyWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "b")
	f, err := transfer.Create(path, false)
	must(t, err)
	if _, err := transfer.Create(path, false); err == nil || !strings.Contains(err.Error(), "another backup is writing") {
		t.Errorf("a second writer: %v", err)
	}
	_, err = f.WriteString("first")
	must(t, err)
	if _, err := os.Stat(path); err == nil {
		t.Error("the file has its name before it is whole")
	}
	must(t, f.Keep())
	at, err := os.Stat(path)
	must(t, err)
	if at.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", at.Mode())
	}
	if _, err := transfer.Create(path, false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("a file that is there: %v", err)
	}
	f, err = transfer.Create(path, true)
	must(t, err)
	_, err = f.WriteString("second, which fails")
	must(t, errors.Join(err, f.Drop()))
	left, err := os.ReadDir(dir)
	must(t, err)
	if b, _ := os.ReadFile(path); string(b) != "first" || len(left) != 1 {
		t.Errorf("%q, %v", b, left)
	}
	must(t, os.WriteFile(path+".partial", []byte("what a killed process left"), 0o600))
	f, err = transfer.Create(path, true)
	must(t, err)
	must(t, f.Keep())
	if b, _ := os.ReadFile(path); len(b) != 0 {
		t.Errorf("%q", b)
	}
}

func FuzzReader(f *testing.F) {
	whole := write(f, sample(f))
	f.Add(unzip(f, whole), true)
	f.Add(whole, false)
	f.Add([]byte("age-encryption.org/v1\n-> X25519 a\n"), false)
	f.Fuzz(func(t *testing.T, b []byte, plain bool) {
		if plain {
			b = zip(t, b)
		}
		if err := read(b); err != nil && !errors.As(err, new(*transfer.Damage)) {
			t.Errorf("%v is no word on what is wrong with the file", err)
		}
	})
}
