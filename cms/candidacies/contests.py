"""The contests of candidacies: made where they are missing, kept while somebody stands in them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from cms.candidacies.models import CandidacyPage
from cms.catalogs.contests import ensure_contests
from cms.catalogs.first_data import when_migrated
from cms.catalogs.models import Contest

# Of every process at once: the number of people is unknown, save where it can be only one.
_ALL = """
insert into catalogs_contest (process_office_id, territory_id, seats, covers)
select distinct o.id, c.territory_id,
    case when k.code = 'regiduria' then t.majority_councillors else 1 end, '{}'::varchar(5)[]
from candidacies_candidacypage c
join catalogs_processoffice o on o.process_id = c.process_id and o.office_id = c.office_id
join catalogs_office k on k.id = c.office_id
join catalogs_territory t on t.id = c.territory_id
on conflict (process_office_id, territory_id) do nothing
"""


def ensure_of_pages(pages: Sequence[CandidacyPage]) -> None:
    """Make the contests of candidacies that are being written, where they are missing."""
    places: dict[int, set[tuple[int, int]]] = {}
    for page in pages:
        places.setdefault(page.process_id, set()).add((page.office_id, page.territory_id))
    for pk, wanted in places.items():
        ensure_contests(process_pk=pk, places=wanted)


@when_migrated("catalogs.Contest", "candidacies.CandidacyPage")
def ensure_of_all(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: make the contests of candidacies that came before contests."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)


def standing(contest: Contest) -> int:
    """How many candidacies a contest has, ended ones too."""
    window = contest.process_office
    rows = CandidacyPage.objects.filter(process=window.process_id, office=window.office_id)
    number: int = rows.filter(territory=contest.territory_id).count()
    return number
