package pages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestATextForRepliesIsWrittenTakenAndDeleted(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk, head := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	clerk.signIn("clerk")
	head.signIn("head")
	text := url.Values{"unit": {"c"}, "for": {"people-mediation/decline"}, "name": {"A court has it"},
		"body": {"“{title}” ({number}) is with a court.\r\n{office}"}}
	holds(t, clerk.must(200, clerk.get("/desk/templates")), "There is no template yet", "{number}", "Do not accept")
	clerk.must(http.StatusSeeOther, clerk.post("/desk/templates", text))
	a := head.must(200, head.get("/desk/templates")) // shared in the office
	holds(t, a, "A court has it", "is with a court.", "王芳 (clerk)")
	id := found(t, regexp.MustCompile(`name="id" value="([a-z0-9]{10,})"`), a.body)

	step := "/desk/m/" + number + "/steps/decline"
	holds(t, clerk.must(200, clerk.get("/desk/m/"+number)), `name="reply.note"`, `<option value="`+id+`">A court has it</option>`)
	form := url.Values{"version": {"1"}, "key": {"k1"}, "note": {"Dear Ms Zhang,"}, "f.decline_ground": {"in-court"}, "insert": {"note"}, "reply.note": {id}}
	a = clerk.must(200, clerk.post(step, form))
	holds(t, a, "Dear Ms Zhang,\n“Leak through the ceiling” ("+number+") is with a court.\nQingshi Justice Office</textarea>", `value="in-court" checked`, " autofocus>")
	if strings.Contains(a.body, "Something changed") || !strings.Contains(clerk.get("/desk/m/"+number).body, "Received") {
		t.Error("putting in a text did more than that")
	}
	clerk.must(422, clerk.post("/desk/templates", with(text, "body", "")))
	clerk.must(http.StatusForbidden, clerk.post("/desk/templates", with(text, "unit", "p")))
	clerk.must(http.StatusSeeOther, clerk.post("/desk/templates", with(text, "id", id, "name", "In court")))
	holds(t, clerk.get("/desk/templates?unit=c&id="+id), "Change the template", `value="In court"`)
	clerk.must(http.StatusSeeOther, clerk.post("/desk/templates/drop", url.Values{"unit": {"c"}, "id": {id}}))
	a = clerk.must(http.StatusNotFound, clerk.post("/desk/templates", with(text, "id", id)))
	holds(t, a, "was deleted meanwhile", "is with a court.")
	auditor := newClient(t, base)
	auditor.signIn("auditor")
	holds(t, auditor.must(200, auditor.get("/desk/templates")), "There is no office whose texts your account may change")
}

// Who takes a text while somebody else acts is told of that when they send, not before.
func TestATextIsTakenForTheVersionThatWasSeen(t *testing.T) {
	base := serve(t, New(t))
	resident, clerk, other := newClient(t, base), newClient(t, base), newClient(t, base)
	number, _ := resident.lodge(dispute())
	clerk.signIn("clerk")
	other.signIn("clerk")
	clerk.must(http.StatusSeeOther, clerk.post("/desk/templates", url.Values{"unit": {"c"}, "name": {"Hello"}, "body": {"Hello."}}))
	id := found(t, regexp.MustCompile(`name="id" value="([a-z0-9]{10,})"`), clerk.get("/desk/templates").body)
	other.must(http.StatusSeeOther, other.post("/desk/m/"+number+"/steps/accept", url.Values{"version": {"1"}}))
	form := url.Values{"version": {"1"}, "unit": {"u"}, "insert": {"note"}, "reply.note": {id}}
	a := clerk.must(200, clerk.post("/desk/m/"+number+"/steps/refer", form))
	holds(t, a, "Hello.</textarea>")
	version := found(t, regexp.MustCompile(`(?s)/steps/refer".*?name="version" value="([0-9]+)"`), a.body)
	if version != "1" {
		t.Errorf("the form is for version %s", version)
	}
	a = clerk.must(http.StatusConflict, clerk.post("/desk/m/"+number+"/steps/refer", url.Values{"version": {version}, "unit": {"u"}, "note": {"Hello."}}))
	holds(t, a, "Something changed", "Hello.")
}
