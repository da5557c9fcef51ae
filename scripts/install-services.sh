#!/bin/sh
# Installs what some test suites need beside Node: Postgres, Redis, Chromium. Does nothing when they are there.
# Where it cannot install, it says what will be skipped and lets the tests run. Tests start servers of their own.
set -u

missing=""
skipped=""

have_postgres() {
  for initdb in /usr/lib/postgresql/*/bin/initdb; do
    version=${initdb#/usr/lib/postgresql/}
    [ -x "$initdb" ] && [ "${version%%/*}" -ge 15 ] && return 0
  done
  command -v initdb >/dev/null 2>&1
}

have_chromium() {
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

find_missing() {
  missing=""
  skipped=""
  command -v redis-server >/dev/null 2>&1 || { missing="$missing redis-server"; skipped="$skipped Redis"; }
  have_chromium || { missing="$missing chromium"; skipped="$skipped browser"; }
  have_postgres || { missing="$missing postgresql"; skipped="$skipped Postgres"; }
}

say_skipped() {
  echo "tests: $1; suites that will be skipped:$skipped" >&2
  exit 0
}

find_missing
[ -z "$missing" ] && exit 0

command -v apt-get >/dev/null 2>&1 || say_skipped "no apt-get on this machine"
if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  say_skipped "not allowed to install packages"
fi

echo "tests: installing$missing" >&2
install() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}
$as_root apt-get update -qq >/dev/null 2>&1
for package in $missing; do
  if [ "$package" = postgresql ]; then
    install postgresql-15 || install postgresql
  else
    install "$package"
  fi
done

find_missing
[ -z "$missing" ] || say_skipped "could not install$missing"
exit 0
