// Command summary reads the events of "go test -json" from standard input,
// prints a line per package, the whole output of whatever failed, the lines
// "measure: …" of whatever passed and the reason of whatever was skipped, and
// ends with the counts:
//
//	123 passed, 0 failed, 4 skipped
//
// Tests and subtests count alike; a package that fails by itself, because it
// does not compile or ends early, counts as one failure. It must never hide
// the output of a failure. Its exit code says only whether it could read: with
// pipefail the shell's is that of go test.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := summarize(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "summary:", err)
		os.Exit(1)
	}
}
