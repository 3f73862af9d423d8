// Package sqltext reads the SQL files that a store carries: named queries and numbered migrations. Both
// stores lay them out alike.
//
// It reads text and compares numbers; it never talks to a database.
package sqltext
