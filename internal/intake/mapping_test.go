package intake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"

	"github.com/google/go-cmp/cmp"
)

const small = `format: luoshi-import/1
system: test
time: {column: at, formats: [YYYY-MM-DD], zone: Asia/Shanghai}
title: "{kind}"
procedure: hotline-order
fields: {description: "{kind}[ in {place}]"}
places:
  root: {code: r, kind: city, name: {en: Root, zh: 根}}
  levels: [{column: place, kind: township}]
`

func TestTemplatesFillCells(t *testing.T) {
	columns := []string{"a", "b"}
	for _, c := range []struct{ template, a, b, want string }{
		{"{a} — {b}", "x", "y", "x — y"},
		{"{a}[ — {b}]", "x", " ", "x"},
		{"{a|none}[, {b|none}]", "", "", "none, none"},
		{"[{a}/{b}]", "x", "", ""},
		{"{{{a}}} [[1]]", "x", "", "{x} [1]"},
		{"", "x", "y", ""},
		{"{a}", "{b}", "y", "{b}"}, // cells are not templates
	} {
		tpl, err := compile(c.template, columns)
		if err != nil {
			t.Errorf("%s: %v", c.template, err)
		} else if got := tpl.fill([]string{c.a, c.b}); got != c.want {
			t.Errorf("%s: %q, want %q", c.template, got, c.want)
		}
	}
	for _, bad := range []string{"{c}", "{a", "[{a}", "a]", "}", "[[{a}]", "[[a[ {b}"} {
		if _, err := compile(bad, columns); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestTimesAreReadAsWritten(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ format, cell, want string }{
		{"YYYY-MM-DDTHH:mm", "2015-01-01T00:20", "2015-01-01T00:20:00-05:00"},
		{"YYYY-MM-DD", "2015-07-01", "2015-07-01"},
		{"M/D/YYYY hh:mm:ss A", "7/4/2015 03:05:06 PM", "2015-07-04T15:05:06-04:00"},
		{"YYYY年M月D日", "2015年7月4日", "2015-07-04"},
		{"YYYY-MM-DDTHH:mm:ssZ", "2015-01-01T00:00:00+08:00", "2015-01-01T00:00:00+08:00"},
	} {
		l, err := newLayout(c.format)
		if err != nil {
			t.Errorf("%s: %v", c.format, err)
			continue
		}
		got, err := readTime(c.cell, []layout{l}, zone)
		if err != nil || got.text != c.want {
			t.Errorf("%s of %s: %q %v, want %q", c.format, c.cell, got.text, err, c.want)
		}
		if _, err := readTime("2015-02-30", []layout{l}, zone); err == nil {
			t.Errorf("%s takes a day that does not exist", c.format)
		}
	}
	for _, bad := range []string{"", "YYYY-MM", "2006-01-02", "DD.MM", "YYYY-MM-DD QQ", "HH:mm"} {
		if _, err := newLayout(bad); err == nil {
			t.Errorf("the format %q is taken", bad)
		}
	}
}

func TestMappingFaultsSayWhereTheyAre(t *testing.T) {
	change := func(old, new string) string { return strings.Replace(small, old, new, 1) }
	for _, c := range []struct{ name, src, want string }{
		{"unknown member", change("system:", "sistem:"), `m.yaml:2:1: unknown field "sistem"`},
		{"no YAML", "a: [", "m.yaml:1:"},
		{"empty", "", "m.yaml:1:1: the file is empty"},
		{"another format", change("import/1", "import/9"), "m.yaml:1:9: the format"},
		{"a missing member", change("system: test\n", ""), `"system" is missing`},
		{"an unknown column", change("{kind}\"\nproc", "{knid}\"\nproc"), `m.yaml:4:8: the CSV file has no column "knid"; it has: at, kind, place`},
		{"an unknown column in a field", change("in {place}", "in {p}"), `m.yaml:6:23: the CSV file has no column "p"`},
		{"a bad time format", change("YYYY-MM-DD", "yyyy"), `m.yaml:3:30: "yyyy" in a time format`},
		{"a bad zone", change("Asia/Shanghai", "Mars/Base"), `m.yaml:3:49: the time zone "Mars/Base"`},
		{"a skip rule for every row", small + "skip: [{values: [a]}]\n", `"skip[0].column" is missing`},
		{"clock without a time", change("time: {column: at, formats: [YYYY-MM-DD], zone: Asia/Shanghai}", "clock: source"), "m.yaml:3:8: clock: source needs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Load("m.yaml", []byte(c.src))
			if err == nil {
				_, err = s.Bind([]string{"at", "kind", "place"})
			}
			var m *MappingError
			if !errors.As(err, &m) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

func hotline(t *testing.T) *procedure.Procedure {
	t.Helper()
	src, err := os.ReadFile("../../procedures/hotline-order.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := procedure.Load("hotline-order.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func bind(t *testing.T, src string, columns ...string) *binding {
	t.Helper()
	s, err := Load("m.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Bind(columns)
	if err != nil {
		t.Fatal(err)
	}
	return b.b
}

func TestWhatTheProcedureDoesNotAllowIsFoundBeforeAnyRow(t *testing.T) {
	p := hotline(t)
	for _, c := range []struct{ name, src, want string }{
		{"lawful", small, ""},
		{"a field that is not there", strings.Replace(small, "description:", "discription:", 1), `the field "description" is required`},
		{"a kind of office", strings.Replace(small, "township", "court", 1), `not received by offices of the kind "court"`},
		{"a channel", small + "channel: pigeon\n", `does not take the channel "pigeon"`},
		{"a party", small + "parties: [{role: judge, name: \"{kind}\"}]\n", `there is no party "judge"`},
		{"an unknown step", small + "walks: [{steps: [{step: shred}]}]\n", `there is no step "shred"`},
		{"a step out of order", small + "walks: [{steps: [{step: close}]}]\n", `the step "close" cannot be taken in the state "lodged"`},
		{"a step that needs a choice", small + "walks: [{steps: [{step: dispatch}]}]\n", "an import cannot choose"},
		{"a step without its field", small + "walks: [{steps: [{step: take-on}, {step: reply}]}]\n", `the field "result" is required`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := bind(t, c.src, "at", "kind", "place")
			b.checkProcedure(&b.kinds[0], p)
			if got := fmt.Sprint(b.fault()); (c.want == "") != (b.fault() == nil) || !strings.Contains(got, c.want) {
				t.Errorf("%s\nwant %q", got, c.want)
			}
		})
	}
}

func TestTheAccountGetsTheFewestRoles(t *testing.T) {
	by := func(roles ...string) (a act) {
		for _, r := range roles {
			a.by = append(a.by, procedure.Who{Role: r})
		}
		a.by = append(a.by, procedure.Who{Relation: "system"}, procedure.Who{Role: office.RoleHead, Relation: "assigned"})
		return a
	}
	for _, c := range []struct {
		acts []act
		want []string
	}{
		{[]act{by("clerk", "officer"), by("officer", "head")}, []string{"officer"}},
		{[]act{by("clerk", "officer"), by("head")}, []string{"clerk", "head"}},
		{[]act{by("clerk"), by("mediator"), by("clerk", "mediator")}, []string{"clerk", "mediator"}},
	} {
		got, err := rolesFor(c.acts)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v %v, want %v", got, err, c.want)
		}
	}
	if _, err := rolesFor([]act{by()}); err == nil {
		t.Error("a step that only the system takes is given to an account")
	}
}

func TestUnitCodesAreStable(t *testing.T) {
	for name, want := range map[string]string{"Public Works": "public-works", "public  works": "public-works", "12": "12"} {
		if got := unitCode(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	seen := map[string]string{}
	for _, name := range []string{"A B", "A/B", "A-B", "A / B", "龙城街道", "龙城镇", strings.Repeat("x", 50), strings.Repeat("x", 51), "北a", "南a"} {
		code := unitCode(name)
		if other, ok := seen[code]; ok {
			t.Errorf("%s and %s are both %s", name, other, code)
		}
		if strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(code, "-") || len(code) > 60 {
			t.Errorf("%s: code %q", name, code)
		}
		seen[code] = name
	}
}

func TestPlanMakesALodgingOfARow(t *testing.T) {
	b := bind(t, small+"skip: [{column: kind, values: [Dup]}]\nwalks: [{when: {column: kind, values: [done]}, steps: [{step: take-on}]}]\n", "at", "kind", "place")
	o := &offices{root: "r", levels: b.levels, known: map[string]string{"龙城": "r.x", "": "r"}}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	plan := func(cells ...string) task { return b.plan(Row{Number: 3, Cells: cells}, o, now) }

	got := plan("2015-01-02", "done", "龙城")
	want := casework.Lodging{Procedure: "hotline-order", Unit: "r.x", Channel: "import", Title: "done",
		Fields: map[string]any{"description": "done in 龙城"}, Source: &casework.Source{System: "test", ID: "row 3", Time: "2015-01-02"}}
	if diff := cmp.Diff(want, got.lodging); diff != "" || got.reject != "" {
		t.Errorf("%s %s", diff, got.reject)
	}
	if len(got.steps) != 1 || got.steps[0].Step != "take-on" {
		t.Errorf("steps %+v", got.steps)
	}
	if other := plan("2015-01-02", "done", ""); other.key == got.key || other.lodging.Unit != "r" {
		t.Errorf("another content: key %s, unit %s", other.key, other.lodging.Unit)
	}
	if !plan("", "Dup", "").skip {
		t.Error("a row that is to be skipped is not")
	}
	for cell, want := range map[string]string{"soon": "is not written as", "2027-01-01": "has not come yet", "1815-01-01": "before 1900"} {
		if got := plan(cell, "done", ""); !strings.Contains(got.reject, want) {
			t.Errorf("%s: %q, want %q", cell, got.reject, want)
		}
	}
	if got := plan("2015-01-02", strings.Repeat("长", 300), ""); len([]rune(got.lodging.Title)) != casework.MaxTitle {
		t.Errorf("title of %d signs", len([]rune(got.lodging.Title)))
	}
}

func TestStoreFaultsStopAndRowFaultsReject(t *testing.T) {
	for kind, want := range map[casework.ErrorKind]fateKind{casework.Invalid: rejected, casework.KeyReused: rejected, casework.NotAllowed: rejected,
		casework.Unavailable: stopped, casework.Internal: stopped} {
		if got := failed(task{}, "", &casework.Error{Kind: kind}); got.kind != want {
			t.Errorf("error kind %d: %d, want %d", kind, got.kind, want)
		}
	}
	if got := failed(task{}, "", fmt.Errorf("disk: %w", casework.ErrFull)); got.kind != stopped {
		t.Errorf("a full disk: %d", got.kind)
	}
}

func TestTheExamplesFitTheirFilesAndTheProcedure(t *testing.T) {
	p := hotline(t)
	for name, columns := range map[string]string{
		"boston311.yaml": "opened,type,reason,subject,neighborhood,ward,lat,lon,source",
		"chicago.yaml":   "created,nature,ward,community_area,lat,lon,status",
	} {
		src, err := os.ReadFile(filepath.Join("../../examples/import", name))
		if err != nil {
			t.Fatal(err)
		}
		b := bind(t, string(src), strings.Split(columns, ",")...)
		b.checkProcedure(&b.kinds[0], p)
		if err := b.fault(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
