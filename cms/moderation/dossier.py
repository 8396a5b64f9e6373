"""One candidacy in the admin: its register, its questionnaires, and what was decided."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import PageLogEntry

from cms.candidacies import people, terms
from cms.candidacies.ending import may_change_register
from cms.candidacies.models import CandidacyPage
from cms.candidacies.terms.reopening import MAY_REOPEN
from cms.catalogs.listing import moment_in
from cms.catalogs.models import CandidacyState
from cms.catalogs.time_zones import zone_of
from cms.moderation.permissions import reviewed_kinds
from cms.moderation.register import (
    RegisterOnly,
    asked_questionnaires,
    position_of,
    readable_by,
    sight_of,
    state_of,
)
from cms.questionnaires import kinds
from cms.questionnaires.models import Submission

MOST_ENTRIES = 50


@dataclass(frozen=True)
class Standing:
    """A questionnaire of a candidacy: its name, its state, and what was sent, the newest first.

    Attributes:
        may_open: whether the account reviews it, and so reads its records at the desk.
    """

    name: str
    state: str
    sent: list[Submission]
    may_open: bool


def candidacy_of(user: Any, candidacy_id: int) -> CandidacyPage:
    """A candidacy that the account may know of (two queries). Raises Http404."""
    found = (
        readable_by(user)
        .select_related(
            "process", "office", "territory", "actor", "responsible_actor", "superseded_by"
        )
        .prefetch_related("questionnaires")
        .filter(pk=candidacy_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def standings(candidacy: CandidacyPage, user: Any) -> list[Standing]:
    """Where each questionnaire of a candidacy stands (two queries)."""
    asked = asked_questionnaires([candidacy.process_id])
    sent = list(
        Submission.objects.filter(questionnaire__candidacy=candidacy)
        .select_related("questionnaire", "decision")
        .defer("sealed_bytes")
        .order_by("-number")
    )
    reviewed = reviewed_kinds(user)
    return [
        Standing(
            name=capfirst(str(kind.name)),
            state=state_of(candidacy, kind, asked),
            sent=[one for one in sent if one.questionnaire.kind == kind.key],
            may_open=kind in reviewed,
        )
        for kind in kinds.kinds()
    ]


def history(candidacy: CandidacyPage) -> list[PageLogEntry]:
    """What was logged about a candidacy and its questionnaires, the newest first (one query)."""
    pages = [dossier.page_id for dossier in candidacy.questionnaires.all() if dossier.page_id]
    entries = PageLogEntry.objects.filter(page__in=[candidacy.pk, *pages])
    return list(entries.select_related("user").order_by("-timestamp", "-pk")[:MOST_ENTRIES])


@dataclass(frozen=True)
class TermsShown:
    """The term of a candidacy, what reopened it and until when, and whether the account may."""

    term: terms.Term | None
    is_over: bool
    reopenings: list[tuple[terms.Reopening, str]]
    may_reopen: bool


def terms_shown(candidacy: CandidacyPage, user: Any) -> TermsShown:
    """What the record says of the terms of a candidacy (two queries)."""
    term = terms.term_of(candidacy)
    is_active = candidacy.state == CandidacyState.ACTIVE
    return TermsShown(
        term=term,
        is_over=term is not None and term.is_over(timezone.now()),
        reopenings=[
            (one, moment_in(one.until, zone_of(candidacy.territory.cvegeo)))
            for one in candidacy.reopenings.all()
        ],
        may_reopen=term is not None and is_active and user.has_perm(MAY_REOPEN),
    )


def actions(candidacy: CandidacyPage, user: Any) -> list[tuple[str, str]]:
    """(label, address) of what the account may do now with the register of a candidacy."""
    if not may_change_register(user):
        return []
    is_active = candidacy.state == CandidacyState.ACTIVE
    is_replaced = candidacy.superseded_by_id is not None
    offered = (
        ("end", _("Dar de baja"), is_active),
        ("replace", _("Sustituir"), not is_replaced),
        ("slate", _("Retirar la planilla"), is_active),
        ("reinstate", _("Dejar sin efecto la baja"), not is_active and not is_replaced),
        ("correct", _("Corregir datos"), True),
    )
    return [
        (label, reverse(f"register:{name}", args=[candidacy.pk]))
        for name, label, is_offered in offered
        if is_offered
    ]


class CandidacyView(RegisterOnly, WagtailAdminTemplateMixin, View):
    """A candidacy, for whoever may know of it."""

    template_name = "moderation/candidacy.html"
    header_icon = "user"
    http_method_names = ("get", "head")
    _show_breadcrumbs = True
    candidacy: CandidacyPage

    def get(self, request: HttpRequest, candidacy_id: int) -> HttpResponse:
        self.candidacy = candidacy_of(request.user, candidacy_id)
        context = self.get_context_data(
            candidacy=self.candidacy,
            position=position_of(self.candidacy),
            sight=sight_of(self.candidacy),
            standings=standings(self.candidacy, request.user),
            history=history(self.candidacy),
            terms=terms_shown(self.candidacy, request.user),
            actions=actions(self.candidacy, request.user),
            predecessors=list(self.candidacy.supersedes.order_by("pk")),
            status_changes=list(self.candidacy.status_changes.select_related("successor")),
            corrections=list(self.candidacy.corrections.all()),
            may_link=people.may_link(request.user),
            same_person=people.others_of(self.candidacy, readable_by(request.user)),
        )
        return self.render_to_response(context)  # type: ignore[no-any-return]

    def get_page_title(self) -> str:
        return str(self.candidacy.name)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("register:index"), "label": _("Candidaturas")},
            {"url": "", "label": self.get_page_title()},
        ]
