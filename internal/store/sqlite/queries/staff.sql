-- name: units
SELECT code, parent, kind, name, valid_from, valid_to, successors FROM unit ORDER BY code;

-- name: unit-put
INSERT INTO unit (code, parent, kind, name, valid_from, valid_to, successors) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (code) DO UPDATE SET parent = excluded.parent, kind = excluded.kind, name = excluded.name,
  valid_from = excluded.valid_from, valid_to = excluded.valid_to, successors = excluded.successors;

-- name: accounts
SELECT login, name, disabled FROM account ORDER BY login;

-- name: grants
SELECT login, role, unit FROM account_grant ORDER BY login, role, unit;

-- name: account-put
INSERT INTO account (login, name, password, token, disabled) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (login) DO UPDATE SET name = excluded.name, disabled = excluded.disabled,
  password = CASE excluded.password WHEN '' THEN password ELSE excluded.password END,
  token = CASE excluded.token WHEN '' THEN token ELSE excluded.token END;

-- name: grants-clear
DELETE FROM account_grant WHERE login = ?;

-- name: grant-put
INSERT INTO account_grant (login, role, unit) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: account-password
SELECT password FROM account WHERE login = ? AND disabled = 0;

-- name: account-by-token
SELECT login FROM account WHERE token = ? AND token <> '' AND disabled = 0;

-- name: session-put
INSERT INTO session (hash, login, matter, party, code, expires) VALUES (?, ?, ?, ?, ?, ?);

-- name: session-read
SELECT login, matter, party, code, expires FROM session WHERE hash = ? AND expires > ?;

-- name: session-end
DELETE FROM session WHERE hash = ?;

-- name: sessions-expire
DELETE FROM session WHERE expires <= ?;
