// Package demo fills an installation with a province that does not exist: its tree of offices, its staff, and
// some thousands of synthetic matters over three years that were lodged, handled, delayed, referred, withdrawn
// and ended by lawful steps at simulated times.
//
// Everything goes through the verbs of casework, as it would by page or API, so that audit is green over it.
// The package must never write to a store beside those verbs, never take a step that the procedure does not
// allow to the one who takes it, never touch an installation that holds matters of its own, and never hold the
// name, number or address of a real person.
//
// With the same seed, number of matters and end of the simulated time, the same matters come to the same ends;
// only salts, keys, query codes, passwords and tokens differ. What happens next in a matter depends on the seed,
// the matter and where it stands, and on nothing else; so a filling that was killed goes on where it was.
package demo
