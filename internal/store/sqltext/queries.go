package sqltext

import (
	"io/fs"
	"strings"
)

// Queries reads the named queries of queries/*.sql: each begins with a line "-- name: x". The text is without
// comment lines and without the semicolon at the end.
func Queries(files fs.FS) map[string]string {
	out := map[string]string{}
	names, _ := fs.Glob(files, "queries/*.sql") // the pattern is well formed
	for _, name := range names {
		src, _ := fs.ReadFile(files, name) // Glob has found it
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
