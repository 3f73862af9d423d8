package trial

import (
	"context"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// memory holds the matters of one trial. It implements what the verbs of a trial use; the store it embeds is nil, so
// that anything else fails loudly. There is no log: receipts of a trial prove nothing and are given to nobody.
type memory struct {
	casework.Store
	matters map[string]*casework.Matter
	entries map[string][]*casework.Entry
	order   []string // numbers, as the matters were opened
	leaves  int64
	serials int64
}

func newMemory() *memory {
	return &memory{matters: map[string]*casework.Matter{}, entries: map[string][]*casework.Entry{}}
}

// Commit implements casework.Committer.
func (m *memory) Commit(_ context.Context, c *casework.Change) (casework.Committed, error) {
	parts, err := c.Parts()
	if err != nil {
		return casework.Committed{}, err
	}
	for _, part := range parts {
		have := m.matters[part.Matter.Number]
		switch {
		case have == nil && part.Expect != 0, have != nil && have.Version != part.Expect:
			return casework.Committed{}, casework.ErrConflict
		}
	}
	var done []casework.Committed
	for _, part := range parts {
		done = append(done, casework.Committed{Index: m.leaves})
		m.leaves++
		m.keep(part)
	}
	done[0].With = done[1:]
	return done[0], nil
}

func (m *memory) keep(c *casework.Change) {
	num := c.Matter.Number
	if m.matters[num] == nil {
		m.order = append(m.order, num)
	}
	m.matters[num] = c.Matter
	m.entries[num] = append(m.entries[num], c.Entry)
	for _, seq := range c.Erase {
		e := *m.entries[num][seq-1]
		e.Content, e.ContentBytes, e.ContentSalt = casework.Content{}, nil, nil
		m.entries[num][seq-1] = &e
	}
}

// Matter implements casework.MatterStore.
func (m *memory) Matter(_ context.Context, number string) (*casework.Matter, error) {
	have := m.matters[number]
	if have == nil {
		return nil, casework.ErrNotFound
	}
	c := *have
	return &c, nil
}

// Matters implements casework.MatterStore.
func (m *memory) Matters(ctx context.Context, numbers []string) (map[string]*casework.Matter, error) {
	out := map[string]*casework.Matter{}
	for _, number := range numbers {
		if have, err := m.Matter(ctx, number); err == nil {
			out[number] = have
		}
	}
	return out, nil
}

// Serials implements casework.MatterStore.
func (m *memory) Serials(_ context.Context, _ int, n int64) (int64, error) {
	first := m.serials + 1
	m.serials += n
	return first, nil
}

// Entries implements casework.EntryStore. The reader gets entries of its own, for it leaves out what it may not see.
func (m *memory) Entries(_ context.Context, number string) ([]*casework.Entry, error) {
	out := slices.Clone(m.entries[number])
	for i, e := range out {
		fresh := *e
		fresh.Act, fresh.Content = casework.Act{}, casework.Content{}
		if err := fresh.Decode(); err != nil {
			return nil, err
		}
		out[i] = &fresh
	}
	return out, nil
}

// EntriesOf implements casework.EntryStore.
func (m *memory) EntriesOf(ctx context.Context, numbers []string) (map[string][]*casework.Entry, error) {
	out := map[string][]*casework.Entry{}
	for _, number := range numbers {
		history, err := m.Entries(ctx, number)
		if err != nil {
			return nil, err
		}
		if len(history) > 0 {
			out[number] = history
		}
	}
	return out, nil
}

// Upload implements casework.FileStore: a trial keeps no files, and whatever is named is a stand-in of every kind.
func (m *memory) Upload(_ context.Context, id string) (casework.Upload, error) {
	return casework.Upload{File: procedure.File{ID: id, Name: "example.pdf", MediaType: "application/pdf", SHA256: standIn, Size: 1},
		Expires: time.Unix(1<<40, 0)}, nil
}

// standIn is the hash of a file that is not there.
const standIn = "0000000000000000000000000000000000000000000000000000000000000000"

// Disclose implements casework.DisclosureStore: who reads in a trial is nobody.
func (m *memory) Disclose(context.Context, casework.Disclosure) error { return nil }

// Disclosures implements casework.DisclosureStore.
func (m *memory) Disclosures(context.Context, string) ([]casework.Disclosure, error) { return nil, nil }
