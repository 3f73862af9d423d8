package site

import (
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// dark reads the picture back into modules, by the path that a browser draws.
func dark(t *testing.T, q *QrView) map[[2]int]bool {
	t.Helper()
	at := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(q.Path, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1])
		}
		if n[2] != n[3] {
			t.Fatalf("a run goes %d there and %d back", n[2], n[3])
		}
		for x := range n[2] {
			at[[2]int{n[0] + x, n[1]}] = true
		}
	}
	return at
}

func TestTheQRCodeIsDrawnWithItsMarksTheRightWayUp(t *testing.T) {
	q := NewQR("https://luoshi.example/follow#number=2026-00000123-X")
	if q == nil {
		t.Fatal("no code")
	}
	at, last := dark(t, q), q.Size-quiet-1
	for _, corner := range [][2]int{{quiet, quiet}, {last - 6, quiet}, {quiet, last - 6}} {
		for i := range 7 { // ISO/IEC 18004, 6.3.3: a dark square of 7 with a light one of 5 in it
			for _, edge := range [][2]int{{corner[0] + i, corner[1]}, {corner[0] + i, corner[1] + 6}, {corner[0], corner[1] + i}, {corner[0] + 6, corner[1] + i}} {
				if !at[edge] {
					t.Fatalf("the mark at %v is not whole at %v", corner, edge)
				}
			}
		}
		if at[[2]int{corner[0] + 1, corner[1] + 1}] {
			t.Errorf("the mark at %v is not open", corner)
		}
	}
	// The one module that is always dark (7.9.1) says which way is up.
	if !at[[2]int{quiet + 8, last - 7}] {
		t.Error("the code is turned or mirrored")
	}
	for p := range at {
		if p[0] < quiet || p[1] < quiet || p[0] > last || p[1] > last {
			t.Fatalf("the quiet zone is dark at %v", p)
		}
	}
}

func TestTheAddressInTheQRCodeKeepsTheNumberFromServers(t *testing.T) {
	r := httptest.NewRequest("POST", "http://luoshi.example/lodge/x", nil)
	r.Header.Set("X-Forwarded-Proto", "https")
	got := FollowAddress(r, "2026-00000123-X")
	if sent, _, _ := strings.Cut(got, "#"); sent != "https://luoshi.example/follow" {
		t.Errorf("the address is %s", got)
	}
}
