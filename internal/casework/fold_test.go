package casework

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/ledger"
)

func ended(_, state string) bool { return state == "closed" }

// entries seals acts one after the other, numbering them.
func entries(t testing.TB, contents []Content, acts ...Act) []*Entry {
	t.Helper()
	var out []*Entry
	for i, a := range acts {
		a.V, a.Matter, a.Seq = 1, "2026-00000001-8", i+1
		if a.Time == "" {
			a.Time = FormatTime(time.Date(2026, 3, 2, 1, i, 0, 0, time.UTC))
		}
		var c Content
		if i < len(contents) {
			c = contents[i]
		}
		e, err := NewEntry(a, c)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func TestFold(t *testing.T) {
	first := Act{Kind: Lodged, Procedure: "p@1", Channel: "web", State: "lodged", Unit: "a", Parties: []PartyRef{{Role: "applicant", Code: "x"}}}
	step := func(state, unit, assignee string) Act {
		return Act{Kind: Stepped, State: state, Unit: unit, Assignee: assignee}
	}
	for _, c := range []struct {
		name     string
		acts     []Act
		contents []Content
		check    func(*Matter) bool
	}{
		{"lodging gives everything that stays", []Act{first}, []Content{{Title: "t", Fields: map[string]any{"f": "v"}}}, func(m *Matter) bool {
			return m.Procedure == "p@1" && m.Channel == "web" && m.State == "lodged" && m.Unit == "a" && m.Title == "t" && m.Version == 1 &&
				m.Opened == m.Changed && m.Roles[0].Code == "x" && m.Ended == ""
		}},
		{"a step moves state and assignee", []Act{first, step("mediating", "a", "wang")}, nil, func(m *Matter) bool {
			return m.State == "mediating" && m.Assignee == "wang" && m.Version == 2 && m.Changed > m.Opened
		}},
		{"later fields replace and add", []Act{first, step("x", "a", "")},
			[]Content{{Fields: map[string]any{"f": "1", "g": "2"}}, {Fields: map[string]any{"g": "3", "h": "4"}}},
			func(m *Matter) bool { return cmp.Equal(m.Fields, map[string]any{"f": "1", "g": "3", "h": "4"}) }},
		{"a referral is remembered", []Act{first, step("x", "b", ""), step("x", "c", "")}, nil, func(m *Matter) bool {
			return m.Unit == "c" && cmp.Equal(m.Referred, []string{"a", "b"})
		}},
		{"a referral back is forgotten", []Act{first, step("x", "b", ""), step("x", "a", "")}, nil, func(m *Matter) bool {
			return m.Unit == "a" && len(m.Referred) == 0
		}},
		{"a referral on to the one that referred it is remembered", []Act{first, step("x", "b", ""), {Kind: Stepped, Step: "s", State: "x", Unit: "a", On: true}}, nil,
			func(m *Matter) bool { return m.Unit == "a" && cmp.Equal(m.Referred, []string{"a", "b"}) }},
		{"the end is when the end state was reached, not later", []Act{first, step("closed", "a", ""), step("closed", "a", "")}, nil, func(m *Matter) bool {
			return m.Ended == FormatTime(time.Date(2026, 3, 2, 1, 1, 0, 0, time.UTC))
		}},
		{"what is open again has not ended", []Act{first, step("closed", "a", ""), step("lodged", "a", "")}, nil, func(m *Matter) bool { return m.Ended == "" }},
		{"erasing takes what is personal", []Act{first, step("closed", "a", ""), {Kind: Erased, State: "closed", Unit: "a", Names: []int{1}}},
			[]Content{{Title: "t", Fields: map[string]any{"f": "v"}, Parties: []Party{{Role: "applicant", Name: "n"}}}},
			func(m *Matter) bool {
				return m.Title == "" && m.Fields == nil && m.Parties == nil && m.State == "closed" && len(m.Roles) == 1
			}},
		{"a new code replaces all party references", []Act{first, {Kind: CodeIssued, State: "lodged", Unit: "a", Parties: []PartyRef{{Role: "applicant", Code: "y"}}}}, nil,
			func(m *Matter) bool { return m.Roles[0].Code == "y" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Fold(entries(t, c.contents, c.acts...), ended)
			if err != nil || !c.check(m) {
				t.Errorf("%+v, %v", m, err)
			}
		})
	}
}

func TestFoldRefusesWhatIsNotAHistory(t *testing.T) {
	good := func() []*Entry {
		return entries(t, nil, Act{Kind: Lodged, State: "lodged", Unit: "a"}, Act{Kind: Stepped, State: "x", Unit: "a"})
	}
	for name, spoil := range map[string]func([]*Entry) []*Entry{
		"nothing":                func([]*Entry) []*Entry { return nil },
		"the first one missing":  func(h []*Entry) []*Entry { return h[1:] },
		"the order turned round": func(h []*Entry) []*Entry { return []*Entry{h[1], h[0]} },
		"one twice":              func(h []*Entry) []*Entry { return append(h, h[1]) },
		"one of another matter":  func(h []*Entry) []*Entry { h[1].Act.Matter = "2026-00000002-6"; return h },
	} {
		t.Run(name, func(t *testing.T) {
			if m, err := Fold(spoil(good()), ended); err == nil {
				t.Errorf("folded to %+v", m)
			}
		})
	}
}

// However a history is cut, folding its parts one after the other gives what folding it whole gives, and
// a fold never changes what was folded before.
func TestFoldGoesOnFromAnyPoint(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		acts := []Act{{Kind: Lodged, Procedure: "p@1", State: "lodged", Unit: "a"}}
		contents := []Content{{Title: "t", Fields: map[string]any{"f": "v"}}}
		for range rapid.IntRange(0, 10).Draw(rt, "entries") {
			a := Act{Kind: rapid.SampledFrom([]Kind{Stepped, Corrected, Erased}).Draw(rt, "kind"),
				State: rapid.SampledFrom([]string{"lodged", "open", "closed"}).Draw(rt, "state"),
				Unit:  rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "unit")}
			for _, op := range rapid.SliceOfN(rapid.SampledFrom([]string{"start", "stop", "extend", "lapse"}), 0, 2).Draw(rt, "ops") {
				a.Clocks = append(a.Clocks, ClockOp{Op: op, Clock: rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "clock"), Due: "2026-03-09"})
			}
			acts = append(acts, a)
			contents = append(contents, Content{Fields: map[string]any{rapid.SampledFrom([]string{"f", "g"}).Draw(rt, "field"): "w"}})
		}
		history := entries(t, contents, acts...)
		whole, err := Fold(history, ended)
		if err != nil {
			rt.Fatal(err)
		}
		cut := rapid.IntRange(1, len(history)).Draw(rt, "cut")
		first, err := Fold(history[:cut], ended)
		if err != nil {
			rt.Fatal(err)
		}
		before, _ := json.Marshal(first)
		m := first.clone()
		for _, e := range history[cut:] {
			m.add(&e.Act, &e.Content, ended)
		}
		a, _ := json.Marshal(whole)
		b, _ := json.Marshal(m)
		if d := cmp.Diff(string(a), string(b)); d != "" {
			rt.Fatal(d)
		}
		if after, _ := json.Marshal(first); string(after) != string(before) {
			rt.Fatalf("folding on changed the matter before: %s", cmp.Diff(string(before), string(after)))
		}
	})
}

