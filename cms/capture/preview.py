"""How a draft of a version is captured and read, before it is in force. Nothing is ever stored.

The forms and the page are those of candidates and of the public, about a person who does not exist.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cms.candidacies.models import CandidacyPage
from cms.capture import forms, steps
from cms.capture.addresses import Addresses
from cms.capture.selectors import Asked, Capture
from cms.catalogs.models import (
    CandidacyState,
    Office,
    PoliticalActor,
    SeatKind,
    Territory,
    TerritoryKind,
)
from cms.portal import frames, heads, profile
from cms.published.models import PublishedCandidacy
from cms.questionnaires.answers import normalise, problems, public_answers, public_contacts
from cms.questionnaires.definitions import Definition, Section
from cms.questionnaires.kinds import Kind, kind
from cms.questionnaires.models import DefinitionDraft, QuestionnaireDefinition
from cms.questionnaires.selectors import InHand, InUse
from cms.questionnaires.versions import permissions
from cms.questionnaires.versions.samples import sample_answers
from cms.questionnaires.versions.selectors import definition_of, prospect_of
from search.inside import FoundInside

NAME = "Persona de Ejemplo"
_AN_OFFICE = Office(name="Cargo de ejemplo", target="al cargo de ejemplo")


@dataclass(frozen=True)
class PreviewAddresses(Addresses):
    """The addresses of the steps of a preview, in which nothing is stored."""

    draft_id: int = 0

    @property
    def review(self) -> str:
        return reverse("version_preview:reading", args=[self.draft_id])

    def section(self, key: str) -> str:
        return reverse("version_preview:section", args=[self.draft_id, key])

    def autosave(self, key: str) -> str:
        return ""


@dataclass(frozen=True)
class _Preview(Capture):
    """What a step shows of a draft of a version."""

    draft_id: int = 0

    @property
    def addresses(self) -> PreviewAddresses:
        return PreviewAddresses(0, self.kind, self.draft_id)


def _opened(request: HttpRequest, draft_id: int) -> tuple[DefinitionDraft, Definition]:
    """The draft and what it asks. Raises PermissionDenied, Http404."""
    if not request.user.has_perm(permissions.SEES):
        raise PermissionDenied
    draft = DefinitionDraft.objects.select_related("process").filter(pk=draft_id).first()
    definition = definition_of(draft) if draft is not None else None
    if draft is None or definition is None:
        raise Http404
    return draft, definition


def _capture(draft: DefinitionDraft, definition: Definition, answers: dict[str, Any]) -> _Preview:
    """A dossier of nobody, for the steps of the form."""
    process = draft.process
    person = CandidacyPage(pk=0, name=NAME, process=process, state=CandidacyState.ACTIVE)
    asked_kind: Kind = kind(draft.kind)
    stored = QuestionnaireDefinition(kind=draft.kind, version=definition.version)
    in_use = InUse(stored, definition, definition.counting_rule)
    hand = InHand(draft=None, answers=answers, version=0)
    return _Preview(Asked(person, asked_kind, in_use), None, hand, draft_id=draft.pk)


@require_GET
def form(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """The first step."""
    draft, definition = _opened(request, draft_id)
    return redirect("version_preview:section", draft.pk, definition.sections[0].key)


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, draft_id: int, key: str) -> HttpResponseBase:
    """A step as candidates will see it. What is sent is judged, shown again, and forgotten."""
    draft, definition = _opened(request, draft_id)
    try:
        current = definition.section(key)
    except KeyError:
        raise Http404 from None
    typed = forms.read_answers(current.questions, request.POST) if request.method == "POST" else {}
    capture = _capture(draft, definition, typed)
    found = _problems(current, definition, typed) if request.method == "POST" else []
    if request.method == "POST" and not found:
        following = steps.after(capture, key)
        address = capture.addresses
        return redirect(address.section(following.key) if following else address.review)
    context = {
        "preview": True,
        "draft": draft,
        "changes": prospect_of(draft).changes,
        "capture": capture,
        "candidacy": capture.candidacy,
        "section": current,
        "fields": forms.fields(current, typed, capture=capture, problems=found),
        "problems": found,
        "steps": steps.of(capture, key),
        "previous": reverse("version_drafts:draft", args=[draft.pk]),
    }
    status = 422 if found else 200
    return _kept_by_nobody(render(request, "capture/section.html", context, status=status))


def _problems(current: Section, definition: Definition, typed: dict[str, Any]) -> list[Any]:
    """What a candidate would have to mend in a step; a photograph is not asked for here."""
    wanted = {question.key for question in current.questions if not question.is_photograph}
    answers = normalise(definition, {**sample_answers(definition, photograph=""), **typed})
    return [one for one in problems(definition, answers) if one.question in wanted]


@require_GET
def reading(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """The public page with answers that are made up."""
    draft, definition = _opened(request, draft_id)
    row = _row(draft, definition)
    context = {
        "draft_address": reverse("version_drafts:draft", args=[draft.pk]),
        "changes": prospect_of(draft).changes,
        "row": row,
        "facts": profile.facts(row),
        "chapters": profile.chapters(row),
        "inside": FoundInside(),
        "found_inside": [],
        "contacts": profile.contact_lines(row),
        "asked": [],
        "publication_ended": False,
        "siblings": [],
        "similar": [],
        "partner": None,
        "successor": None,
        "predecessor": None,
    }
    head = replace(heads.of_candidacy(row, ""), is_indexed=False)
    return _kept_by_nobody(frames.page(request, head, "portal/candidacy_preview.html", context))


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _row(draft: DefinitionDraft, definition: Definition) -> PublishedCandidacy:
    """A public row that is not stored: of no process, so that it is missing no answer."""
    window = draft.process.offices.select_related("office").order_by("office").first()
    now, answers = timezone.now(), sample_answers(definition, photograph="")
    row = PublishedCandidacy(
        candidacy_id=0,
        process_id=0,
        office=window.office if window else _AN_OFFICE,
        territory=Territory(name="Lugar de Ejemplo", kind=TerritoryKind.ENTITY, slug="ejemplo"),
        actor=PoliticalActor(name="Actor político de ejemplo", acronym="EJEMPLO"),
        name=NAME,
        slug="ejemplo",
        seat_kind=SeatKind.HOLDER,
        state=CandidacyState.ACTIVE,
        registered_at=now,
        published_at=now,
        updated_at=now,
    )
    row.answers = public_answers(definition, answers)
    row.contacts = public_contacts(definition, answers)
    return row
