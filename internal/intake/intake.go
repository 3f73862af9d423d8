package intake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// Options says how to import.
type Options struct {
	Procedures fs.FS  // published from here when the installation does not have them, with those they lead to: ID.yaml
	Rejects    string // file for the rows that were not taken
	Limit      int    // rows of the file to read; 0: all
	Workers    int    // rows carried out at once, which share transactions; 0: 256
	// Progress is told, from one goroutine, the bytes of the file whose rows are done, and how many rows these are. May
	// be nil.
	Progress func(offset int64, rows int)
}

// Result counts what became of the rows: Rows = Imported + Rejected + Skipped.
type Result struct {
	Rows     int // rows read, without the header
	Imported int // lodged, or brought further, by this run
	Rejected int // in the file of rejects
	Skipped  int // by a rule of the mapping, or there already
	Took     time.Duration
	Root     string // code of the office that everything was imported below
	Unseen   bool   // no person's account may see the imported matters
}

// Import brings one file into one installation.
type Import struct {
	service *casework.Service
	table   *Table
	bound   *binding
	actor   office.Actor
	offices *offices
	marks   marks
	options Options
}

// New makes the installation ready: it publishes the procedures the mapping names, makes the root office and
// the importing account, and checks that what the mapping asks for is lawful. A *MappingError says what in
// the mapping does not fit; other errors are of the store.
func New(ctx context.Context, s *casework.Service, t *Table, m *Bound, o Options) (*Import, error) {
	if o.Workers == 0 {
		o.Workers = 256
	}
	b := m.b
	if err := b.checkPlaces(s.Tree()); err != nil {
		return nil, err
	}
	missing, err := b.checkLaw(s, o.Procedures)
	if err != nil {
		return nil, err
	}
	roles, err := b.roles(s, missing)
	if err != nil {
		return nil, err
	}
	if err := s.PublishFrom(ctx, o.Procedures, slices.Sorted(maps.Keys(missing))...); err != nil {
		return nil, err
	}
	if err := ensureRoot(ctx, s, b.Places.Root); err != nil {
		return nil, err
	}
	tops := b.tops(s.Tree())
	actor, err := ensureAccount(ctx, s, b.Account, roles, tops)
	if err != nil {
		return nil, err
	}
	places := &offices{service: s, root: b.Places.Root.Code, tops: tops, levels: b.levels, known: map[string]string{}, made: map[string]bool{}}
	return &Import{service: s, table: t, bound: b, actor: actor, offices: places, options: o,
		marks: marks{store: s.Store, mapping: b.System + " " + b.sum}}, nil
}

// Office is the code of the office for values of columns, such as those of a department. It is made when it is not there
// yet, as it would be for the first row that names it. Columns that are not named count as empty; none name the root. It
// must not be called while Run runs.
func (m *Import) Office(ctx context.Context, at map[string]string) (string, error) {
	if len(at) == 0 {
		return m.offices.root, nil
	}
	cells := make([]string, len(m.table.Columns))
	for i, c := range m.table.Columns {
		cells[i] = at[c]
	}
	code, err := m.offices.of(cells)
	if err != nil {
		return "", err
	}
	return code, m.offices.make(ctx)
}

// checkPlaces finds offices that the mapping takes for granted and that are not there.
func (b *binding) checkPlaces(tree *office.Tree) error {
	root := b.Places.Root
	_, there := tree.Unit(root.Code)
	if _, ok := tree.Unit(root.Parent); root.Parent != "" && !there && !ok {
		b.report(fmt.Sprintf("there is no office with the code %q; offices at the top are: %s", root.Parent, strings.Join(tree.Roots(), ", ")),
			"places", "root", "parent")
	}
	for i, l := range b.levels {
		for value, code := range l.Units {
			if _, ok := tree.Unit(code); !ok && code != root.Code {
				b.report(fmt.Sprintf("there is no office with the code %q", code), "places", "levels", i, "units", value)
			}
		}
	}
	return b.fault()
}

// tops are the offices below which everything imported lies: the root, and existing offices that the
// mapping names elsewhere.
func (b *binding) tops(tree *office.Tree) []string {
	tops := []string{b.Places.Root.Code}
	for _, l := range b.levels {
		for _, code := range l.Units {
			if !slices.ContainsFunc(tops, func(top string) bool { return tree.Within(code, top) }) {
				tops = append(tops, code)
			}
		}
	}
	slices.Sort(tops[1:])
	return tops
}

// checkLaw finds the procedures that the mapping names, and what they do not allow. It gives those that the
// installation does not have yet.
func (b *binding) checkLaw(s *casework.Service, files fs.FS) (map[string]*procedure.Procedure, error) {
	missing := map[string]*procedure.Procedure{}
	for _, id := range b.procedures() {
		if s.Rules(id) != nil {
			continue
		}
		text, err := fs.ReadFile(files, id+".yaml")
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
			b.report(fmt.Sprintf("the procedure %q is not published here and does not come with the program; publish it first", id), "procedure")
			continue
		}
		if err != nil {
			return nil, err
		}
		p, err := procedure.Load(id+".yaml", text)
		if err != nil {
			return nil, err
		}
		missing[id] = p
	}
	if err := b.fault(); err != nil {
		return nil, err
	}
	law := b.law(s, missing)
	for i := range b.kinds {
		b.checkProcedure(&b.kinds[i], law(b.kinds[i].procedure))
	}
	return missing, b.fault()
}

func (b *binding) law(s *casework.Service, missing map[string]*procedure.Procedure) func(string) *procedure.Procedure {
	return func(id string) *procedure.Procedure {
		if r := s.Rules(id); r != nil {
			return r.Procedure
		}
		return missing[id]
	}
}

func (b *binding) roles(s *casework.Service, missing map[string]*procedure.Procedure) ([]string, error) {
	roles, err := rolesFor(b.acts(b.law(s, missing)))
	if err != nil {
		b.report(err.Error(), "procedure")
	}
	return roles, b.fault()
}
