package storetest

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// cracks is a procedure that takes photographs, of which the office keeps some to itself, and hands them on.
func cracks() string {
	return strings.NewReplacer("id: probe", "id: crack", "procedure: probe", "procedure: crack",
		"    - {name: remark, required: false}\n", "    - {name: remark, required: false}\n    - {name: photo, required: false}\n",
		"fields:\n  - {name: facts,", `fields:
  - {name: photo, title: {zh: "照片", en: "Photos"}, type: file, accept: [image, pdf], max_files: 2, class: personal, seen_by: [staff, "party:applicant"]}
  - {name: plan, title: {zh: "图纸", en: "Plan"}, type: file, accept: [image, document], class: plain, seen_by: ["role:head"]}
  - {name: facts,`,
		"    fields: [{name: remark, required: false}]\n", "    fields: [{name: photo, required: false}, {name: plan, required: false}]\n",
		"steps:\n", `subs:
  - {name: second, title: {zh: "复看", en: "Second look"}, procedure: crack, detached: true}
steps:
  - {name: look-again, title: {zh: "请上级复看", en: "Have it looked at above"}, from: [working], by: ["role:clerk"], note: none, fields: [{name: photo, required: false}], opens: {sub: second, unit: superior, fields: {facts: facts, photo: photo}, parties: {applicant: applicant}}}
`).Replace(probe)
}

