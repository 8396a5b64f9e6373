"""Capture for parties and candidates. Thin: services know the rules, views know HTTP."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import resume
from cms.accounts.models import Role, User
from cms.candidacies.own_accounts.selectors import Activation
from cms.candidacies.permissions import NotYourCandidacy
from cms.capture import copying, forms, home, selectors, services, steps
from cms.capture.entry import (
    asked,
    asked_to_save,
    for_capture_accounts,
    notice_first,
    notice_instead,
    show_notice,
)
from cms.capture.own_list import own_list
from cms.capture.sights import seen
from cms.catalogs.models import CandidacyState
from cms.catalogs.stored_files import stored_file
from cms.privacy.services import NoticeChanged, NoticeNotAccepted, accept_notice
from cms.questionnaires.answers import AnswerProblem, normalise
from cms.questionnaires.definitions import Section
from cms.questionnaires.dossiers import DraftMoved, NotOpenForCapture
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Photograph, Submission
from cms.questionnaires.selectors import dossier_of, latest_submission
from cms.questionnaires.sizes import AnswersTooLarge

SAID_IN_CAPTURE = "captura"


@for_capture_accounts
@require_GET
def candidacies(request: HttpRequest) -> HttpResponseBase:
    """/captura/: the account's own candidacies with their progress; a candidate's own home."""
    user = cast(User, request.user)
    if user.role == Role.CANDIDATE:
        return home.page(request, user)
    account = request.GET.get("cuenta", "")
    state, municipality = request.GET.get("estado", ""), request.GET.get("municipio", "")
    found = own_list(
        user,
        process=request.GET.get("proceso", ""),
        state=state,
        municipality=municipality,
        account=account,
        page=request.GET.get("pagina", ""),
    )
    several = found.process is not None and len(found.processes) > 1
    of_process = {"proceso": found.process.slug} if found.process and several else {}
    filters = urlencode(
        {**of_process, "estado": state, "municipio": municipality, "cuenta": account}
    )
    context = {
        "found": found,
        "state": state,
        "municipality": municipality,
        "account": account,
        "accounts": Activation.choices,
        "filters": filters,
    }
    return render(request, "capture/candidacies.html", context)


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponseBase:
    """/captura/aviso/: the simplified privacy notice, read once and accepted."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    # Only a path of this site: `redirect` would take a plain word for the name of a view.
    if not (after.startswith("/") and url_has_allowed_host_and_scheme(after, allowed_hosts=None)):
        after = reverse("capture:candidacies")
    if request.method == "GET":
        came_back = resume.typed_into(request)
        is_ticked = came_back is not None and came_back.posted.get("acepto") == "si"
        return show_notice(request, after=after, is_ticked=is_ticked)
    sealed = resume.carried(request)
    if request.POST.get("acepto") != "si":
        problem = _("Marca la casilla para continuar. Antes de eso no se guarda nada.")
        return show_notice(
            request, after=after, sealed=sealed, status=422, problem=problem, is_unticked=True
        )
    try:
        accept_notice(user=cast(User, request.user), notice_hash=request.POST.get("hash", ""))
    except NoticeChanged as changed:
        return show_notice(
            request, after=after, sealed=sealed, status=409, problem=changed.explanation
        )
    return resume.bring_back(request, sealed) if sealed else redirect(after)


@for_capture_accounts
@require_GET
def start(request: HttpRequest, candidacy_id: int, kind: Kind | None = None) -> HttpResponseBase:
    """/captura/<id>/: leads to the step that comes next."""
    capture = selectors.capture_of(asked(request, candidacy_id, kind))
    if not capture.is_open:
        return redirect(capture.addresses.receipt)
    pending = steps.next_section(capture)
    if pending is None:
        return redirect(capture.addresses.review)
    return redirect(capture.addresses.section(pending.key))


def _section_of(request: HttpRequest, questionnaire: selectors.Asked, key: str) -> Section:
    """The section of an address.

    What was typed in a section that the institute took out meanwhile is saved as far as it is
    still asked, and the first section says so.
    """
    definition = questionnaire.in_use.definition
    try:
        return definition.section(key)
    except KeyError:
        shown = forms.questionnaire_of(request.POST)
        if not shown or shown == questionnaire.in_use.name:
            raise Http404 from None
        return definition.sections[0]


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def section(
    request: HttpRequest, candidacy_id: int, key: str, kind: Kind | None = None
) -> HttpResponseBase:
    """/captura/<id>/<section>/: a step. It is saved even if answers are missing or wrong."""
    questionnaire = asked(request, candidacy_id, kind)
    current = _section_of(request, questionnaire, key)
    if request.method == "POST":
        return _save(request, questionnaire, current)
    if (notice_page := notice_first(request, questionnaire.kind)) is not None:
        return notice_page
    capture = selectors.capture_of(questionnaire)
    if (came_back := resume.typed_into(request)) is not None:
        return _show_again(request, capture, current, came_back.posted)
    if not capture.is_open:
        return redirect(capture.addresses.receipt)
    return _show(request, capture, current)


