package browser

import (
	"net/url"
	"slices"
	"testing"

	"luoshi/internal/casework/door"
	meetings "luoshi/internal/casework/meeting"
	"luoshi/internal/office"
	"luoshi/test/pages"
)

// gathering is a meeting of the world that is held today, and one that is not.
type gathering struct{ today, later pages.Called }

// called calls them when they are first asked for: other pages look as they did.
func (w *world) called() gathering {
	if w.meetings.today.Number == "" {
		w.meetings = gathering{w.stand.Call(w.whole, "工资专题会议 Wages", 0), w.stand.Call(w.whole, "防汛会议 Floods", 2)}
	}
	return w.meetings
}

// venue is the door of a meeting as those see it who sit there.
func (w *world) venue(login, number string) (*door.Doors, *door.Venue) {
	d := door.New(w.stand.Service)
	v, err := d.Kept(w.whole.Context(), w.stand.Actor(login), number, "")
	if err != nil {
		w.whole.Fatal(err)
	}
	return d, v
}

// sheet is the address that the printed code of the main venue leads to.
func (w *world) sheet(number string) string {
	d, v := w.venue("caller", number)
	return "/door/" + number + "/" + d.Paper(v)
}

// attending is what those see who keep a door or come through it, and the calendar.
func attending() []entry {
	main := func(more string) func(*world) string {
		return func(w *world) string { return "/desk/meetings/" + w.called().today.Number + "/door" + more }
	}
	sheet := func(w *world) string { return w.sheet(w.called().today.Number) }
	person := func(pairs ...string) func(*world) url.Values {
		return func(w *world) url.Values {
			d, v := w.venue("caller", w.called().today.Number)
			form := values(pairs...)(w)
			form.Set("pass", d.Pass(v))
			return form
		}
	}
	return []entry{
		{name: "door", pattern: "GET /desk/meetings/{number}/door", who: "caller", path: main(""), shot: true},
		{name: "door-branch", pattern: "GET /desk/meetings/{number}/door", who: "clerk", path: func(w *world) string { return "/desk/meetings/" + w.called().today.Branch + "/door" }},
		{name: "door-later", pattern: "GET /desk/meetings/{number}/door", who: "caller", path: func(w *world) string { return "/desk/meetings/" + w.called().later.Number + "/door" }},
		{name: "door-recorded", pattern: "POST /desk/meetings/{number}/door", who: "caller", path: main(""), arrive: answer(main(""), values("unit", "u", "name", "吴刚 Wu", "post", "所长"))},
		{name: "door-faults", fault: true, pattern: "POST /desk/meetings/{number}/door", who: "caller", path: main(""), arrive: answer(main(""), values("unit", "u"))},
		{name: "door-print", pattern: "GET /desk/meetings/{number}/door/print", who: "caller", path: main("/print"), shot: true},
		{name: "sign", pattern: "GET /door/{number}/{code}", path: sheet, shot: true},
		{name: "sign-later", fault: true, pattern: "GET /door/{number}/{code}", path: func(w *world) string { return w.sheet(w.called().later.Number) }},
		{name: "sign-faults", fault: true, pattern: "POST /door/{number}/{code}", path: sheet, arrive: answer(sheet, person("name", "孙丽"))},
		{name: "signed", pattern: "POST /door/{number}/{code}", path: sheet, arrive: answer(sheet, person("unit", "h", "name", "孙丽 Sun", "post", "主任")), shot: true},
		{name: "calendar", pattern: "GET /desk/calendar", who: "qingshi", path: func(w *world) string { w.called(); return "/desk/calendar" }},
		{name: "calendar-made", pattern: "POST /desk/calendar", who: "caller", path: func(w *world) string { w.called(); return "/desk/calendar" }, arrive: answer(at("/desk/calendar"), values()), shot: true},
	}
}

// From the code on the screen to the tick on a telephone, with and without script, in both languages.
func TestSomebodySignsInWithATelephone(t *testing.T) {
	first := Open(t, "about:blank", "zh")
	for lang, says := range map[string]string{"zh": "您已签到", "en": "You are signed in"} {
		t.Run(lang, func(t *testing.T) {
			w := newWorld(t, first, lang)
			today := w.called().today
			d, v := w.venue("caller", today.Number)
			b := w.tab(t, "", nil)
			b.look(phoneScreen("light"))
			b.Go("/door/" + today.Number + "/" + d.Screen(v))
			for name, value := range map[string]string{"unit": "h", "name": "孙丽", "post": "主任"} {
				b.Fill("form[method=post]", name, value)
			}
			b.Click("form button.main")
			b.Shows(says)
			b.Check("signed-" + lang)
			m, err := meetings.Of(t.Context(), w.stand.Service, office.Actor{System: true}, today.Number)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(m.Invitations, func(inv *meetings.Invitation) bool { return inv.Unit == "h" })
			if got := m.Invitations[i].Arrivals; len(got) != 1 || got[0].Name != "孙丽" || got[0].Post != "主任" {
				t.Errorf("recorded: %+v", got)
			}
		})
	}
}

// The screen at the door counts who comes without anybody touching it.
func TestTheDoorCountsByItself(t *testing.T) {
	w := newWorld(t, Open(t, "about:blank", "en"), "en")
	today := w.called().today
	b := w.tab(t, "caller", nil)
	b.look(deskScreen("light"))
	b.Go("/desk/meetings/" + today.Number + "/door")
	b.holds(`document.querySelector('.came .big').textContent === '0'`, `document.querySelector('.qr').getBoundingClientRect().width > 300`)
	d, v := w.venue("caller", today.Number)
	if _, _, trouble, err := d.Sign(t.Context(), today.Number, d.Screen(v), d.Pass(v), door.Person{Unit: "h", Name: "孙丽"}); err != nil || trouble != "" {
		t.Fatalf("%s %v", trouble, err)
	}
	b.until(`document.querySelector('.came .big').textContent === '1'`)
	b.quiet()
}
