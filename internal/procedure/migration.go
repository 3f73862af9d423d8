package procedure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MigrationFormat is the value of a mapping's `format` member that this package reads.
const MigrationFormat = "luoshi-migration/1"

// maxReason bounds the reason of a migration in bytes, per language: it stands in the act of every matter.
const maxReason = 300

// Migration is a mapping: how matters that run by one version of a procedure go on under another. What it does
// not mention keeps its name. The written form is specified in doc/procedures.md.
type Migration struct {
	Format    string `yaml:"format" json:"format"`
	Procedure string `yaml:"procedure" json:"procedure"` // id
	From      int    `yaml:"from" json:"from"`           // versions
	To        int    `yaml:"to" json:"to"`
	Reason    Text   `yaml:"reason" json:"reason"` // told to the parties

	// New names by old ones.
	States  map[string]string `yaml:"states" json:"states,omitempty"`
	Steps   map[string]string `yaml:"steps" json:"steps,omitempty"`
	Fields  map[string]string `yaml:"fields" json:"fields,omitempty"`
	Parties map[string]string `yaml:"parties" json:"parties,omitempty"`
	Clocks  map[string]string `yaml:"clocks" json:"clocks,omitempty"`

	Drop  []string     `yaml:"drop" json:"drop,omitempty"`   // fields that the new version does not have any more
	Stop  []string     `yaml:"stop" json:"stop,omitempty"`   // clocks that end with the migration
	Start []StartClock `yaml:"start" json:"start,omitempty"` // new clocks that start with it; others start when a step starts them

	Hash string `yaml:"-" json:"hash,omitempty"` // lower-case hex SHA-256 of the text

	file   string
	places map[string]place
}

// StartClock is a clock of the new version that starts with the migration, where the matter then stands in one
// of the states, or everywhere. In YAML either the name of the clock alone or a mapping.
type StartClock struct {
	Clock string   `yaml:"clock" json:"clock"`
	In    []string `yaml:"in" json:"in,omitempty"` // states of the new version; empty: all
}

// read takes the clock.
func (s *StartClock) read(name string) { *s = StartClock{Clock: name} }

// ReadMigration reads a mapping; name is the file it came from, used in findings. The error is *Errors with
// everything found wrong in the text alone; Check holds it against the two versions.
func ReadMigration(name string, src []byte) (*Migration, error) {
	r := &reader{file: name, places: map[string]place{}, bad: map[string]bool{}}
	m := &Migration{file: name}
	if r.source(src, MigrationFormat, m) {
		m.places = r.places
		m.checkForm(&checker{reader: r})
	}
	if len(r.found) > 0 {
		found := r.found.sorted()
		return nil, &found
	}
	m.Hash = HashOf(src)
	return m, nil
}

func (m *Migration) checkForm(c *checker) {
	if m.Format != MigrationFormat {
		c.at("format", ruleFormat, "this program reads %s; write `format: %s` first", MigrationFormat, MigrationFormat)
	}
	c.need("", "procedure", m.Procedure == "")
	c.need("", "reason", len(m.Reason) == 0)
	for member, version := range map[string]int{"from": m.From, "to": m.To} {
		if version < 1 {
			c.at(member, ruleValue, "%q must be the number of a published version", member)
		}
	}
	if m.From == m.To && m.From > 0 {
		c.at("to", ruleValue, "from and to are the same version; there is nothing to migrate")
	}
	for lang, words := range m.Reason {
		if len(words) > maxReason {
			c.at("reason."+lang, ruleValue, "the reason has %d bytes, more than %d: it stands in every matter", len(words), maxReason)
		}
	}
}

// Same is the mapping that keeps every name, for a version that only adds to the one before; see Additions.
func Same(from, to *Procedure) *Migration {
	reasons := map[string]string{"zh": "规程有了新版本，只增加了内容，原有的规定不变。",
		"en": "The procedure has a new version that only adds to it; what held before goes on."}
	m := &Migration{Procedure: from.ID, From: from.Version, To: to.Version, Reason: Text{}}
	for _, lang := range to.Languages {
		m.Reason[lang] = Text(reasons).In(lang)
	}
	return m
}

// New names by old ones: as the mapping says, or unchanged.
func renamed(names map[string]string, old string) string {
	if name, ok := names[old]; ok {
		return name
	}
	return old
}

// State is the new name of a state.
func (m *Migration) State(old string) string { return renamed(m.States, old) }

// Field is the new name of a field, "" for one that is dropped.
func (m *Migration) Field(old string) string {
	if slices.Contains(m.Drop, old) {
		return ""
	}
	return renamed(m.Fields, old)
}

// Party is the new name of a party's role.
func (m *Migration) Party(old string) string { return renamed(m.Parties, old) }

// Clock is the new name of a clock, "" for one that stops.
func (m *Migration) Clock(old string) string {
	if slices.Contains(m.Stop, old) {
		return ""
	}
	return renamed(m.Clocks, old)
}

