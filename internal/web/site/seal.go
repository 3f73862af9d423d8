package site

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
)

// Sealer encrypts the words of a search for the address of a page, because a search is often for a name and
// addresses stand in histories and logs. Its key follows from the installation's secret, so that every node
// opens what another sealed; an address from elsewhere is shown as a list without search.
type Sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (*Sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &Sealer{aead}, err
}

// Seal encrypts words, each time to another text.
func (s *Sealer) Seal(words string) string {
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(words), nil))
}

// Open gives the words back, or "" for anything that was not sealed here.
func (s *Sealer) Open(sealed string) string {
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
