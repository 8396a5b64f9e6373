"""What was typed when a session ended: the form is carried along and comes back after signing in.

Nothing is written before an account that may see the form sends it again with a fresh token. Upper
rooms say on which page their forms come back (`comes_back`); all other forms of the admin come back
on a page made for that. ADR 0022.
"""

import secrets
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.datastructures import MultiValueDict

from cms.accounts import second_factor, typed
from cms.accounts.typed import RESUMED, SEALED, TypedForm

KEPT = "formularios"
MOST_KEPT = 5
# Characters of all sealed forms: the row of the session is read with every request.
LARGEST_KEPT = 3_000_000
ASKED = "retomar"
# Where the people of the institute and of the political actors fill in forms.
CAPTURE, ADMIN, RESUME = "/captura/", "/admin/", "/acceso/retomar/"
# Where everybody keeps their own account.
ACCOUNT = "/acceso/cuenta/"
_AREAS = (CAPTURE, ADMIN, RESUME, ACCOUNT)


@dataclass(frozen=True)
class WayBack:
    """The page that shows a form with what was typed, and who may see it.

    Attributes:
        page: name of the view; it takes the same arguments as the form's own address.
        may_see: whether an account may see the form with these arguments.
        shows: whether that page itself shows what was typed; else the page of all other forms does.
    """

    page: str
    may_see: Callable[[Any, Mapping[str, Any]], bool]
    shows: bool = True

    def address(self, match: ResolverMatch) -> str:
        return reverse(self.page, args=match.args, kwargs=match.kwargs)


_ways: dict[str, WayBack] = {}


def comes_back(
    *names: str,
    page: str,
    may_see: Callable[[Any, Mapping[str, Any]], bool],
    shows: bool = True,
) -> None:
    """Register the page on which forms sent to these views come back. It calls `typed_into`.

    `shows=False` is for views that only take forms, of which `_opens` learns nothing: their forms
    come back on the page of all other forms, which then leads to `page`.
    """
    _ways.update(dict.fromkeys(names, WayBack(page, may_see, shows)))


class NoRoom(Exception):
    """The session keeps as many forms as it may, or as much text."""


def is_guarded(request: HttpRequest) -> bool:
    """Whether the address is one of those that only somebody who is signed in opens."""
    return request.path_info.startswith(_AREAS)


def is_covered(request: HttpRequest) -> bool:
    """Whether a form sent here is carried along: it is, when a person sends it from a page."""
    return is_guarded(request) and asks_for_a_page(request)


def asks_for_a_page(request: HttpRequest) -> bool:
    """Whether a person waits for a page; the scripts of capture and admin only need a status."""
    if request.headers.get("HX-Request") or "X-Requested-With" in request.headers:
        return False
    return request.get_preferred_type(["text/html", "application/json"]) == "text/html"


def carried(request: HttpRequest) -> str:
    """The sealed form that a page of ours carries along from an earlier request, or empty."""
    sealed = request.POST.get(SEALED, "") if request.method == "POST" else ""
    return sealed if typed.unseal(sealed) is not None else ""


def sealed_form(request: HttpRequest) -> str:
    """The sealed form that this request carries along, or its own form sealed; empty without.

    Raises: TooMuchTyped.
    """
    if sealed := carried(request):
        return sealed
    form = typed.of_request(request)
    return typed.seal(form) if form is not None else ""


# The session keeps the forms that came back, still sealed, until they are sent or discarded.


def keep(request: HttpRequest, sealed: str) -> str:
    """Keep a sealed form in the session after signing in; returns the address of the form.

    Raises: NoRoom.
    """
    kept: dict[str, str] = request.session.get(KEPT, {})
    kept = {name: form for name, form in kept.items() if typed.unseal(form) is not None}
    name = next((known for known, form in kept.items() if form == sealed), "")
    if not name:
        if len(kept) >= MOST_KEPT or sum(map(len, kept.values())) + len(sealed) > LARGEST_KEPT:
            raise NoRoom
        name = secrets.token_hex(8)
    request.session[KEPT] = {**kept, name: sealed}
    return reverse("resume", args=[name])


def kept_sealed(request: HttpRequest, name: str) -> str:
    """A form that the session keeps, sealed; empty when it is not there."""
    return str(request.session.get(KEPT, {}).get(name, ""))


def kept(request: HttpRequest) -> list[tuple[str, TypedForm]]:
    """The forms that the session keeps, oldest first, with their names."""
    opened = {name: typed.unseal(form) for name, form in request.session.get(KEPT, {}).items()}
    return [(name, form) for name, form in opened.items() if form is not None]


def let_go(request: HttpRequest, name: str = "") -> None:
    """Forget a form that was sent or is not wanted; by default the form of this request."""
    name = name or request.POST.get(RESUMED, "")
    if name in request.session.get(KEPT, {}):
        request.session[KEPT] = {
            kept: sealed for kept, sealed in request.session[KEPT].items() if kept != name
        }


def sent(request: HttpRequest) -> None:
    """Forget the form of a request that was answered with a redirect, as Wagtail answers on saving.

    The views that `comes_back` names call `let_go` themselves.
    """
    match = request.resolver_match
    if RESUMED in request.POST and match is not None and match.view_name not in _ways:
        let_go(request)


