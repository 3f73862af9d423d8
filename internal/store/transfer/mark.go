package transfer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// Settings that belong to one database alone (see Table.Own).
const (
	Into  = "move-into" // a copy into this database has not finished: a Mark
	Moved = "moved-to"  // the log of this database is kept elsewhere now: where
)

// Mark is what a target keeps in its settings until it is complete.
type Mark struct {
	Origin     string `json:"origin"`
	Checkpoint string `json:"checkpoint"`
	Begun      string `json:"begun"` // RFC 3339
	Run        string `json:"run"`   // random: the run that fills it now, and may alone go on
}

// by is the mark with a new run in it.
func (m Mark) by() Mark {
	if m.Begun == "" {
		m.Begun = time.Now().UTC().Format(time.RFC3339)
	}
	m.Run = rand.Text()
	return m
}

// Refusals of a target.
var (
	// ErrHeld is in every refusal of a target because of what it holds.
	ErrHeld = errors.New("nothing was changed there")
	// ErrThere is in the refusal of a target that holds the same log up to the same entry. What changes without
	// an entry may differ all the same: see Differing.
	ErrThere = fmt.Errorf("the target holds this log already, up to its newest entry; %w", ErrHeld)
	// ErrOvertaken ends a run that has lost its target to a later one.
	ErrOvertaken = errors.New("another run of this command has taken over, or has ended it: this one has stopped")
	// ErrUnfinished is the refusal to use a target that is still marked.
	ErrUnfinished = errors.New("a move or restore into this database has not finished: run the same luoshi move or luoshi restore again")
)

// Closing are the settings that Closed asks for.
func Closing() []string { return []string{Into, Moved} }

// Closed says why a log with such settings must not be changed, nil when nothing forbids it. Two places that go
// on with one log would give it two histories.
func Closed(settings map[string]string) error {
	if _, filling := settings[Into]; filling {
		return ErrUnfinished
	}
	if to, moved := settings[Moved]; moved {
		return fmt.Errorf("this log was moved to %s and must not be written in two places: use it there. If nothing was ever recorded there, luoshi move --reopen gives this database free again", to)
	}
	return nil
}
