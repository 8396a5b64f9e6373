"""`make bench`: every benchmark, each in its own process and database."""

import subprocess
import sys

BENCHMARKS = ("bench.imports", "bench.search")


def main() -> int:
    """Run them all; the exit status says whether every limit was kept."""
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