// drawing is a small picture, another one for each seed.
func drawing(t testing.TB, seed uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		m.Set(i%8, i/8, color.Gray{Y: seed + uint8(3*i)})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

func (d *Desk) crack(t testing.TB) casework.Lodging {
	t.Helper()
	if d.Rules("crack") == nil {
		_, err := d.Publish(background(), "crack.yaml", []byte(cracks()))
		must(t, err)
	}
	return d.Example(t, "crack", "t1")
}

// send is the ID of a file that a resident has sent.
func (d *Desk) send(t testing.TB, name string, data []byte) string {
	t.Helper()
	u, err := d.TakeFile(background(), resident(), name, data, "")
	must(t, err)
	return u.ID
}

// cracked is a matter with one photograph.
func (d *Desk) cracked(t testing.TB) (num, id string) {
	t.Helper()
	l := d.crack(t)
	id = d.send(t, "墙.png", drawing(t, 1))
	l.Fields["photo"] = []any{id}
	out, err := d.Lodge(background(), resident(), l, "")
	must(t, err)
	return out.Matter.Number, id
}

func fileHandedIn(t *testing.T, d *Desk) {
	num, id := d.cracked(t)
	want := drawing(t, 1)
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@t1")
	plan := d.send(t, "图.png", drawing(t, 2))
	d.Take(t, clerk, num, "tell", func(c *casework.StepCommand) { c.Fields["plan"] = plan })
	sees := func(who string, a office.Actor, id string, yes bool) {
		t.Helper()
		f, data, err := d.ReadFile(background(), a, num, id)
		if yes != (err == nil) || !yes && casework.KindOf(err) != casework.NotFound {
			t.Errorf("%s reads the file: %v, and should: %v", who, err, yes)
		}
		if yes && id != plan && (f.Name != "墙.png" || f.MediaType != "image/png" || !bytes.Equal(data, want)) {
			t.Errorf("%s reads %+v", who, f)
		}
	}
	sees("a clerk", clerk, id, true)
	sees("the head", head, id, true)
	sees("who brought it", partyActor(num, "applicant"), id, true)
	sees("the other side", partyActor(num, "respondent"), id, false)
	sees("an auditor, who checks and does not read", d.staff(t, "auditor@t1"), id, false)
	sees("another office", d.staff(t, "clerk@t2"), id, false)
	sees("a clerk, of what the head alone sees", clerk, plan, false)
	sees("the head, of what the head alone sees", head, plan, true)
	sees("who brought the matter, of what the head alone sees", partyActor(num, "applicant"), plan, false)
	sees("a clerk, of a file that no entry names", clerk, d.send(t, "c.png", drawing(t, 3)), false)
	sees("a clerk, of nothing", clerk, "", false)
	read, err := d.Store.Disclosures(background(), num)
	must(t, err)
	var logins []string
	for _, r := range read {
		logins = append(logins, r.Login)
	}
	if d := cmp.Diff([]string{"clerk@t1", "head@t1"}, logins); d != "" {
		t.Errorf("readings: %s", d)
	}
	m := d.stored(t, num)
	if f := procedure.FilesOf(m.Fields["photo"]); len(f) != 1 || f[0].ID != id || f[0].Size != int64(len(want)) || len(f[0].SHA256) != 64 {
		t.Errorf("the matter has %+v", m.Fields["photo"])
	}
	r, err := d.Receipt(background(), partyActor(num, "applicant"), num, 1)
	must(t, err)
	d.proves(t, r, num)
	// One more beside the first, which the matter has already.
	more := d.send(t, "b.pdf", []byte("%PDF-1.7\n%x"))
	d.Take(t, clerk, num, "tell", func(c *casework.StepCommand) { c.Fields["photo"] = []any{id, more} })
	sees("a clerk", clerk, id, true)
	d.Take(t, clerk, num, "tell", func(c *casework.StepCommand) { c.Fields["photo"] = more })
	sees("a clerk, of one that a later value took the place of", clerk, id, true)
	if r := d.green(t); r.Files != 3 {
		t.Errorf("audit has looked at %d files", r.Files)
	}
}

func fileRefused(t *testing.T, d *Desk) {
	num, id := d.cracked(t)
	l := d.crack(t)
	lodge := func(value any) error {
		l.Fields["photo"] = value
		_, err := d.Lodge(background(), resident(), l, "")
		return err
	}
	wantFault := func(what string, err error, code string) {
		t.Helper()
		e := casework.AsError(err)
		if err == nil || e.Kind != casework.Invalid || len(e.Fields) != 1 || e.Fields[0].Field != "fields.photo" || e.Fields[0].Code != code {
			t.Errorf("%s: %v", what, err)
		}
	}
	wantFault("a file of another matter", lodge(id), procedure.FieldFileGone)
	wantFault("one that never was", lodge([]any{"AAAA"}), procedure.FieldFileGone)
	wantFault("what somebody says a file is", lodge([]any{map[string]any{"id": "AAAA", "sha256": strings.Repeat("a", 64), "size": 3}}), procedure.FieldFileGone)
	wantFault("a number", lodge(7), procedure.FieldWrongType)
	wantFault("a kind that the field does not take", lodge(d.send(t, "a.txt", []byte("text"))), procedure.FieldFileType)
	ids := []any{d.send(t, "1", drawing(t, 1)), d.send(t, "2", drawing(t, 2)), d.send(t, "3", drawing(t, 3))}
	wantFault("too many", lodge(ids), procedure.FieldTooManyFiles)
	wantFault("the same twice", lodge([]any{ids[0], ids[0]}), procedure.FieldFileGone)
	must(t, lodge(ids[:2]))
	d.Wait(25 * time.Hour)
	if n, err := d.DropUploads(background()); n != 2 || err != nil {
		t.Errorf("%d uploads are removed (%v)", n, err)
	}
	wantFault("one that has expired", lodge(ids[2]), procedure.FieldFileGone)
	_, err := d.take(d.staff(t, "clerk@t1"), num, "tell", func(c *casework.StepCommand) { c.Fields["photo"] = ids[0] })
	wantFault("with a step, a file of another matter", err, procedure.FieldFileGone)
	for what, c := range map[string]struct {
		data []byte
		code string
	}{
		"empty": {nil, "file-empty"}, "a page": {[]byte("<html><script>"), "file-unknown"},
		"too large":    {make([]byte, casework.DefaultMaxFile+1), "file-too-large"},
		"a cut letter": {drawing(t, 1)[:40], "file-damaged"},
	} {
		_, err := d.TakeFile(background(), resident(), "a.png", c.data, "")
		if e := casework.AsError(err); err == nil || len(e.Fields) != 1 || e.Fields[0].Code != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	d.green(t)
}

func fileRepeated(t *testing.T, d *Desk) {
	l := d.crack(t)
	first, err := d.TakeFile(background(), resident(), "a.png", drawing(t, 1), "form")
	must(t, err)
	again, err := d.TakeFile(background(), resident(), "a.png", drawing(t, 1), "form")
	must(t, err)
	other, err := d.TakeFile(background(), resident(), "a.png", drawing(t, 2), "form")
	must(t, err)
	if again.ID != first.ID || other.ID == first.ID {
		t.Errorf("uploads %s, %s and, of another file, %s", first.ID, again.ID, other.ID)
	}
	l.Fields["photo"] = []string{first.ID}
	one, err := d.Lodge(background(), resident(), l, "key")
	must(t, err)
	if again, err = d.TakeFile(background(), resident(), "a.png", drawing(t, 1), "form"); err != nil || again.ID != first.ID {
		t.Errorf("sent again afterwards it is %s (%v)", again.ID, err)
	}
	two, err := d.Lodge(background(), resident(), l, "key")
	must(t, err)
	if !two.Repeated || two.Matter.Number != one.Matter.Number {
		t.Errorf("the repeated lodging is %s and not %s", two.Matter.Number, one.Matter.Number)
	}
	clerk := d.staff(t, "clerk@t1")
	cmd := casework.StepCommand{Step: "tell", Note: "x", Fields: map[string]any{"photo": d.send(t, "b", drawing(t, 3))}}
	a, err := d.TakeStep(background(), clerk, one.Matter.Number, cmd, "step")
	must(t, err)
	b, err := d.TakeStep(background(), clerk, one.Matter.Number, cmd, "step")
	must(t, err)
	if !b.Repeated || a.Entry.Act.Seq != b.Entry.Act.Seq {
		t.Errorf("the repeated step is entry %d and not %d", b.Entry.Act.Seq, a.Entry.Act.Seq)
	}
	d.green(t)
}

func fileErased(t *testing.T, d *Desk) {
	num, id := d.cracked(t)
	kept, keptID := d.cracked(t)
	clerk, head := d.staff(t, "clerk@t1"), d.staff(t, "head@t1")
	plan := d.send(t, "图.png", drawing(t, 2))
	d.Take(t, clerk, num, "tell", func(c *casework.StepCommand) { c.Fields["plan"] = plan })
	d.Take(t, clerk, num, "finish")
	_, err := d.Erase(background(), head, num, "档案管理办法第9条")
	must(t, err)
	for _, id := range []string{id, plan} {
		if _, _, err := d.ReadFile(background(), head, num, id); casework.KindOf(err) != casework.NotFound {
			t.Errorf("an erased file is read: %v", err)
		}
		if _, err := d.Store.FileData(background(), id); err == nil {
			t.Error("the content of an erased file is still there")
		}
	}
	if _, _, err := d.ReadFile(background(), clerk, kept, keptID); err != nil {
		t.Errorf("a file of another matter is gone: %v", err)
	}
	if r := d.green(t); r.Files != 1 {
		t.Errorf("audit has looked at %d files", r.Files)
	}
}

func fileHandedOn(t *testing.T, d *Desk) {
	num, id := d.cracked(t)
	clerk, above := d.staff(t, "clerk@t1"), d.staff(t, "clerk@c")
	fresh := d.send(t, "再拍.png", drawing(t, 5))
	part := d.Take(t, clerk, num, "look-again", func(c *casework.StepCommand) { c.Fields["photo"] = []any{id, fresh} }).Opened.Matter.Number
	for _, id := range []string{id, fresh} {
		if _, _, err := d.ReadFile(background(), above, part, id); err != nil {
			t.Errorf("the office above cannot read it: %v", err)
		}
	}
	d.green(t)
	d.Take(t, clerk, num, "finish")
	_, err := d.Erase(background(), d.staff(t, "head@t1"), num, "a rule")
	must(t, err)
	if _, _, err := d.ReadFile(background(), above, part, id); err != nil {
		t.Errorf("erased with the matter it came from: %v", err)
	}
	d.green(t)
	d.Take(t, above, part, "finish")
	_, err = d.Erase(background(), d.staff(t, "head@c"), part, "a rule")
	must(t, err)
	if r := d.green(t); r.Files != 0 {
		t.Errorf("%d files are left", r.Files)
	}
}

// tampered is a store whose files somebody has changed.
type tampered struct {
	casework.Store
	change func(id string, data []byte) []byte // nil: it is missing
	extra  string                              // a file that nobody put there
}

func (s tampered) Snapshot(ctx context.Context, f func(casework.Snapshot) error) error {
	return s.Store.Snapshot(ctx, func(v casework.Snapshot) error { return f(tamperedView{v, s}) })
}

type tamperedView struct {
	casework.Snapshot
	with tampered
}

func (v tamperedView) Files(ctx context.Context, f func(string, int, []byte) error) error {
	if v.with.extra != "" {
		if err := f(v.with.extra, 0, []byte("x")); err != nil {
			return err
		}
	}
	return v.Snapshot.Files(ctx, func(id string, part int, data []byte) error {
		if data = v.with.change(id, data); data == nil {
			return nil
		}
		return f(id, part, data)
	})
}

func fileAudited(t *testing.T, d *Desk) {
	num, _ := d.cracked(t)
	as := func(_ string, data []byte) []byte { return data }
	for what, c := range map[string]struct {
		store tampered
		want  string
	}{
		"untouched": {tampered{change: as}, ""},
		"missing":   {tampered{change: func(string, []byte) []byte { return nil }}, "is missing"},
		"shorter":   {tampered{change: func(_ string, b []byte) []byte { return b[1:] }}, "bytes"},
		"changed": {tampered{change: func(_ string, b []byte) []byte {
			b = bytes.Clone(b)
			b[9] ^= 1
			return b
		}}, "was changed"},
		"left over": {tampered{change: as, extra: "0"}, "no entry names it"},
	} {
		c.store.Store = d.Store
		other, err := casework.NewService(background(), c.store, Origin, d.Key.Name(), nil, d.Time)
		must(t, err)
		report, err := other.Audit(background(), nil, d.Key.VerifierKey())
		must(t, err)
		switch {
		case c.want == "":
			if !report.OK || report.Files != 1 {
				t.Errorf("%s: %+v", what, report)
			}
		case len(report.Faults) != 1 || report.Faults[0].Kind != "file" || !strings.Contains(report.Faults[0].Text, c.want):
			t.Errorf("%s: %+v", what, report.Faults)
		case c.store.extra == "" && (report.Faults[0].Matter != num || report.Faults[0].Entry != 1):
			t.Errorf("%s: it does not say where: %+v", what, report.Faults[0])
		}
	}
}
