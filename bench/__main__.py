"""`make bench`: runs each benchmark in a process and a database of its own."""

import subprocess
import sys

BENCHMARKS = ("bench.imports", "bench.search", "bench.search_load", "bench.pages")


def main() -> int:
    """Run all of them. The exit status says whether every limit was kept."""
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
