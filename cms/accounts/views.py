"""Signing in and out with django-allauth's views, and the forms that come back afterwards."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_login_redirect_url
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cms.accounts import resume, second_factor, sessions, typed

OTHER_ACCOUNT = "cambiar"


class SignInView(views.LoginView):
    """/acceso/: leads on if somebody is signed in already; brings a carried form back."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if second_factor.held_back(request) is not None and not _wants_more(request):
            # Elsewhere the session is nobody's: pages for people who are signed in lead back here.
            return redirect(
                f"{reverse('second_factor_choose')}?{urlencode({'next': _next(request)})}"
            )
        if request.method == "POST" and request.user.is_authenticated:
            if OTHER_ACCOUNT not in request.POST:
                return already_in(request)
            logout(request)
        # Somebody whose second factor was asked wants to enter with another account, or once more.
        elif not request.user.is_authenticated and (
            request.method == "POST" or OTHER_ACCOUNT in request.GET
        ):
            clear_login(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """The password was right: a carried form waits in the session for the second factor."""
        sealed, has_room = resume.carried(self.request), True
        try:
            self.way_back = resume.keep(self.request, sealed) if sealed else ""
        except resume.NoRoom:
            has_room = False
        response: HttpResponse = super().form_valid(form)
        if not has_room and self.request.user.is_authenticated:
            return resume.no_room(self.request)
        return response

    def get_success_url(self) -> Any:
        return getattr(self, "way_back", "") or super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "sealed": resume.carried(self.request),
            "login": self.request.POST.get("login", ""),
        }


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    return asked if get_adapter().is_safe_url(asked) else get_login_redirect_url(request)


def _wants_more(request: HttpRequest) -> bool:
    """Whether a sign-in form carries a form along, or is for another account."""
    return OTHER_ACCOUNT in request.POST or bool(resume.carried(request))


def already_in(request: HttpRequest) -> HttpResponse:
    """Answer a sign-in form that was sent while signed in already, perhaps from another tab."""
    if resume.carried(request):
        return resume.token_was_old(request)
    after = get_login_redirect_url(request)
    login = request.POST.get("login", "").strip()
    if login.casefold() in {"", request.user.get_username().casefold()}:
        # Not `redirect`, which would take a plain word for the name of a view.
        return HttpResponseRedirect(after)
    context = {"after": after, "login": login}
    return render(request, "accounts/already_in.html", context, status=409)


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """The sign-in form was too old: show it again with a fresh token. Nobody was signed in."""
    after = request.POST.get("next", "")
    context = {
        "is_old": True,
        "login": request.POST.get("login", "")[:150],
        "sealed": resume.carried(request),
        "redirect_field_name": "next",
        "redirect_field_value": after if get_adapter().is_safe_url(after) else "",
    }
    return render(request, "account/login.html", context, status=403)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def resume_forms(request: HttpRequest) -> HttpResponse:
    """/acceso/retomar/: the forms that were kept; POST brings back the form that a page carries."""
    if request.method == "POST":
        sealed = resume.carried(request)
        return resume.bring_back(request, sealed) if sealed else redirect("resume_forms")
    context = {"kept": [(name, form, resume.page_of(form)) for name, form in resume.kept(request)]}
    return render(request, "accounts/resume_forms.html", context)


@never_cache
@login_required
@require_GET
def resume_form(request: HttpRequest, name: str) -> HttpResponse:
    """/acceso/retomar/<name>/: leads to the form with what was typed, or shows it here."""
    sealed = resume.kept_sealed(request, name)
    form = typed.unseal(sealed)
    if form is None:
        return render(request, "accounts/resume_gone.html", status=404)
    if not resume.may_see(request, form):
        return resume.other_account(request, sealed=sealed)
    way, _match = resume.way_of(form)
    page = resume.page_of(form)
    if way is not None and way.shows:
        return redirect(f"{page}?{resume.ASKED}={name}")
    context = {"form_kept": form, "name": name, "page": page}
    return render(request, "accounts/resume.html", context)


@login_required
@require_POST
def let_go(request: HttpRequest, name: str) -> HttpResponse:
    """/acceso/retomar/<name>/descartar/: forget a form."""
    resume.let_go(request, name)
    if resume.kept(request):
        return redirect("resume_forms")
    return HttpResponseRedirect(get_login_redirect_url(request))


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """/acceso/sesion/: seconds left of the session (0: it ended). POST renews it."""
    if request.method == "POST" and request.user.is_authenticated:
        sessions.renew(request, at_once=True)
    return JsonResponse({"segundos": sessions.seconds_left(request)})


@never_cache
@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """/acceso/listo/: shown after signing in beside a page whose session had ended."""
    if second_factor.held_back(request) is not None:
        return redirect(f"{reverse('second_factor_choose')}?next={request.path}")
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    return render(request, "accounts/signed_in.html")
