package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"luoshi/internal/ledger"
)

const verifyHelp = `luoshi verify: check a receipt offline

Usage:
  luoshi verify --key VKEY|FILE [--key …] [--json] [--lang zh|en] receipt.json|-

  --key VKEY|FILE  a verifier key you trust, or a file with one a line; may be
                   given several times. Without it only the parts of the receipt
                   are compared with each other, which proves nothing.
  --json           print the result as JSON
  --lang zh|en     language of the answer (en)

"-" reads the receipt from standard input.
Exit code: 0 proved, 1 not proved (the reason is printed), 2 misuse.

Example:
  luoshi verify --key log.example+1a2b3c4d+AbCd… receipt.json
`

// verifyOptions are the parsed arguments of `luoshi verify`.
type verifyOptions struct {
	keys    []string // as given: verifier keys or file names
	receipt string   // file name or "-"
	json    bool
	lang    ledger.Language
}

// runVerify checks one receipt and returns the exit code.
func runVerify(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	opts, err := parseVerify(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, verifyHelp)
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi verify: %v\nSee luoshi verify --help.\n", err)
		return exitMisuse
	}
	vkeys, err := trustedKeys(opts.keys)
	if err == nil {
		var receipt []byte
		if receipt, err = readReceipt(opts.receipt, stdin); err == nil {
			return printVerification(ledger.Verify(receipt, vkeys...), opts, stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "luoshi verify: %v\n", err)
	return exitMisuse
}

// parseVerify takes flags before and after the receipt.
func parseVerify(args []string) (verifyOptions, error) {
	var opts verifyOptions
	var files []string
	lang := "en"
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Func("key", "verifier key or file", collect(&opts.keys))
	flags.BoolVar(&opts.json, "json", false, "")
	flags.StringVar(&lang, "lang", lang, "")
	for {
		if err := flags.Parse(args); err != nil {
			return opts, err
		}
		if flags.NArg() == 0 {
			break
		}
		files = append(files, flags.Arg(0))
		args = flags.Args()[1:]
	}
	if len(files) != 1 {
		return opts, fmt.Errorf("name one receipt file, or - for standard input; got %d", len(files))
	}
	if lang != "en" && lang != "zh" {
		return opts, fmt.Errorf("--lang is zh or en, not %q", lang)
	}
	opts.receipt, opts.lang = files[0], ledger.Language(lang)
	return opts, nil
}

// trustedKeys turns each --key into verifier keys: the key itself, or the lines
// of a file.
func trustedKeys(given []string) ([]string, error) {
	var vkeys []string
	for _, key := range given {
		if strings.HasPrefix(key, "PRIVATE+KEY+") {
			return nil, errPrivateKeyGiven
		}
		if ledger.CheckVerifierKey(key) == nil {
			vkeys = append(vkeys, key)
			continue
		}
		lines, err := verifierKeyFile(key)
		if err != nil {
			return nil, err
		}
		vkeys = append(vkeys, lines...)
	}
	return vkeys, nil
}

var errPrivateKeyGiven = errors.New("this is a private signing key: keep it secret, and give the verifier key (name+hash+key) instead")

// verifierKeyFile reads verifier keys, one a line; empty lines and lines that begin with
// "#" are skipped.
func verifierKeyFile(name string) ([]string, error) {
	data, err := readAtMost(name, 1<<20)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("--key %.120q is neither a verifier key (name+hash+key) nor a file", name)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the key file: %w", err)
	}
	var vkeys []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "PRIVATE+KEY+") {
			return nil, errPrivateKeyGiven
		}
		if err := ledger.CheckVerifierKey(line); err != nil {
			return nil, fmt.Errorf("key file %s: %w", name, err)
		}
		vkeys = append(vkeys, line)
	}
	if len(vkeys) == 0 {
		return nil, fmt.Errorf("key file %s holds no verifier key", name)
	}
	return vkeys, nil
}

// readReceipt reads one byte more than a receipt may have, so that the verifier
// can say that it is too large.
func readReceipt(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		data, err := io.ReadAll(io.LimitReader(stdin, ledger.MaxReceipt+1))
		if err != nil {
			return nil, fmt.Errorf("cannot read standard input: %w", err)
		}
		return data, nil
	}
	data, err := readAtMost(name, ledger.MaxReceipt+1)
	if err != nil {
		return nil, fmt.Errorf("cannot read the receipt: %w", err)
	}
	return data, nil
}

func readAtMost(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// printVerification prints the answer and returns the exit code.
func printVerification(result ledger.Result, opts verifyOptions, stdout, stderr io.Writer) int {
	result = result.In(opts.lang)
	var err error
	if opts.json {
		err = encodeJSON(stdout, result)
	} else {
		_, err = fmt.Fprint(stdout, describeVerification(result, opts.lang))
	}
	if err != nil {
		fmt.Fprintf(stderr, "luoshi verify: cannot print the result: %v\n", err)
		return exitMisuse
	}
	if !result.Proved {
		return exitFault
	}
	return exitDone
}

// describeVerification tells a result to a person. What stands in quotes comes from the
// receipt and is escaped, so that it cannot play tricks on a terminal.
func describeVerification(r ledger.Result, lang ledger.Language) string {
	var b strings.Builder
	fmt.Fprintln(&b, r.Reason)
	if r.Number != "" {
		form := "matter %q, entry %q, time as stated %q\n"
		if lang == ledger.Chinese {
			form = "事项 %q，记录 %q，所载时间 %q\n"
		}
		fmt.Fprintf(&b, form, r.Number, r.EntryKind, r.Time)
	}
	if r.Proved {
		form := "leaf %d of a log of %d\n"
		if lang == ledger.Chinese {
			form = "日志第 %d 号叶（自 0 起），日志共 %d 条\n"
		}
		fmt.Fprintf(&b, form, r.Index, r.TreeSize)
	}
	return b.String()
}
