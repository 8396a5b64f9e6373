#!/bin/sh
# Makes `first_commit.sql.gz` and `expected.json`: a database of the first commit of the project,
# filled by `scenario.py` under the code and the packages of that commit. As root, on a machine
# with Debian's PostgreSQL: the oldest version is used, since newer ones read its dumps.
set -eu
commit=6cf91a8
here="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d /tmp/conoceles-first-XXXXXX)"
programs="$(ls -d /usr/lib/postgresql/*/bin | sort -V | head -1)"
export DATABASE_URL="postgres://conoceles:x@127.0.0.1:5999/first"
export CONOCELES_DATA_DIR="$work/data" DJANGO_SETTINGS_MODULE=conoceles_site.settings.development
trap 'as_nobody "$programs/pg_ctl" -D "$work/pg/data" -m fast stop; \
  git -C "$here" worktree remove --force "$work/code"; rm -rf "$work"' EXIT
as_nobody() { (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$@"); }

git -C "$here" worktree add --detach "$work/code" "$commit"
python3 -m venv --without-pip "$work/venv"
(cd "$work/code" && "$here/../../.venv/bin/uv" pip install --quiet --python "$work/venv/bin/python" \
  -r requirements.txt)

chmod 755 "$work"
mkdir "$work/pg" && chown 65534:65534 "$work/pg"
as_nobody "$programs/initdb" -D "$work/pg/data" -U conoceles -A trust --encoding=UTF8 \
  --locale=C.UTF-8 >/dev/null
as_nobody "$programs/pg_ctl" -w -D "$work/pg/data" -l "$work/pg/log" \
  -o "-p 5999 -c listen_addresses=127.0.0.1 -k $work/pg" start >/dev/null
"$programs/createdb" "--maintenance-db=${DATABASE_URL%/first}/postgres" first

cd "$work/code"
"$work/venv/bin/python" manage.py migrate --verbosity 0
PYTHONPATH=. "$work/venv/bin/python" "$here/scenario.py" "$here"
# Statements only, so that any client reads it; \restrict and the like are psql's own.
"$programs/pg_dump" --no-owner --no-privileges --rows-per-insert=500 "$DATABASE_URL" \
  | grep -v '^\\' | gzip -9n > "$here/first_commit.sql.gz"
ls -l "$here"
