"""Searches among 12,000 candidacies, compared with a bare count and with Wagtail's own search.

Our search gives a page of results with passages and the counts of every facet. The count is one
`count(*)` of the same words over the same public rows, with the faster of its plans. Wagtail's own
backend gives a page of results and four facets over the same pages. All run in turns in one run.
Goals, for a rare word, a medium one and one that 90 % hold: at most 3 times the count, and 10 times
faster than Wagtail's, with the right results.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

CANDIDACIES = 12_000
TIMES = 41
LARGEST_RATIO, SMALLEST_GAIN = 3.0, 10.0
# Word → the share of the candidacies that hold it.
SHARES = {"rara": 0.003, "media": 0.10, "90 %": 0.90}
SETTINGS = "conoceles_site.settings.development"
PROCESS = "banco-2024"
WAGTAIL_FACETS = ("territory_id", "office_id", "actor_id", "sex")


def fill() -> None:
    """Import the candidacies from an official file: pages and public rows."""
    from bench.generated_files import write_file
    from cms.imports.services import ImportRequest, import_official_file

    with tempfile.TemporaryDirectory() as folder:
        path = write_file(Path(folder) / "candidaturas.csv", CANDIDACIES)
        report = import_official_file(ImportRequest(path=path, process=PROCESS, publish=True))
    if report.errors or report.created != CANDIDACIES:
        sys.exit(f"La importación no es la esperada: {report.counts()} {report.errors[:3]}")


def asked_of(word: str) -> str:
    """The tsquery with which a word is searched."""
    from django.db import connection

    from search.reading import read

    with connection.cursor() as cursor:
        cursor.execute(
            "select conoceles_search.asked(%s::jsonb)::text", [json.dumps(read(word).wanted)]
        )
        return str(cursor.fetchone()[0])


def count(word: str, *, by_index: bool) -> Callable[[], int]:
    """The bare count of a word over what is public, when its offices are already known."""
    from django.db import connection

    from cms.catalogs.models import ProcessOffice

    offices = list(ProcessOffice.objects.filter(process__slug=PROCESS).values_list("pk", flat=True))
    asked = asked_of(word)

    def run() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from published_publishedcandidacy"
                " where search_vector @@ %s::tsquery and process_office_id = any(%s)",
                [asked, offices],
            )
            return int(cursor.fetchone()[0])

    def prepare() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"set enable_seqscan = {'off' if by_index else 'on'}")
        try:
            return run()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("reset enable_seqscan")

    prepare.timed = run  # type: ignore[attr-defined]
    return prepare


def words_of_shares() -> dict[str, str]:
    """A word for each share: the one whose number of hits is nearest, as it is mostly written."""
    from cms.published.models import PublishedCandidacy

    first = PublishedCandidacy.objects.order_by("candidacy_id")[:2000]
    texts = first.values_list("text_high_weight", flat=True)
    # In order, so that each run searches the same words.
    written = Counter(
        word for text in texts for word in sorted(set(re.findall(r"[^\W\d_]{5,}", text.lower())))
    )
    asked: dict[str, str] = {}
    for word, _texts in written.most_common():
        asked.setdefault(asked_of(word), word)
    some = list(asked.values())
    hits = {word: count(word, by_index=True)() for word in [*some[:150], *some[150::12]]}
    return {
        name: min(hits, key=lambda word: abs(hits[word] - share * CANDIDACIES))
        for name, share in SHARES.items()
    }


def wagtail_search() -> Callable[[str], tuple[int, int]]:
    """Wagtail's backend over the same pages: a page of results, their number and four facets."""
    from modelsearch.backends import get_search_backend
    from wagtail.search import index

    from cms.candidacies.models import CandidacyPage
    from cms.published.models import PublishedCandidacy

    texts = {
        row[0]: "\n".join(row[1:])
        for row in PublishedCandidacy.objects.values_list(
            "candidacy_id", "register_text", "text_high_weight", "text_low_weight"
        )
    }
    CandidacyPage.answers_text = property(lambda page: texts[page.pk])
    CandidacyPage.search_fields = [
        *CandidacyPage.search_fields,
        index.SearchField("answers_text"),
        *(index.FilterField(name.removesuffix("_id")) for name in WAGTAIL_FACETS),
    ]
    backend = get_search_backend()
    pages = list(CandidacyPage.objects.all())
    for start in range(0, len(pages), 500):
        backend.add_bulk(CandidacyPage, pages[start : start + 500])

    def run(word: str) -> tuple[int, int]:
        results = backend.search(word, CandidacyPage.objects.all())
        shown = list(results[:20])
        for name in WAGTAIL_FACETS:
            results.facet(name)
        return results.count(), len(shown)

    return run


