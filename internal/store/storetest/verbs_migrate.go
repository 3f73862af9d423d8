package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
)

// renamedProbe is version 2 of the probe: other names, another period, one clock more.
func renamedProbe(t testing.TB) []byte {
	return probeAt(t, "2", "name: working", "name: handling", "to: working", "to: handling", "from: [working", "from: [handling",
		"name: facts", "name: story", "{facts: ", "{story: ", "name: remark", "name: comment_inside",
		"role: witness", "role: observer", "- name: handling\n    title: {zh: \"办理期限\"", "- name: deciding\n    title: {zh: \"办理期限\"",
		"extend: handling", "extend: deciding", "period: 10d", "period: 20d",
		"example:", "  - name: answering\n    title: {zh: \"答复期限\", en: \"Time to answer\"}\n    period: 5d\n    roll: false\n    starts: [tell]\n"+
			"    suspended_in: [waiting]\n    responsible: owner\n    basis: {note: {zh: \"只用于试办。\", en: \"For trials only.\"}}\nexample:")
}

const probeMapping = `format: luoshi-migration/1
procedure: probe
from: 1
to: 2
reason: {zh: 规定改了。, en: The rules have changed.}
states: {working: handling}
fields: {facts: story, remark: comment_inside}
parties: {witness: observer}
clocks: {handling: deciding}
start: [answering]
`

func (d *Desk) plan(t testing.TB, from, to, mapping string) *casework.Plan {
	t.Helper()
	var text []byte
	if mapping != "" {
		text = []byte(mapping)
	}
	p, err := d.MigrationPlan(d.staff(t, "author@p"), from, to, "map.yaml", text)
	if err != nil {
		t.Fatal(err, casework.Findings(err))
	}
	return p
}

func (d *Desk) migrated(t testing.TB, p *casework.Plan) *casework.Rehearsal {
	t.Helper()
	r, err := d.Migrate(background(), d.staff(t, "author@p"), p, p.Hash, casework.MigrationOptions{})
	must(t, err)
	return r
}

