"""The views of the desk. The services know the rules; the views know HTTP."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts import resume
from cms.catalogs.stored_files import stored_file
from cms.moderation import permissions, record, selectors, services
from cms.moderation.errors import (
    AlreadyDecided,
    AlreadyDecidedByYou,
    CandidacyEnded,
    InvalidObservations,
    LaterSubmission,
    NotYourReview,
    SealBroken,
    SubmissionMoved,
)
from cms.moderation.forms import ApprovalForm, DecisionForm, ReturnForm
from cms.moderation.models import Decision, Outcome
from cms.moderation.queue import ReviewerOnly, kept_filters, narrows, waiting, with_filters
from cms.questionnaires.models import Photograph, QuestionnaireState
from cms.questionnaires.selectors import BrokenSeal


class ReviewView(ReviewerOnly, WagtailAdminTemplateMixin, View):
    """A submission: what is published on the left, and what was sent on the right."""

    template_name = "moderation/review.html"
    header_icon = "clipboard-list"
    form_class: type[DecisionForm] = DecisionForm
    http_method_names: tuple[str, ...] = ("get", "head")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kept_filters = kept_filters(request.GET)
        self.open(kwargs["submission_id"])

    def open(self, submission_id: int) -> None:
        """Read a submission and its record. Raises Http404."""
        found = selectors.submission_to_review(submission_id)
        if found is None:
            raise Http404
        self.submission = found
        try:
            self.sections = record.sections(found)
        except BrokenSeal:
            self.sections = []
        self.newest = selectors.newest_of(found)

    def may_enter(self) -> bool:
        """Whether this account reviews this kind of questionnaire."""
        return permissions.may_review(self.request.user, self.submission.questionnaire)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        came_back = resume.typed_into(request)
        if came_back is None:
            return self.screen(self.form(initial={"seal": self.submission.seal}))
        if why := self.why_closed():
            return self.refused(self.form(came_back.posted), why)
        return self.screen(self.carrying(came_back.posted))

    def form(self, *args: Any, **kwargs: Any) -> Any:
        questions = [
            answer.question
            for section in self.sections
            for answer in section.answers
            if answer.sent
        ]
        return self.form_class(*args, questions=questions, **kwargs)

    def carrying(self, posted: Mapping[str, str]) -> Any:
        """The form of this submission, not validated, with what was written on another page."""
        written = {name: value for name, value in posted.items() if "-" in name}
        return self.form(initial={**written, "seal": self.submission.seal})

    def refused(self, form: DecisionForm, why: str) -> HttpResponse:
        """Answer a decision that was not taken: show what can be decided now and keep the texts.

        The form of the newest submission shows what was written about the same answers. What has
        no place in it is shown as text, to be copied.
        """
        written = form.observed
        is_page_of_it = self.submission.seal == form.data.get("seal")
        if self.newest.pk != self.submission.pk:
            self.open(self.newest.pk)
        if is_page_of_it and not written:
            messages.warning(self.request, why)
            return redirect(self.address("review", self.submission.pk))
        again = self.carrying(form.data)
        is_open = not self.why_closed()
        homeless = [
            verdict
            for verdict in written
            if not is_open or verdict.question.key not in again.verdicts
        ]
        return self.screen(again, status=409, refusal=form.refusal, why=why, homeless=homeless)

    def screen(self, form: DecisionForm, status: int = 200, **context: Any) -> HttpResponse:
        context = self.get_context_data(
            submission=self.submission,
            candidacy=self.submission.questionnaire.candidacy,
            kind_name=self.kind_name(),
            sections=self.sections,
            form=form,
            obstacle=self.obstacle(),
            newest=self.newest,
            is_open=not self.why_closed(),
            media=form.media,
            queue_filters=with_filters("", self.kept_filters),
            queue_address=self.address("queue"),
            next_address=self.address("next"),
            **context,
        )
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def kind_name(self) -> str:
        """The name of the kind; empty for accounts that review a single kind."""
        if len(permissions.reviewed_kinds(self.reviewer)) < 2:
            return ""
        return str(self.submission.questionnaire.get_kind_display())

    def obstacle(self) -> str:
        """Why this account cannot decide this submission now, in Spanish; empty if it can."""
        if not self.sections:
            return str(SealBroken.explanation)
        try:
            permissions.require_review(self.reviewer, self.submission)
        except NotYourReview as refusal:
            return str(refusal.explanation)
        is_decided = hasattr(self.submission, "decision")
        if selectors.has_ended(self.submission) and not is_decided:
            return str(CandidacyEnded.explanation)
        if self.submission.questionnaire.state != QuestionnaireState.SUBMITTED or is_decided:
            return _("Este envío ya no está en revisión: solo se puede leer.")
        return ""

    def why_closed(self) -> str:
        """Why a decision that was just sent cannot be taken, in Spanish; empty if it can."""
        if self.newest.pk != self.submission.pk:
            return str(LaterSubmission.explanation)
        decision = getattr(self.submission, "decision", None)
        if decision is not None:
            is_own = decision.decided_by_id == self.reviewer.pk
            return str((AlreadyDecidedByYou if is_own else AlreadyDecided).explanation)
        return self.obstacle()

    def address(self, name: str, *args: Any) -> str:
        """An address of the desk with the filters of the queue from which this page was opened."""
        return with_filters(reverse(f"moderation:{name}", args=args), self.kept_filters)

    def get_page_title(self) -> str:
        return str(self.submission.questionnaire.candidacy.name)

    def get_page_subtitle(self) -> str:
        return _("Envío %(number)s") % {"number": self.submission.number}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.address("queue"), "label": _("Revisión")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]


class DecideView(ReviewView):
    """What approving and returning share: the form, and the answer when it cannot be decided."""

    http_method_names = ("get", "head", "post")
    outcome: Outcome

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the record: the address of a form may be opened again after an error."""
        return redirect(self.address("review", self.submission.pk))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if self.is_done_already(form):
            return redirect(self.address("next"))
        if why := self.why_closed():
            return self.refused(form, why)
        if not form.is_valid():
            return self.screen(form, status=422, refusal=form.refusal)
        try:
            self.decide(form)
        except (SubmissionMoved, NotYourReview) as moved:
            self.open(self.submission.pk)
            return self.refused(form, str(moved.explanation))
        except InvalidObservations as wrong:
            form.add_error(None, wrong.explanation)
            return self.screen(form, status=422, refusal=form.refusal)
        resume.let_go(request)
        return redirect(self.address("next"))

    def is_done_already(self, form: Any) -> bool:
        """Whether the button was pressed twice: this account has already taken this decision."""
        decision = getattr(self.submission, "decision", None)
        return (
            decision is not None
            and decision.decided_by_id == self.reviewer.pk
            and decision.outcome == self.outcome
            and self.says_the_same(form, decision)
        )

    def says_the_same(self, form: Any, decision: Decision) -> bool:
        """Whether the form says nothing that the stored decision does not."""
        return not form.observed

    def decide(self, form: Any) -> None:
        raise NotImplementedError


