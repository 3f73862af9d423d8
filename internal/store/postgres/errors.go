package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"luoshi/internal/casework"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var (
	errServer   = errors.New("this server cannot be used")
	errRights   = errors.New("rights are missing")
	errReadOnly = errors.New("the store was opened for reading only")
	errClosed   = errors.New("the store is closing; nothing was recorded")
)

// State codes of PostgreSQL, beside the classes in away.
const (
	wrongPassword   = "28P01"
	wrongLogin      = "28000"
	noDatabase      = "3D000"
	noRights        = "42501"
	noTable         = "42P01"
	diskFull        = "53100"
	ioError         = "58030"
	readOnlyServer  = "25006"
	notInText       = "22021" // a character that no text can hold, such as NUL
	uniqueViolation = "23505"
	shutDown        = "57P01" // the server, or an administrator, has ended the connection
)

// stateOf is the server's code for an error, "" when the error is not the server's.
func stateOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// explain adds where and what to do. What pgx says of a connection holds no password.
func explain(place string, err error) error {
	hint := ""
	var connect *pgconn.ConnectError
	switch code := stateOf(err); {
	case errors.Is(err, errServer), errors.Is(err, errRights):
	case code == wrongPassword || code == wrongLogin:
		hint = "the server does not accept user or password; write the right ones into the address, or leave the password to PGPASSWORD or ~/.pgpass"
	case code == noDatabase:
		hint = "the server has no such database; make it first: CREATE DATABASE …"
	case code == noRights:
		hint = "the user may not do that; let the owner of the database grant it"
	case errors.As(err, &connect) && strings.Contains(err.Error(), "tls"):
		hint = "the connection cannot be made secure; sslmode in the address says what is asked for (verify-full needs a certificate that sslrootcert vouches for), and the server must offer it"
	case errors.As(err, &connect):
		hint = "the server cannot be reached; is it running, are host and port right, and does it accept connections from here?"
	}
	if place == "" {
		place = "the database"
	}
	if hint != "" {
		return fmt.Errorf("%s: %s: %w", place, hint, err)
	}
	return fmt.Errorf("%s: %w", place, err)
}

// away reports whether the server's code says that it is not there for us now: connection lost, shutting down
// or starting, too many connections, cut off while idle.
func away(code string) bool {
	return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || code == "53300" || code == "25P03"
}

// again reports whether the server undid the transaction for the sake of another one: the same may succeed.
func again(code string) bool { return strings.HasPrefix(code, "40") }

// mapError turns what the driver says when reading into the errors that casework knows.
func mapError(err error) error {
	if err == nil {
		return nil
	}
	switch code := stateOf(err); {
	case errors.Is(err, pgx.ErrNoRows):
		return casework.ErrNotFound
	case code == notInText: // nothing in the database can be equal to it
		return casework.ErrNotFound
	}
	return mapWrite(err)
}

// mapWrite is mapError for an error of the writer, who finds nothing that does not exist.
func mapWrite(err error) error {
	if errors.Is(err, casework.ErrAway) || errors.Is(err, casework.ErrUnknown) || errors.Is(err, casework.ErrFull) {
		return err
	}
	switch code := stateOf(err); {
	case code == diskFull || code == ioError || code == readOnlyServer:
		return fmt.Errorf("%w: %w", casework.ErrFull, err)
	case away(code) || lost(err):
		return fmt.Errorf("%w: %w", casework.ErrAway, err)
	}
	return err
}

// lost reports whether the connection failed, or could not be made, rather than the question or the asker.
func lost(err error) bool {
	var connect *pgconn.ConnectError
	var cut net.Error
	return stateOf(err) == "" && !errors.Is(err, context.Canceled) && (errors.As(err, &connect) || errors.As(err, &cut) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded))
}
