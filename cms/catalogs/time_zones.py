"""Which time a place has. Most have that of the institute; those of the border are in a file.

In the border municipalities of Coahuila the clocks change with those of Texas: the time zone
database calls that zone America/Matamoros.

Source: LHH.
"""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from cms.catalogs.files import read_catalogue


@cache
def _of_municipalities() -> dict[str, ZoneInfo]:
    return {row["cvegeo"]: ZoneInfo(row["huso"]) for row in read_catalogue("husos_horarios.csv")}


def zone_of(cvegeo: str) -> Any:
    """The time zone of a municipality by its CVEGEO; of any other territory, the institute's.

    A district may reach over the border of two zones, so it has the time of the institute.
    """
    return _of_municipalities().get(cvegeo) or timezone.get_default_timezone()
