#!/bin/sh
# The tests need Debian's Chromium, Caddy, PostgreSQL, Redis, Maven and Poppler: as root they are
# installed, otherwise the missing packages are named.
set -e
missing=""
# Chromium without its own windows takes half the time; where it cannot be had, any Chromium does.
if ! command -v chromium-headless-shell >/dev/null 2>&1 && [ "$(id -u)" = 0 ] \
  && command -v apt-get >/dev/null 2>&1; then
  echo "Instalando chromium-headless-shell"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq chromium-headless-shell; } >/dev/null 2>&1 \
    || echo "No se pudo instalar; las pruebas usan el Chromium que haya."
fi
command -v chromium-headless-shell >/dev/null 2>&1 \
  || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
  || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v caddy >/dev/null 2>&1 || missing="$missing caddy"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
# Reads the words of the documents in PDF.
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
# Maven brings the search server, once.
command -v mvn >/dev/null 2>&1 || ls "${XDG_CACHE_HOME:-$HOME/.cache}"/conoceles/search-server-*/*.jar \
  >/dev/null 2>&1 || missing="$missing maven"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Las pruebas necesitan paquetes de Debian. Instálalos con: apt-get install$missing" >&2
  exit 1
fi
echo "Instalando$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
case "$missing" in
  *postgresql*)
    # Only its programs are wanted: no server is to start on this machine.
    apt-get install -y -qq postgresql-common >/dev/null
    configuration=/etc/postgresql-common/createcluster.conf
    cp "$configuration" "$configuration.before"
    echo "create_main_cluster = false" >> "$configuration"
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null \
      || { mv "$configuration.before" "$configuration"; exit 1; }
    mv "$configuration.before" "$configuration" ;;
  *)
    # shellcheck disable=SC2086
    apt-get install -y -qq $missing >/dev/null ;;
esac
# Debian starts Caddy and Redis when it installs them; the tests start their own.
for service in caddy redis-server; do
  case "$missing" in
    *$service*) if [ -d /run/systemd/system ]; then systemctl disable --now $service >/dev/null 2>&1 || true; fi ;;
  esac
done
