package postgres

import (
	"context"
	"fmt"

	"luoshi/internal/casework"
	"luoshi/internal/number"

	"github.com/jackc/pgx/v5"
)

// Snapshot implements casework.AuditStore: one transaction that sees everything as of its beginning. It may last
// long and be idle in between, while the caller works.
func (s *Store) Snapshot(ctx context.Context, f func(casework.Snapshot) error) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return mapError(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
		return mapError(err)
	}
	var size int64 // PostgreSQL takes its snapshot at the first query, not at BEGIN
	if err := tx.QueryRow(ctx, s.queries["log-size"], s.log).Scan(&size); err != nil {
		return mapError(err)
	}
	return f(&snapshot{store: s, tx: tx})
}

type snapshot struct {
	store   *Store
	tx      pgx.Tx
	cursors int // declared so far
}

// portion is how many rows are in memory at once, and fileParts how many parts of files.
const (
	portion   = 200
	fileParts = 8
)

// each runs a query and hands over every row. It reads by a cursor, in portions: a long table does not have to
// fit into memory, and other queries may run in between.
func each[T any](ctx context.Context, v *snapshot, name string, scan pgx.RowToFunc[T], f func(T) error) error {
	return portions(ctx, v, name, portion, scan, f)
}

func portions[T any](ctx context.Context, v *snapshot, name string, portion int, scan pgx.RowToFunc[T], f func(T) error) error {
	v.cursors++
	cursor := fmt.Sprintf("c%d", v.cursors)
	// DECLARE takes no parameters over the extended protocol.
	_, err := v.tx.Exec(ctx, "DECLARE "+cursor+" NO SCROLL CURSOR FOR "+v.store.queries[name], pgx.QueryExecModeSimpleProtocol, v.store.log)
	if err != nil {
		return mapError(err)
	}
	for {
		rows, err := v.tx.Query(ctx, fmt.Sprintf("FETCH %d FROM %s", portion, cursor), pgx.QueryExecModeDescribeExec)
		if err != nil {
			return mapError(err)
		}
		got, err := pgx.CollectRows(rows, scan)
		if err != nil {
			return mapError(err)
		}
		for _, x := range got {
			if err := f(x); err != nil {
				return err
			}
		}
		if len(got) < portion {
			_, err := v.tx.Exec(ctx, "CLOSE "+cursor)
			return mapError(err)
		}
	}
}

func scanStored(r pgx.CollectableRow) (casework.Stored, error) {
	var e casework.Stored
	var err error
	e.Entry, err = scanEntry(r, []any{&e.ID, &e.Seq}, &e.Key)
	e.Number = number.OfID(e.ID)
	return e, err
}

func (v *snapshot) Entries(ctx context.Context, f func(casework.Stored) error) error {
	return each(ctx, v, "audit-entries", scanStored, f)
}

func (v *snapshot) Histories(ctx context.Context, f func(casework.Stored) error) error {
	return each(ctx, v, "audit-histories", scanStored, f)
}

func (v *snapshot) Tiles(ctx context.Context, f func(level int, index int64, data []byte) error) error {
	type tile struct {
		level int
		index int64
		data  []byte
	}
	return each(ctx, v, "audit-tiles", func(r pgx.CollectableRow) (t tile, err error) {
		return t, r.Scan(&t.level, &t.index, &t.data)
	}, func(t tile) error { return f(t.level, t.index, t.data) })
}

func (v *snapshot) Checkpoints(ctx context.Context, f func(size int64, signed []byte) error) error {
	type head struct {
		size   int64
		signed []byte
	}
	return each(ctx, v, "audit-checkpoints", func(r pgx.CollectableRow) (h head, err error) {
		return h, r.Scan(&h.size, &h.signed)
	}, func(h head) error { return f(h.size, h.signed) })
}

func (v *snapshot) Matters(ctx context.Context, f func(casework.Projection) error) error {
	return each(ctx, v, "audit-matters", func(r pgx.CollectableRow) (p casework.Projection, err error) {
		var title []byte
		err = r.Scan(&p.ID, &p.Row.Procedure, &p.Row.State, &p.Row.Open, &p.Row.Unit, &p.Row.Assignee, &p.Row.Version,
			&p.Opened, &p.Due, &p.Wake, &p.Provisional, &p.Ended, &p.Late, &title, &p.Doc)
		p.Row.Number, p.Row.Title = number.OfID(p.ID), string(title)
		return p, err
	}, f)
}

func (v *snapshot) Counts(ctx context.Context) (map[casework.Count]int64, error) {
	out := map[casework.Count]int64{}
	rows, err := v.tx.Query(ctx, v.store.queries["tally-all"], v.store.log)
	if err != nil {
		return nil, mapError(err)
	}
	var c casework.Count
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&c.Unit, &c.Procedure, &c.State, &c.Open, &n}, func() error {
		out[c] = n
		return nil
	})
	return out, mapError(err)
}

func (v *snapshot) Files(ctx context.Context, f func(id string, part int, data []byte) error) error {
	type stored struct {
		id   string
		part int
		data []byte
	}
	return portions(ctx, v, "audit-files", fileParts, func(r pgx.CollectableRow) (p stored, err error) {
		return p, r.Scan(&p.id, &p.part, &p.data)
	}, func(p stored) error { return f(p.id, p.part, p.data) })
}

func (v *snapshot) FileUses(ctx context.Context, f func(id string, matter int64) error) error {
	type use struct {
		id     string
		matter int64
	}
	return each(ctx, v, "audit-file-uses", func(r pgx.CollectableRow) (u use, err error) {
		return u, r.Scan(&u.id, &u.matter)
	}, func(u use) error { return f(u.id, u.matter) })
}

// Integrity asks PostgreSQL what everybody may ask: whether an index was left unfinished, and whether pages were
// found damaged (where the cluster has checksums). That the head of the log is where the entries end is the
// store's own business: nobody signs it.
func (v *snapshot) Integrity(ctx context.Context) ([]string, error) {
	var out []string
	rows, err := v.tx.Query(ctx, v.store.queries["audit-indexes"])
	if err != nil {
		return nil, mapError(err)
	}
	indexes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, mapError(err)
	}
	for _, name := range indexes {
		out = append(out, fmt.Sprintf("the index %s is not valid: REINDEX INDEX %s", name, name))
	}
	var pages, size, entries int64
	if err := v.tx.QueryRow(ctx, v.store.queries["audit-pages"]).Scan(&pages); err != nil {
		return nil, mapError(err)
	}
	if pages > 0 {
		out = append(out, fmt.Sprintf("%d pages of the database did not have their checksum when they were read", pages))
	}
	var head *int64
	if err := v.tx.QueryRow(ctx, v.store.queries["audit-head"], v.store.log).Scan(&head, &entries); err != nil {
		return nil, mapError(err)
	}
	if head != nil {
		size = *head
	}
	if size != entries {
		out = append(out, fmt.Sprintf("the head of the log says %d entries, and they end at %d", size, entries))
	}
	return out, nil
}
