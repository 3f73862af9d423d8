package operations_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

func TestDaysOffAreLoadedByTheRunningServerAndByCommand(t *testing.T) {
	w := newWalk(t, nil)
	w.furnish(t)
	w.write(t, "2027.json", w.page.block(t, "2027.json"))
	cmd := exec.Command(built(t, builtPresent), "account", "add", "--db", "sqlite:"+w.path("/srv/luoshi/luoshi.db"),
		"--login", "op", "--name", "op", "--grant", "operator@*", "--json")
	cmd.Env = w.env
	var added struct{ Token string }
	must(t, json.Unmarshal([]byte(finish(t, "account", cmd)), &added))
	w.env = append(w.env, "TOKEN="+added.Token)

	p := w.start(t, "serve")
	var loaded struct {
		Version string
		Years   []string
		InForce bool `json:"in_force"`
	}
	must(t, json.Unmarshal([]byte(w.run(t, "calendar-api")), &loaded))
	if !loaded.InForce || len(loaded.Years) != 1 || loaded.Years[0] != "2007-2027" {
		t.Errorf("over the API: %+v", loaded)
	}
	if list := string(p.read(t, "/v1/calendars")); !strings.Contains(list, loaded.Version) {
		t.Errorf("%s is not in the list: %s", loaded.Version, list)
	}
	p.stop(t)
	out := w.run(t, "calendar-add") // the same again, by command
	if !strings.Contains(out, "calendar cn, version "+loaded.Version+", knows 2007-2027") || strings.Count(out, "followed by another") != 1 {
		t.Error(out)
	}
}
