package arch_test

import (
	"strings"
	"testing"
)

// ranks orders the parts: a package imports only lower ranks. Packages below a
// part, such as internal/web/desk, belong to it. Data that the binary carries,
// and the tests beside it, are not here: see rank.
func ranks() map[string]int {
	return map[string]int{
		"server": 4,
		"web":    3, "api": 3, "job": 3, "intake": 3, "demo": 3, "bench": 3,
		"casework": 2, "warning": 2, "report": 2, "notice": 2,
		"procedure": 1, "calendar": 1, "office": 1, "ledger": 1, "search": 1, "number": 1, "config": 1, "limit": 1,
		"media": 1, "alike": 1, "upload": 1,
	}
}

const (
	rankOutside = 6 // test/…, bench/…: nothing imports them
	rankCommand = 5
	rankStore   = 3 // stores stand beside web and api: both know casework, neither the other
	rankData    = 0 // procedures, ui, doc: files that the binary carries
)

// rank places a package by its path; false means nobody has placed it yet.
func rank(path string) (int, bool) {
	top, rest, _ := strings.Cut(path, "/")
	switch top {
	case "cmd":
		return rankCommand, true
	case "test", "bench", "scripts":
		return rankOutside, true
	case "procedures", "ui", "doc", "examples":
		return rankData, true
	case "internal":
		if part(path) == "store" {
			return rankStore, true
		}
		r, ok := ranks()[strings.Split(rest, "/")[0]]
		return r, ok
	}
	return 0, false
}

// part is the first folder below internal, or the first folder.
func part(path string) string {
	return strings.Split(strings.TrimPrefix(path, "internal/"), "/")[0]
}

// postgresForTests gives tests a server; every test may use it, and no program that is delivered.
const postgresForTests = "internal/store/postgres/pgtest"

func isStore(path string) bool { return strings.HasPrefix(path, "internal/store/") }

// fault says why one package must not import another; "" when it may. A test
// file lives by the rules of its package.
func fault(from, to string, test bool) string {
	if from == to {
		return ""
	}
	fromRank, ok := rank(from)
	if !ok {
		return "has no rank yet: place it in test/arch/import_test.go"
	}
	toRank, ok := rank(to)
	switch {
	case !ok:
		return "imports a package without a rank: place that one in test/arch/import_test.go"
	case to == postgresForTests && (test || fromRank == rankOutside):
		return ""
	case to == postgresForTests:
		return "a PostgreSQL server for tests is for tests"
	case isStore(to) && isStore(from):
		switch part2(to) {
		case part2(from):
			return ""
		case "sqlite", "postgres":
			return "a store knows no other store"
		case "storetest":
			if !test {
				return "only a store's tests use storetest"
			}
		}
		return "" // what both stores do alike has a package of its own beside them
	case isStore(to) && part(from) != "server":
		return "only server names a store"
	case part(from) == "web" && part(to) == "web":
		return faultOfPages(from, to, test)
	case part(from) == part(to):
		return ""
	case from == "internal/procedure" && to == "internal/calendar":
		return "" // the one step sideways: a procedure's clocks are calendar rules
	case toRank >= fromRank:
		return "imports go down only"
	}
	return ""
}

// faultOfPages says why a package of pages must not import another: portal, desk, directive, meeting and author stand beside each other, and
// what they share is below them.
func faultOfPages(from, to string, test bool) string {
	ranks := map[string]int{"": 4, "attend": 3, "author": 3, "design": 3, "desk": 3, "directive": 3, "meeting": 3, "portal": 3, "matter": 2, "site": 1, "part": 0}
	below := func(path string) string { return strings.Trim(strings.TrimPrefix(path, "internal/web"), "/") }
	fromRank, known := ranks[below(from)]
	toRank, other := ranks[below(to)]
	switch {
	case !known || !other:
		return "is a package of pages without a rank: place it in test/arch/import_test.go"
	case test && below(from) == "site":
		return "" // whose tests draw every page
	case toRank >= fromRank:
		return "pages import what they are made of, and no other pages"
	}
	return ""
}

