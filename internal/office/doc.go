// Package office knows who the offices are and who may do what: the tree of
// units with their dates and successors, staff accounts with grants, and the
// one permission predicate, Scope, that list, search, count, export and single
// read all use.
//
// It is pure: no store, no clock, no request. It must never grant anything by
// default: an unknown role, an unknown unit, a disabled account or an actor
// with two identities may do nothing. It must never keep a password or a token,
// only their hashes.
package office
