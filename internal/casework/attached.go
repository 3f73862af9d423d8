package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// found gives values in which those of file fields, which name files by their IDs, hold the files themselves: uploads,
// or files that the matter has. What is not found has an ID alone, which CheckFields refuses. m may be nil.
func (s *Service) found(ctx context.Context, p *procedure.Procedure, m *Matter, values map[string]any) (map[string]any, error) {
	out := values
	for name, value := range values {
		f := p.Field(name)
		if f == nil || f.Type != procedure.TypeFile {
			continue
		}
		ids, ok := idsOf(value)
		if !ok {
			continue // CheckFields says what is wrong with it
		}
		files := make([]procedure.File, len(ids))
		for i, id := range ids {
			files[i].ID = id
			if i > f.FileLimit() {
				continue // too many, whatever they are
			}
			var err error
			if files[i], err = s.file(ctx, m, id); err != nil {
				return nil, err
			}
		}
		if out = maps.Clone(out); len(files) == 0 {
			delete(out, name)
			continue
		}
		out[name] = files
	}
	return out, nil
}

func (s *Service) file(ctx context.Context, m *Matter, id string) (procedure.File, error) {
	if m != nil {
		for _, f := range filesIn(m.Fields) {
			if f.ID == id {
				return f, nil
			}
		}
	}
	f, _, err := s.Sent(ctx, id)
	return f, err
}

// idsOf reads what names files: an ID, a list of them, or files as a matter shows them.
func idsOf(value any) (ids []string, ok bool) {
	switch v := value.(type) {
	case string:
		return []string{v}, v != ""
	case []string:
		return v, true
	case []any:
		for _, item := range v {
			switch item := item.(type) {
			case string:
				ids = append(ids, item)
			case map[string]any:
				id, _ := item["id"].(string)
				ids = append(ids, id)
			default:
				return nil, false
			}
		}
		return ids, true
	case []procedure.File:
		for _, f := range v {
			ids = append(ids, f.ID)
		}
		return ids, true
	}
	return nil, false
}

// filesIn are the files that values name, in the order of the fields' names, each once.
func filesIn(values map[string]any) []procedure.File {
	var names []string // most contents have none
	for name, value := range values {
		switch value.(type) {
		case []procedure.File, []any:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var files []procedure.File
	for _, name := range names {
		for _, f := range procedure.FilesOf(values[name]) {
			if !slices.ContainsFunc(files, func(o procedure.File) bool { return o.ID == f.ID }) {
				files = append(files, f)
			}
		}
	}
	return files
}

// files are the files that an entry names, each once.
func (c *Content) files() []procedure.File {
	if len(c.Opening) == 0 {
		return filesIn(c.Fields)
	}
	files := filesIn(c.Fields)
	for _, f := range filesIn(c.Opening) {
		if !slices.ContainsFunc(files, func(o procedure.File) bool { return o.ID == f.ID }) {
			files = append(files, f)
		}
	}
	return files
}

// attach notes in a change the files that its entry names.
func (c *Change) attach() {
	for _, f := range c.Entry.Content.files() {
		c.Files = append(c.Files, f.ID)
		if f.Fresh {
			c.Fresh = append(c.Fresh, f.ID)
		}
	}
}

// ReadFile gives a file that an entry of the matter names and that the actor may see, or one that the matter shows of
// what it is part of. A reading by staff is recorded as
// that of the matter is.
func (s *Service) ReadFile(ctx context.Context, a office.Actor, num, id string) (procedure.File, []byte, error) {
	none := fail(NotFound, "no-such-file", "没有这个文件，或者您无权查看，或者它已按规定删除。", "There is no such file, or it is not yours to see, or it was erased under a rule.")
	m, rules, err := s.load(ctx, a, num)
	if err != nil {
		return procedure.File{}, nil, err
	}
	f := &File{Matter: m.clone(), Procedure: rules.Procedure, Rules: rules, Viewer: s.viewer(a, m), former: s.formerRules(m)}
	if f.Entries, err = s.Store.Entries(ctx, m.Number); err != nil {
		return procedure.File{}, nil, storeError(err)
	}
	f.limit(s.mayReadContent(a, m))
	file, ok := f.attached(id)
	if ok {
		err = s.discloseOnce(ctx, a, m)
	} else {
		file, ok, err = s.shownFile(ctx, a, f, id)
	}
	if err != nil {
		return procedure.File{}, nil, storeError(err)
	}
	if !ok {
		return procedure.File{}, nil, none
	}
	data, err := s.Store.FileData(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return procedure.File{}, nil, none
	}
	if err != nil {
		return procedure.File{}, nil, storeError(err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != file.SHA256 {
		return procedure.File{}, nil, fmt.Errorf("the file %s of matter %s is not what was recorded: run `luoshi audit`", id, m.Number)
	}
	return file, data, nil
}

// attached finds a file in what the reader may see.
func (f *File) attached(id string) (procedure.File, bool) {
	contents := []Content{{Fields: f.Matter.Fields}}
	for _, e := range f.Entries {
		contents = append(contents, e.Content)
	}
	for i := range contents {
		for _, file := range contents[i].files() {
			if file.ID == id {
				return file, true
			}
		}
	}
	return procedure.File{}, false
}

// erase notes in a change what it erases: the contents of these entries, and the files that they name.
func (s *Service) erase(ctx context.Context, c *Change, seqs []int) error {
	if c.Erase = seqs; len(seqs) == 0 {
		return nil
	}
	history, err := s.Store.Entries(ctx, c.Matter.Number)
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		for _, f := range history[seq-1].Content.files() {
			if !slices.Contains(c.Release, f.ID) {
				c.Release = append(c.Release, f.ID)
			}
		}
	}
	return nil
}
