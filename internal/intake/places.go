package intake

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// offices finds the office of a row and makes those that are not there yet.
type offices struct {
	service *casework.Service
	root    string
	tops    []string // the root and existing offices that the mapping names: all that is imported lies below
	levels  []level
	known   map[string]string // the row's values, level by level → code
	fresh   []office.Unit     // to be made before the rows that name them are lodged
	made    map[string]bool   // codes in fresh
}

// level is a Level over the columns of the file.
type level struct {
	Level
	column int
	name   map[string]*template
}

// of is the code of the office of a row, or why there is none.
func (o *offices) of(cells []string) (code string, err error) {
	values := make([]string, len(o.levels))
	for i, l := range o.levels {
		v := strings.TrimSpace(cells[l.column])
		if alias, ok := l.Aliases[v]; ok {
			v = alias
		}
		values[i] = v
	}
	key := strings.Join(values, "\x00")
	if code, ok := o.known[key]; ok {
		return code, nil
	}
	code = o.root
	for i := range o.levels {
		if code, err = o.below(code, &o.levels[i], values, i, cells); err != nil {
			return "", err
		}
	}
	o.known[key] = code
	return code, nil
}

// below is the office for a value below another one.
func (o *offices) below(parent string, l *level, values []string, i int, cells []string) (string, error) {
	value := values[i]
	if value == "" {
		if l.Required {
			return "", fmt.Errorf("the column %s is empty, and the mapping requires a place", l.Column)
		}
		return parent, nil
	}
	if code, ok := l.Units[value]; ok {
		return code, nil
	}
	if l.Closed {
		return "", fmt.Errorf("the mapping names no office for %s %.60q", l.Column, value)
	}
	code := parent + "." + unitCode(value) // no unitCode has a point, so levels cannot run into each other
	tree := o.service.Tree()
	if _, ok := tree.Unit(code); ok {
		if !slices.ContainsFunc(o.tops, func(top string) bool { return tree.Within(code, top) }) {
			return "", fmt.Errorf("the office code %s for %s %.60q belongs to an office outside the imported ones; map the value in `units`", code, l.Column, value)
		}
		return code, nil
	}
	if !o.made[code] {
		o.made[code] = true
		o.fresh = append(o.fresh, office.Unit{Code: code, Parent: parent, Kind: l.Kind, Name: o.name(l, values, value, cells)})
	}
	return code, nil
}

// name fills the templates with the cells as the levels understand them: aliases resolved, and values that have a name
// in the language by that name.
func (o *offices) name(l *level, values []string, value string, cells []string) map[string]string {
	names := map[string]string{}
	if len(l.name) == 0 {
		for _, lang := range []string{"zh", "en"} {
			names[lang] = l.in(lang, value)
		}
		return names
	}
	for lang, t := range l.name {
		cells = slices.Clone(cells)
		for i := range o.levels {
			cells[o.levels[i].column] = o.levels[i].in(lang, values[i])
		}
		names[lang] = t.fill(cells)
	}
	return names
}

// in is a value in a language: its name, or the value itself where it has none.
func (l *level) in(lang, value string) string {
	if name := l.Names[lang][value]; name != "" {
		return name
	}
	return value
}

// make records the offices that rows have named since the last time.
func (o *offices) make(ctx context.Context) error {
	if len(o.fresh) == 0 {
		return nil
	}
	if err := o.service.Store.PutUnits(ctx, o.fresh); err != nil {
		return fmt.Errorf("making offices: %w", err)
	}
	o.fresh = nil
	clear(o.made)
	return o.service.ReloadStaff(ctx)
}

// unitCode makes a code from a name that is always the same for the same name, in whatever order names
// come. Words of ASCII letters and digits give themselves, so that two writings of one name meet; other
// names end with part of their SHA-256, so that two names never do.
func unitCode(name string) string {
	var b strings.Builder
	same, gap := true, false
	for _, r := range name {
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		default:
			same = same && r == ' '
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	slug := b.String()
	if same && len(slug) <= maxSlug {
		return slug
	}
	sum := sha256.Sum256([]byte(name))
	if len(slug) > maxSlug {
		slug = strings.TrimRight(slug[:maxSlug], "-")
	}
	return strings.TrimLeft(fmt.Sprintf("%s-%x", slug, sum[:4]), "-")
}

// maxSlug bounds the readable part of a code, in bytes.
const maxSlug = 40

// ensureRoot makes the root when it is not there.
func ensureRoot(ctx context.Context, s *casework.Service, r Root) error {
	if _, ok := s.Tree().Unit(r.Code); ok {
		return nil
	}
	if err := s.Store.PutUnits(ctx, []office.Unit{{Code: r.Code, Parent: r.Parent, Kind: r.Kind, Name: r.Name}}); err != nil {
		return fmt.Errorf("making the office %s: %w", r.Code, err)
	}
	return s.ReloadStaff(ctx)
}
