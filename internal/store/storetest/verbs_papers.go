package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// told are the notices and documents of an entry as the actor reads them in English, one a line.
func (d *Desk) told(t *testing.T, a office.Actor, num string, seq int) string {
	t.Helper()
	f, err := d.Read(background(), a, num)
	must(t, err)
	var b strings.Builder
	for _, m := range f.Papers[seq].Notices {
		fmt.Fprintf(&b, "%s | %s\n", m.Subject.In("en"), m.Body.In("en"))
	}
	for _, x := range f.Papers[seq].Documents {
		fmt.Fprintf(&b, "%s: %s\n", x.Document.Title.In("en"), x.Body.In("en"))
	}
	return b.String()
}

// mended lodges a lamp and has it mended as entry 3.
func (d *Desk) mended(t *testing.T) string {
	t.Helper()
	clerk := d.staff(t, "clerk@t1")
	num := d.Lodged(t, "lamp", "t1").Matter.Number
	d.Take(t, clerk, num, "look")
	d.Take(t, clerk, num, "mend", func(c *casework.StepCommand) {
		c.Note, c.Fields = "good as new", map[string]any{"mended-on": "2026-03-03", "metres": 12.5}
	})
	return num
}

func papers(t *testing.T, d *Desk) {
	clerk := d.staff(t, "clerk@t1")
	num := d.mended(t)
	mended := "Street lamp " + num + ": Mended | First township: 村口, 12.5 m, 3 March 2026, 9 March 2026, —. good as new\n"
	record := func(inner string) string { return "Record: " + num + ": " + inner + " — good as new\n" }
	hidden := "(not shown to you)"
	want := map[string]string{
		"clerk":     mended + "In confidence | " + hidden + "\nPlease check | inner-words\n" + record("inner-words"),
		"applicant": mended + "In confidence | whisper-words\n" + record(hidden),
		"neighbour": mended + record(hidden),
		"auditor":   "Street lamp " + num + ": Mended | \nIn confidence | \nPlease check | \n",
	}
	who := map[string]office.Actor{"clerk": clerk, "applicant": partyActor(num, "applicant"), "neighbour": partyActor(num, "neighbour"), "auditor": d.staff(t, "auditor@t1")}
	compare := func(when string) {
		t.Helper()
		for name, a := range who {
			if diff := cmp.Diff(want[name], d.told(t, a, num, 3)); diff != "" {
				t.Errorf("%s, %s: %s", when, name, diff)
			}
		}
	}
	compare("at once")
	_, err := d.Correct(background(), clerk, num, 1, "", map[string]any{"place": "桥头"}, "a slip")
	must(t, err)
	d.Take(t, clerk, num, "finish", func(c *casework.StepCommand) { c.Note = "nothing for parties" })
	compare("after a correction and another step") // what was told was told
	if got := d.told(t, partyActor(num, "neighbour"), num, 5); got != "Finished | 桥头\n" {
		t.Errorf("of a step of the office alone the neighbour is told %q", got)
	}
	if got := d.told(t, partyActor(num, "applicant"), num, 5); got != "" {
		t.Errorf("the applicant is told what is for the neighbour: %q", got)
	}
	if got := d.told(t, clerk, num, 5); got != "Finished | 桥头\nSlip: nothing for parties\n" {
		t.Errorf("the clerk reads %q", got)
	}
	_, err = d.Erase(background(), d.staff(t, "head@t1"), num, "a rule")
	must(t, err)
	gone := d.told(t, partyActor(num, "applicant"), num, 3)
	if !strings.Contains(gone, "In confidence | (erased)") || strings.Contains(gone, "whisper-words") || strings.Contains(gone, "good as new") {
		t.Errorf("after erasure: %q", gone)
	}
	d.green(t)
}

func publicView(t *testing.T, d *Desk) {
	num := d.mended(t)
	v, err := d.Public(background(), strings.ReplaceAll(num, "-", ""))
	must(t, err)
	if v.Number != num || v.State.Name != "mended" || v.Unit != "t1" || !cmp.Equal(v.Fields, map[string]any{"place": "村口"}) {
		t.Errorf("%+v", v)
	}
	if len(v.Clocks) != 1 || v.Clocks[0].Declared.Name != "checking" || v.Clocks[0].Due != "2026-03-09" {
		t.Errorf("clocks %+v", v.Clocks)
	}
	_, unknown := d.Public(background(), "2026-09999999-X")
	wantKind(t, unknown, casework.NotFound, "not-public")
	for _, other := range []string{d.Lodged(t, "probe", "t1").Matter.Number, "no number", "2026-00000001-9"} {
		if _, err := d.Public(background(), other); err == nil || err.Error() != unknown.Error() {
			t.Errorf("%s: %v, an unknown number gives %v", other, err, unknown)
		}
	}
	if ds, err := d.Store.Disclosures(background(), num); err != nil || len(ds) != 0 {
		t.Errorf("a look at what is public is recorded as a reading: %v (%v)", ds, err)
	}
}
