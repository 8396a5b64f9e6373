"""What the search answers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from cms.catalogs.models import Office, PoliticalActor, Territory
from cms.catalogs.public_paths import CANDIDACY


class FacetValue(NamedTuple):
    """One value of a facet: `value` is what the parameter takes, `label` what people read.

    A page has more than a hundred of them, and a tuple is made in a third of the time.
    """

    value: str
    label: str
    total: int
    chosen: bool = False


class Fragment(NamedTuple):
    """A passage with its hits: `html` is escaped text in which only <mark> appears.

    `where` is the phrase that says where it was found («En su primera propuesta»).
    """

    question: str
    label: str
    where: str
    html: str


class FoundCandidacy(NamedTuple):
    """What results show of a candidacy: a `PublishedCandidacy` with these columns, and no model.

    To make twenty models takes a page of results as long as to search. What is not public any more
    is left out: see `search.rows`. Instants and facets are as they came, since only the API reads
    them: seconds of the epoch, and JSON. `passages` are only there when a text was searched, as
    migration 0011 of `cms.published` describes them.
    """

    candidacy_id: int
    external_id: str
    name: str
    slug: str
    office: Office
    territory: Territory
    actor: PoliticalActor
    principle: str
    seat_kind: str
    list_number: int | None
    sex: str
    age: int | None
    state: str
    superseded_by_id: int | None
    updated: float
    version: int
    published: float | None
    photo: str
    photo_alt: str
    photo_name: str
    photo_width: int
    facets_as_text: str
    passages: str

    def get_absolute_url(self) -> str:
        """The path of the candidacy's page."""
        return CANDIDACY.path(self.candidacy_id, self.slug)

    @property
    def has_answers(self) -> bool:
        return self.published is not None

    @property
    def updated_at(self) -> datetime:
        return datetime.fromtimestamp(self.updated, UTC)

    @property
    def published_at(self) -> datetime | None:
        return None if self.published is None else datetime.fromtimestamp(self.published, UTC)

    @property
    def facet_values(self) -> dict[str, str]:
        found: dict[str, str] = orjson.loads(self.facets_as_text)
        return found


class Hit(NamedTuple):
    """A candidacy that was found (already showable), with its fragments."""

    row: FoundCandidacy
    fragments: tuple[Fragment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """A page of hits, the total and the facets.

    `facets` and `facet_titles` go by the facet's name, in the same order; `facet_questions` has the
    key of the question of each facet of the questionnaires. `suggestion` are the names that may be
    meant by misspelt ones, and were searched too; `meant` is the whole text with its misspelt words
    as candidacies write them, and was searched because the text itself finds nobody; `remark` is a
    sentence in Spanish on how the text was read (unclosed quotes…). They are empty when there is
    nothing to say. `left_out` are the words that
    a hit may lack, as they were typed, when the search was relaxed; `remark` says so too.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    facet_titles: dict[str, str] = field(default_factory=dict)
    facet_questions: dict[str, str] = field(default_factory=dict)
    suggestion: str = ""
    meant: str = ""
    remark: str = ""
    left_out: tuple[str, ...] = ()
    engine: str = "postgresql"
