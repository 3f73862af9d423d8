package ledger

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"filippo.io/torchwood"
)

// Checkpoint is the signed head of a log.
type Checkpoint struct {
	Origin  string
	Size    int64 // number of leaves
	Root    tlog.Hash
	KeyName string // name of the key that signed, equal to Origin
}

// OpenCheckpoint verifies a signed checkpoint with the verifier keys given, one
// of which must have signed it. It refuses text that does not give the same bytes
// when formatted again. Errors are a [*Problem]; without any key the code is
// [CodeNoKey].
func OpenCheckpoint(signed []byte, vkeys ...string) (Checkpoint, error) {
	c, err := parseCheckpoint(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	if err := checkSignature(signed, c, vkeys); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// parseCheckpoint checks everything but the signature.
func parseCheckpoint(signed []byte) (Checkpoint, error) {
	malformed := func(detail string) (Checkpoint, error) {
		return Checkpoint{}, &Problem{Code: CodeCheckpoint, Detail: detail}
	}
	if len(signed) > maxCheckpointBytes {
		return malformed("too long")
	}
	// With no known verifier, Open parses and then returns the note in its error.
	_, err := note.Open(signed, nil)
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return malformed("not a signed note")
	}
	c, err := torchwood.ParseCheckpoint(unverified.Note.Text)
	if err != nil {
		return malformed("not three lines of origin, size and head")
	}
	if c.Extension != "" {
		return malformed("extension lines")
	}
	if c.N > maxSize {
		return malformed("impossible size")
	}
	if checkOrigin(c.Origin) != nil {
		return malformed("unusable log name")
	}
	if !reformats(signed, c) {
		return malformed("not in canonical form")
	}
	if !strings.Contains(string(signed), "\n\u2014 "+c.Origin+" ") {
		return malformed("no signature of the log " + c.Origin)
	}
	return Checkpoint{Origin: c.Origin, Size: c.N, Root: c.Hash, KeyName: c.Origin}, nil
}

// maxCheckpointBytes leaves room for the hundred signatures that a note may bear.
const maxCheckpointBytes = 64 << 10

// reformats reports whether the note, written again from what was understood of
// it, gives the same bytes. Base64 decoding ignores the last character's unused
// bits, so without this one checkpoint would have several spellings.
func reformats(signed []byte, c torchwood.Checkpoint) bool {
	signatures, ok := strings.CutPrefix(string(signed), c.String()+"\n")
	if !ok {
		return false
	}
	for line := range strings.Lines(signatures) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		if len(fields) != 3 {
			return false
		}
		if _, ok := parseBase64(fields[2]); !ok {
			return false
		}
	}
	return true
}

// parseBase64 reads standard base64 in its one canonical spelling.
func parseBase64(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	// The decoder skips line ends.
	return b, err == nil && !strings.ContainsAny(s, "\r\n")
}

// checkSignature verifies that one of the trusted keys, bearing the log's name,
// signed the checkpoint.
func checkSignature(signed []byte, c Checkpoint, vkeys []string) error {
	trusted, err := verifiers(vkeys)
	if err != nil {
		return err
	}
	if len(trusted) == 0 {
		return &Problem{Code: CodeNoKey}
	}
	var named []note.Verifier
	for _, v := range trusted {
		if v.Name() == c.Origin {
			named = append(named, v)
		}
	}
	if len(named) == 0 {
		return &Problem{Code: CodeForeignLog, Detail: c.Origin}
	}
	_, err = note.Open(signed, note.VerifierList(named...))
	var unverified *note.UnverifiedNoteError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unverified):
		return &Problem{Code: CodeWrongKey, Detail: c.Origin}
	default:
		return &Problem{Code: CodeSignature}
	}
}

// verifiers parses trusted keys; the same key given twice counts once.
func verifiers(vkeys []string) ([]note.Verifier, error) {
	var out []note.Verifier
	seen := make(map[string]bool)
	for _, vkey := range vkeys {
		vkey = strings.TrimSpace(vkey)
		v, err := note.NewVerifier(vkey)
		if err != nil {
			return nil, &Problem{Code: CodeBadKey, Detail: err.Error()}
		}
		id := fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())
		if !seen[id] {
			seen[id] = true
			out = append(out, v)
		}
	}
	return out, nil
}

// CheckVerifierKey reports whether the text is a verifier key that [Verify] can
// use; the error is a [*Problem] with [CodeBadKey].
func CheckVerifierKey(vkey string) error {
	_, err := verifiers([]string{vkey})
	return err
}

// CheckConsistency verifies that the log of newSize leaves in the store begins
// with everything that an older signed checkpoint covers, and returns that
// checkpoint. The error is a [*Problem]: [CodeCutBack] when the log has become
// shorter, [CodeForked] when its beginning was changed, or what [OpenCheckpoint]
// says of the checkpoint; any other error comes from reading.
func CheckConsistency(ctx context.Context, old []byte, newSize int64, r TileReader, vkeys ...string) (Checkpoint, error) {
	c, err := OpenCheckpoint(old, vkeys...)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Size > newSize {
		return c, &Problem{Code: CodeCutBack, Detail: fmt.Sprintf("%d < %d", newSize, c.Size)}
	}
	if c.Size == 0 {
		if empty, _ := tlog.TreeHash(0, nil); c.Root != empty {
			return c, &Problem{Code: CodeForked, Detail: "0"}
		}
		return c, nil
	}
	root, err := RootAt(ctx, newSize, r)
	if err != nil {
		return c, err
	}
	proof, err := ProveConsistency(ctx, c.Size, newSize, r)
	if err != nil {
		return c, err
	}
	if tlog.CheckTree(proof, newSize, root, c.Size, c.Root) != nil {
		return c, &Problem{Code: CodeForked, Detail: fmt.Sprint(c.Size)}
	}
	return c, nil
}
