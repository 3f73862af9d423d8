package postgres_test

import (
	"fmt"
	"slices"
	"strings"
)

// refusal is a construct that one of the distributed engines does not take, or takes and does something else.
type refusal struct {
	name  string
	words [][]string // any of these, in a row: "'" is any string, "column" the name of a column
	who   string     // the engine, and where it says so
}

// refused is what our SQL does without.
func refused() []refusal {
	return []refusal{
		{"trigger", [][]string{{"trigger"}},
			"CockroachDB before v24.3 (documentation, PostgreSQL compatibility); Citus on distributed tables unless citus.enable_unsafe_triggers (documentation, configuration reference)"},
		{"stored function", [][]string{{"create", "function"}, {"create", "or", "replace", "function"}, {"create", "procedure"}, {"create", "or", "replace", "procedure"}, {"create", "aggregate"}, {"language", "plpgsql"}},
			"CockroachDB before v22.2 (user-defined functions), PL/pgSQL before v23.2; Citus only after create_distributed_function"},
		{"DO block", [][]string{{"do", "'"}, {"do", "language"}},
			"CockroachDB before v24.1 (documentation, DO)"},
		{"sequence", [][]string{{"column", "serial"}, {"column", "bigserial"}, {"column", "smallserial"}, {"sequence"}, {"nextval"}, {"setval"}, {"as", "identity"}},
			"CockroachDB: SERIAL is unique_rowid(), not a count (documentation, SERIAL); Citus: numbers differ by node, bigint only; YugabyteDB caches ranges, so numbers are not in order"},
		{"foreign key", [][]string{{"references"}, {"foreign", "key"}},
			"Citus: only between co-located tables and with the distribution column (documentation, creating and modifying distributed objects)"},
		{"extension", [][]string{{"create", "extension"}},
			"CockroachDB has none but some built in (documentation, PostgreSQL compatibility)"},
		{"advisory lock", [][]string{{"pg_advisory_lock"}, {"pg_advisory_xact_lock"}, {"pg_try_advisory_lock"}, {"pg_try_advisory_xact_lock"}, {"pg_advisory_lock_shared"}, {"pg_advisory_xact_lock_shared"}, {"pg_try_advisory_lock_shared"}, {"pg_try_advisory_xact_lock_shared"}},
			"CockroachDB: functions that do nothing (documentation, PostgreSQL compatibility); YugabyteDB before v2025.1; Citus: on one node only"},
		{"system column", [][]string{{"ctid"}, {"xmin"}, {"xmax"}, {"cmin"}, {"cmax"}, {"tableoid"}},
			"YugabyteDB (documentation, PostgreSQL compatibility: system columns); CockroachDB has no ctid, xmin and xmax"},
		{"temporary table", [][]string{{"create", "temporary"}, {"create", "temp"}, {"create", "local", "temp"}, {"create", "local", "temporary"}, {"into", "temp"}, {"into", "temporary"}},
			"CockroachDB: experimental, off by default (documentation, temporary tables)"},
		{"unlogged table", [][]string{{"unlogged"}},
			"what is acknowledged is durable; CockroachDB and YugabyteDB ignore the word"},
		{"cursor that outlives its transaction", [][]string{{"with", "hold"}},
			"CockroachDB before v25.2 (documentation, known limitations: SQL cursors)"},
		{"table lock", [][]string{{"lock", "table"}},
			"CockroachDB (documentation, PostgreSQL compatibility); YugabyteDB: not every mode (documentation, LOCK)"},
		{"inheritance", [][]string{{"inherits"}},
			"CockroachDB; YugabyteDB before v2025.1 (documentation, PostgreSQL compatibility)"},
		{"exclusion constraint", [][]string{{"exclude", "using"}},
			"CockroachDB; YugabyteDB (documentation, PostgreSQL compatibility)"},
		{"rule", [][]string{{"create", "rule"}, {"create", "or", "replace", "rule"}},
			"CockroachDB; Citus on distributed tables"},
		{"upkeep of storage", [][]string{{"vacuum"}, {"gin_clean_pending_list"}, {"reindex"}, {"cluster"}},
			"CockroachDB; YugabyteDB: the commands do nothing (documentation, PostgreSQL compatibility)"},
		{"notification", [][]string{{"listen"}, {"notify"}, {"unlisten"}, {"pg_notify"}},
			"CockroachDB; YugabyteDB before v2025.2 (documentation, PostgreSQL compatibility: events)"},
	}
}

