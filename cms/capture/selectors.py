"""What an account that captures sees of its candidacies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.selectors import capturable_by
from cms.candidacies.terms import term_of
from cms.capture.addresses import Addresses
from cms.capture.changes import Changes, changes_since
from cms.capture.clock import Clock, clock_of
from cms.catalogs import prepared
from cms.catalogs.models import CandidacyState
from cms.moderation.models import Observation
from cms.moderation.selectors import observations_for
from cms.questionnaires import selectors as questionnaires
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Questionnaire, QuestionnaireState
from cms.questionnaires.selectors import InHand, InUse

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
LOCKED = {S.SUBMITTED, S.VALIDATED}


def in_words(moment: date) -> str:
    """«27 de abril de 2024»."""
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return date_format(day, r"j \d\e F \d\e Y")


def state_in_words(state: str, since: datetime | None) -> str:
    """The state of a questionnaire in words for capture, with its date where it matters."""
    if since is not None and state == S.SUBMITTED:
        hour = timezone.localtime(since)
        return f"Enviado el {in_words(since)}, {hour:%H:%M} h; en revisión"
    if since is not None and state == S.PUBLISHED:
        return f"Publicado el {in_words(since)}"
    return STATE_WORDS[S(state)]


# What is read of a candidacy while somebody types: nothing of it is shown.
_OF_A_SAVE = "SELECT page_ptr_id, process_id FROM candidacies_candidacypage WHERE page_ptr_id = %s"
_SHOWN = ("process", "territory", "office", "actor", "responsible_actor", "person")


def own_candidacy(user: User, candidacy_id: int) -> CandidacyPage | None:
    """A candidacy that the account captures; None for any other, as if it did not exist."""
    return capturable_by(user).select_related(*_SHOWN).filter(pk=candidacy_id).first()


def candidacy_to_save(candidacy_id: int) -> CandidacyPage | None:
    """A candidacy of which only the process was read, whoever asks; None if there is none.

    Only for services, which check themselves who may capture it.
    """
    with prepared.cursor() as cursor:
        cursor.execute(_OF_A_SAVE, [candidacy_id])
        found = cursor.fetchone()
    if found is None:
        return None
    number, process_id = found
    columns = {"id": number, "page_ptr_id": number, "process_id": process_id}
    page: CandidacyPage = CandidacyPage.from_db(
        DEFAULT_DB_ALIAS, list(columns), [*columns.values()]
    )
    return page


def may_see(user: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether an account may see a form of capture: of its own candidacies, or the notice."""
    if not (isinstance(user, User) and user.captures):
        return False
    candidacy_id = arguments.get("candidacy_id")
    return candidacy_id is None or capturable_by(user).filter(pk=candidacy_id).exists()


@dataclass(frozen=True)
class Asked:
    """A questionnaire that is asked of a candidacy, before anything of it is read."""

    candidacy: CandidacyPage
    kind: Kind
    in_use: InUse

    @property
    def addresses(self) -> Addresses:
        """Where it is captured."""
        return Addresses(self.candidacy.pk, self.kind)


def asked_of(candidacy: CandidacyPage, kind: Kind) -> Asked:
    """The questionnaire of a kind that is asked of a candidacy. Raises NoQuestionnaire."""
    in_use = questionnaires.definition_for(process=candidacy.process_id, kind=kind)
    return Asked(candidacy, kind, in_use)


@dataclass(frozen=True)
class Capture:
    """What is captured of a questionnaire: all that a step shows.

    Attributes:
        dossier: None before anything was captured.
        in_hand: the draft, or what a new draft begins with.
    """

    asked: Asked
    dossier: Questionnaire | None
    in_hand: InHand

    @property
    def candidacy(self) -> CandidacyPage:
        return self.asked.candidacy

    @property
    def kind(self) -> Kind:
        return self.asked.kind

    @property
    def in_use(self) -> InUse:
        return self.asked.in_use

    @property
    def addresses(self) -> Addresses:
        return self.asked.addresses

    @property
    def answers(self) -> dict[str, Any]:
        return self.in_hand.answers

    @property
    def version(self) -> int:
        return self.in_hand.version

    @property
    def state(self) -> str:
        return self.dossier.state if self.dossier is not None else S.EMPTY.value

    @property
    def is_open(self) -> bool:
        """Whether it can be changed."""
        return self.state not in LOCKED and self.candidacy.state == CandidacyState.ACTIVE

    @property
    def advice(self) -> str:
        """Where advice is asked for, about this questionnaire; `&paso=` adds the step."""
        about: dict[str, Any] = {"candidatura": self.candidacy.pk}
        if self.kind.path:
            about["cuestionario_de"] = self.kind.path
        return f"{reverse('capture:advice_ask')}?{urlencode(about)}"

    @property
    def saved_at(self) -> datetime | None:
        """When the draft was saved for the last time."""
        draft = self.in_hand.draft
        return timezone.localtime(draft.saved_at) if draft is not None else None

    @cached_property
    def progress(self) -> questionnaires.Progress:
        """How far each section is."""
        return questionnaires.progress(in_use=self.in_use, answers=self.answers, state=self.state)

    @cached_property
    def changes(self) -> Changes | None:
        """What the institute changed since the answers were given; None if nothing did."""
        return changes_since(
            self.in_hand.given_under,
            in_use=self.in_use,
            process=self.candidacy.process,
            answers=self.answers,
        )

    @cached_property
    def clock(self) -> Clock | None:
        """The clock of the term; None where none began (one query)."""
        term = term_of(self.candidacy, kind=self.kind.key) if self.candidacy.pk else None
        return clock_of(term, at=timezone.now())

    @cached_property
    def observations(self) -> list[Observation]:
        """What the institute observed and is still to be corrected."""
        return [] if self.dossier is None else observations_for(questionnaire=self.dossier)


def capture_of(asked: Asked) -> Capture:
    """What is captured of a questionnaire, read once (two queries while there is a draft)."""
    dossier = questionnaires.dossier_of(candidacy=asked.candidacy, kind=asked.kind)
    return Capture(asked, dossier, questionnaires.in_hand(dossier, in_use=asked.in_use))
