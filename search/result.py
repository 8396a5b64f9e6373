"""What the search answers."""

from dataclasses import dataclass, field

from cms.published.models import PublishedCandidacy


@dataclass(frozen=True, kw_only=True)
class FacetValue:
    """One value of a facet: `value` is what the parameter takes, `label` what people read."""

    value: str
    label: str
    total: int
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """A passage with its hits: `html` is escaped text in which only <mark> appears.

    `where` is the phrase that says where it was found («En su primera propuesta»).
    """

    question: str
    label: str
    where: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A candidacy that was found (already showable), with its fragments."""

    row: PublishedCandidacy
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