func TestNewEntryBindsActAndContent(t *testing.T) {
	c := Content{Title: "秘密", Note: "<script>\x00"}
	a, err := NewEntry(Act{V: actVersion, Matter: "m", Seq: 1, Kind: Lodged}, c)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewEntry(Act{V: actVersion, Matter: "m", Seq: 1, Kind: Lodged}, c)
	if err != nil {
		t.Fatal(err)
	}
	if a.Commitment == b.Commitment || a.Salt == b.Salt || *a.ContentSalt == *b.ContentSalt || a.Act.Content == b.Act.Content {
		t.Error("two entries of the same words can be recognised as such")
	}
	want := ledger.ContentCommitment(*a.ContentSalt, a.ContentBytes)
	if a.Act.Content != hex.EncodeToString(want[:]) || a.Commitment != ledger.LeafCommitment(a.Salt, ledger.EntryHash(a.ActBytes)) {
		t.Error("the commitments are not those of the format")
	}
	if strings.Contains(string(a.ActBytes), "秘密") {
		t.Error("the act holds what is personal")
	}
	again := &Entry{ActBytes: a.ActBytes, ContentBytes: a.ContentBytes}
	if err := again.Decode(); err != nil || !cmp.Equal(again.Act, a.Act) || !cmp.Equal(again.Content, c) {
		t.Errorf("read again: %+v %+v %v", again.Act, again.Content, err)
	}
	bare, err := NewEntry(Act{V: actVersion, Matter: "m", Seq: 2, Kind: Lapsed}, Content{})
	if err != nil || bare.ContentBytes != nil || bare.ContentSalt != nil || bare.Act.Content != "" || bare.Erased() {
		t.Errorf("an entry without content: %+v, %v", bare, err)
	}
	for _, bad := range []Content{{Note: "\xff"}, {Fields: map[string]any{"n": 1 << 60}}} {
		if _, err := NewEntry(Act{Matter: "m"}, bad); err == nil {
			t.Errorf("%v was sealed", bad)
		}
	}
}
