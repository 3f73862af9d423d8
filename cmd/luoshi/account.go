package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

const accountHelp = `luoshi account: staff accounts

Usage:
  luoshi account add --db DATABASE --login L --name N --grant ROLE@UNIT [--grant …]
                     [--password-stdin] [--json]
  luoshi account list --db DATABASE [--json]
  luoshi account disable --db DATABASE --login L

  --db DATABASE      sqlite:FILE or postgres://USER@HOST:PORT/NAME
  --key FILE         signing key of the log, where it is not in its usual place
  --grant ROLE@UNIT  what the account may do, for the unit and all below it; * is
                     the whole installation. Roles: %s.
  --password-stdin   read the password for the pages from standard input
  --json             print JSON

add prints the account's API token, once. For a login that exists it replaces name
and grants and gives a new token; a disabled one works again. Only one process
writes to a SQLite file: stop the server before add and disable. On PostgreSQL
it goes on serving; see luoshi serve --help for how a password is given there.

Examples:
  luoshi account add --db sqlite:luoshi.db --login wang --name 王芳 --grant clerk@140105 --password-stdin
  luoshi account list --db postgres://luoshi@db.example.org:5432/luoshi
`

// accountOptions are the parsed arguments of `luoshi account`.
type accountOptions struct {
	config        config.Config
	account       office.Account
	grants        []string
	passwordStdin bool
	json          bool
}

// runAccount adds, lists and disables staff accounts.
func runAccount(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	help := fmt.Sprintf(accountHelp, strings.Join(office.Roles(), ", "))
	return runVerb("account", help, args, stdin, stdout, stderr, parseAccount,
		verb[accountOptions]{"add", addAccount}, verb[accountOptions]{"list", listAccounts}, verb[accountOptions]{"disable", disableAccount})
}

