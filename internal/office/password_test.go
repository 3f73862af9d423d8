package office

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

func TestAPasswordBelongsToItsHash(t *testing.T) {
	hash, err := HashPassword("正确的密码一二三")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`).MatchString(hash) {
		t.Errorf("hash %s", hash)
	}
	if ok, err := CheckPassword(hash, "正确的密码一二三"); !ok || err != nil {
		t.Errorf("right password: %v, %v", ok, err)
	}
	if ok, err := CheckPassword(hash, "错误的密码一二三"); ok || err != nil {
		t.Errorf("wrong password: %v, %v", ok, err)
	}
	if again, _ := HashPassword("正确的密码一二三"); again == hash {
		t.Error("two hashes share a salt")
	}
	if NeedsRehash(hash) {
		t.Error("a fresh hash wants renewal")
	}
}

func TestEquivalentSpellingsAreOnePassword(t *testing.T) {
	hash, err := HashPassword("cafe\u0301-noir")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := CheckPassword(hash, "café-noir"); !ok || err != nil {
		t.Errorf("composed spelling: %v, %v", ok, err)
	}
}

func TestHashesOfOtherParametersAreReadAndRenewed(t *testing.T) {
	salt := []byte("sixteen byte slt")
	key := argon2.IDKey([]byte("old password"), salt, 1, 8192, 2, 24)
	b64 := base64.RawStdEncoding.EncodeToString
	hash := "$argon2id$v=19$m=8192,t=1,p=2$" + b64(salt) + "$" + b64(key)
	if ok, err := CheckPassword(hash, "old password"); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if !NeedsRehash(hash) || !NeedsRehash("") {
		t.Error("old or absent hash wants no renewal")
	}
}

func TestAnUnknownLoginIsRefusedWithoutAnError(t *testing.T) {
	for _, pw := range []string{"", "some password", strings.Repeat("x", 5000)} {
		if ok, err := CheckPassword("", pw); ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
	}
}

func TestDamagedOrHostileHashesAreRefused(t *testing.T) {
	const salt, key = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, hash := range map[string]string{
		"not PHC":            "secret",
		"argon2i":            "$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + key,
		"other version":      "$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + key,
		"all memory":         "$argon2id$v=19$m=4294967295,t=2,p=1$" + salt + "$" + key,
		"all time":           "$argon2id$v=19$m=19456,t=4294967295,p=1$" + salt + "$" + key,
		"no time":            "$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + key,
		"negative":           "$argon2id$v=19$m=19456,t=-2,p=1$" + salt + "$" + key,
		"leading zero":       "$argon2id$v=19$m=19456,t=02,p=1$" + salt + "$" + key,
		"parameter missing":  "$argon2id$v=19$m=19456,t=2$" + salt + "$" + key,
		"order changed":      "$argon2id$v=19$t=2,m=19456,p=1$" + salt + "$" + key,
		"salt too short":     "$argon2id$v=19$m=19456,t=2,p=1$AAAA$" + key,
		"key missing":        "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$",
		"key too short":      "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$AAAA",
		"line break in salt": "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAA\nAAAAAAAAAAA$" + key,
		"loose last bits":    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAB$" + key,
		"something after":    "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + key + "$",
	} {
		if ok, err := CheckPassword(hash, "x"); ok || err == nil {
			t.Errorf("%s: %v, %v", name, ok, err)
		} else if strings.Contains(err.Error(), key) {
			t.Errorf("%s: the error repeats the hash: %v", name, err)
		}
	}
}

func TestPasswordsThatCannotBeSetAreExplained(t *testing.T) {
	for pw, want := range map[string]string{
		"":                        "has 0 characters; it needs at least 8",
		"密码密码密码密":                 "has 7 characters",
		strings.Repeat("x", 1025): "longer than 1024 bytes",
		"abcdefgh\xff":            "not valid UTF-8",
	} {
		if _, err := HashPassword(pw); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(absentHash)
	f.Add("$argon2id$v=19$m=8192,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parsePHC(s)
		if err == nil && (h.String() != s || h.memory > 256*1024 || h.time > 16) {
			t.Errorf("%q read as %q", s, h)
		}
	})
}

func TestTokens(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		tok := NewToken()
		if !regexp.MustCompile(`^lst_[A-Za-z0-9_-]{43}$`).MatchString(tok) || seen[tok] {
			t.Fatalf("token %s", tok)
		}
		seen[tok] = true
	}
	// SHA-256 of "abc", FIPS 180-2 appendix B.1.
	if got := TokenHash("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("hash %s", got)
	}
}

func BenchmarkCheckPassword(b *testing.B) {
	for b.Loop() {
		if _, err := CheckPassword(absentHash, "password"); err != nil {
			b.Fatal(err)
		}
	}
}