class ApproveView(DecideView):
    """«Aprobar y publicar»."""

    form_class = ApprovalForm
    outcome = Outcome.APPROVED

    def decide(self, form: ApprovalForm) -> None:
        published = services.approve_submission(
            submission_id=self.submission.pk,
            seal=form.cleaned_data["seal"],
            validator=self.reviewer,
        )
        name = self.submission.questionnaire.candidacy.name
        if published is None:
            said = _("Quedó validado el envío de %(name)s. Se publicará al terminar la veda.")
        else:
            said = _("Se publicó el envío de %(name)s.")
        messages.success(self.request, said % {"name": name})


class ReturnView(DecideView):
    """«Devolver con N observaciones»."""

    form_class = ReturnForm
    outcome = Outcome.RETURNED

    def says_the_same(self, form: ReturnForm, decision: Decision) -> bool:
        known = set(decision.observations.values_list("question", "reason", "text", "passage"))
        sent = (
            {astuple(observation) for observation in form.observations()}
            if form.is_valid()
            else None
        )
        return known == sent

    def decide(self, form: ReturnForm) -> None:
        services.return_submission(
            submission_id=self.submission.pk,
            seal=form.cleaned_data["seal"],
            validator=self.reviewer,
            observations=form.observations(),
        )
        said = _("Se devolvió el envío de %(name)s con sus observaciones.")
        name = self.submission.questionnaire.candidacy.name
        messages.success(self.request, said % {"name": name})


class NextView(ReviewerOnly, View):
    """Redirect to the oldest submission that waits among those filtered, or else to the queue."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        kept = kept_filters(request.GET)
        following = selectors.next_pending(for_user=self.reviewer, among=waiting(kept, request))
        if following is not None:
            address = reverse("moderation:review", args=[following.pk])
            return redirect(with_filters(address, kept))
        if narrows(kept):
            messages.success(request, _("No queda ningún envío por revisar con estos filtros."))
        else:
            messages.success(request, _("No queda ningún envío por revisar."))
        return redirect(with_filters(reverse("moderation:queue"), kept))


class PhotographView(ReviewerOnly, View):
    """A photograph that is not public yet, for those who review it. No cache keeps it."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, photograph_id: Any) -> HttpResponseBase:
        found = Photograph.objects.select_related("questionnaire").filter(pk=photograph_id).first()
        if found is None:
            raise Http404
        if not permissions.may_review(request.user, found.questionnaire):
            raise PermissionDenied
        response = stored_file(storages["photographs"], f"{photograph_id}.jpg")
        response["Cache-Control"] = "private, no-store"
        return response