// taken is what one might doubt and what all three take, so that nobody avoids it.
//
//	partial indexes             CockroachDB since v20.2, YugabyteDB, Citus
//	FOR UPDATE SKIP LOCKED      CockroachDB since v22.2, YugabyteDB since v2.13, Citus in queries on one shard
//	GIN indexes on text[]       CockroachDB (inverted index), YugabyteDB since v2.11 (ybgin, one column), Citus
//	ON CONFLICT, RETURNING      all; on Citus the target must hold the distribution column
//	LATERAL                     all

// finding is one thing that must be changed.
type finding struct {
	file string
	line int
	text string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text) }

// linter keeps SQL within what Citus, YugabyteDB and CockroachDB accept. It is what stands in for running
// there: linted, not run.
type linter struct {
	tables map[string]bool // those of the migrations that belong to a log
	free   map[string]bool // those that belong to the whole database, by name
	found  []finding
}

// outside are the tables without a log: what they hold is true of the whole database.
func outside() map[string]bool { return map[string]bool{"schema_migration": true} }

func newLinter() *linter { return &linter{tables: map[string]bool{}, free: outside()} }

func (l *linter) add(file string, line int, format string, args ...any) {
	l.found = append(l.found, finding{file, line, fmt.Sprintf(format, args...)})
}

// source lints a file, or a piece of one that begins at line. In a migration tables are learned; its
// statements may touch all logs at once.
func (l *linter) source(file, sql string, line int, migration bool) {
	for _, s := range statements(tokens(sql, line)) {
		l.constructs(file, s)
		g := nest(s)
		if g.is(0, "create") {
			l.createTable(file, g)
		}
		l.keys(file, g, "")
		if !migration {
			l.query(file, g)
		}
	}
}

// constructs finds what is refused altogether.
func (l *linter) constructs(file string, s []token) {
	for i := range s {
		for _, r := range refused() {
			if slices.ContainsFunc(r.words, func(words []string) bool { return follows(s[i:], words) }) {
				l.add(file, s[i].line, "%s: not taken by %s", r.name, r.who)
			}
		}
	}
}

// follows reports whether s begins with the words.
func follows(s []token, words []string) bool {
	if len(s) < len(words) {
		return false
	}
	for i, w := range words {
		if w == "'" && s[i].kind == isString || w == "column" && s[i].namesColumn() {
			continue
		}
		if s[i].kind != isWord || s[i].text != w {
			return false
		}
	}
	return true
}

// namesColumn reports whether what follows can be the type of a column.
func (t token) namesColumn() bool {
	before := strings.Fields("table on exists only from into update join as")
	return t.kind == isQuoted || t.kind == isWord && !slices.Contains(before, t.text)
}

// createTable learns a table, which must have the column log and a primary key.
func (l *linter) createTable(file string, g *group) {
	if !g.is(1, "table") {
		return
	}
	i := 2
	for g.is(i, "if", "not", "exists") {
		i++
	}
	name, _ := g.name(i)
	if l.free[name] {
		return
	}
	l.tables[name] = true
	if i+1 >= len(g.items) || g.items[i+1].inner == nil {
		l.add(file, g.items[0].line, "table %s: write its columns here, so that they can be seen", name)
		return
	}
	columns := g.items[i+1].inner
	if !columns.column("log") {
		l.add(file, g.items[0].line, "table %s has no column log, by which tables are distributed", name)
	}
	if !columns.has("primary") {
		l.add(file, g.items[0].line, "table %s has no primary key", name)
	}
}

