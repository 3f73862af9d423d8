package ledger

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"
)

// Salt is a secret of 32 random bytes that keeps a commitment from being
// guessed. Each act and each content has its own; erasing a content erases its
// salt.
type Salt [32]byte

// NewSalt draws a salt from the system's random source. It does not fail: a
// system without randomness stops the program.
func NewSalt() Salt {
	var s Salt
	// Since Go 1.24 crypto/rand.Read never returns an error.
	_, _ = rand.Read(s[:])
	return s
}

// Hash is a SHA-256 hash or an HMAC-SHA-256 commitment.
type Hash = [sha256.Size]byte

// recordHeader is the first line of a leaf record; its number stands for the
// algorithms in use (doc/log-format.md §4, §11).
const recordHeader = "luoshi-leaf/1"

// EntryHash is SHA-256 over the canonical act (doc/log-format.md §3).
func EntryHash(act []byte) Hash { return sha256.Sum256(act) }

// ContentCommitment is HMAC-SHA-256 with the content salt over SHA-256 of the
// canonical content. It stands, as lower-case hex, in the act's member "content".
func ContentCommitment(s Salt, content []byte) Hash {
	return commit(s, sha256.Sum256(content))
}

// LeafCommitment is HMAC-SHA-256 with the act salt over the entry hash.
func LeafCommitment(s Salt, entryHash Hash) Hash { return commit(s, entryHash) }

func commit(s Salt, h Hash) Hash {
	mac := hmac.New(sha256.New, s[:])
	mac.Write(h[:])
	var out Hash
	mac.Sum(out[:0])
	return out
}

// Record is the leaf record of a commitment in the log named origin: the bytes
// that entry bundles carry and that the leaf hash covers (doc/log-format.md §4).
func Record(origin string, commitment Hash) []byte {
	b := make([]byte, 0, len(recordHeader)+len(origin)+2*len(commitment)+3)
	b = append(b, recordHeader...)
	b = append(b, '\n')
	b = append(b, origin...)
	b = append(b, '\n')
	b = hex.AppendEncode(b, commitment[:])
	return append(b, '\n')
}

// LeafHash is the RFC 6962 leaf hash of the commitment's [Record].
func LeafHash(origin string, commitment Hash) tlog.Hash {
	return tlog.RecordHash(Record(origin, commitment))
}

// ParseRecord splits a leaf record. It accepts exactly the bytes that [Record]
// writes for a valid origin.
func ParseRecord(record []byte) (origin string, commitment Hash, err error) {
	lines := strings.Split(string(record), "\n")
	if len(lines) != 4 || lines[3] != "" {
		return "", Hash{}, errors.New("leaf record does not have three lines")
	}
	if lines[0] != recordHeader {
		return "", Hash{}, fmt.Errorf("leaf record is of the unknown form %.40q, want %q", lines[0], recordHeader)
	}
	if err := checkOrigin(lines[1]); err != nil {
		return "", Hash{}, err
	}
	commitment, ok := parseHex(lines[2])
	if !ok {
		return "", Hash{}, errors.New("leaf record's commitment is not 64 lower-case hex digits")
	}
	return lines[1], commitment, nil
}

// checkOrigin holds a log's name to the rule of signed-note key names, and keeps
// invisible characters out of it, since people compare it by eye.
func checkOrigin(origin string) error {
	bad := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) || r == '+' }
	if origin == "" || !utf8.ValidString(origin) || strings.ContainsFunc(origin, bad) {
		return fmt.Errorf("log name %.80q is not usable: it must not be empty and must hold no white space, invisible character or plus sign", origin)
	}
	return nil
}

// parseHex reads exactly 64 lower-case hex digits.
func parseHex(s string) (Hash, bool) {
	var h Hash
	if len(s) != hex.EncodedLen(len(h)) || s != strings.ToLower(s) {
		return Hash{}, false
	}
	_, err := hex.Decode(h[:], []byte(s))
	return h, err == nil
}
