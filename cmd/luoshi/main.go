// Command luoshi serves, fills, checks and verifies an installation: one
// binary, one command per file.
//
// A command reads its arguments, calls one package and prints what it answers.
// It must never hold a rule of its own: what is lawful, when something is due
// and what a proof proves is decided below. Exit codes are the same everywhere:
// 0 done, 1 something is wrong with what was looked at, 2 misuse.
package main

import (
	"fmt"
	"io"
	"os"
)

// Exit codes of every command.
const (
	exitDone   = 0
	exitFault  = 1
	exitMisuse = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run finds the command and runs it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		writeHelp(stderr)
		return exitMisuse
	}
	name, rest := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return runHelp(rest, stdin, stdout, stderr)
	case "-version", "--version":
		name = "version"
	}
	if c, ok := findCommand(name); ok {
		return c.run(rest, stdin, stdout, stderr)
	}
	return unknown(name, stderr)
}

// runHelp lists the commands, or lets one explain itself.
func runHelp(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		writeHelp(stdout)
		return exitDone
	}
	if c, ok := findCommand(args[0]); ok {
		return c.run([]string{"--help"}, stdin, stdout, stderr)
	}
	return unknown(args[0], stderr)
}

// unknown tells that there is no such command, and which may have been meant.
func unknown(name string, stderr io.Writer) int {
	fmt.Fprintf(stderr, "luoshi: there is no command %q", name)
	if near := nearest(name); near != "" {
		fmt.Fprintf(stderr, "; did you mean %q?", near)
	}
	fmt.Fprint(stderr, "\nRun \"luoshi help\" for the list.\n")
	return exitMisuse
}
