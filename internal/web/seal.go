package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
)

// sealer encrypts the words of a search for the address of a page, because a search is often for a name and
// addresses stand in histories and logs. Its key lives as long as the process; an address from before is
// shown as a list without search.
type sealer struct{ aead cipher.AEAD }

func newSealer() (*sealer, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails: the program ends if the system has no randomness
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &sealer{aead}, err
}

func (s *sealer) seal(words string) string {
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(words), nil))
}

// open gives the words back, or "" for anything this process did not seal.
func (s *sealer) open(sealed string) string {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return ""
	}
	words, err := s.aead.Open(nil, nil, b, nil)
	if err != nil {
		return ""
	}
	return string(words)
}
