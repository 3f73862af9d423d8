package casework

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func shanghai(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestApplyClockOperations(t *testing.T) {
	const at = "2026-03-05T00:00:00.000Z"
	running := Clock{Name: "x", Status: Running, From: "2026-03-02T00:00:00.000Z", Target: "2026-03-10", Due: "2026-03-10", Calendar: "c1"}
	for _, c := range []struct {
		name  string
		clock Clock
		op    ClockOp
		check func(Clock) bool
	}{
		{"start forgets what was", Clock{Name: "x", Status: Stopped, Lapsed: at, Extensions: 3}, ClockOp{Op: "start", From: at, Due: "2026-03-20", Calendar: "c2"},
			func(c Clock) bool {
				return c.Status == Running && c.Lapsed == "" && c.Extensions == 0 && c.From == at && c.Due == "2026-03-20" && c.Calendar == "c2"
			}},
		{"stop keeps the dates", running, ClockOp{Op: "stop"}, func(c Clock) bool { return c.Status == Stopped && c.Stopped == at && c.Due == "2026-03-10" }},
		{"suspend takes the dates away", running, ClockOp{Op: "suspend"}, func(c Clock) bool {
			return c.Status == Suspended && c.Due == "" && slices.Equal(c.Suspensions, []Span{{From: at}})
		}},
		{"resume closes the suspension", Clock{Name: "x", Status: Suspended, Suspensions: []Span{{From: "a", To: "b"}, {From: "c"}}, Lapsed: at},
			ClockOp{Op: "resume", Due: "2026-03-30"}, func(c Clock) bool {
				return c.Status == Running && slices.Equal(c.Suspensions, []Span{{"a", "b"}, {"c", at}}) && c.Due == "2026-03-30" && c.Lapsed == ""
			}},
		{"extend counts and lets a lapse happen again", Clock{Name: "x", Status: Running, Lapsed: at}, ClockOp{Op: "extend", Due: "2026-04-10"},
			func(c Clock) bool { return c.Extensions == 1 && c.Lapsed == "" && c.Due == "2026-04-10" }},
		{"lapse changes nothing but the mark", running, ClockOp{Op: "lapse", Unit: "a"}, func(c Clock) bool {
			return c.Status == Running && c.Lapsed == at && c.Due == "2026-03-10" && c.Calendar == "c1"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.clock
			apply(&got, c.op, at)
			if !c.check(got) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestEarliestDue(t *testing.T) {
	loc := shanghai(t)
	ninth := time.Date(2026, 3, 10, 0, 0, 0, 0, loc).UnixMilli() // the end of the ninth
	for _, c := range []struct {
		name       string
		clocks     []Clock
		due, lapse int64
	}{
		{"no clock", nil, NoDue, NoDue},
		{"the earliest of those that run", []Clock{{Status: Running, Due: "2026-03-12"}, {Status: Running, Due: "2026-03-09"}}, ninth, ninth},
		{"not one that is suspended or stopped", []Clock{{Status: Suspended}, {Status: Stopped, Due: "2026-03-01"}, {Status: Running, Due: "2026-03-09"}}, ninth, ninth},
		{"a recorded lateness is still due but no news", []Clock{{Status: Running, Due: "2026-03-09", Lapsed: "x"}}, ninth, NoDue},
		{"an hour", []Clock{{Status: Running, Due: "2026-03-09T15:04:00+08:00"}}, time.Date(2026, 3, 9, 15, 4, 0, 0, loc).UnixMilli(), time.Date(2026, 3, 9, 15, 4, 0, 0, loc).UnixMilli()},
		{"what is no date", []Clock{{Status: Running, Due: "soon"}}, NoDue, NoDue},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Matter{Clocks: c.clocks}
			if due, lapse := m.NextDue(loc), m.NextLapse(loc); due != c.due || lapse != c.lapse {
				t.Errorf("due %d, lapse %d; want %d, %d", due, lapse, c.due, c.lapse)
			}
		})
	}
}

func TestSearchTokensAreThoseOfEverythingThatIsThere(t *testing.T) {
	m := &Matter{Number: "2026-00000001-8", Unit: "t1", Title: "漏水", Fields: map[string]any{"facts": "楼上 pipe", "amount": 12345, "ok": true},
		Parties: []Party{{Name: "张三", Phone: "138-0000", Address: "一号院"}}}
	tokens := SearchTokens(m)
	for _, want := range []string{"2026000000018", "漏水", "楼上", "pipe", "张三", "138", "一号", UnitToken("t1")} {
		if !slices.Contains(tokens, want) {
			t.Errorf("%q is missing in %q", want, tokens)
		}
	}
	for range 20 {
		if !slices.Equal(tokens, SearchTokens(m)) {
			t.Fatal("the order changes from one time to the next")
		}
	}
	erased := &Matter{Number: m.Number, Unit: "t1"}
	for _, tok := range SearchTokens(erased) {
		if strings.ContainsAny(tok, "漏楼张一") {
			t.Errorf("%q is left after erasing", tok)
		}
	}
	if UnitToken("t1") == UnitToken("t10") || strings.Contains(UnitToken("t 1"), " ") {
		t.Error("unit tokens can be mistaken for each other")
	}
}
