"""`make bench`: runs each benchmark in a process and a database of its own.

`python -m bench closing --seconds 20` runs one of them, with its options.
"""

import subprocess
import sys

BENCHMARKS = (
    "bench.imports",
    "bench.search",
    "bench.search_load",
    "bench.pages",
    "bench.closing",
    "bench.accounts",
)


def main() -> int:
    """Run all of them, or the one that is named. The status says whether every limit was kept."""
    if sys.argv[1:]:
        name, *options = sys.argv[1:]
        command = [sys.executable, "-m", f"bench.{name}", *options]
        return subprocess.run(command, check=False).returncode
    failed = [
        name
        for name in BENCHMARKS
        if subprocess.run([sys.executable, "-m", name], check=False).returncode != 0
    ]
    for name in failed:
        print(f"{name}: no cumplió algún límite")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
