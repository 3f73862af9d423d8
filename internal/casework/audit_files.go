package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"sync"

	"luoshi/internal/number"
)

// fileAudit compares the files that are stored with those that entries name.
type fileAudit struct {
	stored map[string]storedFile // by ID
	uses   map[fileUse]bool      // whether an entry names the file

	mu sync.Mutex // matters are checked side by side
}

type storedFile struct {
	size int64
	sum  string
	used bool
}

type fileUse struct {
	id     string
	matter string
}

// readFiles adds up every stored file that is kept for an entry.
func readFiles(ctx context.Context, v Snapshot, r *AuditReport) (*fileAudit, error) {
	a := &fileAudit{stored: map[string]storedFile{}, uses: map[fileUse]bool{}}
	var last string
	var size int64
	var sum hash.Hash
	end := func() {
		if sum != nil {
			a.stored[last] = storedFile{size: size, sum: hex.EncodeToString(sum.Sum(nil))}
		}
	}
	err := v.Files(ctx, func(id string, _ int, data []byte) error {
		if sum == nil || id != last {
			end()
			last, size, sum = id, 0, sha256.New()
		}
		size += int64(len(data))
		sum.Write(data)
		return nil
	})
	end()
	if err != nil {
		return nil, err
	}
	r.Files = int64(len(a.stored))
	return a, v.FileUses(ctx, func(id string, matter int64) error {
		a.uses[fileUse{id, number.OfID(matter)}] = false
		return nil
	})
}

// entry looks at the files that an entry names.
func (a *fileAudit) entry(e Stored, fault func(kind string, seq int, text string)) {
	files := e.Content.files()
	if len(files) == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, f := range files {
		have, ok := a.stored[f.ID]
		switch {
		case !ok:
			fault("file", e.Seq, "the file "+f.ID+" is missing")
		case have.size != f.Size:
			fault("file", e.Seq, fmt.Sprintf("the file %s has %d bytes, and %d were recorded", f.ID, have.size, f.Size))
		case have.sum != f.SHA256:
			fault("file", e.Seq, "the file "+f.ID+" was changed: its content is not what was recorded")
		}
		have.used = true
		if ok {
			a.stored[f.ID] = have
		}
		use := fileUse{f.ID, e.Number}
		if _, ok := a.uses[use]; !ok {
			fault("file", e.Seq, "the file "+f.ID+" is not kept for this matter: it would be erased with another")
		}
		a.uses[use] = true
	}
}

// rest says which files no entry names.
func (a *fileAudit) rest(r *AuditReport) {
	for _, id := range slices.Sorted(maps.Keys(a.stored)) {
		if !a.stored[id].used {
			r.fault(Fault{Kind: "file", Text: "the file " + id + " is kept, and no entry names it"})
		}
	}
	for use, named := range a.uses {
		if !named {
			r.fault(Fault{Kind: "file", Matter: use.matter, Text: "the file " + use.id + " is kept for this matter, and no entry of it names it"})
		}
	}
}
