package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Access is what somebody needs to sign in by page (login, password) or by API (token). Role and Unit are
// those of the account's first grant; the unit is a code, or office.Everywhere.
type Access struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Token    string `json:"token"`
	Role     string `json:"role"`
	Unit     string `json:"unit"`
}

// File is demo.json: where the demo answers, the log's verifier key, and who may sign in.
type File struct {
	URL      string   `json:"url"`
	VKey     string   `json:"vkey"`
	Accounts []Access `json:"accounts"`
}

// ReadFile reads demo.json; a missing file is an empty File.
func ReadFile(path string) (*File, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return &File{}, nil
	}
	if err != nil {
		return nil, err
	}
	f := &File{}
	if err := json.Unmarshal(b, f); err != nil {
		return nil, fmt.Errorf("%s is not readable (%w): remove it, and new passwords and tokens are made", path, err)
	}
	return f, nil
}

// Write writes the file for its owner's eyes only (mode 0600), whole or not at all.
func (f *File) Write(path string) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	t, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(t.Name()) // does nothing once it is renamed
	_, err = t.Write(append(b, '\n'))
	if err := errors.Join(err, t.Sync(), t.Close()); err != nil {
		return err
	}
	return os.Rename(t.Name(), path)
}

// Complete names exactly these accounts. It adds password and token for every one that has none yet and keeps the
// others.
func (f *File) Complete(accounts []office.Account) {
	have := map[string]Access{}
	for _, a := range f.Accounts {
		have[a.Login] = a
	}
	f.Accounts = make([]Access, 0, len(accounts))
	for _, v := range accounts {
		a := have[v.Login]
		if a.Password == "" {
			a.Password = newPassword()
		}
		if a.Token == "" {
			a.Token = office.NewToken()
		}
		a.Login, a.Role, a.Unit = v.Login, v.Grants[0].Role, v.Grants[0].Unit
		f.Accounts = append(f.Accounts, a)
	}
}

// Admit lets these accounts sign in with the passwords and tokens that the file has for them. One that does already
// is left alone, and so is one that was disabled. f must be written down before, or nobody knows what was set.
func Admit(ctx context.Context, s *casework.Service, f *File, accounts []office.Account) error {
	have := map[string]Access{}
	for _, a := range f.Accounts {
		have[a.Login] = a
	}
	for _, v := range accounts {
		account := s.Staff().Accounts[v.Login]
		if account == nil {
			return fmt.Errorf("the demo has no account %q; it cannot be given a password", v.Login)
		}
		if err := admit(ctx, s, *account, have[v.Login]); err != nil {
			return err
		}
	}
	return nil
}

func admit(ctx context.Context, s *casework.Service, account office.Account, a Access) error {
	login, err := s.Store.LoginByToken(ctx, office.TokenHash(a.Token))
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return err
	}
	if login == a.Login || account.Disabled {
		return nil
	}
	hash, err := office.HashPassword(a.Password)
	if err != nil {
		return err
	}
	return s.Store.PutAccount(ctx, account, hash, office.TokenHash(a.Token))
}

// newPassword draws four short words and four digits: easy to read out and to type.
func newPassword() string {
	words := strings.Fields("bai cha chun dao deng dou feng guo hai he hua hui jin jing lan lian lin lu ma mei men mi mian nan " +
		"niao ping qiao qin qing qiu san sha shan shi shu shui song su tang tao teng tian ting wan wen xi xia xiang xing xue " +
		"yan yang ye yin ying yu yuan yue yun zao zhen zhi zhou zhu")
	below := func(n int) int64 {
		i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
		if err != nil {
			panic(err) // crypto/rand never fails: the program ends if the system has no randomness
		}
		return i.Int64()
	}
	var b strings.Builder
	for range 4 {
		b.WriteString(words[below(len(words))] + "-")
	}
	fmt.Fprintf(&b, "%04d", below(10_000))
	return b.String()
}
