package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"luoshi/internal/store/sqltext"
)

//go:embed migrations/*.sql queries/*.sql
var files embed.FS

// migrate brings the schema forward, one transaction per file. The file's number is kept in user_version. A
// database of a newer program is left as it is, or refused: see knownSchema.
func migrate(ctx context.Context, db *sql.DB) error {
	have, err := knownSchema(ctx, db)
	if err != nil {
		return err
	}
	migrations, err := sqltext.Migrations(files)
	if err != nil {
		return err
	}
	oldest := 0
	for _, m := range migrations {
		oldest = max(oldest, m.Oldest)
		if m.Version <= have {
			continue
		}
		if err := apply(ctx, db, m, oldest); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// knownSchema is the number of the schema the database has. A newer one than this program knows is an error,
// unless the newer program has left word that this one may go on.
func knownSchema(ctx context.Context, db *sql.DB) (int, error) {
	migrations, err := sqltext.Migrations(files)
	if err != nil {
		return 0, err
	}
	var have int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return 0, err
	}
	at := sqltext.Migration{Version: have, Oldest: have}
	if have > len(migrations) {
		if at.Oldest, err = oldestFor(ctx, db, have); err != nil {
			return have, err
		}
	}
	return have, sqltext.Usable(len(migrations), []sqltext.Migration{at})
}

// upgraded refuses a schema that this program cannot work on, also one that is older than it needs.
func upgraded(ctx context.Context, db *sql.DB) error {
	have, err := knownSchema(ctx, db)
	if err != nil {
		return err
	}
	migrations, err := sqltext.Migrations(files)
	if err != nil {
		return err
	}
	if 0 < have && have < len(migrations) {
		return fmt.Errorf("it has schema %d, this program needs %d: start the service once with this program", have, len(migrations))
	}
	return nil
}

// oldestName is the setting that tells from which number on programs may work on the schema: "1 for 3" is
// written with schema 3, and says nothing of any other. PostgreSQL has a table for it.
const oldestName = "schema-oldest"

// oldestFor reads the setting; without one for this schema, only programs that know it may go on.
func oldestFor(ctx context.Context, db *sql.DB, version int) (int, error) {
	var text string
	err := db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = ?", oldestName).Scan(&text)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	var oldest, of int
	if n, _ := fmt.Sscanf(text, "%d for %d", &oldest, &of); n < 2 || of != version {
		return version, nil
	}
	return oldest, nil
}

// apply runs one migration. Programs that know at least the schema oldest may go on with the result.
func apply(ctx context.Context, db *sql.DB, m sqltext.Migration, oldest int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, m.SQL); err != nil {
		return err
	}
	if oldest < m.Version {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
			oldestName, fmt.Sprintf("%d for %d", oldest, m.Version)); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", m.Version)); err != nil {
		return err
	}
	return tx.Commit()
}
