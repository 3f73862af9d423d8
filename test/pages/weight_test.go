package pages

import (
	"io"
	"net/http"
	"path"
	"regexp"
	"testing"
)

// weight is how many bytes come over the line for an address when a browser that takes gzip asks, and the text.
func (c *client) weight(address string) (int, string) {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodGet, c.url+address, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip") // set by hand, it is not taken off again
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if len(b) > 2000 && res.Header.Get("Content-Encoding") != "gzip" {
		c.t.Errorf("%s comes uncompressed", address)
	}
	return len(b), c.must(http.StatusOK, c.get(address)).body
}

// weightOf is the weight of a page with all that it needs but pictures.
func (c *client) weightOf(page string) int {
	c.t.Helper()
	sum, text := c.weight(page)
	seen := map[string]bool{}
	for todo := regexp.MustCompile(`/static/[^"]+\.(css|js)`).FindAllString(text, -1); len(todo) > 0; todo = todo[1:] {
		if seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		n, source := c.weight(todo[0])
		sum += n
		for _, m := range regexp.MustCompile(`"\./(chunk\.[^"]+\.js)"`).FindAllStringSubmatch(source, -1) {
			todo = append(todo, path.Join("/static", m[1]))
		}
	}
	if len(seen) < 2 {
		c.t.Fatalf("%s needs only %v", page, seen)
	}
	return sum
}

// Somebody in a village opens the first page on a slow line.
func TestTheFirstPageIsLight(t *testing.T) {
	c := newClient(t, serve(t, New(t)))
	const most = 60_000 // bytes
	sum := c.weightOf("/")
	t.Logf("the first page weighs %d bytes", sum)
	if sum > most {
		t.Errorf("the first page weighs %d bytes, more than %d", sum, most)
	}
}
