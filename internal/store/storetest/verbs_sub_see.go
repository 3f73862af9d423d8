package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

func subSeen(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	_, part := d.ask(t, num)
	sub := part.Matter.Number
	for _, c := range []struct {
		who  string
		a    office.Actor
		read string
		sees bool
	}{
		{"who has the matter, of the sub-matter", d.staff(t, "clerk@t1"), num, false},
		{"a party, of the sub-matter", partyActor(num, "applicant"), num, false},
		{"who is above both", d.staff(t, "clerk@c"), num, true},
		{"who has the sub-matter, of the matter", d.staff(t, "clerk@t2"), sub, false},
		{"a party of the sub-matter", partyActor(sub, "concerned"), sub, false},
		{"who is above both, from below", d.staff(t, "clerk@c"), sub, true},
	} {
		f, err := d.Read(background(), c.a, c.read)
		must(t, err)
		other, related := sub, f.Whole
		if c.read == num {
			related = f.Parts[0]
		} else {
			other = num
		}
		shown := fmt.Sprintf("%+v %+v %+v", f.Matter.Parent, f.Matter.Subs, related.Matter)
		for _, e := range f.Entries {
			shown += fmt.Sprintf("%+v %+v %+v", e.Act.Opens, e.Act.Ended, e.Act.Parent)
		}
		if strings.Contains(shown, other) != c.sees || (related.Matter != nil) != c.sees || related.Ended != "" {
			t.Errorf("%s: %v: %s", c.who, c.sees, shown)
		}
		if c.sees && (related.Matter.Title != "" || related.Matter.Fields != nil || related.Matter.Parties != nil) {
			t.Errorf("%s: content of the other matter is shown: %+v", c.who, related.Matter)
		}
	}
	d.Take(t, d.staff(t, "clerk@t2"), sub, "give")
	f, err := d.Read(background(), partyActor(num, "applicant"), num)
	must(t, err)
	if p := f.Parts[0]; p.Ended == "" || p.Sub != "opinion" || p.Matter != nil {
		t.Errorf("a party sees of the one that has ended: %+v", p)
	}
}

// cutTies shows audit a database in which some projections are other ones.
type cutTies struct {
	casework.Store
	change func(*casework.Stored)
}

func (s *cutTies) Snapshot(ctx context.Context, f func(casework.Snapshot) error) error {
	return s.Store.Snapshot(ctx, func(v casework.Snapshot) error { return f(&cutSnapshot{v, s.change}) })
}

type cutSnapshot struct {
	casework.Snapshot
	change func(*casework.Stored)
}

func (s *cutSnapshot) Histories(ctx context.Context, f func(casework.Stored) error) error {
	return s.Snapshot.Histories(ctx, func(e casework.Stored) error {
		s.change(&e)
		return f(e)
	})
}

// subAudit rewrites acts as somebody could who also signs the log, so that nothing but the ties gives them away.
func subAudit(t *testing.T, d *Desk) {
	num := d.Lodged(t, "joint", "t1").Matter.Number
	_, part := d.ask(t, num)
	sub := part.Matter.Number
	d.Take(t, d.staff(t, "clerk@t2"), sub, "give")
	d.green(t)
	for _, c := range []struct {
		name, matter, was, is string
		seq                   int
		hit                   string // matter that is named
	}{
		{"the part says nothing", sub, fmt.Sprintf(`"parent":{"matter":"%s","sub":"opinion"},`, num), "", 1, num},
		{"the part says it is part of another", sub, num, "2026-00000099-0", 1, num},
		{"the part says it is another kind of part", sub, `"sub":"opinion"`, `"sub":"review"`, 1, num},
		{"the whole says nothing", num, fmt.Sprintf(`"opens":{"matter":"%s","sub":"opinion"},`, sub), "", 2, sub},
		{"the whole says it opened another", num, sub, "2026-00000099-0", 2, sub},
		{"the whole says another has ended", num, sub, "2026-00000099-0", 3, num},
		{"the whole does not say that it has ended", num, fmt.Sprintf(`"ended":{"matter":"%s","sub":"opinion"},`, sub), "", 3, num},
	} {
		store, changed := d.Store, false
		d.Store = &cutTies{store, func(e *casework.Stored) {
			if e.Number == c.matter && e.Seq == c.seq {
				e.ActBytes = []byte(strings.Replace(string(e.ActBytes), c.was, c.is, 1))
				changed = true
			}
		}}
		report, err := d.Audit(background(), nil, d.Key.VerifierKey())
		d.Store = store
		must(t, err)
		if !changed || !slices.ContainsFunc(report.Faults, func(f casework.Fault) bool { return f.Kind == "link" && f.Matter == c.hit }) {
			t.Errorf("%s: audit finds %+v", c.name, report.Faults)
		}
	}
	d.green(t)
}
