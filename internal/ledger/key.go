package ledger

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"filippo.io/torchwood"
)

// Key signs the checkpoints of one log. Its name is the log's origin. The private
// part stays inside: it is written only to the key's own file.
type Key struct {
	secret string // "PRIVATE+KEY+name+hash+key", the line in the file
	vkey   string
	signer note.Signer
}

// NewKey makes a fresh Ed25519 key for the log of that name. The name must not be
// empty and must hold no white space, invisible character or plus sign.
func NewKey(name string) (*Key, error) {
	if err := checkOrigin(name); err != nil {
		return nil, err
	}
	secret, _, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	return parseKey(secret)
}

// parseKey reads the private key line and derives the public one.
func parseKey(secret string) (*Key, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("not a signing key of the form PRIVATE+KEY+name+hash+key: %w", err)
	}
	// NewSigner has checked the form: five parts, the last base64 of an algorithm
	// byte and the seed.
	algSeed, ok := parseBase64(strings.SplitN(secret, "+", 5)[4])
	if !ok {
		return nil, errors.New("not a signing key: the key is not canonical base64")
	}
	public := ed25519.NewKeyFromSeed(algSeed[1:]).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("deriving the verifier key: %w", err)
	}
	return &Key{secret: secret, vkey: vkey, signer: signer}, nil
}

// LoadOrCreateKey reads the signing key from a file, or makes one and stores it
// there when the file does not exist: mode 0600, complete or not at all, and on
// the disk before the key is used. It refuses a file that others can read, a
// damaged one, and a key of another name.
func LoadOrCreateKey(path, name string) (*Key, error) {
	k, err := loadKey(path, name)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	k, err = NewKey(name)
	if err != nil {
		return nil, err
	}
	err = storeKey(path, k.secret)
	if errors.Is(err, fs.ErrExist) {
		// Another process made the key in the meantime: that one counts.
		return loadKey(path, name)
	}
	if err != nil {
		return nil, fmt.Errorf("storing the new signing key: %w", err)
	}
	return k, nil
}

func loadKey(path, name string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("the signing key %s can be read or changed by others (mode %04o): run `chmod 600 %s`, and make a new key if others may have seen it", path, mode, path)
	}
	data := make([]byte, 4096)
	n, err := f.Read(data)
	if err != nil && n == 0 {
		return nil, fmt.Errorf("the signing key %s is empty or unreadable (%v): restore it from its backup", path, err)
	}
	k, err := parseKey(strings.TrimSuffix(string(data[:n]), "\n"))
	if err != nil {
		return nil, fmt.Errorf("the signing key %s is damaged, restore it from its backup: %w", path, err)
	}
	if k.Name() != name {
		return nil, fmt.Errorf("the signing key %s belongs to the log %q, not to %q: point to the right key file or name the log as before", path, k.Name(), name)
	}
	return k, nil
}

// storeKey writes a new file beside the target, syncs it, and links it into place,
// which fails when the target exists. A crash in between leaves at most the
// temporary file, never half a key.
func storeKey(path, secret string) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(secret + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Name is the key's name and the log's origin.
func (k *Key) Name() string { return k.signer.Name() }

// Signer is the key as a signed-note signer.
func (k *Key) Signer() note.Signer { return k.signer }

// VerifierKey is the public key as text, "name+hash+key": what to publish, and
// what `luoshi verify --key` takes.
func (k *Key) VerifierKey() string { return k.vkey }

// String names the key without its secret, so that printing one is harmless.
func (k *Key) String() string { return "signing key " + k.Name() }

// SignCheckpoint signs the head of a log as a C2SP tlog-checkpoint. A key signs
// only the log that bears its name (doc/log-format.md §5).
func (k *Key) SignCheckpoint(origin string, size int64, root tlog.Hash) ([]byte, error) {
	if origin != k.Name() {
		return nil, fmt.Errorf("the key %q cannot sign for the log %q: a key signs only the log it is named after", k.Name(), origin)
	}
	if size < 0 || size > maxSize {
		return nil, fmt.Errorf("a log of %d leaves is not possible", size)
	}
	head := torchwood.Checkpoint{Origin: origin, Tree: tlog.Tree{N: size, Hash: root}}
	return note.Sign(&note.Note{Text: head.String()}, k.signer)
}
