package main

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

// call runs the program in this process.
func call(args ...string) (code int, stdout, stderr string) {
	var out, errs strings.Builder
	code = run(args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestRunAnswersByExitCodeAndStream(t *testing.T) {
	for _, c := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // what must occur; "" means nothing is written
	}{
		{"no command is misuse and shows help", nil, exitMisuse, "", "Usage: luoshi COMMAND"},
		{"help lists the commands", []string{"help"}, exitDone, "print the version", ""},
		{"a help flag too", []string{"--help"}, exitDone, "print the version", ""},
		{"help explains one command", []string{"help", "version"}, exitDone, "Example:\n  luoshi version --json", ""},
		{"help of an unknown command suggests", []string{"help", "verzion"}, exitMisuse, "", `did you mean "version"?`},
		{"a typing error gets a suggestion", []string{"vresion"}, exitMisuse, "", `did you mean "version"?`},
		{"something else gets none", []string{"frobnicate"}, exitMisuse, "", "there is no command \"frobnicate\"\n"},
		{"an unknown option is misuse", []string{"version", "--yaml"}, exitMisuse, "", "-yaml"},
		{"a stray argument is misuse", []string{"version", "now"}, exitMisuse, "", `unexpected argument "now"`},
		{"version as a flag", []string{"--version"}, exitDone, runtime.Version(), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := call(c.args...)
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			check := func(stream, got, want string) {
				if !strings.Contains(got, want) || (want == "") != (got == "") {
					t.Errorf("%s:\n%s\nwant %q", stream, got, want)
				}
			}
			check("stdout", out, c.stdout)
			check("stderr", errs, c.stderr)
		})
	}
}

func TestVersionJSONHasItsThreeFields(t *testing.T) {
	_, out, _ := call("version", "--json")
	var got map[string]string
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if _, ok := got["commit"]; len(got) != 3 || !ok || got["version"] == "" || got["go"] != runtime.Version() {
		t.Errorf("%s", out)
	}
}

func TestEveryCommandExplainsItselfWithAnExample(t *testing.T) {
	for _, c := range commands() {
		code, out, _ := call("help", c.name)
		if code != exitDone || !strings.Contains(out, "luoshi "+c.name) || !strings.Contains(strings.ToLower(out), "example") {
			t.Errorf("help %s: exit %d\n%s", c.name, code, out)
		}
		if strings.HasSuffix(c.summary, ".") || c.summary == "" {
			t.Errorf("%s: summary %q is not one phrase", c.name, c.summary)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"due", "due", 0}, {"", "due", 3}, {"deu", "due", 2}, {"serv", "serve", 1}, {"audits", "audit", 1}, {"bench", "bunch", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
