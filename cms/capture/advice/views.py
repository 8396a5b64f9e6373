"""Asking for advice: the form, and the account's own conversations. Thin: the services decide."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import resume
from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.capture.addresses import Addresses
from cms.capture.advice import selectors, services
from cms.capture.entry import for_capture_accounts, notice_instead
from cms.capture.models import AdviceRequest, Topic
from cms.capture.selectors import own_candidacy
from cms.privacy.selectors import has_accepted
from cms.privacy.services import NoticeNotAccepted
from cms.questionnaires import selectors as questionnaires
from cms.questionnaires.kinds import UnknownKind, kind_at


@dataclass(frozen=True)
class Place:
    """What a question is about: a candidacy, and the step of a form from which it was asked.

    `step` is the title of the step, `kind` and `key` its place in the addresses.
    """

    candidacy: CandidacyPage | None = None
    kind: str = ""
    key: str = ""
    step: str = ""
    back: str = ""


def _place(request: HttpRequest, given: Any) -> Place:
    """The place that an address or a form names. Raises Http404 for a candidacy of others."""
    number = given.get("candidatura", "")
    if not number:
        return Place()
    known = number.isdecimal() and len(number) < 10
    candidacy = own_candidacy(cast(User, request.user), int(number)) if known else None
    if candidacy is None:
        raise Http404
    path, key = given.get("cuestionario_de", "")[:40], given.get("paso", "")[:80]
    try:
        kind = kind_at(path)
        definition = questionnaires.definition_for(process=candidacy.process, kind=kind).definition
        section = definition.section(key)
    except (UnknownKind, questionnaires.NoQuestionnaire, KeyError):
        return Place(candidacy)
    back = Addresses(candidacy.pk, kind).section(section.key)
    return Place(candidacy, path, key, section.title, back)


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """/captura/asesorias/nueva/: a topic and a message; from a step, that step."""
    if request.method == "GET" and not has_accepted(user=cast(User, request.user)):
        return notice_instead(request)
    came_back = resume.typed_into(request)
    if request.method == "GET":
        given = came_back.posted if came_back is not None else request.GET
        return _form(request, _place(request, given), given)
    place = _place(request, request.POST)
    try:
        asked = services.ask(
            user=cast(User, request.user),
            topic=request.POST.get("tema", ""),
            message=request.POST.get("mensaje", ""),
            candidacy=place.candidacy,
            step=place.step,
        )
    except NoticeNotAccepted:
        return notice_instead(request)
    except services.AdviceRefused as refused:
        return _form(request, place, request.POST, refused)
    resume.let_go(request)
    return redirect("capture:advice_conversation", asked.pk)


def _form(
    request: HttpRequest, place: Place, given: Any, refused: services.AdviceRefused | None = None
) -> HttpResponse:
    context = {
        "place": place,
        "candidacy": place.candidacy,
        "topics": Topic.choices,
        "topic": given.get("tema", ""),
        "text": given.get("mensaje", ""),
        "longest": services.LONGEST_MESSAGE,
        "refused": refused,
        "earlier": selectors.own(cast(User, request.user)).exists(),
    }
    status = 200 if refused is None else refused.status
    return render(request, "capture/advice_ask.html", context, status=status)


@for_capture_accounts
@require_GET
def conversations(request: HttpRequest) -> HttpResponseBase:
    """/captura/asesorias/: what this account asked, the newest first."""
    found = selectors.own(cast(User, request.user))[:200]
    return render(request, "capture/advice_list.html", {"found": found})


@for_capture_accounts
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """/captura/asesorias/<id>/: what was asked and answered, and a field to write once more."""
    user = cast(User, request.user)
    own = selectors.own_request(user, request_id)
    if own is None:
        raise Http404
    came_back = resume.typed_into(request)
    if request.method == "GET":
        text = came_back.posted.get("mensaje", "") if came_back is not None else ""
        return _conversation(request, own, text)
    try:
        services.write_on(user=user, request_id=request_id, message=request.POST.get("mensaje", ""))
    except NoticeNotAccepted:
        return notice_instead(request)
    except services.AdviceRefused as refused:
        return _conversation(request, own, request.POST.get("mensaje", ""), refused)
    resume.let_go(request)
    return redirect("capture:advice_conversation", request_id)


def _conversation(
    request: HttpRequest,
    own: AdviceRequest,
    text: str,
    refused: services.AdviceRefused | None = None,
) -> HttpResponse:
    context = {
        "advice": own,
        "candidacy": own.candidacy,
        "written": selectors.messages_of(own),
        "text": text,
        "longest": services.LONGEST_MESSAGE,
        "refused": refused,
    }
    status = 200 if refused is None else refused.status
    return render(request, "capture/advice_conversation.html", context, status=status)
