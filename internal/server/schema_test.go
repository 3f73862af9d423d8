package server

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"luoshi/procedures"
)

func TestTheSchemaOfProceduresIsServed(t *testing.T) {
	f := newFixture(t)
	resp, err := http.Get(f.url + "/v1/schemas/procedure.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/schema+json" || !bytes.Equal(body, procedures.Schema) {
		t.Errorf("%d %s, %d bytes, %v", resp.StatusCode, resp.Header.Get("Content-Type"), len(body), err)
	}
}
