// Package transfer copies one whole log, with everything a database keeps beside it, into another database or
// into a backup and back. It declares the tables that are copied and the file form of a backup.
//
// What is copied is the same for every database; what is derived from it (the words of the search, the entry
// of an idempotency key) or lives shortly (sessions) is left out, and the target makes it again. A target is
// filled table by table in the order of keys, so that what is there is always the beginning of what shall be
// there, and a copy that was cut off at any moment goes on behind it.
//
// The package must never know a database, nor change a value on its way: the log's leaves are hashes of it.
package transfer
