package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"luoshi/internal/ledger"

	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite"
)

// spike is a server that has the log and nothing else: no procedure, no clocks, no projection, no search, no
// idempotency keys. It shows what HTTP, group commit, leaf, tiles, checkpoint and proof cost on this machine,
// which is the most that lodging could reach here.
type spike struct {
	db    *sql.DB
	key   *ledger.Key
	edge  *ledger.Edge
	queue chan *spikeEntry
}

type spikeEntry struct {
	body       []byte
	salt       ledger.Salt
	commitment ledger.Hash
	leaf       tlog.Hash
	answer     chan spikeAnswer
}

type spikeAnswer struct {
	index  int64
	signed []byte
	edge   *ledger.Edge
	err    error
}

const spikeOrigin = "spike.invalid/log"

func runSpike(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("spike", flag.ExitOnError)
	dir := flags.String("dir", "", "`FOLDER` of the database")
	flags.Parse(args)
	s := &spike{queue: make(chan *spikeEntry, 1000)}
	var err error
	if s.key, err = ledger.NewKey(spikeOrigin); err != nil {
		return err
	}
	if s.edge, err = ledger.LoadEdge(ctx, 0, nil); err != nil {
		return err
	}
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)", "wal_autocheckpoint(16000)"}}
	if s.db, err = sql.Open("sqlite", "file:"+filepath.Join(*dir, "spike.db")+"?"+pragmas.Encode()); err != nil {
		return err
	}
	defer s.db.Close()
	s.db.SetMaxOpenConns(1)
	if _, err := s.db.ExecContext(ctx, `CREATE TABLE entry (idx INTEGER PRIMARY KEY, body BLOB, salt BLOB, commitment BLOB);
		CREATE TABLE tile (level INTEGER, idx INTEGER, data BLOB, PRIMARY KEY (level, idx)) WITHOUT ROWID;
		CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, signed BLOB)`); err != nil {
		return err
	}
	go s.write(ctx)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		srv.Close()
	}()
	fmt.Printf("ready http://%s\n", listener.Addr())
	if err := srv.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// ServeHTTP records the body and answers with its proof.
func (s *spike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil && !json.Valid(body) {
		err = fmt.Errorf("no JSON")
	}
	e := &spikeEntry{body: body, salt: ledger.NewSalt(), answer: make(chan spikeAnswer, 1)}
	e.commitment = ledger.LeafCommitment(e.salt, ledger.EntryHash(body))
	e.leaf = ledger.LeafHash(spikeOrigin, e.commitment)
	var a spikeAnswer
	if err == nil {
		s.queue <- e
		a = <-e.answer
		err = a.err
	}
	var proof tlog.RecordProof
	if err == nil {
		proof, err = a.edge.Prove(a.index)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(map[string]any{"index": a.index, "salt": e.salt[:], "proof": proof, "checkpoint": string(a.signed)})
}

func (s *spike) write(ctx context.Context) {
	for first := range s.queue {
		batch := together(first, s.queue)
		signed, err := s.commit(ctx, batch)
		for i, e := range batch {
			e.answer <- spikeAnswer{index: s.edge.Size() - int64(len(batch)-i), signed: signed, edge: s.edge, err: err}
		}
	}
}

func (s *spike) commit(ctx context.Context, batch []*spikeEntry) (signed []byte, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	edge := s.edge.Clone()
	leaves := make([]tlog.Hash, len(batch))
	insert, err := tx.PrepareContext(ctx, "INSERT INTO entry VALUES (?, ?, ?, ?)")
	if err != nil {
		return nil, err
	}
	for i, e := range batch {
		leaves[i] = e.leaf
		if _, err := insert.ExecContext(ctx, edge.Size()+int64(i), e.body, e.salt[:], e.commitment[:]); err != nil {
			return nil, err
		}
	}
	full, err := edge.Append(leaves)
	if err != nil {
		return nil, err
	}
	for _, t := range full {
		if _, err := tx.ExecContext(ctx, "INSERT INTO tile VALUES (?, ?, ?)", t.Level, t.Index, t.Data); err != nil {
			return nil, err
		}
	}
	if signed, err = s.key.SignCheckpoint(spikeOrigin, edge.Size(), edge.Root()); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO checkpoint VALUES (?, ?)", edge.Size(), signed); err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	s.edge = edge
	return signed, nil
}
