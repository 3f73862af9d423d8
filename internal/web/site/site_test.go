package site

import "testing"

func testSite(t *testing.T) *Site {
	t.Helper()
	s, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
