"""What an account that captures does: save a section, and send, each in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.capture import forms
from cms.capture.selectors import Asked, Capture, asked_of, capture_of
from cms.catalogs.spanish import clean_line
from cms.moderation.services import start_review
from cms.questionnaires import selectors as questionnaires
from cms.questionnaires.answers import AnswerProblem
from cms.questionnaires.definitions import Definition, Section
from cms.questionnaires.dossiers import (
    DraftMoved,
    IncompleteAnswers,
    NotOpenForCapture,
    OpenDossier,
    open_dossier,
)
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Photograph, Submission
from cms.questionnaires.photographs import Encoded, PhotographRejected
from cms.questionnaires.services import encoded_photograph, submit
from cms.questionnaires.sizes import AnswersTooLarge


class ObservedStaysTheSame(Exception):
    """Nothing of what the institute observed was changed; nothing was written.

    `questions` are the keys of the observed answers.
    """

    def __init__(self, questions: Sequence[str]) -> None:
        self.questions = list(questions)
        self.explanation = ngettext(
            "La respuesta observada sigue igual. Cámbiala antes de enviar otra vez.",
            "Las respuestas observadas siguen igual. Cámbialas antes de enviar otra vez.",
            len(self.questions),
        )
        super().__init__(self.explanation)


class QuestionnaireChanged(Exception):
    """The institute changed the questionnaire after it was reviewed; nothing was written."""

    def __init__(self) -> None:
        self.explanation = _(
            "El Instituto cambió este cuestionario mientras lo revisabas y todavía no se envía."
            " Así queda ahora: léelo otra vez y envíalo."
        )
        super().__init__(self.explanation)


@dataclass(frozen=True)
class SavedSection:
    """What became of a section that was sent.

    Attributes:
        capture: what is captured now, after saving.
        typed: what was typed in the section, saved or not.
        refusal: why nothing was saved; None when it was.
        photograph_problem: why the photograph was not used, in Spanish; the rest was saved.
        told: what is to be said on the page that follows, in Spanish.
        is_of_earlier: whether the form was of an earlier version of the questionnaire.
        left_out: question and answer of what that form asked and is not asked any more.
    """

    capture: Capture
    section: Section
    typed: dict[str, Any]
    refusal: NotOpenForCapture | DraftMoved | AnswersTooLarge | None = None
    photograph_problem: str = ""
    told: str = ""
    is_of_earlier: bool = False
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def problems(self) -> list[AnswerProblem]:
        """What is wrong with the section: with what was refused, or with what was saved."""
        if isinstance(self.refusal, AnswersTooLarge):
            return self.refusal.problems
        if self.refusal is not None:
            return []
        return [
            problem
            for progress in self.capture.progress.sections
            if progress.section.key == self.section.key
            for problem in progress.problems
        ]


@dataclass(frozen=True)
class _Photograph:
    """What a form does to the photograph."""

    encoded: Encoded | None = None
    is_removed: bool = False
    problem: str = ""


def save_section(
    *,
    asked: Asked,
    section: Section,
    posted: QueryDict,
    upload: "UploadedFile[Any] | None",
    user: User,
) -> SavedSection:
    """Keep a section as it was typed, whatever is missing in it; and its photograph.

    The button of the form and the saving while somebody types both come here. A form of an earlier
    version of the questionnaire may have questions of other sections.

    Raises: NotYourCandidacy, NoticeNotAccepted. Whatever else goes wrong is in what it returns.
    """
    definition = asked.in_use.definition
    typed = forms.read_answers(definition.questions(), posted)
    # Before the dossier is opened: nobody waits for its lock while a picture is read.
    photograph = _photograph_of(asked, posted, upload)
    try:
        with open_dossier(
            candidacy=asked.candidacy, kind=asked.kind, user=user, in_use=asked.in_use
        ) as opened:
            try:
                opened.write(typed, version=forms.version_of(posted))
            except (AnswersTooLarge, DraftMoved) as refusal:
                opened.undo()
                return SavedSection(_capture(asked, opened), section, typed, refusal)
            told = _change_photograph(opened, photograph)
            return SavedSection(
                _capture(asked, opened),
                section,
                typed,
                photograph_problem=photograph.problem,
                told=told,
                **_of_earlier(asked, posted),
            )
    except NotOpenForCapture as refusal:
        return SavedSection(capture_of(asked), section, typed, refusal)


def _of_earlier(asked: Asked, posted: QueryDict) -> dict[str, Any]:
    """Whether a form was of an earlier version, and what of it is not asked any more."""
    shown = forms.questionnaire_of(posted)
    if not shown or shown == asked.in_use.name:
        return {}
    stored = questionnaires.version_named(shown.partition(" ")[0])
    if stored is None or stored.kind != asked.kind.key:
        return {"is_of_earlier": True}
    now, earlier = asked.in_use.definition, questionnaires.parsed(stored)
    gone = [question for question in earlier.questions() if not now.has(question.key)]
    typed = forms.read_answers(gone, posted)
    left_out = tuple(
        (question.label, forms.shown(question, typed[question.key]))
        for question in gone
        if typed.get(question.key)
    )
    return {"is_of_earlier": True, "left_out": left_out}


def _capture(asked: Asked, opened: OpenDossier) -> Capture:
    return Capture(asked, opened.dossier, opened.in_hand)


def _photograph_of(
    asked: Asked, posted: QueryDict, upload: "UploadedFile[Any] | None"
) -> _Photograph:
    if forms.REMOVE in posted:
        return _Photograph(is_removed=True)
    if upload is None:
        nothing = _("No elegiste ningún archivo. Elige tu fotografía y súbela.")
        return _Photograph(problem=nothing if forms.UPLOAD in posted else "")
    try:
        encoded = encoded_photograph(
            upload, in_use=asked.in_use, name=upload.name or "", crop=forms.crop_of(posted)
        )
    except PhotographRejected as rejected:
        return _Photograph(problem=rejected.explanation)
    return _Photograph(encoded=encoded)


def _change_photograph(opened: OpenDossier, photograph: _Photograph) -> str:
    """Put the photograph in, or take it out; returns what to say, in Spanish."""
    if photograph.is_removed:
        return _("Se quitó la fotografía.") if opened.remove_photograph() else ""
    if photograph.encoded is None:
        return ""
    opened.put_photograph(photograph.encoded)
    return _("Se guardó la fotografía.")


_WhyNotSent = IncompleteAnswers | DraftMoved | ObservedStaysTheSame | QuestionnaireChanged


class NotSent(Exception):
    """The questionnaire was not sent, and nothing was written.

    Attributes:
        why: IncompleteAnswers, DraftMoved, ObservedStaysTheSame or QuestionnaireChanged.
        capture: what is captured.
    """

    def __init__(self, why: _WhyNotSent, capture: Capture) -> None:
        self.why = why
        self.capture = capture
        super().__init__(why.explanation)


def send(*, asked: Asked, user: User, version: int | None, questionnaire: str = "") -> Submission:
    """Seal what was captured and put it under review: one submission, one revision, one task.

    Args:
        version: the draft's version that was reviewed before sending; None: whatever is there.
        questionnaire: the version of the questionnaire that was reviewed; empty: the one in use.

    Raises: NotSent, NotYourCandidacy, NoticeNotAccepted, NotOpenForCapture. Nothing was written.
    """
    with open_dossier(
        candidacy=asked.candidacy, kind=asked.kind, user=user, in_use=asked.in_use
    ) as opened:
        capture = _capture(asked, opened)
        try:
            if questionnaire not in {"", asked.in_use.name}:
                raise QuestionnaireChanged
            answers = opened.complete_answers(version=version)
            _require_correction(opened, capture, answers)
        except (
            IncompleteAnswers,
            DraftMoved,
            ObservedStaysTheSame,
            QuestionnaireChanged,
        ) as why:
            raise NotSent(why, capture) from why
        submission = submit(opened, answers=answers)
        start_review(submission=submission, by=user)
        return submission


def send_questionnaire(
    *, candidacy: CandidacyPage, kind: Kind, user: User, version: int | None
) -> Submission:
    """Do the same as `send` where no form is shown.

    Raises: IncompleteAnswers, DraftMoved, ObservedStaysTheSame, and whatever `send` raises.
    """
    try:
        return send(asked=asked_of(candidacy, kind), user=user, version=version)
    except NotSent as refused:
        raise refused.why from refused


def _require_correction(opened: OpenDossier, capture: Capture, answers: Mapping[str, Any]) -> None:
    """Raise ObservedStaysTheSame if no answer that was observed differs from the last submission.

    See ADR 0030.
    """
    observed = list(dict.fromkeys(found.question for found in capture.observations))
    previous = questionnaires.latest_submission(opened.dossier) if observed else None
    if previous is None:
        return
    given_under = questionnaires.parsed(previous.definition)
    before = _as_read(questionnaires.submission_answers(previous), given_under)
    now = _as_read(answers, opened.in_use.definition)
    if all(before.get(key) == now.get(key) for key in observed):
        raise ObservedStaysTheSame(observed)


def _as_read(answers: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    """Answers as a reader tells them apart: not by their blanks, nor a picture by its name."""
    read: dict[str, Any] = {}
    for key, value in answers.items():
        items = value if isinstance(value, list) else [value]
        read[key] = [clean_line(item) for item in items]
    photograph = definition.photograph
    if photograph is not None and photograph.key in read:
        stored = Photograph.objects.filter(pk__in=read[photograph.key])
        read[photograph.key] = list(stored.values_list("sha256", flat=True))
    return read
