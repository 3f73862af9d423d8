package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/procedures"
)

// RunVerbs tries casework's verbs over the store: what they record, refuse, repeat and show.
func RunVerbs(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Desk)
	}{
		{"lodge/every wrong input is named", lodgeInvalid},
		{"lodge/text is given back as it came", lodgeHostileText},
		{"lodge/a repeated request gets the first answer", lodgeRepeated},
		{"lodge/one key sent 20 times at once is one matter", lodgeTogether},
		{"lodge/numbers begin anew each year", lodgeYears},
		{"step/every role in every state may what the procedure says", stepLawful},
		{"step/of two at once with one version one wins", stepTwoClerks},
		{"step/without a version a conflict runs again", stepReruns},
		{"step/one key sent 20 times at once is one step", stepTogether},
		{"step/a request overtaken by its own repetition gets that answer", stepOvertaken},
		{"step/a repeated step gets the first answer", stepRepeated},
		{"step/wrong input is named", stepInvalid},
		{"step/referral there and back", stepReferral},
		{"step/referral on to the office that it came from", stepReferredOn},
		{"step/what its guard asks for", guards},
		{"step/fields that a state requires", required},
		{"step/offices above, and behind", offices},
		{"file/handed in, read by whom its field names, and audited", fileHandedIn},
		{"file/what is no file of theirs is refused", fileRefused},
		{"file/the same lodging again is the same matter", fileRepeated},
		{"file/erased with the content, and nothing else", fileErased},
		{"file/handed on to a sub-matter it outlives the matter", fileHandedOn},
		{"file/audit finds what is missing, changed or left over", fileAudited},
		{"clock/suspended while it waits", clockSuspended},
		{"clock/extended as often as the rule says", clockExtended},
		{"clock/lateness is recorded once, with who was responsible", clockLapse},
		{"clock/begun again it starts from new", clockRestarted},
		{"clock/stopped by the end", clockEnd},
		{"clock/the system takes the step declared for the end of a clock", clockLapseStep},
		{"sub/one is opened with a step, and each names the other", subOpened},
		{"sub/what is missing for one is named, and nothing is recorded", subRefused},
		{"sub/goes to the unit that the procedure says", subUnits},
		{"sub/steps wait until it has ended", subWaits},
		{"sub/the last one that ends takes the step declared for it", subDone},
		{"sub/two that end at once are both told, and the step is taken once", subTogether},
		{"sub/many that end at once are all told of", subMany},
		{"sub/a chain of them ends in one transaction", subChain},
		{"sub/ended by the end of a clock it tells as well", subLapse},
		{"sub/a detached one outlives the matter", subDetached},
		{"sub/a repeated step gets the first answer", subRepeated},
		{"sub/nobody sees one because they see the other", subSeen},
		{"sub/fields of the whole are shown to those who read it, and to nobody else", showsWhole},
		{"sub/what is shown of the whole is as it is now, and says when it changed", showsChanges},
		{"sub/what is shown follows the rules of the whole", showsMigrated},
		{"tell/each outstanding one takes the step, in one transaction", tellsEach},
		{"tell/those that it ends are named by the whole, and the others go on", tellsEnds},
		{"tell/a value that they do not take stops the whole", tellsRefused},
		{"tell/what fell due in them is recorded first", tellsSettled},
		{"tell/by the system when time is up", tellsLapse},
		{"tell/a repeated step gets the first answer", tellsRepeated},
		{"tell/two at once, while offices act", tellsTogether},
		{"tell/audit finds ends that were not told", tellsAudit},
		{"sub/audit finds ties that were cut", subAudit},
		{"issue/directives of one meeting, with their parts, and a repeated request", issueAll},
		{"issue/what is wrong with any of them is named, and none is issued", issueRefused},
		{"issue/only who is above issues, and only the issuer strikes off", issueWho},
		{"issue/the day that was set is the end, and another is set by the issuer alone", issueDays},
		{"issue/the issuer's own time is not the lateness of the office", issueChecks},
		{"issue/split level after level, and counted up again", issueTree},
		{"issue/with parts unfinished it is struck off for a reason", issueUnfinished},
		{"issue/public only while it is listed", issueListed},
		{"issue/the public list", issueList},
		{"issue/what was finished stays on the public list for a while", issueListEnds},
		{"issue/when progress was reported and days were set", issueMarks},
		{"issue/numbers and all-must over three levels", issueLevels},
		{"continue/what it was stays, what the other procedure needs is taken along or asked for", continues},
		{"continue/what is missing is named, and nothing is recorded", continueRefused},
		{"continue/there and back, and everybody sees what they may", continueSeen},
		{"continue/by the system when time is up, at once in the new rules", continueLapse},
		{"continue/outstanding sub-matters hold it, detached ones are left to themselves", continueSubs},
		{"continue/then under a new version, and kept as long as the last procedure says", continueMigrated},
		{"continue/files go along, and others are handed in with the step", continueFiles},
		{"continue/a repeated step gets the first answer", continueRepeated},
		{"continue/audit finds a way that was not declared", continueAudit},
		{"wake/random procedures, acts and downtime give the entries of a worker that looks at every hour", wakeProperty},
		{"wake/a warning falls due by working days, once, and again when the end moved", wakeWarns},
		{"wake/after downtime everything is recorded with its moment", wakeAfterDowntime},
		{"wake/after downtime the step of each clock that ran out is taken", wakeTakesEachStep},
		{"wake/what fell due is recorded before somebody acts", wakeBeforeActs},
		{"wake/a party's time and the end of retention, after the end", wakeAfterTheEnd},
		{"wake/midnight before a holiday is that of the procedure's place", wakeAtMidnight},
		{"wake/many workers at once record each thing once", wakeTogether},
		{"calendar/a year that is loaded changes the dates that rest on it, and no others", calendarLoaded},
		{"calendar/an unknown one is refused, another country's is loaded", calendarRefused},
		{"calendar/years loaded at the same time are all there", calendarsTogether},
		{"erase/personal data goes, proofs stay", erase},
		{"erase/is refused where it is not lawful", eraseRefused},
		{"correct/names the earlier entry and changes what holds", correct},
		{"correct/wrong input is named", correctInvalid},
		{"code/a new one replaces the old", issueCode},
		{"code/a lost one is asked for by number, once, and gives nothing away", askForCode},
		{"read/a party sees what the procedure lets", partySees},
		{"read/fields by viewer", fieldsByViewer},
		{"read/why clocks stood still and were extended", reasons},
		{"read/notices and documents", papers},
		{"read/what is public", publicView},
		{"read/an auditor checks without reading", auditorSees},
		{"read/a reading by staff is shown to the party", readingShown},
		{"read/a matter by rules that another node published, and by some that this one cannot read", rulesFromElsewhere},
		{"permission/verbs by role and relation", permissionTable},
		{"permission/list, search, counts and reading agree", scopesAgree},
		{"overview/each number is that of its list, for everybody", overviewsAgree},
		{"overview/who sees it, and whose people", overviewSeen},
		{"overview/months and weeks are those of the place", overviewPeriods},
		{"publish/versions rise, the same text again does nothing, what is not sound is refused", publish},
		{"publish/by role", publishTable},
		{"publish/two nodes at once", publishTogether},
		{"migrate/names, clocks and counts follow, and history keeps its rules", migrate},
		{"migrate/an addition needs no mapping", migrateAddition},
		{"migrate/what does not fit stays and is listed", migrateMisfits},
		{"migrate/a plan that was not rehearsed is refused", migratePlan},
		{"migrate/two nodes, while others act", migrateTogether},
		{"migrate/stopped at any moment it goes on", migrateStopped},
		{"migrate/what the rehearsal says fits is exactly what is migrated", rehearsalIsReality},
		{"walk/the fold of the entries is the matter, and audit is green", walks},
		{"desk/worklists of an account, twenty at most", keepWorklists},
		{"desk/texts for replies belong to an office", keepReplies},
		{"desk/many are assigned, each by its own procedure", assignAll},
		{"desk/whom the matters of a list can be given to", assignable},
		{"desk/where the words of a search stand", glimpses},
		{"desk/what a step foretells is what it brings about", prospects},
		{"sign in/passwords, tokens and sessions", signIn},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, NewDesk(t, open)) })
	}
}

