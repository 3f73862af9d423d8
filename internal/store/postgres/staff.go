package postgres

import (
	"context"
	"encoding/json"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"

	"github.com/jackc/pgx/v5"
)

// Meta implements casework.Store.
func (s *Store) Meta(ctx context.Context, name string) (v string, err error) {
	err = s.row(ctx, "meta-read", name).Scan(&v)
	return v, mapError(err)
}

// PutMeta implements casework.Store.
func (s *Store) PutMeta(_ context.Context, name, value string) error {
	return s.put(casework.News{}, statement{"meta-put", []any{name, value}})
}

// Procedures implements casework.ProcedureStore.
func (s *Store) Procedures(ctx context.Context) (map[string]casework.Published, error) {
	out := map[string]casework.Published{}
	_, err := listOf(ctx, s, "procedures", func(r pgx.CollectableRow) (struct{}, error) {
		var key string
		var p casework.Published
		err := r.Scan(&key, &p.Source, &p.By, &p.At)
		out[key] = p
		return struct{}{}, err
	})
	return out, err
}

// PutProcedure implements casework.ProcedureStore.
func (s *Store) PutProcedure(_ context.Context, key string, p casework.Published) error {
	return s.put(casework.News{Procedures: true}, statement{"procedure-put", []any{key, p.Source, p.By, p.At}})
}

// Units implements casework.StaffStore.
func (s *Store) Units(ctx context.Context) ([]office.Unit, error) {
	return listOf(ctx, s, "units", func(r pgx.CollectableRow) (u office.Unit, err error) {
		var name, successors []byte
		if err := r.Scan(&u.Code, &u.Parent, &u.Kind, &name, &u.ValidFrom, &u.ValidTo, &successors); err != nil {
			return u, err
		}
		if err := json.Unmarshal(name, &u.Name); err != nil {
			return u, err
		}
		return u, json.Unmarshal(successors, &u.Successors)
	})
}

// PutUnits implements casework.StaffStore.
func (s *Store) PutUnits(_ context.Context, units []office.Unit) error {
	var writes []statement
	for _, u := range units {
		name, err := json.Marshal(u.Name)
		if err != nil {
			return err
		}
		successors, err := json.Marshal(append([]string{}, u.Successors...))
		if err != nil {
			return err
		}
		writes = append(writes, statement{"unit-put", []any{u.Code, u.Parent, u.Kind, string(name), u.ValidFrom, u.ValidTo, string(successors)}})
	}
	return s.put(casework.News{Staff: true}, writes...)
}

// Accounts implements casework.StaffStore.
func (s *Store) Accounts(ctx context.Context) ([]office.Account, error) {
	type grant struct {
		login string
		office.Grant
	}
	all, err := listOf(ctx, s, "grants", func(r pgx.CollectableRow) (g grant, err error) {
		return g, r.Scan(&g.login, &g.Role, &g.Unit)
	})
	if err != nil {
		return nil, err
	}
	grants := map[string][]office.Grant{}
	for _, g := range all {
		grants[g.login] = append(grants[g.login], g.Grant)
	}
	return listOf(ctx, s, "accounts", func(r pgx.CollectableRow) (a office.Account, err error) {
		err = r.Scan(&a.Login, &a.Name, &a.Disabled)
		a.Grants = grants[a.Login]
		return a, err
	})
}

// PutAccount implements casework.StaffStore.
func (s *Store) PutAccount(_ context.Context, a office.Account, password, token string) error {
	writes := []statement{
		{"account-put", []any{a.Login, a.Name, password, token, a.Disabled}},
		{"grants-clear", []any{a.Login}},
	}
	for _, g := range a.Grants {
		writes = append(writes, statement{"grant-put", []any{a.Login, g.Role, g.Unit}})
	}
	return s.put(casework.News{Staff: true}, writes...)
}

// PasswordHash implements casework.StaffStore.
func (s *Store) PasswordHash(ctx context.Context, login string) (v string, err error) {
	err = s.row(ctx, "account-password", login).Scan(&v)
	return v, mapError(err)
}

// LoginByToken implements casework.StaffStore.
func (s *Store) LoginByToken(ctx context.Context, hash string) (v string, err error) {
	err = s.row(ctx, "account-by-token", hash).Scan(&v)
	return v, mapError(err)
}

// PutSession implements casework.StaffStore. Expired sessions are removed on the way.
func (s *Store) PutSession(_ context.Context, x casework.Session, now time.Time) error {
	return s.put(casework.News{},
		statement{"sessions-expire", []any{now.Unix()}},
		statement{"session-put", []any{x.Hash, x.Login, x.Matter, x.Party, x.Code, x.Expires.Unix()}})
}

// Session implements casework.StaffStore.
func (s *Store) Session(ctx context.Context, hash string, now time.Time) (casework.Session, error) {
	x := casework.Session{Hash: hash}
	var expires int64
	err := s.row(ctx, "session-read", hash, now.Unix()).Scan(&x.Login, &x.Matter, &x.Party, &x.Code, &expires)
	x.Expires = time.Unix(expires, 0)
	return x, mapError(err)
}

// EndSession implements casework.StaffStore.
func (s *Store) EndSession(_ context.Context, hash string) error {
	return s.put(casework.News{}, statement{"session-end", []any{hash}})
}