def timed(call: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def measure_here() -> None:
    """Runs in a process of its own, in turns, so that a busy moment is busy for all."""
    import django

    django.setup()
    from django.db import connection

    from cms.catalogs.models import Process
    from search.evaluation import search_as_a_page
    from search.query import SearchQuery

    fill()
    theirs = wagtail_search()
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze published_publishedcandidacy")
        cursor.execute("vacuum analyze wagtailsearch_indexentry")
        cursor.execute("vacuum analyze candidacies_candidacypage")
    process = Process.objects.get(slug=PROCESS)
    measured: dict[str, Any] = {}
    for name, word in words_of_shares().items():
        query = SearchQuery(process=process, text=word)
        counts = {by_index: count(word, by_index=by_index) for by_index in (True, False)}
        found = search_as_a_page(query)
        wagtail_total, _shown = theirs(word)
        ours: list[float] = []
        bare: dict[bool, list[float]] = {True: [], False: []}
        wagtail: list[float] = []
        for turn in range(TIMES):
            ours.append(timed(partial(search_as_a_page, query)))
            for by_index, run in counts.items():
                with connection.cursor() as cursor:
                    cursor.execute(f"set enable_seqscan = {'off' if by_index else 'on'}")
                bare[by_index].append(timed(run.timed))  # type: ignore[attr-defined]
                with connection.cursor() as cursor:
                    cursor.execute("reset enable_seqscan")
            if turn % 8 == 0:
                wagtail.append(timed(partial(theirs, word)))
        measured[name] = {
            "hits": counts[True](),
            "total": found.total,
            "fragments": sum(len(hit.fragments) for hit in found.hits),
            "count": min(statistics.median(times) for times in bare.values()),
            "search": statistics.median(ours),
            "wagtail": statistics.median(wagtail),
            "wagtail_total": wagtail_total,
        }
    print(json.dumps(measured))


def main() -> int:
    """Measure and print. The exit status says whether the results were right.

    The two ratios are goals: the table says which ones are reached.
    """
    import django

    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    django.setup()
    from bench.databases import own_database

    with own_database("bench_search") as environment:
        done = subprocess.run(
            [sys.executable, "-m", "bench.search", "here"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return 0 if _print(json.loads(done.stdout.splitlines()[-1])) else 1


def _print(measured: dict[str, Any]) -> bool:
    print(f"Búsqueda entre {CANDIDACIES:,} candidaturas (milisegundos, medianas de {TIMES})")
    print("  palabra   hallazgos  count(*)  búsqueda   veces (≤ 3)   Wagtail   veces (≥ 10)")
    all_right = True
    for name, one in measured.items():
        ratio, gain = one["search"] / one["count"], one["wagtail"] / one["search"]
        right = one["hits"] == one["total"] and one["fragments"] > 0
        all_right = all_right and right
        print(
            f"  {name:<8} {one['total']:>10,} {one['count']:>9.2f} {one['search']:>9.2f}"
            f" {ratio:>9.1f} {'sí' if ratio <= LARGEST_RATIO else 'NO'}"
            f" {one['wagtail']:>11.1f} {gain:>9.1f} {'sí' if gain >= SMALLEST_GAIN else 'NO'}"
            f"{'' if right else '   RESULTADOS MAL'}"
        )
        if one["wagtail_total"] != one["total"]:
            print(f"{'':>11}Wagtail halla {one['wagtail_total']:,}: distingue los acentos")
    return all_right


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure_here()
    else:
        sys.exit(main())
