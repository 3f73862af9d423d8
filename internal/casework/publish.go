package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"luoshi/internal/office"
	"luoshi/internal/procedure"
	"luoshi/internal/procedure/soundness"
)

// Publication is what became of a text that was to be published.
type Publication struct {
	Procedure *procedure.Procedure
	Warnings  []procedure.Finding // what could not be proved
	Already   bool                // the same text was published before: nothing was done
}

// Version is one published version of a procedure.
type Version struct {
	Procedure *procedure.Procedure
	By        string // login; empty when the program itself or its command line published it
	At        string // as an act writes a time; empty when it was not kept
	Running   int64  // matters that run by it
}

// check says what is wrong with a declaration; it is loaded when nothing is that forbids to publish it. Sub-matters
// are of the newest versions that are published.
func (s *Service) check(name string, source []byte) (*procedure.Procedure, []procedure.Finding) {
	return soundness.CheckSource(name, source, soundness.Options{Kinds: s.Kinds, Find: func(id string) *procedure.Procedure {
		if r := s.Rules(id); r != nil {
			return r.Procedure
		}
		return nil
	}})
}

// Check says what is wrong with a declaration that is not published, to an author. The procedure is nil when it cannot
// be read at all.
func (s *Service) Check(a office.Actor, name string, source []byte) (*procedure.Procedure, []procedure.Finding, error) {
	if !s.MayPublish(a) {
		return nil, nil, ErrNotAuthor()
	}
	p, found := s.check(name, source)
	return p, found, nil
}

// Publish stores a version of a procedure in the name of the program itself.
func (s *Service) Publish(ctx context.Context, name string, source []byte) (*procedure.Procedure, error) {
	done, err := s.PublishAs(ctx, office.Actor{System: true}, name, source)
	if err != nil {
		return nil, err
	}
	return done.Procedure, nil
}

// PublishAs stores a version of a procedure; running matters keep theirs. A text in which the check finds an
// error is refused, with *procedure.Errors as the cause, and so is a version that is not above all published
// ones. Publishing the same text again does nothing.
func (s *Service) PublishAs(ctx context.Context, a office.Actor, name string, source []byte) (*Publication, error) {
	if !s.MayPublish(a) {
		return nil, ErrNotAuthor()
	}
	p, found := s.check(name, source)
	if slices.ContainsFunc(found, func(f procedure.Finding) bool { return f.Severity == procedure.SeverityError }) {
		return nil, errUnsound(found)
	}
	if known, err := s.published(p); known || err != nil {
		return &Publication{Procedure: p, Warnings: found, Already: true}, err
	}
	if err := s.refreshCalendars(ctx); err != nil {
		return nil, err
	}
	if _, err := NewRules(p, s.Calendars()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	by := ""
	if a.Account != nil {
		by = a.Account.Login
	}
	put := s.Store.PutProcedure(ctx, p.Key(), Published{Source: source, By: by, At: FormatTime(s.Now())})
	if err := s.ReloadProcedures(ctx); err != nil {
		return nil, err
	}
	if put != nil { // another node may have been faster
		known, err := s.published(p)
		if !known || err != nil {
			return nil, cmp.Or(err, storeError(put))
		}
	}
	return &Publication{Procedure: p, Warnings: found, Already: put != nil}, nil
}

// published tells whether this very text is published, or why it cannot be any more.
func (s *Service) published(p *procedure.Procedure) (bool, error) {
	have, newest := s.Rules(p.Key()), s.Rules(p.ID)
	switch {
	case have != nil && have.Procedure.Hash == p.Hash:
		return true, nil
	case have != nil:
		return false, conflicting("version-published", p, "%s 的第 %d 版已经发布，内容不同。请提高 version。",
			"Version %[2]d of %[1]s is already published with another text; raise `version`.", p.Version)
	case newest != nil && newest.Procedure.Version > p.Version:
		return false, conflicting("version-too-low", p, "%s 的第 %d 版已经发布，新版本的 version 必须更大。",
			"Version %[2]d of %[1]s is already published; a new version must have a higher `version`.", newest.Procedure.Version)
	}
	return false, nil
}

func conflicting(code string, p *procedure.Procedure, zh, en string, version int) error {
	return invalid("source", code, fmt.Sprintf(zh, p.ID, version), fmt.Sprintf(en, p.ID, version))
}

func errUnsound(found []procedure.Finding) error {
	e := fail(Invalid, "unsound", "规程没有通过检查，未发布。请改正列出的问题。", "The procedure did not pass the check and was not published. Correct what is listed.")
	all := procedure.Errors(found)
	e.Cause = &all
	return e
}

// Findings are what an error says is wrong with a declaration, or nil.
func Findings(err error) []procedure.Finding {
	var found *procedure.Errors
	if errors.As(err, &found) {
		return *found
	}
	return nil
}

// MayPublish reports whether the actor may publish procedures and migrate matters: an author of the whole
// installation, that is of every root, for a procedure holds everywhere.
func (s *Service) MayPublish(a office.Actor) bool {
	if a.System {
		return a.Check() == nil
	}
	tree := s.Tree()
	return a.HasRole(tree, office.RoleAuthor, office.Everywhere) || tree.Len() > 0 &&
		!slices.ContainsFunc(tree.Roots(), func(root string) bool { return !a.HasRole(tree, office.RoleAuthor, root) })
}

// ErrNotAuthor refuses what only an author of procedures may do.
func ErrNotAuthor() error {
	return fail(NotAllowed, "not-author", "只有规程起草人可以发布规程和迁移事项；这个授权要在最高一级单位或整个系统上。",
		"Only an author of procedures may publish them and migrate matters; the grant must be for the top of the tree, or for everything.")
}

// VersionKey names a version of a procedure: id@version.
func VersionKey(id string, version int) string { return fmt.Sprintf("%s@%d", id, version) }

// Versions are the published versions of a procedure, oldest first, with the number of matters that run by each;
// none when there is no such procedure.
func (s *Service) Versions(ctx context.Context, id string) ([]Version, error) {
	counts, err := s.Store.Counts(ctx, office.Actor{System: true}.ReadScope(s.Tree()))
	if err != nil {
		return nil, storeError(err)
	}
	running := map[string]int64{}
	for _, c := range counts {
		if c.Open {
			running[c.Procedure] += c.N
		}
	}
	var out []Version
	for key, r := range *s.laws.Load() {
		if r.Procedure.ID == id && strings.Contains(key, "@") {
			out = append(out, Version{Procedure: r.Procedure, By: r.By, At: r.At, Running: running[key]})
		}
	}
	slices.SortFunc(out, func(a, b Version) int { return cmp.Compare(a.Procedure.Version, b.Procedure.Version) })
	return out, nil
}
