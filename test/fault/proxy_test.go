package fault_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// proxy stands between the program and PostgreSQL and reads what the program says, so that it can cut the
// connection at a COMMIT.
type proxy struct {
	listener net.Listener
	server   string

	mu    sync.Mutex
	armed *blow
	cut   int
	shut  bool // nobody gets through
	open  map[net.Conn]bool
}

// blow is what happens at a COMMIT.
type blow struct {
	arrives bool // the COMMIT still reaches the server
	shuts   bool // all other connections are cut too, and new ones refused until reopen
}

func newProxy(t *testing.T, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	x := &proxy{listener: l, server: server, open: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close() })
	go x.accept()
	return x
}

func (x *proxy) port() int { return x.listener.Addr().(*net.TCPAddr).Port }

// cutNextCommit cuts the connection over which the next COMMIT goes, once.
func (x *proxy) cutNextCommit(b blow) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.armed = &b
}

func (x *proxy) cuts() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.cut
}

// reopen lets everybody through again.
func (x *proxy) reopen() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.shut = false
}

// fire gives the blow that this COMMIT of client gets, nil for none.
func (x *proxy) fire(client net.Conn) *blow {
	x.mu.Lock()
	defer x.mu.Unlock()
	b := x.armed
	if b == nil {
		return nil
	}
	x.armed = nil
	x.cut++
	if b.shuts {
		x.shut = true
		for c := range x.open {
			if c != client {
				c.Close()
			}
		}
	}
	return b
}

// enter notes a connection, unless the proxy is shut.
func (x *proxy) enter(client net.Conn) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.shut {
		x.open[client] = true
	}
	return !x.shut
}

func (x *proxy) leave(client net.Conn) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.open, client)
}

func (x *proxy) accept() {
	for {
		client, err := x.listener.Accept()
		if err != nil {
			return
		}
		go x.serve(client)
	}
}

func (x *proxy) serve(client net.Conn) {
	defer client.Close()
	if !x.enter(client) {
		return
	}
	defer x.leave(client)
	server, err := net.Dial("tcp", x.server)
	if err != nil {
		return
	}
	defer server.Close()
	back := make(chan struct{}) // closed when the server has said everything
	go func() {
		defer close(back)
		defer client.Close()
		io.Copy(client, server)
		io.Copy(io.Discard, server) // the client was cut off: the server must not notice
	}()
	if x.forward(client, server) == errCut {
		client.Close()
		server.(*net.TCPConn).CloseWrite() // it has read everything before it sees the end
		<-back
	}
}

var errCut = errors.New("cut")

// forward hands on what the client says, until the connection ends or is cut. The bytes are those that came.
func (x *proxy) forward(client, server net.Conn) error {
	if err := hand(server, client, false, func(byte, []byte) error { return nil }); err != nil { // the first message has no type
		return err
	}
	statements := map[string]string{} // by name
	commits := false                  // the portal that is bound commits
	cutting := false                  // a COMMIT was handed on; the batch it stands in goes with it
	for {
		err := hand(server, client, true, func(kind byte, body []byte) error {
			said := false
			switch kind {
			case 'P':
				var m pgproto3.Parse
				if err := m.Decode(body); err != nil {
					return err
				}
				statements[m.Name] = m.Query
			case 'B':
				var m pgproto3.Bind
				if err := m.Decode(body); err != nil {
					return err
				}
				commits = isCommit(statements[m.PreparedStatement])
			case 'E':
				said = commits
			case 'Q':
				said = isCommit(strings.TrimRight(string(body), "\x00"))
			}
			if said && !cutting {
				b := x.fire(client)
				if b != nil && !b.arrives {
					return errCut
				}
				cutting = b != nil
			}
			return nil
		})
		if err != nil {
			return err
		}
		if cutting {
			cutting = false
			return x.rest(client, server)
		}
	}
}

// rest hands on the end of a batch whose COMMIT was handed on.
func (x *proxy) rest(client, server net.Conn) error {
	for end := false; !end; {
		err := hand(server, client, true, func(kind byte, _ []byte) error {
			end = kind == 'S'
			return nil
		})
		if err != nil {
			return err
		}
	}
	return errCut
}

// hand reads one message, has it looked at and hands it on.
func hand(to io.Writer, from io.Reader, typed bool, look func(kind byte, body []byte) error) error {
	head := make([]byte, 4, 5)
	if typed {
		head = head[:5]
	}
	if _, err := io.ReadFull(from, head); err != nil {
		return err
	}
	body := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
	if _, err := io.ReadFull(from, body); err != nil {
		return err
	}
	if err := look(head[0], body); err != nil {
		return err
	}
	_, err := to.Write(append(head, body...))
	return err
}

func isCommit(sql string) bool {
	last := sql[strings.LastIndex(strings.TrimRight(sql, "; \n"), ";")+1:]
	return strings.EqualFold(strings.Trim(last, "; \n"), "commit")
}