def _show_again(
    request: HttpRequest, capture: selectors.Capture, current: Section, posted: QueryDict
) -> HttpResponse:
    """A step as it was typed before the session ended, with the version that it was typed over."""
    typed = forms.read_answers(current.questions, posted)
    if capture.is_open:
        return _show(request, capture, current, typed=typed, version=forms.version_of(posted))
    closed = NotOpenForCapture(
        _(
            "Este cuestionario ya no se puede cambiar."
            " Abajo está lo que escribiste: cópialo si te sirve."
        )
    )
    return _show(request, capture, current, typed=typed, refusal=closed, status=409)


def _show(
    request: HttpRequest,
    capture: selectors.Capture,
    current: Section,
    *,
    typed: dict[str, Any] | None = None,
    status: int = 200,
    problems: Sequence[AnswerProblem] = (),
    **extra: Any,
) -> HttpResponse:
    keys = {question.key for question in current.questions}
    context = {
        "capture": capture,
        "candidacy": capture.candidacy,
        "section": current,
        "autosave": capture.addresses.autosave(current.key),
        "fields": forms.fields(
            current, {**capture.answers, **(typed or {})}, capture=capture, problems=problems
        ),
        "problems": problems,
        "observed": [found for found in capture.observations if found.question in keys],
        "steps": steps.of(capture, current.key),
        **_changes(capture),
        "previous": steps.before(capture, current.key),
        "copy": _copy_address(request, capture, current),
        "said": [
            message
            for message in messages.get_messages(request)
            if message.extra_tags == SAID_IN_CAPTURE
        ],
        **extra,
    }
    return render(request, "capture/section.html", context, status=status)


def _copy_address(request: HttpRequest, capture: selectors.Capture, current: Section) -> str:
    """On the first step, where answers of another candidacy are copied; empty: there are none."""
    is_first = current.key == capture.in_use.definition.sections[0].key
    if not (is_first and capture.is_open):
        return ""
    there_are = copying.sources_for(cast(User, request.user), capture.asked).exists()
    return capture.addresses.copy if there_are else ""


def _changes(capture: selectors.Capture) -> dict[str, Any]:
    """What the institute changed since the answers were given, and where it has to be answered."""
    changes = capture.changes
    asked = steps.placed(capture, changes.asked) if changes is not None else []
    return {"changes": changes, "asked_again": asked}


def _saved(
    request: HttpRequest, questionnaire: selectors.Asked, current: Section
) -> services.SavedSection:
    """Save what a form of a step sent, from its button or meanwhile. Raises NoticeNotAccepted."""
    saved = services.save_section(
        asked=questionnaire,
        section=current,
        posted=request.POST,
        upload=request.FILES.get("fotografia_archivo"),
        user=cast(User, request.user),
    )
    if saved.refusal is None and not saved.photograph_problem:
        resume.let_go(request)
    return saved


def _save(
    request: HttpRequest, questionnaire: selectors.Asked, current: Section
) -> HttpResponseBase:
    try:
        saved = _saved(request, questionnaire, current)
    except NoticeNotAccepted:
        return notice_instead(request)
    if saved.refusal is not None or saved.photograph_problem:
        return _show_refused(request, saved)
    if saved.is_of_earlier:
        return _show(request, saved.capture, current, saved=saved, status=409)
    if saved.told:
        messages.success(request, saved.told, extra_tags=SAID_IN_CAPTURE)
    if saved.problems and forms.GOES_ON & set(request.POST):
        return _show(request, saved.capture, current, problems=saved.problems, status=422)
    if forms.UPLOAD in request.POST or forms.REMOVE in request.POST:
        return redirect(questionnaire.addresses.section(current.key))
    following = steps.after(saved.capture, current.key)
    if following is None:
        return redirect(questionnaire.addresses.review)
    return redirect(questionnaire.addresses.section(following.key))


def _show_refused(request: HttpRequest, saved: services.SavedSection) -> HttpResponse:
    """The step with what was typed, and why it, or its photograph, was not saved."""
    refusal = saved.refusal
    extra: dict[str, Any] = {"status": 409, "refusal": refusal}
    if isinstance(refusal, DraftMoved):
        extra = {"status": 409, "moved": refusal}
    elif isinstance(refusal, AnswersTooLarge):
        extra = {"status": 422, "problems": refusal.problems}
    elif refusal is None:
        extra = {"status": 422, "photo_problem": saved.photograph_problem}
    return _show(request, saved.capture, saved.section, typed=saved.typed, **extra)


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def autosave(
    request: HttpRequest, candidacy_id: int, key: str, kind: Kind | None = None
) -> HttpResponseBase:
    """/captura/<id>/<section>/guardar/: sent by htmx while somebody types; answers with a line."""
    questionnaire = asked_to_save(request, candidacy_id, kind)
    current = _section_of(request, questionnaire, key)
    if request.method == "GET":
        return redirect(questionnaire.addresses.section(key))
    try:
        saved = _saved(request, questionnaire, current)
    except NotYourCandidacy:
        raise Http404 from None
    except NoticeNotAccepted:
        return HttpResponse(status=403)
    return render(request, "capture/save_status.html", {"saved": saved})


