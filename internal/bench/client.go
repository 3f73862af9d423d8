package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Client posts over kept connections with as little work of its own as it can: it shares the machine with
// the server that it measures. Each connection is used by one caller at a time. It follows no redirects.
type Client struct {
	scheme, host string
	idle         chan *conn
}

type conn struct {
	net.Conn
	in  *bufio.Reader
	out bytes.Buffer
}

// timeout bounds one request.
const timeout = time.Minute

// NewClient makes a client for base, an http or https URL of a host, that keeps at most n connections.
func NewClient(base string, n int) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of a server, for example http://127.0.0.1:8080", base)
	}
	return &Client{scheme: u.Scheme, host: u.Host, idle: make(chan *conn, n)}, nil
}

// Close ends the kept connections.
func (c *Client) Close() {
	for {
		select {
		case k := <-c.idle:
			k.Close()
		default:
			return
		}
	}
}

func (c *Client) dial(ctx context.Context) (*conn, error) {
	host := c.host
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(host, c.scheme)
	}
	var k net.Conn
	var err error
	if c.scheme == "https" {
		k, err = (&tls.Dialer{}).DialContext(ctx, "tcp", host)
	} else {
		k, err = (&net.Dialer{}).DialContext(ctx, "tcp", host)
	}
	if err != nil {
		return nil, err
	}
	return &conn{Conn: k, in: bufio.NewReaderSize(k, 16<<10)}, nil
}

// Post sends body as JSON with an idempotency key of its own and answers with status and body.
func (c *Client) Post(ctx context.Context, path, key string, body []byte) (status int, answer []byte, err error) {
	var k *conn
	select {
	case k = <-c.idle:
	default:
		if k, err = c.dial(ctx); err != nil {
			return 0, nil, err
		}
	}
	status, answer, keep, err := k.post(c.host, path, key, body)
	if keep {
		select {
		case c.idle <- k:
			return status, answer, err
		default:
		}
	}
	return status, answer, errors.Join(err, k.Close())
}

func (k *conn) post(host, path, key string, body []byte) (status int, answer []byte, keep bool, err error) {
	if err := k.SetDeadline(time.Now().Add(timeout)); err != nil {
		return 0, nil, false, err
	}
	k.out.Reset()
	fmt.Fprintf(&k.out, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n", path, host, key, len(body))
	k.out.Write(body)
	if _, err := k.Write(k.out.Bytes()); err != nil {
		return 0, nil, false, err
	}
	resp, err := http.ReadResponse(k.in, nil)
	if err != nil {
		return 0, nil, false, err
	}
	defer resp.Body.Close()
	if n := resp.ContentLength; n > 0 && n < 1<<20 {
		answer = make([]byte, n)
		_, err = io.ReadFull(resp.Body, answer)
	} else {
		answer, err = io.ReadAll(resp.Body)
	}
	return resp.StatusCode, answer, err == nil && !resp.Close, err
}
