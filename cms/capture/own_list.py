"""What an account captures: whose turn each questionnaire is, by when, and what follows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.own_accounts.selectors import Activation, activation_of
from cms.candidacies.selectors import capturable_by, in_ballot_order
from cms.candidacies.terms import terms_of
from cms.capture import turns
from cms.capture.addresses import Addresses
from cms.capture.changes import words_since
from cms.capture.clock import Clock, clock_of
from cms.capture.selectors import LOCKED, STATE_WORDS, S, in_words, state_in_words
from cms.capture.sights import Sight, sights_of
from cms.capture.turns import Turn
from cms.catalogs.current_process import chosen_process
from cms.catalogs.models import CandidacyState, Process, SeatKind
from cms.moderation.models import Observation
from cms.questionnaires import selectors as questionnaires
from cms.questionnaires.kinds import Kind, kinds
from cms.questionnaires.models import Draft, Questionnaire, Submission
from cms.questionnaires.selectors import InUse

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
_COMPLETE = LOCKED | {S.PUBLISHED, S.OBSERVED}
# Candidacies.
ROWS_AT_ONCE = 50
# The states that wait for the party, the most pressing first: they come first in the list.
_PRESSING = [S.OBSERVED, S.CORRECTION, S.CAPTURE, S.EMPTY, S.IMPORTED]


@dataclass(frozen=True)
class OwnQuestionnaire:
    """A row of the list: one questionnaire of one candidacy.

    Attributes:
        kind: None where the process asks nothing of the candidacy.
        in_use: None where the process does not ask this kind.
        progress: «3 de 5 apartados».
        sent_under, sent_number: version and number of the last submission; empty: nothing was sent.
        has_changed: whether the institute changed the questionnaire since it was begun or sent.
        clock: of its term; None where none began, or nothing is to be sent.
        sight: what the public sees of it now, if anything.
        activation: of the candidacy's own account.
    """

    candidacy: CandidacyPage
    kind: Kind | None
    in_use: InUse | None
    dossier: Questionnaire | None
    progress: str = ""
    observations: int = 0
    sent_under: str = ""
    sent_number: int = 0
    has_changed: bool = False
    is_complete: bool = False
    clock: Clock | None = None
    sight: Sight | None = None
    activation: Activation = Activation.NONE

    @property
    def state(self) -> str:
        return self.dossier.state if self.dossier is not None else S.EMPTY.value

    @property
    def start(self) -> str:
        """The address that leads to what is next."""
        return Addresses(self.candidacy.pk, self.kind).start if self.kind is not None else ""

    @property
    def receipt(self) -> str:
        """The receipt; empty: nothing was sent, or the button leads there already."""
        if self.kind is None or not self.sent_number or self.action == ACTIONS[S.SUBMITTED]:
            return ""
        return Addresses(self.candidacy.pk, self.kind).receipt

    @property
    def document(self) -> str:
        """The last submission as PDF; empty: nothing was sent."""
        if self.kind is None or not self.sent_number:
            return ""
        return Addresses(self.candidacy.pk, self.kind).document(self.sent_number)

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
        if self.kind is None:
            return "Todavía sin cuestionario"
        return state_in_words(self.state, self.dossier.state_since if self.dossier else None)

    @property
    def action(self) -> str:
        """What the button says; empty when there is nothing to do or to see, and so no button."""
        if self.in_use is None:
            return ""
        if self.has_ended:
            return ACTIONS[S.SUBMITTED] if self.sent_under else ""
        return ACTIONS[S(self.state)]

    @property
    def turn(self) -> Turn:
        """Who has to do something in it."""
        is_over = self.in_use is None or self.has_ended
        return Turn.NOBODY if is_over else turns.OF_STATE[S(self.state)]

    @property
    def turn_words(self) -> str:
        """Whose turn it is, in words."""
        return turns.said(self.turn)

    @property
    def what_follows(self) -> str:
        """What happens next, in a sentence; empty when nothing does."""
        if self.in_use is None or self.has_ended:
            return ""
        return turns.what_follows(
            self.state, is_complete=self.is_complete, is_published=self.sight is not None
        )

    @property
    def meanwhile(self) -> str:
        """What goes on while what was published stays; empty: nothing newer is in hand."""
        return turns.meanwhile(self.state) if self.sight is not None else ""

    @property
    def account_words(self) -> str:
        """Whether the candidacy uses its own account, in words."""
        return "Ya no captura" if self.has_ended else str(self.activation.label)

    @property
    def is_pressing(self) -> bool:
        """Whether the party has something to do in it."""
        return self.in_use is not None and not self.has_ended and self.state in _PRESSING

    @property
    def urgency(self) -> int:
        """The place in the list: less is sooner."""
        return _PRESSING.index(S(self.state)) if self.is_pressing else len(_PRESSING)

    def is_among(self, *, state: str, municipality: str, account: str) -> bool:
        """Whether the filters of the list show it; an empty filter shows all.

        A candidacy that ended is in no state any more, and nobody waits for its account.
        """
        if self.has_ended and (state or account):
            return False
        return (
            state in {"", self.state}
            and municipality in {"", self.candidacy.territory.slug}
            and account in {"", self.activation}
        )


@dataclass(frozen=True)
class OwnList:
    """A page of the list, with the counts of all of it and what it can be filtered by.

    Attributes:
        process: of all the rows. processes: those in which the account captures.
        not_activated: how many candidacies have an account that nobody activated.
    """

    rows: list[OwnQuestionnaire]
    page: Page[list[OwnQuestionnaire]]
    total: int
    by_state: list[tuple[str, str, int]]
    municipalities: list[tuple[str, str]]
    process: Process | None = None
    processes: tuple[Process, ...] = ()
    not_activated: int = 0

    @property
    def has_alternates(self) -> bool:
        """Whether the page shows the word «suplente», which it then explains."""
        return any(row.candidacy.seat_kind == SeatKind.ALTERNATE for row in self.rows)

    @property
    def has_kinds(self) -> bool:
        """Whether the rows are of several questionnaires, and have to name theirs."""
        return len({row.kind for row in self.rows}) > 1


def own_list(
    user: User,
    *,
    process: str = "",
    state: str = "",
    municipality: str = "",
    account: str = "",
    page: str | int = 1,
) -> OwnList:
    """The candidacies that an account captures, with the progress of each of their questionnaires.

    A fixed number of queries, one for each earlier version, and one more if the account captures in
    several processes. The questionnaires of a candidacy stay together.

    Args:
        process: its key; without it the current one, or that of the latest election.
        account: an Activation; only candidacies whose own account is so.
        page: which ROWS_AT_ONCE candidacies, from 1; the nearest page that there is.
    """
    everything = list(in_ballot_order(capturable_by(user)))
    processes = tuple({one.process_id: one.process for one in everything}.values())
    of_process = _process_shown(processes, process)
    candidacies = [one for one in everything if one.process == of_process]
    known = activation_of([one.pk for one in candidacies])
    rows = [
        replace(row, activation=known.get(row.candidacy.pk, Activation.NONE))
        for row in _rows(candidacies)
    ]
    counts = Counter(row.state for row in rows if not row.has_ended)
    places = {candidacy.territory.slug: candidacy.territory for candidacy in candidacies}
    chosen: dict[int, list[OwnQuestionnaire]] = {}
    for row in rows:
        if row.is_among(state=state, municipality=municipality, account=account):
            chosen.setdefault(row.candidacy.pk, []).append(row)
    ordered = sorted(chosen.values(), key=lambda own: min(row.urgency for row in own))
    shown = Paginator(ordered, ROWS_AT_ONCE).get_page(page)
    return OwnList(
        rows=_with_progress([row for own in shown for row in own]),
        page=shown,
        total=len(candidacies),
        by_state=[(value.value, STATE_WORDS[value], counts[value]) for value in S if counts[value]],
        municipalities=[
            (slug, place.name)
            for slug, place in sorted(places.items(), key=lambda item: item[1].sort_key)
        ],
        process=of_process,
        processes=processes,
        not_activated=sum(one == Activation.WAITING for one in known.values()),
    )


def own_questionnaires(candidacy: CandidacyPage) -> list[OwnQuestionnaire]:
    """The questionnaires of one candidacy, as the list has them."""
    return _with_progress(_rows([candidacy]))


def _process_shown(processes: Sequence[Process], slug: str) -> Process | None:
    """The process that was asked for, the current one, or the first; None if there is none."""
    if len(processes) < 2:
        return processes[0] if processes else None
    named = next((one for one in processes if one.slug == slug), None)
    if named is not None:
        return named
    current = chosen_process()
    return current if current in processes else processes[0]


def _rows(candidacies: Sequence[CandidacyPage]) -> list[OwnQuestionnaire]:
    """The questionnaires that candidacies are asked, or answered before; without progress."""
    ids = [candidacy.pk for candidacy in candidacies]
    dossiers: dict[int, dict[str, Questionnaire]] = {}
    for dossier in Questionnaire.objects.filter(candidacy_id__in=ids):
        dossiers.setdefault(dossier.candidacy_id, {})[dossier.kind] = dossier
    asked: dict[int, dict[str, InUse]] = {}
    rows: list[OwnQuestionnaire] = []
    for candidacy in candidacies:
        if candidacy.process_id not in asked:
            asked[candidacy.process_id] = {
                kind.key: in_use for kind, in_use in questionnaires.asked_in(candidacy.process)
            }
        in_use, own = asked[candidacy.process_id], dossiers.get(candidacy.pk, {})
        shown = [kind for kind in kinds() if kind.key in in_use or kind.key in own]
        rows += [
            OwnQuestionnaire(candidacy, kind, in_use.get(kind.key), own.get(kind.key))
            for kind in shown
        ] or [OwnQuestionnaire(candidacy, None, None, None)]
    return rows


def _with_progress(rows: Sequence[OwnQuestionnaire]) -> list[OwnQuestionnaire]:
    dossiers = [row.dossier.pk for row in rows if row.dossier is not None]
    # The answers are not loaded: a list would weigh as much as all that it lists.
    drafts = {
        draft.questionnaire_id: draft
        for draft in Draft.objects.filter(questionnaire_id__in=dossiers)
        .select_related("questionnaire")
        .defer("answers", "changed_in", "hands")
    }
    observed = _observed(dossiers)
    sent = {
        dossier: (version, number)
        for dossier, version, number in Submission.objects.filter(questionnaire_id__in=dossiers)
        .order_by("questionnaire_id", "number")
        .values_list("questionnaire_id", "definition__version", "number")
    }
    return _with_changes(
        _with_turns(
            [
                replace(
                    row,
                    observations=observed[row.dossier.pk],
                    sent_under=sent.get(row.dossier.pk, ("", 0))[0],
                    sent_number=sent.get(row.dossier.pk, ("", 0))[1],
                    **_progress(row, drafts.get(row.dossier.pk)),
                )
                if row.dossier is not None
                else replace(row, **_progress(row, None))
                for row in rows
            ]
        ),
        drafts,
    )


def _with_turns(rows: Sequence[OwnQuestionnaire]) -> list[OwnQuestionnaire]:
    """Say by when each is due and what the public sees of it (a query a kind, and two)."""
    now = timezone.now()
    candidacies = {row.candidacy.pk for row in rows}
    asked = dict.fromkeys(row.kind.key for row in rows if row.kind is not None)
    by_kind = {key: terms_of(candidacies, kind=key) for key in asked}
    found = [row.dossier for row in rows if row.dossier is not None]
    own = {row.dossier.pk: row.candidacy for row in rows if row.dossier is not None}
    sights = sights_of(own, found)
    return [
        replace(
            row,
            sight=sights.get(row.dossier.pk) if row.dossier is not None else None,
            clock=clock_of(by_kind[row.kind.key].get(row.candidacy.pk), at=now)
            if row.kind is not None and row.turn == Turn.YOU
            else None,
        )
        for row in rows
    ]


def _with_changes(
    rows: Sequence[OwnQuestionnaire], drafts: Mapping[int, Draft]
) -> list[OwnQuestionnaire]:
    """Say which questionnaires changed (one query for each earlier version)."""
    known: dict[tuple[str, str, int], bool] = {}
    found = []
    for row in rows:
        draft = drafts.get(row.dossier.pk) if row.dossier is not None else None
        given_under = draft.given_under if draft is not None else row.sent_under
        if row.in_use is None or row.has_ended or not given_under:
            found.append(row)
            continue
        process = row.candidacy.process
        which = (given_under, row.in_use.name, process.pk)
        if which not in known:
            words = words_since(given_under, in_use=row.in_use, process=process)
            known[which] = bool(words)
        found.append(replace(row, has_changed=known[which]))
    return found


def _observed(dossiers: Iterable[int]) -> Counter[int]:
    """How many observations each dossier has to answer: those of its last submission."""
    later = Submission.objects.filter(
        questionnaire=OuterRef("decision__submission__questionnaire"),
        number__gt=OuterRef("decision__submission__number"),
    )
    return Counter(
        Observation.objects.filter(
            ~Exists(later),
            decision__submission__questionnaire_id__in=dossiers,
            decision__submission__questionnaire__state__in=[S.OBSERVED, S.CORRECTION],
        ).values_list("decision__submission__questionnaire_id", flat=True)
    )


def _progress(row: OwnQuestionnaire, draft: Draft | None) -> dict[str, Any]:
    """«3 de 5 apartados», in words, and whether that is all of them."""
    in_use = row.in_use
    if in_use is None:
        return {"progress": ""}
    total = len(in_use.definition.sections)
    if draft is None:
        done = total if row.state in _COMPLETE else 0
    elif draft.done_under == in_use.name:
        done = draft.sections_done
    else:
        # The process changed its questionnaire since this was saved.
        answers = questionnaires.draft_answers(draft)
        done = questionnaires.progress(in_use=in_use, answers=answers, state=row.state).done
    noun = "apartado" if total == 1 else "apartados"
    return {"progress": f"{done} de {total} {noun}", "is_complete": done == total}
