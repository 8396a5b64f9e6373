"""How good the search is: `make search-quality`.

The golden set is asked of every engine over INE's official export, and of Wagtail's own search over
the same pages, which is the baseline. Without ELASTICSEARCH_URL a search server of our own is
started; where none can be had, PostgreSQL is measured alone.
"""

import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

OFFICIAL_FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "pel2022_sin_contacto.csv"
SETTINGS = "conoceles_site.settings.development"
PROCESS = "pel-2022"
SMALLEST_NDCG, LARGEST_DIFFERENCE = 0.85, 0.05
BASELINE = "Wagtail"
# Query in, official identifiers of the first results out.
Finder = Callable[[str], list[str]]


def fill() -> None:
    """Import and publish the official export; nothing waits to be indexed afterwards."""
    from django.test import override_settings

    from cms.imports.services import ImportRequest, import_official_file

    with override_settings(ELASTICSEARCH_URL=""):
        report = import_official_file(
            ImportRequest(path=OFFICIAL_FILE, process=PROCESS, publish=True)
        )
    if report.errors:
        sys.exit(f"La importación no es la esperada: {report.errors[:3]}")


def finders() -> dict[str, Finder]:
    """Every engine that can be asked, by name, and the baseline."""
    from cms.catalogs.models import Process
    from search.engines import ENGINES
    from search.engines.elasticsearch import ElasticsearchEngine, client
    from search.evaluation import found_for

    process = Process.objects.get(slug=PROCESS)

    def of_engine(name: str) -> Finder:
        engine = ENGINES[name]()
        return lambda text: found_for(text, process, engine=engine)

    names = [name for name in ENGINES if name != ElasticsearchEngine.name or client.is_configured()]
    return {name: of_engine(name) for name in names} | {BASELINE: wagtail()}


def wagtail() -> Finder:
    """Wagtail's backend over the pages of the candidacies, with their public texts."""
    from modelsearch.backends import get_search_backend
    from wagtail.search import index

    from cms.candidacies.models import CandidacyPage
    from cms.published.models import PublishedCandidacy
    from search.evaluation import MOST_FOUND

    texts: dict[int, str] = {}
    identifiers: dict[int, str] = {}
    for row in PublishedCandidacy.objects.all():
        identifiers[row.candidacy_id] = row.external_id
        texts[row.candidacy_id] = "\n".join(
            (row.register_text, row.text_high_weight, row.text_low_weight)
        )
    CandidacyPage.answers_text = property(lambda page: texts[page.pk])
    CandidacyPage.search_fields = [
        *CandidacyPage.search_fields,
        index.SearchField("answers_text"),
    ]
    backend = get_search_backend()
    backend.add_bulk(CandidacyPage, list(CandidacyPage.objects.all()))

    def find(text: str) -> list[str]:
        found = backend.search(text, CandidacyPage.objects.all())
        return [identifiers[page.pk] for page in found[:MOST_FOUND]]

    return find


def measured(find: Finder, file: Path) -> dict[str, tuple[float, float, float]]:
    """nDCG@10, recall and MRR of every query of a set, by query id."""
    from search.quality.golden import judged_queries
    from search.quality.measures import ndcg, recall, reciprocal_rank

    rows: dict[str, tuple[float, float, float]] = {}
    for query in judged_queries(file):
        ids = find(query.text)
        rows[query.id] = (
            ndcg(ids, query.grades),
            recall(ids, query.grades),
            reciprocal_rank(ids, query.grades),
        )
    return rows


def mean(rows: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    """The mean of each of the three measures."""
    one, two, three = (statistics.fmean(column) for column in zip(*rows, strict=True))
    return one, two, three


def print_table(of_engines: Mapping[str, Mapping[str, tuple[float, float, float]]]) -> bool:
    """Print the measures of the golden set; whether every engine keeps the limits."""
    from search.quality.golden import GOLDEN

    print_groups(of_engines, GOLDEN)
    ours = {
        name: mean(list(rows.values()))[0] for name, rows in of_engines.items() if name != BASELINE
    }
    difference = max(ours.values()) - min(ours.values())
    print(f"nDCG@10 ≥ {SMALLEST_NDCG} y diferencia entre motores ≤ {LARGEST_DIFFERENCE}:", end=" ")
    kept = min(ours.values()) >= SMALLEST_NDCG and difference <= LARGEST_DIFFERENCE
    print("sí" if kept else "NO")
    return kept


def print_groups(
    of_engines: Mapping[str, Mapping[str, tuple[float, float, float]]], file: Path
) -> None:
    """Print the measures of a set by group of queries."""
    from search.quality.golden import judged_queries

    groups: dict[str, list[str]] = defaultdict(list)
    for query in judged_queries(file):
        groups[query.group].append(query.id)
        groups["todas"].append(query.id)
    groups["todas"] = groups.pop("todas")  # Last in the table.
    print(f"{'':<24}" + "".join(f"{name:^24}" for name in of_engines))
    print(f"{'grupo':<18}{'n':>4}  " + f"{'nDCG@10':>9}{'recall':>8}{'MRR':>7}" * len(of_engines))
    for group, ids in groups.items():
        line = f"{group:<18}{len(ids):>4}  "
        for rows in of_engines.values():
            best, whole, rank = mean([rows[name] for name in ids])
            line += f"{best:>9.3f}{whole:>8.3f}{rank:>7.3f}"
        print(line)


def print_worst(name: str, rows: Mapping[str, tuple[float, float, float]], number: int) -> None:
    """The queries that an engine answers worst."""
    worst = sorted(rows.items(), key=lambda row: row[1])[:number]
    print(f"Las peores de {name}: " + ", ".join(f"{one} {best[0]:.2f}" for one, best in worst))


def measure_here() -> bool:
    """Fill the database of this process, ask everything and print. Whether the limits were kept."""
    import django

    django.setup()
    from search.engines.elasticsearch import client, index, indexing
    from search.quality.golden import GOLDEN, HELD_OUT

    fill()
    if client.is_configured():
        indexing.rebuild()
    asked = finders()
    of_engines = {name: measured(find, GOLDEN) for name, find in asked.items()}
    held_out = {name: measured(find, HELD_OUT) for name, find in asked.items()}
    if client.is_configured():
        for name in index.ours():
            index.remove(name)
    kept = print_table(of_engines)
    for name, rows in of_engines.items():
        print_worst(name, rows, 8)
    print("\nEl segundo conjunto, escrito sin leer el primero:")
    print_groups(held_out, HELD_OUT)
    return kept


def main() -> int:
    """Run in a database of its own. The exit status says whether the limits were kept."""
    import django

    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    if not OFFICIAL_FILE.exists():
        print(f"No está el archivo oficial {OFFICIAL_FILE}: las consultas se juzgaron sobre él.")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    django.setup()
    from bench.databases import own_database
    from bench.search_servers import search_server

    with (
        own_database("bench_search_quality") as environment,
        search_server("search-quality") as address,
    ):
        environment |= {"ELASTICSEARCH_URL": address, "ELASTICSEARCH_PREFIX": "quality"}
        done = subprocess.run(
            [sys.executable, "-m", "bench.search_quality", "here"], env=environment, check=False
        )
    return done.returncode


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(0 if measure_here() else 1)
    sys.exit(main())