# Where a form comes back, and for which accounts.


def _match(form: TypedForm) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(form.address).path)
    except Resolver404:
        return None


def way_of(form: TypedForm) -> tuple[WayBack | None, ResolverMatch | None]:
    """How a form comes back (None: on the page of all other forms), and its resolved address."""
    match = _match(form)
    return (_ways.get(match.view_name) if match is not None else None), match


def page_of(form: TypedForm) -> str:
    """The address of the page that shows this form."""
    way, match = way_of(form)
    return way.address(match) if way is not None and match is not None else form.address


def may_see(request: HttpRequest, form: TypedForm) -> bool:
    """Whether the account that is signed in may see a form, as the page of the form decides."""
    way, match = way_of(form)
    if match is None:
        return False
    if way is not None:
        return way.may_see(request.user, match.kwargs)
    return _opens(request, form, match)


def _opens(request: HttpRequest, form: TypedForm, match: ResolverMatch) -> bool:
    """Ask the form's own view, as if its page were opened."""
    asked = copy(request)
    asked.method = "GET"
    asked.path = asked.path_info = urlsplit(form.address).path
    asked.GET = QueryDict(urlsplit(form.address).query)
    asked.POST = QueryDict()
    asked._files = MultiValueDict()  # type: ignore[attr-defined]
    asked.resolver_match = match
    try:
        response = match.func(asked, *match.args, **match.kwargs)
    except (Http404, PermissionDenied):
        return False
    return bool(response.status_code == 200)


def typed_into(request: HttpRequest) -> TypedForm | None:
    """The form that this page must show instead of what is stored; usually None.

    The template then includes `accounts/resumed_notice.html`, and `accounts/resumed_field.html`
    inside the form.
    """
    name = request.GET.get(ASKED, "")
    form = typed.unseal(kept_sealed(request, name)) if name else None
    if form is None or urlsplit(page_of(form)).path != request.path:
        return None
    request.resumed = Resumed(name, form)  # type: ignore[attr-defined]
    return form


@dataclass(frozen=True)
class Resumed:
    """A form that came back, for the templates."""

    name: str
    form: TypedForm


# The pages.


def session_ended(request: HttpRequest) -> HttpResponse:
    """Answer a form that arrived without a session: sign in on this page, and it comes back."""
    return _page(request, "ended", status=401)


def token_was_old(request: HttpRequest) -> HttpResponse:
    """Answer a form whose token is older than the session: a button brings it back."""
    return _page(request, "changed", status=403)


def other_account(request: HttpRequest, *, status: int = 403, sealed: str = "") -> HttpResponse:
    """Answer a form that the account may not see: it stays sealed, for another account."""
    return _page(request, "other", status=status, sealed=sealed)


def no_room(request: HttpRequest) -> HttpResponse:
    """Answer that the session keeps enough forms already: finish some form first."""
    return _page(request, "full", status=409)


def _page(request: HttpRequest, kind: str, *, status: int, sealed: str = "") -> HttpResponse:
    is_too_much = False
    try:
        sealed = sealed or sealed_form(request)
    except typed.TooMuchTyped:
        is_too_much = True
    form = typed.unseal(sealed)
    context = {
        "kind": kind,
        "sealed": sealed,
        "form_kept": form,
        "is_too_much": is_too_much,
        "page": page_of(form) if form is not None else request.path,
    }
    response = render(request, "accounts/session_ended.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def bring_back(request: HttpRequest, sealed: str) -> HttpResponse:
    """Keep a form in the session and lead to its page."""
    try:
        return redirect(keep(request, sealed))
    except NoRoom:
        return no_room(request)


def closed_to(request: HttpRequest) -> HttpResponse:
    """403, and where to go, for an account that has no part in these pages."""
    response = render(request, "accounts/no_entry.html", {"user": request.user}, status=403)
    response["Cache-Control"] = "private, no-store"
    return response


def enters_the_admin(user: Any) -> bool:
    """Whether Wagtail lets an account in."""
    return bool(user.has_perm("wagtailadmin.access_admin"))


def refuse_entry(request: HttpRequest) -> HttpResponse | None:
    """The answer instead of a view of capture or the admin; None when the view may answer."""
    user = request.user
    if second_factor.held_back(request) is not None:
        return _prove_first(request, reverse("second_factor_choose"))
    if not user.is_authenticated:
        is_form = request.method == "POST" and is_covered(request)
        return session_ended(request) if is_form else None
    if request.path_info.startswith(ADMIN) and not enters_the_admin(user):
        if request.method == "POST" and is_covered(request):
            return other_account(request)
        return closed_to(request) if asks_for_a_page(request) else None
    if second_factor.must_be_fresh(request):
        return _prove_first(request, reverse("account_reauthenticate"))
    return None


def _prove_first(request: HttpRequest, page: str) -> HttpResponse:
    """Lead to the page that asks for a proof, and from there back; a form is kept meanwhile."""
    if not asks_for_a_page(request):
        return HttpResponse(status=401)
    after = request.get_full_path()
    if request.method == "POST":
        try:
            sealed = sealed_form(request)
            after = keep(request, sealed) if sealed else request.path
        except (NoRoom, typed.TooMuchTyped):
            return no_room(request)
    return redirect(f"{page}?{urlencode({'next': after})}")
