// Package intake brings the rows of a CSV file from another system in as matters. A mapping (see
// doc/import.md) says which column is what; the package reads the file as a stream, makes the offices that
// the rows name, lodges every row by the same verbs a clerk uses, walks what was closed there to its end by
// lawful steps, and writes the rows it cannot take to a file of rejects with the reason.
//
// It may be stopped at any moment and started again: a row is known by its own identity, and every act
// carries an idempotency key made from it.
//
// The package must never write around the verbs of casework, date anything back (the source's time stands
// beside the entry's own), or guess: a row that does not fit the mapping is rejected, not bent.
package intake