// Desk is a service over a fresh store: offices, accounts, the project's own procedures and a small one
// that has a bit of everything, at a time that the test moves.
type Desk struct {
	*casework.Service
	Key *ledger.Key

	mu  sync.Mutex
	now time.Time
}

// NewDesk opens a store and furnishes it.
func NewDesk(t testing.TB, open Opener) *Desk {
	t.Helper()
	d := &Desk{Key: NewKey(t), now: dayOne()}
	s := open(t, d.Key)
	must(t, s.PutUnits(background(), deskUnits()))
	for _, a := range deskAccounts() {
		must(t, s.PutAccount(background(), a, "", ""))
	}
	var err error
	d.Service, err = casework.NewService(background(), s, Origin, d.Key.Name(), []byte("thirty-two bytes of a test's secret"), d.Time)
	must(t, err)
	packs, err := desksPacks()
	must(t, err)
	for key, source := range packs {
		must(t, s.PutProcedure(background(), key, casework.Published{Source: source, At: casework.FormatTime(d.Time())}))
	}
	must(t, d.ReloadProcedures(background()))
	return d
}

// desksPacks are the sources of the procedures of every desk by ID@VERSION. They are read once: there are many desks.
var desksPacks = sync.OnceValues(func() (map[string][]byte, error) {
	packs := map[string][]byte{}
	add := func(name string, source []byte, err error) error {
		if err != nil {
			return err
		}
		p, err := procedure.Load(name, source)
		if err == nil {
			packs[p.Key()] = source
		}
		return err
	}
	err := errors.Join(add("probe.yaml", []byte(probe), nil), add("lamp.yaml", []byte(Lamp), nil))
	for _, name := range []string{"judicial-confirmation.yaml", "labour-arbitration.yaml", "labour-inspection.yaml", "labour-mediation.yaml",
		"court-mediation.yaml", "people-mediation.yaml", "petition.yaml", "hotline-assist.yaml", "hotline-order.yaml"} {
		source, missing := procedures.FS.ReadFile(name)
		err = errors.Join(err, add(name, source, missing))
	}
	for _, name := range []string{"joint.yaml", "joint-opinion.yaml", "joint-expert.yaml", "joint-review.yaml",
		"channel-talk.yaml", "channel-ruling.yaml", "channel-look.yaml", "gathering.yaml", "gathering-call.yaml"} {
		source, missing := joints.ReadFile("testdata/" + name)
		err = errors.Join(err, add(name, source, missing))
	}
	return packs, err
})

