package browser

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	told "luoshi/test/story"

	"github.com/chromedp/chromedp"
)

// as puts somebody before the screen and opens the matter, as far as they can.
func (l *telling) as(who, name string) {
	l.t.Helper()
	number := l.numbers[name]
	if _, person := l.s.People[who]; person {
		l.follow(who, number)
		return
	}
	l.atDesk(who, "/desk/m/"+number)
}

// atDesk puts somebody on the staff before the screen and opens a page; the first time they sign in by the form.
func (l *telling) atDesk(who, path string) {
	l.t.Helper()
	if who != l.now {
		l.forget()
	}
	l.now = who
	if !l.signed {
		l.signed = true
		l.Go("/login?next=" + path)
		l.Fill("form.narrow", "login", who)
		l.Fill("form.narrow", "password", storyPassword)
		l.activate("form.narrow button.main")
		return
	}
	l.cookies(l.session(who))
	l.Go(path)
}

// session is what the browser of somebody on the staff keeps. It would have ended long since in the time of the story, so
// that they would sign in again and again.
func (l *telling) session(login string) *http.Cookie {
	l.t.Helper()
	if l.staff[login] == nil {
		secret := office.NewToken()
		err := l.service().Store.PutSession(l.t.Context(), casework.Session{Hash: office.TokenHash(secret), Login: login,
			Expires: l.w.Now().AddDate(10, 0, 0)}, l.w.Now())
		if err != nil {
			l.t.Fatal(err)
		}
		l.staff[login] = &http.Cookie{Name: "luoshi_staff", Value: secret}
	}
	return l.staff[login]
}

// follow opens the matter with number and code; the first time by the form.
func (l *telling) follow(who, number string) {
	l.t.Helper()
	l.forget()
	l.now = who
	code := l.codes[who+" "+number]
	switch {
	case code == "":
		l.Go("/m")
		return
	case !l.follows:
		l.follows = true
		l.Go("/follow")
		l.Fill("form", "number", number)
		l.Fill("form", "code", code)
		l.activate("form button.main")
		return
	}
	l.cookies(entered(l.t, l.base+"/follow", url.Values{"number": {number}, "code": {code}})...)
	l.Go("/m")
}

// lookOn opens the matter for somebody who sees it: a party, or somebody of the office that has it now.
func (l *telling) lookOn(name string) {
	l.t.Helper()
	number := l.numbers[name]
	for _, who := range slices.Sorted(maps.Keys(l.s.People)) {
		if l.codes[who+" "+number] != "" {
			l.as(who, name)
			return
		}
	}
	unit := l.matter(number).Unit
	for _, role := range office.Roles() {
		if who := role + "@" + unit; l.service().Staff().Accounts[who] != nil {
			l.as(who, name)
			return
		}
	}
	l.t.Fatalf("nobody is at %s", unit)
}

// notOffered asks whether whoever may not do it is not offered it either.
func (l *telling) notOffered(at string, a *told.Act) {
	l.t.Helper()
	l.as(a.By, a.Is())
	if page := l.see(); slices.Contains(page.Steps, a.Step) {
		l.t.Errorf("%s: the page offers %s to %s", at, a.Step, a.By)
	}
}

// step takes a step by its form.
func (l *telling) step(a *told.Act) {
	l.t.Helper()
	l.as(a.By, a.Is())
	if !js[bool](l.Tab, fmt.Sprintf(`(() => { const e = document.getElementById(%q); if (e) e.open = true; return !!e; })()`, "step-"+a.Step)) {
		l.t.Fatalf("%s at %s is not offered %s:\n%s", a.By, a.At, a.Step, l.Text())
	}
	form := "#step-" + a.Step + " form"
	if a.Unit != "" {
		l.Fill(form, l.unitOf(form), a.Unit)
	}
	if a.Assignee != "" {
		l.Fill(form, "assignee", a.Assignee)
	}
	if a.Sub != nil && a.Sub.Unit != "" {
		l.Fill(form, "sub-unit", a.Sub.Unit)
	}
	if a.Sub != nil && a.Sub.Title != "" {
		l.Fill(form, "sub-title", a.Sub.Title)
	}
	if a.Sub != nil {
		for _, unit := range a.Sub.Units {
			if !js[bool](l.Tab, fmt.Sprintf(`(() => { const box = document.querySelector('%s [name="sub-units"][value="%s"]'); if (box) box.checked = true; return !!box; })()`, form, unit)) {
				l.t.Errorf("%s at %s is not offered the office %s", a.By, a.At, unit)
			}
		}
	}
	for name, value := range a.Fields {
		l.Fill(form, "f."+name, written(value))
	}
	l.handIn(form, a.Files)
	l.onward(form, a.Onward)
	if a.Note != "" {
		l.Fill(form, "note", a.Note)
	}
	l.activate(form + " button.main")
	if a.Expect != nil && a.Expect.Refused != "" && js[int](l.Tab, `document.querySelectorAll('.problems').length`) == 0 {
		l.t.Errorf("%s at %s: %s was to be refused (%s), and the page names no fault", a.By, a.At, a.Step, a.Expect.Refused)
	}
}

