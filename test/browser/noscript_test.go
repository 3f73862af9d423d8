package browser

import (
	"encoding/json"
	"testing"
)

// answers are what a resident who brings a dispute would say, by the name of what is asked.
func answers() map[string]string {
	return map[string]string{"unit": "t", "title": "Leak through the ceiling", "f.kind": "neighbour", "f.facts": "Water since March.", "f.request": "Please repair.",
		"p.applicant.0.name": "Zhang San", "p.applicant.0.phone": "13800000001", "p.respondent.0.name": "Li Si"}
}

// fillShown answers what a form on the page asks, on one page or on many, and reports whether it asks anything.
const fillShown = `((answers) => {
	let asked = 0;
	for (const input of document.querySelectorAll('main form [name]')) {
		if (input.type === 'hidden' || !(input.name in answers)) continue;
		asked++;
		if (input.type === 'radio') { if (input.value === answers[input.name]) input.checked = true; }
		else if (!input.value) input.value = answers[input.name];
	}
	return asked;
})`

// A matter is brought, accepted, handled and finished in a browser that runs no script at all.
func TestAMatterFromLodgingToItsEndWithoutScript(t *testing.T) {
	first := Open(t, "about:blank", "en")
	first.Go("")
	w := newWorld(t, first, "en")
	resident := w.tab(t, "", nil)
	resident.scripts(false)
	resident.look(phoneScreen("light"))
	resident.Go("/lodge/people-mediation")
	said, err := json.Marshal(answers())
	if err != nil {
		t.Fatal(err)
	}
	const arrived = `document.getElementById('number') !== null`
	for range 20 { // so many pages at most
		if js[bool](resident, arrived) {
			break
		}
		js[int](resident, fillShown+"("+string(said)+")")
		resident.activate("main form button.main") // on a narrow screen it stands behind the last question
	}
	if !js[bool](resident, arrived) {
		t.Fatalf("no number was given:\n%s", resident.Text())
	}
	number := js[string](resident, `document.getElementById('number').textContent.trim()`)
	resident.shoot("en-lodged-without-script")
	w.handle(t, number)
	resident.Go("/m")
	resident.Shows("This matter is closed")
}

// handle carries the matter to its end at the desk, without script.
func (w *world) handle(t *testing.T, number string) {
	t.Helper()
	for _, s := range []struct{ login, step, says string }{{"clerk", "accept", "Accepted"}, {"clerk", "assign", "In mediation"}, {"mediator", "session", "Both came."},
		{"mediator", "agreement", "He repairs it."}, {"mediator", "close", "Closed"}} {
		tab := w.tab(t, s.login, nil)
		tab.scripts(false)
		tab.look(phoneScreen("light"))
		tab.Go("/desk/m/" + number)
		js[bool](tab, `document.getElementById("step-`+s.step+`").querySelector('summary') === null || (document.getElementById("step-`+s.step+`").open = true)`)
		form := "#step-" + s.step + " form"
		for _, f := range steps()[s.step] {
			tab.Fill(form, f[0], f[1])
		}
		tab.Click(form + " button.main")
		tab.Shows(s.says)
		tab.quiet()
	}
}

// steps is what staff say at each step.
func steps() map[string][][2]string {
	return map[string][][2]string{
		"assign":    {{"assignee", "mediator"}},
		"session":   {{"f.session_on", "2026-05-06"}, {"f.session_form", "in-person"}, {"f.session_record", "Both came."}},
		"agreement": {{"f.agreement_form", "written"}, {"f.agreement_text", "He repairs it."}},
		"close":     {{"f.performed", "yes"}},
	}
}
