"""«Es la misma persona que…»: the screen on which staff link the candidacies of one person."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts.models import User
from cms.candidacies import people
from cms.candidacies.models import CandidacyPage
from cms.catalogs.spanish import identity
from cms.moderation.dossier import candidacy_of
from cms.moderation.register import RegisterOnly, position_of, readable_by

MOST_FOUND = 20


class PersonView(RegisterOnly, WagtailAdminTemplateMixin, View):
    """Which other candidacies are of the same person; to link one, and to take it back."""

    template_name = "moderation/person.html"
    header_icon = "user"
    http_method_names = ("get", "head", "post")
    _show_breadcrumbs = True
    candidacy: CandidacyPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not people.may_link(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.candidacy_id: int = kwargs["candidacy_id"]

    def get(self, request: HttpRequest, candidacy_id: int) -> HttpResponse:
        return self.screen()

    def post(self, request: HttpRequest, candidacy_id: int) -> HttpResponse:
        self.candidacy = candidacy_of(request.user, candidacy_id)
        by, because = cast(User, request.user), request.POST.get("porque", "")
        try:
            if "separar" in request.POST:
                people.separate(candidacy_id=candidacy_id, by=by, because=because)
                said = _("Esta candidatura ya no está unida a otra.")
            else:
                other = self._other(request)
                people.link(candidacy_id=candidacy_id, same_as=other, by=by, because=because)
                said = _("Quedó anotado que son la misma persona.")
        except people.NotLinked as refused:
            return self.screen(refused.explanation)
        messages.success(request, said)
        return redirect("register:candidacy", candidacy_id)

    def _other(self, request: HttpRequest) -> int:
        """The candidacy that was chosen, of those that the account may know of."""
        number = request.POST.get("otra", "")
        known = readable_by(request.user)
        if not (number.isdecimal() and len(number) < 10 and known.filter(pk=number).exists()):
            raise people.NotLinked(_("Elige la otra candidatura de la lista."))
        return int(number)

    def screen(self, problem: str = "") -> HttpResponse:
        self.candidacy = candidacy_of(self.request.user, self.candidacy_id)
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        words = given.get("q", "").strip()[:200]
        context = self.get_context_data(
            candidacy=self.candidacy,
            position=position_of(self.candidacy),
            linked=people.others_of(self.candidacy, readable_by(self.request.user)),
            found=self._found(words),
            words=words,
            chosen=given.get("otra", ""),
            because=given.get("porque", ""),
            problem=problem,
        )
        status = 422 if problem else 200
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def _found(self, words: str) -> list[CandidacyPage]:
        """Candidacies of other people with these words in their name; without words, this name."""
        rows = readable_by(self.request.user).exclude(person=self.candidacy.person_id)
        if words:
            for word in identity(words).split()[:20]:
                rows = rows.filter(folded_name__contains=word)
        else:
            rows = rows.filter(folded_name=self.candidacy.folded_name)
        related = rows.select_related("process", "office", "territory", "actor")
        return list(related.order_by("-registered_at", "pk")[:MOST_FOUND])

    def get_page_title(self) -> str:
        return _("La misma persona")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        back = reverse("register:candidacy", args=[self.candidacy.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("register:index"), "label": _("Candidaturas")},
            {"url": back, "label": str(self.candidacy.name)},
            {"url": "", "label": self.get_page_title()},
        ]
