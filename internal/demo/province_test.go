package demo

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/calendar"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/procedures"
)

func TestTheProvinceIsATreeOfNamedOffices(t *testing.T) {
	units := Units()
	tree, err := office.NewTree(units)
	if err != nil {
		t.Fatal(err)
	}
	if n := tree.Len(); n < 250 || n > 400 || len(tree.Roots()) != 3 {
		t.Errorf("%d units below %v", n, tree.Roots())
	}
	seen := map[string]string{}
	for _, u := range units {
		for _, lang := range []string{"zh", "en"} {
			name := u.Name[lang]
			if name == "" || seen[name] != "" {
				t.Errorf("unit %s: name %q, also of %q", u.Code, name, seen[name])
			}
			seen[name] = u.Code
		}
	}
	if d := cmp.Diff(units, Units()); d != "" {
		t.Errorf("another call gives other units\n%s", d)
	}
}

func TestTheRosterHasOnePersonAtEveryDesk(t *testing.T) {
	units := Units()
	tree, _ := office.NewTree(units)
	everybody := roster(units, 1)
	logins := map[string]bool{}
	accounts := map[string]*office.Account{}
	for i, a := range everybody {
		if logins[a.Login] || a.Name == "" {
			t.Errorf("account %q of %q", a.Login, a.Name)
		}
		logins[a.Login] = true
		accounts[a.Login] = &everybody[i]
		for _, g := range a.Grants {
			if err := g.Check(tree); err != nil {
				t.Error(err)
			}
		}
	}
	c := newCast(tree, accounts, everybody)
	for _, u := range units {
		for _, roles := range desks(u.Kind) {
			for _, role := range roles {
				want := 0
				for _, other := range desks(u.Kind) {
					if slices.Contains(other, role) {
						want++
					}
				}
				if got := c.holders(role, u.Code); len(got) != want {
					t.Errorf("%d hold %s at %s, want %d", len(got), role, u.Code, want)
				}
			}
		}
	}
	if got := c.holders(office.RoleHead, demoJustice); len(got) != 1 || got[0].Login != "township-head" {
		t.Errorf("the head over the justice office: %v", got)
	}
}

func TestNobodyCanSignInAsAnybodyButTheVisitors(t *testing.T) {
	f := &File{}
	f.Complete(Visitors())
	if len(f.Accounts) < 10 || len(f.Accounts) > 18 {
		t.Errorf("%d accounts", len(f.Accounts))
	}
	before := slices.Clone(f.Accounts)
	f.Complete(Visitors())
	if d := cmp.Diff(before, f.Accounts); d != "" {
		t.Errorf("completing again changed it\n%s", d)
	}
	roles := map[string]bool{}
	for _, a := range f.Accounts {
		roles[a.Role] = true
	}
	if len(roles) != len(office.Roles()) {
		t.Errorf("roles of the accounts: %v, of all: %v", roles, office.Roles())
	}
}

