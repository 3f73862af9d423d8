// Package story tells what becomes of a matter from lodging to its end, and tries it: acts with dates go in; states,
// clocks with their due dates and law, notices and what each person sees come out, in Chinese and English.
//
// A story is a file testdata/NAME.yaml; doc/stories.md describes its members. It is played over the real casework
// service and a real SQLite store whose clock the story moves, in offices made from procedures/offices/kinds.yaml
// (World). Two things judge it: the expectations that a person wrote into the file from the law and the calendar, and
// the golden text beside it, NAME.golden, which shows everything else and which `go test ./test/story -update` writes
// anew. The package must never compute a due date itself, or it would only repeat the program, and it is never linked
// into the product.
package story
