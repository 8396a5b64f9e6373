"""Capture for parties and candidates. Thin: services know the rules, views know HTTP."""

from typing import Any, cast

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
from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.capture import forms, selectors, services, steps
from cms.capture.entry import capture_of, for_capture_accounts, notice_first, own, show_notice
from cms.catalogs.stored_files import stored_file
from cms.moderation.selectors import observations_for
from cms.privacy import selectors as privacy
from cms.privacy.services import NoticeChanged, accept_notice
from cms.questionnaires import services as questionnaires
from cms.questionnaires.answers import normalise, problems
from cms.questionnaires.definitions import Section
from cms.questionnaires.kinds import kind_at
from cms.questionnaires.models import Photograph
from cms.questionnaires.photographs import Crop, PhotographRejected
from cms.questionnaires.selectors import latest_submission
from cms.questionnaires.sizes import AnswersTooLarge

SAID_IN_CAPTURE = "captura"
# The buttons that save the step and go on: the one that is seen, and what the Enter key presses.
GOES_ON = {"siguiente", "entrar"}
# The buttons that save the step and stay on it.
UPLOAD, REMOVE = "quedarse", "quitar_fotografia"
Refusals = (questionnaires.NotOpenForCapture, questionnaires.DraftMoved)


@for_capture_accounts
@require_GET
def candidacies(request: HttpRequest) -> HttpResponseBase:
    """/captura/: the account's own candidacies with their progress."""
    state, municipality = request.GET.get("estado", ""), request.GET.get("municipio", "")
    found = selectors.own_list(
        cast(User, request.user),
        state=state,
        municipality=municipality,
        page=request.GET.get("pagina", ""),
    )
    filters = urlencode({"estado": state, "municipio": municipality})
    context = {"found": found, "state": state, "municipality": municipality, "filters": filters}
    return render(request, "capture/candidacies.html", context)


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponseBase:
    """/captura/aviso/: the simplified privacy notice, read once and accepted."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    # A path of this site: `redirect` takes a bare word for the name of a view.
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
def start(request: HttpRequest, candidacy_id: int) -> HttpResponseBase:
    """/captura/<id>/: straight to the step that is next."""
    candidacy = own(request, candidacy_id)
    capture = capture_of(candidacy)
    if not capture.is_open:
        return redirect("capture:receipt", candidacy_id)
    pending = steps.next_section(capture, _observations(capture))
    if pending is None:
        return redirect("capture:review", candidacy_id)
    return redirect("capture:section", candidacy_id, pending.key)


def _observations(capture: selectors.Capture) -> list[Any]:
    if capture.questionnaire is None:
        return []
    return observations_for(questionnaire=capture.questionnaire)


def _section_of(capture: selectors.Capture, key: str) -> Section:
    try:
        return capture.in_use.definition.section(key)
    except KeyError:
        raise Http404 from None


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, candidacy_id: int, key: str) -> HttpResponseBase:
    """/captura/<id>/<section>/: one step. Saved on every step, whatever is missing."""
    candidacy = own(request, candidacy_id)
    capture = capture_of(candidacy)
    current = _section_of(capture, key)
    if (notice_page := notice_first(request)) is not None:
        return notice_page
    if request.method == "POST":
        return _save(request, capture, current)
    if (came_back := resume.typed_into(request)) is not None:
        return _show_again(request, capture, current, came_back.posted)
    if not capture.is_open:
        return redirect("capture:receipt", candidacy_id)
    return _show(request, capture, current)


def _show_again(
    request: HttpRequest, capture: selectors.Capture, current: Section, posted: QueryDict
) -> HttpResponse:
    """A step with what was typed before the session ended, over the version it was typed over."""
    typed = forms.read_section(current, posted)
    if capture.is_open:
        return _show(request, capture, current, typed=typed, version=_version(posted))
    closed = questionnaires.NotOpenForCapture(
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
    **extra: Any,
) -> HttpResponse:
    answers = {**capture.answers, **(typed or {})}
    found = extra.pop("problems", [])
    observed = _observations(capture)
    context = {
        "capture": capture,
        "candidacy": capture.candidacy,
        "section": current,
        "fields": forms.fields(
            current,
            answers,
            definition=capture.in_use.definition,
            rule=capture.in_use.rule,
            problems=found,
            observations=observed,
        ),
        "problems": found,
        "observed": [one for one in observed if _asks(current, one.question)],
        "steps": steps.of(capture, current.key, observed),
        "previous": steps.before(capture, current.key),
        "said": [
            one for one in messages.get_messages(request) if one.extra_tags == SAID_IN_CAPTURE
        ],
        **extra,
    }
    return render(request, "capture/section.html", context, status=status)


def _asks(current: Section, key: str) -> bool:
    return any(question.key == key for question in current.questions)


def _version(posted: QueryDict) -> int | None:
    given = posted.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def _save(request: HttpRequest, capture: selectors.Capture, current: Section) -> HttpResponseBase:
    user = cast(User, request.user)
    typed = forms.read_section(current, request.POST)
    try:
        questionnaires.save_draft(
            candidacy=capture.candidacy,
            kind=kind_at(""),
            changes=typed,
            version=_version(request.POST),
            user=user,
        )
        if (wrong_photo := _change_photograph(request, capture.candidacy)) is not None:
            return _after_photo_problem(request, capture, current, typed, wrong_photo)
    except AnswersTooLarge as large:
        return _show(request, capture, current, typed=typed, problems=large.problems, status=422)
    except questionnaires.DraftMoved as moved:
        return _show(request, capture, current, typed=typed, status=409, moved=moved)
    except questionnaires.NotOpenForCapture as refusal:
        return _show(request, capture, current, typed=typed, status=409, refusal=refusal)
    resume.let_go(request)
    fresh = capture_of(capture.candidacy)
    wrong = _problems_of(fresh, current)
    if wrong and GOES_ON & set(request.POST):
        return _show(request, fresh, current, problems=wrong, status=422, saved=True)
    if UPLOAD in request.POST or REMOVE in request.POST:
        return redirect("capture:section", capture.candidacy.pk, current.key)
    following = steps.after(fresh, current.key)
    if following is None:
        return redirect("capture:review", capture.candidacy.pk)
    return redirect("capture:section", capture.candidacy.pk, following.key)


def _problems_of(capture: selectors.Capture, current: Section) -> list[Any]:
    for one in capture.progress.sections:
        if one.section.key == current.key:
            return list(one.problems)
    return []


def _change_photograph(request: HttpRequest, candidacy: CandidacyPage) -> str | None:
    """Put a photograph into the draft, or take it out; returns why not, in Spanish."""
    if REMOVE in request.POST:
        if questionnaires.remove_photograph(
            candidacy=candidacy, kind=kind_at(""), user=cast(User, request.user)
        ):
            _say(request, _("Se quitó la fotografía."))
        return None
    upload = request.FILES.get("fotografia_archivo")
    if upload is None:
        nothing = _("No elegiste ningún archivo. Elige tu fotografía y súbela.")
        return nothing if UPLOAD in request.POST else None
    try:
        questionnaires.attach_photograph(
            candidacy=candidacy,
            kind=kind_at(""),
            user=cast(User, request.user),
            file=upload,
            name=upload.name or "",
            crop=_crop(request),
        )
    except PhotographRejected as rejected:
        return rejected.explanation
    _say(request, _("Se guardó la fotografía."))
    return None


def _say(request: HttpRequest, words: str) -> None:
    """Say once, on the page that follows, that something went well."""
    messages.success(request, words, extra_tags=SAID_IN_CAPTURE)


def _crop(request: HttpRequest) -> Crop | None:
    def percent(name: str, default: float) -> float:
        try:
            return min(100.0, max(0.0, float(request.POST.get(name, "").replace(",", "."))))
        except ValueError:
            return default

    if not any(request.POST.get(name) for name in ("recorte_x", "recorte_y", "recorte_ancho")):
        return None
    return Crop(
        left=percent("recorte_x", 0),
        top=percent("recorte_y", 0),
        width=percent("recorte_ancho", 100),
    )


def _after_photo_problem(
    request: HttpRequest,
    capture: selectors.Capture,
    current: Section,
    typed: dict[str, Any],
    explanation: str,
) -> HttpResponse:
    fresh = capture_of(capture.candidacy)
    return _show(
        request, fresh, current, typed=typed, photo_problem=explanation, status=422, saved=True
    )


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, candidacy_id: int, key: str) -> HttpResponseBase:
    """/captura/<id>/<section>/guardar/: what htmx sends while typing; answers one line."""
    candidacy = own(request, candidacy_id)
    if request.method == "GET":
        return redirect("capture:section", candidacy_id, key)
    capture = capture_of(candidacy)
    current = _section_of(capture, key)
    if not privacy.has_accepted(user=cast(User, request.user)):
        return HttpResponse(status=403)
    typed = forms.read_section(current, request.POST)
    context: dict[str, Any] = {}
    try:
        draft = questionnaires.save_draft(
            candidacy=candidacy,
            kind=kind_at(""),
            changes=typed,
            version=_version(request.POST),
            user=cast(User, request.user),
        )
        context = {"draft": draft}
        resume.let_go(request)
    except (AnswersTooLarge, questionnaires.DraftMoved) as refusal:
        context = {"refusal": refusal}
    except questionnaires.NotOpenForCapture as refusal:
        context = {"refusal": refusal}
    return render(request, "capture/save_status.html", context)


@for_capture_accounts
@require_GET
def photograph(request: HttpRequest, candidacy_id: int, name: str) -> HttpResponseBase:
    """A photograph of the draft, for who captures it and nobody else."""
    candidacy = own(request, candidacy_id)
    stem = name.removesuffix(".jpg").removesuffix("-s")
    if not Photograph.objects.filter(pk=stem, questionnaire__candidacy=candidacy).exists():
        raise Http404
    return stored_file(storages["photographs"], name)


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, candidacy_id: int) -> HttpResponseBase:
    """/captura/<id>/revisar/: everything read-only, then send."""
    candidacy = own(request, candidacy_id)
    capture = capture_of(candidacy)
    if (notice_page := notice_first(request)) is not None:
        return notice_page
    if not capture.is_open:
        return redirect("capture:receipt", candidacy_id)
    if request.method == "GET":
        came_back = resume.typed_into(request)
        is_ticked = came_back is not None and came_back.posted.get("confirmo") == "si"
        return _show_review(request, capture, is_ticked=is_ticked)
    if request.POST.get("confirmo") != "si":
        problem = _("Marca la casilla de confirmación para enviar.")
        return _show_review(request, capture, status=422, problem=problem, is_unticked=True)
    try:
        services.send_questionnaire(
            candidacy=candidacy,
            kind=kind_at(""),
            user=cast(User, request.user),
            version=_version(request.POST),
        )
    except questionnaires.IncompleteAnswers as incomplete:
        return _show_review(request, capture, status=422, problem=incomplete.explanation)
    except services.ObservedStaysTheSame as refused:
        unchanged = steps.of_questions(capture, refused.questions)
        return _show_review(
            request, capture, status=422, problem=refused.explanation, unchanged=unchanged
        )
    except Refusals as refusal:
        fresh = capture_of(candidacy)
        return _show_review(request, fresh, status=409, problem=refusal.explanation)
    return redirect("capture:receipt", candidacy_id)


def _show_review(
    request: HttpRequest,
    capture: selectors.Capture,
    *,
    status: int = 200,
    problem: str = "",
    **extra: Any,
) -> HttpResponse:
    answers = normalise(capture.in_use.definition, capture.answers)
    context = {
        "capture": capture,
        "candidacy": capture.candidacy,
        "sections": steps.reviewed(capture, answers),
        "wrong": steps.placed(
            capture, problems(capture.in_use.definition, answers, rule=capture.in_use.rule)
        ),
        "steps": steps.of(capture, "revisar", _observations(capture)),
        "observed": _observations(capture),
        "problem": problem,
        **extra,
    }
    return render(request, "capture/review.html", context, status=status)


@for_capture_accounts
@require_GET
def receipt(request: HttpRequest, candidacy_id: int) -> HttpResponseBase:
    """/captura/<id>/acuse/: folio, time and hash of the last sending."""
    candidacy = own(request, candidacy_id)
    capture = capture_of(candidacy)
    submission = latest_submission(capture.questionnaire)
    if submission is None:
        return redirect("capture:candidacies")
    context = {
        "capture": capture,
        "candidacy": candidacy,
        "submission": submission,
        "words": selectors.state_in_words(capture.state, capture.since),
    }
    return render(request, "capture/receipt.html", context)
