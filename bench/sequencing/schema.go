package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The designs by the names that the table of results gives them.
const (
	designBare   = "group commit, no log"
	designLock   = "lock on the head"
	designOutbox = "outbox, sequencer"
)

// headTables are what both designs keep, as in the product.
const headTables = `
CREATE TABLE log (log integer PRIMARY KEY, size bigint NOT NULL);
INSERT INTO log VALUES (1, 0);
CREATE TABLE tile (log integer, level integer, idx bigint, data bytea NOT NULL, PRIMARY KEY (log, level, idx));
CREATE TABLE checkpoint (log integer, size bigint, signed bytea NOT NULL, PRIMARY KEY (log, size));`

// lockTables: an entry has its place in the log when it is written. The second index is what the product needs
// to find an entry by its matter; every design pays for it.
const lockTables = headTables + `
CREATE TABLE entry (log integer, idx bigint, id bigint NOT NULL, act bytea NOT NULL, salt bytea NOT NULL,
  commitment bytea NOT NULL, PRIMARY KEY (log, idx));
CREATE UNIQUE INDEX entry_id ON entry (log, id);`

// bareTables: an entry has its place among those of its node.
const bareTables = `
CREATE TABLE entry (log integer, node integer, seq bigint, id bigint NOT NULL, act bytea NOT NULL, salt bytea NOT NULL,
  commitment bytea, PRIMARY KEY (log, node, seq));
CREATE UNIQUE INDEX entry_id ON entry (log, id);`

// outboxTables: the entries are their own outbox, since a node numbers its entries and commits them in that
// order: what is past node.sequenced waits. So nothing is written twice or deleted, and a run of a node's
// entries costs one row when it is given its place in the log.
const outboxTables = headTables + bareTables + `
CREATE TABLE node (log integer, node integer, sequenced bigint NOT NULL, PRIMARY KEY (log, node));
CREATE TABLE run (log integer, idx bigint, node integer NOT NULL, seq bigint NOT NULL, n bigint NOT NULL, PRIMARY KEY (log, idx));
CREATE TABLE leader (log integer PRIMARY KEY, holder integer NOT NULL, until timestamptz NOT NULL);
INSERT INTO leader VALUES (1, -1, '-infinity');`

func tables(design string) string {
	switch design {
	case designLock:
		return lockTables
	case designOutbox:
		return outboxTables
	}
	return bareTables
}

// ordered reads index, id, act, salt and commitment of every entry in the order of the log; without a log, in
// the order in which they were written.
func ordered(design string) string {
	switch design {
	case designLock:
		return "SELECT idx, id, act, salt, commitment FROM entry WHERE log = 1 ORDER BY idx"
	case designOutbox:
		return `SELECT r.idx + e.seq - r.seq AS place, e.id, e.act, e.salt, e.commitment
			FROM run r JOIN entry e ON e.log = 1 AND e.node = r.node AND e.seq >= r.seq AND e.seq < r.seq + r.n
			WHERE r.log = 1 ORDER BY place`
	}
	return "SELECT seq, id, act, salt, commitment FROM entry WHERE log = 1 ORDER BY node, seq"
}

// connect opens a session in the schema, with durable commits.
func connect(ctx context.Context, url, schema string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the URL of the database: %w", err)
	}
	config.RuntimeParams["search_path"] = schema
	config.RuntimeParams["synchronous_commit"] = "on"
	// The tables are empty when the statements are planned, and the plans are kept.
	config.RuntimeParams["enable_seqscan"] = "off"
	return pgx.ConnectConfig(ctx, config)
}

// makeSchema begins a run: an own schema with the design's tables, and nothing left to flush from the last run.
func makeSchema(ctx context.Context, conn *pgx.Conn, schema, design string) error {
	script := fmt.Sprintf("CREATE SCHEMA %s; SET search_path = %[1]s; %s", schema, tables(design))
	if _, err := conn.Exec(ctx, script, pgx.QueryExecModeSimpleProtocol); err != nil {
		return fmt.Errorf("making the schema: %w", err)
	}
	if _, err := conn.Exec(ctx, "CHECKPOINT"); err != nil && !strings.Contains(err.Error(), "42501") {
		return err // who lacks the right to ask for it measures without
	}
	return nil
}

func dropSchema(ctx context.Context, conn *pgx.Conn, schema string) error {
	_, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
	return err
}

// checkDurable refuses a server that answers a commit before it is on the disk.
func checkDurable(ctx context.Context, conn *pgx.Conn) error {
	for _, name := range []string{"fsync", "full_page_writes"} {
		var value string
		if err := conn.QueryRow(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return err
		}
		if value != "on" {
			return fmt.Errorf("the server runs with %s=%s; what is not durable is not measured: set it to on", name, value)
		}
	}
	return nil
}
