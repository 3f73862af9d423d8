package procedure_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/procedure"
)

// versions are the sound declaration as version 1, and changed, as version 2.
func versions(t *testing.T, change func(string) string) (old, new *procedure.Procedure) {
	t.Helper()
	text := sound(t)
	return whole(t, text), whole(t, change(strings.Replace(text, "version: 1", "version: 2", 1)))
}

func whole(t *testing.T, text string) *procedure.Procedure {
	t.Helper()
	p, err := procedure.Load("p.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// replaced replaces pairs of texts, each of which must occur.
func replaced(t *testing.T, pairs ...string) func(string) string {
	return func(text string) string {
		t.Helper()
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				t.Fatalf("%q does not occur", pairs[i])
			}
			text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
		}
		return text
	}
}

func lines(found []procedure.Finding) string {
	var out []string
	for _, f := range found {
		if f.Words["zh"] == "" && f.Words != nil {
			out = append(out, "no Chinese words")
		}
		out = append(out, f.String())
	}
	return strings.Join(out, "\n")
}

const mapHead = `format: luoshi-migration/1
procedure: street-lamp
from: 1
to: 2
reason: {zh: 改了名称。, en: Names have changed.}
`

func TestAMappingIsReadStrictly(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                  {"", "m.yaml:1:1: syntax: the file is empty; begin with `format: luoshi-migration/1`"},
		"a list":                   {"- a\n", "m.yaml:1:1: syntax: a declaration is a mapping; begin with `format: luoshi-migration/1`"},
		"another form":             {strings.Replace(mapHead, "migration/1", "migration/2", 1), "m.yaml:1:9: format: "},
		"a slip of the pen":        {mapHead + "state: {a: b}\n", `m.yaml:6:1: unknown-member: "state" is not a member here`},
		"a state renamed twice":    {mapHead + "states: {a: b, a: c}\n", `m.yaml:6:16: duplicate-member: `},
		"a list for a mapping":     {mapHead + "clocks: [a]\n", "m.yaml:6:9: wrong-type: "},
		"no reason":                {strings.Replace(mapHead, "reason", "# reason", 1), `m.yaml:1:1: missing-member: "reason"`},
		"nothing to migrate":       {strings.Replace(mapHead, "to: 2", "to: 1", 1), "m.yaml:4:5: value: from and to are the same version"},
		"no version":               {strings.Replace(mapHead, "from: 1", "from: 0", 1), "m.yaml:3:7: value: "},
		"a reason that is a story": {strings.Replace(mapHead, "Names", strings.Repeat("N", 301), 1), "m.yaml:5:25: value: the reason has "},
		"an anchor":                {mapHead + "states: &a {a: b}\n", "m.yaml:6:9: syntax: "},
		"a whole library":          {mapHead + strings.Repeat("# x\n", 1<<16), "m.yaml:1:1: too-large: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := procedure.ReadMigration("m.yaml", []byte(c.text))
			var found *procedure.Errors
			if !errors.As(err, &found) {
				t.Fatalf("read with %v", err)
			}
			if got := lines(*found); !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func FuzzReadMigration(f *testing.F) {
	f.Add(mapHead + "states: {a: b}\nstop: [c]\n")
	f.Add("format: [")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := procedure.ReadMigration("m.yaml", []byte(text))
		if (m == nil) == (err == nil) {
			t.Fatalf("%v, %v", m, err)
		}
	})
}

// everything renamed and moved, and one clock more.
func renaming(t *testing.T) func(string) string {
	return replaced(t, "name: lodged", "name: received", "to: lodged", "to: received", "from: [lodged]", "from: [received]",
		"{name: repair, title: {zh: 修理, en: Repair}", "{name: mend, title: {zh: 修理, en: Mend}", "- name: repair", "- name: mending",
		"name: place", "name: spot", "place: 村口", "spot: 村口", "role: applicant", "role: reporter")
}

const mapAll = mapHead + "states: {lodged: received}\nsteps: {repair: mend}\nfields: {place: spot}\nparties: {applicant: reporter}\nclocks: {repair: mending}\n"

