"""The figures of the progress are those that somebody would count by hand, and of one process."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cms.candidacies.models import CandidacyPage, CaptureTerm, Reopening
from cms.candidacies.services import ensure_process
from cms.catalogs.models import (
    CandidacyState,
    Office,
    PoliticalActor,
    ProcessOffice,
    Sex,
    Territory,
)
from cms.publication.services import write_published
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import (
    Draft,
    ProcessQuestionnaire,
    Questionnaire,
    QuestionnaireState,
)
from cms.reports import selectors, tables
from cms.reports.models import FollowUpRule
from tests.reports.scene import BEGUN, begin, bring_answers, deliver, register

pytestmark = pytest.mark.django_db
IDLE_DAYS = 9


@pytest.fixture
def other_process(process: Any) -> Any:
    """Another process that asks the same questionnaire; it is not the current one."""
    page = ensure_process(slug="pel-2027", name="Proceso 2027", election_date=date(2027, 6, 6))
    asked = ProcessQuestionnaire.objects.get(process=process)
    ProcessQuestionnaire.objects.create(
        process=page.process, kind=asked.kind, definition=asked.definition
    )
    return page.process


def fill(process: Any, *, seed: int, number: int) -> list[CandidacyPage]:
    """Register people and put their questionnaires in every state."""
    candidacies = register(process, number, seed=seed)
    random.Random(seed).shuffle(candidacies)
    third = number // 3
    bring_answers(candidacies[: third // 2], publish=True)
    bring_answers(candidacies[third // 2 : third], publish=False)
    begin(candidacies[third:], seed=seed)
    deliver(candidacies, seed=seed)
    write_published(candidacy_ids=[one.pk for one in candidacies])
    return candidacies


class ByHand:
    """Counts with plain Python what the tables should say of a process."""

    def __init__(self, process: Any, at: Any) -> None:
        rows = CandidacyPage.objects.filter(process=process).select_related("actor", "office")
        self.everybody = list(rows.select_related("actor", "office", "territory"))
        dossiers = Questionnaire.objects.filter(kind=CURRICULAR.key).select_related("page")
        self.dossiers = {one.candidacy_id: one for one in dossiers}
        self.saved = dict(Draft.objects.values_list("questionnaire_id", "saved_at"))
        self.at = at
        self.due: dict[int, Any] = {}
        for pk, due_at in CaptureTerm.objects.values_list("candidacy_id", "due_at"):
            self.due[pk] = max(due_at, self.due.get(pk, due_at))
        for pk, until in Reopening.objects.values_list("candidacy_id", "until"):
            self.due[pk] = max(until, self.due[pk])

    def is_overdue(self, one: CandidacyPage) -> bool:
        """Whether its term is over, and it has something to send."""
        if one.pk not in self.due or self.due[one.pk] >= self.at:
            return False
        dossier, state = self.dossiers.get(one.pk), self.state(one)
        if state == QuestionnaireState.CAPTURE:
            return dossier.page_id is None
        return state in ("sin_captura", "observado", "en_subsanacion")

    def is_late(self, one: CandidacyPage) -> bool:
        dossier = self.dossiers.get(one.pk)
        first = dossier.submissions.filter(number=1).first() if dossier else None
        return bool(first and first.extemporaneous)

    def state(self, one: CandidacyPage) -> str:
        dossier = self.dossiers.get(one.pk)
        return dossier.state if dossier else QuestionnaireState.EMPTY

    def moved_at(self, one: CandidacyPage) -> Any:
        dossier = self.dossiers.get(one.pk)
        if dossier is None:
            return one.registered_at
        saved = self.saved.get(dossier.pk, dossier.state_since)
        return max(dossier.state_since, saved)

    def is_idle(self, one: CandidacyPage) -> bool:
        return bool(self.at - self.moved_at(one) >= timedelta(days=IDLE_DAYS))

    def active(self, chosen: Any = None) -> list[CandidacyPage]:
        chosen = self.everybody if chosen is None else chosen
        return [one for one in chosen if one.state == CandidacyState.ACTIVE]

    def row(self, chosen: list[CandidacyPage]) -> list[Any]:
        """Registered, ended, each state, with answers, published."""
        active = self.active(chosen)
        states = Counter(map(self.state, active))
        pages = [self.dossiers[one.pk].page for one in active if one.pk in self.dossiers]
        answered = [page for page in pages if page is not None]
        published = [page for page in answered if page.live]
        return [
            len(active),
            len(chosen) - len(active),
            *(states[state] for state in QuestionnaireState.values),
            len(answered),
            len(answered) / len(active) if active else None,
            len(published),
            len(published) / len(active) if active else None,
            sum(map(self.is_overdue, active)),
            sum(map(self.is_late, active)),
        ]

    def rows_by(self, name: str, order: list[Any]) -> list[list[Any]]:
        groups = [[one for one in self.everybody if getattr(one, name) == key] for key in order]
        return [self.row(group) for group in groups if group]

    def rows_of(self, cut: str, process: Any) -> list[list[Any]]:
        order: dict[str, Any] = {
            "actor": PoliticalActor.objects.filter(process=process).order_by(
                "ballot_order", "name"
            ),
            "office": Office.objects.order_by("ballot_order"),
            "territory": Territory.objects.filter(kind="municipio").order_by("sort_key"),
            "sex": [*Sex.values, ""],
        }
        return self.rows_by(cut, list(order[cut]))


def table_of(progress: Any, key: str) -> Any:
    found = {table.key: table for part in tables.parts(progress) for table in part.tables}
    return found[key]


def only_numbers(table: Any, row: Any) -> list[Any]:
    """A row without the cells that name it."""
    pairs = zip(row, table.columns, strict=True)
    return [value for value, column in pairs if column.holds != "texto"]


@pytest.fixture
def two_processes(process: Any, other_process: Any) -> tuple[Any, Any]:
    """Two processes side by side, in the same places."""
    fill(process, seed=1, number=900)
    fill(other_process, seed=2, number=420)
    FollowUpRule.objects.create(process=process, idle_days=IDLE_DAYS)
    FollowUpRule.objects.create(process=other_process, idle_days=IDLE_DAYS)
    return process, other_process


@pytest.mark.parametrize("which", [0, 1])
def test_each_table_says_what_somebody_would_count_in_that_process(
    two_processes: tuple[Any, Any], which: int
) -> None:
    at = timezone.now()
    process = two_processes[which]
    progress = selectors.progress_of(process, at=at)
    by_hand = ByHand(process, at)
    assert len(by_hand.everybody) == (900, 420)[which]

    for cut in ("actor", "office", "territory", "sex"):
        table = table_of(progress, f"curricular-{cut}")
        assert [only_numbers(table, row) for row in table.rows] == by_hand.rows_of(cut, process)
        assert only_numbers(table, table.total) == by_hand.row(by_hand.everybody)


def test_what_waits_says_how_many_since_when_and_which_of_them_do_not_move(
    two_processes: tuple[Any, Any],
) -> None:
    at = timezone.now()
    process, _other = two_processes
    table = table_of(selectors.progress_of(process, at=at), "curricular-pendientes")
    by_hand = ByHand(process, at)

    expected = []
    for state in BEGUN:
        waiting = [one for one in by_hand.active() if by_hand.state(one) == state]
        oldest = min(map(by_hand.moved_at, waiting))
        idle = sum(map(by_hand.is_idle, waiting))
        theirs = state in ("enviado", "validado")
        overdue = None if theirs else sum(map(by_hand.is_overdue, waiting))
        expected.append([len(waiting), oldest, (at - oldest).days, idle, overdue])

    assert [only_numbers(table, row) for row in table.rows] == expected
    assert 0 < expected[1][3] < expected[1][0], "some move and some do not"
    assert 0 < expected[0][4] < expected[0][0], "some terms are over, and some run"
    assert "Vencido: terminó" in table.note


def test_omissions_are_counted_in_the_actor_that_postulates(
    two_processes: tuple[Any, Any],
) -> None:
    at = timezone.now()
    process, _other = two_processes
    table = table_of(selectors.progress_of(process, at=at), "curricular-omisiones")
    by_hand = ByHand(process, at)

    expected = []
    for actor in PoliticalActor.objects.filter(process=process).order_by("ballot_order", "name"):
        mine = [one for one in by_hand.active() if one.actor_id == actor.pk]
        silent = [one for one in mine if by_hand.state(one) == "sin_captura"]
        idle = sum(map(by_hand.is_idle, silent))
        overdue = sum(map(by_hand.is_overdue, silent))
        expected.append([len(mine), len(silent), len(silent) / len(mine), idle, overdue])

    assert [only_numbers(table, row) for row in table.rows] == expected


def test_an_office_says_what_is_seen_of_it_and_from_when(two_processes: tuple[Any, Any]) -> None:
    process, _other = two_processes
    at = timezone.now()
    opens = at + timedelta(days=3)
    ProcessOffice.objects.filter(process=process, office__code="sindicatura").update(
        visible_from=opens
    )
    ProcessOffice.objects.filter(process=process, office__code="regiduria").update(
        visible_from=None
    )

    table = table_of(selectors.progress_of(process, at=at), "publico")

    active = ByHand(process, at).active()
    counts = Counter(one.office.name for one in active)
    rows = {row[0]: row for row in table.rows}
    assert {name: row[3] for name, row in rows.items()} == dict(counts)
    assert rows["Presidencia municipal"][2] == "A la vista"
    assert rows["Sindicatura"][1:3] == [opens, "Todavía no"]
    assert rows["Regiduría"][1:3] == [None, "Sin fecha"]


def test_after_the_answers_end_only_the_register_is_in_sight(process: Any, actor: Any) -> None:
    ProcessOffice.objects.filter(process=process).update(
        public_until=timezone.now() - timedelta(hours=1)
    )
    table = table_of(selectors.progress_of(process, at=timezone.now()), "publico")
    assert {row[2] for row in table.rows} == {"Solo el registro"}


def test_ten_thousand_candidacies_are_counted_in_eight_queries(
    process: Any, django_assert_num_queries: Any
) -> None:
    candidacies = register(process, 10_000, seed=3)
    begin(candidacies, seed=3)

    with django_assert_num_queries(8):
        progress = selectors.progress_of(process, at=timezone.now())
        tables.parts(progress)

    total = progress.counted.total(CURRICULAR.key)
    assert total.registered + total.ended == 10_000
    assert total.ended == 500


def test_a_process_that_asks_nothing_yet_still_counts_its_register(
    process: Any, make_candidacy: Any
) -> None:
    ProcessQuestionnaire.objects.filter(process=process).delete()
    make_candidacy()

    progress = selectors.progress_of(process, at=timezone.now())

    table = table_of(progress, "registro-actor")
    assert [only_numbers(table, row) for row in table.rows] == [[1, 0]]
