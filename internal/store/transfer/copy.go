package transfer

import (
	"context"
	"fmt"
	"maps"
)

// Head says what a source holds.
type Head struct {
	Origin     string           // of the log; "" when none was begun
	Size       int64            // entries
	Checkpoint []byte           // the newest, signed; nil when the log is empty
	Schema     int              // number of the newest migration
	Rows       map[string]int64 // by table
}

// Source gives everything that one database or backup holds, as of one moment.
type Source interface {
	Head(ctx context.Context) (Head, error)
	// Rows calls f with every row behind the key (nil: from the first), in the order of keys. Tables are asked
	// for in the order of Tables, each once. The row belongs to f.
	Rows(ctx context.Context, t Table, after Row, f func(Row) error) error
	// Depart notes that the log is now kept at another place, after which the source refuses every change;
	// without a place it takes that back. Only a source that nobody could change since it was opened can do it.
	Depart(ctx context.Context, to string) error
	Close() error
}

// State is what a target holds before a copy.
type State struct {
	Mark       *Mark // of a copy that has not finished; nil when there is none
	Empty      bool  // no row in any table
	Origin     string
	Checkpoint []byte
	Schema     int
}

// Target is a database that is filled.
type Target interface {
	State(ctx context.Context) (State, error)
	// Begin keeps the mark, without which nothing may be changed. old is the mark that it replaces: from then on
	// the run that had it fails with ErrOvertaken. Without old the target must still be empty.
	Begin(ctx context.Context, old *Mark, m Mark) error
	// Last is the highest key of a table, nil when it is empty, and the number of its rows.
	Last(ctx context.Context, t Table) (key Row, rows int64, err error)
	Clear(ctx context.Context, t Table) error
	// Append adds rows with keys behind Last, all or none, with what is derived from them.
	Append(ctx context.Context, t Table, rows []Row) error
	// Settle writes what is no row of a table: the log's origin and size, the numbers that are taken. The mark
	// stays. It refuses a log that is larger.
	Settle(ctx context.Context, h Head) error
	// Finish takes the mark away: from now on the database may be used.
	Finish(ctx context.Context) error
	Close() error
}

// Progress is how far a copy is.
type Progress struct {
	Table     string
	Rows, All int64 // over all tables
	Bytes     int64 // copied by this run
}

// Result is what a copy did.
type Result struct {
	Head    Head
	Tables  map[string]int64 // rows by table
	Rows    int64
	Bytes   int64 // copied by this run
	Resumed bool  // an earlier run had begun
}

// What goes into one transaction of the target.
const (
	groupRows  = 2000
	groupBytes = 8 << 20
)

// Copy fills dst with everything src holds, or goes on where an earlier run was cut off. Afterwards dst is
// complete but still marked: whoever has convinced himself that all is right calls Finish.
// It refuses a target that holds anything else, and with ErrThere one that holds this very log.
func Copy(ctx context.Context, src Source, dst Target, show func(Progress)) (Result, error) {
	head, err := src.Head(ctx)
	if err != nil {
		return Result{}, err
	}
	c := &copying{src: src, dst: dst, head: head, show: show, result: Result{Head: head, Tables: maps.Clone(head.Rows)}}
	for _, n := range head.Rows {
		c.result.Rows += n
	}
	if err := c.begin(ctx); err != nil {
		return c.result, err
	}
	for _, t := range Tables() {
		if err := c.table(ctx, t); err != nil {
			return c.result, fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return c.result, dst.Settle(ctx, head)
}

type copying struct {
	src    Source
	dst    Target
	head   Head
	show   func(Progress)
	result Result
	done   int64 // rows, over all tables
}

// begin looks whether the target may be filled, and marks it.
func (c *copying) begin(ctx context.Context) error {
	st, err := c.dst.State(ctx)
	if err != nil {
		return err
	}
	if st.Schema != c.head.Schema {
		return fmt.Errorf("the source has schema %d, the target %d: a database gets the newest when luoshi serve of the newest program is started with it once; a backup is restored by the program version that wrote it, and then brought forward; %w", c.head.Schema, st.Schema, ErrHeld)
	}
	switch {
	case st.Mark != nil:
		c.result.Resumed = true
		if err := c.same(*st.Mark); err != nil {
			return err
		}
		return c.dst.Begin(ctx, st.Mark, st.Mark.by())
	case st.Empty:
		return c.dst.Begin(ctx, nil, Mark{Origin: c.head.Origin, Checkpoint: string(c.head.Checkpoint)}.by())
	case st.Origin == c.head.Origin && c.head.Size > 0 && string(st.Checkpoint) == string(c.head.Checkpoint):
		return ErrThere
	case st.Origin == c.head.Origin && st.Origin != "":
		return fmt.Errorf("the target holds the log %s already, with another newest checkpoint: one of the two has gone on, and two histories of one log cannot be joined; name a new, empty database; %w", st.Origin, ErrHeld)
	case st.Origin != "":
		return fmt.Errorf("the target holds another log, %s: name a new, empty database; %w", st.Origin, ErrHeld)
	}
	return fmt.Errorf("the target is not empty: name a new, empty database; %w", ErrHeld)
}

// same refuses to go on with a source that is not, or no longer, the one that was begun with.
func (c *copying) same(m Mark) error {
	switch {
	case m.Origin != c.head.Origin:
		return fmt.Errorf("the target was begun with another log, %s: name that source again, or a new, empty target; %w", m.Origin, ErrHeld)
	case m.Checkpoint != string(c.head.Checkpoint):
		return fmt.Errorf("the source has changed since %s, when this target was begun (its newest checkpoint is another one now): remove the target and begin again; %w", m.Begun, ErrHeld)
	}
	return nil
}

// table copies what is missing of one table.
func (c *copying) table(ctx context.Context, t Table) error {
	if t.Loose && c.result.Resumed {
		if err := c.dst.Clear(ctx, t); err != nil {
			return err
		}
	}
	last, have, err := c.dst.Last(ctx, t)
	if err != nil {
		return err
	}
	g := group{c: c, table: t, done: c.done + have}
	g.report()
	err = c.src.Rows(ctx, t, last, func(row Row) error { return g.add(ctx, row) })
	if err == nil {
		err = g.flush(ctx)
	}
	if err != nil {
		return err
	}
	if _, have, err = c.dst.Last(ctx, t); err != nil {
		return err
	}
	if want := c.head.Rows[t.Name]; have != want {
		return fmt.Errorf("the target has %d rows, the source %d: remove the target and begin again", have, want)
	}
	c.done += have
	return nil
}

// group collects the rows of one transaction.
type group struct {
	c     *copying
	table Table
	rows  []Row
	bytes int64
	done  int64
}

func (g *group) add(ctx context.Context, row Row) error {
	if err := g.table.Check(row); err != nil {
		return err
	}
	g.rows = append(g.rows, row)
	g.bytes += weight(row)
	if len(g.rows) < groupRows && g.bytes < groupBytes {
		return nil
	}
	return g.flush(ctx)
}

func (g *group) flush(ctx context.Context) error {
	if len(g.rows) == 0 {
		return nil
	}
	if err := g.c.dst.Append(ctx, g.table, g.rows); err != nil {
		return err
	}
	g.done += int64(len(g.rows))
	g.c.result.Bytes += g.bytes
	g.rows, g.bytes = nil, 0
	g.report()
	return nil
}

func (g *group) report() {
	if g.c.show != nil {
		g.c.show(Progress{Table: g.table.Name, Rows: g.done, All: g.c.result.Rows, Bytes: g.c.result.Bytes})
	}
}