@for_capture_accounts
@require_GET
def photograph(
    request: HttpRequest,
    candidacy_id: int,
    photograph_id: UUID,
    kind: Kind | None = None,
    size: str = "",
) -> HttpResponseBase:
    """A photograph of the draft, for the accounts that capture it and for nobody else."""
    questionnaire = asked(request, candidacy_id, kind)
    own = Photograph.objects.filter(
        pk=photograph_id,
        questionnaire__candidacy=questionnaire.candidacy,
        questionnaire__kind=questionnaire.kind.key,
    )
    if not own.exists():
        raise Http404
    return stored_file(storages["photographs"], f"{photograph_id}{size}.jpg")


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, candidacy_id: int, kind: Kind | None = None) -> HttpResponseBase:
    """/captura/<id>/revisar/: everything read-only, then send."""
    questionnaire = asked(request, candidacy_id, kind)
    is_ticked = request.POST.get("confirmo") == "si"
    if is_ticked:
        return _send(request, questionnaire)
    if (notice_page := notice_first(request, questionnaire.kind)) is not None:
        return notice_page
    capture = selectors.capture_of(questionnaire)
    if not capture.is_open:
        return redirect(capture.addresses.receipt)
    if request.method == "POST":
        problem = _("Marca la casilla de confirmación para enviar.")
        return _show_review(request, capture, status=422, problem=problem, is_unticked=True)
    came_back = resume.typed_into(request)
    is_ticked = came_back is not None and came_back.posted.get("confirmo") == "si"
    return _show_review(request, capture, is_ticked=is_ticked)


def _send(request: HttpRequest, questionnaire: selectors.Asked) -> HttpResponseBase:
    try:
        services.send(
            asked=questionnaire,
            user=cast(User, request.user),
            version=forms.version_of(request.POST),
            questionnaire=forms.questionnaire_of(request.POST),
        )
    except NoticeNotAccepted:
        return notice_instead(request)
    except NotOpenForCapture:
        # It was sent already, or the candidacy ended: what follows says so.
        return redirect(questionnaire.addresses.receipt)
    except services.NotSent as refused:
        return _show_not_sent(request, refused)
    return redirect(questionnaire.addresses.receipt)


def _show_not_sent(request: HttpRequest, refused: services.NotSent) -> HttpResponse:
    extra: dict[str, Any] = {"problem": refused.why.explanation, "status": 422}
    if isinstance(refused.why, DraftMoved | services.QuestionnaireChanged):
        extra["status"] = 409
    elif isinstance(refused.why, services.ObservedStaysTheSame):
        extra["unchanged"] = steps.of_questions(refused.capture, refused.why.questions)
    return _show_review(request, refused.capture, **extra)


def _show_review(
    request: HttpRequest,
    capture: selectors.Capture,
    *,
    status: int = 200,
    problem: str = "",
    **extra: Any,
) -> HttpResponse:
    answers = normalise(capture.in_use.definition, capture.answers)
    wrong = [problem for progress in capture.progress.sections for problem in progress.problems]
    context = {
        "capture": capture,
        "candidacy": capture.candidacy,
        "sections": steps.reviewed(capture, answers),
        "wrong": steps.placed(capture, wrong),
        "steps": steps.of(capture, steps.REVIEW),
        "observed": capture.observations,
        "problem": problem,
        **_changes(capture),
        **extra,
    }
    return render(request, "capture/review.html", context, status=status)


@for_capture_accounts
@require_GET
def receipt(request: HttpRequest, candidacy_id: int, kind: Kind | None = None) -> HttpResponseBase:
    """/captura/<id>/acuse/: folio, time and hash of the last submission."""
    questionnaire = asked(request, candidacy_id, kind)
    dossier = dossier_of(candidacy=questionnaire.candidacy, kind=questionnaire.kind)
    submission = latest_submission(dossier)
    if dossier is None or submission is None:
        return redirect("capture:candidacies")
    context = {
        "kind": questionnaire.kind,
        "candidacy": questionnaire.candidacy,
        "submission": submission,
        "document": questionnaire.addresses.document(submission.number),
        "sealed": questionnaire.addresses.sealed(submission.number),
        "words": selectors.state_in_words(dossier.state, dossier.state_since),
        "changes": _changed_since(questionnaire, submission),
        "row": seen(dossier, questionnaire.candidacy),
        "is_under_review": dossier.state in selectors.LOCKED,
    }
    return render(request, "capture/receipt.html", context)


def _changed_since(questionnaire: selectors.Asked, submission: Submission) -> Any:
    """What the institute changed since a submission; None for a candidacy that ended."""
    is_active = questionnaire.candidacy.state == CandidacyState.ACTIVE
    if not is_active or submission.definition_id == questionnaire.in_use.stored.pk:
        return None
    return selectors.capture_of(questionnaire).changes
