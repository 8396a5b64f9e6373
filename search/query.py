"""What is asked of the search: one object for the page, the API and every engine."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from cms.catalogs.models import Process
from cms.catalogs.spanish import clean_text

AGE_BANDS: dict[str, tuple[int, int]] = {
    "18-29": (18, 29),
    "30-39": (30, 39),
    "40-49": (40, 49),
    "50-59": (50, 59),
    "60+": (60, 200),
}
DEFAULT_PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 100
LONGEST_QUERY = 200
# A little more than is searched is read, so that the search can say that it was cut. What is longer
# is cut before it is cleaned.
LONGEST_READ = 2 * LONGEST_QUERY
LONGEST_TEXT = 10 * LONGEST_QUERY


def readable(text: str) -> str:
    """As much of a typed text as is read, whatever its length: clean, at most LONGEST_READ long."""
    return clean_text(text[:LONGEST_TEXT])[:LONGEST_READ]


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """A search, already validated.

    Attributes:
        process: the process searched in.
        text: what was typed, as much as is read of it (`readable`); empty when browsing. The first
            LONGEST_QUERY characters are searched.
        filters: facet → chosen values, as the parameter of the facet takes them; several values of
            one facet are alternatives, and every facet that has some is a condition.
        typed_filters: the facets whose filters, or some of them, were written in the text; they are
            among `filters` and no longer in `text`.
        remark: in Spanish, what was not understood of those; or "".
        order: "relevancia" (only with text), "boleta", "nombre".
        page: from 1. page_size: 1 to LARGEST_PAGE_SIZE.
        at: the instant whose public register and answers are searched.
    """

    process: Process
    text: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    typed_filters: tuple[str, ...] = ()
    remark: str = ""
    order: str = ""
    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE
    at: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        """Cut the text, so that nothing that reads it takes longer for a longer one."""
        object.__setattr__(self, "text", readable(self.text))
