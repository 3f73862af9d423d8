#!/usr/bin/env bash
# Installs what the tests need and this machine lacks; says what it does and
# does nothing when all is there.
#
#   scripts/need.sh [browser] [postgres] [pdf]      (default: browser)
#
# browser   Chromium and a font with Chinese characters; where there is one, Chromium without a window, with which
#           the tests take half the time
# postgres  the PostgreSQL server, and curl: test/operations runs the commands
#           of doc/operations.md, which ask a server how it is
# pdf       pdftotext, by which `luoshi report` reads PDF files
set -euo pipefail
export PATH="$PATH:/usr/local/go/bin"

# have_* answer whether a thing is there, by what the tests will look for.
have_command() {
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

have_chinese_font() {
  if have_command fc-list; then
    [ -n "$(fc-list :lang=zh family 2>/dev/null | head -n 1 || true)" ]
  else
    [ -d /usr/share/fonts/opentype/noto ] && compgen -G '/usr/share/fonts/opentype/noto/*CJK*' >/dev/null
  fi
}

have_postgres() {
  have_command initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

missing=()
want_browser() {
  if have_command chromium-headless-shell; then
    :
  elif apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    missing+=(chromium-headless-shell)
  else
    have_command chromium chromium-browser google-chrome || missing+=(chromium)
  fi
  have_chinese_font || missing+=(fonts-noto-cjk)
}
want_postgres() {
  have_postgres || missing+=(postgresql)
  have_command curl || missing+=(curl)
}

want_pdf() {
  have_command pdftotext || missing+=(poppler-utils)
}

check_tools() {
  local tool
  for tool in go node npm make; do
    if ! have_command "$tool"; then
      echo "need: $tool is not installed; install it first (Go 1.26 from go.dev/dl, Node 20 or newer)" >&2
      exit 1
    fi
  done
}

install_missing() {
  local as_root=()
  if ! have_command apt-get; then
    echo "need: please install by hand what Debian calls: ${missing[*]}" >&2
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! have_command sudo; then
      echo "need: run as root: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "need: installing ${missing[*]}"
  ${as_root[@]+"${as_root[@]}"} apt-get update -qq
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

[ $# -gt 0 ] || set -- browser
check_tools
for what in "$@"; do
  case "$what" in
    browser) want_browser ;;
    postgres) want_postgres ;;
    pdf) want_pdf ;;
    *) echo "need: \"$what\" is unknown; say browser, postgres or pdf" >&2; exit 2 ;;
  esac
done
[ ${#missing[@]} -eq 0 ] || install_missing
