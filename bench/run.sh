#!/usr/bin/env bash
# Measures Luoshi against PocketBase and against itself at two sizes, and prints the ratios.
#
#   bench/run.sh            small and quick: some minutes
#   FULL=1 bench/run.sh     as doc/performance.md was measured: a million matters, about 8 GB of disk, an hour
#
# Filled databases are kept in $CACHE, a folder under the system's temporary one, for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

CACHE="${CACHE:-${TMPDIR:-/tmp}/luoshi-measure}"
if [ -n "${FULL:-}" ]; then
  SMALL=10000 LARGE=1000000 AUDIT=100000 ROUNDS=5 LOAD=8s READ=1s LIFE=3s
else
  SMALL=2000 LARGE=20000 AUDIT=20000 ROUNDS=2 LOAD=3s READ=200ms LIFE=1s
fi

programs="$(mktemp -d)"
trap 'rm -rf "$programs"' EXIT
go build -o "$programs/measure" ./bench/measure
(cd bench/pocketbase && go build -o "$programs/pocketbase" .)

section() { printf '\n## %s\n\n' "$1"; }
measure() { "$programs/measure" "$@"; }

section "Lodging over HTTP, 64 clients, in turn with PocketBase"
measure lodging --spike --pocketbase "$programs/pocketbase" --rounds "$ROUNDS" --duration "$LOAD"
section "The same, PocketBase without its log of requests"
measure lodging --pocketbase "$programs/pocketbase" --rounds "$ROUNDS" --duration "$LOAD" --quiet
section "Full lifecycle"
measure lifecycle --cache "$CACHE" --small "$SMALL" --large "$LARGE" --rounds "$ROUNDS" --duration "$LIFE"
section "Worklist, search, matter"
measure reads --cache "$CACHE" --small "$SMALL" --large "$LARGE" --duration "$READ"
section "Every page"
measure pages --cache "$CACHE" --small "$SMALL" --large "$LARGE" --duration "$READ"
section "Lodging on PostgreSQL, in turn with bare group commit and PocketBase"
measure lodging --postgres --pocketbase "$programs/pocketbase" --rounds "$ROUNDS" --duration "$LOAD"
section "Worklist, search, matter on PostgreSQL"
measure reads --postgres --cache "$CACHE" --small "$SMALL" --large "$LARGE" --duration "$READ"
section "Audit"
measure audit --cache "$CACHE" --matters "$AUDIT" --rounds 3
section "A directive to every township"
measure directives --rounds "$ROUNDS"
section "Start"
measure start --cache "$CACHE" --matters "$LARGE" --rounds "$ROUNDS"