// part2 is the folder below store: sqlite, postgres, storetest and what both stores use.
func part2(path string) string {
	return strings.Split(strings.TrimPrefix(path, "internal/store/"), "/")[0]
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range packages(t) {
		check := func(imports []string, test bool) {
			for _, i := range imports {
				to, ours := strings.CutPrefix(i, module+"/")
				if !ours {
					continue
				}
				if why := fault(p.path(), to, test); why != "" {
					t.Errorf("%s → %s: %s", p.path(), to, why)
				}
			}
		}
		check(p.Imports, false)
		check(p.testEdges(), true)
		if _, ok := rank(p.path()); !ok {
			t.Errorf("%s has no rank: place it in test/arch/import_test.go", p.path())
		}
	}
}

// The rule is tried on edges, so that it holds also for packages that come.
func TestTheImportRuleItself(t *testing.T) {
	for _, c := range []struct {
		from, to      string
		test, allowed bool
	}{
		{"cmd/luoshi", "internal/server", false, true},
		{"cmd/luoshi", "internal/ledger", false, true},
		{"cmd/luoshi", "internal/store/sqlite", false, false},
		{"internal/server", "internal/store/sqlite", false, true},
		{"internal/server", "internal/web", false, true},
		{"internal/web", "internal/casework", false, true},
		{"internal/web", "internal/web/portal", false, true},
		{"internal/web/desk", "internal/web/site", false, true},
		{"internal/web/desk", "internal/web/portal", false, false},
		{"internal/web/matter", "internal/web/desk", false, false},
		{"internal/web/directive", "internal/web/desk", false, false},
		{"internal/web/site", "internal/web/part", false, true},
		{"internal/web/site", "internal/web/desk", true, true},
		{"internal/web/site", "internal/web/desk", false, false},
		{"internal/web/novelty", "internal/web/site", false, false},
		{"internal/web", "internal/api", false, false},
		{"internal/web", "internal/store/sqlite", false, false},
		{"internal/web", "internal/store/sqlite", true, false},
		{"internal/casework", "internal/procedure", false, true},
		{"internal/casework", "internal/server", false, false},
		{"internal/casework", "internal/store/sqlite", true, false},
		{"internal/procedure", "internal/calendar", false, true},
		{"internal/calendar", "internal/procedure", false, false},
		{"internal/office", "internal/number", false, false},
		{"internal/store/sqlite", "internal/casework", false, true},
		{"internal/store/sqlite", "internal/search", false, true},
		{"internal/store/sqlite", "internal/web", false, false},
		{"internal/store/sqlite", "internal/api", true, false},
		{"internal/store/sqlite", "internal/store/storetest", true, true},
		{"internal/store/sqlite", "internal/store/storetest", false, false},
		{"internal/store/sqlite", "internal/store/postgres", true, false},
		{"internal/store/storetest", "internal/store/sqlite", true, false},
		{"internal/store/sqlite", "internal/store/listing", false, true},
		{"internal/store/postgres", "internal/store/listing", false, true},
		{"internal/store/listing", "internal/store/postgres", false, false},
		{"internal/server", "internal/store/sqlite", true, true},
		{"internal/store/storetest", "internal/casework", false, true},
		{"internal/store/listing", "internal/casework", false, true},
		{"internal/casework", "internal/store/listing", true, false},
		{"internal/store/postgres", "internal/store/postgres/pgtest", true, true},
		{"internal/store/postgres", "internal/store/postgres/pgtest", false, false},
		{"internal/server", "internal/store/postgres", false, true},
		{"internal/server", "internal/store/postgres/pgtest", false, false},
		{"cmd/luoshi", "internal/store/postgres/pgtest", true, true},
		{"cmd/luoshi", "internal/store/postgres/pgtest", false, false},
		{"test/postgres", "internal/store/postgres/pgtest", false, true},
		{"test/postgres", "internal/store/postgres", false, false},
		{"internal/server", "procedures", false, true},
		{"internal/procedure", "procedures", true, true},
		{"procedures", "internal/procedure", false, false},
		{"internal/server", "test/e2e", true, false},
		{"test/e2e", "internal/server", true, true},
		{"internal/novelty", "internal/office", false, false},
	} {
		if why := fault(c.from, c.to, c.test); (why == "") != c.allowed {
			t.Errorf("%s → %s (test %v): allowed %v, want %v", c.from, c.to, c.test, why == "", c.allowed)
		}
	}
}
