package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
)

// command is one line of the table. run gets the arguments after the name and
// returns the exit code; with --help it explains itself on stdout and returns 0.
type command struct {
	name    string
	summary string
	run     func(args []string, stdin io.Reader, stdout, stderr io.Writer) int
}

// commands is the table, in the order of help.
func commands() []command {
	return []command{
		{"due", "compute a deadline and explain it", runDue},
		{"verify", "check a receipt offline against a trusted key", runVerify},
		{"demo", "fill a fictional province and serve it", runDemo},
		{"serve", "serve pages, API and log", runServe},
		{"account", "add, list and disable staff accounts", runAccount},
		{"unit", "import and list offices", runUnit},
		{"calendar", "load and list days off", runCalendar},
		{"publish", "check procedures and put them into force", runPublish},
		{"migrate", "bring running matters under another version", runMigrate},
		{"audit", "recompute a whole database and name each fault", runAudit},
		{"check", "prove that procedures can be depended on", runCheck},
		{"report", "read the report of a meeting: who, when, what is to be done", runReport},
		{"import", "bring a CSV file from another system in as matters", runImport},
		{"move", "copy a whole log into another database and go on there", runMove},
		{"backup", "write everything a database holds into one file", runBackup},
		{"restore", "make a database from a backup", runRestore},
		{"bench", "measure a running server", runBench},
		{"version", "print the version of this binary", runVersion},
	}
}

func findCommand(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func writeHelp(w io.Writer) {
	fmt.Fprint(w, "Luoshi carries public matters from lodging to a verified end.\n\n"+
		"Usage: luoshi COMMAND [options]\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(t, "  %s\t%s\n", c.name, c.summary)
	}
	t.Flush()
	fmt.Fprint(w, "\nRun \"luoshi help COMMAND\" for its options and an example.\n"+
		"Exit codes: 0 done, 1 found something wrong, 2 misuse.\n")
}

// nearest is the command that takes the fewest typing errors to become name;
// "" when none is near.
func nearest(name string) string {
	best, fewest := "", 3
	for _, c := range append(commands(), command{name: "help"}) {
		if d := distance(name, c.name); d < fewest && d < len(c.name) {
			best, fewest = c.name, d
		}
	}
	return best
}

// distance counts insertions, deletions and changes between two words
// (Levenshtein); a very long word is far from everything.
func distance(a, b string) int {
	if len(a) > 32 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// finish says what went wrong with a verb of a command, if anything, and gives the exit code.
func finish(command, verb string, err error, stderr io.Writer) int {
	var misuse errMisuse
	switch {
	case errors.As(err, &misuse):
		fmt.Fprintf(stderr, "luoshi %s %s: %v\nSee luoshi %s --help.\n", command, verb, err, command)
		return exitMisuse
	case err != nil:
		fmt.Fprintf(stderr, "luoshi %s %s: %v\n", command, verb, err)
		return exitFault
	}
	return exitDone
}

// collect takes an option that may repeat.
func collect(into *[]string) func(string) error {
	return func(s string) error { *into = append(*into, s); return nil }
}
