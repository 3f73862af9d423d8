package transfer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// Recipients reads who may open a backup: age recipients as they are written (age1…), those in a file, one a
// line, or whoever knows the passphrase in the first line of a file. Empty arguments ask for nothing.
func Recipients(given []string, file, passphraseFile string) ([]age.Recipient, error) {
	if passphraseFile != "" && (len(given) > 0 || file != "") {
		return nil, errors.New("a backup is encrypted either for recipients or with a passphrase, not both")
	}
	if passphraseFile != "" {
		p, err := passphrase(passphraseFile)
		if err != nil {
			return nil, err
		}
		r, err := age.NewScryptRecipient(p)
		return []age.Recipient{r}, err
	}
	var out []age.Recipient
	for _, g := range given {
		rs, err := age.ParseRecipients(strings.NewReader(g))
		if err != nil {
			return nil, fmt.Errorf("--recipient %s is no age recipient (age1…): %w", g, err)
		}
		out = append(out, rs...)
	}
	rs, err := parsed(file, "list of age recipients", age.ParseRecipients)
	return append(out, rs...), err
}

// Identities reads what opens an encrypted backup: a file of age identities, or one with the passphrase in its
// first line. Empty arguments ask for nothing.
func Identities(file, passphraseFile string) ([]age.Identity, error) {
	var out []age.Identity
	if passphraseFile != "" {
		p, err := passphrase(passphraseFile)
		if err != nil {
			return nil, err
		}
		i, err := age.NewScryptIdentity(p)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	is, err := parsed(file, "file of age identities", age.ParseIdentities)
	return append(out, is...), err
}

// parsed reads a file by one of age's parsers; an empty name gives nothing.
func parsed[T any](file, what string, parse func(io.Reader) ([]T, error)) ([]T, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := parse(f)
	if err != nil {
		return nil, fmt.Errorf("%s is no %s: %w", file, what, err)
	}
	return all, nil
}

func passphrase(file string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(string(b), "\n")
	if first = strings.TrimSuffix(first, "\r"); first == "" {
		return "", fmt.Errorf("%s holds no passphrase in its first line", file)
	}
	return first, nil
}
