package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/storetest"
)

// What is erased is gone from the file itself, not only from what is shown: nobody with a copy of the disk
// reads it. The search index may keep a removed word, without any matter it stood in, until its segments are
// merged; the test merges them, so that nothing else can hide behind that.
func TestErasedWordsAreGoneFromTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "luoshi.db")
	d := storetest.NewDesk(t, openAt(path))
	var nums []string
	for i := range 30 {
		l := d.Example(t, "probe", "t1")
		l.Title = fmt.Sprint("zqtitle matter ", i)
		l.Fields["facts"] = "zqfacts " + string(bytes.Repeat([]byte("long text "), 500))
		l.Parties[0].Name = "zqname"
		out, err := d.Lodge(t.Context(), office.Actor{Resident: true}, l, "")
		if err != nil {
			t.Fatal(err)
		}
		nums = append(nums, out.Matter.Number)
	}
	actor := func(login string) office.Actor { return office.Actor{Account: d.Staff().Accounts[login]} }
	for _, num := range nums {
		d.Take(t, actor("clerk@t1"), num, "finish", func(c *casework.StepCommand) { c.Note = "zqnote" })
		if _, err := d.Erase(t.Context(), actor("head@t1"), num, "a rule"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Store.Close(); err != nil {
		t.Fatal(err)
	}
	raw := openRaw(t, path)
	if _, err := raw.Exec("PRAGMA secure_delete = ON; INSERT INTO search (search) VALUES ('optimize')"); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"zqtitle", "zqfacts", "zqname", "zqnote"} {
			if n := bytes.Count(b, []byte(word)); n > 0 {
				t.Errorf("%s still holds %q %d times", filepath.Base(file), word, n)
			}
		}
	}
}
