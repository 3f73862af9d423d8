package site

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

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
