package server

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"luoshi/procedures"
)

func TestAProcedureCanBeTakenAway(t *testing.T) {
	f := newFixture(t)
	fetch := func(path string, headers ...string) (int, string, http.Header) {
		req, err := http.NewRequest("GET", f.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b), res.Header
	}
	written, err := procedures.FS.ReadFile("people-mediation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, kind, file, begins, holds string }{
		{"/v1/procedures/people-mediation/source", "application/yaml", "people-mediation@1.yaml", "# ", "luoshi-procedure/1"},
		{"/v1/procedures/people-mediation/diagram.svg?lang=en", "image/svg+xml", "people-mediation@1.svg", "<svg ", "In mediation"},
		{"/v1/procedures/people-mediation@1/diagram.svg?lang=zh", "image/svg+xml", "people-mediation@1.svg", "<svg ", "调解中"},
		{"/v1/procedures/people-mediation/bpmn?lang=zh", "application/xml", "people-mediation@1.bpmn", "<?xml ", "调解中"},
	} {
		status, body, header := fetch(c.path)
		if status != 200 || header.Get("Content-Type") != c.kind || !strings.Contains(header.Get("Content-Disposition"), c.file) ||
			!strings.HasPrefix(body, c.begins) || !strings.Contains(body, c.holds) || !strings.Contains(header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d %v %.80s", c.path, status, header, body)
		}
	}
	if _, body, _ := fetch("/v1/procedures/people-mediation/source"); !bytes.Equal([]byte(body), written) {
		t.Error("the source is not what was published")
	}
	if _, body, _ := fetch("/v1/procedures/people-mediation/diagram.svg", "Accept-Language", "en"); !strings.Contains(body, "In mediation") {
		t.Error("the picture does not follow Accept-Language")
	}
	for _, path := range []string{"/v1/procedures/nothing/bpmn", "/v1/procedures/people-mediation@9/source"} {
		if status, _, header := fetch(path); status != 404 || header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v", path, status, header)
		}
	}
}
