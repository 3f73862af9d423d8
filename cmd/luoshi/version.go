package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// Set by the linker (see Makefile); never changed by the program.
var (
	version string // as git describes the source
	commit  string // full hash
)

// build is what is known about this binary.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"` // "" when built outside a repository
	Go      string `json:"go"`
}

// thisBuild prefers what the linker was told; a binary from "go install" or a
// plain "go build" knows itself from its build information.
func thisBuild() build {
	b := build{Version: version, Commit: commit, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && b.Commit == "" {
			b.Commit = s.Value
		}
	}
	return b
}

func runVersion(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("version", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print JSON")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), "Usage: luoshi version [--json]\n\n"+
			"Prints the version, the commit and the Go release of this binary.\n\nOptions:\n")
		flags.PrintDefaults()
		fmt.Fprint(flags.Output(), "\nExample:\n  luoshi version --json\n")
	}
	if code, stop := parseFlags(flags, args, stdout); stop {
		return code
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "luoshi version: unexpected argument %q\n", flags.Arg(0))
		return exitMisuse
	}
	b := thisBuild()
	if *asJSON {
		json.NewEncoder(stdout).Encode(b)
		return exitDone
	}
	fmt.Fprintf(stdout, "luoshi %s", b.Version)
	if b.Commit != "" {
		fmt.Fprintf(stdout, " (%.12s)", b.Commit)
	}
	fmt.Fprintf(stdout, ", %s\n", b.Go)
	return exitDone
}

// parseFlags reads the flags of a command. When it says stop, the command ends with
// the code: asked for help it printed it on stdout, otherwise the fault.
func parseFlags(flags *flag.FlagSet, args []string, stdout io.Writer) (code int, stop bool) {
	for _, a := range args {
		if a == "--" {
			break
		}
		if a == "-h" || a == "-help" || a == "--help" {
			flags.SetOutput(stdout)
			break
		}
	}
	switch err := flags.Parse(args); err {
	case nil:
		return exitDone, false
	case flag.ErrHelp:
		return exitDone, true
	default:
		return exitMisuse, true
	}
}
