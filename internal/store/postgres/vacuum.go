package postgres

import (
	"context"
	"time"
)

// vacuum removes what was erased from the tables' files, after the fact and by and by. PostgreSQL removes no
// version of a row that a transaction might still see, and a backup, an audit or a dump sees what was before the
// erasure: so it waits until no such transaction is left, however long that takes. It vacuums the tables that
// hold anything personal; one that the account does not own is left to the server's own vacuum, which comes
// later. A node that is stopped while it waits leaves it to the next erasure at any node.
type vacuum struct {
	store  *Store
	wanted chan struct{}
	ctx    context.Context
	end    context.CancelFunc
	done   chan struct{}
}

const (
	// firstLook and lastLook are the pauses between looks at what hinders; each is twice the one before.
	firstLook = 100 * time.Millisecond
	lastLook  = time.Minute
	// blind is how long after an erasure the tables are vacuumed where the database does not tell which
	// transactions are old.
	blind = 10 * time.Minute
)

// vacuums are the statements for the tables that hold anything personal. Of few rows in a large table
// PostgreSQL would leave the index entries: those of a matter's words name the same place, and so tell together
// what it was about.
func vacuums() []string {
	return []string{"VACUUM entry", "VACUUM matter", "VACUUM file", "VACUUM file_part", "VACUUM (INDEX_CLEANUP ON) search"}
}

func newVacuum(s *Store) *vacuum {
	v := &vacuum{store: s, wanted: make(chan struct{}, 1), done: make(chan struct{})}
	v.ctx, v.end = context.WithCancel(context.Background())
	go v.run()
	return v
}

// ask is called after an erasure was committed.
func (v *vacuum) ask() {
	select {
	case v.wanted <- struct{}{}:
	default: // one is to come
	}
}

// run vacuums when asked, and rests in between ten times as long as it took. What is erased while it waits has
// its turn afterwards.
func (v *vacuum) run() {
	defer close(v.done)
	for {
		select {
		case <-v.ctx.Done():
			return
		case <-v.wanted:
		}
		if took := v.remove(); !v.pause(10 * took) {
			return
		}
	}
}

// remove vacuums every table as soon as that removes what was erased before now, and says how long it took
// without the waiting.
func (v *vacuum) remove() (took time.Duration) {
	began, erased := time.Now(), int64(0)
	left := vacuums()
	for look := firstLook; ; look = min(2*look, lastLook) {
		next, oldest, err := v.snapshots()
		if err == nil && erased == 0 {
			erased = next
		}
		told := stateOf(err) == "" || away(stateOf(err))
		if err == nil && oldest >= erased || !told && time.Since(began) >= blind {
			now := time.Now()
			left = v.once(left)
			took += time.Since(now)
		}
		if len(left) == 0 || !v.pause(look) {
			return took
		}
	}
}

// snapshots are the number that the next transaction will have, and the lowest of which a transaction under way
// does not see whether it is committed. What one below it has made obsolete nobody sees any more.
func (v *vacuum) snapshots() (next, oldest int64, err error) {
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	err = v.store.write.QueryRow(ctx, v.store.queries["snapshots"]).Scan(&next, &oldest)
	return next, oldest, err
}

// once tries each of the statements now, and gives back those to try again: a table may be locked. An error
// changes nothing of the erasure itself, which is committed.
func (v *vacuum) once(statements []string) (left []string) {
	c, err := v.store.write.Acquire(v.ctx)
	if err != nil {
		return statements
	}
	conn := c.Hijack() // nobody else gets a connection with this setting
	defer func() {
		end, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		conn.Close(end)
	}()
	if _, err := conn.Exec(v.ctx, "SET lock_timeout = '30s'"); err != nil {
		return statements
	}
	for _, sql := range statements {
		if _, err := conn.Exec(v.ctx, sql); err != nil && !refused(err) {
			left = append(left, sql)
		}
	}
	return left
}

// pause reports whether there is anything to do after it.
func (v *vacuum) pause(d time.Duration) bool {
	select {
	case <-v.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func (v *vacuum) close() {
	v.end()
	<-v.done
}
