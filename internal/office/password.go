package office

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Argon2id as the OWASP Password Storage Cheat Sheet recommends for 19 MiB.
const (
	argonMemory  = 19456 // KiB
	argonTime    = 2
	argonThreads = 1
	saltBytes    = 16
	keyBytes     = 32

	minPassword = 8    // characters
	maxPassword = 1024 // bytes
)

// absentHash costs a check the same work as a real one and matches no
// password: its key is all zero bits. It hides whether a login exists.
const absentHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// HashPassword gives the PHC string to keep, $argon2id$v=19$m=…,t=…,p=…$salt$key.
// It takes about 19 MiB and tens of milliseconds; the caller limits how many
// run at once. A password has at least 8 characters and at most 1024 bytes; it
// is compared in Unicode NFC, so that input methods do not matter (RFC 8265 §4.2).
func HashPassword(password string) (string, error) {
	if !utf8.ValidString(password) {
		return "", errors.New("office: the password is not valid UTF-8")
	}
	if n := utf8.RuneCountInString(password); n < minPassword {
		return "", fmt.Errorf("office: the password has %d characters; it needs at least %d", n, minPassword)
	}
	if len(password) > maxPassword {
		return "", fmt.Errorf("office: the password is longer than %d bytes", maxPassword)
	}
	h := phc{memory: argonMemory, time: argonTime, threads: argonThreads, salt: make([]byte, saltBytes)}
	rand.Read(h.salt)
	h.key = h.derive(password, keyBytes)
	return h.String(), nil
}

// CheckPassword reports whether the password belongs to the kept hash. An empty
// hash stands for a login that does not exist: the same work is done and the
// answer is false. The error is about the hash, never about the password.
func CheckPassword(hash, password string) (bool, error) {
	if hash == "" {
		hash = absentHash
	}
	h, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	if len(password) > maxPassword {
		return false, nil
	}
	return subtle.ConstantTimeCompare(h.derive(password, uint32(len(h.key))), h.key) == 1, nil
}

// NeedsRehash reports whether the hash was made with other parameters than
// HashPassword uses now; sign in is the moment to renew it.
func NeedsRehash(hash string) bool {
	h, err := parsePHC(hash)
	return err != nil || h.memory != argonMemory || h.time != argonTime || h.threads != argonThreads
}

// phc is a parsed hash.
type phc struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

func (h phc) derive(password string, n uint32) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), h.salt, h.time, h.memory, h.threads, n)
}

// String writes the PHC form.
func (h phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.memory, h.time, h.threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

// parsePHC reads exactly the form String writes. The bounds keep a hostile or
// damaged record from taking all memory or all time of the server.
func parsePHC(s string) (phc, error) {
	bad := func(what string) (phc, error) {
		return phc{}, fmt.Errorf("office: password hash: %s; set the password anew", what)
	}
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v=19" {
		return bad("not $argon2id$v=19$…")
	}
	param := strings.Split(part[3], ",")
	if len(param) != 3 {
		return bad("needs the parameters m, t and p")
	}
	m, okM := bounded(param[0], "m=", 8*1024, 256*1024)
	t, okT := bounded(param[1], "t=", 1, 16)
	p, okP := bounded(param[2], "p=", 1, 16)
	if !okM || !okT || !okP {
		return bad("parameters out of bounds (m 8192…262144, t 1…16, p 1…16)")
	}
	salt, errS := base64.RawStdEncoding.Strict().DecodeString(part[4])
	key, errK := base64.RawStdEncoding.Strict().DecodeString(part[5])
	if errS != nil || errK != nil || len(salt) < 8 || len(salt) > 64 || len(key) < 16 || len(key) > 64 {
		return bad("salt or key is damaged")
	}
	h := phc{memory: m, time: t, threads: uint8(p), salt: salt, key: key}
	if h.String() != s { // base64 skips line breaks and numbers may have leading zeros
		return bad("not in its one written form")
	}
	return h, nil
}

func bounded(s, prefix string, low, high uint64) (uint32, bool) {
	digits, ok := strings.CutPrefix(s, prefix)
	n, err := strconv.ParseUint(digits, 10, 32)
	return uint32(n), ok && err == nil && low <= n && n <= high
}
