package door

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// someone draws a place and a moment; offices have codes with all that codes have.
func someone(t *rapid.T) (Place, time.Time) {
	p := Place{Meeting: rapid.StringMatching(`20[0-9]{2}-[0-9]{8}-[0-9X]`).Draw(t, "meeting"), Site: rapid.StringMatching(`[A-Za-z0-9._-]{1,16}`).Draw(t, "site")}
	at := rapid.Int64Range(1_700_000_000, 2_500_000_000).Draw(t, "at")
	return p, time.Unix(at, 0).UTC()
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func TestACodeHoldsForItsMinuteAndTheNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCodes([]byte("key"))
		p, at := someone(t)
		code := c.Screen(p, at)
		since := time.Duration(rapid.IntRange(0, 600).Draw(t, "seconds")) * time.Second
		got, fault := c.Read(p.Meeting, code, at.Add(since), day(at))
		age := at.Add(since).Sub(at.Truncate(time.Minute))
		want := None
		if age >= 2*time.Minute {
			want = Stale
		}
		if got != p || fault != want {
			t.Fatalf("after %s: %+v, %q instead of %q", age, got, fault, want)
		}
	})
}

func TestAPrintedCodeHoldsForItsDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCodes([]byte("key"))
		p, at := someone(t)
		later := rapid.IntRange(-400, 400).Draw(t, "days")
		_, fault := c.Read(p.Meeting, c.Paper(p, day(at)), at, day(at.AddDate(0, 0, later)))
		want := None
		switch {
		case later < 0:
			want = Early
		case later > 0:
			want = Past
		}
		if fault != want {
			t.Fatalf("%d days later: %q instead of %q", later, fault, want)
		}
	})
}

func TestACodeIsOfOneMeetingAndOneVenue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCodes([]byte("key"))
		p, at := someone(t)
		q, _ := someone(t)
		for _, code := range []string{c.Screen(p, at), c.Paper(p, day(at))} {
			if got, fault := c.Read(q.Meeting, code, at, day(at)); q.Meeting != p.Meeting && fault != Unknown {
				t.Fatalf("of another meeting: %+v, %q", got, fault)
			}
			head, rest, _ := strings.Cut(code, ".")
			mac := rest[strings.LastIndexByte(rest, '.')+1:]
			if _, fault := c.Read(p.Meeting, head+"."+q.Site+"."+mac, at, day(at)); q.Site != p.Site && fault != Unknown {
				t.Fatalf("of another venue: %q", fault)
			}
			if _, fault := NewCodes([]byte("another")).Read(p.Meeting, code, at, day(at)); fault != Unknown {
				t.Fatalf("of another installation: %q", fault)
			}
		}
	})
}

// Any change to a code makes it one that was not made here.
func TestACodeThatWasChangedIsNotKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCodes([]byte("key"))
		p, at := someone(t)
		code := rapid.SampledFrom([]string{c.Screen(p, at), c.Paper(p, day(at))}).Draw(t, "code")
		i := rapid.IntRange(0, len(code)-1).Draw(t, "place")
		other := rapid.SampledFrom(strings.Split("a.s.p.f.0.1.z.A._.-", ".")).Draw(t, "character")
		if changed := code[:i] + other + code[i+1:]; changed != code {
			if _, fault := c.Read(p.Meeting, changed, at, day(at)); fault != Unknown {
				t.Fatalf("%s: %q", changed, fault)
			}
		}
		if _, fault := c.Read(p.Meeting, code[:i], at, day(at)); fault != Unknown {
			t.Fatalf("%s: %q", code[:i], fault)
		}
	})
}

func TestAPassIsForTenMinutesAndOpensNoForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCodes([]byte("key"))
		p, at := someone(t)
		q, _ := someone(t)
		pass := c.Pass(p, at)
		since := time.Duration(rapid.IntRange(0, 1200).Draw(t, "seconds")) * time.Second
		if c.Holds(p, pass, at.Add(since)) != (since <= 10*time.Minute) {
			t.Fatalf("after %s", since)
		}
		if q != p && c.Holds(q, pass, at) || c.Holds(p, c.Screen(p, at), at) {
			t.Fatal("it holds for another place, or a code is taken for it")
		}
		if _, fault := c.Read(p.Meeting, pass, at, day(at)); fault != Unknown {
			t.Fatalf("a pass is taken for a code: %q", fault)
		}
	})
}

// Whatever stands in an address is read without a fault of ours.
func FuzzRead(f *testing.F) {
	c := NewCodes([]byte("key"))
	p := Place{Meeting: "2027-00000001-2", Site: "330000"}
	at := time.Date(2027, 3, 10, 1, 0, 0, 0, time.UTC)
	f.Add(c.Screen(p, at))
	f.Add(c.Paper(p, day(at)))
	f.Add(c.Pass(p, at))
	f.Add("..")
	f.Add("s.x.")
	f.Fuzz(func(t *testing.T, code string) {
		got, fault := c.Read(p.Meeting, code, at, day(at))
		if fault == Unknown && got != (Place{}) || fault != Unknown && got.Meeting != p.Meeting {
			t.Errorf("%q: %+v, %q", code, got, fault)
		}
	})
}