// Publish puts a procedure into force without asking whether it is sound: verbs must also hold under one that was
// published before the check knew of a fault. Service.Publish is the one that asks.
func (d *Desk) Publish(ctx context.Context, name string, source []byte) (*procedure.Procedure, error) {
	p, err := procedure.Load(name, source)
	if err != nil {
		return nil, err
	}
	if _, err := casework.NewRules(p, d.Calendars()); err != nil {
		return nil, err
	}
	put := casework.Published{Source: source, At: casework.FormatTime(d.Time())}
	if err := d.Store.PutProcedure(ctx, p.Key(), put); err != nil {
		return nil, err
	}
	return p, d.ReloadProcedures(ctx)
}

// Time is the desk's clock.
func (d *Desk) Time() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// Wait lets time pass.
func (d *Desk) Wait(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

func deskUnits() []office.Unit {
	name := func(s string) map[string]string { return map[string]string{"zh": s, "en": s} }
	return []office.Unit{
		{Code: "p", Kind: "province", Name: name("Province")},
		{Code: "c", Parent: "p", Kind: "county", Name: name("County")},
		{Code: "t1", Parent: "c", Kind: "township", Name: name("First township")},
		{Code: "t2", Parent: "c", Kind: "township", Name: name("Second township")},
		{Code: "gone", Parent: "c", Kind: "township", Name: name("Former township"), ValidTo: "2020-12-31", Successors: []string{"t1"}},
		{Code: "court", Parent: "c", Kind: "court", Name: name("Court")},
		{Code: "commission", Parent: "c", Kind: "arbitration-commission", Name: name("Arbitration commission")},
		{Code: "inspection", Parent: "c", Kind: "labour-inspection", Name: name("Labour inspection")},
		{Code: "bureau", Parent: "p", Kind: "petition-bureau", Name: name("Petition bureau")},
		{Code: "mediators", Parent: "court", Kind: "court-mediation", Name: name("Mediators of the court")},
		{Code: "justice", Parent: "c", Kind: "justice-office", Name: name("Justice office")},
		{Code: "resources", Parent: "c", Kind: "human-resources", Name: name("Human resources")},
		{Code: "school", Parent: "c", Kind: "school", Name: name("School")},
	}
}

// deskAccounts has role@unit for every role where matters can go, and a few more.
func deskAccounts() []office.Account {
	var out []office.Account
	add := func(role, unit string) {
		out = append(out, office.Account{Login: role + "@" + unit, Name: role, Grants: []office.Grant{{Role: role, Unit: unit}}})
	}
	for _, role := range office.Roles() {
		for _, unit := range []string{"t1", "t2", "c", "p", "court", "commission", "inspection", "bureau", "mediators", "justice", "resources"} {
			add(role, unit)
		}
	}
	off := office.Account{Login: "left", Name: "left", Disabled: true, Grants: []office.Grant{{Role: "clerk", Unit: "p"}, {Role: "mediator", Unit: "p"}}}
	mixed := office.Account{Login: "mixed", Name: "mixed", Grants: []office.Grant{{Role: "clerk", Unit: "t2"}, {Role: "auditor", Unit: "c"}}}
	return append(out, off, mixed)
}

// staff is the account with that login.
func (d *Desk) staff(t testing.TB, login string) office.Actor {
	t.Helper()
	a := d.Staff().Accounts[login]
	if a == nil {
		t.Fatalf("no account %s", login)
	}
	return office.Actor{Account: a}
}

func resident() office.Actor { return office.Actor{Resident: true} }

func system() office.Actor { return office.Actor{System: true} }

func partyActor(num, role string) office.Actor {
	return office.Actor{Party: &office.PartyRef{Matter: num, Role: role}}
}

// Example is the lodging that a procedure gives as its example.
func (d *Desk) Example(t testing.TB, id, unit string) casework.Lodging {
	t.Helper()
	b, err := json.Marshal(d.Published()[id].Example)
	must(t, err)
	var l casework.Lodging
	must(t, json.Unmarshal(b, &l))
	l.Procedure, l.Unit = id, unit
	return l
}

// Lodged lodges a procedure's example.
func (d *Desk) Lodged(t testing.TB, id, unit string) *casework.Outcome {
	t.Helper()
	out, err := d.Lodge(background(), resident(), d.Example(t, id, unit), "")
	must(t, err)
	return out
}

// Take takes a step with everything it asks for filled in.
func (d *Desk) Take(t testing.TB, a office.Actor, num, step string, change ...func(*casework.StepCommand)) *casework.Outcome {
	t.Helper()
	out, err := d.take(a, num, step, change...)
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	return out
}

func (d *Desk) take(a office.Actor, num, step string, change ...func(*casework.StepCommand)) (*casework.Outcome, error) {
	m, err := d.Store.Matter(background(), num)
	if err != nil {
		return nil, err
	}
	cmd := d.command(m, step)
	for _, f := range change {
		f(&cmd)
	}
	return d.TakeStep(background(), a, num, cmd, "")
}

// command fills in what a step asks for.
func (d *Desk) command(m *casework.Matter, step string) casework.StepCommand {
	cmd := casework.StepCommand{Step: step}
	p := d.Rules(m.Procedure).Procedure
	st := p.Step(step)
	if st == nil {
		return cmd
	}
	if st.Note == "required" {
		cmd.Note = "a note on " + step
	}
	cmd.Fields = map[string]any{}
	for _, use := range p.Asks(st, m.State, m.Knows) {
		cmd.Fields[use.Name] = value(p.Field(use.Name))
	}
	unit := m.Unit
	if st.Refer == "choose" {
		unit = d.elsewhere(p, st, m)
		cmd.Unit = unit
	}
	if st.Opens != nil && st.Opens.Unit == procedure.OpensAtChosen {
		cmd.Sub = &casework.SubOpening{Unit: "t2"}
	}
	if st.Continues != nil {
		cmd.Onward = d.onward(m, st)
	}
	if st.Assign == "choose" {
		cmd.Assignee = st.AssignRole + "@" + unit
	}
	return cmd
}

// elsewhere is another unit that a step may refer to.
func (d *Desk) elsewhere(p *procedure.Procedure, st *procedure.Step, m *casework.Matter) string {
	kinds := st.ReferKinds
	if len(kinds) == 0 {
		kinds = p.Open.Units
	}
	for _, code := range []string{"t2", "c", "t1", "p", "bureau", "mediators", "justice", "resources", "inspection"} {
		if u, _ := d.Tree().Unit(code); code != m.Unit && code != m.BarredFrom(st) && slices.Contains(kinds, u.Kind) {
			return code
		}
	}
	return "nowhere"
}

// value is a lawful value of a field.
func value(f *procedure.Field) any {
	switch f.Type {
	case procedure.TypeInteger, procedure.TypeNumber:
		if f.Minimum != nil {
			return *f.Minimum
		}
		return 7
	case procedure.TypeBoolean:
		return true
	case procedure.TypeDate:
		return "2026-03-05"
	case procedure.TypeChoice:
		return f.Choices[0].Value
	case procedure.TypeFile:
		return nil // asked for in no step that must be taken
	}
	return "words for " + f.Name
}

// green fails the test when audit finds anything.
func (d *Desk) green(t testing.TB) *casework.AuditReport {
	t.Helper()
	report, err := d.Audit(background(), nil, d.Key.VerifierKey())
	must(t, err)
	if !report.OK {
		t.Fatalf("audit finds %d faults, first %+v", len(report.Faults), report.Faults[0])
	}
	return report
}

// proves checks a receipt as anybody outside would and returns its bytes.
func (d *Desk) proves(t testing.TB, r *ledger.Receipt, num string) []byte {
	t.Helper()
	b, err := r.JSON()
	must(t, err)
	if v := ledger.Verify(b, d.Key.VerifierKey()); !v.Proved || v.Number != num {
		t.Errorf("receipt of %s: %+v", num, v)
	}
	return b
}

// fieldErrors are the wrong members as "field: code", or the error's kind and code when none is named.
func fieldErrors(err error) []string {
	if err == nil {
		return nil
	}
	e := casework.AsError(err)
	var out []string
	for _, f := range e.Fields {
		if f.Text.In("zh") == "" || f.Text.In("en") == "" || f.Text.In("zh") == f.Text.In("en") {
			out = append(out, "a text is missing for "+f.Field)
		}
		out = append(out, f.Field+": "+f.Code)
	}
	if out == nil {
		out = []string{fmt.Sprintf("%d: %s", e.Kind, e.Code)}
	}
	return out
}

func wantKind(t testing.TB, err error, kind casework.ErrorKind, code string) {
	t.Helper()
	if err == nil {
		t.Errorf("it went through, want %s", code)
		return
	}
	if e := casework.AsError(err); e.Kind != kind || e.Code != code || strings.TrimSpace(e.Text.In("zh")) == "" {
		t.Errorf("error %v (kind %d), want %s (kind %d)", err, e.Kind, code, kind)
	}
}
