package postgres_test

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// cable leads to the server, and can be cut.
type cable struct {
	listener net.Listener
	server   string
	url      string // of the log, not over the cable

	mu      sync.Mutex
	open    []net.Conn
	away    bool   // nobody gets through
	knife   []byte // what the client says when the cable is cut; nil: never
	answers bool   // it is cut only when the server answers to that
}

// newCable gives an address by which the server at another one is reached over a cable.
func newCable(t *testing.T, address string) (*cable, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{server: u.Host, url: address}
	if c.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.listener.Close()
		c.cut(true)
	})
	go c.accept()
	u.Host = c.listener.Addr().String()
	return c, u.String()
}

func (c *cable) accept() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.server)
		if err != nil {
			client.Close()
			continue
		}
		c.mu.Lock()
		c.open = append(c.open, client, server)
		if c.away {
			client.Close()
			server.Close()
		}
		c.mu.Unlock()
		said := new(atomic.Bool)
		go c.pass(client, server, func(b []byte) bool { return c.heard(b, said) })
		go c.pass(server, client, func([]byte) bool { return said.Load() })
	}
}

// pass hands on what it reads until the cable is to be cut, or is.
func (c *cable) pass(from, to net.Conn, ends func([]byte) bool) {
	defer from.Close()
	defer to.Close()
	b := make([]byte, 1<<20)
	for {
		n, err := from.Read(b)
		if n > 0 && ends(b[:n]) {
			c.cut(false)
			return
		}
		if _, failed := to.Write(b[:n]); failed != nil || err != nil {
			return
		}
	}
}

// heard reports whether the cable is to be cut at what the client says; said is set when it is to be cut at
// the answer.
func (c *cable) heard(b []byte, said *atomic.Bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.knife == nil || !bytes.Contains(b, c.knife) {
		return false
	}
	c.knife = nil
	said.Store(c.answers)
	return !c.answers
}

// cut ends all connections; away keeps new ones from getting through, too.
func (c *cable) cut(away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = c.away || away
	for _, conn := range c.open {
		conn.Close()
	}
	c.open = nil
}

// mend lets everybody through again.
func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = false
}

// cutAt has the cable cut once when the client says the word: before the server gets it, or when it answers.
// If stays, nobody gets through afterwards.
func (c *cable) cutAt(word string, answers, stays bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.knife, c.answers = []byte(word), answers
	if stays {
		c.away = true // those that are connected are not hindered
	}
}
