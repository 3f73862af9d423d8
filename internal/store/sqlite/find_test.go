package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/search"
	"luoshi/internal/store/listing"
	"luoshi/internal/store/storetest"
)

// However a search is run, it finds the same.
func TestAllWaysOfSearchingAgree(t *testing.T) {
	ctx := context.Background()
	var s *Store
	d := storetest.NewDesk(t, func(t testing.TB, key *ledger.Key) casework.Store {
		s = openAt(t, filepath.Join(t.TempDir(), "luoshi.db"), key)
		return s
	})
	units := []string{}
	for _, u := range d.Tree().All() {
		if (u.Kind == "township" || u.Kind == "justice-office") && u.ValidOn(d.Time().Format(time.DateOnly)) {
			units = append(units, u.Code)
		}
	}
	if len(units) == 0 {
		t.Fatal("the desk has no office that receives disputes")
	}
	for i := range 40 {
		l := d.Example(t, "people-mediation", units[i%len(units)])
		l.Title = fmt.Sprintf("邻居装修 %d，%s", i%5, []string{"漏水", "吵人"}[i%2])
		if _, err := d.Lodge(ctx, office.Actor{Resident: true}, l, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.flushIndex(ctx); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"装修", "漏水", "装修 3", "吵人 4", "骆驼"} {
		l, err := listing.New(casework.Query{Scope: office.Actor{System: true}.ReadScope(d.Tree()), Tokens: search.Query(words), Limit: 7})
		if err != nil {
			t.Fatal(err)
		}
		places, matching, all := s.tally.Match(l.Accepts, l.Meets)
		among := listing.Among{Places: places, Matching: matching, Within: matching, All: all}
		r := reader{s}
		hits, err := r.comePast(ctx, l, allOf(l.Tokens), 0)
		few, err2 := r.collect(ctx, l, allOf(l.Tokens), among)
		read, err3 := r.readThrough(ctx, l, among)
		led, err4 := r.byWords(ctx, l, among, 2)
		if err := errors.Join(err, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		if words != "骆驼" && len(hits) == 0 || words == "骆驼" && len(hits) > 0 {
			t.Errorf("%s: %d found", words, len(hits))
		}
		if d := cmp.Diff(numbers(hits), numbers(few)); d != "" {
			t.Errorf("%s, collected: %s", words, d)
		}
		if d := cmp.Diff(numbers(hits), numbers(led)); d != "" {
			t.Errorf("%s, led by the words: %s", words, d)
		}
		if d := cmp.Diff(numbers(hits), numbers(read)); d != "" {
			t.Errorf("%s, read through: %s", words, d)
		}
	}
}

func numbers(rows []listing.Found) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Row.Number)
	}
	return out
}
