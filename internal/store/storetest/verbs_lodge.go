package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

func lodgeInvalid(t *testing.T, d *Desk) {
	long := strings.Repeat("长", 201)
	for _, c := range []struct {
		name   string
		change func(*casework.Lodging)
		want   []string
	}{
		{"no such procedure", func(l *casework.Lodging) { l.Procedure = "unheard-of" }, []string{"procedure: unknown"}},
		{"no unit", func(l *casework.Lodging) { l.Unit = "" }, []string{"unit: unknown"}},
		{"a unit of another kind", func(l *casework.Lodging) { l.Unit = "school" }, []string{"unit: wrong-kind"}},
		{"a unit that is no more", func(l *casework.Lodging) { l.Unit = "gone" }, []string{"unit: not-valid"}},
		{"a channel that is not taken", func(l *casework.Lodging) { l.Channel = "pigeon" }, []string{"channel: unknown"}},
		{"no title", func(l *casework.Lodging) { l.Title = " \t\u3000" }, []string{"title: required"}},
		{"a title that is too long", func(l *casework.Lodging) { l.Title = long }, []string{"title: too-long"}},
		{"a title that is no text", func(l *casework.Lodging) { l.Title = "a\xff" }, []string{"title: not-utf8"}},
		{"no facts", func(l *casework.Lodging) { delete(l.Fields, "facts") }, []string{"fields.facts: required"}},
		{"facts that are a number", func(l *casework.Lodging) { l.Fields["facts"] = 7 }, []string{"fields.facts: wrong-type"}},
		{"a number too great to keep", func(l *casework.Lodging) { l.Fields["facts"] = 1e300 }, []string{"fields.facts: wrong-type"}},
		{"a field that is not asked for", func(l *casework.Lodging) { l.Fields["finding"] = "x" }, []string{"fields.finding: unknown-field"}},
		{"a field that is not declared", func(l *casework.Lodging) { l.Fields["shoe_size"] = "x" }, []string{"fields.shoe_size: unknown-field"}},
		{"nobody", func(l *casework.Lodging) { l.Parties = nil }, []string{"parties: missing"}},
		{"a role that is not declared", func(l *casework.Lodging) { l.Parties[1].Role = "king" }, []string{"parties: unknown-role"}},
		{"a party without a name", func(l *casework.Lodging) { l.Parties[1].Name = "" }, []string{"parties: required"}},
		{"a party with a long telephone", func(l *casework.Lodging) { l.Parties[1].Phone = long }, []string{"parties: too-long"}},
		{"too many of a role", func(l *casework.Lodging) { l.Parties = append(l.Parties, l.Parties[0], l.Parties[0]) }, []string{"parties: too-many"}},
		{"a crowd", func(l *casework.Lodging) { l.Parties = make([]casework.Party, 51) }, []string{"parties: too-many"}},
		{"several things at once", func(l *casework.Lodging) {
			l.Unit, l.Channel, l.Title, l.Fields, l.Parties = "school", "pigeon", "", nil, nil
		}, []string{"unit: wrong-kind", "channel: unknown", "title: required", "parties: missing", "fields.facts: required"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := d.Example(t, "probe", "t1")
			c.change(&l)
			_, err := d.Lodge(background(), resident(), l, "")
			if got := fieldErrors(err); !cmp.Equal(c.want, got) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if casework.KindOf(err) != casework.Invalid {
				t.Errorf("kind %d", casework.KindOf(err))
			}
		})
	}
	if n, err := d.Store.Size(background()); n != 0 || err != nil {
		t.Errorf("refused lodgings left %d entries (%v)", n, err)
	}
}

func hostileTexts() []string {
	return []string{
		"NUL \x00 in the middle", "bell \x07 escape \x1b[31m red \x1b[0m delete \x7f", "line\r\nline\u2028line",
		"right \u202eto left\u202c \u200f\u2067mark\u2069", "<script>alert('x')</script><img src=x onerror=y>",
		`quote " back \ slash ' OR 1=1; --`, "{{.Secret}} ${HOME} %s %n", "𠮷野 family 👨‍👩‍👧 e\u0301 ﷽", "\ufeffbyte order mark", "\u00a0\u3000spaces at the end \t",
		strings.Repeat("一兆字节的说明。", casework.MaxNote/24),
	}
}

