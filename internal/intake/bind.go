package intake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// binding is a mapping over the columns of one file: names have become places in a row.
type binding struct {
	*Source
	columns []string

	id      int // column; -1: none
	time    int // column; -1: none
	layouts []layout
	zone    *time.Location
	skip    []when
	title   *template
	kinds   []kind // the last fits every row
	levels  []level
}

// when is a When over the columns. The zero value fits every row.
type when struct {
	column int
	values []string
	always bool
}

func (w when) fits(cells []string) bool {
	return w.always || slices.Contains(w.values, trimmed(cells[w.column]))
}

// kind is what the rows it fits become.
type kind struct {
	when      when
	procedure string
	fields    map[string]*template
	parties   []person
	walks     []walk
	path      []any // in the mapping
}

type person struct {
	role                 string
	name, phone, address *template
}

type walk struct {
	when  when
	steps []stride
}

type stride struct {
	step   string
	fields map[string]*template
	note   *template
}

// Bind checks the mapping against the columns of a file. The error is a *MappingError.
func (s *Source) Bind(columns []string) (*Bound, error) {
	b := &binding{Source: s, columns: columns, id: -1, time: -1, zone: time.UTC}
	if s.ID != "" {
		b.id = b.column(s.ID, "id")
	}
	b.bindTime()
	for i, w := range s.Skip {
		b.skip = append(b.skip, b.when(w, "skip", i))
	}
	b.title = b.template(s.Title, "title")
	for i, k := range s.Kinds {
		bound := b.bindCase(k.Case, "kinds", i)
		bound.when = b.when(k.When, "kinds", i, "when")
		b.kinds = append(b.kinds, bound)
	}
	last := b.bindCase(s.Case)
	last.when.always = true
	b.kinds = append(b.kinds, last)
	for i, l := range s.Places.Levels {
		path := []any{"places", "levels", i}
		bound := level{Level: l, column: b.column(l.Column, append(path, "column")...), name: b.templates(l.Name, append(path, "name")...)}
		b.levels = append(b.levels, bound)
	}
	return &Bound{b}, s.fault()
}

// Bound is a mapping that fits the columns of a file.
type Bound struct{ b *binding }

func (b *binding) column(name string, path ...any) int {
	i := slices.Index(b.columns, name)
	if i < 0 {
		b.report(noColumn(name, b.columns).Error(), path...)
	}
	return i
}

func (b *binding) template(text string, path ...any) *template {
	t, err := compile(text, b.columns)
	if err != nil {
		b.report(err.Error(), path...)
	}
	return t
}

func (b *binding) templates(texts map[string]string, path ...any) map[string]*template {
	out := make(map[string]*template, len(texts))
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		out[name] = b.template(texts[name], append(slices.Clone(path), name)...)
	}
	return out
}

func (b *binding) when(w When, path ...any) when {
	if w.Column == "" && len(w.Values) == 0 {
		return when{always: true}
	}
	bound := when{column: b.column(w.Column, append(path, "column")...)}
	for _, v := range w.Values {
		bound.values = append(bound.values, trimmed(v))
	}
	if len(w.Values) == 0 {
		b.report("say for which values of the column it holds", path...)
	}
	return bound
}

func (b *binding) bindTime() {
	t := b.Time
	if t.Column == "" {
		return
	}
	b.time = b.column(t.Column, "time", "column")
	zone, err := time.LoadLocation(t.Zone)
	if err != nil || t.Zone == "Local" {
		b.report(fmt.Sprintf("the time zone %q is not known; write one of the IANA database, such as Asia/Shanghai", t.Zone), "time", "zone")
	} else {
		b.zone = zone
	}
	for i, f := range t.Formats {
		l, err := newLayout(f)
		if err != nil {
			b.report(err.Error(), "time", "formats", i)
		}
		b.layouts = append(b.layouts, l)
	}
}

func (b *binding) bindCase(c Case, path ...any) kind {
	under := func(rest ...any) []any { return append(slices.Clone(path), rest...) }
	k := kind{procedure: c.Procedure, fields: b.templates(c.Fields, under("fields")...), path: path}
	for i, p := range c.Parties {
		k.parties = append(k.parties, person{
			role:    p.Role,
			name:    b.template(p.Name, under("parties", i, "name")...),
			phone:   b.template(p.Phone, under("parties", i, "phone")...),
			address: b.template(p.Address, under("parties", i, "address")...),
		})
	}
	for i, w := range c.Walks {
		bound := walk{when: b.when(w.When, under("walks", i, "when")...)}
		for j, s := range w.Steps {
			at := under("walks", i, "steps", j)
			bound.steps = append(bound.steps, stride{step: s.Step, fields: b.templates(s.Fields, append(slices.Clone(at), "fields")...),
				note: b.template(s.Note, append(slices.Clone(at), "note")...)})
		}
		k.walks = append(k.walks, bound)
	}
	return k
}

