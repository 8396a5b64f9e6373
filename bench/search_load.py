"""Searches among 2,000 and 20,000 candidacies, on each engine and on Wagtail's own.

A *page* is twenty results with their passages and the counts of every facet; *own* is what the
engine itself answers to the same question: matches, counts, order and keys. The searches are all
different: one, two or three words of the generated language, as frequent as they are written. All
engines are asked in turns in one run, and eight clients then ask each of them at once.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

SIZES = (2_000, 20_000)
SEARCHES, CLIENTS, SECONDS = 150, 8, 6
# Unmeasured searches: of a server that has just started, which compiles what it does often; and of
# each client, which opens its connections.
WARMING, WARMING_OF_A_CLIENT = 400, 250
WAGTAIL_SEARCHES = 8
SETTINGS = "conoceles_site.settings.development"
PROCESS = "banco-2024"
# A page against the engine's own answer; how much more ten times the candidacies may cost; how many
# times faster than Wagtail's; searches a second of eight clients on two cores.
LARGEST_RATIO, SMALLEST_GAIN, FEWEST_A_SECOND = 3.0, 10.0, 100
LARGEST_GROWTH = {"postgresql": 12.0, "elasticsearch": 4.0}


def texts(number: int, *, seed: int) -> list[str]:
    """Different searches of one, two and three words."""
    from bench.generated import Vocabulary

    words = Vocabulary(2024)
    words.random.seed(seed)
    found: dict[str, None] = {}
    while len(found) < number:
        found[" ".join(words.word() for _ in range(1 + len(found) % 3))] = None
    return list(found)


def fill(number: int) -> None:
    """Import and publish so many candidacies; nothing waits to be indexed afterwards."""
    from django.db import connection
    from django.test import override_settings

    import bench.search as one_process

    one_process.CANDIDACIES = number
    with override_settings(ELASTICSEARCH_URL=""):
        one_process.fill()
    with connection.cursor() as cursor:
        for table in ("published_publishedcandidacy", "candidacies_candidacypage"):
            cursor.execute(f"vacuum analyze {table}")


def milliseconds(call: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def engines() -> dict[str, Any]:
    from search.engines import ENGINES
    from search.engines.elasticsearch import ElasticsearchEngine, client

    return {
        name: make()
        for name, make in ENGINES.items()
        if name != ElasticsearchEngine.name or client.is_configured()
    }


class Timed:
    """An engine, with how long its own answers to a search took."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.name = engine.name
        self.milliseconds = 0.0

    def find(self, query: Any, reading: Any) -> Any:
        begin = time.perf_counter()
        try:
            return self._engine.find(query, reading)
        finally:
            self.milliseconds += (time.perf_counter() - begin) * 1000


def pages_and_own_answers() -> dict[str, dict[str, list[float]]]:
    """Milliseconds of a page, and of the engine's own answers in it, for each engine in turns."""
    from cms.catalogs.models import Process
    from search.evaluation import search_as_a_page
    from search.query import SearchQuery

    process = Process.objects.get(slug=PROCESS)
    asked_of = engines()
    measured: dict[str, dict[str, list[float]]] = {
        name: {"page": [], "own": []} for name in asked_of
    }
    for place, text in enumerate(texts(SEARCHES + WARMING, seed=1)):
        query = SearchQuery(process=process, text=text)
        for name, engine in asked_of.items():
            timed = Timed(engine)
            page = milliseconds(partial(search_as_a_page, query, engine=timed))
            if place >= WARMING:
                measured[name]["page"].append(page)
                measured[name]["own"].append(timed.milliseconds)
    return measured


def suggestions() -> list[float]:
    from cms.catalogs.models import Process
    from search.suggestions import suggest

    process = Process.objects.get(slug=PROCESS)
    typed = [text[: 2 + place % 5] for place, text in enumerate(texts(SEARCHES, seed=2))]
    return [milliseconds(partial(suggest, process, text)) for text in typed]


def wagtails() -> dict[str, list[float]]:
    """Milliseconds of Wagtail's own search over the same pages, on each server."""
    import bench.search as one_process

    ours = {"postgresql": one_process.wagtail_search()}
    with_server = wagtail_on_elasticsearch()
    if with_server is not None:
        ours["elasticsearch"] = with_server
    found: dict[str, list[float]] = {name: [] for name in ours}
    for text in texts(WAGTAIL_SEARCHES, seed=3):
        for name, run in ours.items():
            found[name].append(milliseconds(partial(run, text)))
    return found


def wagtail_on_elasticsearch() -> Callable[[str], Any] | None:
    """Wagtail's backend on the search server: a page of results and four facets."""
    from django.conf import settings

    from cms.candidacies.models import CandidacyPage
    from search.engines.elasticsearch import client

    if not client.is_configured():
        return None
    from modelsearch.backends.elasticsearch8 import SearchBackend

    import bench.search as one_process

    options = {}
    if client.server().distribution == "opensearch":
        options["node_class"] = client.OpenSearchNode
    backend = SearchBackend(
        {
            "URLS": [settings.ELASTICSEARCH_URL],
            "INDEX_PREFIX": f"{settings.ELASTICSEARCH_PREFIX}-wagtail-",
            "TIMEOUT": 60,
            "OPTIONS": options,
        }
    )
    index = backend.get_index_for_model(CandidacyPage)
    index.reset()
    index.add_model(CandidacyPage)
    pages = list(CandidacyPage.objects.all())
    for start in range(0, len(pages), 500):
        index.add_items(CandidacyPage, pages[start : start + 500])
    index.refresh()

    def run(text: str) -> int:
        results = backend.search(text, CandidacyPage.objects.all())
        shown = list(results[:20])
        for name in one_process.WAGTAIL_FACETS:
            results.facet(name)
        return len(shown)

    return run


