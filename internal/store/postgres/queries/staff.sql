-- name: units
SELECT code, parent, kind, name, valid_from, valid_to, successors FROM unit WHERE log = $1 ORDER BY code;

-- name: unit-put
INSERT INTO unit (log, code, parent, kind, name, valid_from, valid_to, successors) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (log, code) DO UPDATE SET parent = excluded.parent, kind = excluded.kind, name = excluded.name,
  valid_from = excluded.valid_from, valid_to = excluded.valid_to, successors = excluded.successors;

-- name: accounts
SELECT login, name, disabled FROM account WHERE log = $1 ORDER BY login;

-- name: grants
SELECT login, role, unit FROM account_grant WHERE log = $1 ORDER BY login, role, unit;

-- name: account-put
INSERT INTO account (log, login, name, password, token, disabled) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (log, login) DO UPDATE SET name = excluded.name, disabled = excluded.disabled,
  password = CASE excluded.password WHEN '' THEN account.password ELSE excluded.password END,
  token = CASE excluded.token WHEN '' THEN account.token ELSE excluded.token END;

-- name: grants-clear
DELETE FROM account_grant WHERE log = $1 AND login = $2;

-- name: grant-put
INSERT INTO account_grant (log, login, role, unit) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: account-password
SELECT password FROM account WHERE log = $1 AND login = $2 AND NOT disabled;

-- name: account-by-token
SELECT login FROM account WHERE log = $1 AND token = $2 AND token <> '' AND NOT disabled;

-- name: session-put
INSERT INTO session (log, hash, login, matter, party, code, expires) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: session-read
SELECT login, matter, party, code, expires FROM session WHERE log = $1 AND hash = $2 AND expires > $3;

-- name: session-end
DELETE FROM session WHERE log = $1 AND hash = $2;

-- name: sessions-expire
DELETE FROM session WHERE log = $1 AND expires <= $2;
