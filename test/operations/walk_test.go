package operations_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"luoshi/internal/store/postgres/pgtest"
)

// walk runs blocks of the page in a place of its own: folders and addresses that the page names are others there.
type walk struct {
	page    blocks
	folder  string // holds what on the page is in /srv
	places  *strings.Replacer
	env     []string
	cluster *pgtest.Cluster // nil: none
}

// newWalk makes the folders. Where there is a cluster, they are in a place that it can reach too.
func newWalk(t testing.TB, c *pgtest.Cluster) *walk {
	t.Helper()
	w := &walk{page: page(t), folder: t.TempDir(), cluster: c}
	path := bin + ":" + os.Getenv("PATH")
	places := []string{"127.0.0.1:8080", free(t), "sslmode=verify-full", "sslmode=disable"}
	if c != nil {
		w.folder = c.Folder()
		path = filepath.Dir(c.Command("psql").Path) + ":" + path
		places = append(places, "db.example.org:5432", strings.TrimSuffix(c.URL("")[strings.Index(c.URL(""), "@")+1:], "/?sslmode=disable"))
	}
	for _, name := range []string{"luoshi", "backup", "archive", "replica", "recovered"} {
		places = append(places, "/srv/"+name, filepath.Join(w.folder, name))
	}
	w.places = strings.NewReplacer(places...)
	w.env = append(os.Environ(), "PATH="+path, "HOME="+w.folder, "TZ=UTC")
	for _, name := range []string{"luoshi", "backup", "replica", "archive"} {
		must(t, os.Mkdir(w.path("/srv/"+name), 0o700))
	}
	for _, name := range []string{"backup", "archive"} { // the user of PostgreSQL writes there
		must(t, os.Chmod(w.path("/srv/"+name), 0o777))
	}
	return w
}

// path is where a file of the page is here.
func (w *walk) path(name string) string { return w.places.Replace(name) }

// text is a block as it is used here. Further replacements are pairs of old and new.
func (w *walk) text(t testing.TB, name string, more ...string) string {
	t.Helper()
	return strings.NewReplacer(more...).Replace(w.places.Replace(w.page.block(t, name)))
}

// write puts a file into the office's folder.
func (w *walk) write(t testing.TB, name, text string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(w.path("/srv/luoshi"), name), []byte(text), 0o600))
}

// shell is a block as a command, which stops at the first thing that fails.
func (w *walk) shell(t testing.TB, name string, more ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-euc", w.text(t, name, more...))
	cmd.Env = w.env
	return cmd
}

// run runs a block, which must succeed, and gives what it prints.
func (w *walk) run(t testing.TB, name string, more ...string) string {
	t.Helper()
	return finish(t, name, w.shell(t, name, more...))
}

// runAsPostgres is run by the user that the cluster runs as, and with its password.
func (w *walk) runAsPostgres(t testing.TB, name string, more ...string) string {
	t.Helper()
	cmd := w.cluster.Command("sh")
	cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-euc", w.text(t, name, more...)}
	cmd.Err = nil
	cmd.Env = append(cmd.Env, w.env...)
	return finish(t, name, cmd)
}

func finish(t testing.TB, name string, cmd *exec.Cmd) string {
	t.Helper()
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, &out, &said)
	}
	return out.String()
}

// fails runs a block that must find something wrong, and gives what it prints and says.
func (w *walk) fails(t testing.TB, name string, more ...string) string {
	t.Helper()
	out, err := w.shell(t, name, more...).CombinedOutput()
	if failed, ok := err.(*exec.ExitError); !ok || failed.ExitCode() != 1 {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// start runs a block that is one command, a server, and waits until it is ready.
func (w *walk) start(t testing.TB, name string, more ...string) *process {
	t.Helper()
	cmd := w.shell(t, name, more...)
	cmd.Args[2] = "exec " + cmd.Args[2]
	return launch(t, cmd)
}

// furnish makes the office of the page.
func (w *walk) furnish(t testing.TB) {
	t.Helper()
	built(t, builtPresent)
	for name, text := range map[string]string{"units.csv": w.page.block(t, "units.csv"), "password.txt": "correct horse battery\n", "passphrase": "a sentence nobody guesses\n"} {
		w.write(t, name, text)
	}
	if out := w.run(t, "furnish"); !strings.Contains(out, "2 offices added") || !strings.Contains(out, "account wang") {
		t.Error(out)
	}
}

// save replaces the checkpoint that the page keeps outside by the newest one.
func (w *walk) save(t testing.TB, p *process) {
	t.Helper()
	must(t, os.WriteFile(w.path("/srv/backup/checkpoint.txt"), p.read(t, "/log/checkpoint"), 0o600))
}