def client_of(name: str, seed: int) -> None:
    """One of the clients: waits for the sign, searches for some seconds, and says how often."""
    import django

    django.setup()
    from cms.catalogs.models import Process
    from search.evaluation import search_as_a_page
    from search.query import SearchQuery

    engine = engines()[name]
    process = Process.objects.get(slug=PROCESS)
    asked = [SearchQuery(process=process, text=text) for text in texts(3_000, seed=seed)]
    for query in asked[:WARMING_OF_A_CLIENT]:
        search_as_a_page(query, engine=engine)
    print("ready", flush=True)
    sys.stdin.readline()
    end = time.perf_counter() + SECONDS
    done = 0
    for query in asked[WARMING_OF_A_CLIENT:]:
        search_as_a_page(query, engine=engine)
        done += 1
        if time.perf_counter() > end:
            break
    print(done / (SECONDS + time.perf_counter() - end), flush=True)


def searches_a_second(name: str) -> float:
    """Of all clients together, each in a process of its own."""
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.search_load", "client", name, str(100 + number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(CLIENTS)
    ]
    for process in clients:
        if process.stdout is not None:
            process.stdout.readline()
    for process in clients:
        if process.stdin is not None:
            process.stdin.write("\n")
            process.stdin.flush()
    return sum(float(process.communicate()[0]) for process in clients)


def index_figures() -> dict[str, float]:
    """Seconds of a rebuild, and bytes of the index, on the search server; bytes of the table."""
    from django.db import connection

    from search.engines.elasticsearch import client, indexing, schema

    with connection.cursor() as cursor:
        cursor.execute("select pg_total_relation_size('published_publishedcandidacy')")
        figures = {"table": float(cursor.fetchone()[0])}
    if client.is_configured():
        figures["rebuild"] = milliseconds(indexing.rebuild) / 1000
        stats = client.server().client.indices.stats(index=schema.alias())
        figures["index"] = float(stats["_all"]["primaries"]["store"]["size_in_bytes"])
    return figures


def measure_here(number: int) -> None:
    import django

    django.setup()
    fill(number)
    figures = index_figures()
    measured = pages_and_own_answers()
    print(
        json.dumps(
            {
                "figures": figures,
                "engines": measured,
                "suggestions": suggestions(),
                "at_once": {name: searches_a_second(name) for name in measured},
                "wagtail": wagtails(),
            }
        )
    )


def main() -> int:
    """Measure and print; every limit is a goal, and the table says which ones are reached."""
    import django

    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    django.setup()
    of_sizes = {number: _of_size(number) for number in SIZES}
    for number, measured in of_sizes.items():
        _print(number, measured)
    _print_growth(of_sizes)
    return 0


def _of_size(number: int) -> dict[str, Any]:
    from bench.databases import own_database
    from bench.search_servers import search_server

    with own_database("bench_search_load") as environment, search_server("search-load") as address:
        environment |= {
            "ELASTICSEARCH_URL": address,
            "ELASTICSEARCH_PREFIX": f"load_{number}",
            # A slow answer is measured, not given up.
            "ELASTICSEARCH_MILLISECONDS": "60000",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.search_load", "here", str(number)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _percentiles(times: list[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(times, n=100)
    return statistics.median(times), cuts[94], cuts[98]


def _yes(is_reached: bool) -> str:
    return "sí" if is_reached else "NO"


def _print(number: int, measured: dict[str, Any]) -> None:
    figures = measured["figures"]
    print(f"\nBúsquedas distintas entre {number:,} candidaturas (milisegundos)")
    print(f"  {'':<14} {'p50':>8} {'p95':>8} {'p99':>8}   veces    por segundo con {CLIENTS}")
    for name, times in measured["engines"].items():
        page, own = _percentiles(times["page"]), statistics.median(times["own"])
        ratio, many = page[0] / own, measured["at_once"][name]
        print(
            f"  {name:<14} {page[0]:>8.1f} {page[1]:>8.1f} {page[2]:>8.1f} {ratio:>7.1f}"
            f" {_yes(ratio <= LARGEST_RATIO)} {many:>8.0f} {_yes(many >= FEWEST_A_SECOND)}"
        )
        wagtail = measured["wagtail"].get(name)
        if wagtail:
            theirs = statistics.median(wagtail)
            gain = theirs / page[0]
            print(
                f"    Wagtail      {theirs:>8.1f} {'':>26} {gain:>6.1f} veces más rápido que él"
                f" {_yes(gain >= SMALLEST_GAIN) if name == 'postgresql' else ''}"
            )
    typed = _percentiles(measured["suggestions"])
    print(f"  {'sugerencias':<14} {typed[0]:>8.1f} {typed[1]:>8.1f} {typed[2]:>8.1f}")
    print(f"  tabla pública: {figures['table'] / 1e6:.0f} MB", end="")
    if "index" in figures:
        print(
            f"; índice: {figures['index'] / 1e6:.0f} MB, reconstruido en {figures['rebuild']:.1f} s"
        )
    else:
        print()


def _print_growth(of_sizes: dict[int, dict[str, Any]]) -> None:
    few, many = (of_sizes[number]["engines"] for number in SIZES)
    print(f"\nCon {SIZES[1] // SIZES[0]} veces más candidaturas una página cuesta")
    for name in many:
        growth = statistics.median(many[name]["page"]) / statistics.median(few[name]["page"])
        largest = LARGEST_GROWTH[name]
        print(f"  {name:<14} {growth:>6.1f} veces (≤ {largest:.0f}) {_yes(growth <= largest)}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["here", number]:
            measure_here(int(number))
        case ["client", name, seed]:
            client_of(name, int(seed))
        case _:
            sys.exit(main())
