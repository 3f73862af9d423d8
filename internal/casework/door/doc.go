// Package door is signing in at the door of a meeting: the codes that stand there, which venue they belong to, and the
// step by which somebody who scans one is recorded as arrived.
//
// Whoever holds a code has no account, so what they may do is decided here alone: to say that they came, for an office
// that is invited, at that venue, on that day. They must never learn who else came.
package door
