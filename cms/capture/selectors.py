"""What a liaison sees of its own candidacies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.selectors import capturable_by, in_ballot_order
from cms.catalogs.models import CandidacyState, SeatKind
from cms.moderation.models import Observation
from cms.questionnaires import selectors as questionnaires
from cms.questionnaires.kinds import kind_at
from cms.questionnaires.models import (
    Draft,
    Questionnaire,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.selectors import version_in_hand

S = QuestionnaireState
STATE_WORDS = {
    S.EMPTY: "Todavía no empiezas",
    S.CAPTURE: "En captura",
    S.SUBMITTED: "Enviado; en revisión",
    S.OBSERVED: "Con observaciones",
    S.CORRECTION: "Corrigiendo observaciones",
    S.VALIDATED: "Validado; se publicará al terminar la veda",
    S.PUBLISHED: "Publicado",
    S.IMPORTED: "Importado de un archivo",
}
ACTIONS = {
    S.EMPTY: "Empezar",
    S.CAPTURE: "Continuar",
    S.SUBMITTED: "Ver el acuse",
    S.OBSERVED: "Corregir",
    S.CORRECTION: "Seguir corrigiendo",
    S.VALIDATED: "Ver el acuse",
    S.PUBLISHED: "Actualizar",
    S.IMPORTED: "Capturar",
}
LOCKED = {S.SUBMITTED, S.VALIDATED}
_COMPLETE = LOCKED | {S.PUBLISHED, S.OBSERVED}
ROWS_AT_ONCE = 50
# What waits for who captures comes first in the list, the most pressing on top.
_PRESSING = [S.OBSERVED, S.CORRECTION, S.CAPTURE, S.EMPTY, S.IMPORTED]


def in_words(moment: date) -> str:
    """«27 de abril de 2024»."""
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return date_format(day, r"j \d\e F \d\e Y").lower()


def state_in_words(state: str, since: datetime | None) -> str:
    """The state of a questionnaire as who captures reads it, with its date where it matters."""
    if since is not None and state == S.SUBMITTED:
        hour = timezone.localtime(since)
        return f"Enviado el {in_words(since)}, {hour:%H:%M} h; en revisión"
    if since is not None and state == S.PUBLISHED:
        return f"Publicado el {in_words(since)}"
    return STATE_WORDS[S(state)]


@dataclass(frozen=True)
class OwnCandidacy:
    """A row of «Mis candidaturas»."""

    candidacy: CandidacyPage
    state: str
    since: datetime | None
    progress: str
    observations: int
    was_sent: bool

    @property
    def has_ended(self) -> bool:
        return self.candidacy.state == CandidacyState.ENDED

    @property
    def words(self) -> str:
        if self.has_ended:
            ended_on = self.candidacy.ended_on
            return f"Esta candidatura terminó{f' el {in_words(ended_on)}' if ended_on else ''}"
        if self.state == S.OBSERVED:
            noun = "observación" if self.observations == 1 else "observaciones"
            return f"Tienes {self.observations} {noun}"
        return state_in_words(self.state, self.since)

    @property
    def action(self) -> str:
        """What the button says; empty when there is nothing left to do or to see."""
        if self.has_ended:
            return ACTIONS[S.SUBMITTED] if self.was_sent else ""
        return ACTIONS[S(self.state)]

    @property
    def is_pressing(self) -> bool:
        """Whether it waits for who captures."""
        return not self.has_ended and self.state in _PRESSING


@dataclass(frozen=True)
class OwnList:
    """A page of the list, with the counts of all of it and what it can be filtered by."""

    rows: list[OwnCandidacy]
    page: Page[CandidacyPage]
    total: int
    by_state: list[tuple[str, str, int]]
    municipalities: list[tuple[str, str]]

    @property
    def has_alternates(self) -> bool:
        """Whether the page shows a word that it has to explain."""
        return any(row.candidacy.seat_kind == SeatKind.ALTERNATE for row in self.rows)


def own_candidacy(user: User, candidacy_id: int) -> CandidacyPage | None:
    """A candidacy that the account captures; None for any other, as if it did not exist."""
    return (
        capturable_by(user)
        .select_related("process", "territory", "office", "actor", "responsible_actor", "person")
        .filter(pk=candidacy_id)
        .first()
    )


def may_see(user: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether an account may see a form of capture: of its own candidacies, or the notice."""
    if not (isinstance(user, User) and user.captures):
        return False
    candidacy_id = arguments.get("candidacy_id")
    return candidacy_id is None or capturable_by(user).filter(pk=candidacy_id).exists()


def own_list(
    user: User, *, state: str = "", municipality: str = "", page: str | int = 1
) -> OwnList:
    """The candidacies of a liaison with their progress; a fixed number of queries.

    Args:
        page: which ROWS_AT_ONCE of them, from 1; the nearest that there is.
    """
    candidacies = list(in_ballot_order(capturable_by(user)))
    ids = [one.pk for one in candidacies]
    files = {
        one.candidacy_id: one
        for one in Questionnaire.objects.filter(candidacy_id__in=ids, kind=kind_at("").key)
    }
    states = {
        one.pk: files[one.pk].state if one.pk in files else S.EMPTY.value for one in candidacies
    }
    counts = Counter(states.values())
    places = {one.territory.slug: one.territory for one in candidacies}
    chosen = [
        one
        for one in candidacies
        if (not state or states[one.pk] == state)
        and (not municipality or one.territory.slug == municipality)
    ]
    chosen.sort(key=lambda one: _urgency(one, states[one.pk]))
    shown = Paginator(chosen, ROWS_AT_ONCE).get_page(page)
    return OwnList(
        rows=_rows(list(shown), files, states),
        page=shown,
        total=len(candidacies),
        by_state=[(one.value, STATE_WORDS[one], counts[one.value]) for one in S if counts[one]],
        municipalities=[
            (slug, place.name)
            for slug, place in sorted(places.items(), key=lambda item: item[1].sort_key)
        ],
    )