func lodgeHostileText(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	for i, text := range hostileTexts() {
		l := d.Example(t, "probe", "t1")
		l.Fields["facts"] = text
		short := text
		if len(text) > 600 {
			short = text[:600]
		}
		l.Title, l.Parties[0].Name, l.Parties[0].Address = short, short, short
		out, err := d.Lodge(background(), resident(), l, fmt.Sprint("hostile", i))
		must(t, err)
		d.Take(t, clerk, out.Matter.Number, "tell", func(c *casework.StepCommand) { c.Note = text })
		f, err := d.Read(background(), clerk, out.Matter.Number)
		must(t, err)
		if f.Matter.Title != short || f.Matter.Fields["facts"] != text || f.Matter.Parties[0].Name != short || f.Matter.Parties[0].Address != short {
			t.Errorf("%.40q: the matter came back changed", text)
		}
		if c := f.Entries[0].Content; c.Title != short || c.Fields["facts"] != text || f.Entries[1].Content.Note != text {
			t.Errorf("%.40q: the entries came back changed", text)
		}
		rows, _, err := d.List(background(), clerk, casework.Query{Order: casework.Newest}, "")
		must(t, err)
		if rows[0].Title != short {
			t.Errorf("%.40q: the list shows %.40q", text, rows[0].Title)
		}
		for seq := range 2 {
			r, err := d.Receipt(background(), clerk, out.Matter.Number, seq+1)
			must(t, err)
			d.proves(t, r, out.Matter.Number)
		}
	}
	_, err := d.take(clerk, d.Lodged(t, "probe", "t1").Matter.Number, "tell", func(c *casework.StepCommand) { c.Note = strings.Repeat("x", casework.MaxNote+1) })
	if got := fieldErrors(err); !cmp.Equal(got, []string{"note: too-long"}) {
		t.Errorf("a note beyond 1 MB: %v", got)
	}
	d.green(t)
}

// same compares two answers to one request, byte by byte where bytes are given out.
func (d *Desk) same(t *testing.T, first, again *casework.Outcome) {
	t.Helper()
	if again.Matter.Number != first.Matter.Number || again.Code != first.Code || again.Entry.Index != first.Entry.Index {
		t.Errorf("number %s code %q index %d, first %s %q %d", again.Matter.Number, again.Code, again.Entry.Index, first.Matter.Number, first.Code, first.Entry.Index)
	}
	a, b := d.proves(t, first.Receipt, first.Matter.Number), d.proves(t, again.Receipt, first.Matter.Number)
	if string(a) != string(b) {
		t.Errorf("receipts differ:\n%s\n%s", a, b)
	}
	x, _ := json.Marshal(first.Matter)
	y, _ := json.Marshal(again.Matter)
	if string(x) != string(y) {
		t.Errorf("matters differ: %s", cmp.Diff(string(x), string(y)))
	}
}

func lodgeRepeated(t *testing.T, d *Desk) {
	l := d.Example(t, "people-mediation", "t1")
	first, err := d.Lodge(background(), resident(), l, "key")
	must(t, err)
	if first.Code == "" || first.Repeated {
		t.Fatalf("first answer: %+v", first)
	}
	d.Wait(time.Hour)
	d.Lodged(t, "probe", "t1")
	d.Take(t, d.staff(t, "clerk@t1"), first.Matter.Number, "accept")
	again, err := d.Lodge(background(), resident(), l, "key")
	must(t, err)
	if !again.Repeated {
		t.Error("the repetition is not marked")
	}
	d.same(t, first, again)
	if _, err := d.PartyByCode(background(), first.Matter.Number, again.Code); err != nil {
		t.Errorf("the code does not open the matter: %v", err)
	}

	other := l
	other.Title = "another title"
	_, err = d.Lodge(background(), resident(), other, "key")
	wantKind(t, err, casework.KeyReused, "key-reused")
	byClerk, err := d.Lodge(background(), d.staff(t, "clerk@t1"), l, "key")
	must(t, err)
	byAnother, err := d.Lodge(background(), d.staff(t, "clerk@t2"), withUnit(l, "t2"), "key")
	must(t, err)
	if byClerk.Repeated || byAnother.Repeated || byClerk.Matter.Number == first.Matter.Number || byAnother.Matter.Number == byClerk.Matter.Number {
		t.Error("the same key of another person is taken for the first one's")
	}
	noKey, err := d.Lodge(background(), resident(), l, "")
	must(t, err)
	if noKey.Repeated || noKey.Matter.Number == first.Matter.Number {
		t.Error("two lodgings without a key are taken for one")
	}
	d.green(t)
}

