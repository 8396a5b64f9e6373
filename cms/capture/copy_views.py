"""The page of «Usar mis respuestas»: what can be copied, with what is typed here beside it."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cms.accounts import resume
from cms.accounts.models import User
from cms.capture import copying, forms, selectors
from cms.capture.entry import asked, for_capture_accounts, notice_first, notice_instead
from cms.capture.views import SAID_IN_CAPTURE
from cms.privacy.services import NoticeNotAccepted
from cms.questionnaires.dossiers import DraftMoved, NotOpenForCapture
from cms.questionnaires.kinds import Kind
from cms.questionnaires.sizes import AnswersTooLarge


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, candidacy_id: int, kind: Kind | None = None) -> HttpResponseBase:
    """/captura/<id>/copiar/: choose what is copied from another candidacy of the person."""
    questionnaire = asked(request, candidacy_id, kind)
    capture = selectors.capture_of(questionnaire)
    came_back = resume.typed_into(request)
    posted = came_back.posted if came_back is not None else request.POST
    found = list(copying.sources_for(cast(User, request.user), questionnaire))
    source = _chosen(questionnaire, found, posted.get("de") or request.GET.get("de", ""))
    if source is None:
        raise Http404
    if request.method == "GET":
        if (notice_page := notice_first(request, questionnaire.kind)) is not None:
            return notice_page
        if not capture.is_open:
            return redirect(capture.addresses.receipt)
        ticked = _ticked(posted) if came_back is not None else None
        return _show(request, capture, source, found, ticked)
    return _copy(request, capture, source, found)


def _chosen(questionnaire: selectors.Asked, found: list[Any], number: str) -> copying.Source | None:
    """The source that was asked for, or the newest one that has answers."""
    for candidacy in found:
        if number in {"", str(candidacy.pk)}:
            source = copying.source_of(questionnaire, candidacy)
            if source is not None:
                return source
    return None


def _ticked(posted: QueryDict) -> set[str]:
    return set(posted.getlist("copiar"))


def _copy(
    request: HttpRequest,
    capture: selectors.Capture,
    source: copying.Source,
    found: list[Any],
) -> HttpResponse:
    ticked, photograph = _ticked(request.POST), request.POST.get("con_retrato") == "si"
    if not ticked and not photograph:
        problem = _("Marca al menos una respuesta para copiarla.")
        return _show(request, capture, source, found, ticked, problem=problem, status=422)
    try:
        copied = copying.copy_answers(
            capture=capture,
            source=source,
            keys=ticked,
            with_photograph=photograph,
            version=forms.version_of(request.POST),
            user=cast(User, request.user),
        )
    except NoticeNotAccepted:
        return notice_instead(request)
    except copying.NothingToCopy:
        raise Http404 from None
    except NotOpenForCapture:
        return redirect(capture.addresses.receipt)
    except (DraftMoved, AnswersTooLarge) as refused:
        now = selectors.capture_of(capture.asked)
        problem, status = refused.explanation, 409 if isinstance(refused, DraftMoved) else 422
        return _show(request, now, source, found, ticked, problem=problem, status=status)
    resume.let_go(request)
    messages.success(request, _said(copied), extra_tags=SAID_IN_CAPTURE)
    first = capture.in_use.definition.sections[0]
    return redirect(capture.addresses.section(first.key))


def _said(copied: copying.Copied) -> str:
    number = copied.answers
    said = ngettext("Se copió %d respuesta.", "Se copiaron %d respuestas.", number) % number
    if copied.photograph:
        said += " " + _("También se copió tu fotografía.")
    return said + " " + _("Revísalas: todavía no se envían.")


def _show(
    request: HttpRequest,
    capture: selectors.Capture,
    source: copying.Source,
    found: list[Any],
    ticked: set[str] | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    copy = copying.copy_of(capture, source)
    if ticked is None:
        # What is typed here stays unless the person ticks it.
        ticked = {one.question.key for one in copy.offered if not one.mine}
    context = {
        "capture": capture,
        "candidacy": capture.candidacy,
        "source": source,
        "others": [one for one in found if one.pk != source.candidacy.pk],
        "copy": copy,
        "rows": [(one, one.question.key in ticked) for one in copy.offered],
        "problem": problem,
        "has_portrait": source.photograph is not None
        and capture.in_use.definition.photograph is not None,
        "replaces_portrait": _has_portrait(capture),
    }
    return render(request, "capture/copy.html", context, status=status)


def _has_portrait(capture: selectors.Capture) -> bool:
    question = capture.in_use.definition.photograph
    return question is not None and bool(capture.answers.get(question.key))