def _urgency(candidacy: CandidacyPage, state: str) -> int:
    """The place of a candidacy in the list: less is sooner."""
    waits = candidacy.state != CandidacyState.ENDED and state in _PRESSING
    return _PRESSING.index(S(state)) if waits else len(_PRESSING)


def _rows(
    candidacies: Sequence[CandidacyPage], files: dict[int, Questionnaire], states: dict[int, str]
) -> list[OwnCandidacy]:
    ids = [one.pk for one in candidacies]
    # What was answered is not loaded: a list would weigh as much as all that it lists.
    found = Draft.objects.filter(questionnaire__candidacy_id__in=ids)
    drafts = {
        one.questionnaire.candidacy_id: one
        for one in found.select_related("questionnaire").defer("answers", "changed_in", "hands")
    }
    observed = _observed(ids)
    sent = set(
        Submission.objects.filter(questionnaire__candidacy_id__in=ids).values_list(
            "questionnaire__candidacy_id", flat=True
        )
    )
    in_use: dict[int, questionnaires.InUse | None] = {}
    rows: list[OwnCandidacy] = []
    for one in candidacies:
        if one.process_id not in in_use:
            in_use[one.process_id] = _in_use(one)
        draft = drafts.get(one.pk)
        rows.append(
            OwnCandidacy(
                candidacy=one,
                state=states[one.pk],
                since=files[one.pk].state_since if one.pk in files else None,
                progress=_progress(in_use[one.process_id], draft, states[one.pk]),
                observations=observed[one.pk],
                was_sent=one.pk in sent,
            )
        )
    return rows


def _observed(ids: Sequence[int]) -> Counter[int]:
    """How many observations each candidacy has to answer: those of its last sending."""
    later = Submission.objects.filter(
        questionnaire=OuterRef("decision__submission__questionnaire"),
        number__gt=OuterRef("decision__submission__number"),
    )
    return Counter(
        Observation.objects.filter(
            ~Exists(later),
            decision__submission__questionnaire__candidacy_id__in=ids,
            decision__submission__questionnaire__state__in=[S.OBSERVED, S.CORRECTION],
        ).values_list("decision__submission__questionnaire__candidacy_id", flat=True)
    )


def _in_use(candidacy: CandidacyPage) -> questionnaires.InUse | None:
    try:
        return questionnaires.definition_for(process=candidacy.process, kind=kind_at(""))
    except questionnaires.NoQuestionnaire:
        return None


def _progress(in_use: questionnaires.InUse | None, draft: Draft | None, state: str) -> str:
    """«3 de 5 apartados», in words."""
    if in_use is None:
        return ""
    total = len(in_use.definition.sections)
    if draft is None:
        done = total if state in _COMPLETE else 0
    elif draft.done_under == in_use.name:
        done = draft.sections_done
    else:
        # The process changed its questionnaire since this was saved.
        done = questionnaires.progress(
            in_use=in_use, answers=questionnaires.draft_answers(draft), state=state
        ).done
    return f"{done} de {total} apartados"


@dataclass(frozen=True)
class Capture:
    """Everything a step shows: the file, the answers in hand and how far they are."""

    candidacy: CandidacyPage
    in_use: questionnaires.InUse
    questionnaire: Questionnaire | None
    draft: Draft | None
    answers: dict[str, Any]
    progress: questionnaires.Progress

    @property
    def version(self) -> int:
        return version_in_hand(self.questionnaire)

    @property
    def state(self) -> str:
        return self.questionnaire.state if self.questionnaire is not None else S.EMPTY.value

    @property
    def since(self) -> datetime | None:
        return self.questionnaire.state_since if self.questionnaire is not None else None

    @property
    def is_open(self) -> bool:
        return self.state not in LOCKED and self.candidacy.state == CandidacyState.ACTIVE

    @property
    def saved_at(self) -> Any:
        return timezone.localtime(self.draft.saved_at) if self.draft is not None else None


def capture_of(candidacy: CandidacyPage) -> Capture:
    """What is captured of a candidacy. Raises NoQuestionnaire."""
    in_use = questionnaires.definition_for(process=candidacy.process, kind=kind_at(""))
    questionnaire = questionnaires.dossier_of(candidacy=candidacy, kind=kind_at(""))
    answers = questionnaires.answers_in_hand(questionnaire)
    state = questionnaire.state if questionnaire is not None else S.EMPTY.value
    return Capture(
        candidacy=candidacy,
        in_use=in_use,
        questionnaire=questionnaire,
        draft=questionnaires.draft_of(questionnaire),
        answers=answers,
        progress=questionnaires.progress(in_use=in_use, answers=answers, state=state),
    )
