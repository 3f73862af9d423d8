package main

import (
	"os"
	"strings"
	"testing"

	"luoshi/internal/store/postgres/pgtest"
)

func TestTheCommandFindsAServerAndItsExitCodeIsPassedOn(t *testing.T) {
	out := t.TempDir() + "/address"
	t.Setenv(pgtest.Env, "")
	if code := run([]string{"sh", "-c", "printf %s \"$" + pgtest.Env + "\" >" + out + "; exit 7"}); code != 7 {
		t.Errorf("exit code %d", code)
	}
	b, err := os.ReadFile(out)
	if err != nil || !strings.HasPrefix(string(b), "postgres://postgres:") {
		t.Errorf("the address is %q (%v)", b, err)
	}
}

func TestAServerThatIsThereIsUsed(t *testing.T) {
	t.Setenv(pgtest.Env, "postgres://elsewhere/")
	if code := run([]string{"sh", "-c", "test \"$" + pgtest.Env + "\" = postgres://elsewhere/"}); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestMisuseIsSaid(t *testing.T) {
	if code := run(nil); code != 2 {
		t.Errorf("without a command: %d", code)
	}
	t.Setenv(pgtest.Env, "postgres://elsewhere/")
	if code := run([]string{"/no/such/program"}); code != 1 {
		t.Errorf("without such a program: %d", code)
	}
}
