package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/procedures"
)

// hotlineAt is the hotline's pack at another version, with pairs of texts replaced.
func hotlineAt(t testing.TB, version string, pairs ...string) []byte {
	t.Helper()
	text, err := procedures.FS.ReadFile("hotline-order.yaml")
	must(t, err)
	return at(t, string(text), version, pairs...)
}

// probeAt is the probe at another version, with pairs of texts replaced, each of which must occur.
func probeAt(t testing.TB, version string, pairs ...string) []byte {
	t.Helper()
	return at(t, probe, version, pairs...)
}

func at(t testing.TB, text, version string, pairs ...string) []byte {
	t.Helper()
	for i, pairs := 0, append([]string{"\nversion: 1\n", "\nversion: " + version + "\n"}, pairs...); i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q does not occur", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return []byte(text)
}

func publish(t *testing.T, d *Desk) {
	author := d.staff(t, "author@p")
	done, err := d.PublishAs(background(), author, "hotline-order.yaml", hotlineAt(t, "3"))
	must(t, err)
	if done.Already || done.Procedure.Key() != "hotline-order@3" {
		t.Errorf("published as %+v", done)
	}
	again, err := d.PublishAs(background(), d.staff(t, "author@p"), "hotline-order.yaml", hotlineAt(t, "3"))
	if err != nil || !again.Already {
		t.Errorf("the same text again: %+v, %v", again, err)
	}
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"another text of that version": {hotlineAt(t, "3", "title: {zh", "title:  {zh"), "source: version-published"},
		"a version below":              {hotlineAt(t, "2"), "source: version-too-low"},
		"a text that is not sound":     {hotlineAt(t, "4", "calendar: cn", "calender: cn"), "2: unsound"},
	} {
		_, err := d.PublishAs(background(), author, "hotline-order.yaml", c.text)
		if got := fieldErrors(err); !cmp.Equal(got, []string{c.want}) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
		if found := casework.Findings(err); (c.want == "2: unsound") != (len(found) > 0 && found[0].Line > 0) {
			t.Errorf("%s: findings %v", name, found)
		}
	}
	d.Lodged(t, "hotline-order", "t1")
	d.wantVersions(t, "hotline-order", "1 by  running 0", "3 by author@p running 1")
	d.green(t)
}

func (d *Desk) wantVersions(t *testing.T, id string, want ...string) {
	t.Helper()
	versions, err := d.Versions(background(), id)
	must(t, err)
	var got []string
	for _, v := range versions {
		if v.At != casework.FormatTime(d.Time()) {
			t.Errorf("%s was published at %q", v.Procedure.Key(), v.At)
		}
		got = append(got, fmt.Sprintf("%d by %s running %d", v.Procedure.Version, v.By, v.Running))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// publishTable publishes and plans as everybody: an author of the whole installation may, nobody else.
func publishTable(t *testing.T, d *Desk) {
	everybody := d.everybody(t)
	everybody["nobody"], everybody["two at once"] = office.Actor{}, office.Actor{System: true, Resident: true}
	may := []string{"author@p", "system"}
	_, err := d.Service.Publish(background(), "hotline-order.yaml", hotlineAt(t, "2"))
	must(t, err)
	plan, err := d.MigrationPlan(system(), "hotline-order@1", "hotline-order@2", "", nil)
	must(t, err)
	for _, who := range slices.Sorted(maps.Keys(everybody)) {
		a, want := everybody[who], slices.Contains(may, who)
		for verb, try := range map[string]func() error{
			"publish": func() error {
				_, err := d.PublishAs(background(), a, "hotline-order.yaml", hotlineAt(t, "2"))
				return err
			},
			"plan":     func() error { _, err := d.MigrationPlan(a, "hotline-order@1", "hotline-order@2", "", nil); return err },
			"rehearse": func() error { _, err := d.Rehearse(background(), a, plan, casework.MigrationOptions{}); return err },
			"migrate": func() error {
				_, err := d.Migrate(background(), a, plan, plan.Hash, casework.MigrationOptions{})
				return err
			},
		} {
			err := try()
			if (err == nil) != want {
				t.Errorf("%s by %s: %v", verb, who, err)
			}
			if err != nil {
				wantKind(t, err, casework.NotAllowed, "not-author")
			}
		}
	}
	d.severalRoots(t)
}

// Where the tree has several tops, an author needs all of them or the grant for everything.
func (d *Desk) severalRoots(t *testing.T) {
	must(t, d.Store.PutUnits(background(), []office.Unit{{Code: "island", Kind: "county", Name: map[string]string{"zh": "岛"}}}))
	everywhere := office.Account{Login: "everywhere", Grants: []office.Grant{{Role: office.RoleAuthor, Unit: office.Everywhere}}}
	both := office.Account{Login: "both", Grants: []office.Grant{{Role: office.RoleAuthor, Unit: "p"}, {Role: office.RoleAuthor, Unit: "island"}}}
	for _, a := range []office.Account{everywhere, both} {
		must(t, d.Store.PutAccount(background(), a, "", ""))
	}
	must(t, d.ReloadStaff(background()))
	for login, want := range map[string]bool{"author@p": false, "everywhere": true, "both": true, "left": false} {
		if got := d.MayPublish(d.staff(t, login)); got != want {
			t.Errorf("%s may publish: %v", login, got)
		}
	}
}

// publishTogether publishes at two nodes at once: of two texts of one version one is published, and one text
// twice is published once.
func publishTogether(t *testing.T, d *Desk) {
	other := d.node(t)
	both := func(first, second []byte) (won int) {
		errs := make([]error, 2)
		var wg sync.WaitGroup
		wg.Go(func() { _, errs[0] = d.Service.Publish(background(), "hotline-order.yaml", first) })
		wg.Go(func() { _, errs[1] = other.Publish(background(), "hotline-order.yaml", second) })
		wg.Wait()
		for _, err := range errs {
			if err == nil {
				won++
			} else if got := fieldErrors(err); !cmp.Equal(got, []string{"source: version-published"}) {
				t.Errorf("refused with %v: %v", got, err)
			}
		}
		return won
	}
	if won := both(hotlineAt(t, "2"), hotlineAt(t, "2", "title: {zh", "title:  {zh")); won != 1 {
		t.Errorf("two texts of one version: %d were published", won)
	}
	if won := both(hotlineAt(t, "3"), hotlineAt(t, "3")); won != 2 {
		t.Errorf("one text at both: %d were told that it is published", won)
	}
	must(t, d.ReloadProcedures(background()))
	must(t, other.ReloadProcedures(background()))
	if a, b := d.Rules("hotline-order@2"), other.Rules("hotline-order@2"); a == nil || b == nil || a.Procedure.Hash != b.Procedure.Hash {
		t.Errorf("the nodes differ: %v, %v", a, b)
	}
}

// node is another service on the same store, as another process has it.
func (d *Desk) node(t testing.TB) *casework.Service {
	t.Helper()
	s, err := casework.NewService(background(), d.Store, Origin, d.Key.Name(), []byte("thirty-two bytes of a test's secret"), d.Time)
	must(t, err)
	return s
}
