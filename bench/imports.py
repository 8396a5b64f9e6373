"""Imports of 1,000 and 10,000 candidacies with answers, and the same page by page.

Every measurement has a process and a database of its own. Limits: ten times the rows take at most
12 times the time and 1.5 times the memory, and the import is at least 6 times faster than page by
page.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SMALL, LARGE, PAGE_BY_PAGE = 1_000, 10_000, 200
LARGEST_TIME_RATIO, LARGEST_MEMORY_RATIO, SMALLEST_GAIN = 12.0, 1.5, 6.0
SETTINGS = "conoceles_site.settings.development"
PROCESS = "banco-2024"


def import_in_bulk(path: Path) -> None:
    """Import as the command does."""
    from cms.imports.services import ImportRequest, import_official_file

    report = import_official_file(ImportRequest(path=path, process=PROCESS, publish=True))
    if report.errors or not report.created:
        sys.exit(f"La importación no es la esperada: {report.counts()} {report.errors[:3]}")


def import_page_by_page(path: Path) -> None:
    """Import it with `add_child`, `save_revision` and `publish`, as Wagtail does."""
    from django.db import transaction

    from bench.page_by_page import write_pages
    from cms.candidacies.sealed import writing_as_service

    with transaction.atomic(), writing_as_service():
        write_pages(path, PROCESS)


WAYS: dict[str, Callable[[Path], None]] = {
    "bulk": import_in_bulk,
    "page by page": import_page_by_page,
}


def measure_here(way: str, path: Path) -> None:
    """Runs in a process of its own: print the seconds of the import and the peak memory."""
    import django

    django.setup()
    begin = time.perf_counter()
    WAYS[way](path)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def measure(way: str, number: int, folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of importing so many candidacies into an empty database."""
    from bench.databases import own_database
    from bench.generated_files import write_file

    path = write_file(folder / f"{number}.csv", number)
    with own_database(f"bench_imports_{number}") as environment:
        done = subprocess.run(
            [sys.executable, "-m", "bench.imports", way, str(path)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    result = json.loads(done.stdout)
    return result["seconds"], result["megabytes"]


def report(name: str, value: float, limit: str, met: bool) -> bool:
    """Print one line. Returns whether the limit was kept."""
    print(f"  {name:<38} {value:>8.2f}   {limit:<12} {'sí' if met else 'NO'}")
    return met


def main() -> int:
    """Measure and print. The exit status says whether every limit was kept."""
    import django

    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    django.setup()
    print("Importación de archivos oficiales")
    with tempfile.TemporaryDirectory() as folder:
        before = measure("bulk", SMALL, Path(folder))
        large = measure("bulk", LARGE, Path(folder))
        after = measure("bulk", SMALL, Path(folder))
        slow = measure("page by page", PAGE_BY_PAGE, Path(folder))
    # The short import runs before and after the long one, since the machine may become busier.
    small = tuple(sum(pair) / 2 for pair in zip(before, after, strict=True))
    for number, way, (seconds, megabytes) in (
        (SMALL, "en bloque", small),
        (LARGE, "en bloque", large),
        (PAGE_BY_PAGE, "página por página", slow),
    ):
        each = seconds / number * 1000
        print(
            f"  {number:>6,} candidaturas, {way:<18} {seconds:>7.1f} s"
            f"  {each:>6.1f} ms cada una  {megabytes:>5.0f} MB"
        )
    time_ratio, memory_ratio = large[0] / small[0], large[1] / small[1]
    gain = (slow[0] / PAGE_BY_PAGE) / (small[0] / SMALL)
    met = [
        report("tiempo, 10,000 sobre 1,000", time_ratio, "≤ 12", time_ratio <= LARGEST_TIME_RATIO),
        report(
            "memoria, 10,000 sobre 1,000",
            memory_ratio,
            "≤ 1.5",
            memory_ratio <= LARGEST_MEMORY_RATIO,
        ),
        report("veces más rápida que página por página", gain, "≥ 6", gain >= SMALLEST_GAIN),
    ]
    return 0 if all(met) else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure_here(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
