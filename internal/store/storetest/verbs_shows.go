package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// called is a gathering at the county with one paper, to which both townships are called.
func (d *Desk) called(t testing.TB) (num, paper string, calls []string) {
	t.Helper()
	clerk := d.staff(t, "clerk@c")
	l := d.Example(t, "gathering", "c")
	paper = d.send(t, "水情.png", drawing(t, 7))
	l.Fields["material"] = []any{paper}
	out, err := d.Lodge(background(), clerk, l, "")
	must(t, err)
	num = out.Matter.Number
	for _, part := range d.Take(t, clerk, num, "call", func(c *casework.StepCommand) {
		c.Sub = &casework.SubOpening{Units: []string{"t1", "t2"}}
	}).Each {
		calls = append(calls, part.Matter.Number)
	}
	return num, paper, calls
}

// shownIn is what somebody sees in a matter of the whole.
func (d *Desk) shownIn(t testing.TB, a office.Actor, num string) *casework.Shown {
	t.Helper()
	f, err := d.Read(background(), a, num)
	must(t, err)
	return f.Whole.Shown
}

func showsWhole(t *testing.T, d *Desk) {
	num, paper, calls := d.called(t)
	clerk, other := d.staff(t, "clerk@t1"), d.staff(t, "clerk@t2")
	f, err := d.Read(background(), clerk, calls[0])
	must(t, err)
	got := f.Whole.Shown
	if f.Whole.Matter != nil || f.Whole.Sub != "" || strings.Contains(fmt.Sprintf("%+v %+v %+v", f.Matter, f.Entries[0].Act, got.Values), num) {
		t.Errorf("more of the whole is shown: %+v", f.Whole)
	}
	var names []string
	for _, fd := range got.Fields {
		names = append(names, fd.Name)
	}
	if !slices.Equal(names, []string{"agenda", "place", "material"}) || len(got.Values) != 3 || got.Values["agenda"] != "一、水情。二、物资。" ||
		got.Values["place"] != "王家院子" || got.State.Name != "called" || got.Erased || got.Later || got.Changed != f.Matter.Opened {
		t.Errorf("%v: %+v", names, got)
	}
	read, err := d.Store.Disclosures(background(), num)
	must(t, err)
	if len(read) != 1 || read[0].Login != "clerk@t1" || read[0].Unit != "t1" {
		t.Errorf("readings of the whole: %+v", read)
	}
	for who, a := range map[string]office.Actor{"a party": partyActor(calls[0], "guest"), "who checks": d.staff(t, "auditor@t1")} {
		if got := d.shownIn(t, a, calls[0]); got != nil {
			t.Errorf("%s is shown %+v", who, got)
		}
		if _, _, err := d.ReadFile(background(), a, calls[0], paper); casework.KindOf(err) != casework.NotFound {
			t.Errorf("%s gets the paper: %v", who, err)
		}
	}
	file, data, err := d.ReadFile(background(), other, calls[1], paper)
	must(t, err)
	if file.Name != "水情.png" || !bytes.Equal(data, drawing(t, 7)) {
		t.Errorf("the paper is %s with %d bytes", file.Name, len(data))
	}
	for _, elsewhere := range []string{num, calls[0], d.Lodged(t, "joint", "t2").Matter.Number} {
		if _, _, err := d.ReadFile(background(), other, elsewhere, paper); casework.KindOf(err) != casework.NotFound {
			t.Errorf("the paper is given out in %s: %v", elsewhere, err)
		}
	}
	if got := d.shownIn(t, d.staff(t, "clerk@c"), calls[0]); got == nil || got.Values["place"] != "王家院子" {
		t.Errorf("who may read the whole is shown %+v", got)
	}
	d.green(t)
}

