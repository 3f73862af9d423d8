package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"luoshi/internal/office"
)

// request is a command under an idempotency key; nil when no key was given.
type request struct {
	key  string // as the caller gave it
	hash []byte // of key, verb and whose key it is: the same key from another person is another key
	body []byte // the command as JSON; compared only with what this program made, so member order is fixed
}

func newRequest(a office.Actor, verb, key string, encode func() ([]byte, error)) (*request, error) {
	if key == "" {
		return nil, nil
	}
	body, err := encode()
	if err != nil {
		return nil, invalid("body", "not-canonical", "内容里有无法保存的字符或数字。", "The input holds characters or numbers that cannot be stored.")
	}
	h := sha256.Sum256([]byte(owner(a) + "\x00" + verb + "\x00" + key))
	return &request{key: key, hash: h[:], body: body}, nil
}

func owner(a office.Actor) string {
	switch {
	case a.Account != nil:
		return "staff:" + a.Account.Login
	case a.Party != nil:
		return "party:" + a.Party.Matter + ":" + a.Party.Role + ":" + a.Party.Code
	case a.System:
		return "system"
	}
	return "resident"
}

// given is the key as the caller gave it, "" for none.
func (r *request) given() string {
	if r == nil {
		return ""
	}
	return r.key
}

// sign notes in the act under which key it was recorded and for which command, so that neither can be
// changed in the database unseen. What was commanded is personal: it is hashed under the content's salt and
// cannot be guessed once that is erased.
func (r *request) sign(e *Entry) {
	if r == nil {
		return
	}
	e.Act.Key, e.Act.Request = hex.EncodeToString(r.hash), r.digest(e)
}

func (r *request) digest(e *Entry) string {
	salt := e.Salt
	if e.ContentSalt != nil {
		salt = *e.ContentSalt
	}
	mac := hmac.New(sha256.New, salt[:])
	mac.Write(r.body)
	return hex.EncodeToString(mac.Sum(nil))
}

// repeat answers a request whose idempotency key is known: the first answer again when the command is the
// same, an error when it is another; nil when the key is new. Of an erased entry the command is no longer
// known, so that its key alone gives the answer, without its content.
func (s *Service) repeat(ctx context.Context, r *request) (*Outcome, error) {
	if r == nil {
		return nil, nil
	}
	e, err := s.Store.EntryByKey(ctx, r.hash)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !e.Erased() && e.Act.Request != r.digest(e) {
		return nil, fail(KeyReused, "key-reused", "这个幂等键已经用于另一个请求。请为新的请求换一个键。",
			"This idempotency key was used for another request. Use a new key for a new request.")
	}
	return s.firstAnswer(ctx, e, r.key)
}

// auditKey checks the column by which a repeat is found against the act.
func auditKey(e Stored) string {
	if hex.EncodeToString(e.Key) != e.Act.Key {
		return "the idempotency key was changed: the act names another"
	}
	return ""
}