func migrate(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	l := d.Example(t, "probe", "t1")
	l.Parties = append(l.Parties, casework.Party{Role: "witness", Name: "王五"})
	lodged, err := d.Lodge(background(), resident(), l, "key")
	must(t, err)
	num := lodged.Matter.Number
	d.Wait(2 * day)
	d.Take(t, clerk, num, "more-time")
	told := d.Take(t, clerk, num, "tell", func(c *casework.StepCommand) { c.Fields["remark"] = "inner remark" })
	resting := d.Lodged(t, "probe", "t1").Matter.Number
	d.Take(t, clerk, resting, "wait")
	ended := d.Lodged(t, "probe", "t1").Matter.Number
	d.Take(t, clerk, ended, "finish")
	_, err = d.Publish(background(), "probe.yaml", renamedProbe(t))
	must(t, err)
	p := d.plan(t, "probe@1", "probe@2", probeMapping)
	before, err := d.Store.Size(background())
	must(t, err)
	r, err := d.Rehearse(background(), d.staff(t, "author@p"), p, casework.MigrationOptions{})
	must(t, err)
	want := &casework.Rehearsal{From: "probe@1", To: "probe@2", Plan: p.Hash, Matters: 2, Fit: 2, Changed: 1, Unfit: []casework.UnfitCount{}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if n, err := d.Store.Size(background()); n != before || err != nil {
		t.Errorf("the rehearsal left %d entries (%v)", n-before, err)
	}
	want.Migrated, want.Done = 2, true
	if diff := cmp.Diff(want, d.migrated(t, p)); diff != "" {
		t.Error(diff)
	}
	d.wentOn(t, num)
	d.stillRests(t, resting)
	if m, err := d.Store.Matter(background(), ended); err != nil || m.Procedure != "probe@1" || m.Version != 2 {
		t.Errorf("an ended matter was touched: %+v (%v)", m, err)
	}
	d.wantVersions2(t)
	again, err := d.Lodge(background(), resident(), l, "key") // the first answer is that of then
	must(t, err)
	d.same(t, lodged, again)
	receipt, err := d.Receipt(background(), clerk, num, 3)
	must(t, err)
	d.proves(t, receipt, num)
	d.proves(t, told.Receipt, num)
	d.green(t)
	if none := d.migrated(t, p); none.Migrated != 0 || none.Matters != 0 || !none.Done {
		t.Errorf("once more: %+v", none)
	}
}

// wentOn checks the matter that was running.
func (d *Desk) wentOn(t *testing.T, num string) {
	t.Helper()
	clerk := d.staff(t, "clerk@t1")
	m, err := d.Store.Matter(background(), num)
	must(t, err)
	if m.Procedure != "probe@2" || m.State != "handling" || m.Version != 4 || m.Unit != "t1" ||
		!cmp.Equal(m.Former, []casework.Pin{{Procedure: "probe@1", Until: 3, Parties: map[string]string{"witness": "observer"}}}) || m.Fields["story"] == nil || m.Fields["facts"] != nil ||
		m.Fields["comment_inside"] != "inner remark" || m.Roles[2].Role != "observer" || m.Parties[2].Role != "observer" || m.Parties[2].Name != "王五" {
		t.Errorf("the matter now: %+v", m)
	}
	// 10 days from 2 March and 5 more were until 17 March; 20 and 5 are until 27 March.
	if c := d.clock(t, num, "deciding"); c.From != "2026-03-02T01:00:00.000Z" || c.Due != "2026-03-27" || c.Extensions != 1 {
		t.Errorf("the clock that went on: %+v", c)
	}
	if c := d.clock(t, num, "answering"); c.From != casework.FormatTime(d.Time()) || c.Due != "2026-03-09" {
		t.Errorf("the clock that began: %+v", c)
	}
	f, err := d.Read(background(), clerk, num)
	must(t, err)
	act := f.Entries[3].Act
	if act.Kind != casework.Migrated || act.Actor.Login != "author@p" || act.Migration.From != "probe@1" || act.Migration.Reason["zh"] != "规定改了。" ||
		act.Procedure != "probe@2" || act.Declared != d.Rules("probe@2").Procedure.Hash || act.Migration.FromHash != d.Rules("probe@1").Procedure.Hash {
		t.Errorf("recorded as %+v", act)
	}
	if op := act.Clocks[0]; op.Op != "carry" || op.Clock != "handling" || op.To != "deciding" || op.WasDue != "2026-03-17" || op.Due != "2026-03-27" {
		t.Errorf("the clock goes on as %+v", op)
	}
	for seq, key := range map[int]string{1: "probe@1", 3: "probe@1", 4: "probe@2"} {
		if got := f.RulesAt(seq).Procedure.Key(); got != key {
			t.Errorf("entry %d is shown by %s", seq, got)
		}
	}
	// The remark was for the office alone under the rules of then, and still is.
	d.wantShown(t, "the party", d.shown(t, partyActor(num, "applicant"), num), []string{"挡了光", "The rules have changed."}, []string{"inner remark"})
	rows, _, err := d.List(background(), clerk, casework.Query{Procedure: "probe@2", State: "handling"}, "挡了光")
	if err != nil || len(rows) != 1 || rows[0].Number != num {
		t.Errorf("found in the list: %v (%v)", rows, err)
	}
	d.Take(t, clerk, num, "finish", func(c *casework.StepCommand) { c.Fields = map[string]any{"finding": "done"} })
}

func (d *Desk) stillRests(t *testing.T, num string) {
	t.Helper()
	if c := d.clock(t, num, "deciding"); c.Status != casework.Suspended || c.Due != "" {
		t.Errorf("a resting clock: %+v", c)
	}
	if c := d.clock(t, num, "answering"); c.Status != casework.Suspended {
		t.Errorf("a clock that began where it rests: %+v", c)
	}
	d.Take(t, d.staff(t, "clerk@t1"), num, "resume")
	if c := d.clock(t, num, "deciding"); c.Status != casework.Running || c.Due == "" {
		t.Errorf("gone on: %+v", c)
	}
}

func (d *Desk) wantVersions2(t *testing.T) {
	t.Helper()
	versions, err := d.Versions(background(), "probe")
	must(t, err)
	if len(versions) != 2 || versions[0].Running != 0 || versions[1].Running != 1 {
		t.Errorf("running by version: %+v", versions)
	}
}

func migrateAddition(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	_, err := d.Publish(background(), "probe.yaml", probeAt(t, "2", "steps:\n", "steps:\n  - name: look\n    title: {zh: \"查看\", en: \"Look\"}\n"+
		"    from: [working]\n    by: [\"role:clerk\"]\n    note: none\n"))
	must(t, err)
	r := d.migrated(t, d.plan(t, "probe@1", "probe@2", ""))
	if r.Migrated != 1 || r.Changed != 0 || !r.Done {
		t.Errorf("%+v", r)
	}
	d.wantDue(t, num, casework.Running, "2026-03-12")
	d.Take(t, d.staff(t, "clerk@t1"), num, "look")
	_, err = d.Publish(background(), "probe.yaml", probeAt(t, "3", "period: 10d", "period: 9d"))
	must(t, err)
	_, err = d.MigrationPlan(system(), "probe@2", "probe@3", "", nil)
	wantKind(t, err, casework.Invalid, "mapping")
	if found := casework.Findings(err); len(found) != 2 || found[0].Rule != "migration-needed" {
		t.Errorf("what is more than an addition: %v", found)
	}
	d.green(t)
}

func migrateMisfits(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	fits := d.Lodged(t, "probe", "t1").Matter.Number
	long, two, extended, taken, resting := d.Example(t, "probe", "t1"), d.Example(t, "probe", "t1"), d.Lodged(t, "probe", "t1").Matter.Number, d.Lodged(t, "probe", "t1").Matter.Number, d.Lodged(t, "probe", "t1").Matter.Number
	long.Fields["facts"] = strings.Repeat("很长", 200)
	two.Parties = append(two.Parties, casework.Party{Role: "applicant", Name: "二"})
	for _, l := range []*casework.Lodging{&long, &two} {
		out, err := d.Lodge(background(), resident(), *l, "")
		must(t, err)
		l.Procedure = out.Matter.Number
	}
	d.Take(t, clerk, extended, "more-time")
	d.Take(t, clerk, taken, "assign")
	d.Take(t, clerk, resting, "wait")
	_, err := d.Publish(background(), "probe.yaml", probeAt(t, "2", "max_length: 2000000", "max_length: 100", `en: "Applicant"}, min: 1, max: 2`, `en: "Applicant"}, min: 1, max: 1`,
		"    extension: {period: 5d, max: 1}\n", "", "    extend: handling\n", "", "{role: officer, relation: assigned}", "{role: mediator, relation: assigned}", "assign_role: officer", "assign_role: mediator",
		"en: \"Waiting\"}", "en: \"Waiting\"}\n    requires: [finding]"))
	must(t, err)
	mapping := strings.NewReplacer("states: {working: handling}\n", "", "fields: {facts: story, remark: comment_inside}\n", "", "parties: {witness: observer}\n", "",
		"clocks: {handling: deciding}\n", "", "start: [answering]\n", "").Replace(probeMapping)
	p := d.plan(t, "probe@1", "probe@2", mapping)
	before := d.everything(t)
	r := d.migrated(t, p)
	want := map[string]string{"field facts": long.Procedure, "party-many applicant": two.Procedure, "clock-extended handling": extended,
		"assignee working": taken, "field-missing finding": resting}
	for _, u := range r.Unfit {
		key := u.Code + " " + u.Name
		if u.Matters != 1 || !slices.Equal(u.Examples, []string{want[key]}) || u.Text["zh"] == "" || u.Text["en"] == u.Text["zh"] {
			t.Errorf("%s: %+v", key, u)
		}
		delete(want, key)
	}
	if len(want) > 0 || r.Matters != 6 || r.Fit != 1 || r.Migrated != 1 || !r.Done {
		t.Errorf("not found: %v; %+v", want, r)
	}
	after := d.everything(t)
	for num, text := range before {
		if (after[num] == text) == (num == fits) {
			t.Errorf("%s: was %s, is %s", num, text, after[num])
		}
	}
	d.green(t)
}

// everything is what is stored of every matter.
func (d *Desk) everything(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, d.Store.Snapshot(background(), func(v casework.Snapshot) error {
		return v.Matters(background(), func(p casework.Projection) error {
			out[p.Row.Number] = string(p.Doc)
			return nil
		})
	}))
	return out
}

