package casework

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"luoshi/internal/office"
)

func TestStoreErrorsBecomeWordsForThePerson(t *testing.T) {
	secret := errors.New("disk I/O error at /srv/secret/path")
	for _, c := range []struct {
		name string
		err  error
		kind ErrorKind
		code string
	}{
		{"not found", fmt.Errorf("x: %w", ErrNotFound), NotFound, "no-such-matter"},
		{"full", fmt.Errorf("%w: %w", ErrFull, secret), Unavailable, "storage-full"},
		{"away", fmt.Errorf("%w: %w", ErrAway, secret), Unavailable, "database-away"},
		{"unknown", fmt.Errorf("%w: %w", ErrUnknown, secret), Unknown, "outcome-unknown"},
		{"anything else", secret, Internal, "internal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := AsError(storeError(c.err))
			if e.Kind != c.kind || e.Code != c.code {
				t.Errorf("kind %d, code %s", e.Kind, e.Code)
			}
			for _, lang := range []string{"zh", "en"} {
				if s := e.Text.In(lang); s == "" || strings.Contains(s, "secret") {
					t.Errorf("%s: %q", lang, s)
				}
			}
			if c.kind != NotFound && !errors.Is(e, c.err) {
				t.Error("the cause is lost for the log")
			}
		})
	}
	for _, err := range []error{ErrFull, ErrAway, ErrUnknown} { // also when a verb passed it on as it was
		if KindOf(fmt.Errorf("reading: %w", err)) != KindOf(storeError(err)) {
			t.Errorf("%v is of kind %d", err, KindOf(err))
		}
	}
	if storeError(nil) != nil {
		t.Error("nothing wrong became an error")
	}
}

func keyHash(t *testing.T, a office.Actor, verb, key string) []byte {
	t.Helper()
	r, err := newRequest(a, verb, key, func() ([]byte, error) { return []byte("command"), nil })
	if err != nil {
		t.Fatal(err)
	}
	if r == nil {
		return nil
	}
	return r.hash
}

func TestAKeyBelongsToItsOwnerAndVerb(t *testing.T) {
	clerk := office.Actor{Account: &office.Account{Login: "a"}}
	seen := map[string]string{}
	for name, h := range map[string][]byte{
		"resident":         keyHash(t, office.Actor{Resident: true}, "lodge", "k"),
		"system":           keyHash(t, office.Actor{System: true}, "lodge", "k"),
		"clerk":            keyHash(t, clerk, "lodge", "k"),
		"another verb":     keyHash(t, clerk, "step", "k"),
		"another key":      keyHash(t, clerk, "lodge", "l"),
		"another clerk":    keyHash(t, office.Actor{Account: &office.Account{Login: "b"}}, "lodge", "k"),
		"party":            keyHash(t, office.Actor{Party: &office.PartyRef{Matter: "1", Role: "x"}}, "step", "k"),
		"another party":    keyHash(t, office.Actor{Party: &office.PartyRef{Matter: "1", Role: "y"}}, "step", "k"),
		"of another thing": keyHash(t, office.Actor{Party: &office.PartyRef{Matter: "2", Role: "x"}}, "step", "k"),
	} {
		if other := seen[string(h)]; other != "" || len(h) != 32 {
			t.Errorf("%s has the key of %q", name, other)
		}
		seen[string(h)] = name
	}
	if keyHash(t, clerk, "lodge", "") != nil {
		t.Error("no key became one")
	}
}