// unitOf is the name of the list of offices: that of the step, or of the procedure in which it goes on.
func (l *telling) unitOf(form string) string {
	l.t.Helper()
	if js[bool](l.Tab, fmt.Sprintf(`document.querySelector('%s [name="onward-unit"]') !== null`, form)) {
		return "onward-unit"
	}
	return "unit"
}

// onward fills in what the procedure asks for in which the matter goes on.
func (l *telling) onward(form string, o *casework.Onward) {
	l.t.Helper()
	if o == nil {
		return
	}
	if o.Unit != "" {
		l.Fill(form, "onward-unit", o.Unit)
	}
	for name, value := range o.Fields {
		l.Fill(form, "o.f."+name, written(value))
	}
	count := map[string]int{}
	for _, p := range o.Parties {
		l.person(form, fmt.Sprintf("o.p.%s.%d.", p.Role, count[p.Role]), told.Person{Name: p.Name, Phone: p.Phone, Address: p.Address})
		count[p.Role]++
	}
}

// handIn chooses files.
func (l *telling) handIn(form string, files map[string][]string) {
	l.t.Helper()
	dir := l.t.TempDir()
	for field, names := range files {
		var paths []string
		for _, name := range names {
			content, err := told.Sample(name)
			if err != nil {
				l.t.Fatal(err)
			}
			paths = append(paths, filepath.Join(dir, name))
			if err := os.WriteFile(paths[len(paths)-1], content, 0o644); err != nil {
				l.t.Fatal(err)
			}
		}
		l.do(chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf(`%s input[type=file][name="f.%s"]:not([capture])`, form, field)), paths))
	}
}

// giveCode has a query code made for a person, as at the counter.
func (l *telling) giveCode(a *told.Act) {
	l.t.Helper()
	number := l.numbers[a.Is()]
	l.as(a.By, a.Is())
	i := slices.IndexFunc(l.matter(number).Parties, func(p casework.Party) bool { return p.Name == l.s.People[a.Code].Name })
	js[bool](l.Tab, `document.querySelector('.upkeep').open = true`)
	l.Fill(`form[action$="/code"]`, "party", fmt.Sprint(i))
	l.activate(`form[action$="/code"] button`)
	l.codes[a.Code+" "+number] = js[string](l.Tab, `document.getElementById('code').textContent`)
}

// lodge brings the matter by the form that is for whoever brings it.
func (l *telling) lodge(at string, a *told.Act) {
	l.t.Helper()
	if _, person := l.s.People[a.By]; !person {
		l.lodgeAtDesk(at, a)
		return
	}
	l.forget()
	l.now = a.By
	l.Go("/lodge/" + l.s.Procedure)
	l.see()
	l.answer(a.Lodge)
	l.activate(".finish button")
	if l.sentBack(at, a) {
		return
	}
	l.see()
	l.Shows(a.Lodge.Title)
	l.activate("form[data-answers] button.main")
	l.lodged(a)
	l.lookOn(a.Is())
}

// lodgeAtDesk begins a matter by the form for staff.
func (l *telling) lodgeAtDesk(at string, a *told.Act) {
	l.t.Helper()
	l.atDesk(a.By, "/desk/lodge/"+l.s.Procedure)
	l.see()
	form, lodge := "form.lodging", l.s.Lodging(a.Lodge)
	for name, value := range map[string]string{"channel": lodge.Channel, "issuer": lodge.Issuer, "unit": lodge.Unit} {
		if js[int](l.Tab, fmt.Sprintf(`document.getElementsByName(%q).length`, name)) > 0 { // there is a choice
			l.Fill(form, name, value)
		}
	}
	l.particulars(form, a.Lodge)
	l.activate(form + " button.main")
	if l.sentBack(at, a) {
		return
	}
	l.lodged(a)
	l.as(a.By, a.Is())
}

