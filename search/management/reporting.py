"""What the commands of the index share: how they say what they did, to people and to programs."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cms.published.selectors import searched
from search.engines.elasticsearch.errors import NotIndexed, Unavailable
from search.engines.elasticsearch.indexing import Difference
from search.engines.elasticsearch.indexing import Progress as Tell

FAILED = 1
ELASTICSEARCH, POSTGRESQL = "elasticsearch", "postgresql"


@dataclass(frozen=True)
class Report:
    """What a command found and did; the members are the keys of its JSON.

    `missing`, `stale` and `gone` are counts of candidacies: not in the index, as another
    document, and in the index though they are not public rows any more. `repaired` is how many were
    mended.
    """

    engine: str
    documents: int
    missing: int = 0
    stale: int = 0
    gone: int = 0
    repaired: int = 0
    problems: Sequence[str] = field(default_factory=list)


def of_difference(found: Difference, *, repaired: int = 0, problems: Sequence[str] = ()) -> Report:
    """The report of what differed."""
    return Report(
        engine=ELASTICSEARCH,
        documents=found.documents,
        missing=len(found.missing),
        stale=len(found.stale),
        gone=len(found.gone),
        repaired=repaired,
        problems=list(problems),
    )


def without_index() -> Report:
    """The report where PostgreSQL alone searches: it reads the rows, so nothing can differ."""
    return Report(engine=POSTGRESQL, documents=searched().count())


def of_failure(failure: Unavailable | NotIndexed) -> Report:
    """The report of work that the server did not let end."""
    if isinstance(failure, Unavailable):
        said = f"El servidor de búsqueda no contesta o no admite cambios ({failure.kind})."
    else:
        said = f"El servidor de búsqueda rechazó un documento (candidatura {failure})."
    remedy = " Ejecuta «python manage.py search_doctor» para saber qué hacer."
    return Report(engine=ELASTICSEARCH, documents=0, problems=[said + remedy])


class IndexCommand(BaseCommand):
    """Base of the commands of the index. Exit status 0: done; 1: not done; 2: wrong call."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="Cómo se dice el resultado"
        )

    def tell(self, report: Report, *sentences: str, as_json: bool) -> None:
        """Print what was done."""
        if as_json:
            self.stdout.write(json.dumps(vars(report), ensure_ascii=False))
        else:
            self.stdout.write("\n".join([*sentences, *report.problems]))

    def fail(self, failure: Unavailable | NotIndexed, *, as_json: bool) -> None:
        """Print why it was not done, and end with status 1."""
        self.tell(of_failure(failure), as_json=as_json)
        sys.exit(FAILED)


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """A progress bar on a terminal, none elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns: Any = (TextColumn("Indexando"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Indexando", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
