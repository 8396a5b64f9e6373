"""What is checked before a page of capture: the session, the candidacy, the privacy notice."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from cms.accounts import resume
from cms.accounts.models import User
from cms.accounts.typed import TooMuchTyped
from cms.candidacies.models import CandidacyPage
from cms.capture import selectors
from cms.privacy import selectors as privacy
from cms.questionnaires.kinds import Kind, UnknownKind, kind_at
from cms.questionnaires.selectors import NoQuestionnaire

P = ParamSpec("P")


def for_capture_accounts(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Let in accounts that capture. No page is kept in a cache, and no form sent here is lost."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        is_form = request.method == "POST" and resume.is_covered(request)
        if not request.user.is_authenticated:
            # The script that saves while somebody types would put the sign-in page into the form.
            return (
                _to_sign_in(request)
                if resume.asks_for_a_page(request)
                else HttpResponse(status=401)
            )
        user = request.user
        if not user.captures:
            return resume.other_account(request) if is_form else _elsewhere(request)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            if not is_form:
                raise
            response = resume.other_account(request, status=404)
        add_never_cache_headers(response)
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapped


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path())


def _elsewhere(request: HttpRequest) -> HttpResponse:
    """Lead staff to the admin; tell any other account that it has no part here."""
    user = cast(User, request.user)
    if user.is_institute_staff and resume.enters_the_admin(user):
        return redirect("wagtailadmin_home")
    return resume.closed_to(request)


def asked(request: HttpRequest, candidacy_id: int, kind: Kind | None) -> selectors.Asked:
    """The questionnaire that an address names.

    404 where the account does not capture the candidacy, so that other parties cannot learn that it
    exists, and where its process does not ask that questionnaire.
    """
    return _asked(selectors.own_candidacy(cast(User, request.user), candidacy_id), kind)


def asked_to_save(request: HttpRequest, candidacy_id: int, kind: Kind | None) -> selectors.Asked:
    """The same for a form that is saved while somebody types, and of which nothing is shown.

    Of a form with a file, or of no form, it is checked here who may capture the candidacy. Else
    only the service checks it, before anything of it is read or written: the view answers 404 too.
    """
    if request.method != "POST" or request.FILES:
        return asked(request, candidacy_id, kind)
    return _asked(selectors.candidacy_to_save(candidacy_id), kind)


def _asked(candidacy: CandidacyPage | None, kind: Kind | None) -> selectors.Asked:
    if candidacy is None:
        raise Http404
    try:
        return selectors.asked_of(candidacy, kind or kind_at(""))
    except (NoQuestionnaire, UnknownKind):
        raise Http404 from None


def notice_first(request: HttpRequest, kind: Kind) -> HttpResponse | None:
    """The way to the privacy notice, where the account has not accepted the one in force."""
    if kind.notice.has_been_accepted(user=cast(User, request.user)):
        return None
    return notice_instead(request)


def notice_instead(request: HttpRequest) -> HttpResponse:
    """The privacy notice instead of the page that was asked for.

    A form that was sent goes along with the notice's page: before it is accepted nothing is stored.
    """
    if request.method != "POST":
        return redirect(
            f"{reverse('capture:notice')}?{urlencode({'next': request.get_full_path()})}"
        )
    try:
        sealed = resume.sealed_form(request)
    except TooMuchTyped:
        sealed = ""
    return show_notice(request, after=request.path, sealed=sealed, status=409)


def show_notice(
    request: HttpRequest,
    *,
    after: str,
    sealed: str = "",
    status: int = 200,
    problem: str = "",
    is_ticked: bool = False,
    is_unticked: bool = False,
) -> HttpResponse:
    """The page of the privacy notice; 404 when the institute has none in force.

    Args:
        after: the address that follows when it is accepted.
        sealed: a form that is carried along, to be sent again after accepting.
    """
    in_force = privacy.notice_in_force()
    if in_force is None:
        raise Http404
    context: dict[str, Any] = {
        "notice": in_force,
        "hash": privacy.notice_hash(in_force),
        "after": after,
        "accepted": privacy.acceptance_of(user=cast(User, request.user)),
        "sealed": sealed,
        "problem": problem,
        "is_ticked": is_ticked,
        "is_unticked": is_unticked,
    }
    return render(request, "capture/notice.html", context, status=status)