// sentBack reports whether it was to be refused. Then the page has to name a fault.
func (l *telling) sentBack(at string, a *told.Act) bool {
	l.t.Helper()
	if a.Expect == nil || a.Expect.Refused == "" {
		return false
	}
	if js[int](l.Tab, `document.querySelectorAll('.problems').length`) == 0 {
		l.t.Errorf("%s: it was to be refused (%s), and the page names no fault", at, a.Expect.Refused)
	}
	return true
}

// lodged reads number and query code from the page.
func (l *telling) lodged(a *told.Act) {
	l.t.Helper()
	number := js[string](l.Tab, `document.getElementById('number')?.textContent ?? ''`)
	if number == "" {
		l.t.Fatalf("the page shows no number:\n%s", l.Text())
	}
	l.numbers[cmp.Or(a.Matter, told.Main)] = number
	l.keep(a, number, js[string](l.Tab, `document.getElementById('code')?.textContent ?? ''`))
	l.see()
}

// keep notes whose the query code is: that of the party who may follow first.
func (l *telling) keep(a *told.Act, number, code string) {
	l.t.Helper()
	for i, role := range l.matter(number).Roles {
		if role.Code != "" {
			l.codes[a.Lodge.Parties[i]+" "+number] = code
		}
	}
}

// answer goes through the questions of the form. On a phone one is seen at a time and a link leads to the next.
func (l *telling) answer(lodge *told.Lodge) {
	l.t.Helper()
	form, byRole := "form.questions", l.byRole(lodge)
	for range 60 {
		at := l.question()
		switch name, party := cutPrefix(at, "q-p-"); {
		case at == "":
			l.Fill(form, "unit", lodge.Unit)
			l.particulars(form, lodge)
			return
		case party:
			l.people(form, name, byRole[name])
		case at == "q-title":
			l.Fill(form, "title", lodge.Title)
		case at == "q-unit":
			l.Fill(form, "unit", lodge.Unit)
		default:
			field := at[len("q-f-"):]
			if value, ok := lodge.Fields[field]; ok {
				l.Fill(form, "f."+field, written(value))
			}
			if names := lodge.Files[field]; names != nil {
				l.handIn(form, map[string][]string{field: names})
			}
		}
		if !js[bool](l.Tab, fmt.Sprintf(`(() => { const next = document.querySelector('#%s a.next'); next?.click(); return !!next; })()`, at)) {
			return
		}
		l.turned(at)
	}
	l.t.Fatal("the questions have no end")
}

func cutPrefix(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):], true
	}
	return "", false
}

// question is the id of the one question on the screen; "" where all are seen.
func (l *telling) question() string {
	l.t.Helper()
	return js[string](l.Tab, `(() => { const seen = [...document.querySelectorAll('.q')].filter((q) => q.offsetParent); return seen.length === 1 ? seen[0].id : ''; })()`)
}

// turned waits until another question is on the screen.
func (l *telling) turned(from string) {
	l.t.Helper()
	for until := time.Now().Add(patience); l.question() == from; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			l.t.Fatalf("after %s no other question comes:\n%s", from, l.Text())
		}
	}
}

// byRole are the people of a matter.
func (l *telling) byRole(lodge *told.Lodge) map[string][]told.Person {
	byRole := map[string][]told.Person{}
	for _, who := range lodge.Parties {
		p := l.s.People[who]
		byRole[p.Role] = append(byRole[p.Role], p)
	}
	return byRole
}

// particulars are what it is and who it is about.
func (l *telling) particulars(form string, lodge *told.Lodge) {
	l.t.Helper()
	byRole := l.byRole(lodge)
	l.Fill(form, "title", lodge.Title)
	for name, value := range lodge.Fields {
		l.Fill(form, "f."+name, written(value))
	}
	l.handIn(form, lodge.Files)
	for _, role := range slices.Sorted(maps.Keys(byRole)) {
		l.people(form, role, byRole[role])
	}
}

// people are named one after the other; there is a button for one more.
func (l *telling) people(form, role string, named []told.Person) {
	l.t.Helper()
	for i, p := range named {
		place := fmt.Sprintf("p.%s.%d.", role, i)
		if js[int](l.Tab, fmt.Sprintf(`document.getElementsByName(%q).length`, place+"name")) == 0 {
			l.activate(fmt.Sprintf(`button[name="add"][value=%q]`, role))
		}
		l.person(form, place, p)
	}
}

func (l *telling) person(form, place string, p told.Person) {
	l.t.Helper()
	l.Fill(form, place+"name", p.Name)
	if p.Phone != "" {
		l.Fill(form, place+"phone", p.Phone)
	}
	if p.Address != "" {
		l.Fill(form, place+"address", p.Address)
	}
}
