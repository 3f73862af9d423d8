package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"time"

	"luoshi/internal/bench"
	"luoshi/internal/server"
	"luoshi/internal/store/postgres/pgtest"

	"github.com/jackc/pgx/v5"
)

// durableCluster starts a PostgreSQL that waits for the disk as in use.
func durableCluster() (*pgtest.Cluster, error) {
	return pgtest.Launch("fsync=on", "full_page_writes=on", "synchronous_commit=on", "shared_buffers=1GB", "max_wal_size=4GB")
}

// newDatabase makes an empty database and gives its address.
func newDatabase(ctx context.Context, c *pgtest.Cluster) (string, error) {
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	name := "measure_" + strings.ToLower(rand.Text()[:8])
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name)
	return c.URL(name), err
}

// movedTo copies a filled database to PostgreSQL, audits it there, says how long that took, and lets PostgreSQL
// settle as it would overnight.
func movedTo(ctx context.Context, c *pgtest.Cluster, dir string) (address string, err error) {
	if address, err = newDatabase(ctx, c); err != nil {
		return "", err
	}
	from := siteConfig(dir, "")
	vkey, err := os.ReadFile(from.VKeyFile())
	if err != nil {
		return "", err
	}
	began := time.Now()
	r, err := server.Move(ctx, server.MoveOptions{From: from, To: siteConfig(dir, address), VKeys: []string{string(vkey)}, KeepSourceOpen: true})
	if err != nil {
		return "", err
	}
	if !r.Finished {
		return "", fmt.Errorf("the move of %s did not finish: %+v", dir, r.Audit)
	}
	fmt.Fprintf(os.Stderr, "moved and audited %d rows, %d MB, in %s\n", r.Rows, r.Bytes>>20, time.Since(began).Round(time.Second))
	return address, settle(ctx, address)
}

// multiply copies the last matter's row n times, each thousand a day later than the one before.
func multiply(ctx context.Context, address string, n int) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `INSERT INTO matter (log, id, procedure, state, open, unit, assignee, version, opened, due, wake, provisional, title, doc)
SELECT log, id + g, procedure, state, open, unit, assignee, version, opened, due + later, wake + later, provisional, title, doc
FROM (SELECT * FROM matter ORDER BY id DESC LIMIT 1) last, generate_series(1, $1::integer) g, LATERAL (SELECT (1 + g / $2::integer) * 86400000::bigint) l (later)`, n, perDay)
	return err
}

// settle lets PostgreSQL do what it does overnight.
func settle(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, statement := range []string{"VACUUM ANALYZE", "CHECKPOINT"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// bare writes rows with the content of a lodging, by group commit and nothing else: one connection that
// commits whatever waits. It is the most that a committer on this engine could reach.
func (l *lodging) bare(ctx context.Context, row []byte) (load, error) {
	address, err := newDatabase(ctx, l.cluster)
	if err != nil {
		return load{}, err
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return load{}, err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "CREATE TABLE bare (log integer, idx bigint, body bytea, PRIMARY KEY (log, idx))"); err != nil {
		return load{}, err
	}
	queue := make(chan chan error, l.clients)
	go groupCommit(ctx, conn, row, queue)
	result, err := bench.Run(ctx, l.clients, l.duration, func(context.Context) error {
		answer := make(chan error, 1)
		queue <- answer
		return <-answer
	})
	close(queue)
	return load{Result: result}, err
}

// groupCommit writes one row for each that waits, all of them in one statement, and answers them.
func groupCommit(ctx context.Context, conn *pgx.Conn, row []byte, queue <-chan chan error) {
	next := int64(0)
	for first := range queue {
		waiting := together(first, queue)
		places, bodies := make([]int64, len(waiting)), make([][]byte, len(waiting))
		for i := range waiting {
			places[i], bodies[i] = next, row
			next++
		}
		_, err := conn.Exec(ctx, "INSERT INTO bare SELECT 1, * FROM unnest($1::bigint[], $2::bytea[])", places, bodies)
		for _, w := range waiting {
			w <- err
		}
	}
}

// together is the first with everything else that waits.
func together[T any](first T, queue <-chan T) []T {
	all := []T{first}
	for {
		select {
		case next, open := <-queue:
			if !open {
				return all
			}
			all = append(all, next)
		default:
			return all
		}
	}
}
