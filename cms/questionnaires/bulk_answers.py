"""Answers that were collected elsewhere, kept in bulk: many candidacies at a time.

They come by question key; where they were read from is the caller's business. What was captured
here is never touched. Call it inside one transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from typing import Any

from django.db.models import Exists, OuterRef

from cms.accounts.models import User
from cms.candidacies.bulk_pages import ROWS_PER_STATEMENT, PageWriter, chunks
from cms.questionnaires.answers import normalise
from cms.questionnaires.kinds import kind
from cms.questionnaires.models import (
    Draft,
    Questionnaire,
    QuestionnaireDefinition,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.selectors import page_answers, parsed, set_pages

# In these states answers may come from elsewhere; in the others they belong to whoever captures or
# reviews.
OPEN_STATES = frozenset(
    {QuestionnaireState.EMPTY, QuestionnaireState.IMPORTED, QuestionnaireState.PUBLISHED}
)


@dataclass(frozen=True, slots=True)
class BroughtAnswers:
    """The answers of one candidacy, by question key; empty when it gave none."""

    candidacy_id: int
    answers: dict[str, Any]


class LeftAlone(Enum):
    """Why answers that are known stayed as they were.

    CAPTURED: the questionnaire is captured here. NO_ANSWERS: none are brought any more.
    FEWER_ANSWERS: some are not brought any more; those that are were kept.
    """

    CAPTURED = auto()
    NO_ANSWERS = auto()
    FEWER_ANSWERS = auto()


@dataclass(slots=True)
class Taken:
    """What became of a batch, by candidacy: whose answers changed, and whose were left alone."""

    changed: set[int] = field(default_factory=set)
    left_alone: dict[int, LeftAlone] = field(default_factory=dict)


class AnswerWriter:
    """Keeps answers in questionnaire pages, with their revisions and dossiers.

    Args:
        version: under which the answers were given; it says of which kind they are.
        asked: the questions that were asked; what is known of others stays without a word.
        details: question → the question that its answer is about.
        publish: answers become public; otherwise they wait in the state «importado», and what is
            published stays as it is until then.
        dry_run: only say what would change.
    """

    def __init__(
        self,
        *,
        version: QuestionnaireDefinition,
        at: datetime,
        publish: bool,
        dry_run: bool = False,
        asked: Collection[str] = (),
        details: Mapping[str, str] | None = None,
        user: User | None = None,
    ) -> None:
        self._version, self._definition = version, parsed(version)
        self._kind = kind(version.kind)
        self._at, self._user = at, user
        self._asked, self._details = frozenset(asked), dict(details or {})
        self._publish, self._dry_run = publish, dry_run

    def take(self, batch: Sequence[BroughtAnswers], *, known: Collection[int]) -> Taken:
        """Keep the answers of a batch, in which no candidacy comes twice.

        Args:
            known: the candidacies that may have a dossier already: all but those just registered.
        """
        taken = Taken()
        met = [brought for brought in batch if brought.candidacy_id in known]
        first = [
            brought for brought in batch if brought.candidacy_id not in known and brought.answers
        ]
        if not self._dry_run:
            self._ensure_dossiers(brought.candidacy_id for brought in met if brought.answers)
        dossiers = self._locked_dossiers([brought.candidacy_id for brought in met])
        different: list[tuple[Questionnaire, BroughtAnswers]] = []
        for brought in met:
            dossier = dossiers.get(brought.candidacy_id)
            if brought.answers and (dossier is None or self._has_no_answers(dossier)):
                first.append(brought)
            elif dossier is not None:
                different += self._compared(dossier, brought, taken)
        taken.changed = {brought.candidacy_id for brought in first}
        taken.changed |= {brought.candidacy_id for _dossier, brought in different}
        if not self._dry_run:
            self._add(first, dossiers)
            self._revise(different)
        return taken

    def _compared(
        self, dossier: Questionnaire, brought: BroughtAnswers, taken: Taken
    ) -> list[tuple[Questionnaire, BroughtAnswers]]:
        """The dossier with its whole answers if they change; why they do not goes to `taken`."""
        if not brought.answers:
            if dossier.page_id is not None:
                taken.left_alone[brought.candidacy_id] = LeftAlone.NO_ANSWERS
            return []
        if self._is_captured(dossier):
            taken.left_alone[brought.candidacy_id] = LeftAlone.CAPTURED
            return []
        kept = self._kept(dossier)
        whole = self._merged(kept, brought.answers)
        if self._asked & whole.keys() - brought.answers.keys():
            taken.left_alone[brought.candidacy_id] = LeftAlone.FEWER_ANSWERS
        if not self._differs(dossier, kept, whole):
            return []
        return [(dossier, replace(brought, answers=whole))]

    def _ensure_dossiers(self, candidacy_ids: Iterable[int]) -> None:
        wanted = set(candidacy_ids)
        wanted -= set(
            Questionnaire.objects.filter(candidacy_id__in=wanted, kind=self._kind.key).values_list(
                "candidacy_id", flat=True
            )
        )
        Questionnaire.objects.bulk_create(
            [self._new_dossier(candidacy_id) for candidacy_id in sorted(wanted)],
            ignore_conflicts=True,
        )

    def _locked_dossiers(self, candidacy_ids: list[int]) -> dict[int, Questionnaire]:
        """The dossiers of a batch; locked, so that no capture begins while answers are written."""
        found = Questionnaire.objects.filter(candidacy_id__in=candidacy_ids, kind=self._kind.key)
        found = found.annotate(
            has_submission=Exists(Submission.objects.filter(questionnaire=OuterRef("pk"))),
            has_draft=Exists(Draft.objects.filter(questionnaire=OuterRef("pk"))),
        )
        if not self._dry_run:
            found = found.select_for_update(of=("self",))
        dossiers: dict[int, Questionnaire] = {dossier.candidacy_id: dossier for dossier in found}
        set_pages(dossiers.values(), kind=self._kind)
        return dossiers

    @staticmethod
    def _is_captured(dossier: Any) -> bool:
        started = dossier.has_submission or dossier.has_draft
        return bool(started or dossier.state not in OPEN_STATES)

    def _has_no_answers(self, dossier: Questionnaire) -> bool:
        return dossier.page_id is None and not self._is_captured(dossier)

    def _kept(self, dossier: Questionnaire) -> dict[str, Any]:
        """The last answers that came from elsewhere, published or waiting."""
        page: Any = dossier.page
        if page.live and page.has_unpublished_changes and page.latest_revision is not None:
            content = page.latest_revision.content
            fields = {name: content[name] for name in self._kind.storage.page_fields}
            page = self._kind.page_model(**fields)
        return page_answers(page, kind=self._kind)

    def _merged(self, kept: dict[str, Any], brought: dict[str, Any]) -> dict[str, Any]:
        """What is known afterwards: an answer that is not brought erases nothing."""
        whole = {**kept, **brought}
        for detail, question in self._details.items():
            if kept.get(question) != whole.get(question) and detail not in brought:
                # The detail was about the other answer.
                whole.pop(detail, None)
        return normalise(self._definition, whole)

    def _differs(
        self, dossier: Questionnaire, kept: dict[str, Any], answers: dict[str, Any]
    ) -> bool:
        page: Any = dossier.page
        if self._publish and (not page.live or page.has_unpublished_changes):
            return True
        return bool(kept != answers or page.definition_id != self._version.pk)

    def _writer(self) -> PageWriter:
        return PageWriter(at=self._at, user=self._user)

    def _add(self, first: Sequence[BroughtAnswers], dossiers: Mapping[int, Questionnaire]) -> None:
        """Write first answers; a candidacy that was just registered gets its dossier too."""
        pages = [
            self._page_with(self._kind.new_page(self._version), brought.answers)
            for brought in first
        ]
        parents = [brought.candidacy_id for brought in first]
        self._writer().add(pages, parents, live=self._publish, searchable=False)
        begun, missing = [], []
        for candidacy_id, page in zip(parents, pages, strict=True):
            dossier = dossiers.get(candidacy_id)
            if dossier is None:
                missing.append(self._new_dossier(candidacy_id, page))
            else:
                dossier.page = page
                begun.append(dossier)
        Questionnaire.objects.bulk_create(missing, batch_size=ROWS_PER_STATEMENT)
        self._set_states(begun)

    def _new_dossier(self, candidacy_id: int, page: Any = None) -> Questionnaire:
        return Questionnaire(
            candidacy_id=candidacy_id,
            kind=self._kind.key,
            page=page,
            state=QuestionnaireState.EMPTY if page is None else _state_with(page),
            state_since=self._at,
        )

    def _revise(self, different: Sequence[tuple[Questionnaire, BroughtAnswers]]) -> None:
        pages = [self._page_with(dossier.page, brought.answers) for dossier, brought in different]
        columns = [*self._kind.storage.page_fields, "definition"]
        self._writer().revise(pages, columns, live=self._publish)
        self._set_states([dossier for dossier, _brought in different])

    def _page_with(self, page: Any, answers: dict[str, Any]) -> Any:
        page.definition = self._version
        self._kind.storage.keep_in_page(page, answers, seal="")
        return page

    def _set_states(self, dossiers: Sequence[Questionnaire]) -> None:
        for dossier in dossiers:
            state = _state_with(dossier.page)
            if dossier.state != state:
                dossier.state, dossier.state_since = state, self._at
        for piece in chunks(dossiers, ROWS_PER_STATEMENT):
            Questionnaire.objects.bulk_update(piece, ["page", "state", "state_since"])


def _state_with(page: Any) -> QuestionnaireState:
    """What is published stays «publicado» while newer answers wait."""
    return QuestionnaireState.PUBLISHED if page.live else QuestionnaireState.IMPORTED
