package postgres

import (
	"errors"
	"fmt"
	"testing"

	"luoshi/internal/casework"

	"github.com/jackc/pgx/v5/pgconn"
)

// When a batch of a thousand has waited in vain, a thousand more waits would follow.
func TestWhatHitsAllRequestsIsNotTriedOneByOne(t *testing.T) {
	server := func(code string) error { return fmt.Errorf("writing: %w", &pgconn.PgError{Code: code}) }
	for name, c := range map[string]struct {
		err error
		all bool
	}{
		"a lock was not to be had in time":  {server("55P03"), true},
		"the statement took too long":       {server("57014"), true},
		"the disk is full":                  {mapWrite(server(diskFull)), true},
		"the database is away":              {casework.ErrAway, true},
		"the outcome is not known":          {casework.ErrUnknown, true},
		"the error is not the database's":   {errors.New("the log was moved"), true},
		"a row that is there already":       {server(uniqueViolation), false},
		"a character that no text can hold": {server(notInText), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := hitsAll(c.err); got != c.all {
				t.Errorf("hits all: %v", got)
			}
		})
	}
}
