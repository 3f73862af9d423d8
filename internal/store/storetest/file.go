package storetest

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// bytesOf are n bytes that look like nothing else.
func bytesOf(n int, seed uint64) []byte {
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	b := make([]byte, n)
	_, _ = r.Read(b)
	return b
}

// upload is a file as it is sent; it expires a day after the first.
func upload(id string, data []byte) casework.Upload {
	return casework.Upload{File: procedure.File{ID: id, Name: "裂缝 😀.jpg", MediaType: "image/jpeg", Kind: "image", SHA256: "ab", Size: int64(len(data))},
		Expires: dayOne().Add(24 * time.Hour).Local()}
}

func (b *bench) put(t testing.TB, id string, data []byte) {
	t.Helper()
	must(t, b.PutFile(background(), upload(id, data), data))
}

// naming is the change with files that its entry names for the first time.
func naming(c *casework.Change, ids ...string) *casework.Change {
	c.Files, c.Fresh = ids, ids
	return c
}

func filesKept(t *testing.T, b *bench) {
	for n, size := range []int{1, casework.FilePart - 1, casework.FilePart, casework.FilePart + 1, 3*casework.FilePart + 7} {
		id, data := string(rune('a'+n)), bytesOf(size, uint64(n))
		b.put(t, id, data)
		got, err := b.FileData(background(), id)
		must(t, err)
		if !bytes.Equal(got, data) {
			t.Errorf("%d bytes come back as %d others", size, len(got))
		}
		u, err := b.Upload(background(), id)
		must(t, err)
		if d := cmp.Diff(upload(id, data), u); d != "" {
			t.Error(d)
		}
	}
	b.put(t, "a", bytesOf(1, 0)) // sent again
	_, err := b.Upload(background(), "none")
	wantErr(t, err, casework.ErrNotFound)
	_, err = b.FileData(background(), "none")
	wantErr(t, err, casework.ErrNotFound)
}

func filesOnce(t *testing.T, b *bench) {
	b.put(t, "a", []byte("one"))
	b.put(t, "b", []byte("two"))
	b.commit(t, naming(lodge(t, 1, spec{}), "a", "b"))
	if u, err := b.Upload(background(), "a"); err != nil || !u.Expires.IsZero() {
		t.Errorf("named, it still expires at %v (%v)", u.Expires, err)
	}
	b.put(t, "c", []byte("three"))
	for _, ids := range [][]string{{"a"}, {"c", "a"}, {"none"}} {
		_, err := b.Commit(background(), naming(lodge(t, 2, spec{}), ids...))
		wantErr(t, err, casework.ErrFileUsed)
	}
	if u, err := b.Upload(background(), "c"); err != nil || u.Expires.IsZero() {
		t.Errorf("a refused change took a file (%v)", err)
	}
	if _, err := b.Store.Matter(background(), lodge(t, 2, spec{}).Matter.Number); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a refused change left a matter: %v", err)
	}
	b.commit(t, naming(lodge(t, 2, spec{}), "c"))
	key := lodge(t, 3, spec{})
	key.Key = hash("key")
	b.put(t, "d", []byte("four"))
	b.commit(t, naming(key, "d"))
	again := lodge(t, 4, spec{})
	again.Key = hash("key")
	_, err := b.Commit(background(), naming(again, "d"))
	wantErr(t, err, casework.ErrKeyUsed) // a repeat is told apart from a file that is gone
}

func filesRace(t *testing.T, b *bench) {
	b.put(t, "a", []byte("one"))
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for n := range 16 {
		c := naming(lodge(t, n+1, spec{}), "a")
		wg.Go(func() {
			_, err := b.Commit(background(), c)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, casework.ErrFileUsed) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d entries came to name it", won)
	}
}

func filesExpire(t *testing.T, b *bench) {
	data := bytesOf(casework.FilePart+1, 3)
	b.put(t, "a", data)
	b.put(t, "b", data)
	b.commit(t, naming(lodge(t, 1, spec{}), "b"))
	waiting := func(want int) {
		t.Helper()
		if n, err := b.Waiting(background()); err != nil || n != int64(want) {
			t.Errorf("%d bytes wait, not %d (%v)", n, want, err)
		}
	}
	drop := func(at time.Duration, want int) {
		t.Helper()
		if n, err := b.DropUploads(background(), dayOne().Add(at)); err != nil || n != want {
			t.Errorf("%d are removed, not %d (%v)", n, want, err)
		}
	}
	waiting(len(data))
	drop(24*time.Hour-time.Millisecond, 0)
	drop(24*time.Hour, 1)
	drop(48*time.Hour, 0)
	waiting(0)
	_, err := b.FileData(background(), "a")
	wantErr(t, err, casework.ErrNotFound)
	_, err = b.Commit(background(), naming(lodge(t, 2, spec{}), "a"))
	wantErr(t, err, casework.ErrFileUsed)
	if got, err := b.FileData(background(), "b"); err != nil || !bytes.Equal(got, data) {
		t.Errorf("one that an entry names is gone (%v)", err)
	}
	b.put(t, "a", data) // the same file again
	waiting(len(data))
}

func filesErased(t *testing.T, b *bench) {
	b.put(t, "a", []byte("one"))
	b.put(t, "b", []byte("two"))
	first := naming(lodge(t, 1, spec{}), "a", "b")
	b.commit(t, first)
	second := lodge(t, 2, spec{})
	second.Files = []string{"a"} // handed on
	b.commit(t, second)
	erase := func(m *casework.Matter, ids ...string) {
		t.Helper()
		c := step(t, m, spec{state: "closed", ended: true})
		c.Erase, c.Release = []int{1}, ids
		b.commit(t, c)
	}
	has := func(want ...string) {
		t.Helper()
		var got []string
		for _, id := range []string{"a", "b"} {
			_, err := b.FileData(background(), id)
			_, err2 := b.Upload(background(), id)
			if (err == nil) != (err2 == nil) {
				t.Errorf("of %s only a part is there: %v, %v", id, err, err2)
			}
			if err == nil {
				got = append(got, id)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	has("a", "b")
	erase(first.Matter, "a", "b")
	has("a")
	erase(second.Matter, "a")
	has()
}