// task is a row ready to be carried out.
type task struct {
	row     Row
	seq     int    // order in the file, from 0
	key     string // idempotency key; the keys of its steps follow from it
	lodging casework.Lodging
	steps   []casework.StepCommand
	skip    bool
	known   bool   // with its whole chunk done by an earlier run
	chunk   string // on the last row of a chunk that is not known: the chunk's summary
	first   int    // with chunk: where it begins
	reject  string // why it cannot be taken, or ""
	unsure  bool   // with reject: another run may take it, because it depends on more than row and mapping
}

// plan turns a row into what is to be done with it. now refuses times that have not come yet.
func (b *binding) plan(r Row, o *offices, now time.Time) task {
	t := task{row: r, reject: r.Fault}
	if t.reject != "" {
		return t
	}
	if slices.ContainsFunc(b.skip, func(w when) bool { return w.fits(r.Cells) }) {
		t.skip = true
		return t
	}
	if err := b.fill(&t, o, now); err != nil {
		t.reject = err.Error()
	}
	return t
}

func (b *binding) fill(t *task, o *offices, now time.Time) error {
	cells := t.row.Cells
	id, err := b.identify(t)
	if err != nil {
		return err
	}
	var when instant
	if b.time >= 0 {
		if when, err = readTime(cells[b.time], b.layouts, b.zone); err != nil {
			return err
		}
		if when.at.After(now.Add(24 * time.Hour)) {
			t.unsure = true
			return fmt.Errorf("the time %s has not come yet", when.text)
		}
		if when.at.Year() < 1900 {
			return fmt.Errorf("the time %s lies before 1900, where no period is computed", when.text)
		}
	}
	i := slices.IndexFunc(b.kinds, func(k kind) bool { return k.when.fits(cells) })
	k := &b.kinds[i]
	t.lodging = casework.Lodging{Procedure: k.procedure, Channel: b.Channel, Title: shorten(oneLine(b.title.fill(cells)), casework.MaxTitle),
		Fields: fillAll(k.fields, cells), Source: &casework.Source{System: b.System, ID: id, Time: when.text}}
	if b.Clock == ClockSource {
		t.lodging.ClockFrom = when.at
	}
	for _, p := range k.parties {
		if name := p.name.fill(cells); name != "" {
			t.lodging.Parties = append(t.lodging.Parties, casework.Party{Role: p.role, Name: name, Phone: p.phone.fill(cells), Address: p.address.fill(cells)})
		}
	}
	if i := slices.IndexFunc(k.walks, func(w walk) bool { return w.when.fits(cells) }); i >= 0 {
		for _, s := range k.walks[i].steps {
			t.steps = append(t.steps, casework.StepCommand{Step: s.step, Fields: fillAll(s.fields, cells), Note: s.note.fill(cells)})
		}
	}
	t.lodging.Unit, err = o.of(cells)
	t.unsure = err != nil
	return err
}

// identify sets the key of the row and gives the identity that its source is shown with.
func (b *binding) identify(t *task) (string, error) {
	if b.id < 0 {
		t.key = fmt.Sprintf("%s row %d %s", b.System, t.row.Number, digest(t.row.Cells))
		return fmt.Sprintf("row %d", t.row.Number), nil
	}
	id := trimmed(t.row.Cells[b.id])
	if id == "" {
		return "", errors.New("the column " + b.ID + " is empty, and it is what the row is known by")
	}
	t.key = b.System + " id " + id
	return id, nil
}

func fillAll(templates map[string]*template, cells []string) map[string]any {
	out := make(map[string]any, len(templates))
	for name, t := range templates {
		if v := t.fill(cells); v != "" {
			out[name] = v
		}
	}
	return out
}

// procedures are the ids that the mapping names, each once.
func (b *binding) procedures() []string {
	var ids []string
	for _, k := range b.kinds {
		if !slices.Contains(ids, k.procedure) {
			ids = append(ids, k.procedure)
		}
	}
	return ids
}

// checkProcedure finds what no row could do: fields, steps and parties that the procedure does not have, and
// steps that do not follow one another.
func (b *binding) checkProcedure(k *kind, p *procedure.Procedure) {
	c := lawCheck{b: b, p: p, path: k.path}
	c.opening(k)
	for i := range k.walks {
		c.walk(&k.walks[i], i, k.fields)
	}
}