// column reports whether a list of columns defines this one.
func (g *group) column(name string) bool {
	for i := range g.items {
		if n, ok := g.name(i); ok && n == name && (i == 0 || g.is(i-1, ",")) {
			return true
		}
	}
	return false
}

func (g *group) has(word string) bool {
	for i := range g.items {
		if g.is(i, word) {
			return true
		}
	}
	return false
}

// keys finds primary keys and unique indexes that do not begin with log.
func (l *linter) keys(file string, g *group, table string) {
	if g.is(0, "create", "alter") {
		if table = subject(g); l.free[table] {
			return
		}
	}
	for i, it := range g.items {
		if it.inner != nil {
			l.keys(file, it.inner, table)
			continue
		}
		primary := g.is(i, "primary") && g.is(i+1, "key")
		if !primary && !g.is(i, "unique") {
			continue
		}
		if first := keyColumn(g, i); first != "log" {
			what := "a unique index"
			if primary {
				what = "a primary key"
			}
			l.add(file, it.line, "%s of %s begins with %s, not with log, by which tables are distributed", what, table, first)
		}
	}
}

// subject is the table that a statement makes, changes or indexes.
func subject(g *group) string {
	for i := range g.items {
		if g.is(i, "table", "on") {
			for i++; g.is(i, "if", "not", "exists", "only"); i++ {
			}
			name, _ := g.name(i)
			return name
		}
	}
	return ""
}

// keyColumn is the first column of the key that item i declares.
func keyColumn(g *group, i int) string {
	for j := i + 1; j < len(g.items) && !g.is(j, ","); j++ {
		if in := g.items[j].inner; in != nil && (g.is(j-1, "key", "unique") || g.has("index")) {
			if name, ok := in.name(0); ok {
				return name
			}
			return "an expression"
		}
	}
	for ; i > 0 && !g.is(i-1, ","); i-- { // a column's own: its name comes first
	}
	name, _ := g.name(i)
	return name
}

// query finds tables that are read or written without saying which log.
func (l *linter) query(file string, g *group) {
	s := scope{linter: l, file: file}
	s.read(g)
	s.judge()
}

// scope is one SELECT, INSERT, UPDATE or DELETE with what belongs to it: its tables, and which of them are
// bound to a log.
type scope struct {
	*linter
	file  string
	refs  []ref
	bound []binding
}

// binding is a condition log = …: whose log, "" without a qualifier, and whose it must be equal to, "" when
// that is a parameter or a number.
type binding struct{ whose, other string }

// ref is a table in use, and the name it has there.
type ref struct {
	table, alias string
	line         int
	inserted     bool // bound by its list of columns
}

// read goes through the items; parentheses that begin a query are a scope of their own, others belong to this.
func (s *scope) read(g *group) {
	target := false  // the next name is a table
	listing := false // within FROM, where a comma brings another table
	setting := false // within SET, where log = … is no condition
	for i := 0; i < len(g.items); i++ {
		it := g.items[i]
		if it.inner != nil {
			s.inside(it.inner)
			target = false
			continue
		}
		switch {
		case g.is(i, "union", "intersect", "except"):
			s.judge()
			s.refs, s.bound = nil, nil
			listing, target, setting = false, false, false
		case g.is(i, "from") && !g.is(i-1, "distinct"), g.is(i, "join", "using"):
			target, listing, setting = true, true, false
		case g.is(i, "into"), g.is(i, "update") && !g.is(i-1, "for", "do", "key"):
			target = true
		case g.is(i, ",") && listing:
			target = true
		case g.is(i, "only", "lateral") && target:
		case g.is(i, "where", "on", "group", "order", "limit", "returning", "for", "select", "having", "window"):
			listing, target, setting = false, false, false
		case g.is(i, "set"):
			listing, target, setting = false, false, true
		case target:
			i = s.table(g, i)
			target = false
		}
		s.condition(g, i, setting)
	}
}

