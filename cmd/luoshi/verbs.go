package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// verb is one thing that a command such as `luoshi unit` does.
type verb[O any] struct {
	name string
	run  func(ctx context.Context, o O, stdin io.Reader, stdout io.Writer) error
}

// runVerb runs the verb that the first argument names, with what parse makes of the others.
func runVerb[O any](command, help string, args []string, stdin io.Reader, stdout, stderr io.Writer, parse func(verb string, args []string) (O, error), verbs ...verb[O]) int {
	if len(args) > 0 && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		fmt.Fprint(stdout, help)
		return exitDone
	}
	i := slices.IndexFunc(verbs, func(v verb[O]) bool { return len(args) > 0 && v.name == args[0] })
	if i < 0 {
		names := make([]string, len(verbs))
		for i, v := range verbs {
			names[i] = v.name
		}
		last := len(names) - 1
		fmt.Fprintf(stderr, "luoshi %s: say %s or %s\nSee luoshi %[1]s --help.\n", command, strings.Join(names[:last], ", "), names[last])
		return exitMisuse
	}
	o, err := parse(args[0], args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, help)
		return exitDone
	}
	if err == nil {
		err = verbs[i].run(context.Background(), o, stdin, stdout)
	}
	return finish(command, args[0], err, stderr)
}

// given opens a file that an argument names; "-" is standard input.
func given(file string, stdin io.Reader) (io.ReadCloser, error) {
	if file == "-" {
		return io.NopCloser(stdin), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, errMisuse{err}
	}
	return f, nil
}

// readFile is readAtMost, which says plainly that there is no such file.
func readFile(name string, most int64) ([]byte, error) {
	data, err := readAtMost(name, most)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s", name)
	}
	return data, err
}

// encodeJSON prints an answer in one line, for programs; signs such as < stand as they are.
func encodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
