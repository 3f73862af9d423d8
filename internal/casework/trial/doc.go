// Package trial plays a matter through a procedure before anybody depends on it: with the verbs of package casework,
// an invented office and a clock that is set by hand. Everything happens in the memory of one call, which starts from
// nothing and is given all moves so far; nothing is stored, and nothing is shared with the installation but its
// calendars and its published procedures, which are only read. It must never decide what is lawful itself.
package trial
