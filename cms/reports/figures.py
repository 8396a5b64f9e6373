"""How far a process is, counted in one statement: all figures are of the same instant.

Nothing here reads an answer, a consent or a contact: a figure is a number of candidacies whose
questionnaire is in some state.

Source: Plan de trabajo 2024, 1 (f: avance cuantitativo en la captura).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from cms.catalogs.models import CandidacyState
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import QuestionnaireState

# A process that asks nothing yet is counted under this key: its register has figures too.
NO_KIND: Final = ""
ACTOR, OFFICE, TERRITORY, SEX, ALL = "actor", "office", "territory", "sex", "all"
# The value of PostgreSQL's grouping(actor, office, territory, sex): a bit for each that is not
# grouped by.
_CUTS: Final = {0b0111: ACTOR, 0b1011: OFFICE, 0b1101: TERRITORY, 0b1110: SEX, 0b1111: ALL}

_SQL = """
with stood as (
    select asked.kind, c.actor_id, c.office_id, c.territory_id, c.sex,
        c.state = %(active)s as is_active,
        coalesce(q.state, %(empty)s) as state,
        q.page_id is not null as is_answered,
        coalesce(page.live, false) as is_published,
        term.due_at is not null as has_term,
        coalesce(term.due_at < %(at)s, false) and (
            q.state is null or q.state = any(%(pending)s)
            or (q.state = %(capture)s and q.page_id is null)
        ) as is_overdue,
        exists (
            select from questionnaires_submission sent
            where sent.questionnaire_id = q.id and sent.number = 1 and sent.extemporaneous
        ) as is_late,
        coalesce(greatest(q.state_since, draft.saved_at), c.registered_at) as moved_at
    from candidacies_candidacypage c
    cross join unnest(%(kinds)s::text[]) as asked(kind)
    left join questionnaires_questionnaire q
        on q.candidacy_id = c.page_ptr_id and q.kind = asked.kind
    left join questionnaires_draft draft on draft.questionnaire_id = q.id
    left join wagtailcore_page page on page.id = q.page_id
    left join lateral (
        select greatest(max(run.due_at), (
            select max(again.until) from candidacies_reopening again
            where again.candidacy_id = c.page_ptr_id
        )) as due_at
        from candidacies_captureterm run
        where run.candidacy_id = c.page_ptr_id and run.kind in ('', asked.kind)
        having count(*) > 0
    ) term on true
    where c.process_id = %(process)s
)
select kind, grouping(actor_id, office_id, territory_id, sex),
    coalesce(sex, coalesce(actor_id, office_id, territory_id)::text, ''), state,
    count(*) filter (where is_active),
    count(*) filter (where not is_active),
    count(*) filter (where is_active and is_answered),
    count(*) filter (where is_active and is_published),
    count(*) filter (where is_active and has_term),
    count(*) filter (where is_active and is_overdue),
    count(*) filter (where is_active and is_late),
    count(*) filter (where is_active and moved_at <= %(idle_since)s),
    min(moved_at) filter (where is_active)
from stood
group by grouping sets (
    (kind, state, actor_id), (kind, state, office_id), (kind, state, territory_id),
    (kind, state, sex), (kind, state)
)
"""

Row = tuple[int, int, int, int, int, int, int, int, datetime | None]
# What a candidacy still has to send in these states; in capture, if it never sent anything.
PENDING: Final = (
    QuestionnaireState.EMPTY,
    QuestionnaireState.OBSERVED,
    QuestionnaireState.CORRECTION,
)


@dataclass(frozen=True, slots=True)
class OfState:
    """The active candidacies whose questionnaire is in one state.

    Attributes:
        overdue: of them, those whose term is over and that are still the actor's turn.
        idle: of them, those that have not moved for as many days as the process's rule says.
        oldest: since when the one that moved least recently has not moved; None without any.
    """

    count: int = 0
    overdue: int = 0
    idle: int = 0
    oldest: datetime | None = None


@dataclass(slots=True)
class Figures:
    """What is counted of one questionnaire among some candidacies.

    Attributes:
        ended: candidacies that left the ballot; none of the other figures counts them.
        answered: with answers that were sent or imported, whatever happened to them since.
        published: with answers that are published, or will be on the date of their office.
        with_term: whose term began. overdue: whose term is over, without what they have to send.
        late: whose first submission arrived after the term.
    """

    registered: int = 0
    ended: int = 0
    answered: int = 0
    published: int = 0
    with_term: int = 0
    overdue: int = 0
    late: int = 0
    states: dict[str, OfState] = field(default_factory=dict)

    def of(self, state: str) -> OfState:
        """The figures of a state."""
        return self.states.get(state, OfState())

    @property
    def silent(self) -> int:
        """Candidacies with nothing captured."""
        return self.of(QuestionnaireState.EMPTY).count

    def add(self, state: str, row: "Row") -> None:
        """Count what the statement found of one state."""
        active, ended, answered, published, with_term, overdue, late, idle, oldest = row
        self.registered += active
        self.ended += ended
        self.answered += answered
        self.published += published
        self.with_term += with_term
        self.overdue += overdue
        self.late += late
        self.states[state] = OfState(active, overdue, idle, oldest)


Cut = Mapping[str, Figures]


@dataclass(frozen=True)
class Counted:
    """Every figure of a process, at one instant.

    Attributes:
        by: (key of a kind, ACTOR, OFFICE, TERRITORY, SEX or ALL) → what is counted of each value of
            it. A value is the id of a row as text, or a sex; ALL has the value "".
    """

    by: Mapping[tuple[str, str], Cut]

    def cut(self, kind: str, name: str) -> Cut:
        return self.by.get((kind, name), {})

    def total(self, kind: str) -> Figures:
        return self.cut(kind, ALL).get("", Figures())

    def ids(self, name: str) -> set[int]:
        """The ids of the rows of a cut, whichever kind."""
        return {int(key) for (_kind, cut), rows in self.by.items() if cut == name for key in rows}


def count(*, process_pk: int, kinds: Iterable[Kind], at: datetime, idle_days: int) -> Counted:
    """Count a process (one query).

    Args:
        kinds: the questionnaires that it asks.
        at: what days without movement are counted back from.
    """
    given: dict[str, Any] = {
        "process": process_pk,
        "kinds": [kind.key for kind in kinds] or [NO_KIND],
        "active": CandidacyState.ACTIVE.value,
        "empty": QuestionnaireState.EMPTY.value,
        "pending": [state.value for state in PENDING],
        "capture": QuestionnaireState.CAPTURE.value,
        "at": at,
        "idle_since": at - timedelta(days=idle_days),
    }
    by: dict[tuple[str, str], dict[str, Figures]] = defaultdict(lambda: defaultdict(Figures))
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        for kind, grouped, value, state, *row in cursor.fetchall():
            by[kind, _CUTS[grouped]][value].add(state, row)
    return Counted({key: dict(rows) for key, rows in by.items()})
