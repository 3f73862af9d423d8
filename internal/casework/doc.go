// Package casework is where a matter is brought, handled and finished. It holds the nouns (matter, entry,
// party, clock) and the verbs (Lodge, TakeStep, Lapse, IssueCode, Correct, Erase, Read), and the small
// interfaces that a store must implement for it.
//
// A verb loads the matter, asks procedure and office whether the act is lawful for this actor now, computes
// one entry and its clocks (pure), and hands a Change to the store, which writes state, entry, log leaf,
// clocks and counts in one transaction. Rules live here, once, above SQL.
//
// The package must never name a concrete store, read the wall clock other than through Service.Now, or let
// anything personal into an Act: the act is the part of an entry that outlives erasure.
package casework
