package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"luoshi/internal/store/sqltext"

	"github.com/jackc/pgx/v5"
)

// migrate brings the schema forward, one transaction per file. Several nodes may start at once: the row that
// says that a file was applied is written first, so that the second one waits for the first and then finds
// nothing to do. What was applied is in the table schema_migration, for the whole database.
func (s *Store) migrate(ctx context.Context) error {
	migrations, have, err := s.versions(ctx)
	if err != nil {
		return err
	}
	if highest(have) >= len(migrations) {
		return nil
	}
	if err := s.makeMigrationTable(ctx); err != nil {
		return s.mayNotCreate(ctx, err)
	}
	for _, m := range migrations[highest(have):] {
		if err := s.apply(ctx, m, inUse); err != nil {
			return s.mayNotCreate(ctx, fmt.Errorf("%s: %w", m.Name, err))
		}
	}
	return nil
}

// makeMigrationTable makes the table unless it is there. IF NOT EXISTS does not help against another node that
// makes it at the same moment: then the second one is told that it exists, and looks again.
func (s *Store) makeMigrationTable(ctx context.Context) (err error) {
	for try := range 10 {
		if try > 0 {
			time.Sleep(time.Duration(try) * 20 * time.Millisecond)
		}
		_, err = s.write.Exec(ctx, s.queries["schema-create"])
		if !slices.Contains(madeMeanwhile(), stateOf(err)) {
			return err
		}
	}
	return err
}

// madeMeanwhile are the codes by which PostgreSQL says so: of the table, of its type, of their rows in the
// catalogue.
func madeMeanwhile() []string { return []string{"42P07", "42710", uniqueViolation, "XX000", "40001"} }

// inUse is how long a migration is tried while a table that it changes is in use.
const inUse = 5 * time.Minute

// apply applies one migration. While other nodes write, the database may choose it as the one to give way; and a
// table that a long reading uses cannot be changed yet, for which it waits in pieces, for as long as it is told.
func (s *Store) apply(ctx context.Context, m sqltext.Migration, patience time.Duration) error {
	began, pause := time.Now(), 200*time.Millisecond
	for tries := 1; ; {
		err := s.applyOnce(ctx, m)
		switch {
		case again(stateOf(err)) && tries < 10:
			tries++
			continue
		case stateOf(err) != lockTimeout:
			return err
		case time.Since(began)+pause > patience:
			return fmt.Errorf("a table that has to be changed stays in use: most likely a backup, a move, an audit or a dump of the database is running; "+
				"let it end, or end it, and start again. Nothing was changed (%w)", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, 10*time.Second)
	}
}

// applyOnce asks for a table for two seconds at most, because everybody who comes later queues behind it, and the
// nodes that serve meanwhile would stand still. Another node that is at this very migration is waited for.
func (s *Store) applyOnce(ctx context.Context, m sqltext.Migration) error {
	return pgx.BeginFunc(ctx, s.write, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, s.queries["schema-add"], m.Version, m.Name, m.Oldest)
		if err != nil || tag.RowsAffected() == 0 { // another node was first
			return err
		}
		if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '2s'"); err != nil {
			return err
		}
		_, err = tx.Conn().PgConn().Exec(ctx, m.SQL).ReadAll()
		return err
	})
}

// knownSchema refuses a schema that this program cannot work on.
func (s *Store) knownSchema(ctx context.Context) error {
	migrations, have, err := s.versions(ctx)
	if err != nil {
		return err
	}
	switch n := highest(have); {
	case n == 0:
		return errors.New("it holds nothing of Luoshi; see that the address names the right database")
	case n < len(migrations):
		return fmt.Errorf("it has schema %d, this program needs %d: start the service once with this program", n, len(migrations))
	}
	return sqltext.Usable(len(migrations), have)
}

// versions are the migrations that this program knows, and those that were applied to this database.
func (s *Store) versions(ctx context.Context) (known, applied []sqltext.Migration, err error) {
	if known, err = sqltext.Migrations(files); err != nil {
		return nil, nil, err
	}
	applied, err = s.applied(ctx)
	return known, applied, err
}

// applied lists what was applied to this database, by this program or a newer one.
func (s *Store) applied(ctx context.Context) ([]sqltext.Migration, error) {
	var there bool
	if err := s.pool.QueryRow(ctx, s.queries["schema-there"]).Scan(&there); err != nil || !there {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, s.queries["schema-applied"])
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (m sqltext.Migration, err error) {
		return m, r.Scan(&m.Version, &m.Name, &m.Oldest)
	})
	if stateOf(err) == noRights {
		err = s.mayNotUse(ctx, "SELECT", "schema_migration", "SELECT")
	}
	return out, err
}

func highest(applied []sqltext.Migration) int {
	n := 0
	for _, m := range applied {
		n = max(n, m.Version)
	}
	return n
}

// mayNotCreate says what to grant when the tables cannot be made.
func (s *Store) mayNotCreate(ctx context.Context, err error) error {
	if stateOf(err) != noRights {
		return err
	}
	user, schema := s.whoAndWhere(ctx)
	return fmt.Errorf("%w: user %s may not make tables; let the owner of the database run: GRANT USAGE, CREATE ON SCHEMA %s TO %s; (%w)",
		errRights, user, schema, user, err)
}

// checkRights says what to grant when tables cannot be read or written.
func (s *Store) checkRights(ctx context.Context, readOnly bool) error {
	rights, grant := []string{"SELECT", "INSERT", "UPDATE", "DELETE"}, "SELECT, INSERT, UPDATE, DELETE"
	if readOnly {
		rights, grant = rights[:1], "SELECT"
	}
	var table, right string
	err := s.pool.QueryRow(ctx, s.queries["rights-missing"], rights).Scan(&table, &right)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.mayNotUse(ctx, right, table, grant)
}

func (s *Store) mayNotUse(ctx context.Context, right, table, grant string) error {
	user, schema := s.whoAndWhere(ctx)
	return fmt.Errorf("%w: user %s has no right to %s on table %s; let the owner of the tables run: GRANT %s ON ALL TABLES IN SCHEMA %s TO %s;",
		errRights, user, right, table, grant, schema, user)
}

// whoAndWhere are the names of the user and the schema, quoted as SQL needs them.
func (s *Store) whoAndWhere(ctx context.Context) (user, schema string) {
	if s.pool.QueryRow(ctx, s.queries["who"]).Scan(&user, &schema) != nil {
		return "(the user of the address)", "public"
	}
	return user, schema
}