func TestAMappingIsHeldAgainstBothVersions(t *testing.T) {
	old, new := versions(t, renaming(t))
	for name, c := range map[string]struct{ text, want string }{
		"all is named":                  {mapAll, ""},
		"a state is left out":           {strings.Replace(mapAll, "states: {lodged: received}\n", "", 1), `m.yaml:1:1: migration-state: the new version has no state "lodged"`},
		"a matter would end":            {strings.Replace(mapAll, "lodged: received", "lodged: done", 1), `m.yaml:6:18: migration-state: "lodged" becomes "done", which is an end`},
		"a state nobody knows":          {strings.Replace(mapAll, "{lodged: received}", "{lodged: received, lost: received}", 1), `m.yaml:6:34: migration-name: states of the old version has no "lost"`},
		"a step nobody knows":           {strings.Replace(mapAll, "repair: mend}", "repair: fly}", 1), `m.yaml:7:17: migration-name: steps of the new version has no "fly"`},
		"a field is left out":           {strings.Replace(mapAll, "fields: {place: spot}\n", "", 1), `m.yaml:1:1: migration-field: the new version has no field "place"`},
		"a field is dropped":            {strings.Replace(mapAll, "fields: {place: spot}\n", "drop: [place]\n", 1), ""},
		"a field is both":               {mapAll + "drop: [place]\n", `m.yaml:8:17: migration-field: the field "place" is both renamed and dropped`},
		"a party is left out":           {strings.Replace(mapAll, "parties: {applicant: reporter}\n", "", 1), `m.yaml:1:1: migration-party: the new version has no party "applicant"`},
		"a clock is left out":           {strings.Replace(mapAll, "clocks: {repair: mending}\n", "", 1), `m.yaml:1:1: migration-clock: the new version has no clock "repair"`},
		"a clock stops":                 {strings.Replace(mapAll, "clocks: {repair: mending}\n", "stop: [repair]\nstart: [mending]\n", 1), ""},
		"a clock starts twice":          {mapAll + "start: [mending]\n", `m.yaml:11:9: migration-clock: the clock "mending" goes on from "repair"`},
		"a clock starts in some states": {strings.Replace(mapAll, "clocks: {repair: mending}\n", "stop: [repair]\nstart: [{clock: mending, in: [received]}]\n", 1), ""},
		"a clock starts in a state nobody knows": {strings.Replace(mapAll, "clocks: {repair: mending}\n", "stop: [repair]\nstart: [{clock: mending, in: [lodged]}]\n", 1),
			`m.yaml:11:31: migration-name: the new version has no state "lodged"`},
		"a list with one thing twice": {strings.Replace(mapAll, "clocks: {repair: mending}\n", "stop: [repair, repair]\n", 1),
			`m.yaml:10:16: duplicate-name: "repair" is listed twice`},
		"another language":         {strings.Replace(mapAll, "en: Names", "fr: Noms, en: Names", 1), `m.yaml:5:25: text-language: `},
		"a language without words": {strings.Replace(mapAll, "zh: 改了名称。, ", "", 1), `m.yaml:5:9: text-missing: `},
		"another procedure":        {strings.Replace(mapAll, "street-lamp", "petition", 1), "m.yaml:2:12: migration-of: "},
		"another version":          {strings.Replace(mapAll, "to: 2", "to: 3", 1), "m.yaml:2:12: migration-of: "},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := procedure.ReadMigration("m.yaml", []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(m.Check(old, new)); !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") || strings.Contains(got, "\n") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	t.Run("what cannot become one", func(t *testing.T) {
		both := replaced(t, "type: string, class: plain", "type: text, class: plain", "responsible: owner", "responsible: party")
		old, new := versions(t, func(s string) string { return both(renaming(t)(s)) })
		m, err := procedure.ReadMigration("m.yaml", []byte(mapAll))
		if err != nil {
			t.Fatal(err)
		}
		want := "m.yaml:8:17: migration-field: the field \"place\" changes its type from string to text\n" +
			"m.yaml:10:18: migration-clock: the clock \"repair\" was the duty of owner, and \"mending\" is that of party"
		if d := cmp.Diff(want, lines(m.Check(old, new))); d != "" {
			t.Error(d)
		}
	})
}