// inside reads parentheses.
func (s *scope) inside(g *group) {
	if g.is(0, "select", "with", "insert", "update", "delete") {
		inner := scope{linter: s.linter, file: s.file}
		inner.read(g)
		inner.judge()
		return
	}
	for i, it := range g.items {
		if it.inner != nil {
			s.inside(it.inner)
			continue
		}
		s.condition(g, i, false)
	}
}

// table notes the table at item i and gives the last item of its mention.
func (s *scope) table(g *group, i int) int {
	name, ok := g.name(i)
	if !ok || !s.tables[name] {
		return i
	}
	r := ref{table: name, alias: name, line: g.items[i].line}
	if g.is(i-1, "into") {
		if g.is(i+1, "as") {
			i += 2
		}
		if i+1 < len(g.items) && g.items[i+1].inner != nil {
			r.inserted = g.items[i+1].inner.column("log")
		}
		s.refs = append(s.refs, r)
		return i
	}
	j := i + 1
	if g.is(j, "as") {
		j++
	}
	if alias, ok := g.name(j); ok && !slices.Contains(afterTable(), alias) {
		r.alias, i = alias, j
	}
	s.refs = append(s.refs, r)
	return i
}

// afterTable are the words that follow a table and are no alias.
func afterTable() []string {
	return strings.Fields("where on join inner left right full cross natural using group order limit offset for set returning union intersect except values select having window default overriding fetch tablesample")
}

// condition notes log = $1, x.log = $1 and x.log = y.log, also the other way round.
func (s *scope) condition(g *group, i int, setting bool) {
	if name, ok := g.name(i); !ok || name != "log" {
		return
	}
	qualifier, first := "", i
	if g.is(i-1, ".") {
		qualifier, _ = g.name(i - 2)
		first = i - 2
	}
	switch {
	case setting && g.is(i+1, "="):
		s.add(s.file, g.items[i].line, "log is changed: a row never moves to another log")
	case g.is(i+1, "="):
		s.bind(g, qualifier, i+2)
	case g.is(first-1, "=") && g.is(first-3, "."):
		s.bind(g, qualifier, first-4)
	case g.is(first-1, "="):
		s.bind(g, qualifier, first-2)
	}
}

// bind notes what log is equal to, which begins at item i. Only a value, or the log of another table, binds.
func (s *scope) bind(g *group, qualifier string, i int) {
	if i < 0 || i >= len(g.items) || g.items[i].inner != nil {
		return
	}
	other, named := g.name(i)
	switch {
	case g.items[i].kind == isParam || g.items[i].kind == isNumber:
		s.bound = append(s.bound, binding{whose: qualifier})
	case named && g.is(i+1, ".") && g.is(i+2, "log"):
		s.bound = append(s.bound, binding{qualifier, other})
	}
}

// judge names the tables that are not bound. A chain of equal logs must end at a value or outside.
func (s *scope) judge() {
	known := map[string]bool{}
	for range s.refs { // as often as a chain can be long
		for _, b := range s.bound {
			if b.other == "" || known[b.other] || !s.has(b.other) {
				known[b.whose] = true
			}
			if known[b.whose] && b.other != "" {
				known[b.other] = true
			}
		}
	}
	for _, r := range s.refs {
		if !r.inserted && !known[r.alias] && (len(s.refs) > 1 || !known[""]) {
			s.add(s.file, r.line, "table %s is used without log = …, so that every log would be asked", r.table)
		}
	}
}

// has reports whether a table has this name in the scope.
func (s *scope) has(alias string) bool {
	return slices.ContainsFunc(s.refs, func(r ref) bool { return r.alias == alias })
}
