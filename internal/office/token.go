package office

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// tokenPrefix lets secret scanners and people tell what a found string is.
const tokenPrefix = "lst_"

// NewToken draws a bearer token: "lst_" and 32 random bytes in base64url.
func NewToken() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: the program ends if the system has no randomness
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// TokenHash is what is kept of a token, and what it is looked up by: SHA-256 in
// hex. A token is 256 random bits, so it needs neither salt nor a slow hash,
// and looking up its hash in an index leaks nothing of use to a guesser.
func TokenHash(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