// Starts are the clocks that start with the migration of a matter that then stands at a state.
func (m *Migration) Starts(state string) []string {
	var out []string
	for _, s := range m.Start {
		if len(s.In) == 0 || slices.Contains(s.In, state) {
			out = append(out, s.Clock)
		}
	}
	return out
}

// MigrationRules are the names of the rules that Check and Additions hold a mapping against, in the order of
// doc/procedures.md. Reading it follows rules of declarations as well.
func MigrationRules() []string {
	return []string{ruleMapOf, ruleMapName, ruleMapState, ruleMapField, ruleMapParty, ruleMapClock, ruleMapSub, ruleMapNeeded}
}

const (
	ruleMapOf     = "migration-of"
	ruleMapName   = "migration-name"
	ruleMapState  = "migration-state"
	ruleMapField  = "migration-field"
	ruleMapParty  = "migration-party"
	ruleMapClock  = "migration-clock"
	ruleMapSub    = "migration-sub"
	ruleMapNeeded = "migration-needed"
)

// mapping holds a Migration against the two versions.
type mapping struct {
	m        *Migration
	old, new *Procedure
	found    Errors
}

func (c *mapping) find(path, rule, zh, en string, args ...any) {
	f := Finding{Rule: rule, Severity: SeverityError, Message: fmt.Sprintf(en, args...)}
	f.Words = Text{"zh": fmt.Sprintf(zh, args...), "en": f.Message}
	c.found = append(c.found, findingAt(c.m.file, c.m.places, path, f))
}

// Check says what in the mapping does not fit the two versions, in the order of the text. Whether it fits a
// matter depends on the matter.
func (m *Migration) Check(old, new *Procedure) []Finding {
	c := &mapping{m: m, old: old, new: new}
	if m.Procedure != old.ID || old.ID != new.ID || m.From != old.Version || m.To != new.Version {
		c.find("procedure", ruleMapOf, "这份对应表是 %s 第 %d 版到第 %d 版的，要迁移的是 %s 到 %s。",
			"this mapping is for %s from version %d to %d, not for %s to %s", m.Procedure, m.From, m.To, old.Key(), new.Key())
		return c.found.sorted()
	}
	c.reason()
	c.states()
	c.fields()
	c.parties()
	c.clocks()
	c.subs()
	c.names("steps", m.Steps, func(n string) bool { return old.steps[n] != nil }, func(n string) bool { return new.steps[n] != nil })
	return c.found.sorted()
}

func (c *mapping) reason() {
	for _, lang := range c.new.Languages {
		if strings.TrimSpace(c.m.Reason[lang]) == "" {
			c.find("reason", ruleTextMissing, "reason 缺少语言 %q 的文字", "reason has no words in %q", lang)
		}
	}
	for lang := range c.m.Reason {
		if !slices.Contains(c.new.Languages, lang) {
			c.find("reason."+lang, ruleTextLanguage, "%q 不是这个规程的语言", "%q is not among the languages of the new version", lang)
		}
	}
}

// names checks that every old name of a member is one of the old version, every new name one of the new, and
// that no two become one.
func (c *mapping) names(member string, names map[string]string, old, new func(string) bool) {
	seen := map[string]string{}
	for _, from := range slices.Sorted(maps.Keys(names)) {
		to, path := names[from], member+"."+from
		switch first := seen[to]; {
		case !old(from):
			c.find(path, ruleMapName, "%s 里没有 %q", "%s of the old version has no %q", member, from)
		case !new(to):
			c.find(path, ruleMapName, "新版本的 %s 里没有 %q", "%s of the new version has no %q", member, to)
		case first != "" && member != "states" && member != "steps":
			c.find(path, ruleMapName, "%s：%q 和 %q 不能合成一个 %q", "%s: %q and %q cannot become one %q", member, first, from, to)
		}
		seen[to] = from
	}
}

// listed checks that a list names things there are, each once.
func (c *mapping) listed(member string, list []string, known func(string) bool, zh, en string) {
	for i, name := range list {
		path := fmt.Sprintf("%s[%d]", member, i)
		if !known(name) {
			c.find(path, ruleMapName, zh, en, name)
		}
		if slices.Index(list, name) < i {
			c.find(path, ruleDuplicateName, "%q 列了两次", "%q is listed twice", name)
		}
	}
}

// states checks that every state in which a running matter can stand has one to go on in.
func (c *mapping) states() {
	c.names("states", c.m.States, func(n string) bool { return c.old.states[n] != nil }, func(n string) bool { return c.new.states[n] != nil })
	for i := range c.old.States {
		s := &c.old.States[i]
		to := c.new.states[c.m.State(s.Name)]
		switch {
		case s.End:
		case to == nil:
			c.find("states", ruleMapState, "新版本没有状态 %q，请写明它对应哪个状态", "the new version has no state %q; say which one takes its place", s.Name)
		case to.End:
			c.find("states."+s.Name, ruleMapState, "%q 对应的 %q 是终点；迁移不能使事项办结", "%q becomes %q, which is an end: a migration does not end a matter", s.Name, to.Name)
		}
	}
}

