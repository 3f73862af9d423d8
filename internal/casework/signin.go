package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"luoshi/internal/office"
)

// SessionLife is how long somebody stays signed in on a page.
const (
	StaffSession = 12 * time.Hour
	PartySession = time.Hour
)

// errSignIn is one answer for an unknown login, a wrong password and a disabled account.
func errSignIn() *Error {
	return fail(NotAllowed, "sign-in-failed", "用户名或密码不正确。", "The login or the password is not right.")
}

// SignIn checks a password and begins a session; the answer is the secret for the cookie.
func (s *Service) SignIn(ctx context.Context, login, password string) (secret string, err error) {
	hash, err := s.Store.PasswordHash(ctx, login)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	// An empty hash is an unknown login: the check does the same work and says no. Each check takes 19 MiB, so
	// only a few run at once.
	s.signIns <- struct{}{}
	ok, err := office.CheckPassword(hash, password)
	<-s.signIns
	if err != nil {
		return "", err
	}
	if !ok || s.Staff().Accounts[login] == nil {
		return "", errSignIn()
	}
	return s.session(ctx, Session{Login: login, Expires: s.Now().Add(StaffSession)})
}

// OpenAsParty begins a session for the party that the number and query code belong to.
func (s *Service) OpenAsParty(ctx context.Context, num, code string) (secret string, a office.Actor, err error) {
	if a, err = s.PartyByCode(ctx, num, code); err != nil {
		return "", a, err
	}
	secret, err = s.session(ctx, Session{Matter: a.Party.Matter, Party: a.Party.Role, Code: a.Party.Code, Expires: s.Now().Add(PartySession)})
	return secret, a, err
}

func (s *Service) session(ctx context.Context, x Session) (string, error) {
	secret := office.NewToken()
	x.Hash = office.TokenHash(secret)
	return secret, storeError(s.Store.PutSession(ctx, x, s.Now()))
}

// ActorBySession is who a cookie's secret belongs to; NotAllowed when it has ended.
func (s *Service) ActorBySession(ctx context.Context, secret string) (office.Actor, error) {
	x, err := s.Store.Session(ctx, office.TokenHash(secret), s.Now())
	if errors.Is(err, ErrNotFound) {
		return office.Actor{}, errSession()
	}
	if err != nil {
		return office.Actor{}, err
	}
	if x.Matter != "" {
		return s.partyActor(ctx, x)
	}
	return s.staffActor(x.Login)
}

// partyActor is the party of a session, as long as the code it began with still opens the matter.
func (s *Service) partyActor(ctx context.Context, x Session) (office.Actor, error) {
	m, err := s.Store.Matter(ctx, x.Matter)
	if err != nil {
		return office.Actor{}, storeError(err)
	}
	// By the code, not the role: that may have another name since the matter went on in another procedure.
	i := slices.IndexFunc(m.Roles, func(r PartyRef) bool { return r.Code == x.Code })
	if x.Code == "" || i < 0 {
		return office.Actor{}, errSession()
	}
	if follows, err := s.follows(ctx, m, m.Roles[i].Role); err != nil || !follows {
		return office.Actor{}, cmp.Or(err, error(errSession()))
	}
	return office.Actor{Party: &office.PartyRef{Matter: x.Matter, Role: m.Roles[i].Role, Code: x.Code}}, nil
}

// ActorByToken is the account an API token belongs to.
func (s *Service) ActorByToken(ctx context.Context, token string) (office.Actor, error) {
	login, err := s.Store.LoginByToken(ctx, office.TokenHash(token))
	if errors.Is(err, ErrNotFound) {
		return office.Actor{}, fail(NotAllowed, "bad-token", "访问令牌无效。", "The access token is not valid.")
	}
	if err != nil {
		return office.Actor{}, err
	}
	return s.staffActor(login)
}

func (s *Service) staffActor(login string) (office.Actor, error) {
	a := s.Staff().Accounts[login]
	if a == nil || a.Disabled {
		return office.Actor{}, errSession()
	}
	return office.Actor{Account: a}, nil
}

func errSession() *Error {
	return fail(NotAllowed, "session-ended", "登录已失效，请重新登录。", "You are no longer signed in; please sign in again.")
}

// SignOut ends a session.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	return s.Store.EndSession(ctx, office.TokenHash(secret))
}
