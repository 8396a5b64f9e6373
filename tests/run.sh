#!/bin/sh
# Every test, or those named: first in three processes, since a process often waits for a browser, a
# server or PostgreSQL; then by themselves those that measure time or memory. Each part says how many
# ran and which were the slowest.
python="$(dirname "$0")/../.venv/bin/python"
"$python" -m pytest -n "${TEST_PROCESSES:-3}" --dist loadfile --no-loadscope-reorder \
  --durations=15 -m "not alone" "$@"
together=$?
"$python" -m pytest --durations=15 -m alone "$@"
alone=$?
# 5: nothing to run, as when the named tests are all of the other part.
if [ "$together" = 5 ] && [ "$alone" != 5 ]; then together=0; fi
if [ "$alone" = 5 ]; then alone=0; fi
[ "$together" = 0 ] || exit "$together"
exit "$alone"
