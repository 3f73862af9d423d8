package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luoshi/internal/casework"
)

func worklists(t *testing.T, b *bench) {
	mine := casework.Worklist{Login: "wang", Name: "Mine", Query: "mine=1", Added: "2026-03-02T01:00:00.000Z"}
	late := casework.Worklist{Login: "wang", Name: "新到的 “%_'", Query: "order=newest&state=a%2Fb", Added: "2026-03-01T01:00:00.000Z"}
	other := casework.Worklist{Login: "li", Name: "Mine", Query: "show=ended", Added: "2026-03-02T01:00:00.000Z"}
	for _, w := range []casework.Worklist{mine, late, other} {
		must(t, b.PutWorklist(background(), w))
	}
	check := func(login string, want ...casework.Worklist) {
		t.Helper()
		got, err := b.Worklists(background(), login)
		must(t, err)
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("of %s: %s", login, d)
		}
	}
	check("wang", late, mine)
	check("li", other)
	check("zhao")
	again := mine
	again.Query, again.Added = "mine=1&show=all", "2026-03-09T01:00:00.000Z"
	must(t, b.PutWorklist(background(), again))
	mine.Query = again.Query // it stays in its place
	check("wang", late, mine)
	must(t, b.DropWorklist(background(), "wang", late.Name))
	must(t, b.DropWorklist(background(), "wang", late.Name)) // dropping it twice is no fault
	check("wang", mine)
	check("li", other)
}

func replies(t *testing.T, b *bench) {
	one := casework.Reply{Unit: "t1", ID: "a1", Procedure: "petition", Step: "reply", Name: "Thanks", Body: "Dear {title},\n“%s” 谢谢。",
		Login: "wang", Changed: "2026-03-02T01:00:00.000Z"}
	two := casework.Reply{Unit: "t1", ID: "a2", Name: "Apology", Body: "Sorry.", Login: "li", Changed: "2026-03-02T02:00:00.000Z"}
	other := casework.Reply{Unit: "t2", ID: "a1", Name: "Thanks", Body: "Elsewhere.", Login: "li", Changed: "2026-03-02T01:00:00.000Z"}
	for _, r := range []casework.Reply{one, two, other} {
		must(t, b.PutReply(background(), r))
	}
	check := func(unit string, want ...casework.Reply) {
		t.Helper()
		got, err := b.Replies(background(), unit)
		must(t, err)
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("of %s: %s", unit, d)
		}
	}
	check("t1", two, one)
	check("t2", other)
	check("c")
	one.Name, one.Body, one.Step, one.Login, one.Changed = "A thank you", "Thank you.", "", "li", "2026-03-03T01:00:00.000Z"
	must(t, b.PutReply(background(), one))
	check("t1", one, two)
	must(t, b.DropReply(background(), "t1", "a1"))
	must(t, b.DropReply(background(), "t1", "a1"))
	check("t1", two)
	check("t2", other)
}

func drafts(t *testing.T, b *bench) {
	one := casework.Draft{Unit: "p", ID: "d1", Title: "会议", Doc: []byte(`{"text":"“一要”"}`), Version: 1, Login: "wang", Changed: "2026-03-02T01:00:00.000Z"}
	two := casework.Draft{Unit: "p", ID: "d2", Title: "另一次", Doc: []byte("{}"), Version: 1, Login: "li", Changed: "2026-03-03T01:00:00.000Z"}
	for _, d := range []casework.Draft{one, two} {
		must(t, b.PutDraft(background(), d))
	}
	listed := func(d casework.Draft) casework.Draft { d.Doc = nil; return d }
	check := func(unit string, want ...casework.Draft) {
		t.Helper()
		got, err := b.Drafts(background(), unit)
		must(t, err)
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("of %s: %s", unit, d)
		}
	}
	check("p", listed(two), listed(one))
	check("c")
	next := one
	next.Version, next.Title, next.Issued, next.Changed = 2, "会议（定）", "2026-03-04T01:00:00.000Z", "2026-03-04T01:00:00.000Z"
	must(t, b.PutDraft(background(), next))
	if err := b.PutDraft(background(), next); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("the second who writes: %v", err)
	}
	if err := b.PutDraft(background(), one); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("an older version: %v", err)
	}
	got, err := b.Draft(background(), "p", "d1")
	must(t, err)
	if d := cmp.Diff(next, got); d != "" {
		t.Error(d)
	}
	must(t, b.DropDraft(background(), "p", "d1"))
	if _, err := b.Draft(background(), "p", "d1"); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("one that was dropped: %v", err)
	}
	check("p", listed(two))
}

func feeds(t *testing.T, b *bench) {
	wang := casework.Feed{Login: "wang", Hash: "h1", Lang: "zh", Made: "2026-03-02T01:00:00.000Z"}
	li := casework.Feed{Login: "li", Hash: "h2", Lang: "en", Made: "2026-03-02T01:00:00.000Z"}
	must(t, b.PutFeed(background(), wang))
	must(t, b.PutFeed(background(), li))
	check := func(want casework.Feed) {
		t.Helper()
		for _, read := range []func() (casework.Feed, error){
			func() (casework.Feed, error) { return b.Feed(background(), want.Login) },
			func() (casework.Feed, error) { return b.FeedByHash(background(), want.Hash) },
		} {
			got, err := read()
			must(t, err)
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		}
	}
	gone := func(hash string) {
		t.Helper()
		_, err := b.FeedByHash(background(), hash)
		wantErr(t, err, casework.ErrNotFound)
	}
	check(wang)
	check(li)
	wang.Hash, wang.Lang, wang.Made = "h3", "en", "2026-03-03T01:00:00.000Z"
	must(t, b.PutFeed(background(), wang)) // takes the place of the one before
	check(wang)
	gone("h1")
	gone("")
	must(t, b.DropFeed(background(), "wang"))
	must(t, b.DropFeed(background(), "wang"))
	_, err := b.Feed(background(), "wang")
	wantErr(t, err, casework.ErrNotFound)
	gone("h3")
	check(li)
}
