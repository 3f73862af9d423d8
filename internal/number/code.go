package number

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"unicode"
)

const (
	crockford  = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeBytes  = 10 // 80 bits
	codeLength = 16 // characters of 5 bits

	deriveDomain = "luoshi query code v1: derive\x00"
	hashDomain   = "luoshi query code v1: hash\x00"
)

// NewCode draws a query code of 80 random bits, written XXXX-XXXX-XXXX-XXXX in
// Crockford's base 32, which has no I, L, O or U.
func NewCode() string {
	var b [codeBytes]byte
	rand.Read(b[:]) // never fails: the program ends if the system has no randomness
	return grouped(b[:])
}

// DeriveCode computes a query code from a secret of the installation and a key
// of the request. The same request repeated gives the same code, so a lost
// answer can be given again although the code itself is kept nowhere. The
// secret must be at least 32 random bytes; the key must be unique to the matter.
func DeriveCode(secret, key []byte) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(deriveDomain))
	m.Write(key)
	return grouped(m.Sum(nil)[:codeBytes])
}

// ParseCode reads a query code as people type it: small letters, spaces, any
// dashes, full-width characters, O for 0 and I or L for 1. It returns the form
// NewCode writes, or an *Error.
func ParseCode(s string) (string, error) {
	b := make([]byte, 0, codeLength)
	for _, r := range narrow(s) {
		if separator(r) {
			continue
		}
		c, ok := codeCharacter(r)
		if !ok {
			return "", &Error{Problem: WrongCharacter, Code: true, Character: r}
		}
		if b = append(b, c); len(b) > 4*codeLength {
			break
		}
	}
	if len(b) != codeLength {
		return "", &Error{Problem: WrongLength, Code: true, Found: len(b)}
	}
	return dashed(string(b)), nil
}

// CodeHash is what is kept of a query code: SHA-256 in hex over a domain, the
// salt and the code. A slow password hash would add nothing: nobody chooses
// the code, it is 80 random bits, and 2^80 trials are out of reach. The salt
// (the matter's number, or any other value of this one matter) makes a stolen
// table of a million hashes a million separate searches rather than one search
// with a million chances. The code may be in any form that ParseCode reads.
func CodeHash(salt, code string) string {
	if c, err := ParseCode(code); err == nil {
		code = c
	}
	h := sha256.New()
	h.Write([]byte(hashDomain))
	h.Write([]byte(salt))
	h.Write([]byte{0}) // keeps salt and code apart: neither form contains a zero byte
	h.Write([]byte(code))
	return hex.EncodeToString(h.Sum(nil))
}

// CodeEqual reports whether the code belongs to the kept hash, in a time that
// does not depend on where they differ.
func CodeEqual(hash, salt, code string) bool {
	return subtle.ConstantTimeCompare([]byte(hash), []byte(CodeHash(salt, code))) == 1
}

func grouped(b []byte) string {
	return dashed(codeEncoding.EncodeToString(b))
}

// codeEncoding writes 5 bits a character, without padding.
var codeEncoding = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

func dashed(s string) string { return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:] }

// codeCharacter maps what was typed to the alphabet.
func codeCharacter(r rune) (byte, bool) {
	switch {
	case r >= 'a' && r <= 'z':
		r -= 'a' - 'A'
	case r >= '0' && r <= '9':
		return byte(r), true
	}
	switch {
	case r == 'O':
		return '0', true
	case r == 'I' || r == 'L':
		return '1', true
	case r >= 'A' && r <= 'Z' && r != 'U':
		return byte(r), true
	}
	return 0, false
}

// separator reports spaces, dashes of every width and invisible characters
// that come along when a number is copied from a message.
func separator(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) ||
		r == '\u2212' || r == '_' || r == '·'
}
