package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed queries/*.sql
var queryFiles embed.FS

// migrate brings the schema forward, one transaction per file. The file's number is kept in user_version;
// a newer database than this program is refused.
func migrate(ctx context.Context, db *sql.DB) error {
	have, err := knownSchema(ctx, db)
	if err != nil {
		return err
	}
	names := migrationNames()
	for i, name := range names[have:] {
		if err := migrateFile(ctx, db, name, have+i+1); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// knownSchema is the number of the schema the database has; one that this program does not know is an error.
func knownSchema(ctx context.Context, db *sql.DB) (int, error) {
	var have int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return 0, err
	}
	if known := len(migrationNames()); have > known {
		return 0, fmt.Errorf("the database has schema %d, this program knows only %d: use a newer program", have, known)
	}
	return have, nil
}

func migrationNames() []string {
	names, _ := fs.Glob(migrations, "migrations/*.sql") // the pattern is well formed
	return names
}

func migrateFile(ctx context.Context, db *sql.DB, name string, version int) error {
	src, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, string(src)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}

// loadQueries reads the named queries: each begins with a line "-- name: x".
func loadQueries() map[string]string {
	out := map[string]string{}
	names, _ := fs.Glob(queryFiles, "queries/*.sql")
	for _, name := range names {
		src, _ := queryFiles.ReadFile(name)
		for _, part := range strings.Split(string(src), "-- name: ")[1:] {
			title, body, _ := strings.Cut(part, "\n")
			out[strings.TrimSpace(title)] = statement(body)
		}
	}
	return out
}

// statement drops the comment lines that belong to the next query.
func statement(body string) string {
	var lines []string
	for line := range strings.Lines(body) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			lines = append(lines, line)
		}
	}
	return strings.TrimSuffix(strings.TrimSpace(strings.Join(lines, "")), ";")
}