func (c *mapping) fields() {
	m, old, new := c.m, c.old.fields, c.new.fields
	c.names("fields", m.Fields, func(n string) bool { return old[n] != nil }, func(n string) bool { return new[n] != nil })
	c.listed("drop", m.Drop, func(n string) bool { return old[n] != nil }, "旧版本没有栏目 %q", "the old version has no field %q")
	taken := map[string]string{}
	for i := range c.old.Fields {
		f := &c.old.Fields[i]
		name := m.Field(f.Name)
		if name == "" {
			if _, both := m.Fields[f.Name]; both {
				c.find("fields."+f.Name, ruleMapField, "栏目 %q 又改名又去掉", "the field %q is both renamed and dropped", f.Name)
			}
			continue
		}
		to := new[name]
		switch {
		case to == nil:
			c.find("fields", ruleMapField, "新版本没有栏目 %q，请写明对应的栏目，或者列在 drop 里", "the new version has no field %q; say which one takes its place, or list it under drop", f.Name)
		case to.Type != f.Type:
			c.find("fields."+f.Name, ruleMapField, "栏目 %q 的类型从 %s 变成 %s", "the field %q changes its type from %s to %s", f.Name, f.Type, to.Type)
		case taken[name] != "":
			c.find("fields."+f.Name, ruleMapField, "栏目 %q 和 %q 都对应 %q", "the fields %q and %q both become %q", taken[name], f.Name, name)
		}
		taken[name] = f.Name
	}
}

func (c *mapping) parties() {
	old, new := c.old.parties, c.new.parties
	c.names("parties", c.m.Parties, func(n string) bool { return old[n] != nil }, func(n string) bool { return new[n] != nil })
	taken := map[string]string{}
	for i := range c.old.Parties {
		role := c.old.Parties[i].Role
		to := c.m.Party(role)
		switch {
		case new[to] == nil:
			c.find("parties", ruleMapParty, "新版本没有当事人 %q，请写明对应的当事人", "the new version has no party %q; say which role takes its place", role)
		case taken[to] != "":
			c.find("parties."+role, ruleMapParty, "当事人 %q 和 %q 都对应 %q", "the parties %q and %q both become %q", taken[to], role, to)
		}
		taken[to] = role
	}
}

func (c *mapping) clocks() {
	m, old, new := c.m, c.old.clocks, c.new.clocks
	c.names("clocks", m.Clocks, func(n string) bool { return old[n] != nil }, func(n string) bool { return new[n] != nil })
	c.listed("stop", m.Stop, func(n string) bool { return old[n] != nil }, "旧版本没有时限 %q", "the old version has no clock %q")
	started := names(m.Start, func(s StartClock) string { return s.Clock })
	c.listed("start", started, func(n string) bool { return new[n] != nil }, "新版本没有时限 %q", "the new version has no clock %q")
	taken := map[string]string{}
	for i := range c.old.Clocks {
		k := &c.old.Clocks[i]
		name := m.Clock(k.Name)
		if name == "" {
			if _, both := m.Clocks[k.Name]; both {
				c.find("clocks."+k.Name, ruleMapClock, "时限 %q 又改名又停止", "the clock %q is both renamed and stopped", k.Name)
			}
			continue
		}
		to := new[name]
		switch {
		case to == nil:
			c.find("clocks", ruleMapClock, "新版本没有时限 %q，请写明对应的时限，或者列在 stop 里", "the new version has no clock %q; say which one takes its place, or list it under stop", k.Name)
		case to.Responsible != k.Responsible:
			c.find("clocks."+k.Name, ruleMapClock, "时限 %q 原来由 %s 负责，%q 由 %s 负责", "the clock %q was the duty of %s, and %q is that of %s", k.Name, k.Responsible, name, to.Responsible)
		case taken[name] != "":
			c.find("clocks."+k.Name, ruleMapClock, "时限 %q 和 %q 都对应 %q", "the clocks %q and %q both become %q", taken[name], k.Name, name)
		}
		taken[name] = k.Name
	}
	for i, start := range m.Start {
		path := fmt.Sprintf("start[%d]", i)
		if from := taken[start.Clock]; from != "" {
			c.find(path, ruleMapClock, "时限 %q 由 %q 继续，不能另外开始", "the clock %q goes on from %q and cannot start anew", start.Clock, from)
		}
		c.listed(path+".in", start.In, func(n string) bool { return c.new.states[n] != nil }, "新版本没有状态 %q", "the new version has no state %q")
	}
}

// subs checks that every kind of sub-matter is there, of the same procedure. It cannot have another name: each
// sub-matter's own first entry says what it is called in the whole.
func (c *mapping) subs() {
	for i := range c.old.Subs {
		s := &c.old.Subs[i]
		switch to := c.new.subs[s.Name]; {
		case to == nil:
			c.find("", ruleMapSub, "新版本没有子事项 %q，请保留", "the new version has no sub-matter %q; keep it", s.Name)
		case to.Procedure != s.Procedure:
			c.find("", ruleMapSub, "子事项 %q 的规程从 %s 变成 %s", "the sub-matter %q changes its procedure from %s to %s", s.Name, s.Procedure, to.Procedure)
		}
	}
}
