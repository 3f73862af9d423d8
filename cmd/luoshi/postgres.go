package main

// postgresHelp is what the commands that take a database say of PostgreSQL.
const postgresHelp = `PostgreSQL 15 or newer: name an existing, empty database and a user who may create tables in it. Keep the
password out of the address, where others on the machine can see it: put it into PGPASSWORD or ~/.pgpass.
luoshi_log=N in the address chooses one of several logs in a database; without it, 1. The signing key is NAME.key
(NAME-N.key for log N) in this folder, or --key FILE; the verifier key stands beside it with .vkey.
`
