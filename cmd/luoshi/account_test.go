package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

// oneUnit makes a database with one unit and gives its name for --db.
func oneUnit(t *testing.T) config.Config {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	core, err := server.OpenCore(ctx, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	if err := core.Service.Store.PutUnits(ctx, []office.Unit{{Code: "140105", Kind: "county", Name: map[string]string{"zh": "某区"}}}); err != nil {
		t.Fatal(err)
	}
	return c
}

// callWith runs the program with something on standard input.
func callWith(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs strings.Builder
	code = run(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestAnAddedAccountSignsInUntilItIsDisabled(t *testing.T) {
	ctx := context.Background()
	c := oneUnit(t)
	code, out, errs := callWith("correct horse\nrest\n", "account", "add", "--db", c.DB, "--login", "wang", "--name", "王芳",
		"--grant", "clerk@140105", "--grant", "auditor@*", "--password-stdin", "--json")
	var added struct{ Login, Token string }
	if err := json.Unmarshal([]byte(out), &added); code != exitDone || err != nil || added.Login != "wang" {
		t.Fatalf("exit %d %v\n%s%s", code, err, out, errs)
	}
	signsIn := func() (byToken, byPassword bool) {
		core, err := server.OpenCore(ctx, c, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer core.Close()
		_, err1 := core.Service.ActorByToken(ctx, added.Token)
		_, err2 := core.Service.SignIn(ctx, "wang", "correct horse")
		return err1 == nil, err2 == nil
	}
	if token, password := signsIn(); !token || !password {
		t.Errorf("signs in by token %v, by password %v", token, password)
	}
	code, out, _ = call("account", "list", "--db", c.DB)
	if code != exitDone || !strings.Contains(out, "wang") || !strings.Contains(out, "auditor@* clerk@140105") || strings.Contains(out, added.Token) {
		t.Errorf("list: exit %d\n%s", code, out)
	}
	if code, _, errs = call("account", "disable", "--db", c.DB, "--login", "wang"); code != exitDone {
		t.Errorf("disable: exit %d\n%s", code, errs)
	}
	if token, password := signsIn(); token || password {
		t.Errorf("disabled, but signs in by token %v, by password %v", token, password)
	}
	code, out, _ = call("account", "list", "--db", c.DB, "--json")
	var list struct{ Items []listed }
	if err := json.Unmarshal([]byte(out), &list); code != exitDone || err != nil || len(list.Items) != 1 || !list.Items[0].Disabled || len(list.Items[0].Grants) != 2 {
		t.Errorf("list --json: exit %d %v\n%s", code, err, out)
	}
}

func TestAccountSaysWhatIsWrong(t *testing.T) {
	c := oneUnit(t)
	add := func(args ...string) []string { return append([]string{"account", "add", "--db", c.DB}, args...) }
	for _, x := range []struct {
		name string
		args []string
		want string
	}{
		{"no verb", []string{"account"}, "say add, list or disable"},
		{"no database", []string{"account", "list"}, "--db must be sqlite:FILE or postgres://"},
		{"a database that is not there", []string{"account", "list", "--db", c.DB + "x"}, "no such file"},
		{"no login", add("--name", "N", "--grant", "clerk@140105"), "--login must be"},
		{"a login that breaks lines", add("--login", "a\nb", "--name", "N", "--grant", "clerk@140105"), "--login must be"},
		{"no name", add("--login", "a", "--grant", "clerk@140105"), "--name must"},
		{"no grant", add("--login", "a", "--name", "N"), "at least one --grant"},
		{"a login that lists take for nobody", add("--login", "none", "--name", "N", "--grant", "clerk@140105"), "none is nobody"},
		{"half a grant", add("--login", "a", "--name", "N", "--grant", "clerk"), "must be ROLE@UNIT"},
		{"an unknown role", add("--login", "a", "--name", "N", "--grant", "boss@140105"), "the roles are clerk, mediator,"},
		{"an unknown unit", add("--login", "a", "--name", "N", "--grant", "clerk@140106"), "140105 某区"},
		{"an unknown login", []string{"account", "disable", "--db", c.DB, "--login", "x"}, `no account "x"`},
		{"a stray argument", []string{"account", "list", "--db", c.DB, "x"}, `unexpected argument "x"`},
	} {
		t.Run(x.name, func(t *testing.T) {
			code, out, errs := call(x.args...)
			if code == exitDone || out != "" || !strings.Contains(errs, x.want) {
				t.Errorf("exit %d\n%s%s\nwant %q", code, out, errs, x.want)
			}
		})
	}
	if code, _, errs := callWith("short\n", add("--login", "a", "--name", "N", "--grant", "clerk@*", "--password-stdin")...); code != exitMisuse || !strings.Contains(errs, "at least 8") {
		t.Errorf("a short password: exit %d\n%s", code, errs)
	}
}

func TestAccountNeedsTheDatabaseForItself(t *testing.T) {
	c := oneUnit(t)
	core, err := server.OpenCore(context.Background(), c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	code, _, errs := call("account", "add", "--db", c.DB, "--login", "a", "--name", "N", "--grant", "clerk@*")
	if code != exitFault || !strings.Contains(errs, "another process is writing") {
		t.Errorf("exit %d\n%s", code, errs)
	}
	if code, _, errs := call("account", "list", "--db", c.DB); code != exitDone {
		t.Errorf("list beside a running server: exit %d\n%s", code, errs)
	}
}
