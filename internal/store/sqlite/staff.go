package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Meta implements casework.Store.
func (s *Store) Meta(ctx context.Context, name string) (string, error) {
	var v string
	err := s.reads["meta-read"].QueryRowContext(ctx, name).Scan(&v)
	return v, mapError(err)
}

// PutMeta implements casework.Store.
func (s *Store) PutMeta(ctx context.Context, name, value string) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error { return w.exec(ctx, "meta-put", name, value) })
}

// Procedures implements casework.ProcedureStore.
func (s *Store) Procedures(ctx context.Context) (map[string]casework.Published, error) {
	rows, err := s.reads["procedures"].QueryContext(ctx)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	out := map[string]casework.Published{}
	for rows.Next() {
		var key string
		var p casework.Published
		if err := rows.Scan(&key, &p.Source, &p.By, &p.At); err != nil {
			return nil, err
		}
		out[key] = p
	}
	return out, rows.Err()
}

// PutProcedure implements casework.ProcedureStore.
func (s *Store) PutProcedure(ctx context.Context, key string, p casework.Published) error {
	return s.inWriterWithNews(ctx, casework.News{Procedures: true}, func(ctx context.Context, w *batch) error {
		return w.exec(ctx, "procedure-put", key, p.Source, p.By, p.At)
	})
}

// Units implements casework.StaffStore.
func (s *Store) Units(ctx context.Context) ([]office.Unit, error) {
	rows, err := s.reads["units"].QueryContext(ctx)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []office.Unit
	for rows.Next() {
		var u office.Unit
		var name, successors []byte
		if err := rows.Scan(&u.Code, &u.Parent, &u.Kind, &name, &u.ValidFrom, &u.ValidTo, &successors); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(name, &u.Name); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(successors, &u.Successors); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}

// PutUnits implements casework.StaffStore.
func (s *Store) PutUnits(ctx context.Context, units []office.Unit) error {
	return s.inWriterWithNews(ctx, casework.News{Staff: true}, func(ctx context.Context, w *batch) error {
		for _, u := range units {
			name, err := json.Marshal(u.Name)
			if err != nil {
				return err
			}
			successors, err := json.Marshal(append([]string{}, u.Successors...))
			if err != nil {
				return err
			}
			if err := w.exec(ctx, "unit-put", u.Code, u.Parent, u.Kind, string(name), u.ValidFrom, u.ValidTo, string(successors)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Accounts implements casework.StaffStore.
func (s *Store) Accounts(ctx context.Context) ([]office.Account, error) {
	grants, err := s.grants(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.reads["accounts"].QueryContext(ctx)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	var out []office.Account
	for rows.Next() {
		var a office.Account
		if err := rows.Scan(&a.Login, &a.Name, &a.Disabled); err != nil {
			return nil, err
		}
		a.Grants = grants[a.Login]
		out = append(out, a)
	}
	return out, rows.Err()
}

func (s *Store) grants(ctx context.Context) (map[string][]office.Grant, error) {
	rows, err := s.reads["grants"].QueryContext(ctx)
	if err != nil {
		return nil, mapError(err)
	}
	defer rows.Close()
	out := map[string][]office.Grant{}
	for rows.Next() {
		var login string
		var g office.Grant
		if err := rows.Scan(&login, &g.Role, &g.Unit); err != nil {
			return nil, err
		}
		out[login] = append(out[login], g)
	}
	return out, rows.Err()
}

// PutAccount implements casework.StaffStore.
func (s *Store) PutAccount(ctx context.Context, a office.Account, password, token string) error {
	return s.inWriterWithNews(ctx, casework.News{Staff: true}, func(ctx context.Context, w *batch) error {
		if err := w.exec(ctx, "account-put", a.Login, a.Name, password, token, a.Disabled); err != nil {
			return err
		}
		if err := w.exec(ctx, "grants-clear", a.Login); err != nil {
			return err
		}
		for _, g := range a.Grants {
			if err := w.exec(ctx, "grant-put", a.Login, g.Role, g.Unit); err != nil {
				return err
			}
		}
		return nil
	})
}

// PasswordHash implements casework.StaffStore.
func (s *Store) PasswordHash(ctx context.Context, login string) (string, error) {
	var v string
	err := s.reads["account-password"].QueryRowContext(ctx, login).Scan(&v)
	return v, mapError(err)
}

// LoginByToken implements casework.StaffStore.
func (s *Store) LoginByToken(ctx context.Context, hash string) (string, error) {
	var v string
	err := s.reads["account-by-token"].QueryRowContext(ctx, hash).Scan(&v)
	return v, mapError(err)
}

// PutSession implements casework.StaffStore. Expired sessions are removed on the way.
func (s *Store) PutSession(ctx context.Context, x casework.Session, now time.Time) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error {
		if err := w.exec(ctx, "sessions-expire", now.Unix()); err != nil {
			return err
		}
		return w.exec(ctx, "session-put", x.Hash, x.Login, x.Matter, x.Party, x.Code, x.Expires.Unix())
	})
}

// Session implements casework.StaffStore.
func (s *Store) Session(ctx context.Context, hash string, now time.Time) (casework.Session, error) {
	x := casework.Session{Hash: hash}
	var expires int64
	err := s.reads["session-read"].QueryRowContext(ctx, hash, now.Unix()).Scan(&x.Login, &x.Matter, &x.Party, &x.Code, &expires)
	x.Expires = time.Unix(expires, 0)
	return x, mapError(err)
}

// EndSession implements casework.StaffStore.
func (s *Store) EndSession(ctx context.Context, hash string) error {
	return s.inWriter(ctx, func(ctx context.Context, w *batch) error { return w.exec(ctx, "session-end", hash) })
}