func migratePlan(t *testing.T, d *Desk) {
	num := d.Lodged(t, "probe", "t1").Matter.Number
	_, err := d.Publish(background(), "probe.yaml", renamedProbe(t))
	must(t, err)
	p := d.plan(t, "probe@1", "probe@2", probeMapping)
	other := d.plan(t, "probe@1", "probe@2", strings.Replace(probeMapping, "start: [answering]\n", "", 1))
	for _, hash := range []string{"", other.Hash} {
		_, err := d.Migrate(background(), d.staff(t, "author@p"), p, hash, casework.MigrationOptions{})
		wantKind(t, err, casework.Conflict, "plan-changed")
	}
	for _, c := range []struct{ from, to, mapping, want string }{
		{"probe@1", "probe@9", "", "to: unknown"}, {"probe", "probe@2", "", "from: unknown"}, {"petition@1", "probe@2", "", "to: not-another-version"},
		{"probe@1", "probe@1", "", "to: not-another-version"}, {"probe@1", "probe@2", "", "2: mapping"}, {"probe@1", "probe@2", "format: x", "2: mapping"},
		{"probe@1", "probe@2", strings.Replace(probeMapping, "clocks", "# clocks", 1), "2: mapping"},
	} {
		var text []byte
		if c.mapping != "" {
			text = []byte(c.mapping)
		}
		_, err := d.MigrationPlan(d.staff(t, "author@p"), c.from, c.to, "map.yaml", text)
		if got := fieldErrors(err); !cmp.Equal(got, []string{c.want}) {
			t.Errorf("%s to %s: %v, want %s", c.from, c.to, got, c.want)
		}
		if found := casework.Findings(err); (c.want == "2: mapping") != (len(found) > 0) {
			t.Errorf("%s to %s: findings %v", c.from, c.to, found)
		}
	}
	if m, err := d.Store.Matter(background(), num); err != nil || m.Version != 1 {
		t.Errorf("a refused plan left version %d (%v)", m.Version, err)
	}
}