func parseAccount(verb string, args []string) (accountOptions, error) {
	o := accountOptions{config: config.Default()}
	flags := flag.NewFlagSet("account "+verb, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.config.DB, "db", "", "")
	flags.StringVar(&o.config.Key, "key", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	if verb != "list" {
		flags.StringVar(&o.account.Login, "login", "", "")
	}
	if verb == "add" {
		flags.StringVar(&o.account.Name, "name", "", "")
		flags.BoolVar(&o.passwordStdin, "password-stdin", false, "")
		flags.Func("grant", "", collect(&o.grants))
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return o, err
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err == nil {
		err = o.config.Check()
	}
	if err == nil && verb != "list" {
		err = checkLogin(o.account.Login)
	}
	if err == nil && verb == "add" {
		err = o.readGrants()
	}
	if err != nil {
		return o, errMisuse{err}
	}
	return o, nil
}

// maxLogin keeps logins short enough to read in a history.
const maxLogin = 64

func checkLogin(login string) error {
	ok := login != "" && len(login) <= maxLogin && !strings.ContainsFunc(login, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-@", r)
	})
	if !ok {
		return fmt.Errorf("--login must be 1 to %d letters, digits or . _ - @ (got %q)", maxLogin, login)
	}
	if login == "none" || login == "me" {
		return fmt.Errorf("--login cannot be %q: in lists of matters me is whoever asks, and none is nobody", login)
	}
	return nil
}

// readGrants reads ROLE@UNIT; whether role and unit exist is checked against the database.
func (o *accountOptions) readGrants() error {
	if strings.TrimSpace(o.account.Name) == "" {
		return errors.New("--name must say who it is, for example --name 王芳")
	}
	if len(o.grants) == 0 {
		return errors.New("give at least one --grant ROLE@UNIT, for example --grant clerk@140105")
	}
	for _, g := range o.grants {
		role, unit, ok := strings.Cut(g, "@")
		if !ok || role == "" || unit == "" {
			return fmt.Errorf("--grant must be ROLE@UNIT, for example clerk@140105 (got %q)", g)
		}
		o.account.Grants = append(o.account.Grants, office.Grant{Role: role, Unit: unit})
	}
	return nil
}

// checkGrants says which roles and which units there are when one is unknown.
func checkGrants(grants []office.Grant, tree *office.Tree) error {
	for _, g := range grants {
		if !slices.Contains(office.Roles(), g.Role) {
			return errMisuse{fmt.Errorf("there is no role %q; the roles are %s", g.Role, strings.Join(office.Roles(), ", "))}
		}
		if _, ok := tree.Unit(g.Unit); !ok && g.Unit != office.Everywhere {
			return errMisuse{fmt.Errorf("there is no unit %q; %s", g.Unit, nearUnits(tree, g.Unit))}
		}
	}
	return nil
}

// maxUnits bounds how many units an error lists.
const maxUnits = 20

// nearUnits lists the units whose codes begin like the one that is not there, as far as possible.
func nearUnits(tree *office.Tree, code string) string {
	if tree.Len() == 0 {
		return "the database has no units yet, only * (the whole installation)"
	}
	var near []string
	for n := len(code); n >= 0 && len(near) == 0; n-- {
		for _, u := range tree.All() {
			if strings.HasPrefix(u.Code, code[:n]) {
				near = append(near, u.Code+" "+u.Label("zh"))
			}
		}
	}
	more := ""
	if len(near) > maxUnits {
		more = fmt.Sprintf(" and %d more", len(near)-maxUnits)
		near = near[:maxUnits]
	}
	return fmt.Sprintf("there are * (the whole installation), %s%s", strings.Join(near, ", "), more)
}

// withCore opens the database for writing.
func withCore(ctx context.Context, c config.Config, f func(*casework.Service) error) error {
	core, err := server.OpenCore(ctx, c, time.Now)
	if err != nil {
		return err
	}
	return errors.Join(f(core.Service), core.Close())
}

func addAccount(ctx context.Context, o accountOptions, stdin io.Reader, stdout io.Writer) error {
	hash := ""
	if o.passwordStdin {
		password, err := readPassword(stdin)
		if err == nil {
			hash, err = office.HashPassword(password)
		}
		if err != nil {
			return errMisuse{err}
		}
	}
	return withCore(ctx, o.config, func(s *casework.Service) error {
		if err := checkGrants(o.account.Grants, s.Tree()); err != nil {
			return err
		}
		token := office.NewToken()
		if err := s.Store.PutAccount(ctx, o.account, hash, office.TokenHash(token)); err != nil {
			return err
		}
		if o.json {
			return json.NewEncoder(stdout).Encode(map[string]string{"login": o.account.Login, "token": token})
		}
		_, err := fmt.Fprintf(stdout, "account %s\ntoken   %s\nThe token is shown only now; whoever has it acts as %s.\n", o.account.Login, token, o.account.Login)
		return err
	})
}

// readPassword takes the first line.
func readPassword(stdin io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(stdin, 4096))
	if err != nil {
		return "", fmt.Errorf("cannot read the password: %w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

// listed is one account as it is printed.
type listed struct {
	Login    string         `json:"login"`
	Name     string         `json:"name"`
	Disabled bool           `json:"disabled"`
	Grants   []office.Grant `json:"grants"`
}

func listAccounts(ctx context.Context, o accountOptions, _ io.Reader, stdout io.Writer) error {
	s, err := server.OpenReadOnly(ctx, o.config, time.Now)
	if err != nil {
		return err
	}
	defer s.Store.Close()
	all := []listed{}
	for _, a := range s.Staff().Accounts {
		all = append(all, listed{a.Login, a.Name, a.Disabled, append([]office.Grant{}, a.Grants...)})
	}
	slices.SortFunc(all, func(a, b listed) int { return cmp.Compare(a.Login, b.Login) })
	if o.json {
		return json.NewEncoder(stdout).Encode(map[string]any{"items": all})
	}
	t := tabwriter.NewWriter(stdout, 0, 0, 3, ' ', 0)
	for _, a := range all {
		var grants []string
		for _, g := range a.Grants {
			grants = append(grants, g.Role+"@"+g.Unit)
		}
		state := ""
		if a.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", a.Login, a.Name, strings.Join(grants, " "), state)
	}
	return t.Flush()
}

// disableAccount takes all rights from an account and keeps its name, because entries mention it.
func disableAccount(ctx context.Context, o accountOptions, _ io.Reader, stdout io.Writer) error {
	if path, ok := o.config.File(); ok {
		if _, err := os.Stat(path); err != nil { // do not make a database only to find nobody in it
			return err
		}
	}
	return withCore(ctx, o.config, func(s *casework.Service) error {
		a := s.Staff().Accounts[o.account.Login]
		if a == nil {
			return errMisuse{fmt.Errorf("there is no account %q; see luoshi account list", o.account.Login)}
		}
		disabled := *a
		disabled.Disabled = true
		if err := s.Store.PutAccount(ctx, disabled, "", ""); err != nil {
			return err
		}
		_, err := fmt.Fprintf(stdout, "account %s is disabled\n", a.Login)
		return err
	})
}
