// Package sqlite keeps everything in one SQLite file, by the pure-Go driver modernc.org/sqlite: WAL,
// synchronous=FULL, one writer that groups concurrent changes into one transaction, and readers beside it.
//
// SQL lives in queries/*.sql and migrations/*.sql; no rule of casework lives here. Only one process may
// write to a file at a time: a lock beside the file enforces it and is freed by the kernel when the process
// dies.
package sqlite
