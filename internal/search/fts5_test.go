package search

import (
	"database/sql"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// The package promises that its tokens go through FTS5's ascii tokenizer
// unchanged, also unquoted and also those that SQLite's own Unicode tables do
// not know.
func TestFTS5FindsWhatWasIndexed(t *testing.T) {
	db, err := sql.Open("sqlite", "file::memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE VIRTUAL TABLE ft USING fts5(tokens, tokenize = 'ascii', detail = none)`); err != nil {
		t.Fatal(err)
	}
	texts := []string{
		"邻里噪音纠纷,请求调解", "AND or NOT near(水) \"管\" *", "编号 2026-00000123-5", "𰻝𬉼面馆油烟", "Café İstanbul ½ ①",
	}
	for i, s := range texts {
		if _, err := db.Exec(`INSERT INTO ft(rowid, tokens) VALUES (?, ?)`, i+1, strings.Join(Tokens(s), " ")); err != nil {
			t.Fatal(err)
		}
	}
	for i, queries := range [][]string{
		{"噪音", "调解", "邻", texts[0]}, {"and OR not", "NEAR", "管", texts[1]}, {"2026-00000123-5", "00000123", "2026000001235"},
		{"𰻝𬉼", "油烟 面馆"}, {"café", "CAFÉ istanbul", "1"},
	} {
		for _, q := range queries {
			var got int
			err := db.QueryRow(`SELECT rowid FROM ft WHERE ft MATCH ? ORDER BY rowid LIMIT 1`, strings.Join(Query(q), " ")).Scan(&got)
			if err != nil || got != i+1 {
				t.Errorf("%q finds row %d (%v), want %d; asked for %q", q, got, err, i+1, Query(q))
			}
		}
	}
}
