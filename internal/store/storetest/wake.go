package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
)

func wakes(t *testing.T, b *bench) {
	at := func(h int) time.Time { return dayOne().Add(time.Duration(h) * time.Hour).Local() }
	b.add(t, spec{})
	later := b.add(t, spec{due: at(4)})
	late := b.add(t, spec{due: at(2)})
	b.add(t, spec{due: at(1), lapsed: true})
	ended := b.add(t, spec{due: at(1), ended: true})
	want := []casework.Wake{{Number: ended.Number, At: at(1)}, {Number: late.Number, At: at(2)}, {Number: later.Number, At: at(4)}}
	for _, limit := range []int{1, 2, 3, 10} {
		got, err := b.Wakes(background(), limit)
		must(t, err)
		if d := cmp.Diff(want[:min(limit, 3)], got); d != "" {
			t.Errorf("the first %d: %s", limit, d)
		}
	}
	b.commit(t, step(t, late, spec{due: at(2), lapsed: true}))
	got, err := b.Wakes(background(), 10)
	must(t, err)
	if d := cmp.Diff([]casework.Wake{want[0], want[2]}, got); d != "" {
		t.Errorf("after one was recorded: %s", d)
	}
}

func provisional(t *testing.T, b *bench) {
	old := b.add(t, spec{provisional: "cn 1"})
	b.add(t, spec{})
	other := b.add(t, spec{provisional: "us 1"})
	second := b.add(t, spec{provisional: "cn 1", ended: true})
	finds := func(key string, limit int, want ...string) {
		t.Helper()
		got, err := b.Provisional(background(), key, limit)
		if !slices.Equal(want, got) || err != nil {
			t.Errorf("%s: %v (%v), want %v", key, got, err, want)
		}
	}
	finds("cn 1", 10, old.Number, second.Number)
	finds("cn 1", 1, old.Number)
	finds("us 1", 10, other.Number)
	finds("us 2", 10)
	must(t, b.Checked(background(), old.Number, 1, "cn 2"))
	wantErr(t, b.Checked(background(), second.Number, 2, "cn 2"), casework.ErrConflict)
	wantErr(t, b.Checked(background(), "2026-09999999-9", 1, "cn 2"), casework.ErrNotFound)
	finds("cn 1", 10, second.Number)
	finds("cn 2", 10, old.Number)
	b.commit(t, step(t, old, spec{}))
	finds("cn 2", 10)
}

func calendarVersions(t *testing.T, b *bench) {
	put := func(c casework.StoredCalendar) error { return b.PutCalendar(background(), c) }
	first := casework.StoredCalendar{Name: "cn", Seq: 1, Version: "v1", Source: []byte("text\x00"), Added: "2026-01-01T00:00:00.000Z"}
	second := casework.StoredCalendar{Name: "cn", Seq: 2, Version: "v2", Source: []byte("text 2"), Added: "2026-01-02T00:00:00.000Z"}
	other := casework.StoredCalendar{Name: "b", Seq: 1, Version: "v1", Source: []byte("b"), Added: "2026-01-02T00:00:00.000Z"}
	for _, c := range []casework.StoredCalendar{first, second, other} {
		must(t, put(c))
	}
	taken := second
	taken.Version, taken.Added = "v3", "2026-01-03T00:00:00.000Z"
	wantErr(t, put(taken), casework.ErrTaken)
	got, err := b.Calendars(background())
	must(t, err)
	if d := cmp.Diff([]casework.StoredCalendar{other, first, second}, got); d != "" {
		t.Error(d)
	}
	seqs, err := b.CalendarsInForce(background())
	must(t, err)
	if d := cmp.Diff(map[string]int{"cn": 2, "b": 1}, seqs); d != "" {
		t.Error(d)
	}
}
