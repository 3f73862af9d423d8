package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/web/part"
)

func TestThePageOfPartsIsOnlyInADemonstration(t *testing.T) {
	err := testSite(t).design(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/design", nil))
	if e, ok := err.(*casework.Error); !ok || e.Kind != casework.NotFound {
		t.Errorf("outside a demonstration the answer is %v", err)
	}
}

func TestASnippetIsGoThatMakesThePart(t *testing.T) {
	for _, c := range []struct {
		of   any
		want string
	}{
		{part.Button{Label: "Save", Class: "main", Busy: true}, `part.Button{Label: "Save", Class: "main", Busy: true}`},
		{[]problem{{ID: "a", Text: `say "b"`}}, `[]problem{{ID: "a", Text: "say \"b\""}}`},
		{&part.Table{Columns: []part.Column{{Title: "Open", Number: true}}}, `&part.Table{Columns: []part.Column{{Title: "Open", Number: true}}}`},
		{part.Cell{Status: &part.Status{Class: "here", Text: "x"}}, `part.Cell{Status: &part.Status{Class: "here", Text: "x"}}`},
		{input{About: map[string]string{"b": "2", "a": "1"}}, `input{About: map[string]string{"a":"1", "b":"2"}}`},
	} {
		if got := literal(c.of); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestLargeTypeIsKept(t *testing.T) {
	s := testSite(t)
	try := func(target string) *http.Response {
		w := httptest.NewRecorder()
		if !s.choose(w, httptest.NewRequest(http.MethodGet, target, nil)) {
			t.Fatalf("%s chooses nothing", target)
		}
		return w.Result()
	}
	res := try("/procedures?page=2&type=large")
	if to := res.Header.Get("Location"); to != "/procedures?page=2" {
		t.Errorf("the choice leads to %s", to)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if large(r) {
		t.Error("type is large before it was chosen")
	}
	for _, c := range res.Cookies() {
		r.AddCookie(c)
	}
	if !large(r) {
		t.Error("the choice is not kept")
	}
	if c := try("/?type=normal").Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("going back leaves %v", c)
	}
	if s.choose(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/?type=huge", nil)) {
		t.Error("any size is taken")
	}
}