// showsChanges looks at what is shown as it changes.
func showsChanges(t *testing.T, d *Desk) {
	num, paper, calls := d.called(t)
	issuer, clerk, other := d.staff(t, "clerk@c"), d.staff(t, "clerk@t1"), d.staff(t, "clerk@t2")
	change := func(field string, value any) string {
		d.Wait(time.Minute)
		return d.Take(t, issuer, num, "change", func(c *casework.StepCommand) { c.Fields = map[string]any{field: value} }).Entry.Act.Time
	}
	check := func(what string, a office.Actor, call, changed string, later bool) {
		t.Helper()
		if got := d.shownIn(t, a, call); got.Changed != changed || got.Later != later {
			t.Errorf("%s: changed %s, later %v; %s is expected", what, got.Changed, got.Later, changed)
		}
	}
	first := change("agenda", "一、水情。")
	check("before they answer", clerk, calls[0], first, false)
	d.Wait(time.Minute)
	d.Take(t, clerk, calls[0], "accept")
	check("after they have answered", clerk, calls[0], first, false)
	change("cost", 500)
	check("what is not shown", clerk, calls[0], first, false)
	change("agenda", "一、水情。")
	check("the same once more", clerk, calls[0], first, false)
	second := change("place", "李家院子")
	check("after their answer", clerk, calls[0], second, true)
	check("where nobody has answered", other, calls[1], second, false)
	d.Wait(time.Minute)
	d.Take(t, issuer, calls[0], "ask-again")
	check("an act of the office that issued it", clerk, calls[0], second, true)
	d.Wait(time.Minute)
	d.Take(t, clerk, calls[0], "decline")
	check("their last answer, which ends it", clerk, calls[0], second, false)
	d.Take(t, issuer, num, "hold")
	if got := d.shownIn(t, clerk, calls[0]); got.State.Name != "held" || got.Values["place"] != "李家院子" {
		t.Errorf("after the end: %+v", got)
	}
	_, err := d.Erase(background(), d.staff(t, "head@c"), num, "a rule")
	must(t, err)
	if got := d.shownIn(t, other, calls[1]); !got.Erased || len(got.Values) != 0 || len(got.Fields) != 3 || got.Changed != "" || got.Later {
		t.Errorf("after the erasure: %+v", got)
	}
	if _, _, err := d.ReadFile(background(), other, calls[1], paper); casework.KindOf(err) != casework.NotFound {
		t.Errorf("an erased paper: %v", err)
	}
	d.green(t)
}

// showsMigrated looks at what is shown when the whole has come under another version, with other names.
func showsMigrated(t *testing.T, d *Desk) {
	num, paper, calls := d.called(t)
	d.Wait(time.Minute)
	changed := d.Take(t, d.staff(t, "clerk@c"), num, "change", func(c *casework.StepCommand) { c.Fields = map[string]any{"place": "李家院子"} }).Entry.Act.Time
	source, err := joints.ReadFile("testdata/gathering.yaml")
	must(t, err)
	text := strings.NewReplacer("version: 1", "version: 2", "name: place", "name: venue", "place: 王家院子", "venue: 王家院子",
		"shows: [agenda, place, material]", "shows: [material, venue]").Replace(string(source))
	_, err = d.Publish(background(), "gathering.yaml", []byte(text))
	must(t, err)
	d.Wait(time.Minute)
	if r := d.migrated(t, d.plan(t, "gathering@1", "gathering@2", `format: luoshi-migration/1
procedure: gathering
from: 1
to: 2
reason: {zh: 规定改了。, en: The rules have changed.}
fields: {place: venue}
`)); r.Migrated != 1 {
		t.Fatalf("migrated: %+v", r)
	}
	got := d.shownIn(t, d.staff(t, "clerk@t1"), calls[0])
	if len(got.Fields) != 2 || got.Fields[1].Name != "venue" || got.Values["venue"] != "李家院子" || got.Values["agenda"] != nil || got.Changed != changed {
		t.Errorf("by the newer version: %+v", got)
	}
	if _, _, err := d.ReadFile(background(), d.staff(t, "clerk@t1"), calls[0], paper); err != nil {
		t.Errorf("the paper: %v", err)
	}
	d.green(t)
}