func TestTheFileIsWrittenWholeAndForItsOwner(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "demo.json")
	if f, err := ReadFile(path); err != nil || len(f.Accounts) != 0 {
		t.Fatalf("a missing file: %v %v", f, err)
	}
	f := &File{URL: "http://x", VKey: "k"}
	f.Complete(Visitors())
	for range 2 {
		if err := f.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	again, err := ReadFile(path)
	if d := cmp.Diff(f, again); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	info, _ := os.Stat(path)
	left, _ := os.ReadDir(dir)
	if info.Mode().Perm() != 0o600 || len(left) != 1 {
		t.Errorf("mode %v, %d files", info.Mode(), len(left))
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestOfficeHours(t *testing.T) {
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	h := hours{calendar.China(), place}
	at := func(s string) time.Time {
		x, err := time.ParseInLocation(time.DateTime, s, place)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct{ name, from, low, high string }{
		{"in the morning it is done at once", "2026-03-04 09:10:00", "2026-03-04 09:10:00", "2026-03-04 09:10:00"},
		{"before opening it waits", "2026-03-04 03:00:00", "2026-03-04 08:30:00", "2026-03-04 10:30:00"},
		{"at noon it waits for the afternoon", "2026-03-04 12:30:00", "2026-03-04 14:00:00", "2026-03-04 16:00:00"},
		{"on Friday evening it waits for Monday", "2026-03-06 19:00:00", "2026-03-09 08:30:00", "2026-03-09 10:30:00"},
		{"a make-up working Saturday is worked", "2026-02-14 09:00:00", "2026-02-14 09:00:00", "2026-02-14 09:00:00"},
		{"over the Spring Festival it waits", "2026-02-16 09:00:00", "2026-02-24 08:30:00", "2026-02-24 10:30:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := h.office(at(c.from), newDice(1, diceMove, 1, 1))
			if got.Before(at(c.low)) || got.After(at(c.high)) {
				t.Errorf("%s", got)
			}
		})
	}
	night := h.waking(at("2026-03-04 23:50:00"), newDice(1, diceMove, 1, 1))
	if night.Before(at("2026-03-05 06:40:00")) || night.After(at("2026-03-05 10:00:00")) {
		t.Errorf("at night: %s", night)
	}
}

func TestDrawFollowsShares(t *testing.T) {
	d := newDice(7, diceMove, 0, 0)
	count := map[string]int{}
	for range 10_000 {
		thing, ok := draw(d, []weighted[string]{{"never", 0}, {"one", 1}, {"three", 3}})
		if !ok {
			t.Fatal("nothing drawn")
		}
		count[thing]++
	}
	if count["never"] > 0 || count["three"] < 7200 || count["three"] > 7800 {
		t.Errorf("%v", count)
	}
	if _, ok := draw(d, []weighted[string]{{"never", 0}}); ok {
		t.Error("drew what has no share")
	}
}

// published loads the embedded procedures.
func published(t *testing.T) map[string]*procedure.Procedure {
	t.Helper()
	names, err := fs.Glob(procedures.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*procedure.Procedure{}
	for _, name := range names {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := procedure.Load(name, src)
		if err != nil {
			t.Fatal(err)
		}
		all[p.ID] = p
	}
	return all
}

func TestHabitsNameStepsThatExist(t *testing.T) {
	for id, p := range published(t) {
		for name, h := range habits(id) {
			if p.Step(name) == nil || h.after != "" && p.Step(h.after) == nil {
				t.Errorf("%s has no step %q or %q", id, name, h.after)
			}
		}
	}
}

func TestEveryTopicAndEveryStepIsWrittenAsTheProcedureAsks(t *testing.T) {
	place, _ := time.LoadLocation(zone)
	for id, p := range published(t) {
		for i := range topicsOf(id) {
			topic := &topicsOf(id)[i]
			for field, v := range topic.values {
				w := writer{procedure: p}
				if f := p.Field(field); f == nil || !w.takes(f, v) {
					t.Errorf("%s: field %s does not take %q", id, field, v)
				}
			}
			for n := range 50 {
				w := writer{newDice(1, diceMove, i, n), time.Date(2026, 3, 4, 10, 0, 0, 0, place), p, story{}}
				w.story = w.tell(topic)
				if strings.ContainsAny(w.story.title+w.story.tale+w.story.wish, "{}") {
					t.Errorf("%s: a place is left open in %+v", id, w.story)
				}
				if _, err := p.CheckFields(p.Open.Fields, w.fields(p.Open.Fields)); err != nil {
					t.Errorf("%s: lodging: %v", id, err)
				}
				for j := range p.Steps {
					if _, err := p.CheckFields(p.Steps[j].Fields, w.fields(p.Steps[j].Fields)); err != nil {
						t.Errorf("%s, step %s: %v", id, p.Steps[j].Name, err)
					}
				}
			}
		}
	}
}

func TestArrivalsAreTheSameForTheSameSeedAndLieInTime(t *testing.T) {
	units := Units()
	tree, _ := office.NewTree(units)
	everybody := roster(units, 1)
	accounts := map[string]*office.Account{}
	for i, a := range everybody {
		accounts[a.Login] = &everybody[i]
	}
	place, _ := time.LoadLocation(zone)
	until := time.Date(2026, 6, 10, 15, 0, 0, 0, time.UTC)
	make := func(seed int64) []arrival {
		r := newRegistry(seed, until.AddDate(-3, 0, 0), until, hours{calendar.China(), place}, published(t), newCast(tree, accounts, everybody))
		return r.arrivals(1000)
	}
	one := make(1)
	if d := cmp.Diff(one, make(1), cmp.AllowUnexported(arrival{})); d != "" {
		t.Errorf("another call gives others\n%s", d)
	}
	if cmp.Equal(one, make(2), cmp.AllowUnexported(arrival{})) {
		t.Error("another seed gives the same")
	}
	for i, a := range one {
		if i > 0 && a.at.Before(one[i-1].at) || a.at.Before(until.AddDate(-3, 0, 0)) || !a.at.Before(until) {
			t.Errorf("arrival %d at %s", i, a.at)
		}
	}
}