func withUnit(l casework.Lodging, unit string) casework.Lodging {
	l.Unit = unit
	return l
}

func lodgeTogether(t *testing.T, d *Desk) {
	l := d.Example(t, "people-mediation", "t1")
	outs := atOnce(t, 20, func() (*casework.Outcome, error) { return d.Lodge(background(), resident(), l, "one key") })
	for _, out := range outs[1:] {
		d.same(t, outs[0], out)
	}
	rows, _, err := d.List(background(), system(), casework.Query{}, "")
	must(t, err)
	if n, err := d.Store.Size(background()); n != 1 || len(rows) != 1 || err != nil {
		t.Errorf("%d entries, %d matters (%v)", n, len(rows), err)
	}
}

// atOnce runs a verb from n goroutines; every one must succeed.
func atOnce(t *testing.T, n int, verb func() (*casework.Outcome, error)) []*casework.Outcome {
	t.Helper()
	outs, errs := make([]*casework.Outcome, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { outs[i], errs[i] = verb() })
	}
	wg.Wait()
	for _, err := range errs {
		must(t, err)
	}
	return outs
}

func lodgeYears(t *testing.T, d *Desk) {
	want := []string{"2026-00000001-", "2026-00000002-", "2027-00000001-"}
	d.Wait(time.Date(2026, 12, 31, 15, 59, 0, 0, time.UTC).Sub(d.Time())) // one minute before midnight in Shanghai
	for i, prefix := range want {
		if i == 2 {
			d.Wait(time.Minute)
		}
		if num := d.Lodged(t, "probe", "t1").Matter.Number; !strings.HasPrefix(num, prefix) {
			t.Errorf("number %s, want %s", num, prefix)
		}
	}
}

func signIn(t *testing.T, d *Desk) {
	hash, err := office.HashPassword("correct horse")
	must(t, err)
	clerk := *d.Staff().Accounts["clerk@t1"]
	must(t, d.Store.PutAccount(background(), clerk, hash, office.TokenHash("a token")))
	left := *d.Staff().Accounts["left"]
	must(t, d.Store.PutAccount(background(), left, hash, office.TokenHash("an old token")))
	secret, err := d.SignIn(background(), "clerk@t1", "correct horse")
	must(t, err)
	a, err := d.ActorBySession(background(), secret)
	must(t, err)
	if a.Account == nil || a.Account.Login != "clerk@t1" {
		t.Errorf("the session is of %+v", a)
	}
	for _, c := range [][2]string{{"clerk@t1", "wrong"}, {"clerk@t1", ""}, {"nobody", "correct horse"}, {"left", "correct horse"}, {"clerk@t2", ""}} {
		_, err := d.SignIn(background(), c[0], c[1])
		wantKind(t, err, casework.NotAllowed, "sign-in-failed")
	}
	if a, err := d.ActorByToken(background(), "a token"); err != nil || a.Account.Login != "clerk@t1" {
		t.Errorf("token: %v, %v", a, err)
	}
	for _, token := range []string{"", "another", "an old token"} {
		_, err := d.ActorByToken(background(), token)
		wantKind(t, err, casework.NotAllowed, "bad-token")
	}
	must(t, d.SignOut(background(), secret))
	_, err = d.ActorBySession(background(), secret)
	wantKind(t, err, casework.NotAllowed, "session-ended")

	out := d.Lodged(t, "probe", "t1")
	for _, c := range [][2]string{{out.Matter.Number, "0000-0000-0000-0000"}, {out.Matter.Number, ""}, {"2026-00000099-3", out.Code}, {"", ""}} {
		_, _, err := d.OpenAsParty(background(), c[0], c[1])
		wantKind(t, err, casework.NotFound, "wrong-number-or-code")
	}
	secret, a, err = d.OpenAsParty(background(), strings.ReplaceAll(out.Matter.Number, "-", ""), strings.ToLower(out.Code))
	must(t, err)
	b, err := d.ActorBySession(background(), secret)
	must(t, err)
	if diff := cmp.Diff(a, b, cmpopts.EquateEmpty()); diff != "" || a.Party.Role != "applicant" {
		t.Errorf("a party's session: %s", diff)
	}
}
