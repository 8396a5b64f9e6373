"""The contests of candidacies: made where they are missing, kept while somebody stands in them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Count

from cms.candidacies.models import CandidacyPage
from cms.catalogs.contests import ensure_contests
from cms.catalogs.first_data import when_migrated
from cms.catalogs.models import ProcessOffice

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


def standing(process_office: ProcessOffice) -> dict[int, int]:
    """Territory (id) → candidacies of an office of a process, ended ones too (one query)."""
    rows = CandidacyPage.objects.filter(
        process=process_office.process_id, office=process_office.office_id
    )
    counted = rows.order_by().values("territory").annotate(number=Count("pk"))
    return dict(counted.values_list("territory", "number"))
