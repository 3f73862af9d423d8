package web

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
)

// sealer encrypts the words of a search for the address of a page, because a search is often for a name and
// addresses stand in histories and logs. Its key follows from the installation's secret, so that every node
// opens what another sealed; an address from elsewhere is shown as a list without search.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (*sealer, error) {
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

// open gives the words back, or "" for anything that was not sealed here.
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