func TestNewNames(t *testing.T) {
	m, err := procedure.ReadMigration("m.yaml", []byte(mapAll+"drop: [hue]\nstop: [alarm]\nstart: [a, {clock: b, in: [s]}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{m.State("lodged"), m.State("done"), m.Field("place"), m.Field("hue"), m.Field("x"), m.Party("applicant"),
		m.Clock("repair"), m.Clock("alarm"), m.Clock("x"),
		strings.Join(m.Starts("s"), "+"), strings.Join(m.Starts("t"), "+")}
	want := []string{"received", "done", "spot", "", "x", "reporter", "mending", "", "x", "a+b", "a"}
	if d := cmp.Diff(want, got); d != "" || len(m.Hash) != 64 {
		t.Error(d, m.Hash)
	}
}

func TestAdditionsNeedNoMapping(t *testing.T) {
	old, new := versions(t, replaced(t,
		"en: Repair}, from: [lodged], to: done, by: [\"role:clerk\"], note: optional}",
		"en: Mend it}, from: [lodged, waiting], to: done, by: [\"role:clerk\"], note: optional}\n"+
			"  - {name: wait, title: {zh: 等待, en: Wait}, from: [lodged], to: waiting, by: [\"role:clerk\"], note: none}",
		"  - {name: done,", "  - {name: waiting, title: {zh: 等待, en: Waiting}, public: {zh: 等待材料。, en: It waits.}}\n  - {name: done,",
		"    starts: [open]", "    starts: [open]\n    suspended_in: [waiting]",
		"fields:\n  - {name: place,", "fields:\n  - {name: colour, title: {zh: 颜色, en: Colour}, type: string, class: plain, seen_by: [staff]}\n  - {name: place,"))
	if found := procedure.Additions(old, new); found != nil {
		t.Error(lines(found))
	}
	m := procedure.Same(old, new)
	if found := m.Check(old, new); found != nil || m.Reason["zh"] == "" || m.Reason["en"] == "" {
		t.Error(lines(found), m.Reason)
	}
}

func TestMoreThanAnAdditionNeedsAMapping(t *testing.T) {
	for name, c := range map[string]struct {
		pairs []string
		want  string
	}{
		"a period":                  {[]string{"period: 5wd", "period: 3wd"}, "repair of clocks"},
		"a roll":                    {[]string{"period: 5wd", "period: 5wd\n    roll: true"}, "repair of clocks"},
		"a role":                    {[]string{"to: done, by: [\"role:clerk\"]", "to: done, by: [\"role:officer\"]"}, "repair of steps"},
		"a note":                    {[]string{"note: optional", "note: required"}, "repair of steps"},
		"a class":                   {[]string{"class: plain", "class: personal"}, "place of fields"},
		"a party":                   {[]string{"min: 0, max: 1", "min: 1, max: 1", "  title: 村口路灯不亮", "  title: 村口路灯不亮\n  parties: [{role: applicant, name: 某人}]"}, "applicant of parties"},
		"a time zone":               {[]string{"Asia/Shanghai", "Asia/Urumqi"}, "Asia/Urumqi of time_zone"},
		"another name":              {[]string{"name: lodged", "name: received", "to: lodged", "to: received", "from: [lodged]", "from: [received]"}, "states has no lodged"},
		"a clock that stops sooner": {[]string{"    starts: [open]", "    starts: [open]\n    stops: [repair]"}, "repair of clocks"},
	} {
		t.Run(name, func(t *testing.T) {
			old, new := versions(t, replaced(t, c.pairs...))
			found := procedure.Additions(old, new)
			if !slices.ContainsFunc(found, func(f procedure.Finding) bool {
				return f.Rule == "migration-needed" && f.Line > 1 && strings.HasPrefix(f.Message, c.want) && f.Words["zh"] != ""
			}) {
				t.Errorf("want %s, got %s", c.want, lines(found))
			}
		})
	}
}

// TestDocumentShowsAMapping reads the mapping of doc/procedures.md, and finds every rule there.
func TestDocumentShowsAMapping(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "doc", "procedures.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "```yaml mapping\n")
	text, _, _ = strings.Cut(text, "```")
	m, err := procedure.ReadMigration("doc", []byte(text))
	if err != nil || m.Procedure != "street-lamp" || len(m.Start) != 2 || len(m.Start[1].In) != 1 {
		t.Errorf("%+v, %v", m, err)
	}
	for _, rule := range procedure.MigrationRules() {
		if !strings.Contains(string(data), "\n| `"+rule+"` |") {
			t.Errorf("no row for %s", rule)
		}
	}
}
