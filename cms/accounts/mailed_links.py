"""What the pages of every link that is sent by mail have in common: asking for it, and arriving.

The rooms of each kind of link say the words; the services know the rules.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cms.accounts import links, throttle
from cms.accounts.lockout import address_of, locked_out
from cms.accounts.models import User
from cms.notifications.mail import mail_is_sent


@dataclass(frozen=True)
class Asking:
    """The page on which somebody asks for a link.

    Attributes:
        form: of one field, `field`, with what was typed.
        ask_for: a service that is given what was typed, and the address that asks.
        page, asked: templates, before and after.
    """

    form: type[forms.Form]
    field: str
    ask_for: Callable[[str, str], None]
    page: str
    asked: str

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Ask for a link; the answer is the same for every name."""
        form = self.form(request.POST if request.method == "POST" else None)
        if not (mail_is_sent() and form.is_valid()):
            return render(request, self.page, {"form": form, "mail_is_sent": mail_is_sent()})
        try:
            self.ask_for(form.cleaned_data[self.field], address_of(request))
        except throttle.TooManyAttempts as stopped:
            return locked_out(request, stopped.until)
        minutes = int(links.LASTS.total_seconds() // 60)
        return render(request, self.asked, {"minutes": minutes})

    def again(self, request: HttpRequest) -> HttpResponse:
        """The form was too old: show it again with a fresh token. No link was made."""
        longest = self.form.base_fields[self.field].max_length  # type: ignore[attr-defined]
        form = self.form(initial={self.field: request.POST.get(self.field, "")[:longest]})
        context = {"form": form, "mail_is_sent": mail_is_sent(), "is_old": True}
        return render(request, self.page, context, status=403)


@dataclass(frozen=True)
class Arriving:
    """How a browser that opened a link keeps it until its owner presses a button.

    Attributes:
        kept_as: its name in the session. owner_of: raises LinkNotGood for a link that is not good.
        use: the name of the page with the button. not_good: a template.
    """

    kept_as: str
    owner_of: Callable[[str], User]
    use: str
    not_good: str

    def keep(self, request: HttpRequest, token: str) -> HttpResponse:
        """Keep a good link in the session and leave its address, which a history would show.

        A link that is not good gets no session, so that inventing links makes no rows.
        """
        try:
            self.owner_of(token)
        except links.LinkNotGood:
            return self.refused(request)
        request.session[self.kept_as] = token
        return redirect(self.use)

    def token(self, request: HttpRequest) -> str:
        """The link with which this browser came; empty if it came with none."""
        token: str = request.session.get(self.kept_as, "")
        return token

    def refused(self, request: HttpRequest) -> HttpResponse:
        """Say that the link is not good."""
        return render(request, self.not_good, status=410)
