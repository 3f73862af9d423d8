package sqlite

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"
)

// The write-ahead log is written back into the database beside the writer, by a connection of its own: the
// writer would stand still for it, and everybody with it. What it appended meanwhile, a small part, it writes
// back itself between two transactions, for only then can the log begin anew.
const (
	writeBackAt = 12000 // pages in the log, of 4 KB
	// The writer's own limit, in case that writing back beside it cannot keep up.
	writeBackLimit = 64000
	// How long the keeper waits before it asks again how long the log is.
	writeBackPause = 10 * time.Millisecond
)

// keeper writes the log back.
type keeper struct {
	db     *sql.DB
	due    chan struct{} // something was committed
	finish atomic.Bool   // little is left: the writer shall write it back
	done   chan struct{}
}

func newKeeper(path string) (*keeper, error) {
	db, err := sql.Open("sqlite", dsn(path, "synchronous(FULL)", "busy_timeout(10000)", "wal_autocheckpoint(0)", "cache_size(-1024)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	k := &keeper{db: db, due: make(chan struct{}, 1), done: make(chan struct{})}
	go k.run()
	return k, nil
}

func (k *keeper) run() {
	defer close(k.done)
	ctx := context.Background()
	for range k.due {
		if !k.finish.Load() && k.pages(ctx, "NOOP") >= writeBackAt {
			k.pages(ctx, "PASSIVE") // waits for nobody; what it cannot do now is done the next time
			k.finish.Store(true)
		}
		time.Sleep(writeBackPause)
	}
}

// pages runs a checkpoint of SQLite and gives the length of the log; 0 when it failed, as on a full disk.
func (k *keeper) pages(ctx context.Context, mode string) int {
	var busy, length, done int
	if err := k.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &length, &done); err != nil {
		return 0
	}
	return length
}

// committed is told after every transaction, by the writer.
func (k *keeper) committed(ctx context.Context, writer *sql.Conn) {
	if k.finish.Load() {
		_, _ = writer.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)") // if it fails, the next one will do
		k.finish.Store(false)
	}
	select {
	case k.due <- struct{}{}:
	default:
	}
}

func (k *keeper) close() error {
	close(k.due)
	<-k.done
	return k.db.Close()
}
