#!/bin/sh
# Chromium comes from Debian; as root it is installed, otherwise the missing package is named.
set -e
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Instalando Chromium"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  exit 0
fi
echo "Las pruebas necesitan Chromium. Instálalo con: apt-get install chromium" >&2
exit 1
