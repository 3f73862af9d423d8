// Package arch holds the rules of the source itself as tests: which package
// may import which, what must be documented, how long a file may be. It has no
// code to import. A rule that turns out wrong is changed here, in the open; it
// must never be worked around.
package arch