// cutStore fails after some commits, as a process that is killed.
type cutStore struct {
	casework.Store
	left atomic.Int64
}

var errCut = errors.New("cut off")

func (s *cutStore) Commit(ctx context.Context, c *casework.Change) (casework.Committed, error) {
	if s.left.Add(-1) < 0 {
		return casework.Committed{}, errCut
	}
	return s.Store.Commit(ctx, c)
}

func migrateStopped(t *testing.T, d *Desk) {
	const matters = 450 // more than two pages
	for range matters {
		d.Lodged(t, "probe", "t1")
	}
	_, err := d.Publish(background(), "probe.yaml", renamedProbe(t))
	must(t, err)
	p := d.plan(t, "probe@1", "probe@2", probeMapping)
	store, total := d.Store, int64(0)
	short, err := d.Migrate(background(), system(), p, p.Hash, casework.MigrationOptions{Until: d.Time().Add(-time.Second)})
	if err != nil || short.Done || short.Migrated != 0 {
		t.Errorf("without any time: %+v (%v)", short, err)
	}
	for {
		cut := &cutStore{Store: store}
		cut.left.Store(137)
		d.Store = cut
		r, err := d.Migrate(background(), system(), p, p.Hash, casework.MigrationOptions{})
		d.Store = store
		total += r.Migrated
		d.green(t)
		if err == nil {
			if !r.Done {
				t.Error("it ended without being done")
			}
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
	}
	if total != matters {
		t.Errorf("%d of %d were migrated", total, matters)
	}
	for num, text := range d.everything(t) {
		var m casework.Matter
		must(t, json.Unmarshal([]byte(text), &m))
		if m.Version != 2 || m.Procedure != "probe@2" {
			t.Errorf("%s is at version %d of %s", num, m.Version, m.Procedure)
		}
	}
}
