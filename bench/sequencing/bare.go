package main

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// bare commits entries in groups and keeps no log: what a design is compared with.
type bare struct {
	*node
	conn *pgx.Conn
	seq  int64
}

func (b *bare) serve(ctx context.Context) error {
	for {
		entries := b.gather()
		c := columnsOf(entries, b.seq)
		if _, err := b.conn.Exec(ctx, insertBare, b.Node, c.places, c.ids, c.acts, c.salts); err != nil {
			return err
		}
		for i, e := range entries {
			e.answer <- answer{index: c.places[i]}
		}
		b.seq += int64(len(entries))
	}
}

const insertBare = `INSERT INTO entry (log, node, seq, id, act, salt)
	SELECT 1, $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[])`
